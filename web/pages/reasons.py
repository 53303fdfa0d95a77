"""What is wrong with submitted forms, and confirmations of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from engine.values.reasons import Reason, Vocabulary

Theme = Annotated[str, Vocabulary("theme")]


class CourseTheme(Reason, code="course-theme"):
    """What the course is about."""

    theme: Theme


class NothingHandedIn(Reason, code="nothing-handed-in"):
    """Neither a file nor a text."""


class LeaveNotConfirmed(Reason, code="leave-not-confirmed"):
    """The box that says « I am sure » is not ticked."""


class DoneLighter(Reason, code="done-lighter"):
    """The rhythm is lighter now."""


class DoneAsItIs(Reason, code="done-as-it-is"):
    """The rhythm stays."""


class DonePause(Reason, code="done-pause"):
    """Questions are paused."""


class DoneResume(Reason, code="done-resume"):
    """The pause is over."""


class DoneInboxOnly(Reason, code="done-inbox-only"):
    """No more mails."""


class DoneMailAgain(Reason, code="done-mail-again"):
    """They asked to be written to again."""


class DoneStop(Reason, code="done-stop"):
    """Questions are stopped."""


DONE: Mapping[str, Reason] = {
    "lighter": DoneLighter(),
    "as-it-is": DoneAsItIs(),
    "pause": DonePause(),
    "resume": DoneResume(),
    "inbox-only": DoneInboxOnly(),
    "mail-again": DoneMailAgain(),
    "stop": DoneStop(),
}
"""The confirmation of each button that changes the rhythm."""
