"""Small questions about web addresses: their host, their origin, the same address with more in
its query."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, unquote_plus, urlencode, urlsplit, urlunsplit

HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
"""A host as it stands in a header: a name (others than ASCII ones in their ``xn--`` form) or an
address, nothing else."""
KNOWN = 1024
"""How many addresses are not taken apart again: each launch names the same ones."""


@lru_cache(maxsize=KNOWN)
def host_of(url: str) -> str:
    """The host of an address, in lower case, without port; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=KNOWN)
def origin_of(url: str) -> str:
    """Scheme, host and port of an address, in lower case: what a browser calls its origin (RFC
    6454). Empty when it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or not HOST.fullmatch(host) or parts.scheme not in ("https", "http"):
        return ""
    host = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    return (
        f"{parts.scheme}://{host}" if port in (None, usual) else f"{parts.scheme}://{host}:{port}"
    )


def authority_of(url: str) -> str:
    """Host and port of an address, the port only where it is not the usual one."""
    return origin_of(url).partition("://")[2]


def is_web_address(url: str) -> bool:
    """Whether this is a full http or https address with a host."""
    return bool(origin_of(url))


def same_address(one: str, other: str) -> bool:
    """Whether these are one address, however each is percent-encoded (RFC 3986 section 6.2.2)."""
    try:
        return one == other or _decoded(one) == _decoded(other)
    except ValueError:
        return False


def _decoded(url: str) -> tuple[str, list[str], list[tuple[str, str]], str]:
    """Origin, segments of the path, query and fragment; so a ``%2F`` is not taken for a slash."""
    parts = urlsplit(url)
    path = [unquote(segment) for segment in parts.path.split("/")]
    return origin_of(url), path, parse_qsl(parts.query, keep_blank_values=True), parts.fragment


def with_query(url: str, **added: str | None) -> str:
    """``url`` with these parameters in its query; what stood there stays letter by letter, as
    platforms keep their own there.

    A parameter of ours replaces one of the same name; None adds nothing.
    """
    ours = {name: value for name, value in added.items() if value is not None}
    if not ours:
        return url
    parts = urlsplit(url)
    kept = [
        piece
        for piece in parts.query.split("&")
        if piece and unquote_plus(piece.partition("=")[0]) not in ours
    ]
    return urlunsplit(parts._replace(query="&".join([*kept, urlencode(ours)])))
