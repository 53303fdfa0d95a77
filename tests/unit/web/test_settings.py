"""Settings: each wrong value is refused with one line that names it, and nothing secret is ever
repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from web import settings
from web.settings import VARIABLES, SettingsFault

GOOD = "kX9v2_QmZr7TnB4wLp8sYd3HfJc6GaEu1oRi5NtVxK0"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.chdir(tmp_path)


def faults(**overrides: str) -> tuple[str, ...]:
    with pytest.raises(SettingsFault) as refused:
        settings.load(overrides={"secret_key": GOOD, **overrides})
    return refused.value.lines


def test_a_secret_is_all_that_a_real_installation_must_set() -> None:
    read = settings.load(overrides={"secret_key": GOOD})
    assert (read.base_url, read.time_zone, read.smtp, read.demo) == (
        "http://127.0.0.1:8000",
        "Europe/Paris",
        None,
        False,
    )


def test_the_environment_wins_over_the_dotenv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"RELECTURE_SECRET_KEY={GOOD}\nRELECTURE_LANGUAGE=fr\nRELECTURE_TICK_SECONDS=7\n"
    )
    monkeypatch.setenv("RELECTURE_LANGUAGE", "en")
    read = settings.load()
    assert (read.language, read.tick_seconds) == ("en", 7)


@pytest.mark.parametrize(
    "secret",
    [
        "Xk92qwZr",
        "a" * 64,
        "abcabcabc" * 8,
        "please-change-this-secret-Xk92_qwZrTn",
        "0123456789" * 5,
    ],
)
def test_a_weak_secret_is_refused_and_never_repeated(secret: str) -> None:
    (line,) = faults(secret_key=secret)
    assert line.startswith("RELECTURE_SECRET_KEY ") and "token_urlsafe" in line
    assert secret not in line


def test_a_missing_secret_is_refused() -> None:
    (line,) = faults(secret_key="")
    assert line.startswith("RELECTURE_SECRET_KEY is missing.")


def test_every_fault_is_told_in_one_run() -> None:
    lines = faults(
        base_url="relecture.example.org/app",
        database_url="mysql://x",
        time_zone="Europe/Pariss",
        language="de",
        smtp_url="smtp://host:nan",
        mail_from="nobody",
        tick_seconds="soon",
        trusted_proxies="-1",
        log_level="LOUD",
    )
    assert [line.split()[0] for line in lines] == [
        f"RELECTURE_{name}"
        for name in (
            "BASE_URL",
            "DATABASE_URL",
            "TIME_ZONE",
            "LANGUAGE",
            "SMTP_URL",
            "MAIL_FROM",
            "TICK_SECONDS",
            "TRUSTED_PROXIES",
            "LOG_LEVEL",
        )
    ]


def test_a_mail_server_is_read_with_its_encryption() -> None:
    def read(url: str) -> tuple[str, int, str, str]:
        server = settings.load(overrides={"secret_key": GOOD, "smtp_url": url}).smtp
        assert server is not None
        return server.host, server.port, server.tls, server.password

    assert read("smtp://user:p%40ss@mail.example.org") == (
        "mail.example.org",
        587,
        "starttls",
        "p@ss",
    )
    assert read("smtp://relay:25?starttls=no") == ("relay", 25, "none", "")
    assert read("smtps://mail.example.org") == ("mail.example.org", 465, "implicit", "")


def test_postgresql_speaks_through_psycopg() -> None:
    read = settings.load(overrides={"secret_key": GOOD, "database_url": "postgresql://u:p@h/n"})
    assert read.database_url == "postgresql+psycopg://u:p@h/n"


def test_a_printed_settings_object_holds_no_secret() -> None:
    read = settings.load(overrides={"secret_key": GOOD, "smtp_url": "smtp://u:verysecret@h"})
    assert GOOD not in repr(read) and "verysecret" not in repr(read)


def test_the_demo_makes_its_own_secret_and_keeps_it() -> None:
    first = settings.load(demo=True).secret_key
    assert settings.load(demo=True).secret_key == first
    assert Path("var/demo-secret").stat().st_mode & 0o077 == 0


def test_the_printed_table_has_a_row_for_every_setting() -> None:
    rows = settings.as_markdown().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [variable.name for variable in VARIABLES]


@pytest.mark.parametrize(
    "url",
    [
        "http://x:99999",
        "http://x:abc",
        "http://x:0",
        "http://x:",
        "http://x:" + "9" * 5000,
        "http://[::1",
        "http://u:hunter22@x",
        "http://exa mple",
        "http://exa..mple",
        "https://médiathèque.fr",
        "https://x.org/app",
        "ftp://x",
        "http://",
    ],
)
def test_what_is_not_the_address_of_a_site_is_told_how_one_is_written(url: str) -> None:
    (line,) = faults(base_url=url)
    assert (
        line.startswith("RELECTURE_BASE_URL is not the address of a site. Write it ")
        and "hunter22" not in line
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "https://relecture.example.org",
        "http://my_host",
    ],
)
def test_the_address_of_a_site_is_taken_as_it_is_written(url: str) -> None:
    assert settings.load(overrides={"secret_key": GOOD, "base_url": f"{url}/"}).base_url == url


@pytest.mark.parametrize(
    ("url", "to_do"),
    [
        ("postgresql://u:hunter22@h:abc/db", "Write sqlite:///var/relecture.db or postgresql://"),
        ("postgresql://u:hunter22@[::1/db", "Write sqlite:///var/relecture.db or postgresql://"),
        (
            "postgresql://u:hunter22@h:" + "9" * 5000 + "/db",
            "Write sqlite:///var/relecture.db or postgresql://",
        ),
        ("postgresql://u:hunter22@h:99999/db", "no port from 1 to 65535"),
        ("postgresql://u:pass@hunter22@h/db", "is written %40"),
        ("sqlite:///", "names no file"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///x.db?timeout=abc", "without what follows the question mark"),
        ("sqlite:///x.db?nope=1", "without what follows the question mark"),
        ("mysql://x", "is neither SQLite nor PostgreSQL"),
    ],
)
def test_an_address_of_a_database_that_leads_nowhere_is_told_what_to_write(
    url: str, to_do: str
) -> None:
    (line,) = faults(database_url=url)
    assert line.startswith("RELECTURE_DATABASE_URL ") and to_do in line and "hunter22" not in line


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///relecture?host=/run/postgresql",
        "postgresql://u:p%40ss@[::1]:5433/n?sslmode=require",
    ],
)
def test_a_server_is_reached_through_a_socket_or_by_number_too(url: str) -> None:
    read = settings.load(overrides={"secret_key": GOOD, "database_url": url})
    assert read.database_url == url.replace("postgresql:", "postgresql+psycopg:")


@pytest.mark.parametrize(
    "url",
    [
        "smtp://[::1",
        "smtp://h:" + "9" * 5000,
        "smtp://u:hunter22@a..b",
        "smtp://u:hunter22#x@h:25",
        "smtp://u:hunter22?x@h",
        "smtp://h?startls=no",
        "smtp://h/path",
        "smtp://h:0",
        "smtp://h:",
        "http://h",
    ],
)
def test_what_is_not_a_mail_server_is_told_how_one_is_written(url: str) -> None:
    (line,) = faults(smtp_url=url)
    assert (
        line.startswith("RELECTURE_SMTP_URL is not a mail server. Write smtp://")
        and "hunter22" not in line
    )


@pytest.mark.parametrize(
    "url",
    [
        "smtp://é:hunter22@h",
        "smtp://u:hunter22é@h",
        "smtp://u:hunter22%C3%A9@h",
        "smtp://u:hunter22%0A@h",
    ],
)
def test_what_no_mail_server_can_be_told_is_refused_at_start(url: str) -> None:
    (line,) = faults(smtp_url=url)
    assert (
        line.startswith("RELECTURE_SMTP_URL has a user or a password with a sign that is not ASCII")
        and "hunter22" not in line
    )


@pytest.mark.parametrize(
    "sender",
    [
        "Foo <a@b",
        "a@b, c@d",
        "@@ a@b",
        "Foo, Inc <a@b.c>",
        "Foo <x> <a@b.c>",
        "a..b@c.d",
        "é@exemple.fr",
        "=?utf-8?b?QUFB?=@x.org",
        "=?utf-8?q?a=0d=0aBcc?= <a@b.c>",
        "Group: a@b.c;",
    ],
)
def test_a_sender_is_one_address(sender: str) -> None:
    (line,) = faults(mail_from=sender)
    assert (
        line.startswith("RELECTURE_MAIL_FROM is not one e-mail address")
        and "Write it such as" in line
    )


@pytest.mark.parametrize(
    "sender", ["a@b", "<a@b.c>", "St. Aubry <a@b.c>", "Médiathèque <a@b.c>", '"Foo, Inc" <a@b.c>']
)
def test_a_sender_may_have_a_name(sender: str) -> None:
    assert settings.load(overrides={"secret_key": GOOD, "mail_from": sender}).mail_from == sender


@pytest.mark.parametrize("text", ["Foo\rBcc: <a@b.c>", "Foo\r\nBcc: <a@b.c>", "Foo\udcff <a@b.c>"])
def test_what_cannot_be_printed_is_refused_whatever_the_setting(text: str) -> None:
    for field in ("mail_from", "base_url", "maildir", "packs"):
        (line,) = faults(**{field: text})
        assert "cannot be printed" in line and "Bcc" not in line


def test_a_number_of_any_length_is_told_its_limits() -> None:
    (line,) = faults(tick_seconds="9" * 5000)
    assert (
        line
        == "RELECTURE_TICK_SECONDS is not a whole number from 1 to 3600. Write it in digits alone."
    )


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (b"A=1\nRELECTURE_MAIL_FROM=m\xe9dia\n", (":2 is not UTF-8. Save the file as UTF-8.",)),
        (
            b"# a remark\n\nRELECTURE_SECRET_KEY hunter22\nA=1\n'hunter22\n\nhunter22\n",
            tuple(
                f":{n} is not a setting. Write NAME=value, or # before a remark." for n in (3, 5, 7)
            ),
        ),
        (b"A=1\0\n", (" holds a NUL, as no text does. Write the file anew.",)),
    ],
)
def test_a_file_of_settings_that_would_be_read_in_part_is_refused_whole(
    written: bytes, lines: tuple[str, ...]
) -> None:
    Path(".env").write_bytes(written)
    assert faults() == tuple(f".env{line}" for line in lines)


def test_a_file_of_settings_may_hold_remarks_exports_and_quotation_marks() -> None:
    Path(".env").write_text(
        f"\n# ours\nexport RELECTURE_SECRET_KEY='{GOOD}'  # kept\n\nRELECTURE_LANGUAGE = "
        '"en"\nEMPTY=\n\n'
    )
    assert settings.load().language == "en"
