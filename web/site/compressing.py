"""Compressing what goes over the wire: static files once a process, pages as they leave."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from web.site.sessions import KEY

COMPRESSIBLE = frozenset(
    ("text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml", "application/json")
)
LEAST = 500
"""Bytes below which a packet is a packet."""


def init(app: Flask) -> None:
    """Compress pages for clients that take it."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """A page as the client of this request takes it. What is written while it is sent goes as it
    is."""
    if response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    if (
        not response.is_streamed
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and len(response.get_data()) >= LEAST
        and _accepted()
        and not _led_by_others(response)
    ):
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def static_file(plain: Response, path: Path) -> Response:
    """The static file that was found there, compressed where that is worth it."""
    whole = plain.status_code == 200 and plain.mimetype in COMPRESSIBLE
    if not whole or not _accepted() or path.stat().st_size < LEAST:
        return plain
    response = Response(_compressed(path, path.stat().st_mtime_ns), mimetype=plain.mimetype)
    response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{plain.get_etag()[0]}-gzip")
    response.last_modified = plain.last_modified
    plain.close()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=64)
def _compressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _accepted() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _led_by_others(response: Response) -> bool:
    """Whether another site chose words that this page repeats beside what is secret.

    Who can send a browser here thousands of times, each with another guess, and watch the size of
    what comes back, learns what else is on the page (BREACH: Gluck, Harris, Prado 2013). Every page
    repeats its address, and an error what was asked for. So what another site led to is compressed
    only when its address has nothing of that site's own: found, without a query; or under a token
    or a visit's key, which that site would have to know. Browsers tell whenever TLS is there to be
    broken (Fetch Metadata); without that header it is no browser, or one that sends it over TLS.

    Form tokens need no more than that: Flask-WTF signs them anew each second, and what stays the
    same of them is worth nothing without a signature.
    """
    if request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        return False
    unguessable = "token" in (request.view_args or {}) or KEY in request.environ
    return response.status_code != 200 or (bool(request.query_string) and not unguessable)
