"""Settings: each wrong value is refused with one line that names it, and nothing secret is ever repeated."""

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
    assert (read.base_url, read.time_zone, read.smtp, read.demo) == ("http://127.0.0.1:8000", "Europe/Paris", None, False)


def test_the_environment_wins_over_the_dotenv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"RELECTURE_SECRET_KEY={GOOD}\nRELECTURE_LANGUAGE=fr\nRELECTURE_TICK_SECONDS=7\n")
    monkeypatch.setenv("RELECTURE_LANGUAGE", "en")
    read = settings.load()
    assert (read.language, read.tick_seconds) == ("en", 7)


@pytest.mark.parametrize("secret", ["Xk92qwZr", "a" * 64, "abcabcabc" * 8, "please-change-this-secret-Xk92_qwZrTn",
                                    "0123456789" * 5])
def test_a_weak_secret_is_refused_and_never_repeated(secret: str) -> None:
    (line,) = faults(secret_key=secret)
    assert line.startswith("RELECTURE_SECRET_KEY ") and "token_urlsafe" in line
    assert secret not in line


def test_a_missing_secret_is_refused() -> None:
    (line,) = faults(secret_key="")
    assert line.startswith("RELECTURE_SECRET_KEY is missing.")


def test_every_fault_is_told_in_one_run() -> None:
    lines = faults(base_url="relecture.example.org/app", database_url="mysql://x", time_zone="Europe/Pariss", language="de",
                   smtp_url="smtp://host:nan", mail_from="nobody", tick_seconds="soon", trusted_proxies="-1", log_level="LOUD")
    assert [line.split()[0] for line in lines] == [
        f"RELECTURE_{name}" for name in ("BASE_URL", "DATABASE_URL", "TIME_ZONE", "LANGUAGE", "SMTP_URL", "MAIL_FROM",
                                         "TICK_SECONDS", "TRUSTED_PROXIES", "LOG_LEVEL")]


def test_a_mail_server_is_read_with_its_encryption() -> None:
    def read(url: str) -> tuple[str, int, str, str]:
        server = settings.load(overrides={"secret_key": GOOD, "smtp_url": url}).smtp
        assert server is not None
        return server.host, server.port, server.tls, server.password
    assert read("smtp://user:p%40ss@mail.example.org") == ("mail.example.org", 587, "starttls", "p@ss")
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
