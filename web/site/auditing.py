"""Notes in the audit log of what a page does in more than one unit of work, or in one that only
reads."""

from __future__ import annotations

from engine.storage import audit
from web.site.context import current_services


def note(
    tenant: str, action: audit.Action, by: str | None, about: str | None = None, **detail: object
) -> None:
    """Writes that this was done, as ``audit.record`` does, in a unit of work of its own."""
    with current_services().write(tenant) as work:
        audit.record(work, action, by, about, **detail)
        work.commit()
