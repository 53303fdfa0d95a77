"""Which network addresses a platform may send us to: public ones, and the networks that the
administrator allowed."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAT64 = IPv6Network("64:ff9b::/96")
REFUSED: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); some clouds serve metadata there
            "168.63.129.16/32",  # a cloud's host agent on an address that looks public
            "192.0.0.0/24",  # protocol assignments (RFC 6890); metadata of one cloud
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "::/96",  # IPv4-compatible (RFC 4291, deprecated)
            "64:ff9b:1::/48",  # local-use translation (RFC 8215)
            "2001::/23",  # protocol assignments, Teredo among them (RFC 2928, 4380)
            "2002::/16",  # 6to4 (RFC 3056): an IPv4 address in disguise
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing (RFC 9602)
            "fec0::/10",  # site-local (RFC 3879)
        ),
    )
)
"""Refused although older Pythons call some of them global."""


def is_public(address: Address) -> bool:
    """Whether that address belongs to the open Internet (IANA special-purpose registries, RFC
    6890).

    An IPv4 address inside an IPv6 one (mapped, RFC 4291 section 2.5.5.2; NAT64, RFC 6052) is judged
    as what it is.
    """
    inner = _inner(address)
    return (
        inner.is_global
        and not inner.is_multicast
        and not inner.is_reserved
        and not _in_any(inner, REFUSED)
    )


def is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Whether the administrator named a network that holds this address."""
    return _in_any(_inner(address), networks) or _in_any(address, networks)


def read_networks(text: str) -> tuple[Network, ...]:
    """``"10.0.0.0/8, ::1"`` as networks. Raises ``ValueError`` naming what is no network."""
    return tuple(ip_network(part) for part in text.replace(",", " ").split())


def read_address(text: str) -> Address:
    """An address as the resolver gives it; the zone of a scoped one (``fe80::1%eth0``) is
    dropped."""
    return ip_address(text.partition("%")[0])


def _inner(address: Address) -> Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _in_any(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
