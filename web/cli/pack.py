"""``relecture pack``: start, check, play, stamp and install a content pack. Help in plain English,
for authors of packs."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.packs.base import MAX_SLUG
from engine.packs.lint import report
from engine.packs.mending import differences, mends, next_patch
from engine.packs.new import STARTERS, new_pack
from engine.packs.read import is_pack_file, read_folder, read_pack
from engine.packs.stamp import due, translated
from engine.packs.stamp import stamp as stamp_files
from engine.values.faults import Fault, Faults, Hint, nearest, printable
from web.cli.pack_formats import formats
from web.cli.pack_stats import stats
from web.cli.shell import Refusal, refusals, strerror, with_services
from web.cli.speaking import Group, argument, option
from web.words import faults as worded
from web.words.terminal import gettext as _
from web.words.terminal import language
from web.words.terminal import ngettext as _n

if TYPE_CHECKING:
    from engine.packs.model import Pack
    from web.services import Services

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(cls=Group)
def pack() -> None:
    """Write content packs: start one, check it, stamp its translations.

    A pack is a folder: pack.yaml, and one folder per module with module.yaml (structure) and fr.md,
    en.md (words).

    \b
      relecture pack formats --aim lead --minutes 20   which kind would serve, and why
      relecture pack new my-pack      start from a small pack that works
      relecture pack check my-pack    every fault, at its line and column
      relecture pack preview my-pack  play it in a browser while you write
      relecture pack stats my-pack    how often chance comes to each ending, who ends with what
      relecture pack stamp my-pack    say that translations are up to date
      relecture pack install my-pack  let courses be slotted with it
    """


pack.add_command(stats)
pack.add_command(formats)


@pack.command()
@argument("paths", metavar="PATH...", type=_FOLDER, nargs=-1, required=True)
@option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object instead: faults, and minutes by folder of a module.",
)
@option(
    "--against",
    metavar="VERSION",
    help="Say whether it only mends the words of that earlier version: a folder, or the number of "
    "an installed version.",
)
def check(paths: tuple[Path, ...], as_json: bool, against: str | None) -> None:
    """Find every fault of a pack, or of several.

    PATH is the folder that holds pack.yaml. Everything is checked in one run.

    Prints one line per fault, as file:line:column: what is wrong — what to do; then the minutes of
    an average play of each module. Exits with 1 if there is a fault; warnings alone exit with 0.

    With --against, one pack is compared with an earlier version of it. A patch (1.2.3 to 1.2.4)
    with the same structure replaces the words for those who began; anything else leaves them on the
    version that they began.
    """
    if against and (len(paths) > 1 or as_json):
        raise click.UsageError(_("--against compares one PATH, and prints words, not JSON."))
    with _no_collection():
        checked = [_checked(path) for path in paths]
    faults = [fault for found, _ in checked for fault in found]
    minutes = [
        (folder / module, by_lang)
        for folder, (_, found) in zip(paths, checked, strict=True)
        for module, by_lang in found.items()
    ]
    if as_json:
        told = {
            "faults": [worded.as_json(f, language()) for f in faults],
            "minutes": {printable(str(module)): by_lang for module, by_lang in minutes},
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print_faults(faults, minutes, sum(map(_modules_in, paths)))
    if any(fault.severity == "fault" for fault in faults):
        raise SystemExit(1)
    if against:
        _compare(paths[0], against)


def _compare(path: Path, against: str) -> None:
    """Prints whether the pack only mends the words of an earlier version of it."""
    with refusals():
        after = read_pack(read_folder(path))
        folder = Path(against)
        before = (
            read_pack(read_folder(folder)) if folder.is_dir() else _installed(after.id, against)
        )
    if before.id != after.id:
        other = _("%(version)s is a version of another pack, “%(pack)s”.")
        raise Refusal(other % {"version": against, "pack": before.id})
    differing = differences(before, after)
    versions = {"before": before.version, "after": after.version}
    if differing:
        click.echo(
            _("Against %(before)s, the structure has changed. Those who began it stay on it.")
            % versions
        )
        for place in differing:
            click.echo(f"  {printable(place)}")
    elif mends(before, after):
        click.echo(
            _(
                "Against %(before)s, only words have changed. Once installed, %(after)s also "
                "reaches those who began it."
            )
            % versions
        )
    else:
        click.echo(
            _(
                "Against %(before)s, only words have changed, but %(after)s is not a patch of it. "
                "To reach those who began it, number it %(right)s."
            )
            % (versions | {"right": next_patch(before.version)})
        )


def _installed(pack_id: str, version: str) -> Pack:
    """That installed version of the pack, from the database of this installation."""

    def load(services: Services) -> Pack:
        return services.library.pack(pack_id, version)

    return with_services(load)()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pauses garbage collection: what a check creates lives as long as the check, and scanning it
    again and again takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _checked(path: Path) -> tuple[list[Fault], Mapping[str, Mapping[str, float]]]:
    try:
        files = read_folder(path)
    except Faults as unreadable:
        return [_placed(path, fault) for fault in unreadable.faults], {}
    found = report(files)
    return [_placed(path, fault) for fault in found.faults], found.minutes


def _modules_in(path: Path) -> int:
    """How many modules the pack has, readable or not."""
    return sum(
        is_pack_file(found.relative_to(path).as_posix()) for found in path.glob("*/module.yaml")
    )


def _print_faults(
    faults: Sequence[Fault], minutes: Sequence[tuple[Path, Mapping[str, float]]], modules: int
) -> None:
    for fault in faults:
        click.echo(worded.line(fault, language()))
    for module, by_lang in minutes:
        takes = ", ".join(
            _("%(minutes)s min in “%(lang)s”", minutes=worded.number(m, language()), lang=lang)
            for lang, m in by_lang.items()
        )
        name = printable(module.name)
        click.echo(_("%(module)s: an average play takes %(takes)s", module=name, takes=takes))
    warnings = sum(fault.severity == "warning" for fault in faults)
    counts = (
        _n("%(num)s module", "%(num)s modules", modules),
        _n("%(num)s fault", "%(num)s faults", len(faults) - warnings),
        _n("%(num)s warning", "%(num)s warnings", warnings),
    )
    click.echo(f"{', '.join(counts)}.")


def _placed(folder: Path, fault: Fault) -> Fault:
    """The fault with the path of its file from the current folder, as editors need it."""
    return replace(fault, file=str(folder / fault.file))


@contextmanager
def _read_from(folder: Path) -> Iterator[None]:
    """Re-raises faults of the pack in ``folder`` with paths from the current folder."""
    try:
        yield
    except Faults as faulty:
        raise Faults(_placed(folder, fault) for fault in faulty.faults) from None


@pack.command()
@argument("path", type=_FOLDER)
@option("--module", metavar="ID", help="Show the address of this module instead of the list.")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on 127.0.0.1; any free one when left out.",
)
def preview(path: Path, module: str | None, port: int) -> None:
    """Play the modules of the pack in PATH in a browser, as learners will see them.

    Each page is made from the files as they are at that moment: edit, reload, and you are still
    where you were. Faults are listed on top; an ending is followed by the whole debrief, filled in
    from what you chose. Nothing is stored, and only this machine can look. Ctrl+C stops it.
    """
    from web.cli.listening import address, listen  # the pages, which no other command needs
    from web.pages.preview import create_app

    if module and not (path / module / "module.yaml").is_file():
        missing = str(path / module / "module.yaml")
        raise click.BadParameter(_("there is no %(file)s", file=missing), param_hint="--module")
    server = listen(create_app(path), "127.0.0.1", port)
    page = f"{address(server)}/{f'modules/{module}' if module else ''}"
    click.echo(_("%(pack)s is shown at %(page)s until Ctrl+C.", pack=path, page=page))
    server.run()


@pack.command()
@argument("path", type=_FOLDER)
@option(
    "--only",
    multiple=True,
    metavar="ID",
    help="Stamp only this string-id, or module/string-id. Repeatable.",
)
def stamp(path: Path, only: tuple[str, ...]) -> None:
    """Mark translations as up to date.

    PATH is the folder that holds pack.yaml. Each heading of a translation gets the hash of the
    source words as they are now; nothing else in the file changes. Read a translation again before
    you stamp it: the stamp is your word that it says what its source says.
    """
    with refusals(), _read_from(path):
        files = read_folder(path)
        _check_named(translated(files), only)
        stamps, changed = due(files, only), stamp_files(files, only)
    for name, data in changed.items():
        (path / name).write_bytes(data)
    for one in stamps:
        hashes = {"before": one.before, "after": one.after}
        stamped = _("was %(before)s, now %(after)s") if one.before else _("new, now %(after)s")
        click.echo(f"{path / one.file}: {one.string} ({stamped % hashes})")
    click.echo(_n("%(num)s string stamped.", "%(num)s strings stamped.", len(stamps)))


def _check_named(known: Sequence[str], only: Sequence[str]) -> None:
    """Refuses the first of ``only`` that is not a string in ``known`` (``module/string-id``),
    suggesting the nearest."""
    strings = dict.fromkeys(name.partition("/")[2] for name in known)
    for name in only:
        if name not in strings and name not in known:
            near = nearest(name, known if "/" in name else strings)
            hint = worded.hint(near if known else Hint("no-translation"), language())
            wrong = _("no translation has “%(string)s”: %(hint)s", string=name, hint=hint)
            raise click.BadParameter(wrong, param_hint="--only")


@pack.command()
@argument("folder", type=click.Path(path_type=Path))
@option(
    "--kind",
    type=click.Choice(sorted(STARTERS)),
    default="scenario",
    show_default=True,
    help="The kind of the activity of its module.",
)
def new(folder: Path, kind: str) -> None:
    """Start a pack that passes the check.

    FOLDER, new or empty, gets one small module in French and English, for you to replace with your
    own. The name of the folder becomes the id of the pack: lower-case letters, digits and hyphens.
    """
    name = Path(os.path.realpath(folder)).name  # works even for a link to itself
    if len(name) > MAX_SLUG:
        raise Refusal(
            _(
                "%(name)s… has %(length)s characters, and a pack’s id has %(most)s at most. Name "
                "another folder.",
                name=printable(name[:MAX_SLUG]),
                length=len(name),
                most=MAX_SLUG,
            )
        )
    with refusals():
        files = new_pack(printable(name), kind)
    try:
        _write_new(folder, files)
    except OSError as error:
        raise Refusal(
            _(
                "%(folder)s cannot be written (%(why)s). Name another folder.",
                folder=printable(str(folder)),
                why=strerror(error),
            )
        ) from None
    has = _n(
        "%(folder)s has %(num)s file.", "%(folder)s has %(num)s files.", len(files), folder=folder
    )
    following = _("Next: %(command)s", command=f"relecture pack check {folder}")
    click.echo(f"{has} {following}")


def _write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        taken = _("%(folder)s is there already; name a folder that is new or empty.", folder=folder)
        raise click.UsageError(taken)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pack.command()
@argument("path", type=_FOLDER)
@with_services
def install(services: Services, path: Path) -> None:
    """Install the pack in PATH, so that courses can be slotted with it.

    The pack is checked first; faults give exit code 1. An installed version never changes:
    installing the same content again does nothing, and other content under the same version is
    refused (change the version). Learners stay on the version they began, unless this is a patch
    that only mends its words.
    """
    with _read_from(path):
        files = read_folder(path)
        there = services.library.holds(files)
        installed = services.library.install(files, services.clock.now())
    news = (
        _("installed already, unchanged.")
        if there
        else _n("%(num)s module installed.", "%(num)s modules installed.", len(installed.modules))
    )
    click.echo(_("%(pack)s: %(news)s", pack=f"{installed.id} {installed.version}", news=news))


@pack.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of both YAML files.

    For editors that complete and check pack.yaml and module.yaml as you type.
    """
    from engine.packs.schema import schema  # imported here because it is slow to load

    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2))
