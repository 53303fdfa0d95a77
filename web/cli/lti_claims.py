"""``relecture lti claims``, ``claim`` and ``unclaim``: which organisation's connection a login is
for, where several have the same issuer."""

from __future__ import annotations

import json
from typing import Any

import click

from lti.platforms import lookups
from lti.platforms.lookups import Candidate
from lti.platforms.registrations import Registration
from web.cli.shell import with_services
from web.cli.speaking import Command, argument, option
from web.services import Services
from web.words.terminal import gettext as _
from web.words.terminal import ngettext as _n
from web.words.terminal import pgettext


@click.command(cls=Command)
@option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_services
def claims(services: Services, as_json: bool) -> None:
    """List the issuers that several organisations have connected, and whose logins are whose.

    A login that names its client ID, or a deployment that one organisation alone has accepted, is
    for the connections that have it; of these the first in the list gets it. Usually nothing is to
    be settled: organisations that share a hosted LMS have client IDs or deployments of their own.
    """
    found = _contested(services)
    if as_json:
        listed = [[_as_json(one) for one in same] for same in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for same in found:
        click.echo(same[0].registration.issuer)
        for one in same:
            its, since = one.registration, one.registration.claimed_at
            claimed = (
                _("since %(when)s", when=f"{since:%Y-%m-%d %H:%M}") if since else _("no claim yet")
            )
            off = "" if its.enabled else "  " + pgettext("connection", "off")
            click.echo(f"    {its.id}  {its.tenant}  {its.title}  {its.client_id}  {claimed}{off}")
    click.echo(_n("%(num)s shared.", "%(num)s shared.", len(found)))


@click.command(cls=Command)
@argument("id")
@with_services
def claim(services: Services, id: str) -> None:
    """Put the connection ID (its first letters are enough) first among all with its issuer: logins
    that may be for several are for it."""
    its = _one(services, id)
    lookups.put_first(services.units, its)
    click.echo(_("%(connection)s comes first.", connection=_named(its)))


@click.command(cls=Command)
@argument("id")
@with_services
def unclaim(services: Services, id: str) -> None:
    """Make the connection ID come after all that have been launched, until its next verified
    launch. To keep it from launching, switch it off (relecture lti disable)."""
    its = _one(services, id)
    with services.write(its.tenant) as work:
        lookups.give_up(work, its.id)
        work.commit()
    click.echo(_("%(connection)s claims nothing.", connection=_named(its)))


def _named(its: Registration) -> str:
    connection = f"{its.title} ({its.id})"
    return _(
        "%(issuer)s: %(connection)s of %(organisation)s",
        issuer=its.issuer,
        connection=connection,
        organisation=its.tenant,
    )


def _contested(services: Services) -> list[list[Candidate]]:
    with services.db.across("lti-lookup") as door:
        return lookups.contested(door)


def _one(services: Services, given: str) -> Registration:
    """The listed connection with that id, or the only one whose id starts with it."""
    listed = [one.registration for same in _contested(services) for one in same]
    found = [one for one in listed if given and one.id.startswith(given)]
    if len(found) != 1:
        raise click.UsageError(
            (
                _("Several connections have an id that begins with %(id)s; %(command)s shows them.")
                if found
                else _(
                    "No connection that shares its issuer has an id that begins with %(id)s; "
                    "%(command)s shows them."
                )
            )
            % {"id": given, "command": "relecture lti claims"}
        )
    return found[0]


def _as_json(one: Candidate) -> dict[str, Any]:
    its = one.registration
    return {
        "issuer": its.issuer,
        "client_id": its.client_id,
        "organisation": its.tenant,
        "id": its.id,
        "name": its.title,
        "enabled": its.enabled,
        "claimed_at": its.claimed_at.isoformat() if its.claimed_at else None,
    }
