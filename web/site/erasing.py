"""What is left to do once an erasure has been committed: outside the rows, words also lie in mails
that were never sent on, and in SQLite's files."""

from __future__ import annotations

from engine.delivery.channels import maildir
from engine.journey.forgetting import Erased
from engine.people.gate import TooMany, rewrites
from engine.storage.scrubbing import empty_log, rewrite_once
from web.site import gate
from web.site.context import current_services


def finish(erased: Erased) -> None:
    """Deletes the mails about what was erased from the maildir, and leaves none of its bytes in
    the database's files. Call it with no unit of work open.

    Where people erase one after the other, so that the file would be rewritten over and over,
    only the log is emptied at once; the rewriting, which the erasure has recorded as owed, comes
    with the next tidying.
    """
    services = current_services()
    if not erased.ids:
        return
    maildir.forget(services.settings.maildir, erased.ids, erased.addresses)
    try:
        gate.spend(services, rewrites())
    except TooMany:
        empty_log(services.db.engine)
    else:
        rewrite_once(services.db.engine)
