"""Sentences for those who run an organisation: people, roles, merging, refused mail."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "account-unknown": (
        _("This person is not in your organisation, or was erased. Search for them by name."),
    ),
    "merge-with-itself": (_("These are one and the same account. Choose another one."),),
    "merge-yourself": (
        _("Your own account cannot go into another one while you use it. Merge the other way."),
    ),
    "organisation-name": (
        _("An organisation has a name, on one line, of at most %(most)s characters."),
    ),
    "organisation-too-long": (
        _("Write at most %(most)s characters, in plain text. What is more was not kept."),
    ),
    "organisation-language": (_("Choose one of the languages of the list."),),
    "organisation-zone": (
        _("This is not the name of a time zone. Choose one of the list, such as Europe/Paris."),
    ),
    "done-mail-again": (
        _("The next question comes by email again. If it comes back too, it is said here."),
    ),
    "retention-days": (_("Write a number of days from %(least)s to %(most)s, or nothing."),),
    "roles-unknown": (_("Choose at least one role."),),
}
