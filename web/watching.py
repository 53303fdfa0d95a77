"""Watches an installation and writes to its administrators: once when something goes wrong, and
once more when it is well."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select

from engine.delivery.channels.base import Refusal
from engine.people import troubles
from engine.people.troubles import News
from engine.storage.tables import Account, Tenant
from web.mails.letters import Letters
from web.mails.troubles import about
from web.services import Services
from web.site.health import Vitals, examine, faults, most_silent

KEYS = {"disk-almost-full": "disk", "worker-silent": "worker"}
"""Faults of the installation that a mail can still tell of."""


def watch(services: Services) -> None:
    """Looks once, for every organisation; to be called every few minutes."""
    wall = services.clock.wall()
    everywhere = of_installation(examine(services, wall), services, wall)
    with services.db.shared() as unit:
        tenants = list(unit.scalars(select(Tenant.id).order_by(Tenant.id)))
    for tenant in tenants:
        _watch(services, tenant, everywhere, wall)


def of_installation(vitals: Vitals, services: Services, wall: datetime) -> dict[str, datetime]:
    """What is wrong with disk and worker, now."""
    found = (str(one["fault"]) for one in faults(vitals, most_silent(services)))
    return {KEYS[fault]: wall for fault in found if fault in KEYS}


def _watch(
    services: Services, tenant: str, everywhere: dict[str, datetime], wall: datetime
) -> None:
    with services.read(tenant) as work:
        found = everywhere | troubles.failing_connections(work.session)
        known = troubles.known_troubles(work.session)
        people = troubles.administrators(work.session)
    if not found and not known:
        return
    news = troubles.decide(known, found)
    told = _tell(services, people, news, wall) if news.wrong or news.well else False
    with services.write(tenant) as work:
        troubles.keep(work.session, news, wall, told=told)
        work.commit()


def _tell(services: Services, people: list[Account], news: News, wall: datetime) -> bool:
    """Writes to each; returns whether a mail left. If none did it is tried again next time."""
    letters, left = Letters(services.settings), False
    for one in people:
        try:
            services.mail.send(about(letters, one, news, wall))
            left = True
        except Refusal as refused:
            structlog.get_logger("watching").warning("not-told", why=refused.words)
    services.mail.release()
    return left
