"""What became of reminding people, in words: how many are written to, and who is not and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext, ngettext


def done(number: int) -> Iterator[str]:
    """How many are reminded, if any."""
    if number:
        yield ngettext(
            "One person is reminded, in their own hours.",
            "%(num)s people are reminded, each in their own hours.",
            number,
        )


def not_done(why: Mapping[str, int]) -> Iterator[str]:
    """How many are not reminded, a sentence for each reason (``engine.spacing.announcing``)."""
    for reason, number in sorted(why.items()):
        if number > 0:
            yield _sentence(reason, number)


def left(number: int) -> Iterator[str]:
    """How many are not reminded yet."""
    if number:
        yield ngettext(
            "One person is left: do it again.", "%(num)s people are left: do it again.", number
        )


def _sentence(reason: str, number: int) -> str:
    match reason:
        case "silent":
            said = gettext(
                "Announcements are off in this course: whoever has come is not written to."
            )
        case "told":
            said = ngettext(
                "One person was told already: nobody is told twice.",
                "%(num)s people were told already: nobody is told twice.",
                number,
            )
        case "unwanted":
            said = ngettext(
                "One person wants no announcements by email.",
                "%(num)s people want no announcements by email.",
                number,
            )
        case "resting":
            said = ngettext(
                "One person takes a break, or has stopped.",
                "%(num)s people take a break, or have stopped.",
                number,
            )
        case "missed":
            said = ngettext(
                "One person let their last question pass: they are left in peace.",
                "%(num)s people let their last question pass: they are left in peace.",
                number,
            )
        case "refused" | "no-address":
            said = ngettext(
                "One person cannot be reached: no address, or their mail is refused.",
                "%(num)s people cannot be reached: no address, or their mail is refused.",
                number,
            )
        case "busy":
            said = ngettext(
                "One person is here at this moment.",
                "%(num)s people are here at this moment.",
                number,
            )
        case _:
            said = ngettext(
                "Nothing waits for one person at the moment.",
                "Nothing waits for %(num)s people at the moment.",
                number,
            )
    return str(said)
