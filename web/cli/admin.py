"""``relecture admin``: the first administrator, and the organisation they belong to."""

from __future__ import annotations

import sys
from unicodedata import normalize

import click
from sqlalchemy.orm import InstrumentedAttribute

from engine.curriculum.names import slug
from engine.people import accounts, first_run
from engine.storage.tables import Account, Tenant
from engine.values.languages import LANGUAGES
from engine.values.roles import ROLES, in_order
from web.cli.shell import ORGANISATION, Refusal, tenant_of, with_services
from web.cli.speaking import Group, argument, option
from web.services import Services
from web.words.terminal import gettext as _
from web.words.terminal import pgettext


@click.group(cls=Group)
def admin() -> None:
    """People who run this installation."""


@admin.command()
@option("--email", required=True, help="Address they sign in with.")
@option("--name", required=True, help="How pages call them.")
@option(
    "--organisation",
    required=True,
    help="Their organisation: its id, or its name as first given; made when new.",
)
@option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input instead of asking.",
)
@with_services
def create(
    services: Services,
    email: str,
    name: str,
    organisation: str,
    language: str,
    password_stdin: bool,
) -> None:
    """Create an administrator, and their organisation if it does not exist yet.

    \b
    Examples:
      relecture admin create --email ada@example.org --name Ada --organisation "Saint-Aubry"
      printf %s "$PASSWORD" | relecture admin create … --password-stdin
    """
    email, name, organisation = (
        normalize("NFC", said.strip()) for said in (email, name, organisation)
    )
    _printable("--name", name, Account.name)
    _printable("--organisation", organisation, Tenant.name)
    tenant = slug(organisation)
    if not tenant:
        raise Refusal(
            _(
                "--organisation “%(name)s” has no letter from A to Z and no digit, and its id is "
                "made of these. Write the name in such letters, alone or beside its own: "
                "“Nihon 日本”.",
                name=organisation,
            )
        )
    password, now = _password(password_stdin), services.clock.now()
    with services.write(tenant) as work:
        made = accounts.get_or_create_organisation(work.session, tenant, organisation, now)
        _is_meant(made, organisation)
        accounts.create_with_password(
            work.session,
            email=email,
            name=name,
            role="administrator",
            language=language,
            now=now,
            password=password,
            zone=services.settings.time_zone,
        )
        first_run.end(work.session)
        work.commit()
    click.echo(
        _(
            "Organisation: %(id)s. %(email)s can sign in at %(page)s",
            id=tenant,
            email=email,
            page=f"{services.settings.base_url}/sign-in",
        )
    )


@admin.command()
@ORGANISATION
@option("--email", required=True, help="Whose roles.")
@option("--give", multiple=True, type=click.Choice(ROLES), help="May be given several times.")
@option("--take", multiple=True, type=click.Choice(ROLES), help="May be given several times.")
@with_services
def roles(
    services: Services,
    organisation: str | None,
    email: str,
    give: tuple[str, ...],
    take: tuple[str, ...],
) -> None:
    """Show, give and take somebody's roles; they may have several at once.

    \b
    Examples:
      relecture admin roles --email ada@example.org
      relecture admin roles --email ada@example.org --give designer --take facilitator
    """
    from engine.people.roles import set_roles
    from engine.storage import audit

    with services.write(tenant_of(services, organisation)) as work:
        found = accounts.account_by_email(work.session, email)
        if found is None:
            unknown = _("Nobody has the address %(email)s in this organisation.", email=email)
            raise Refusal(unknown)
        if give or take:
            set_roles(work, found.id, (found.roles | set(give)) - set(take))
            audit.record(work, "roles", None, found.id, roles=list(in_order(found.roles)))
            work.commit()
        click.echo(f"{found.email}: {', '.join(in_order(found.roles))}")


@admin.command()
@ORGANISATION
@option("--hour", help="When questions come at best, such as 12:15.")
@option("--opens", help="Never before, such as 09:00.")
@option("--closes", help="Never after, such as 17:30.")
@option("--days-off", help="Never on these days: 1 (Monday) to 7, such as 3,6,7.")
@option("--country", help="Never on its public holidays: FR, BE …; “none” for none.")
@option("--touch-minutes", type=float, help="At most at a time.")
@option("--week-minutes", type=float, help="At most in seven days.")
@option("--gap-days", type=int, help="At least from one time to the next.")
@option("--default", "back", is_flag=True, help="Back to the rhythm of Relecture.")
@with_services
def rhythm(
    services: Services, /, organisation: str | None, back: bool, **wishes: str | float | None
) -> None:
    """Show or set the rhythm by which new learners begin.

    It can be gentler than that of Relecture, never harsher. What is not named stays as it is; who
    has joined already keeps their own.

    \b
    Examples:
      relecture admin rhythm
      relecture admin rhythm --week-minutes 4 --gap-days 3 --days-off 3,6,7
      relecture admin rhythm --default
    """
    from engine.journey import rhythms
    from engine.spacing.values import Rhythm

    said = {name: wish for name, wish in wishes.items() if wish is not None}
    if back and said:
        raise click.UsageError(_("--default goes alone: it sets everything back."))
    with services.write(tenant_of(services, organisation)) as work:
        now = rhythms.organisations(work.session)
        if back or said:
            now = None if back else rhythms.changed(now or Rhythm(), said)
            rhythms.set_organisations(work.session, now)
            work.commit()
    click.echo(_("The default rhythm.") if now is None else _("The organisation’s own rhythm."))
    for name, value in rhythms.as_json(now or Rhythm()).items():
        text = ",".join(map(str, value)) if isinstance(value, list) else value
        shown = pgettext("days off", "none") if text == "" else text
        click.echo(f"  {name.replace('_', '-')}: {shown}")


@admin.command()
@ORGANISATION
@argument("people", type=int, required=False)
@with_services
def floor(services: Services, organisation: str | None, people: int | None) -> None:
    """Show or set from how many PEOPLE on learners see how others answered.

    It can be raised for an organisation, never below that of Relecture.

    \b
    Examples:
      relecture admin floor
      relecture admin floor 10
    """
    from engine.journey import sharing

    with services.write(tenant_of(services, organisation)) as work:
        if people is not None:
            sharing.set_floor(work.session, people)
            work.commit()
        now = sharing.floor_of(work.session)
    click.echo(_("Learners see how others answered from %(people)s people on.", people=now))


def _is_meant(found: Tenant, organisation: str) -> None:
    """Refuses to use an existing organisation for one with another name that reduces to the same id
    once accents and punctuation are removed."""
    if organisation not in (found.id, found.name):
        raise Refusal(
            _(
                "--organisation “%(name)s” has the id %(id)s, which is that of “%(other)s”. If "
                "they are the same, write --organisation %(id)s; if not, choose a name that begins "
                "otherwise.",
                name=organisation,
                id=found.id,
                other=found.name,
            )
        )


def _printable(option: str, text: str, column: InstrumentedAttribute[str]) -> None:
    """Refuses what the column or a page could not hold: PostgreSQL limits the number of characters,
    SQLite does not."""
    most = column.type.length
    if len(text) > most:
        raise Refusal(
            _(
                "%(option)s has %(length)s characters, and %(most)s at most are kept. Write a "
                "shorter one.",
                option=option,
                length=len(text),
                most=most,
            )
        )
    if not text.isprintable():
        raise Refusal(
            _(
                "%(option)s holds a sign that cannot be printed. Write it on one line, in plain "
                "text.",
                option=option,
            )
        )


def _password(from_stdin: bool) -> str:
    """The password, from standard input (of which no more is read than a password may have) or a
    prompt. Raises ``Refusal`` if it is not valid text."""
    try:
        read = str(
            sys.stdin.readline(accounts.MAX_PASSWORD + len("\r\n")).rstrip("\r\n")
            if from_stdin
            else click.prompt(
                _("Password (12 characters at least)"), hide_input=True, confirmation_prompt=True
            )
        )
        read.encode(
            "utf-8"
            # in an ASCII-only locale, other bytes are decoded to lone surrogates
        )
    except UnicodeError:
        raise Refusal(
            _(
                "The password is not UTF-8. Write it in UTF-8, or choose one of plain letters, "
                "digits and signs."
            )
        ) from None
    return read
