"""The real ``serve`` in a process of its own, and browsers that keep their connection and their
cookies."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from urllib.parse import urlencode

from tests.apps import PASSWORD, SECRET

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def served(folder: Path, port: int, **more: str) -> Iterator[None]:
    """``relecture serve`` on the database of that folder, once it answers."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RELECTURE_")},
        "PYTHONPATH": str(ROOT),
        "RELECTURE_BASE_URL": f"http://127.0.0.1:{port}",
        "RELECTURE_DATABASE_URL": f"sqlite:///{folder / 'test.db'}",
        "RELECTURE_SECRET_KEY": SECRET,
        "RELECTURE_LOG_LEVEL": "ERROR",
        **more,
    }
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from web.cli import main; main()",
                "serve",
                "--port",
                str(port),
            ],
            env=env,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(process, port, folder / "serve.log")
            yield
        finally:
            process.terminate()
            process.wait(120)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"serve ended: {log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("serve does not answer")


@dataclass(frozen=True)
class Page:
    """What came back. ``weight``: bytes of the body on the wire."""

    status: int
    headers: Mapping[str, str]
    text: str
    weight: int
    seconds: float


@dataclass
class Browser:
    """One connection, its cookies, and the CSRF token of the page seen last."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, path: str, **more: str) -> Page:
        """Look at a page; ``more`` are headers."""
        return self._ask("GET", path, more=more)

    def post(self, path: str, data: Mapping[str, str]) -> Page:
        """Send a form from the page seen last."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **data}))

    def sign_in(self, email: str) -> None:
        """With the tests' password. Ends the run when it is refused."""
        self.get("/sign-in")
        if self.post("/sign-in", {"email": email, "password": PASSWORD}).status != 303:
            sys.exit(f"{email} cannot sign in: nothing was measured")

    def close(self) -> None:
        """Leave."""
        self._line.close()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(
        self, method: str, path: str, body: str | None = None, more: Mapping[str, str] | None = None
    ) -> Page:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "fr", **(more or {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = perf_counter()
        self._line.request(method, path, body, headers)
        with self._line.getresponse() as answer:
            raw = answer.read()
            taken = perf_counter() - start
            for said in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = said.partition(";")[0].partition("=")
                self.cookies[name] = value
            told = {name.lower(): value for name, value in answer.headers.items()}
            plain = gzip.decompress(raw) if told.get("content-encoding") == "gzip" else raw
            text = plain.decode("utf-8", "replace")
            if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
                self.token = found[1]
            return Page(answer.status, told, text, len(raw), taken)


@contextmanager
def looking(browser: Browser, paths: Sequence[str], pause: float = 0.05) -> Iterator[list[float]]:
    """Somebody who turns pages meanwhile; the seconds of each."""
    taken: list[float] = []
    done = Event()

    def turn() -> None:
        n = 0
        while not done.is_set():
            page = browser.get(paths[n % len(paths)])
            if page.status != 200:
                raise AssertionError(f"{paths[n % len(paths)]} answers {page.status}")
            taken.append(page.seconds)
            n += 1
            time.sleep(pause)

    thread = Thread(target=turn)
    thread.start()
    try:
        yield taken
    finally:
        done.set()
        thread.join()
