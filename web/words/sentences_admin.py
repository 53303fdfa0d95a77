"""Sentences for those who run an organisation: people, roles, merging, refused mail."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "account-unknown": (
        _("This person is not in your organisation, or was erased. Search for them by name."),
    ),
    "roles-unknown": (_("Choose at least one role."),),
}
