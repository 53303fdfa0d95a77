"""The comment beside a grade in an LMS's gradebook: one short sentence, in the learner's
language."""

from __future__ import annotations

from babel.numbers import format_percent

from lti.courses.scoring import Grade
from web.words import i18n
from web.words.marking import _

DONE = _("Everything that counts here is done.")
OVER = _("It is over: %(share)s of what counts was done.")
GROWING = _("Under way: the score grows with each answer.")
COMING = _("Experience lived: the score comes once its debrief is complete.")


def comment(grade: Grade, language: str) -> str:
    """The sentence for a grade (a ``Comment``)."""
    if grade.share is None:
        sentence = COMING
    elif grade.activity == "Completed":
        sentence = DONE if grade.share == 1 else OVER
    else:
        sentence = GROWING
    share = format_percent(grade.share or 0, locale=language)
    return str(i18n.catalogue(language).ugettext(sentence)) % {"share": share}
