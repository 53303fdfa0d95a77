"""``relecture lti``: commands for learning management systems (LMSs) connected by LTI."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click

from lti.campus import roster
from lti.campus.app import create_app
from lti.campus.campus import Campus
from lti.campus.profiles import PROFILES
from lti.platforms import health, invites, registrations
from lti.platforms.health import ConnectionHealth, State, Step
from lti.platforms.tool_keys import Rotation
from lti.wire.addresses import read_networks
from lti.wire.http import GuardedHttp
from web.cli.listening import listen
from web.cli.lti_claims import claim, claims, unclaim
from web.cli.shell import ORGANISATION, said, tenant_of, with_services
from web.cli.speaking import Group, argument, option
from web.services import Services
from web.words.marking import _ as N_
from web.words.terminal import gettext as _
from web.words.terminal import ngettext as _n
from web.words.terminal import pgettext

LOOPBACK = read_networks("127.0.0.0/8 ::1/128")


STEPS = {"keys": N_("keys"), "token": N_("token")}
AS_JSON = option(
    "--json", "as_json", is_flag=True, help="Print JSON, reasons as codes and parameters."
)


@click.group(cls=Group)
def lti() -> None:
    """LMSs that Relecture is plugged into, by LTI 1.3.

    \b
    relecture lti invite          a one-time link: paste it where the LMS registers tools
    relecture lti list            every connection, and how it does
    relecture lti check           fetch the keys of all of them and ask them for a token
    relecture lti claims          issuers that several organisations have, and who comes first

    The page Connections (/lms) does the same and more: registration by hand, settings, deployments,
    what is stored about people.
    """


for _command in (claims, claim, unclaim):
    lti.add_command(_command)


@lti.command()
@AS_JSON
@ORGANISATION
@with_services
def invite(services: Services, as_json: bool, organisation: str | None) -> None:
    """Print a link with which one LMS can register itself (Dynamic Registration) within three days.

    Anyone with the link can connect an LMS to this organisation. It is printed now and not stored.
    """
    with services.write(tenant_of(services, organisation)) as work:
        token, wall = invites.invite(work), work.wall
        work.commit()
    link = f"{services.settings.base_url}/lti/register/{token}"
    click.echo(
        json.dumps({"link": link, "expires_at": (wall + invites.LIFE).isoformat()})
        if as_json
        else link
    )


@lti.command("list")
@AS_JSON
@ORGANISATION
@with_services
def list_(services: Services, as_json: bool, organisation: str | None) -> None:
    """List connections: id, state, name, issuer, client id, last launch, and the last error in
    words.

    States: off, waiting (a deployment has yet to be accepted), failing (the last launch or call
    failed), new (nobody has come yet), well.
    """
    found = _standings(services, organisation)
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        its = one.registration
        launched = (
            _("last launch %(when)s", when=f"{one.launched_at:%Y-%m-%d %H:%M}")
            if one.launched_at
            else _("no launch")
        )
        state = _state(one.state)
        click.echo(f"{its.id}  {state:11} {its.title}  {its.issuer}  {its.client_id}  {launched}")
        if one.error and one.failed_at:
            click.echo(f"    {one.failed_at:%Y-%m-%d %H:%M}  {said(one.error)}")
    click.echo(_n("%(num)s connected.", "%(num)s connected.", len(found)))


@lti.command()
@argument("ids", nargs=-1, metavar="[ID]...")
@AS_JSON
@ORGANISATION
@with_services
def check(
    services: Services, ids: tuple[str, ...], as_json: bool, organisation: str | None
) -> None:
    """Fetch the keys of connections and ask each for a token: all that are switched on, or those
    with the given IDs (their first letters are enough).

    Failures are explained, and give exit code 1, for use in monitoring.
    """
    known = _standings(services, organisation)
    wanted = [_one(known, given) for given in ids] or [
        one for one in known if one.registration.enabled
    ]
    checked = [
        (
            one,
            health.check(services.lti.platform_keys, services.lti.caller.tokens, one.registration),
        )
        for one in wanted
    ]
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "id": one.registration.id,
                        "name": one.registration.title,
                        "steps": [_step(s) for s in steps],
                    }
                    for one, steps in checked
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for one, steps in checked:
            click.echo(f"{one.registration.id}  {one.registration.title}")
            for step in steps:
                found = said(step.reason) if step.reason else _("ok")
                click.echo(f"    {_(STEPS[step.name]):7} {found}")
    if not all(step.ok for _, steps in checked for step in steps):
        raise SystemExit(1)


@lti.command("rotate-keys")
@with_services
def rotate_keys(services: Services) -> None:
    """Create a new key of ours now, ahead of schedule.

    Keys belong to Relecture, not to a connection: all platforms read the same address (/lti/keys).
    The new key is published at once and signs from a day later, so that platforms learn of it
    first; the previous one stays published a week longer.
    """
    wall = services.clock.wall()
    kid = services.lti.keys.rotate(wall)
    published = len(services.lti.keys.key_set(wall)["keys"])
    signs = (
        _("It signs from now on.")
        if published == 1
        else _("It signs from %(when)s UTC on.", when=f"{wall + Rotation().lead:%Y-%m-%d %H:%M}")
    )
    at = _n(
        "%(num)s published at %(page)s",
        "%(num)s published at %(page)s",
        published,
        page=f"{services.settings.base_url}/lti/keys",
    )
    made = _("New key %(id)s.", id=kid)
    click.echo(f"{made} {signs} {at}")


@lti.command()
@argument("id")
@ORGANISATION
@with_services
def disable(services: Services, id: str, organisation: str | None) -> None:
    """Switch the connection ID off: launches are refused, open visits end. Nothing is deleted."""
    _switch(services, id, organisation, on=False)


@lti.command()
@argument("id")
@ORGANISATION
@with_services
def enable(services: Services, id: str, organisation: str | None) -> None:
    """Switch the connection ID on again."""
    _switch(services, id, organisation, on=True)


def _switch(services: Services, given: str, organisation: str | None, *, on: bool) -> None:
    its = _one(_standings(services, organisation), given).registration
    with services.write(its.tenant) as work:
        registrations.switch(work, its.id, on)
        work.commit()
    switched = _("%(connection)s is on.") if on else _("%(connection)s is off.")
    click.echo(switched % {"connection": f"{its.title} ({its.id})"})


def _state(state: State) -> str:
    """The state of a connection in a word."""
    return {
        "off": pgettext("connection", "off"),
        "waiting": pgettext("connection", "waiting"),
        "failing": pgettext("connection", "failing"),
        "new": pgettext("connection", "new"),
        "well": pgettext("connection", "well"),
    }[state]


def _standings(services: Services, organisation: str | None) -> list[ConnectionHealth]:
    with services.read(tenant_of(services, organisation)) as work:
        return health.connections(work.session)


def _one(known: list[ConnectionHealth], given: str) -> ConnectionHealth:
    """The connection with that id, or the only one whose id starts with it."""
    found = [one for one in known if given and one.registration.id.startswith(given)]
    if len(found) != 1:
        raise click.UsageError(
            (
                _("Several connections have an id that begins with %(id)s; %(command)s shows them.")
                if found
                else _("No connection has an id that begins with %(id)s; %(command)s shows them.")
            )
            % {"id": given, "command": "relecture lti list"}
        )
    return found[0]


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.name,
        "ok": step.ok,
        "reason": step.reason.as_json() if step.reason else None,
    }


def _as_json(one: ConnectionHealth) -> dict[str, Any]:
    its = one.registration
    times = {
        name: at.isoformat() if at else None
        for name, at in (
            ("launched_at", one.launched_at),
            ("served_at", one.served_at),
            ("failed_at", one.failed_at),
        )
    }
    return {
        "id": its.id,
        "name": its.title,
        "issuer": its.issuer,
        "client_id": its.client_id,
        "enabled": its.enabled,
        "state": one.state,
        **times,
        "error": one.error.as_json() if one.error else None,
        "skew": one.skew,
        "deployments": [
            {"id": deployment.id, "accepted": deployment.accepted} for deployment in one.deployments
        ],
    }


@lti.command()
@option(
    "--port",
    type=click.IntRange(1, 65535),
    default=9001,
    show_default=True,
    help="Port on this machine.",
)
@option(
    "--tool",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where Relecture is, as browsers see it.",
)
@option(
    "--members",
    type=click.IntRange(1, 100_000),
    default=30,
    show_default=True,
    help="Members of the course: one teacher, the others students.",
)
@option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default="relecture",
    show_default=True,
    help="The LMS whose manners it has.",
)
def platform(port: int, tool: str, members: int, profile: str) -> None:
    """Run a small LMS for development and tests: one course, fictional members, nothing is stored.

    It registers tools (Dynamic Registration), opens them in a frame as any member, lets teachers
    place links (Deep Linking), serves its roster and gradebook (NRPS, AGS), and stores data for a
    tool when cookies are blocked (Platform Storage). Each has its page. Only this machine can reach
    it.

    Open it on localhost and run Relecture on 127.0.0.1: a browser then treats the two as different
    sites, as in real life.

    As it is, it says and takes all that the specification allows. With --profile it has the manners
    of an LMS: what that leaves out, says otherwise, and refuses (lti/campus/profiles, each with its
    source). Its pages offer what people do there: open a link in the role of a student, or as the
    test user (who joins on the page Roster), accept no grades, delete a column, enable a tool.

    \b
    In every terminal, the same three settings; the key is any secret of yours, the same
    everywhere (.venv/bin is where make install puts relecture):
      export RELECTURE_SECRET_KEY=...          at least 32 characters, and not this one
      export RELECTURE_BASE_URL=http://127.0.0.1:8000
      export RELECTURE_LTI_ALLOW_NETS=127.0.0.0/8,::1/128
    Once:
      .venv/bin/relecture admin create --email you@example.org --name You --organisation Yours
      .venv/bin/relecture pack install content_packs/modeles-socio-economiques
    In one terminal, Relecture; in another one, the platform:
      .venv/bin/relecture serve
      .venv/bin/relecture lti platform --members 1800
    In a third one:
      .venv/bin/relecture lti invite           prints a link: paste it under "Register a tool"
    Then, on http://localhost:9001:
      Place links                              as teacher-1: choose what goes into the course
      Open                                     as student-1, or anybody of the roster
      Gradebook                                what came back
      Roster                                   who joins and leaves
    Relecture reads the roster every six hours, or when a teacher presses "Read them again" on
    the course's page "In the LMS".

    \b
    Paths for scripts:
      /links/ID/open?user=student-7            &locale=en-GB, &storage=off (no storage frame),
                                               &switched=on (in the role of a student)
      /tools/CLIENT/place?user=teacher-1       Deep Linking, &placement=link_selection (Canvas)
    """
    campus = Campus(
        f"http://localhost:{port}",
        roster.of_size(members),
        GuardedHttp(allowed=LOOPBACK),
        lambda: datetime.now(UTC),
        profile=PROFILES[profile],
    )
    server = listen(create_app(campus, tool.rstrip("/")), "127.0.0.1", port, threads=8)
    click.echo(
        _(
            "The platform is at %(page)s, with %(members)s members. Ctrl+C stops it.",
            page=campus.base,
            members=members,
        )
    )
    try:
        server.run()
    finally:
        server.close()
