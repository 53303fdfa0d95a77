"""`make mutants`: changes a file in memory, one small change at a time, and runs the tests that
cover it. A change that no test notices survives."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from types import ModuleType

import click
import hypothesis
import pytest

from tests.mutants.mutate import Mutant, mutants
from tests.mutants.subjects import SUBJECTS, Subject

SEED = 1
AT_ONCE = 2
FORK = multiprocessing.get_context("fork")
"""A mutant's tests run in a copy of this process, in which pytest is loaded already."""


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
    phases = [phase for phase in hypothesis.Phase if phase.name in ("explicit", "generate")]
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, phases=phases
    )
    options = ("-x", "-q", "--tb=no", "-pno:cacheprovider", "-pno:xdist")
    os._exit(pytest.main([*options, "--hypothesis-profile=mutants", *subject.tests]))


def survivors(subject: Subject, tried: Sequence[Mutant], seconds: float) -> Iterator[Mutant]:
    """The mutants on which the tests pass. Tests that do not end in ``seconds`` have noticed."""
    waiting, running = list(reversed(tried)), dict[int, tuple[Mutant, object, float]]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutant = waiting.pop()
            process = FORK.Process(target=tested, args=(subject, mutant.tree))
            process.start()
            running[process.sentinel] = mutant, process, time.monotonic() + seconds
        wait(list(running), timeout=1)
        for sentinel, (mutant, process, end) in list(running.items()):
            if process.is_alive() and time.monotonic() > end:
                process.kill()
                process.join()
            if not process.is_alive():
                del running[sentinel]
                if process.exitcode == 0:
                    yield mutant


def report(subject: Subject, everything: bool) -> bool:
    """Tries a file's mutants and says which survive; whether they are as few as they may be."""
    source = Path(subject.path).read_text("utf-8")
    known, begun = mutants(source), time.monotonic()
    if list(survivors(subject, [Mutant(0, "", "", "", ast.parse(source))], 600)) == []:
        click.echo(f"{subject.path}: the tests fail without any change")
        return False
    alone = time.monotonic() - begun
    size = len(known) if everything else subject.tried
    tried = sorted(random.Random(SEED).sample(known, size), key=lambda mutant: mutant.line)
    left, equal = 0, 0
    for mutant in survivors(subject, tried, 30 + 5 * alone):
        why = subject.equivalent.get(mutant.key)
        left, equal = left + (why is None), equal + (why is not None)
        change = f"{mutant.before}  →  {mutant.after}"
        click.echo(
            f"{subject.path}:{mutant.line}: {change}" + (f"  (equivalent: {why})" if why else "")
        )
    gone = subject.equivalent.keys() - {mutant.key for mutant in known}
    for key in sorted(gone):
        click.echo(f"{subject.path}: no such change any more, strike it out: {' | '.join(key)}")
    click.echo(
        f"{subject.path}: {left} of {size} survive (at most {subject.most}), {equal} equivalent;"
        f" {len(known)} possible, {time.monotonic() - begun:.0f} s"
    )
    return left <= subject.most and not gone


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
