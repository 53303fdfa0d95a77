"""What trusted reverse proxies say of a request: the address of its visitor, and the scheme and
host that the visitor used.

Werkzeug's ``ProxyFix`` takes an address with its port for another visitor at each connection, a
garbled one for another at each request, and ignores a scheme that an inner proxy only passes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.values.addresses import is_host
from web.site.networks import read_address


def forwarded(environ: Mapping[str, Any], count: int) -> dict[str, str]:
    """What to change in the environment of a request that came through ``count`` proxies.

    Each proxy appends the address that it was called from, so the last ``count`` entries of
    ``X-Forwarded-For`` are theirs, and what stands before them is whatever the visitor wrote. Of
    scheme and host, proxies inside a chain usually pass on the one that the first has set. An entry
    that is missing or garbled changes nothing: such visitors are all counted as the last proxy.
    """
    changes = {}
    addresses = _entries(environ, "FOR", count)
    visitor = read_address(addresses[0]) if len(addresses) == count else None
    if visitor is not None:
        changes["REMOTE_ADDR"] = str(visitor)
    schemes, hosts = _entries(environ, "PROTO", count), _entries(environ, "HOST", count)
    if schemes and schemes[0].lower() in ("http", "https"):
        changes["wsgi.url_scheme"] = schemes[0].lower()
    if hosts and _is_host(hosts[0]):
        changes["HTTP_HOST"] = hosts[0]
    return changes


def _entries(environ: Mapping[str, Any], name: str, count: int) -> list[str]:
    """The last ``count`` entries of a list, or fewer if it has fewer."""
    written = str(environ.get(f"HTTP_X_FORWARDED_{name}", ""))
    return [entry.strip(' \t"') for entry in written.rsplit(",", count)[-count:]]


def _is_host(text: str) -> bool:
    """Whether ``text`` is a host with or without a port, as a ``Host`` header has it."""
    try:
        parts = urlsplit(f"//{text}")
        return (
            parts.netloc == text
            and "@" not in text
            and parts.port != 0
            and is_host(parts.hostname or "")
        )
    except ValueError:
        return False
