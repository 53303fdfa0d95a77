"""``relecture mail``: the mails that were refused for good, and one more try for them."""

from __future__ import annotations

import click

from engine.delivery import parked as parking
from web.bootstrap import Services
from web.cli.shell import counted, tenant_of, with_services

ORGANISATION = click.option("--organisation", help="Which organisation; needed only when there are several.")


@click.group()
def mail() -> None:
    """Mails that could not be delivered.

    A refused mail is tried eight times in two days, then parked; its touch stays in the learner's inbox all the while.
    """


@mail.command()
@ORGANISATION
@with_services
def parked(the: Services, organisation: str | None) -> None:
    """List parked mails: to whom, last tried when, how often, and what the other side said."""
    with the.db.read(tenant_of(the, organisation)) as unit:
        found = parking.parked(unit)
    for one in found:
        click.echo(f"{one.tried_at:%Y-%m-%d %H:%M}  {one.to}  {counted(one.attempts, 'try', 'tries')}  {one.error}")
    click.echo(f"{len(found)} parked.")


@mail.command()
@ORGANISATION
@with_services
def retry(the: Services, organisation: str | None) -> None:
    """Try parked mails anew, once what kept them is mended. Those whose question is over stay parked."""
    with the.db.write(tenant_of(the, organisation)) as unit:
        count = parking.try_again(unit, the.clock.wall())
        unit.commit()
    click.echo(f"{count} will be tried at the next tick.")
