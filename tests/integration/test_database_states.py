"""The database as it is found at start: of a newer version, another program's, damaged or
locked, it is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.storage import database, database_state
from engine.storage.database import Database
from engine.storage.database_state import DatabaseState, why_unusable
from engine.storage.tables import Tenant
from tests.integration.commands import create_admin, run

COMMANDS = [("serve", "--port", "0"), ("mail", "parked")]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the settings name; nobody waits for long where it is locked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setattr(database, "BUSY", 0.1)
    return tmp_path / "test.db"


def ours(file: Path) -> None:
    """A database with one organisation in it, at rest: all of it in its file."""
    assert create_admin("town", "Ada", "ada@example.org").exit_code == 0
    asked(file, "PRAGMA wal_checkpoint(TRUNCATE)")


def asked(file: Path, *statements: str) -> None:
    engine = database.bare(f"sqlite:///{file}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        for statement in statements:
            line.exec_driver_sql(statement)


def newer(file: Path) -> None:
    ours(file)
    asked(
        file,
        "UPDATE alembic_version SET version_num='20991231_0000'",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    )


def foreign(file: Path) -> None:
    asked(file, "CREATE TABLE account (id INTEGER)", "CREATE TABLE tenant (id INTEGER)")


def migrated_by_others(file: Path) -> None:
    asked(
        file,
        "CREATE TABLE song (id INTEGER)",
        "CREATE TABLE alembic_version (version_num TEXT)",
        "INSERT INTO alembic_version VALUES ('1975ea83b712')",
    )


def damaged(file: Path) -> None:
    """Every page but the first overwritten: it opens, and falls apart once it is read."""
    ours(file)
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("made", "said", "to_do"),
    [
        (
            newer,
            "was written by a newer version of Relecture",
            "Install the newer version again, or restore a backup",
        ),
        (
            foreign,
            "holds the tables of another program (account, tenant)",
            "Name a database that is Relecture’s alone",
        ),
        (
            migrated_by_others,
            "holds the tables of another program (song)",
            "Name a database that is Relecture’s alone",
        ),
        (damaged, "is damaged (database disk image is malformed)", "Restore a backup"),
    ],
)
def test_a_database_that_is_not_fit_is_said_to_be_so_in_one_line_and_left_as_it_is(
    file: Path, command: tuple[str, ...], made: Callable[[Path], None], said: str, to_do: str
) -> None:
    made(file)
    before = file.read_bytes()
    refused = run(*command)
    assert (refused.exit_code, refused.stdout) == (2, "")
    [line] = refused.stderr.splitlines()
    assert line.startswith(f"RELECTURE_DATABASE_URL (sqlite:///{file}) {said}") and to_do in line
    assert file.read_bytes() == before


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("mail", "retry")])
def test_a_database_that_stays_locked_is_said_to_be_so_in_one_line(
    file: Path, command: tuple[str, ...]
) -> None:
    ours(file)
    with Database(f"sqlite:///{file}").write("town") as unit:
        unit.scalars(select(Tenant.id)).all()
        refused = run(*command)
    assert (refused.exit_code, refused.stdout) == (2, "")
    [line] = refused.stderr.splitlines()
    assert line.startswith(
        f"RELECTURE_DATABASE_URL (sqlite:///{file}) is kept locked by another program."
    )


def test_what_only_reads_a_database_that_is_up_to_date_does_not_wait_for_who_writes(
    file: Path,
) -> None:
    ours(file)
    with Database(f"sqlite:///{file}").write("town") as unit:
        unit.scalars(select(Tenant.id)).all()
        assert run("mail", "parked").stdout == "0 parked.\n"


def test_an_empty_file_and_one_of_a_version_before_are_brought_up_to_date(file: Path) -> None:
    file.touch()
    ours(file)
    assert why_unusable(database_state.inspect_database(f"sqlite:///{file}")) is None
    assert run("mail", "parked").stdout == "0 parked.\n"


def test_on_a_server_tables_of_others_may_stand_beside_ours_and_not_in_their_place() -> None:
    assert (
        why_unusable(DatabaseState("postgresql", frozenset({"spatial_ref_sys"}), frozenset()))
        is None
    )
    assert (
        why_unusable(
            DatabaseState("postgresql", frozenset({"spatial_ref_sys", "account"}), frozenset())
        )
        == "foreign"
    )


@pytest.mark.parametrize(
    "options",
    ["", "?password=hunter22", "?nope=1", "?prepare_threshold=abc", "?connect_timeout=abc"],
)
def test_a_server_that_does_not_answer_or_an_option_that_is_none_is_one_line_without_a_password(
    file: Path, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"postgresql://u:hunter22@127.0.0.1:1/db{options}")
    refused = run("mail", "parked")
    [line] = refused.stderr.splitlines()
    assert refused.exit_code == 2 and "hunter22" not in line
    assert line.startswith(
        "RELECTURE_DATABASE_URL (postgresql+psycopg://u:***@127.0.0.1:1/db) cannot be reached: "
    )
