"""The audit log: who did what to whose data, written in the unit of work that does it.

It can only grow. A trigger of the database refuses to change an entry, and to delete one that is
not ``KEPT_DAYS`` old by the database's own clock; the retention rule deletes what is older, and
nothing else can. Entries about somebody who was erased stay, with an id that leads to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from engine.storage.tables.audit import AuditEntry
from engine.storage.work import Work

Action = Literal[
    "invite",
    "roles",
    "export",
    "erase",
    "merge",
    "leave-course",
    "move",
    "course",
    "connection",
    "install",
    "words",
    "retry",
    "park",
    "settings",
    "test-mail",
    "mail-refused",
    "mail-again",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
KEPT_DAYS = 365
"""How long an entry cannot be deleted. The triggers hold the same number."""
DELETED_AFTER_DAYS = KEPT_DAYS + 1
"""How old an entry is when the retention rule deletes it, and what pages say of it."""


def record(
    work: Work, action: Action, by: str | None, about: str | None = None, **detail: object
) -> None:
    """Writes that ``by`` (an account; None for the command line or the worker) did this, to the
    data of ``about`` if it concerns one person. It is kept if the unit of work is.

    ``detail`` is short and says no name, address, word of a learner or secret: ids, counts, roles
    and names of settings.
    """
    record_each(work, action, by, (about,), **detail)


def record_each(
    work: Work, action: Action, by: str | None, about: Iterable[str | None], **detail: object
) -> None:
    """The same for several people, an entry each."""
    work.session.add_all(
        AuditEntry(at=work.wall, action=action, by=by, about=one, detail=dict(detail))
        for one in about
    )
    work.session.flush()
