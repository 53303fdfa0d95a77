"""What a new plan changes of the one that stands, section by section."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from engine.slotting.values import Limits, Pair


@dataclass(frozen=True)
class SectionChange:
    """A section that holds another module after a change, or none; None: it held none before."""

    section: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """What changes: sections in the order of the outline, modules that lose their place, and the
    limits. ``minutes`` are those of before and after, None if they stay."""

    sections: tuple[SectionChange, ...]
    gone: frozenset[str]
    pinned: frozenset[Pair]
    unpinned: frozenset[Pair]
    banned: frozenset[str]
    allowed: frozenset[str]
    minutes: tuple[int, int] | None

    @property
    def touched(self) -> frozenset[str]:
        """The modules that stand elsewhere or nowhere afterwards."""
        return frozenset(change.before for change in self.sections if change.before is not None)


def difference(
    order: Iterable[str],
    before: Collection[Pair],
    after: Collection[Pair],
    limits: Limits,
    new_limits: Limits,
) -> Difference:
    """The difference between two plans of a course whose sections are ``order``."""
    minutes = limits.weekly_minutes, new_limits.weekly_minutes
    return Difference(
        tuple(_changes(order, before, after)),
        frozenset(module for module, _ in before) - {module for module, _ in after},
        frozenset(new_limits.pins) - frozenset(limits.pins),
        frozenset(limits.pins) - frozenset(new_limits.pins),
        frozenset(new_limits.bans) - frozenset(limits.bans),
        frozenset(limits.bans) - frozenset(new_limits.bans),
        minutes if minutes[0] != minutes[1] else None,
    )


def _changes(
    order: Iterable[str], before: Collection[Pair], after: Collection[Pair]
) -> Iterator[SectionChange]:
    old = {section: module for module, section in before}
    new = {section: module for module, section in after}
    for section in order:
        if old.get(section) != new.get(section):
            yield SectionChange(section, old.get(section), new.get(section))
