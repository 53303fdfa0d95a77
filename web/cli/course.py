"""``relecture course``: import a host course's outline, slot modules into it, invite people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.courses import outlines, slotting
from engine.curriculum.read import Hints, read
from engine.curriculum.reading import Corrections
from engine.delivery.send import SHIFT
from engine.people import invitations, listed
from engine.people.placing import Placed
from engine.sheets.encoding import ENCODINGS
from engine.slotting.values import Conflicts, Plan, Tell
from engine.storage.tables import Invitation
from engine.values.faults import printable
from engine.values.languages import LANGUAGES
from engine.values.yamlmarks import MAX_BYTES
from web import worker
from web.cli import outline_files, people_files
from web.cli.progress import slotting_progress
from web.cli.shell import ORGANISATION, read_file, said, tenant_of, with_services
from web.cli.speaking import Group, argument, option
from web.mails import queues
from web.services import Services
from web.site import logs
from web.words.faults import number
from web.words.terminal import gettext as _
from web.words.terminal import language
from web.words.terminal import ngettext as _n


@click.group(cls=Group)
def course() -> None:
    """Host courses: import an outline, slot modules into it, invite people.

    \b
    relecture course import docs/examples/modeles-socio-economiques.yaml
    relecture course slot modeles-socio-economiques --dry-run
    relecture course slot modeles-socio-economiques --pin la-deuxieme-annee:partir-des-besoins
    relecture course invite modeles-socio-economiques someone@example.org
    """


@course.command("import")
@argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--check", is_flag=True, help="Show how the file is read, and import nothing.")
@option(
    "--column",
    "columns",
    multiple=True,
    metavar="NUMBER=FIELD",
    help="What a column holds, counted from 1: 3=title, or 2= for nothing. A wrong one names all.",
)
@option("--heading", type=click.IntRange(0), help="The line of the headings; 0 for none.")
@option("--title", help="The title of the course.")
@option("--language", type=click.Choice(LANGUAGES), help="The language of the course.")
@option("--sheet", help="The sheet of a workbook.")
@option("--encoding", type=click.Choice(ENCODINGS), help="Of a text.")
@option("--delimiter", help="What stands between the cells of a text.")
@option("--unit", type=click.Choice(("min", "h")), help="Of durations without one.")
@option("--day-first/--month-first", default=None, help="How 3/4 is meant.")
@option("--year", type=click.IntRange(1900, 2200), help="Of days without one.")
@ORGANISATION
@with_services
def import_(
    services: Services,
    /,
    file: Path,
    check: bool,
    columns: tuple[str, ...],
    organisation: str | None,
    **corrected: Any,
) -> None:
    """Import the outline in FILE, or update the course with the same id.

    FILE is a table (CSV, XLSX, ODS), a Markdown text, or YAML. How it was read is shown: what each
    column was taken for, and what was left out and why; the options correct it. Of a course in our
    own YAML every fault is shown with its line and column. Nothing is imported from a file in which
    no outline is found (exit 1), nor from one of more than 1 MB (exit 2).
    """
    otherwise = {name: value for name, value in corrected.items() if value is not None}
    corrections = Corrections(columns=dict(map(outline_files.column, columns)), **otherwise)
    hints = Hints(services.settings.language, services.clock.now().date())
    reading = read(read_file(file, MAX_BYTES), str(file), corrections, hints)
    for line in outline_files.how_read(reading):
        click.echo(line)
    outline = outline_files.outline_of(reading)
    if reading.untitled:
        titled = _("Its title is that of the file, “%(title)s”; --title says another.")
        click.echo(titled % {"title": printable(outline.title)})
    if check:
        for line in outline_files.sections(outline):
            click.echo(line)
        return
    with services.write(tenant_of(services, organisation)) as work:
        made = outlines.import_outline(work.session, outline, services.clock.now())
        work.commit()
    sections = _n("%(num)s section", "%(num)s sections", len(outline.sections))
    following = _("Next: %(command)s", command=f"relecture course slot {made.slug}")
    click.echo(f"{made.slug}: {made.title} ({sections}). {following}")


@course.command("slot")
@argument("slug", metavar="COURSE")
@option("--pin", multiple=True, metavar="MODULE:SECTION", help="Set this module into this section.")
@option("--unpin", multiple=True, metavar="MODULE", help="Let this module go where it fits.")
@option("--ban", multiple=True, metavar="MODULE", help="Leave this module out.")
@option("--unban", multiple=True, metavar="MODULE", help="Allow this module again.")
@option("--weekly-minutes", type=click.IntRange(1, 600), help="Experience minutes a week, at most.")
@option("--dry-run", is_flag=True, help="Show the plan and keep nothing.")
@option(
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
            click.echo(json.dumps(reason.as_json()) if as_json else said(reason), err=not as_json)
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
@argument("slug", metavar="COURSE")
@argument("emails", nargs=-1)
@option(
    "--list",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of people: XLSX, ODS, CSV, or a text with addresses.",
)
@option(
    "--move",
    is_flag=True,
    help="Move who is in the course already out of other cohorts into that of the list.",
)
@ORGANISATION
@with_services
def invite(
    services: Services,
    slug: str,
    emails: tuple[str, ...],
    file: Path | None,
    move: bool,
    organisation: str | None,
) -> None:
    """Invite people to COURSE by their addresses, or by a list: each gets the mail that its
    invitations page sends.

    A malformed address stops everything; of a list, whoever cannot be invited is left out, and
    shown. What the mail server refuses is listed (exit 1). What it refuses for now, a running
    “relecture serve” tries again.
    """
    if not emails and file is None:
        raise click.UsageError(_("Name addresses, or a file with --list."))
    tenant = tenant_of(services, organisation)
    people = people_files.people_in(file) if file else ()
    with services.write(tenant) as work:
        found = outlines.course_by_slug(work.session, slug)
        done = listed.Done(invitations.invite(work, found, emails))
        work.commit()
    for some in listed.chunks(people):
        with services.write(tenant) as work:
            done = listed.added(done, listed.invite_some(work, found, some, move=move))
            work.commit()
    invited = done.invited
    logs.configure("ERROR")
    with worker.sending(services) as sender:
        queue = queues.invited(services)(tenant)
        sender.send_queue(queue, services.clock.wall() + SHIFT, most=invitations.BY_ALL)
    with services.read(tenant) as work:
        rows = invitations.among(work.session, found, invited.asked)
    for line in (*_what_became_of(services, invited, rows), *_placed(done.placed)):
        click.echo(line)
    refused = [row for row in rows if row.error]
    for row in refused:
        waits = row.state == "waiting"
        again = _("tried again by itself") if waits else "relecture mail retry"
        why = _("the mail was refused (%(error)s); %(again)s", error=row.error, again=again)
        click.echo(f"{row.email}: {why}", err=True)
    if refused:
        raise SystemExit(1)


def _what_became_of(
    services: Services, invited: invitations.Invited, rows: Sequence[Invitation]
) -> Iterator[str]:
    left = [row for row in rows if row.state == "sent"]
    yield ", ".join(
        (
            _n("%(num)s invitation", "%(num)s invitations", len(invited.asked)),
            _n("%(num)s mailed.", "%(num)s mailed.", len(left)),
        )
    )
    if not services.settings.smtp:
        folder = services.settings.maildir
        yield _(
            "Mails are written to %(folder)s, since RELECTURE_SMTP_URL is empty.", folder=folder
        )
    if invited.today or invited.here:
        yield _(
            "%(today)s invited often enough today, %(here)s in the course already.",
            today=invited.today,
            here=invited.here,
        )


def _placed(placed: Placed) -> Iterator[str]:
    """What became of the cohorts of those who are in the course already."""
    if placed.joined:
        yield _n(
            "%(num)s joined the cohort of the list.",
            "%(num)s joined the cohorts of the list.",
            placed.joined,
        )
    if placed.moved:
        yield _n(
            "%(num)s moved out of another cohort into that of the list.",
            "%(num)s moved out of other cohorts into those of the list.",
            placed.moved,
        )
    if placed.stayed:
        yield _n(
            "%(num)s stays in another cohort; --move moves them.",
            "%(num)s stay in other cohorts; --move moves them.",
            placed.stayed,
        )


def _need_a_pack(services: Services) -> None:
    """Exits with code 1 if no pack is installed, naming the command that installs one."""
    if not services.library.newest():
        click.echo(
            _(
                "No pack is installed, so there is nothing to set into a course. Install one: "
                "relecture pack install content_packs/modeles-socio-economiques"
            ),
            err=True,
        )
        raise SystemExit(1)


def _pair(text: str) -> tuple[str, str]:
    module, colon, section = text.rpartition(":")
    if not colon or not module or not section:
        wrong = _("“%(said)s” should read MODULE:SECTION", said=text)
        raise click.BadParameter(wrong, param_hint="--pin")
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
        _("Section"),
        _("Module"),
        _("Min"),
        _("Fit"),
        _("Why"),
        box=None,
        header_style="bold",
        padding=(0, 2, 0, 0),
    )
    for p in plan.placements:
        pinned = " " + _("(pinned)") if p.pinned else ""
        cells = (
            f"{p.section}\n{titles[p.section]}",
            p.module.replace("/", "/\n") + pinned,
            str(p.minutes),
            number(round(p.fit, 2), language()),
            "\n".join(map(said, p.reasons)),
        )
        table.add_row(*map(Text, cells))
    console = Console(width=None if Console().is_terminal else 140)
    console.print(table)
    for out in plan.left_out:
        left_out = _("Left out: %(module)s.", module=out.module)
        console.print(Text(" ".join((left_out, *map(said, out.reasons)))))
