"""People whose mails come back: counted, and after ``ENOUGH`` in a row not written to any more.

What « in a row » means: a mail server says when a mail could not be delivered, and says nothing
when it could. So a mail of which nothing was reported is no proof that anything arrived. The row is
broken by the one thing that proves it, an answer given through the link of a mail; and it begins
anew with another address, or when the person asks to be written to again. Each mail counts once,
whatever is reported of it and however often, and only if it is later than the last one counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.journey.addresses import MAIL, withdraw_from
from engine.journey.joining import learner_of
from engine.storage import audit
from engine.storage.tables import Delivery, Learner, MailRefusal
from engine.storage.work import Work
from engine.values.errors import NotFound

ENOUGH = 3
"""After so many mails in a row that came back for good, no more is sent."""
COUNTED = ("sent", "sending")
"""The states of a delivery that may have come back: a report can be faster than our own note that
the mail left."""


def came_back(work: Work, account: str, touch: int, status: str, said: str) -> bool:
    """A mail server reported for good (status 5.x.x) that the mail of this touch could not be
    delivered. Returns whether it counted: not a second time, and not if no such mail left.

    The delivery is parked with the server's words. With the last of ``ENOUGH``, the person is
    reached in their inbox alone.
    """
    if not _park(work, account, touch, f"{status} {said}".strip()):
        return False
    row = work.session.get(MailRefusal, (work.tenant, account), with_for_update=True)
    if row is None:
        row = MailRefusal(account=account, in_a_row=0, last_touch=0)
        work.session.add(row)
    elif touch <= row.last_touch:
        return False
    row.in_a_row, row.last_touch = row.in_a_row + 1, touch
    row.status, row.said, row.at = status, said[:300], work.wall
    if row.in_a_row >= ENOUGH and row.refused_at is None:
        _stop_writing(work, account, row)
    work.session.flush()
    return True


def _park(work: Work, account: str, touch: int, words: str) -> bool:
    its = (Delivery.learner == account, Delivery.touch == touch, Delivery.channel == MAIL)
    done = work.session.execute(
        update(Delivery)
        .where(*its, Delivery.state.in_(COUNTED))
        .values(state="parked", error=words, owner=None, lease_until=None)
        .returning(Delivery.touch)
        .execution_options(synchronize_session=False)
    )
    return bool(done.all())


def _stop_writing(work: Work, account: str, row: MailRefusal) -> None:
    try:
        learner = learner_of(work.session, account)
    except NotFound:
        return
    if learner.channel == MAIL:
        row.refused_at, learner.channel = work.wall, "inbox"
        withdraw_from(work.session, learner, MAIL)
        audit.record(work, "mail-refused", None, account, status=row.status)


def arrived(session: Session, account: str) -> None:
    """Somebody answered through the link of a mail: it arrived, and the row is broken."""
    session.execute(
        delete(MailRefusal)
        .where(MailRefusal.account == account, MailRefusal.refused_at.is_(None))
        .execution_options(synchronize_session=False)
    )


def write_again(work: Work, learner: Learner) -> bool:
    """The person asks to be written to again, at the same address; returns whether mails had
    stopped. The count begins anew."""
    row = work.session.get(MailRefusal, (work.tenant, learner.id), with_for_update=True)
    if row is None or row.refused_at is None:
        return False
    work.session.delete(row)
    learner.channel = MAIL
    audit.record(work, "mail-again", learner.id, learner.id)
    return True


def forget(session: Session, account: str) -> None:
    """Another address, or mail chosen anew: the count begins anew."""
    session.execute(
        delete(MailRefusal)
        .where(MailRefusal.account == account)
        .execution_options(synchronize_session=False)
    )


def refusal_of(session: Session, account: str) -> MailRefusal | None:
    """What a mail server said of somebody to whom no more is sent; None for everybody else."""
    return refused_among(session, [account]).get(account)


def refused_among(session: Session, accounts: Collection[str]) -> Mapping[str, MailRefusal]:
    """Those of these people to whom no more mail is sent since theirs came back: what a desk calls
    « mail refused ». One statement."""
    found = session.scalars(
        select(MailRefusal).where(
            MailRefusal.account.in_(accounts), MailRefusal.refused_at.is_not(None)
        )
    )
    return {row.account: row for row in found}
