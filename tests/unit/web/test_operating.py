"""The operator's page says what the code says."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from engine.storage import retention
from web.settings import as_markdown
from web.worker import Counts

PAGE = Path(__file__).resolve().parents[3] / "docs" / "operating.md"


def test_the_table_of_settings_is_the_one_that_the_command_prints() -> None:
    assert as_markdown().strip() in PAGE.read_text(encoding="utf-8")


def test_the_table_of_what_is_not_kept_for_ever_is_that_of_the_rules() -> None:
    assert retention.as_markdown() in PAGE.read_text(encoding="utf-8")


def test_backups_are_written_beside_the_clone_and_not_into_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = re.findall(r"INTO '([^']+)'|> (\S+\.dump)", page)
    assert len(written) >= 3 and all("".join(path).startswith("../backups/") for path in written)
    assert ".backup" not in page, "it copies what was deleted along"


def test_the_line_of_a_tick_counts_what_a_tick_counts() -> None:
    [line] = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if '"event": "tick"' in line
    ]
    assert json.loads(line).keys() == {*asdict(Counts()), "event", "level", "timestamp"}
