"""``relecture mail``: lists mails that were refused for good, and tries them again."""

from __future__ import annotations

import click

from engine.delivery import parked as parking
from web.cli.shell import ORGANISATION, tenant_of, with_services
from web.cli.speaking import Group
from web.services import Services
from web.words.terminal import ngettext as _n


@click.group(cls=Group)
def mail() -> None:
    """Mails that could not be delivered.

    A refused mail is tried eight times in two days, then parked; its touch stays in the learner's
    inbox meanwhile.
    """


@mail.command()
@ORGANISATION
@with_services
def parked(services: Services, organisation: str | None) -> None:
    """List parked mails: the address, the last try, how many tries, and the other side's answer."""
    with services.read(tenant_of(services, organisation)) as work:
        found = parking.parked(work.session)
    for one in found:
        tries = _n("%(num)s try", "%(num)s tries", one.attempts)
        click.echo(f"{one.tried_at:%Y-%m-%d %H:%M}  {one.to}  {tries}  {one.error}")
    click.echo(_n("%(num)s parked.", "%(num)s parked.", len(found)))


@mail.command()
@ORGANISATION
@with_services
def retry(services: Services, organisation: str | None) -> None:
    """Try parked mails again, once the cause is fixed. Mails whose question is over stay parked."""
    with services.write(tenant_of(services, organisation)) as work:
        count = parking.try_again(work.session, services.clock.wall())
        work.commit()
    click.echo(
        _n(
            "%(num)s will be tried at the next tick.",
            "%(num)s will be tried at the next tick.",
            count,
        )
    )
