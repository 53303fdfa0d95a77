"""``relecture course``: import a host course's outline, slot modules into it, invite people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.courses import outlines, slotting
from engine.curriculum.read import read_outline
from engine.delivery.channels.base import Refusal as MailRefused
from engine.people import invitations
from engine.slotting.values import Conflicts, Plan, Tell
from engine.storage.tables import Account
from engine.values.faults import printable
from engine.values.reasons import Reason
from web.bootstrap import web_app
from web.cli.progress import slotting_progress
from web.cli.shell import ORGANISATION, counted, tenant_of, with_services
from web.mails.invitations import invitation
from web.services import Services
from web.words.reasons import words


@click.group()
def course() -> None:
    """Host courses: import an outline, slot modules into it, invite people.

    \b
    relecture course import docs/examples/modeles-socio-economiques.yaml
    relecture course slot modeles-socio-economiques --dry-run
    relecture course slot modeles-socio-economiques --pin la-deuxieme-annee:partir-des-besoins
    relecture course invite modeles-socio-economiques someone@example.org
    """


@course.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ORGANISATION
@with_services
def import_(services: Services, file: Path, organisation: str | None) -> None:
    """Import the outline in FILE (YAML or CSV), or update the course with the same id.

    Every fault is shown with its line and column; nothing is imported from a faulty file (exit 1).
    """
    outline = read_outline(file.read_bytes(), str(file))
    with services.write(tenant_of(services, organisation)) as work:
        made = outlines.import_outline(work.session, outline, services.clock.now())
        work.commit()
    sections = counted(len(outline.sections), "section")
    click.echo(
        f"{made.slug}: {printable(made.title)} ({sections}). Next: relecture course slot "
        f"{made.slug}"
    )


@course.command("slot")
@click.argument("slug", metavar="COURSE")
@click.option(
    "--pin", multiple=True, metavar="MODULE:SECTION", help="Set this module into this section."
)
@click.option("--unpin", multiple=True, metavar="MODULE", help="Let this module go where it fits.")
@click.option("--ban", multiple=True, metavar="MODULE", help="Leave this module out.")
@click.option("--unban", multiple=True, metavar="MODULE", help="Allow this module again.")
@click.option(
    "--weekly-minutes", type=click.IntRange(1, 600), help="Experience minutes a week, at most."
)
@click.option("--dry-run", is_flag=True, help="Show the plan and keep nothing.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the plan as JSON, reasons as codes and parameters.",
)
@ORGANISATION
@with_services
def slot(
    services: Services,
    slug: str,
    pin: tuple[str, ...],
    unpin: tuple[str, ...],
    ban: tuple[str, ...],
    unban: tuple[str, ...],
    weekly_minutes: int | None,
    dry_run: bool,
    as_json: bool,
    organisation: str | None,
) -> None:
    """Slot modules into COURSE: section, module, minutes, fit, why; then what was left out and why.

    On a terminal it shows its progress; it takes ten seconds at most.

    Pins, bans and minutes are remembered for the next time. Slotting again changes as little as
    possible. If the limits cannot all hold, the conflicting ones are shown and nothing changes
    (exit 1). The exit code is also 1 if no pack is installed.
    """
    _need_a_pack(services)
    pairs = [_pair(text) for text in pin]
    tenant, wishes = (
        tenant_of(services, organisation),
        slotting.Wishes(pairs, unpin, ban, unban, weekly_minutes),
    )
    try:
        with slotting_progress() as tell:
            plan = (
                _dry_run(services, tenant, slug, wishes, tell)
                if dry_run
                else slotting.slot(
                    services.units,
                    tenant,
                    lambda unit: outlines.course_by_slug(unit, slug),
                    wishes,
                    tell=tell,
                )
            )
    except Conflicts as conflicts:
        for reason in conflicts.reasons:
            click.echo(json.dumps(reason.as_json()) if as_json else _said(reason), err=not as_json)
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps(_as_json(plan), ensure_ascii=False, indent=2))
        return
    with services.read(tenant) as work:
        _show(
            plan,
            {
                section.id: section.title
                for section in outlines.outline_of(
                    outlines.course_by_slug(work.session, slug)
                ).sections
            },
        )


@course.command("invite")
@click.argument("slug", metavar="COURSE")
@click.argument("emails", nargs=-1, required=True)
@ORGANISATION
@with_services
def invite(
    services: Services, slug: str, emails: tuple[str, ...], organisation: str | None
) -> None:
    """Enrol people in COURSE by their addresses, and mail each a sign-in link, as its progress
    page does.

    A malformed address stops everything. Refused mails are listed (exit 1); the people they were
    for are enrolled all the same.
    """
    with services.write(tenant_of(services, organisation)) as work:
        found = outlines.course_by_slug(work.session, slug)
        invited = invitations.invite(
            work.session, found, list(emails), services.clock.now(), services.settings.time_zone
        ).accounts
        title = found.title
        work.commit()
    refused = _mail_invitations(services, title, invited)
    where = (
        ""
        if services.settings.smtp
        else f" (written to {services.settings.maildir}, since RELECTURE_SMTP_URL is empty)"
    )
    click.echo(
        f"{len(invited)} enrolled, {counted(len(invited) - len(refused), 'invitation')} "
        f"mailed{where}."
    )
    sign_in = f"{services.settings.base_url}/sign-in"
    for address, why in refused.items():
        click.echo(
            f"{address}: the mail was refused ({why}). They can ask for a link at {sign_in}",
            err=True,
        )
    if refused:
        raise SystemExit(1)


def _mail_invitations(services: Services, title: str, invited: Sequence[Account]) -> dict[str, str]:
    """Mails the invitations one by one; returns, by address, what the other side said of those it
    refused."""
    with web_app(services).test_request_context():  # links and words are made as for a page
        letters = [invitation(services, title, account) for account in invited]
    refused: dict[str, str] = {}
    for letter in letters:
        try:
            services.mail.send(letter)
        except MailRefused as why:
            refused[letter.to] = why.words
    return refused


def _need_a_pack(services: Services) -> None:
    """Exits with code 1 if no pack is installed, naming the command that installs one."""
    if not services.library.newest():
        click.echo(
            "No pack is installed, so there is nothing to set into a course. "
            "Install one: relecture pack install content_packs/modeles-socio-economiques",
            err=True,
        )
        raise SystemExit(1)


def _pair(text: str) -> tuple[str, str]:
    module, colon, section = text.rpartition(":")
    if not colon or not module or not section:
        raise click.BadParameter(f"{text!r} should read MODULE:SECTION", param_hint="--pin")
    return module, section


def _dry_run(
    services: Services, tenant: str, slug: str, wishes: slotting.Wishes, tell: Tell
) -> Plan:
    with services.read(tenant) as work:
        course = outlines.course_by_slug(work.session, slug)
        return slotting.draft_plan(work, course, wishes, tell=tell).plan


def _as_json(plan: Plan) -> dict[str, object]:
    return {
        "placements": [
            {
                "section": p.section,
                "module": p.module,
                "minutes": p.minutes,
                "fit": round(p.fit, 3),
                "pinned": p.pinned,
                "reasons": [r.as_json() for r in p.reasons],
            }
            for p in plan.placements
        ],
        "left_out": [
            {"module": out.module, "reasons": [r.as_json() for r in out.reasons]}
            for out in plan.left_out
        ],
    }


def _show(plan: Plan, titles: dict[str, str]) -> None:
    """Prints the plan as a table. What people wrote is printed literally, so that Rich does not
    interpret brackets."""
    table = Table(
        "Section",
        "Module",
        "Min",
        "Fit",
        "Why",
        box=None,
        header_style="bold",
        padding=(0, 2, 0, 0),
    )
    for p in plan.placements:
        pinned = " (pinned)" if p.pinned else ""
        cells = (
            f"{p.section}\n{printable(titles[p.section])}",
            p.module.replace("/", "/\n") + pinned,
            str(p.minutes),
            f"{p.fit:.2f}",
            "\n".join(_said(r) for r in p.reasons),
        )
        table.add_row(*map(Text, cells))
    console = Console(width=None if Console().is_terminal else 140)
    console.print(table)
    for out in plan.left_out:
        console.print(Text(f"Left out: {out.module}: " + " ".join(map(_said, out.reasons))))


def _said(reason: Reason) -> str:
    return printable(words(reason, language="en", zone="UTC"))
