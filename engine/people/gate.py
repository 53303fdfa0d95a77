"""The gate: how often anybody may cause something in a window of wall time, so that nobody uses up
what others need.

Who knocks is counted before what they knock at: a network address that is refused spends nothing
of anybody else's, and a browser in which the owner has signed in before is counted apart from all
strangers (OWASP, *Slow Down Online Guessing Attacks with Device Cookies*).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.people.reasons import TooManyTries
from engine.storage.tables import Throttle
from engine.values.errors import RelectureError

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Visitor:
    """Who knocks: a ``network`` address, and the secret of their ``browser`` if the owner of the
    account has signed in there before (None otherwise)."""

    network: str
    browser: str | None = None


@dataclass(frozen=True)
class Count:
    """How often ``who`` may do ``what``: ``most`` times in a ``window``. ``wiped``: a try that
    turns out right clears the wrong ones before it."""

    what: str
    who: tuple[str, ...]
    most: int
    window: timedelta
    wiped: bool = False

    @property
    def name(self) -> str:
        """What is counted, in clear text; it is stored only as a keyed hash."""
        return ":".join((self.what, *self.who))


Way = tuple[Count, ...]
"""Counts of which each must have something left, in the order in which they are asked."""

Ways = Callable[[Visitor, str], tuple[Way, ...]]
"""What may be tried for an e-mail address."""

Blind = Callable[[str], str]
"""A keyed hash of a name, at most 64 characters."""


class TooMany(RelectureError):
    """Nothing is left. ``minutes`` says when there will be; the answer is the same whether or not
    such an account exists."""


def password_tries(visitor: Visitor, email: str) -> tuple[Way, ...]:
    """The ways to try a password: a known browser by itself, everybody else by network address,
    then by account from there, then (loosely, against many addresses at once) by account."""
    usual = (
        Count("password-from", (visitor.network,), 60, QUARTER),
        Count("password", (email, visitor.network), 10, QUARTER, wiped=True),
        Count("password-of", (email,), 200, QUARTER),
    )
    return (*_known("password-known", visitor, email, 10, QUARTER), usual)


def mails(visitor: Visitor, email: str) -> tuple[Way, ...]:
    """The ways to ask for a mail with a link. No count is of the account alone: a stranger could
    use it up."""
    usual = (
        Count("mail-from", (visitor.network,), 30, HOUR),
        Count("mail", (email, visitor.network), 4, HOUR),
    )
    return (*_known("mail-known", visitor, email, 4, HOUR), usual)


def confirmations(tenant: str, account: str, email: str) -> tuple[Way, ...]:
    """The way of a signed-in account to have an address confirmed, which may be a stranger's: what
    people of one organisation spend of it is not missing in another."""
    return (
        (
            Count("confirm-by", (tenant, account), 4, HOUR),
            Count("confirm-at", (tenant, email), 20, DAY),
        ),
    )


def launches(visitor: Visitor) -> tuple[Way, ...]:
    """The way to begin a login from an LMS. A school is one network address at nine o'clock."""
    return ((Count("login-from", (visitor.network,), 5_000, HOUR),),)


def quiet_launches(registration: str) -> tuple[Way, ...]:
    """The way to begin a login of a connection that is not crowded. Beyond it nobody is refused,
    since strangers could crowd it: logins that are not completed are forgotten sooner."""
    return ((Count("login", (registration,), 50_000, HOUR),),)


def registrations(visitor: Visitor) -> tuple[Way, ...]:
    """The way to open a registration link."""
    return ((Count("register-from", (visitor.network,), 60, HOUR),),)


def rewrites() -> tuple[Way, ...]:
    """The way to have the database's file rewritten after an erasure: writers wait meanwhile, and
    somebody could erase and begin anew for hours."""
    return ((Count("rewrite", (), 12, HOUR),),)


def refusal(session: Session, ways: Sequence[Way], wall: datetime, blind: Blind) -> TooMany | None:
    """Why no way is open, or None; reads only, so that who is refused never waits for, or holds,
    the database's one lock for writing."""
    closed = None
    for way in ways:
        rows = [session.get(Throttle, blind(one.name)) for one in way]
        shut = (_closed(one, row, wall) for one, row in zip(way, rows, strict=True))
        closed = next(filter(None, shut), None)
        if closed is None:
            break
    return closed


def spend(session: Session, ways: Sequence[Way], wall: datetime, blind: Blind) -> Way:
    """Counts a try *before* it is made, so that concurrent tries cannot slip through, and returns
    the way that it went; commits.

    ``session`` is a shared one for writing. Raises ``TooMany("too-many-tries", minutes=…)``. What
    stands in a way before the count that refuses is spent, what stands after it is not.
    """
    closed = None
    for way in ways:
        closed = _count(session, way, wall, blind)
        session.commit()
        if closed is None:
            return way
    raise closed or ValueError("no ways given")


def _count(session: Session, way: Way, wall: datetime, blind: Blind) -> TooMany | None:
    """Counts a try in each of these, up to the one that has nothing left; its refusal."""
    for one in way:
        row = _row(session, blind(one.name), wall)
        if closed := _closed(one, row, wall):
            return closed
        if _is_over(row, one, wall):
            row.since, row.tries = wall, 0
        row.tries += 1
    return None


def give_back(session: Session, way: Way, blind: Blind) -> None:
    """Takes back a counted try that turned out right; commits. Wrong tries stay counted, unless a
    right one wipes them."""
    for one in way:
        row = session.get(Throttle, blind(one.name), with_for_update=True)
        if row is not None and row.tries:
            row.tries = 0 if one.wiped else row.tries - 1
    session.commit()


def sweep(session: Session, wall: datetime) -> None:
    """Deletes counts older than every window; commits."""
    old = select(Throttle.key).where(Throttle.since < wall - DAY)
    free = old.with_for_update(skip_locked=True)  # never waiting for who counts meanwhile
    session.execute(
        delete(Throttle).where(Throttle.key.in_(free)).execution_options(synchronize_session=False)
    )
    session.commit()


def _known(
    what: str, visitor: Visitor, email: str, most: int, window: timedelta
) -> tuple[Way, ...]:
    if visitor.browser is None:
        return ()
    return ((Count(what, (email, visitor.browser), most, window, wiped=True),),)


def _closed(one: Count, row: Throttle | None, wall: datetime) -> TooMany | None:
    """The refusal if this count has nothing left."""
    if row is None or row.tries < one.most or _is_over(row, one, wall):
        return None
    return TooMany(
        TooManyTries(minutes=-(-(row.since + one.window - wall) // timedelta(minutes=1)))
    )


def _is_over(row: Throttle, one: Count, wall: datetime) -> bool:
    """Whether the row's window has ended; one that begins in the future is of a clock that was set
    back, and must not shut anybody out for long."""
    return not timedelta(0) <= wall - row.since < one.window


def _row(session: Session, key: str, wall: datetime) -> Throttle:
    """The row of a key, locked; a new one if there is none. If two first tries race, the loser
    reads the winner's row."""
    row = session.get(Throttle, key, with_for_update=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = Throttle(key=key, since=wall, tries=0)
            session.add(row)
        return row
    except IntegrityError:
        return session.get_one(Throttle, key, with_for_update=True)
