"""The mails of sign-in: a link to sign in, to set a new password, or to confirm an address. Made
without a request, for whoever has the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.delivery.message import Message
from engine.storage.tables import Account, AddressClaim, AskedLink
from web.mails.letters import Letters
from web.words import i18n


def with_link(letters: Letters, asked: AskedLink, people: Sequence[Account]) -> Message:
    """The mail to the one address that these accounts share, in the language of the first."""
    language = people[0].language
    _ = i18n.catalogue(language).ugettext
    keys = [(one.tenant, one.id, one.epoch) for one in people]
    once = _(
        "This link works once, for half an hour at most. If you did not ask for it, leave it: "
        "nothing happens."
    )
    if asked.kind == "welcome":
        subject = _("Your account at Relecture")
        text = _("An account was made for you in Relecture. Choose a password, and you are in.")
        button = _("Choose it"), letters.links.reset(keys, asked.until)
        once = _("This link works once, for seven days. Later, ask for a link to sign in.")
    elif asked.kind == "magic":
        subject = _("Your link to sign in")
        text = _("You asked to sign in to Relecture without a password.")
        button = _("Sign in"), letters.links.magic(keys, asked.until)
    else:
        subject = _("A new password")
        text = _("You asked for a new password for Relecture.")
        button = _("Choose it"), letters.links.reset(keys, asked.until)
    key = "asked-link", asked.kind, asked.email, asked.until.isoformat(), str(asked.number)
    about = [one.id for one in people]
    return letters.plain(asked.email, language, subject, [text, once], button, key=key, about=about)


def to_confirm(letters: Letters, claim: AddressClaim, sender: str, wall: datetime) -> Message:
    """The mail to an address that somebody claims as theirs, from their organisation."""
    _ = i18n.catalogue(claim.language).ugettext
    text = _("In Relecture, somebody gave this address to get their questions by email.")
    once = _("This link works for one day. If it was not you, leave it: nothing happens.")
    key = "address-claim", claim.tenant, claim.account, claim.email, claim.asked_at.isoformat()
    link = letters.links.address(claim.tenant, claim.account, claim.email, wall)
    return letters.plain(
        claim.email,
        claim.language,
        _("Is this your address?"),
        [text, once],
        (_("See what it is about"), link),
        key=key,
        about=[claim.account],
        sender=sender,
    )
