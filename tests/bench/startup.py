"""How long commands take that ought to answer at once, and the memory they take; what the real
``serve`` holds when nobody asks anything of it. Each in a fresh process."""

from __future__ import annotations

import os
import re
import resource
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from tests.bench.row import Row, at_most

ROOT = Path(__file__).parents[2]
RELECTURE = "from web.cli import main; main()"
PEAK = """
import atexit, sys
def peak():
    with open("/proc/self/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
atexit.register(peak)
"""
"""What a process took at most, said at its end: the system's own sum counts its parent in."""


@dataclass(frozen=True)
class Run:
    """What a command took: seconds of processor, seconds on the wall (which neighbours lengthen),
    MB at most."""

    busy: float
    wall: float
    peak: float


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """The version, the check of a small pack, an idle server."""
    times = 1 if tiny else 5
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        command(here, "pack", "new", "mon-pack")
        yield from _quick(here, times, 0.4, 60, "--version")
        yield from _quick(here, times, 0.5, 80, "pack", "check", "mon-pack")
        first, held = (idle(here, 0 if tiny else 25) for _ in range(2))
    note = "after a page and a tick, empty database"
    yield Row("serve, idle", held, "MB", at_most(120), note)
    yield Row("serve, idle, its first start", first, "MB", at_most(130), f"{note}, just migrated")


def _quick(here: Path, times: int, longest: float, most: float, *arguments: str) -> Iterator[Row]:
    ran = [command(here, *arguments) for _ in range(times)]
    name = f"relecture {' '.join(arguments)}"
    note = f"of processor, median of {times}; {median(run.wall for run in ran):.2f} s on the wall"
    yield Row(name, median(run.busy for run in ran), "s", at_most(longest), note)
    yield Row(name, max(run.peak for run in ran), "MB", at_most(most), "peak")


def command(here: Path, *arguments: str) -> Run:
    """One ``relecture`` in that folder, with the start of Python."""
    start, before = perf_counter(), _children()
    ran = subprocess.run(
        [sys.executable, "-c", PEAK + RELECTURE, *arguments],
        cwd=here,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    wall, busy = perf_counter() - start, _children() - before
    if ran.returncode:
        sys.exit(f"relecture {' '.join(arguments)} failed, nothing was measured: {ran.stderr}")
    return Run(busy, wall, int(ran.stderr.split()[-1]) / 1024)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def idle(here: Path, wait: float) -> float:
    """MB that ``relecture serve`` holds, so many seconds after its first page."""
    server = subprocess.Popen(
        [sys.executable, "-c", RELECTURE, "serve", "--port", "0"],
        cwd=here,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "RELECTURE_SECRET_KEY": secrets.token_urlsafe(48)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    try:
        greeting = server.stdout.readline()
        address = re.search(r"http://\S+\d", greeting)
        if address is None:
            sys.exit(f"serve did not start: {greeting}")
        subprocess.run(
            [sys.executable, "-c", _GET, f"{address[0]}/sign-in"], check=True, stdout=sys.stderr
        )
        sleep(wait)
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
    finally:
        server.terminate()
        server.communicate()


_GET = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()"
