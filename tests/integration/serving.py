"""The real ``serve`` in a process of its own, for tests of what only a real server does, and
requests written byte by byte."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request

from tests.apps import SECRET
from web.site.gate import network_of_visitor

ROOT = Path(__file__).parents[2]
SERVE = "import tests.integration.serving as here; here.main()"

mirror = Blueprint("mirror", __name__)


@mirror.get("/mirror")
def show() -> dict[str, str]:
    """What the app knows of the visitor who asks."""
    return {
        "address": request.remote_addr or "",
        "counted as": network_of_visitor(),
        "scheme": request.scheme,
        "host": request.host,
    }


@mirror.get("/mirror/slow")
def show_slowly() -> dict[str, str]:
    """The same, three seconds later."""
    time.sleep(3)
    return show()


@mirror.post("/mirror")
def weigh() -> str:
    """How many bytes of a body arrived."""
    return str(len(request.get_data()))


def main() -> None:
    """``relecture serve``, with the mirror among its pages."""
    from web.cli import main as relecture
    from web.cli import serve
    from web.site import security

    def run(*args: Any) -> None:
        really(*args, mirror)

    really, serve.run = serve.run, run
    security.CSRF_FREE = {**security.CSRF_FREE, "mirror.weigh": "it changes nothing"}
    relecture()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def served(folder: Path, *options: str, **settings: str) -> Iterator[int]:
    """``serve`` on a database in that folder; yields its port."""
    with started(folder, *options, **settings) as (_process, said):
        found = re.search(r"http://\S+:(\d+)", said)
        assert found, (said, (folder / "serve.log").read_text())
        yield int(found[1])


@contextmanager
def started(
    folder: Path, *options: str, command: str = "serve", umask: int = -1, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``serve``, or another command, on any free port, and the first line that it says."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RELECTURE_")},
        "PYTHONPATH": str(ROOT),
        "RELECTURE_SECRET_KEY": SECRET,
        **{f"RELECTURE_{name.upper()}": value for name, value in settings.items()},
    }
    with (folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, command, "--port", "0", *options],
            env=env,
            cwd=folder,
            umask=umask,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.terminate()
            process.wait(60)
            process.stdout.close()


def ask(
    port: int, path: str, *headers: str, source: str = "127.0.0.1", timeout: float = 60
) -> tuple[int, str]:
    """The status and the body of what is answered to a GET with exactly these headers."""
    lines = (f"GET {path} HTTP/1.1", "Connection: close", *headers, "", "")
    with socket.create_connection(("127.0.0.1", port), timeout, (source, 0)) as line:
        line.sendall("\r\n".join(lines).encode("latin-1"))
        with line.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode("utf-8", "replace")


def seen(port: int, *headers: str) -> dict[str, str]:
    """What the app knows of a visitor who sends these headers."""
    named = any(header.lower().startswith("host:") for header in headers)
    status, body = ask(port, "/mirror", *(() if named else ("Host: here.example",)), *headers)
    assert status == 200, body
    known: dict[str, str] = json.loads(body)
    return known


def wish(port: int, address: str, email: str) -> int:
    """The status of a wish for a sign-in link, made from an address behind the proxy."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/sign-in", headers={"X-Forwarded-For": address})
    page = line.getresponse()
    [token] = set(re.findall(r'name="csrf_token" value="([^"]+)"', page.read().decode()))
    cookie = SimpleCookie(page.headers["Set-Cookie"])["relecture"].value
    line.request(
        "POST",
        "/sign-in/mail",
        urlencode({"csrf_token": token, "email": email}),
        {
            "X-Forwarded-For": address,
            "Cookie": f"relecture={cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    with line.getresponse() as answer:
        answer.read()
        line.close()
        return answer.status
