"""What the answer page weighs on the wire, with its style sheet, for a browser that takes gzip;
from the real ``serve`` alone."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.values.clock import SystemClock
from tests.bench import product
from tests.bench.row import Row, at_most
from tests.bench.serving import Browser, Page, free_port, served


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Page and style sheet; it is as quick small as large."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 1, now)
        who = product.learner(there)
        product.play(there, who, 1)
        number = product.open_now(there, who)
        made.services.close()
        port = free_port()
        [path] = product.links(there, [who], number, f"http://127.0.0.1:{port}")
        with served(Path(folder), port), Browser(port) as browser:
            page = _good(browser.get(path))
            styles = [
                _good(browser.get(href))
                for href in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
            ]
    whole = page.weight + sum(style.weight for style in styles)
    encoding = page.headers.get("content-encoding", "not compressed")
    note = (
        f"page {page.weight} bytes ({encoding}), {len(styles)} style sheet(s) {whole - page.weight}"
    )
    yield Row("answer page and its style sheet, on the wire", whole / 1024, "KB", at_most(8), note)


def _good(page: Page) -> Page:
    if page.status != 200:
        sys.exit(f"the answer page answers {page.status}: nothing was weighed")
    return page
