"""Logs: what could be used against a reader is blanked out, wherever it stands."""

from __future__ import annotations

import io
import logging
import sys
from datetime import UTC, datetime
from errno import ENOSPC

import pytest
import structlog

from web.site import logs, signing


def redacted(text: str) -> str:
    return str(logs.redact(None, "info", {"event": text})["event"])


def test_a_token_in_a_path_is_blanked_out() -> None:
    token = signing.sign(
        "secret", "answer", ["town", "0" * 32, 3], datetime(2027, 1, 4, tzinfo=UTC)
    )
    assert token[:12] not in redacted(f"GET /l/{token} failed")


def test_passwords_in_addresses_and_mail_addresses_are_blanked_out() -> None:
    said = redacted("postgresql://relecture:hunter22@db/relecture refused lea@example.org")
    assert "hunter22" not in said and "lea@" not in said and "refused" in said


def test_the_row_that_a_database_quotes_is_blanked_out_and_the_fault_is_not() -> None:
    said = redacted(
        'psycopg.errors.NotNullViolation: null value in column "touch"\n'
        "DETAIL:  Failing row contains (town, Quokka\n\nof two lines, null).\n"
        "CONTEXT:  JSON data, line 1: Bilby\n\n"
        "The above exception was the direct cause of the following exception:\n"
        'IntegrityError: null value in column "touch"\nDETAIL:  Failing row contains (Quokka).\n'
        "[SQL: INSERT INTO answer (content) VALUES (%(content)s)]"
    )
    assert not [word for word in ("Quokka", "two lines", "Bilby") if word in said]
    assert said.count("null value in column") == 2 and "INSERT INTO answer" in said


def test_a_tick_that_is_skipped_says_nothing_and_one_that_fails_does() -> None:
    logs.configure("INFO")
    for logger in map(
        logging.getLogger, ("apscheduler.scheduler", "apscheduler.executors.default")
    ):
        assert not logger.isEnabledFor(logging.WARNING) and logger.isEnabledFor(logging.ERROR)


class Full(io.StringIO):
    """A log on a disk that has no room left."""

    def write(self, _text: str) -> int:
        raise OSError(ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    try:
        logs.configure("INFO")
        structlog.get_logger("web").info("request")
    finally:
        structlog.reset_defaults()


def test_what_is_harmless_stays() -> None:
    assert redacted("request GET /touch/<int:number> 200") == "request GET /touch/<int:number> 200"
