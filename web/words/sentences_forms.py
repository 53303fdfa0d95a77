"""The sentences about what a person can say: how answers read, and what is wrong with one. English
message ids; the French ones are in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

FORMS: Mapping[str, tuple[str, ...]] = {
    "grade": (_("%(grade)s"),),
    "plain-value": (_("%(value)s"),),
    "point": (_("%(point)s, between 1 (%(low)s) and %(points)s (%(high)s)"),),
    "place": (
        _(
            "%(x)s of %(steps)s from “%(left)s” to “%(right)s”, %(y)s of %(steps)s from "
            "“%(bottom)s” to “%(top)s”"
        ),
    ),
    "happened": (_("%(happened)s: %(note)s"), _("%(happened)s")),
    "signs": (_("%(signs)s: %(note)s"), _("%(signs)s")),
    "scale-invitation": (_("From 1, %(low)s, to %(most)s, %(high)s:"),),
    "recall-invitation": (_("Bring it back first, without looking. Then say how it came:"),),
    "example-answer": (_("[the answer to %(prompt)s]"),),
    "example-moment": (_("[a moment]"),),
    "example-deed": (_("[what the learner will do]"),),
    "example-note": (_("[the line after %(prompt)s]"),),
    "answer-empty": (_("Write a few words, or choose “later”."),),
    "answer-too-long": (
        _(
            "What you wrote has %(length)s characters, and we keep at most %(limit)s. Shorten "
            "it a little."
        ),
    ),
    "answer-not-offered": (_("Choose one of the answers offered."),),
    "answer-malformed": (_("This cannot be read. Write it as the field shows."),),
    "answer-out-of-range": (_("Choose something from %(least)s to %(most)s."),),
    "answer-too-many": (_("Choose %(most)s at most."),),
    "answer-same-twice": (_("Choose two that differ."),),
    "hours-too-many": (
        _(
            "Nothing is kept yet: this takes %(hours)s hours, and %(most)s are left. Leave "
            "something to somebody else, or undone."
        ),
    ),
    "notches-too-many": (
        _(
            "Nothing is kept yet: %(moved)s notches have moved, and %(most)s at most may. Put some "
            "back where they were."
        ),
    ),
    "reworded-too-far": (
        _(
            "Nothing is kept yet: %(changed)s words have changed, and %(most)s at most may. Put "
            "some back as they were."
        ),
    ),
    "actors-moved": (
        _(
            "Nothing is kept yet: %(moved)s have moved, and %(most)s at most may. Put some back "
            "where they were."
        ),
    ),
    "nothing-moved": (_("nobody moved"),),
}

FORM_TERMS: Mapping[str, Mapping[str, str]] = {
    "grade": {
        "forgotten": _("gone"),
        "partly": _("in part"),
        "effort": _("with some effort"),
        "easily": _("straight away"),
    },
    "happened": {
        "yes": _("yes"),
        "partly": _("in part"),
        "not-yet": _("not yet"),
        "changed-my-mind": _("I changed my mind"),
    },
    "signs": {"yes": _("yes"), "not-quite": _("not quite"), "no": _("no")},
    "asking": {
        "recall": _("recall, one tap"),
        "scale": _("scale, one tap"),
        "choice": _("choice, one tap"),
        "text": _("a few words"),
        "plan": _("an if–then plan"),
        "did-it-happen": _("did it happen?"),
        "again": _("an earlier answer, read again"),
    },
}
"""The words for values that are ids, by the name of their vocabulary; ``asking`` tells an author
what a kind of prompt asks for."""
