"""How long an organisation keeps what is not kept for ever: less long than everywhere, where it
says so, within bounds."""

from __future__ import annotations

from collections.abc import Mapping

from engine.courses.hosts import organisation
from engine.people.reasons import RetentionDays
from engine.storage.retention import SHORTER
from engine.storage.work import Work
from engine.values.errors import Invalid


def shorten(work: Work, wish: Mapping[str, int | None]) -> list[str]:
    """Keeps in how many days kinds of rows go in this organisation, by the key of their rule (None:
    as everywhere); returns the keys of what changed.

    Raises ``Invalid("retention-days", field=key)``; then nothing changes.
    """
    row = organisation(work.session)
    before, own = dict(row.retention or {}), dict[str, int]()
    for rule in SHORTER:
        days = wish.get(rule.key)
        if days is not None and not rule.least <= days <= rule.days:
            raise Invalid(RetentionDays(least=rule.least, most=rule.days), field=rule.key)
        if days is not None and days != rule.days:
            own[rule.key] = days
    row.retention = own or None
    work.session.flush()
    return [rule.key for rule in SHORTER if own.get(rule.key) != before.get(rule.key)]
