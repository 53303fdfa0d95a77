"""A mesh of three tasks for three seats for tests, and how it is played."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.packs.activities.base import Act, Acts
from engine.packs.activities.mesh import Mesh
from engine.packs.activities.together import begins, sits

AT = datetime(2027, 1, 12, 8, 40, tzinfo=UTC)
TASKS = ("posters", "night", "frame")
YES, NO, COULD = (2, 2, 2), (0, 0, 0), (2, 2, 0)
PLAN: dict[str, Any] = {
    "kind": "mesh",
    "roles": ["clerk", "trader", "warden"],
    "starts": 3,
    "hours": 14,
    "tasks": [
        {"id": "posters", "hours": 10, "from": 12, "to": 1},
        {"id": "night", "hours": 10, "from": 2, "to": 2},
        {"id": "frame", "hours": 6, "from": 11, "to": 1},
    ],
    "voices": {
        "clerk": {"lines": {"posters": YES, "night": NO, "frame": NO}},
        "trader": {"lines": {"posters": YES, "night": NO, "frame": NO}},
        "warden": {"lines": {"posters": NO, "night": COULD, "frame": NO}},
    },
    "others": {
        "absalon": {
            "said_by": "warden",
            "guessed": {"frame": [2, 0, 0]},
            "lines": {"frame": YES},
        },
        "guards": {},
    },
    "remedies": [
        {"id": "ask", "task": "frame", "hours": 1, "by": "absalon"},
        {"id": "ask-night", "task": "night", "hours": 1, "by": "absalon"},
        {"id": "guards", "task": "night", "hours": 8, "by": "guards"},
        {"id": "watch", "task": "night", "hours": 10},
        {"id": "print", "task": "posters", "hours": 4},
    ],
    "endings": [
        {"id": "alone", "when": ["over >= 1"]},
        {"id": "unguarded", "when": ["done-night == 0"]},
        {"id": "whole"},
    ],
}
MESH = Mesh.model_validate(PLAN)


def changed(**parts: Any) -> Mesh:
    """The mesh with other parts."""
    return Mesh.model_validate(PLAN | parts)


def says(seat: int = 1, at: datetime = AT, **tasks: tuple[int, int, int]) -> Act:
    """A seat's line: what it does not name is what its recorded voice says."""
    voice = MESH.voices[MESH.roles[seat - 1]].lines
    levels = {
        f"{task}.{question}": level
        for task in TASKS
        for question, level in zip(
            ("knows", "able", "wants"), tasks.get(task, voice[task]), strict=True
        )
    }
    return Act(seat, {"lines": levels}, at)


def gives(task: str = "-", seat: int = 1) -> Act:
    """A seat hands a task over, or none."""
    return Act(seat, {"give": task}, AT)


def mends(seat: int = 1, **tasks: str) -> Act:
    """A seat takes these remedies; what it does not name it leaves: the night and the frame are
    open unless ``tasks`` says otherwise."""
    return Act(seat, {"mend": {"night": "-", "frame": "-"} | tasks}, AT)


def table(*acts: Act) -> Acts:
    """A live table of three that has begun, and what they did."""
    return (*(sits(seat, AT) for seat in (1, 2, 3)), begins(1, AT, "live"), *acts)
