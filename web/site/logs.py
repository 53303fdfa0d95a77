"""Logs: JSON lines, or readable ones on a terminal. No path, address or token of a person is ever
logged."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request

_TOKEN = re.compile(
    r"[\w-]{12,}\.[\w-]{20,}(\.[\w-]+)*|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|[^\s@'\"<>]+@[^\s@'\"<>]+\.\w+"
)

_OF_A_ROW = re.compile(
    r"\n(?:DETAIL|CONTEXT):.*?(?=\n\[SQL: |\n\nThe above exception |\n\nDuring handling |\Z)",
    re.DOTALL,
)
"""What PostgreSQL quotes of the row that it refused; the lines that may follow are SQLAlchemy's or
a traceback's."""


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redacts signed tokens, passwords in addresses, e-mail addresses and the rows that a database
    quotes, wherever they occur."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _TOKEN.sub("…", _OF_A_ROW.sub("\n…", value))
    return event


class Lossy:
    """A stream that loses what cannot be written, for instance because the disk is full: pages are
    answered whether or not there is a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Writes the text, or loses it."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Passes on what was written, or loses it."""
        with suppress(OSError):
            self._stream.flush()


def configure(level: str) -> None:
    """Sends structlog to standard error. The scheduler logs only failures: that a slow tick is not
    overtaken by the next one is intended."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    terminal = sys.stderr.isatty()
    stream: Any = Lossy(sys.stderr)
    last: Any = (
        structlog.dev.ConsoleRenderer()
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )


def follow_requests(app: Flask) -> None:
    """Logs one line per request: the route's pattern (never the path, which may contain a token),
    status, milliseconds."""
    log = structlog.get_logger("web")
    app.logger.disabled = (
        True  # it would log the path of a failed request; web.site.errors logs bugs without it
    )

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def line(response: Response) -> Response:
        if request.endpoint != "static":
            milliseconds = round(
                (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
            )
            route = str(request.url_rule) if request.url_rule else "-"
            log.info(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=milliseconds,
            )
        return response
