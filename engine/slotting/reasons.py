"""Why a module goes where it goes, why it has no place, and which limits conflict: the reasons of
slotting. Minutes are experience minutes; weeks count from 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from engine.values.reasons import Pin, Reason, Title, Unsaid, Vocabulary

Aim = Annotated[str, Vocabulary("aims")]
Language = Annotated[str, Vocabulary("languages")]
Mode = Annotated[str, Vocabulary("mode")]
Kind = Annotated[str, Vocabulary("kind")]


class TeacherPin(Reason, code="pinned"):
    """The teacher pinned it there."""


class SamePlace(Reason, code="kept"):
    """The module had this place before."""


class TeacherBan(Reason, code="banned"):
    """The teacher excluded the module."""


class SharedTags(Reason, code="shared-tags"):
    """The tags that module and section have in common."""

    tags: tuple[str, ...]


class SharedWords(Reason, code="shared-words"):
    """The words that module and section have in common."""

    words: tuple[str, ...]


class AfterPrerequisite(Reason, code="after-prerequisite"):
    """It comes after its prerequisites."""

    modules: tuple[Title, ...]


class AimsServed(Reason, code="aims-served"):
    """The aims that it serves and that no module placed before it serves."""

    aims: tuple[Aim, ...]


class WeekLoad(Reason, code="week-load", formerly="week-minutes"):
    """The minutes that the plan puts into the week, out of those allowed."""

    week: int
    minutes: float
    weekly_minutes: float


class AudienceLanguage(Reason, code="audience-language"):
    """The module is not available in the course's language."""

    wanted: Language
    languages: tuple[Language, ...]


class AudienceGroupSize(Reason, code="audience-group-size"):
    """The group is smaller or larger than the module allows."""

    group_size: int
    low: int
    high: int


class AudienceMode(Reason, code="audience-mode"):
    """An online module for a course held face to face, or the reverse."""

    wanted: Mode
    mode: Mode


class AudienceMaturity(Reason, code="audience-maturity"):
    """The audience is outside the module's range of maturity."""

    maturity: int
    low: int
    high: int


class NoLink(Reason, code="no-link"):
    """No section shares a tag or two stems with it."""


class NoRoomInWeek(Reason, code="no-room-in-week"):
    """The week has fewer minutes free than the module takes."""

    section: Title
    week: int
    minutes: float
    free: float


class LongerThanSection(Reason, code="longer-than-section"):
    """The module is longer than the section."""

    section: Title
    minutes: float
    length: float


class LongerThanWeek(Reason, code="longer-than-week"):
    """The module is longer than any week may be."""

    minutes: float
    weekly_minutes: float


class OutsideWindow(Reason, code="outside-window"):
    """The section is outside the dates that the teacher allows."""

    section: Title


class PrerequisiteLeftOut(Reason, code="prerequisite-left-out"):
    """A prerequisite has no place either."""

    modules: tuple[Title, ...]


class PrerequisiteTooLate(Reason, code="prerequisite-too-late"):
    """The section does not come after the module's prerequisites."""

    section: Title
    modules: tuple[Title, ...]


class SectionTaken(Reason, code="section-taken"):
    """Another module has the section."""

    section: Title
    module: Title


class TooAlikeNearby(Reason, code="too-alike-nearby"):
    """A module of the same kind is near, or the plan gains nothing by it."""

    section: Title
    kind: Kind


class UnknownModule(Reason, code="unknown-module"):
    """A limit names a module that is not among those to be placed."""

    module: Title


class UnknownSection(Reason, code="unknown-section"):
    """A pin names a section that the outline does not have."""

    section: Title


class SlottingOutOfTime(Reason, code="slotting-out-of-time"):
    """The deadline passed before any result was known."""


class LimitsConflict(Reason, code="limits-conflict"):
    """One reason for each minimal set of limits that conflict."""

    reasons: tuple[Reason, ...]


class Clash(Reason):
    """A minimal set of pins and bans that cannot all hold."""

    pins: Unsaid[tuple[Pin, ...]]
    bans: Unsaid[tuple[Title, ...]]


class PinBanned(Clash, code="pin-banned"):
    """One module is both pinned and banned."""

    bans: tuple[Title, ...]


class PinNeedsBanned(Clash, code="pin-needs-banned"):
    """A pinned module has a banned prerequisite."""

    bans: tuple[Title, ...]


class PinImpossible(Clash, code="pin-impossible"):
    """The pinned pair is impossible in itself, for the reasons given."""

    pins: tuple[Pin, ...]
    why: tuple[Reason, ...]


class PinWithoutPrerequisite(Clash, code="pin-without-prerequisite"):
    """No section before the pin has room for the module's prerequisites."""

    pins: tuple[Pin, ...]
    after: tuple[Title, ...]


class PinsShareSection(Clash, code="pins-share-section"):
    """Two modules are pinned to one section."""

    section: Title


class PinsShareModule(Clash, code="pins-share-module"):
    """One module is pinned to two sections."""

    module: Title


class PinsExceedWeek(Clash, code="pins-exceed-week"):
    """The pins of one week take more than a week may hold."""

    week: int
    minutes: float
    weekly_minutes: float


class PinBeforePrerequisite(Clash, code="pin-before-prerequisite"):
    """A module is pinned before its pinned prerequisite."""

    pins: tuple[Pin, ...]


class PinsConflict(Clash, code="pins-conflict"):
    """A conflict with no plainer name."""

    pins: tuple[Pin, ...]


FIRST = (TeacherPin, TeacherBan, SharedTags, SharedWords, AfterPrerequisite, AimsServed)
"""The reasons that tell most, the best first."""


def main_reason(reasons: Sequence[Reason]) -> Reason | None:
    """The one of these reasons that says most; None if there are none."""
    rank = {kind: n for n, kind in enumerate(FIRST)}
    return min(reasons, key=lambda one: rank.get(type(one), len(FIRST)), default=None)
