"""What can be wrong with a mesh: its tasks, its remedies, and what is said in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.packs.activities.base import Problem
from engine.packs.activities.endings import known
from engine.packs.activities.meshing import (
    YES,
    MeshVoice,
    Other,
    Remedy,
    Task,
    place_in_year,
    takes,
)


def task_faults(
    tasks: Sequence[Task], remedies: Sequence[Remedy], others: Iterable[str], starts: int
) -> Iterator[Problem]:
    """Names that are there twice or that nothing has, and months that run backwards."""
    ids, others = [task.id for task in tasks], list(others)
    for name, listed in (("tasks", ids), ("remedies", [one.id for one in remedies])):
        for i, one in enumerate(listed):
            if one in listed[:i]:
                yield Problem((name, i, "id"), "listed-twice", {"id": one, "list": name})
    for i, task in enumerate(tasks):
        if place_in_year(task.since, starts) > place_in_year(task.until, starts):
            params = {"first": task.since, "last": task.until, "starts": starts}
            yield Problem(("tasks", i, "to"), "months-backwards", params)
    for i, remedy in enumerate(remedies):
        if remedy.task not in ids:
            yield Problem(("remedies", i, "task"), "task-unknown", known(remedy.task, ids))
        if remedy.by is not None and remedy.by not in others:
            yield Problem(("remedies", i, "by"), "other-unknown", known(remedy.by, others))


def voice_faults(
    voices: Mapping[str, MeshVoice],
    roles: Sequence[str],
    tasks: Sequence[Task],
    remedies: Sequence[Remedy],
) -> Iterator[Problem]:
    """Seats without a voice, lines that are incomplete, and what a voice cannot do."""
    for role in roles:
        if role not in voices:
            yield Problem(("voices",), "voice-missing", {"role": role})
    ids = [task.id for task in tasks]
    for role, voice in voices.items():
        at = ("voices", role)
        if role not in roles:
            yield Problem(at, "role-unknown", known(role, roles))
        yield from _unknown((*at, "lines"), voice.lines, ids)
        for task in ids:
            if task not in voice.lines:
                yield Problem((*at, "lines"), "line-missing", {"task": task})
        given = voice.gives
        if given is not None and not (given in voice.lines and takes(voice.lines[given])):
            yield Problem((*at, "gives"), "voice-gives", {"task": given})
        for task, remedy in voice.takes.items():
            offered = [one.id for one in remedies if one.task == task]
            if remedy not in offered:
                params = {"task": task} | known(remedy, offered)
                yield Problem((*at, "takes", task), "remedy-unknown", params)


def other_faults(
    others: Mapping[str, Other],
    roles: Sequence[str],
    tasks: Sequence[Task],
    remedies: Sequence[Remedy],
) -> Iterator[Problem]:
    """Others for whom nobody speaks though they have a line, or whom nobody can ask."""
    ids = [task.id for task in tasks]
    for name, one in others.items():
        at = ("others", name)
        if one.said_by is not None and one.said_by not in roles:
            yield Problem((*at, "said_by"), "role-unknown", known(one.said_by, roles))
        if not one.speaks and (one.lines or one.guessed):
            yield Problem(at, "other-unspoken", {"other": name})
        for part, said in (("guessed", one.guessed), ("lines", one.lines)):
            yield from _unknown((*at, part), said, ids)
        if all(remedy.by != name for remedy in remedies):
            yield Problem(at, "other-unasked", {"other": name})


def helpless_faults(
    tasks: Sequence[Task], remedies: Sequence[Remedy], voices: Mapping[str, MeshVoice]
) -> Iterator[Problem]:
    """Tasks that no seat knows how and is able to do, and that have no remedy."""
    for i, task in enumerate(tasks):
        said = (voice.lines.get(task.id, (0, 0, 0)) for voice in voices.values())
        could = any(knows >= YES and able >= YES for knows, able, _wants in said)
        if not could and all(one.task != task.id for one in remedies):
            yield Problem(("tasks", i), "task-helpless", {"task": task.id})


def _unknown(
    at: tuple[str | int, ...], said: Iterable[str], ids: Sequence[str]
) -> Iterator[Problem]:
    for task in said:
        if task not in ids:
            yield Problem((*at, task), "task-unknown", known(task, ids))
