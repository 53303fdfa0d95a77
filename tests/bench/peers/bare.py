"""The least that hands over what is due, one at a time, with a commit for each claim and each
outcome: the SQLite driver and two statements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CLAIM = """
UPDATE delivery SET state = 'sending', owner = 'bare', attempts = attempts + 1
WHERE rowid = (SELECT rowid FROM delivery WHERE state = 'waiting' ORDER BY next_at LIMIT 1)
RETURNING rowid
"""
SETTLE = "UPDATE delivery SET state = 'sent', owner = NULL, sent_at = next_at WHERE rowid = ?"


def hand_over(driver: Any, file: Path) -> int:
    """All that waits in our own table; how many there were."""
    connection = driver.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=NORMAL")
    done = 0
    while True:
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute(CLAIM).fetchone()
        connection.execute("COMMIT")
        if row is None:
            connection.close()
            return done
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(SETTLE, row)
        connection.execute("COMMIT")
        done += 1
