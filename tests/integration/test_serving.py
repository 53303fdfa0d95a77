"""What one party can take of the real ``serve``: never what another needs."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.integration.serving import ask, served
from web.cli.connections import HEADER_BYTES, MOST, MOST_FROM_ONE

HALF = b"GET /sign-in HTTP/1.1\r\nHost: here.example\r\nX-Half: "
QUICK = 5.0
"""Seconds; it took two minutes where half-sent requests could keep others out."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("serving")) as port:
        yield port


@contextmanager
def half_sent(port: int, sources: list[str], data: bytes = HALF) -> Iterator[list[socket.socket]]:
    """A request from each of these addresses that is never sent to its end."""
    with ExitStack() as ending:
        lines = []
        for source in sources:
            line = socket.create_connection(("127.0.0.1", port), QUICK, (source, 0))
            lines.append(ending.enter_context(line))
            line.sendall(data)
        yield lines


def answered(port: int, source: str) -> bool:
    status, _ = ask(port, "/sign-in", "Host: here.example", source=source, timeout=QUICK)
    return status == 200


def open_among(lines: list[socket.socket]) -> int:
    """How many of these connections the server has not closed."""
    time.sleep(0.5)
    return sum(map(_is_open, lines))


def _is_open(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def test_half_sent_requests_of_one_address_keep_nobody_out(port: int) -> None:
    with half_sent(port, ["127.0.0.1"] * 130) as lines:
        assert answered(port, "127.0.0.2")
        assert answered(port, "127.0.0.1")
        assert open_among(lines) <= MOST_FROM_ONE


def test_requests_that_drip_keep_nobody_out_who_takes_a_moment_to_ask(port: int) -> None:
    """A dripping connection is never idle: it gives way because it has waited the longest."""
    with half_sent(port, ["127.0.0.1"] * MOST_FROM_ONE) as lines, ExitStack() as ending:
        visitor = ending.enter_context(socket.create_connection(("127.0.0.1", port), QUICK))
        for _ in range(6):
            time.sleep(0.05)
            for line in lines:
                with suppress(OSError):
                    line.sendall(b"x")
            ending.enter_context(half_sent(port, ["127.0.0.1"] * 10))
        visitor.sendall(b"GET /sign-in HTTP/1.1\r\nHost: here.example\r\n\r\n")
        assert visitor.recv(12) == b"HTTP/1.1 200"


def test_half_sent_bodies_keep_nobody_out(port: int) -> None:
    posted = b"POST /sign-in HTTP/1.1\r\nHost: here.example\r\nContent-Length: 9000\r\n\r\nemail=x"
    with half_sent(port, ["127.0.0.1"] * 130, posted):
        assert answered(port, "127.0.0.2")
        assert answered(port, "127.0.0.1")


def test_half_sent_requests_of_a_thousand_addresses_keep_nobody_out(port: int) -> None:
    crowd = [f"127.0.{n // 200 + 1}.{n % 200 + 1}" for n in range(1000)]
    with half_sent(port, crowd) as lines:
        assert answered(port, "127.0.0.2")
        assert open_among(lines[-100:]) >= 99
        assert open_among(lines) <= MOST


def test_a_request_in_progress_never_gives_way(port: int) -> None:
    answers: list[int] = []
    slow = Thread(target=lambda: answers.append(ask(port, "/mirror/slow", "Host: here.example")[0]))
    slow.start()
    time.sleep(0.5)
    with half_sent(port, ["127.0.0.1"] * 300):
        slow.join()
    assert answers == [200]


def test_a_proxy_may_have_more_connections_than_one_visitor(tmp_path: Path) -> None:
    with (
        served(tmp_path, trusted_proxies="1") as port,
        half_sent(port, ["127.0.0.1"] * (MOST_FROM_ONE + 30)) as lines,
    ):
        assert answered(port, "127.0.0.1")
        assert open_among(lines) == len(lines)


@pytest.mark.parametrize("line", ["Cookie: a=", "Accept-Language: fr,", "X-Forwarded-For: "])
def test_headers_are_as_long_as_a_launch_needs_and_no_longer(port: int, line: str) -> None:
    rest = len("GET /sign-in HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n\r\n") + len(line)
    longest = HEADER_BYTES - 1 - rest
    assert ask(port, "/sign-in", "Host: a", line + "x" * longest)[0] == 200
    assert ask(port, "/sign-in", "Host: a", line + "x" * (longest + 1))[0] == 431


def test_of_a_body_that_is_too_long_nothing_is_kept_and_its_sender_reads_why(port: int) -> None:
    for lengths in ("Content-Length: 20000000", "Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            line.sendall(
                "\r\n".join(
                    (
                        "POST /sign-in HTTP/1.1",
                        "Host: here.example",
                        "Connection: close",
                        "Accept-Language: fr",
                        "Content-Type: application/x-www-form-urlencoded",
                        lengths,
                        "\r\n",
                    )
                ).encode()
            )
            data = b"email=" + b"x" * 19_999_994
            if "chunked" in lengths:
                data = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data)
            line.sendall(data)
            answer = line.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 413") and "trop long" in answer.decode()


def test_a_body_of_the_longest_that_is_taken_arrives_whole(port: int) -> None:
    for length in (0, 1, 8000, 9000, 256 * 1024):
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            line.sendall(
                f"POST /mirror HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                f"Content-Length: {length}\r\n\r\n".encode()
            )
            line.sendall(b"x" * length)
            answer = line.makefile("rb").read()
        assert re.search(rb"\r\n\r\n(\d+)$", answer), answer
        assert answer.endswith(b"\r\n\r\n%d" % length)
