"""How long what is kept, in words: the rules of retention as pages say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from engine.storage.retention import Rule, days_of
from web.words.marking import _

WHAT = (
    _("messages that were sent or taken back, after that"),
    _("messages that were refused for good, after the last try"),
    _("touches of which nothing was answered and whose debriefs are over, after they closed"),
    _("news of experiences, after every gradebook was told"),
    _("invitations to a course, after the last time that somebody asked for them"),
    _("what learners were told by mail beside their questions, after that"),
    _("files handed in and not kept, after that"),
    _("addresses that nobody confirmed"),
    _("notices of an LMS, after they were acted upon"),
    _("invitations of an LMS, after their last day"),
    _("logins from an LMS that nobody completed, after their ten minutes"),
    _("logins from an LMS that were completed, after that"),
    _("the audit log: who did what to whose data, after they did it"),
    _("visits from an LMS, after they ended"),
)
"""What the rules say of themselves, marked for the catalogue; a test holds the two together."""


@dataclass(frozen=True)
class Kept:
    """One rule in words: what is deleted, and after how long."""

    what: str
    long: str


def kept_for(rules: Iterable[Rule], own: Mapping[str, Any] | None = None) -> list[Kept]:
    """The rules in the reader's language, as they hold in an organisation (``Tenant.retention``),
    those that keep shortest first."""
    ordered = sorted(rules, key=lambda rule: days_of(rule, own))
    return [Kept(gettext(rule.what), in_days(days_of(rule, own))) for rule in ordered]


def in_days(days: int) -> str:
    """How many days something is kept; what goes with the hourly tidying says so."""
    if days == 0:
        return str(gettext("1 hour at most"))
    return str(ngettext("%(num)s day", "%(num)s days", days))
