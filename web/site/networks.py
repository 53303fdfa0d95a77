"""Where visitors come from: network addresses as sockets and proxies write them, and the network
that one party can be taken to hold."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

LONGEST = 80
"""The number of characters beyond which no text is an address with a port and a zone."""
SHARED_BITS = 64
"""The length of the prefix that one IPv6 customer or network shares (RFC 4291, section 2.5.4): who
has one address of it has 2⁶⁴."""

_WRITTEN = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5}", re.ASCII)


def read_address(text: str) -> Address | None:
    """The address in an entry of ``X-Forwarded-For`` or of a socket, without its port and its zone:
    ``192.0.2.1:4711``, ``[2001:db8::1]:4711``, ``fe80::1%eth0``. None if it is none, such as
    ``unknown`` or ``unix:``. An IPv4 address inside an IPv6 one (RFC 4291, section 2.5.5.2) is
    returned as the former."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if written := _WRITTEN.fullmatch(text):
        text = written[1] or written[2] or ""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network_of(address: str) -> str:
    """The network that visitors from this address are counted by: the address itself for IPv4, its
    /64 for IPv6, and one and the same empty text for all that are no addresses."""
    read = read_address(address)
    if isinstance(read, IPv6Address):
        return str(IPv6Network((read, SHARED_BITS), strict=False))
    return str(read or "")
