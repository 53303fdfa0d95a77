"""What is left to do once an erasure has been committed: outside the rows, words also lie in mails
that were never sent on, and in SQLite's files."""

from __future__ import annotations

from collections.abc import Iterable

from engine.delivery.channels import maildir
from engine.journey.forgetting import Erased
from engine.people.gate import TooMany, rewrites
from engine.storage.scrubbing import empty_log, must_be_rewritten, rewrite_once
from web.services import Services
from web.site import gate
from web.site.context import current_services


def finish(erased: Iterable[Erased]) -> None:
    """Does the erasing as it is told of it, then deletes the mails about what was erased from the
    maildir, and leaves none of its bytes in the database's files; also if the erasing broke off.
    Call it with no unit of work open.

    Where people erase one after the other, so that the file would be rewritten over and over,
    only the log is emptied at once; the rewriting, which the erasure has recorded as owed, comes
    with the next tidying.
    """
    services, total = current_services(), Erased()
    try:
        for one in erased:
            total |= one
    finally:
        if total.ids:
            maildir.forget(services.settings.maildir, total.ids, total.addresses)
        if must_be_rewritten(services.db.engine):
            _leave_no_bytes(services)


def _leave_no_bytes(services: Services) -> None:
    try:
        gate.spend(services, rewrites())
    except TooMany:
        empty_log(services.db.engine)
    else:
        rewrite_once(services.db.engine)
