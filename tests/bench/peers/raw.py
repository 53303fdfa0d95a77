"""PyLTI1p3 behind Flask, its state and launch data, users and sessions in SQLite by the driver: one
connection a thread, one transaction a launch, the fastest that is honest."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, redirect
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskRequest
from pylti1p3.tool_config import ToolConfDict
from werkzeug.wrappers import Response

from lti.platforms.registrations import Registration
from lti.wire import names
from tests.integration.lti.lms import DEPLOYMENT, public

TABLES = """
CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE user (issuer TEXT, subject TEXT, name TEXT, email TEXT, roles TEXT, seen REAL,
                   PRIMARY KEY (issuer, subject));
CREATE TABLE session (id TEXT PRIMARY KEY, issuer TEXT, subject TEXT, launch TEXT, expires REAL);
"""
DAY = 86400


def connect(file: Path) -> sqlite3.Connection:
    """Set as ours is: WAL, synchronous NORMAL, explicit transactions."""
    connection = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def create(file: Path) -> None:
    """An empty database of either peer."""
    connection = connect(file)
    connection.executescript(TABLES)
    connection.close()


def lay_out(file: Path, nonces: Iterable[str]) -> None:
    """What logins would have kept."""
    connection = connect(file)
    kept = [(f"lti1p3-nonce-{nonce}", "true", time.time() + DAY) for nonce in nonces]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO cache VALUES (?, ?, ?)", kept)
    connection.execute("COMMIT")
    connection.close()


def config(registration: Registration) -> ToolConfDict:
    """The platform as PyLTI1p3 is told of it, with its key set."""
    return ToolConfDict(
        {
            registration.issuer: {
                "client_id": registration.client_id,
                "auth_login_url": registration.login_url,
                "auth_token_url": registration.token_url,
                "key_set": {"keys": public("platform")},
                "deployment_ids": [DEPLOYMENT],
            }
        }
    )


@dataclass
class Cache:
    """What PyLTI1p3 calls a cache, over a connection in a transaction."""

    connection: sqlite3.Connection

    def get(self, key: str) -> Any:
        row = self.connection.execute(
            "SELECT value FROM cache WHERE key = ? AND expires > ?", (key, time.time())
        ).fetchone()
        return json.loads(row[0]) if row else None

    def set(self, key: str, value: Any, seconds: int | None = None) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO cache VALUES (?, ?, ?)",
            (key, json.dumps(value), time.time() + (seconds or DAY)),
        )


def app(file: Path, registration: Registration) -> Flask:
    """The tool."""
    made, told, local = Flask("raw"), config(registration), threading.local()

    @made.post("/lti/launch")
    def launch() -> Response:
        if not hasattr(local, "connection"):
            local.connection = connect(file)
        connection: sqlite3.Connection = local.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            storage = FlaskCacheDataStorage(Cache(connection))
            taken = FlaskMessageLaunch(FlaskRequest(), told, launch_data_storage=storage)
            key = enter(connection, taken.get_launch_data(), taken.get_launch_id())
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return redirect(f"/in/{key}/home", 303)

    return made


def enter(connection: sqlite3.Connection, said: dict[str, Any], launch: str) -> str:
    """The user found or made, a session opened; its key."""
    connection.execute(
        "INSERT INTO user VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (issuer, subject) DO UPDATE SET "
        "name = excluded.name, email = excluded.email, roles = excluded.roles, "
        "seen = excluded.seen",
        (
            said["iss"],
            said["sub"],
            said.get("name"),
            said.get("email"),
            json.dumps(said[names.ROLES]),
            time.time(),
        ),
    )
    key = secrets.token_urlsafe(32)
    connection.execute(
        "INSERT INTO session VALUES (?, ?, ?, ?, ?)",
        (key, said["iss"], said["sub"], launch, time.time() + DAY),
    )
    return key
