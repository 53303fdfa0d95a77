"""LTI 1.1 consumers that move to 1.3: what they shared with us, sealed, so that their launches can say who people were before."""

from __future__ import annotations

from functools import partial

from sqlalchemy import delete, select

from engine.errors import Invalid
from engine.storage.database import Database
from engine.storage.tables import LtiConsumer
from lti.keys import seal, unseal
from lti.migration import ConsumerSecret
from lti.registrations import Registration

SHARED = b"relecture.lti.consumers"
MAX_KEY = 255


def add(db: Database, secret: str, registration: Registration, key: str, shared: str) -> None:
    """Keep what the consumer of that key shared with us, in place of what was kept; ``secret`` seals it.

    Raises ``Invalid("consumer-incomplete")`` when key or shared secret is empty, or the key too long.
    """
    if not 0 < len(key) <= MAX_KEY or not shared:
        raise Invalid("consumer-incomplete", most=MAX_KEY)
    with db.write(registration.tenant) as unit:
        unit.merge(LtiConsumer(tenant=registration.tenant, registration=registration.id, consumer=key,
                               secret=seal(secret, shared.encode(), SHARED)))
        unit.commit()


def remove(db: Database, registration: Registration, key: str) -> None:
    """Forget that consumer."""
    with db.write(registration.tenant) as unit:
        unit.execute(delete(LtiConsumer).where(LtiConsumer.registration == registration.id, LtiConsumer.consumer == key))
        unit.commit()


def known(db: Database, registration: Registration) -> tuple[str, ...]:
    """The keys of the consumers that move to this registration; what they shared is never shown."""
    with db.read(registration.tenant) as unit:
        return tuple(unit.scalars(select(LtiConsumer.consumer).where(LtiConsumer.registration == registration.id)
                                  .order_by(LtiConsumer.consumer)))


def secrets_in(db: Database, secret: str) -> ConsumerSecret:
    """What looks shared secrets up, as the reading of a launch asks for them."""
    return partial(_secret_of, db, secret)


def _secret_of(db: Database, secret: str, registration: Registration, key: str) -> str | None:
    with db.read(registration.tenant) as unit:
        row = unit.get(LtiConsumer, (registration.tenant, registration.id, key))
    return unseal(secret, row.secret, SHARED).decode() if row is not None else None
