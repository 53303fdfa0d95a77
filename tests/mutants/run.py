"""`make mutants`: changes a file in memory, one small change at a time, and runs the tests that
cover it. A change that no test notices survives."""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.abc
import importlib.util
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import ModuleType
from typing import Literal

import click
import hypothesis
import pytest

from tests.mutants.mutate import Mutant, mutants, unchanged
from tests.mutants.subjects import SUBJECTS, Subject

SEED = 1
PLAIN = ("-q", "-pno:cacheprovider", "-pno:xdist")
OURS = ("__main__", "conftest", "engine", "lti", "tests", "web")
AT_ONCE = 2
FORK = multiprocessing.get_context("fork")
"""A mutant's tests run in a copy of this process, in which pytest is loaded already."""


Outcome = Literal["noticed", "survived", "endless"]


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree instead of its file, which stays as it is."""

    def __init__(self, subject: Subject, tree: ast.Module) -> None:
        self.subject, self.tree = subject, tree

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self.subject.module:
            return None
        return importlib.util.spec_from_file_location(name, self.subject.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, self.subject.path, "exec"), module.__dict__)


def tested(subject: Subject, tree: ast.Module) -> None:
    """Ends this process, with 0 when the tests pass on the changed module."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.meta_path.insert(0, Changed(subject, tree))
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    options = (*PLAIN, "-x", "--tb=no", "--hypothesis-profile=mutants")
    os._exit(next((code for t in subject.tests if (code := pytest.main([*options, t]))), 0))


def load_libraries(subject: Subject) -> None:
    """Imports what the tests import but for our own code, once, for all the copies to come."""
    say = "import sys, pytest; pytest.main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = (sys.executable, "-c", say, *PLAIN, "--collect-only", *subject.tests)
    names = subprocess.run(command, capture_output=True, text=True, check=True).stderr.split()
    for name in names:
        if name.partition(".")[0] not in OURS:
            with contextlib.suppress(Exception):  # what needs its caller's surroundings
                importlib.import_module(name)


def outcomes(
    subject: Subject, source: str, tried: Sequence[Mutant], seconds: float
) -> Iterator[tuple[Mutant, Outcome]]:
    """What becomes of each mutant of a file; tests that do not end in ``seconds`` are stopped."""
    waiting, running = list(reversed(tried)), dict[int, tuple[Mutant, ForkProcess, float]]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutant = waiting.pop()
            process = FORK.Process(target=tested, args=(subject, mutant.tree(source)))
            process.start()
            running[process.sentinel] = mutant, process, time.monotonic() + seconds
        wait(list(running), timeout=1)
        for sentinel, (mutant, process, end) in list(running.items()):
            if process.exitcode is not None:
                del running[sentinel]
                yield mutant, "noticed" if process.exitcode else "survived"
            elif time.monotonic() > end:
                del running[sentinel]
                process.kill()
                process.join()
                yield mutant, "endless"


def report(subject: Subject, everything: bool) -> bool:
    """Tries a file's mutants and says which survive; whether they are as few as they may be."""
    source, begun = Path(subject.path).read_text("utf-8"), time.monotonic()
    load_libraries(subject)
    started = time.monotonic()
    [(_, first)] = outcomes(subject, source, [unchanged(source)], seconds=600)
    if first != "survived":
        click.echo(f"{subject.path}: the tests do not pass on the file as it is")
        return False
    patience = 30 + 5 * (time.monotonic() - started)
    known = mutants(source)
    size = len(known) if everything else subject.tried
    tried = sorted(random.Random(SEED).sample(known, size), key=lambda mutant: mutant.line)
    count, wrong = Counter[str](), 0
    for mutant, outcome in outcomes(subject, source, tried, patience):
        why = subject.equivalent.get(mutant.key)
        change = f"{subject.path}:{mutant.line}: {mutant.before}  →  {mutant.after}"
        count["equivalent" if why and outcome == "survived" else outcome] += 1
        if why and outcome != "survived":
            click.echo(f"{change}  (said to be equivalent, but {outcome}: strike it out)")
            wrong += 1
        elif outcome != "noticed":
            click.echo(change + f"  ({why or outcome})")
    click.echo(
        f"{subject.path}: {count['survived']} of {size} survive (at most {subject.most});"
        f" {count['equivalent']} equivalent, {count['endless']} endless,"
        f" {len(known)} possible; {time.monotonic() - begun:.0f} s"
    )
    return count["survived"] <= subject.most and not wrong


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every mutant, not a sample.")
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...], everything: bool) -> None:
    """Mutates the files whose path holds one of NAMES (all of them when there is none)."""
    chosen = [s for s in SUBJECTS if not names or any(name in s.path for name in names)]
    reports = [report(subject, everything) for subject in chosen]
    sys.exit(0 if all(reports) else 1)


if __name__ == "__main__":
    main()
