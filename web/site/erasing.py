"""What is left to do once an erasure has been committed: outside the rows, words also lie in mails
that were never sent on, and in SQLite's files."""

from __future__ import annotations

from engine.delivery.channels import maildir
from engine.journey.forgetting import Erased
from engine.storage.scrubbing import scrub
from web.site.context import current_services


def finish(erased: Erased) -> None:
    """Deletes the mails about what was erased from the maildir, and leaves none of its bytes in
    the database's files. Call it with no unit of work open."""
    services = current_services()
    maildir.forget(services.settings.maildir, erased.ids, erased.addresses)
    scrub(services.db.engine)
