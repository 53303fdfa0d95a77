"""Network addresses: read however they are written, and counted by the network that one party can
be taken to hold."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.site.networks import network_of, read_address


@given(st.ip_addresses(v=4), st.integers(1, 65535))
def test_an_ipv4_address_is_counted_by_itself_whatever_its_port(
    address: IPv4Address, port: int
) -> None:
    mapped = f"::ffff:{address}"
    for written in (f"{address}", f"{address}:{port}", mapped, f"[{mapped}]:{port}"):
        assert network_of(written) == str(address)


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1), st.integers(1, 65535))
def test_all_addresses_of_an_ipv6_network_are_counted_as_one(
    address: IPv6Address, host: int, port: int
) -> None:
    if address.ipv4_mapped:
        return
    neighbour = IPv6Address(int(address) >> 64 << 64 | host)
    assert address in ip_network(network_of(str(address)))
    if not neighbour.ipv4_mapped:
        assert network_of(f"[{neighbour}]:{port}") == network_of(str(address))
    other = IPv6Address(int(address) ^ 1 << 64)
    assert network_of(str(other)) != network_of(str(address))


@given(st.text(max_size=100))
def test_whatever_is_written_is_read_or_counted_with_all_that_is_no_address(text: str) -> None:
    assert (read_address(text) is None) == (network_of(text) == "")


@pytest.mark.parametrize("text", ["", "localhost", "unix:", "1.2.3", "[1.2.3.4", "1.2.3.4:x", ":"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None
