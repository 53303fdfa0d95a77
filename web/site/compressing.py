"""Compresses responses: static files once per process, pages as they are sent."""

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
"""The number of bytes below which compression saves no packet."""


def init(app: Flask) -> None:
    """Compresses pages for clients that accept it."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The response in an encoding that the client of this request accepts. Streamed responses are
    left as they are, and so are redirects."""
    if response.location is not None or response.mimetype not in COMPRESSIBLE:
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
    """The static file found at that path, compressed if that is worthwhile."""
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
    """Whether another site chose words that this page repeats next to something secret.

    Somebody who can send a browser here thousands of times, each time with another guess, and watch
    the size of the response, can find out what else is on the page (BREACH: Gluck, Harris, Prado
    2013). Every page repeats its address, and an error page what was requested. So a response to a
    request from another site is compressed only if its address contains nothing chosen by that
    site: either the page was found and its address has no query, or the address contains a token or
    a visit's key, which that site would have to know. Browsers say where a request comes from
    whenever there is TLS to attack (Fetch Metadata); a request without that header is not from a
    browser, or not over TLS.

    Form tokens need no further protection: Flask-WTF signs them anew each second, and the part that
    stays the same is worthless without a signature.
    """
    if request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        return False
    unguessable = "token" in (request.view_args or {}) or KEY in request.environ
    return response.status_code != 200 or (bool(request.query_string) and not unguessable)
