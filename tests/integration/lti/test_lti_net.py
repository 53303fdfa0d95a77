"""The guarded client against a served host: where it does not go, and which answers it does not
take."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lti.wire.addresses import read_networks
from lti.wire.http import Answer, GuardedHttp
from lti.wire.refusals import FetchRefused
from tests.integration.lti.lms import Lms, Reply, http, rsa

LOOPBACK = read_networks("127.0.0.0/8 ::1")


def code_of(client: GuardedHttp, url: str, **how: object) -> str:
    """The code that a fetch is refused with."""
    with pytest.raises(FetchRefused) as refused:
        client.send("GET", url, **how)
    return refused.value.reason.code


@contextmanager
def drips(greeting: bytes) -> Iterator[str]:
    """A host that says this, then one byte every twentieth of a second, for ever."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(greeting)
                while not over.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


def test_an_answer_is_taken_from_an_allowed_network_whatever_its_content_type(lms: Lms) -> None:
    lms.routes["/x"] = lambda asked: Reply.json(
        {"query": asked.query, "host": asked.headers["host"]}, content_type="text/html"
    )
    assert http().send("GET", lms.url("/x?a=1&b=")).json() == {
        "query": {"a": ["1"]},
        "host": lms.base.removeprefix("http://"),
    }


def test_repeated_header_fields_are_joined(lms: Lms) -> None:
    lms.routes["/x"] = lambda _: Reply(
        b"", headers={"Link": "<a>; rel=next", "LINK": "<b>; rel=differences"}
    )
    assert (
        http().send("GET", lms.url("/x")).headers["link"] == "<a>; rel=next, <b>; rel=differences"
    )


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "fe80::1",
        "fd00:ec2::254",
        "2002:7f00:1::",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.0.192",
    ],
)
def test_an_address_that_is_not_public_is_refused_whatever_name_leads_there(address: str) -> None:
    client = GuardedHttp(resolve=lambda _host, _port: [address])
    assert code_of(client, "https://school.example/jwks") == "fetch-address-refused"


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    client = GuardedHttp(resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"])
    assert code_of(client, "https://school.example/jwks") == "fetch-address-refused"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:7f00:1]"]
)
def test_loopback_in_any_spelling_is_refused(host: str) -> None:
    assert code_of(GuardedHttp(), f"https://{host}/") in (
        "fetch-address-refused",
        "fetch-unreachable",
    )


def test_plain_http_is_refused_outside_allowed_networks() -> None:
    client = GuardedHttp(allowed=LOOPBACK, resolve=lambda _host, _port: ["93.184.216.34"])
    assert code_of(client, "http://school.example/jwks") == "fetch-not-https"


def test_a_name_that_is_resolved_once_cannot_change_its_mind(lms: Lms) -> None:
    """DNS rebinding: the first answer is the one that is connected to."""
    lms.routes["/x"] = lambda asked: Reply.json(asked.headers["host"])
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    client = GuardedHttp(allowed=LOOPBACK, resolve=lambda _host, _port: next(answers))
    port = lms.base.rpartition(":")[2]
    assert client.send("GET", f"http://rebind.example:{port}/x").json() == f"rebind.example:{port}"
    assert code_of(client, f"http://rebind.example:{port}/x") == "fetch-not-https"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_a_redirect_is_refused(lms: Lms, status: int) -> None:
    lms.routes["/x"] = lambda _: Reply(b"", status, {"Location": lms.url("/jwks")})
    assert code_of(http(), lms.url("/x")) == "fetch-redirected"
    assert lms.count("/jwks") == 0


def test_a_huge_answer_is_refused_said_or_not(lms: Lms) -> None:
    lms.routes["/x"] = lambda _: Reply(b"x" * 2000)
    assert code_of(http(max_bytes=1999), lms.url("/x")) == "fetch-too-large"
    assert len(http(max_bytes=2000).send("GET", lms.url("/x")).body) == 2000


@pytest.mark.parametrize(
    "greeting",
    [b"", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["status-line", "headers", "body"],
)
def test_an_answer_that_drips_for_ever_is_cut(greeting: bytes) -> None:
    with drips(greeting) as url:
        assert code_of(http(max_seconds=0.4), url) == "fetch-too-slow"


def test_a_resolver_that_never_answers_is_not_waited_for() -> None:
    over = threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        over.wait()
        return []

    assert (
        code_of(GuardedHttp(max_seconds=0.2, resolve=resolve), "https://school.example/")
        == "fetch-too-slow"
    )
    over.set()


def test_a_short_answer_is_no_answer(lms: Lms) -> None:
    lms.routes["/x"] = lambda _: Reply(b"half", headers={"Content-Length": "8"})
    assert code_of(http(), lms.url("/x")) == "fetch-unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://school.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:pass@school.example/",
        "https://school.example:99999/",
        "https://school.example/a b",
        "https://school.example/a\r\nX: y",
        "https://école.example/",
        "//school.example/",
        "https://[::1",
    ],
)
def test_what_is_no_plain_web_address_is_refused_before_anything_is_resolved(url: str) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise AssertionError("resolved")

    assert code_of(GuardedHttp(resolve=resolve), url) == "fetch-address-malformed"


def test_nothing_there_is_said_so(lms: Lms) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert code_of(http(), f"http://127.0.0.1:{port}/") == "fetch-unreachable"


def test_what_is_no_json_is_refused_when_json_is_asked_for(lms: Lms) -> None:
    lms.routes["/x"] = lambda _: Reply(b"<html>")
    with pytest.raises(FetchRefused, match="fetch-not-json"):
        http().send("GET", lms.url("/x")).json()


@pytest.mark.parametrize(
    "body",
    [
        b'["\\ud800"]',
        b'["\xed\xa0\x80"]',
        b'["\\u0000"]',
        b'["\\\\\\u0000"]',
        b'{"\\u0000": 1}',
        '["\ud800"]'.encode("utf-16", "surrogatepass"),
        b"[" * 100_000,
    ],
)
def test_text_that_could_not_be_kept_is_refused_as_no_json(body: bytes) -> None:
    with pytest.raises(FetchRefused, match="fetch-not-json"):
        Answer(200, {}, body).json()


def test_escapes_of_letters_emoji_and_backslashes_are_read() -> None:
    assert Answer(200, {}, b'["\\u00e9", "\\ud83d\\ude00", "\\\\u0000"]').json() == [
        "é",
        "😀",
        "\\u0000",
    ]


def test_a_reason_never_quotes_what_was_to_be_sent(lms: Lms) -> None:
    with pytest.raises(FetchRefused, match="fetch-unreachable") as refused:
        http().send("GET", lms.url("/x"), headers={"Authorization": "Bearer se\ncret"})
    assert refused.value.reason.why == "ValueError"


def certificate(folder: Path, host: str) -> Path:
    """A self-signed certificate for that host, with its key, in one file."""
    key = rsa("tls").private_key
    assert key is not None
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, SHA256())
    )
    path = folder / "host.pem"
    path.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


@contextmanager
def speaks_tls(pem: Path, seen: list[str | None]) -> Iterator[int]:
    """A host that speaks TLS with that certificate, answers once, and notes which name was asked
    for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda _sock, name, _context: seen.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            raw, _ = listening.accept()
            try:
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue")
            except OSError:
                return
            finally:
                raw.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join()


def test_over_tls_the_certificate_must_be_of_the_host_that_was_named(tmp_path: Path) -> None:
    pem, seen = certificate(tmp_path, "school.example"), []
    trusting = ssl.create_default_context(cafile=str(pem))
    client = GuardedHttp(allowed=LOOPBACK, resolve=lambda _host, _port: ["127.0.0.1"], tls=trusting)
    with speaks_tls(pem, seen) as port:
        assert client.send("GET", f"https://school.example:{port}/").json() is True
    with speaks_tls(pem, seen) as port:
        assert code_of(client, f"https://other.example:{port}/") == "fetch-unreachable"
    assert seen == ["school.example", "other.example"]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with speaks_tls(certificate(tmp_path, "school.example"), []) as port:
        client = GuardedHttp(allowed=LOOPBACK, resolve=lambda _host, _port: ["127.0.0.1"])
        assert code_of(client, f"https://school.example:{port}/") == "fetch-unreachable"


def test_a_handshake_that_never_comes_is_cut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert (
            code_of(http(max_seconds=0.3), f"https://127.0.0.1:{silent.getsockname()[1]}/")
            == "fetch-too-slow"
        )
