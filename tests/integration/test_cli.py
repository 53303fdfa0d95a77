"""The command line on a database: what it takes in, and what it refuses with which exit code."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from errno import EACCES
from io import BufferedReader, RawIOBase
from pathlib import Path
from threading import Thread
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.courses import cohorts, outlines
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.tables import Delivery, Learner, Tenant, Touch
from tests import builders
from tests.builders import MODULE, MONDAY, PACK
from tests.integration.commands import create_admin, run
from tests.integration.mailserver import Desk, serving
from web.cli import main
from web.cli.listening import refusal
from web.cli.serve import greeting

ROOT = Path(__file__).parents[2]
COURSE = "title: Budget\nlanguage: fr\nsections:\n  - title: Premier pas\n"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of one organisation in a folder of its own, set up by its environment
    alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    assert create_admin("town", "Ada", "ada@example.org").exit_code == 0


@pytest.fixture
def taken() -> Iterator[str]:
    """A port of this machine that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield str(door.getsockname()[1])


def write(text: str, name: str = "course.yaml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_a_course_is_imported() -> None:
    imported = run("course", "import", write(COURSE))
    assert imported.exit_code == 0 and imported.stdout.startswith("budget: Budget (1 section).")


def test_every_fault_of_a_course_is_a_line_and_the_exit_code_is_1() -> None:
    Path("courses").mkdir()
    refused = run(
        "course", "import", write(COURSE + "    minuts: 5\n    week: soon\n", "courses/c.yaml")
    )
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "courses/c.yaml:5:5: “minuts” is not known here — did you mean “minutes”?",
        "courses/c.yaml:6:11: “soon” is no whole number from 1 to 520 — write week as digits alone",
    ]
    assert run("pack", "new", PACK).exit_code == run("pack", "install", PACK).exit_code == 0
    assert run("course", "slot", "budget").exit_code == 2


def test_how_a_table_was_read_and_what_was_left_out_of_it_is_shown_and_the_rest_imported() -> None:
    table = "Jardin;;\n;;\nDate;Thème;Durée\n03/04/2026;Semer;1h30\n;Total;1h30\n"
    shown = run("course", "import", write(table, "plan.csv"))
    assert shown.exit_code == 0 and shown.stdout.splitlines() == [
        "Read as CSV, utf-8, delimiter ;, headings on line 3, language fr:",
        "  1 Date: starts (03/04/2026)",
        "  2 Thème: title (Semer; Total)",
        "  3 Durée: minutes (1h30; 1h30)",
        "Left out, or read otherwise than it stands:",
        "  Line 5 is a total: “Total”.",
        "jardin: Jardin (1 section). Next: relecture course slot jardin",
    ]


def test_a_table_is_only_checked_when_somebody_says_so() -> None:
    table = "quoi;combien\nSemer;2\nArroser;1\n"
    options = ("--column", "1=title", "--column", "2=minutes", "--unit", "min", "--title", "Jardin")
    checked = run("course", "import", write(table, "plan.csv"), "--check", *options)
    assert checked.exit_code == 0 and checked.stdout.splitlines()[-3:] == [
        "Jardin (fr):",
        "  Semer (week 1, 2 min)",
        "  Arroser (week 2, 1 min)",
    ]
    assert run("course", "slot", "jardin").exit_code != 0
    wrong = run("course", "import", "plan.csv", "--column", "title=1")
    assert wrong.exit_code == 2 and "should read NUMBER=FIELD" in wrong.stderr


def test_what_a_day_and_a_duration_leave_open_is_said_on_the_command_line() -> None:
    table = "titre;début;durée\nSemer;3/4;2\n"
    said = ("--year", "2026", "--month-first", "--unit", "h")
    checked = run("course", "import", write(table, "plan.csv"), "--check", *said)
    assert checked.stdout.splitlines()[-1].endswith("2026-03-04, 120 min)")


def test_a_file_that_is_no_outline_is_refused_for_what_it_is() -> None:
    Path("plan.csv").write_bytes(b"%PDF-1.7\n")
    refused = run("course", "import", "plan.csv")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "plan.csv: This is a PDF: no table can be read in it. Save or copy the table as XLSX, ODS "
        "or CSV.\n"
    )


def test_slotting_without_a_pack_names_the_command_that_installs_one() -> None:
    assert run("course", "import", write(COURSE)).exit_code == 0
    for options in ((), ("--dry-run",), ("--json",)):
        refused = run("course", "slot", "budget", *options)
        assert (refused.exit_code, refused.stdout) == (
            1,
            "",
        ) and "relecture pack install content_packs/" in refused.stderr


@pytest.mark.parametrize(
    "title", ["a [/] b", "[bold]x[/bold]", "[link=https://exemple.org]x", ":smile:", "[red"]
)
def test_a_section_is_shown_as_it_is_written_whatever_its_brackets(title: str) -> None:
    assert run("pack", "new", PACK).exit_code == run("pack", "install", PACK).exit_code == 0
    section = f"title: Budget\nlanguage: fr\nsections:\n  - title: '{title}'\n    id: un\n"
    assert run("course", "import", write(section)).exit_code == 0
    slotted = run("course", "slot", "budget", "--pin", f"{MODULE}:un")
    assert slotted.exit_code == 0 and f"\n{title} " in slotted.stdout


def test_a_title_that_would_drive_the_terminal_drives_nothing() -> None:
    assert run("pack", "new", PACK).exit_code == run("pack", "install", PACK).exit_code == 0
    outline = 'id: budget\ntitle: "A\\e[2J"\nlanguage: fr\nsections: [{id: un, title: "B\\e[2J"}]\n'
    imported = run("course", "import", write(outline))
    slotted = run("course", "slot", "budget", "--pin", f"{MODULE}:un")
    assert "A[2J" in imported.stdout and "B[2J" in slotted.stdout
    assert "\x1b" not in imported.stdout + slotted.stdout


def test_of_a_pipe_that_goes_on_no_more_is_read_than_the_limit_that_is_named() -> None:
    os.mkfifo("course.yaml")
    passed: list[int] = []

    def go_on() -> None:
        with Path("course.yaml").open("wb", 0) as pipe, suppress(BrokenPipeError):
            passed.extend(pipe.write(b"# and on\n" * 1_000) for _ in range(1_000))

    writer = Thread(target=go_on)
    writer.start()
    refused = run("course", "import", "course.yaml")
    writer.join()
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "course.yaml holds more than 1 MB, which is the limit. Nothing was kept.\n"
    )
    assert sum(passed) < 2_000_000


def test_a_device_without_end_is_refused_like_a_file_that_is_too_large() -> None:
    Path("large.csv").write_bytes(b"titre\n" + b"x\n" * 500_000)
    for name in ("/dev/zero", "/dev/urandom", "large.csv"):
        refused = run("course", "import", name)
        assert refused.exit_code == 2 and refused.stderr.startswith(f"{name} holds more than 1 MB")


def test_of_standard_input_no_more_is_read_than_a_password_may_have() -> None:
    endless = Endless()
    refused = CliRunner().invoke(
        main,
        "admin create --email eva@example.org --name Eva --organisation town --password-stdin",
        input=BufferedReader(endless),
    )
    assert refused.exit_code == 2 and "200" in refused.stderr
    assert endless.read_so_far < 1_000_000


class Endless(RawIOBase):
    """A line of 20 MB, and how much of it was asked for."""

    read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = max(0, min(len(buffer), 20_000_000 - self.read_so_far))
        buffer[:left] = b"x" * left
        self.read_so_far += left
        return left


def test_one_module_pinned_twice_in_one_go_is_a_conflict() -> None:
    assert run("pack", "new", PACK).exit_code == run("pack", "install", PACK).exit_code == 0
    assert run("course", "import", write(COURSE + "  - title: Deux\n")).exit_code == 0
    refused = run(
        "course", "slot", "budget", "--pin", f"{MODULE}:premier-pas", "--pin", f"{MODULE}:deux"
    )
    assert refused.exit_code == 1 and refused.stdout == "" and MODULE in refused.stderr


def test_every_fault_of_a_pack_is_a_line_and_the_exit_code_is_1() -> None:
    assert run("pack", "new", PACK).exit_code == 0
    write(
        Path(PACK, "pack.yaml").read_text(encoding="utf-8").replace("format: 1", "format: 2"),
        f"{PACK}/pack.yaml",
    )
    refused = run("pack", "install", PACK)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{PACK}/pack.yaml:") and " — " in refused.stderr


def test_whoever_is_invited_is_mailed_the_link_that_the_page_would_mail_and_a_refused_mail_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    desk.refused = {"gone@example.org"}
    assert run("course", "import", write(COURSE)).exit_code == 0
    with serving(desk) as server:
        monkeypatch.setenv("RELECTURE_SMTP_URL", f"smtp://127.0.0.1:{server.port}?starttls=no")
        invited = run(
            "course",
            "invite",
            "budget",
            "noe@example.org",
            "gone@example.org",
            "ines@example.org",
            "noe@example.org",
        )
    assert (invited.exit_code, invited.stdout) == (1, "3 invitations, 2 mailed.\n")
    assert invited.stderr.startswith("gone@example.org: the mail was refused (550 ")
    assert [(mail["To"], mail["Subject"]) for mail in desk.taken] == [
        ("noe@example.org", "town vous invite\u202f: Budget"),
        ("ines@example.org", "town vous invite\u202f: Budget"),
    ]
    body = desk.taken[0].get_body(("plain",))
    assert body and re.search(
        r"^http://127\.0\.0\.1:8000/invitation/\S+", body.get_content(), re.MULTILINE
    )


def test_without_a_mail_server_invitations_are_said_to_be_files() -> None:
    assert run("course", "import", write(COURSE)).exit_code == 0
    invited = run("course", "invite", "budget", "noe@example.org")
    assert (invited.exit_code, invited.stdout) == (
        0,
        "1 invitation, 1 mailed.\n"
        "Mails are written to var/mail, since RELECTURE_SMTP_URL is empty.\n",
    )
    assert len(list(Path("var/mail/new").iterdir())) == 1
    malformed = run("course", "invite", "budget", "ines@example.org", "lea")
    assert malformed.exit_code == 2 and len(list(Path("var/mail/new").iterdir())) == 1


def test_a_refusal_has_exit_code_2() -> None:
    assert run("pack", "new", PACK).exit_code == run("pack", "install", PACK).exit_code == 0
    write(
        Path(PACK, "pack.yaml").read_text(encoding="utf-8") + "# other content\n",
        f"{PACK}/pack.yaml",
    )
    refused = run("pack", "install", PACK)
    assert refused.exit_code == 2 and "is installed with other content" in refused.stderr


def test_installing_the_same_pack_again_says_that_nothing_changed() -> None:
    assert run("pack", "new", PACK).exit_code == 0
    assert run("pack", "install", PACK).stdout == f"{PACK} 0.1.0: 1 module installed.\n"
    assert run("pack", "install", PACK).stdout == f"{PACK} 0.1.0: installed already, unchanged.\n"


def shown(command: click.Command) -> Iterator[str]:
    """The commands that a command's help shows, and the help of those below it, without what is
    said of them beside."""
    yield from re.findall(r"^ +(relecture .+?)(?:  .*)?$", command.help or "", re.MULTILINE)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from shown(below)


def test_every_command_in_the_help_that_names_a_pack_a_course_a_module_or_a_section_is_true() -> (
    None
):
    for folder in ("docs", "content_packs"):
        Path(folder).symlink_to(ROOT / folder)
    assert run("pack", "install", "content_packs/modeles-socio-economiques").exit_code == 0
    true = [
        line
        for line in shown(main)
        if "modeles-socio-economiques" in line or "content_packs" in line
    ]
    assert any("--pin" in line for line in true) and len(true) >= 6
    for line in true:
        words = [
            path
            for word in shlex.split(line)[1:]
            for path in (map(str, Path().glob(word)) if "*" in word else [word])
        ]
        done = run(*words)
        assert done.exit_code == 0, f"{line}: {done.stderr}"


@pytest.mark.parametrize(
    ("email", "organisation", "password"),
    [
        ("eva@example.org", "Valley", "too short"),
        ("eva", "Valley", "a long pass phrase"),
        ("eva@example.org", "!", "a long pass phrase"),
    ],
)
def test_an_administrator_who_cannot_be_made_leaves_no_organisation_behind(
    tmp_path: Path, email: str, organisation: str, password: str
) -> None:
    refused = create_admin(organisation, "Eva", email, f"{password}\n".encode())
    assert refused.exit_code == 2
    with Database(f"sqlite:///{tmp_path / 'test.db'}").shared() as unit:
        assert unit.scalars(select(Tenant.id)).all() == ["town"]


def organisations() -> list[tuple[str, str]]:
    db = Database(os.environ["RELECTURE_DATABASE_URL"])
    with db.shared() as unit:
        found = [(row.id, row.name) for row in unit.scalars(select(Tenant).order_by(Tenant.id))]
    db.close()
    return found


def test_an_organisation_is_joined_by_its_name_or_id_and_by_no_name_of_the_same_id() -> None:
    assert (
        create_admin("Valley").exit_code
        == create_admin("Valley", email="b@example.org").exit_code
        == 0
    )
    assert create_admin("valley", email="c@example.org").exit_code == 0
    for other in ("Valley!", "VALLEY"):
        refused = create_admin(other, email="d@example.org")
        assert refused.exit_code == 2
        [line] = refused.stderr.splitlines()
        assert (
            f"“{other}” has the id valley, which is that of “Valley”" in line
            and "write --organisation valley" in line
        )
    long = "A very long name of an organisation, the first sixty letters of which "
    assert create_admin(long + "are these", email="e@example.org").exit_code == 0
    assert create_admin(long + "are those", email="f@example.org").exit_code == 2
    assert [name for _, name in organisations()] == [long + "are these", "town", "Valley"]


def test_a_name_without_a_latin_letter_is_told_how_to_get_an_id_and_two_such_names_never_meet() -> (
    None
):
    for name in ("日本", "Москва", "!!!", "   "):
        refused = create_admin(name)
        [line] = refused.stderr.splitlines()
        assert (
            refused.exit_code == 2
            and "has no letter from A to Z and no digit" in line
            and "beside its own" in line
        )
    assert create_admin("Nihon 日本").exit_code == 0
    assert create_admin("Nihon 中国", email="b@example.org").exit_code == 2
    assert organisations() == [("nihon", "Nihon 日本"), ("town", "town")]


@pytest.mark.parametrize(
    ("name", "organisation", "said"),
    [
        ("E" * 400, "Valley", "--name has 400 characters, and 120 at most are kept."),
        ("Eva", "V" * 400, "--organisation has 400 characters, and 200 at most are kept."),
        ("Eva\0", "Valley", "--name holds a sign that cannot be printed."),
        ("Eva", "Val\0ley", "--organisation holds a sign that cannot be printed."),
    ],
)
def test_a_name_that_no_column_or_page_could_hold_is_refused_on_every_database(
    name: str, organisation: str, said: str
) -> None:
    refused = create_admin(organisation, name)
    [line] = refused.stderr.splitlines()
    assert refused.exit_code == 2 and line.startswith(said)
    assert organisations() == [("town", "town")]


def test_arguments_that_are_not_utf_8_are_refused_in_one_line() -> None:
    file = write("Titre\nUn\n", "n\udcff.csv")
    for refused in (
        create_admin("a\udcff"),
        create_admin("Valley", "a\udcff"),
        create_admin("Valley", email="a\udcff@example.org"),
        run("course", "import", file),
        run("course", "invite", "budget", "a@example.org", "b\udcff@example.org"),
        run("mail", "parked", "--organisation", "a\udcff"),
    ):
        [line] = refused.stderr.splitlines()
        assert refused.exit_code == 2 and "is not UTF-8. Write it in UTF-8" in line
    assert organisations() == [("town", "town")]


@pytest.mark.parametrize(
    "email", ["lea@example.org.", "a@b..c", "=?utf-8?b?QUFB?=@x.org", "é@exemple.fr"]
)
def test_nobody_is_invited_at_an_address_that_no_mail_could_reach(email: str) -> None:
    assert run("course", "import", write(COURSE)).exit_code == 0
    invited = run("course", "invite", "budget", "noe@example.org", email)
    assert (invited.exit_code, invited.stdout) == (2, "") and email in invited.stderr
    assert not Path("var/mail").exists()


def test_a_password_that_is_not_utf_8_is_refused_in_one_line() -> None:
    refused = create_admin("Valley", password=b"a long pass \xff phrase\n")
    [line] = refused.stderr.splitlines()
    assert (
        refused.exit_code == 2
        and line.startswith("The password is not UTF-8.")
        and "pass phrase" not in line
    )
    assert organisations() == [("town", "town")]


def test_an_organisation_raises_from_how_many_on_people_see_of_each_other_and_never_lowers_it() -> (
    None
):
    assert run("admin", "floor").output.endswith("from 5 people on.\n")
    assert run("admin", "floor", "10").output == run("admin", "floor").output
    assert run("admin", "floor").output.endswith("from 10 people on.\n")
    lower = run("admin", "floor", "4")
    assert lower.exit_code == 2 and "from 5 people on" in lower.output


def test_an_organisation_is_shown_and_given_a_gentler_rhythm_and_never_a_harsher_one() -> None:
    def rhythm(*wishes: str) -> Result:
        return run("admin", "rhythm", *wishes)

    assert rhythm().output.splitlines()[:2] == ["The default rhythm.", "  hour: 08:40"]
    gentler = rhythm("--week-minutes", "4", "--days-off", "3,6,7", "--country", "none")
    assert gentler.output == rhythm().output and gentler.exit_code == 0
    assert gentler.output.splitlines()[0] == "The organisation’s own rhythm."
    assert {"  week-minutes: 4.0", "  days-off: 3,6,7", "  country: none"} <= set(
        gentler.output.splitlines()
    )
    harsher = rhythm("--week-minutes", "9")
    assert harsher.exit_code == 2 and "at most 6 minutes a week" in harsher.output
    assert rhythm().output == gentler.output
    assert rhythm("--default", "--hour", "09:00").exit_code == 2
    assert rhythm("--default").output.startswith("The default rhythm.")


def test_who_is_made_lives_in_the_time_zone_of_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RELECTURE_TIME_ZONE", "America/Montreal")
    assert create_admin("Valley").exit_code == 0
    db = Database(os.environ["RELECTURE_DATABASE_URL"])
    with db.read("valley") as unit:
        assert unit.scalars(select(Learner.zone)).all() == ["America/Montreal"]
    db.close()


def test_a_wrong_setting_has_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "short")
    for refused in (run("course", "import", write(COURSE)), run("pack", "install", ".")):
        assert refused.exit_code == 2 and "RELECTURE_SECRET_KEY" in refused.stderr


@pytest.mark.parametrize("command", [("serve",), ("pack", "preview", PACK), ("lti", "platform")])
def test_a_port_that_is_taken_is_refused_like_everything_else(
    taken: str, command: tuple[str, ...]
) -> None:
    run("pack", "new", PACK)
    refused = run(*command, "--port", taken)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert (
        refused.stderr
        == f"127.0.0.1:{taken} cannot be used (Address already in use). Choose another with "
        "--port.\n"
    )


@pytest.mark.parametrize(
    "host",
    [
        "no such host",
        "a..b",
        ".",
        "a" * 64,
        "a." * 200,
        "203.0.113.7",
        "2001:db8::1",
        "1.2.3.4.5",
        "é..b",
    ],
)
def test_an_address_that_is_not_of_this_machine_is_refused_on_one_line(host: str) -> None:
    refused = run("serve", "--host", host, "--port", "0")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"{host}:0 cannot be used (")
    assert refused.stderr.endswith("Choose an address of this machine with --host.\n")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["99999", "-1", "x", "", "8000x", "1" * 5000])
@pytest.mark.parametrize("command", [("serve",), ("pack", "preview", "."), ("lti", "platform")])
def test_what_is_no_port_is_refused(command: tuple[str, ...], port: str) -> None:
    refused = run(*command, "--port", port)
    assert (refused.exit_code, refused.stdout) == (2, "") and "--port" in refused.stderr


def test_a_port_of_the_system_is_refused_with_what_to_do_instead() -> None:
    said = refusal("127.0.0.1", 80, PermissionError(EACCES, "Permission denied"))
    assert said == (
        "127.0.0.1:80 cannot be used (Permission denied). Choose one from 1024 on with --port, "
        "and let a proxy pass requests on to it."
    )


def test_whoever_serves_reads_where_the_pages_are_and_how_readers_reach_them() -> None:
    here = "http://127.0.0.1:9000"
    assert greeting(here, here) == f"Relecture is at {here}. Ctrl+C stops it."
    first, second = greeting(here, "https://relecture.example.org").splitlines()
    assert (
        here in first
        and "https://relecture.example.org" in second
        and "RELECTURE_BASE_URL" in second
    )


@pytest.fixture
def served() -> Iterator[list[str]]:
    """What ``relecture serve`` says when it starts on any free port; it serves until the test
    ends."""
    start = "from web.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", start, "serve", "--port", "0"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    yield [process.stdout.readline(), process.stdout.readline()]
    process.terminate()
    assert process.wait() == 0
    process.stdout.close()


def test_what_is_far_too_long_is_refused_in_the_readers_words_by_the_server_that_is_served(
    served: list[str],
) -> None:
    here = re.search(r"http://127\.0\.0\.1:(\d+)", served[0])
    assert here and "http://127.0.0.1:8000 (RELECTURE_BASE_URL)" in served[1]
    line = http.client.HTTPConnection("127.0.0.1", int(here[1]))
    line.request(
        "POST",
        "/sign-in",
        b"email=" + b"x" * 20_000_000,
        {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "fr"},
    )
    answer = line.getresponse()
    assert answer.status == 413 and "trop long" in answer.read().decode()
    line.close()


def test_parked_mails_are_listed_with_how_often_each_was_tried(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'test.db'}")
    with db.write("town") as unit:
        learner = builders.learner(
            unit, Library(db), outlines.import_outline(unit, builders.outline(), MONDAY)
        )
        for number in (1, 2):
            unit.add(
                Touch(
                    learner=learner.id,
                    number=number,
                    due_at=MONDAY,
                    expires_at=MONDAY,
                    minutes=1,
                    state="missed",
                )
            )
            unit.flush()
            unit.add(
                Delivery(
                    learner=learner.id,
                    touch=number,
                    channel="mail",
                    state="parked",
                    attempts=number,
                    error="550",
                    next_at=MONDAY + timedelta(days=-number),
                )
            )
        unit.commit()
    db.close()
    first, second, count = run("mail", "parked").stdout.splitlines()
    assert "  1 try  550" in first and "  2 tries  550" in second and count == "2 parked."


def other_version(folder: Path, number: str, structure: str = "") -> Path:
    """The starter pack as that version, with another sentence, and perhaps another structure."""
    assert run("pack", "new", str(folder)).exit_code == 0
    manifest, words = folder / "pack.yaml", folder / "la-vitrine/fr.md"
    manifest.write_text(
        manifest.read_text()
        .replace("0.1.0", number)
        .replace(f"id: {folder.name}", "id: starter", 1)
    )
    words.write_text(words.read_text().replace("?", " ? Corrigé.", 1))
    module = folder / "la-vitrine/module.yaml"
    module.write_text(
        module.read_text().replace("maturity: [1, 2]", structure or "maturity: [1, 2]")
    )
    assert run("pack", "stamp", str(folder)).exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("number", "structure", "told"),
    [
        (
            "0.1.1",
            "",
            "only words have changed. Once installed, 0.1.1 also reaches those who began",
        ),
        ("0.2.0", "", "0.2.0 is not a patch of it. To reach those who began it, number it 0.1.1"),
        ("0.1.1", "maturity: [1, 3]", "the structure has changed. Those who began it stay on it"),
    ],
)
def test_pack_check_against_an_earlier_version_says_whom_the_words_reach(
    tmp_path: Path, number: str, structure: str, told: str
) -> None:
    before = other_version(tmp_path / "before", "0.1.0")
    after = other_version(tmp_path / "after", number, structure)
    checked = run("pack", "check", str(after), "--against", str(before))
    assert checked.exit_code == 0 and told in checked.output
    assert ("la-vitrine: maturity" in checked.output) is bool(structure)
    assert run("pack", "check", str(after), str(before), "--against", "0.1.0").exit_code == 2


def test_a_list_is_invited_and_whoever_cannot_be_is_named() -> None:
    assert run("course", "import", write(COURSE)).exit_code == 0
    Path("liste.csv").write_text(
        "Nom;Prénom;Courriel\nEssai;Cy;cy@\nEXEMPLE;Anne;anne@example.org\n", encoding="utf-8"
    )
    invited = run("course", "invite", "budget", "--list", "liste.csv")
    assert invited.exit_code == 0 and invited.stdout.startswith("1 invitation, 1 mailed")
    assert "Line 2" in invited.stderr and "cy@" in invited.stderr


MEMBERS = "Courriel;Groupe\nlea@example.org;A\nnoe@example.org;A\nada@example.org;\n"


@pytest.fixture
def members_of_budget(tmp_path: Path) -> str:
    """A list of two who are in the course already: Léa in no cohort, Noé in cohort Z."""
    assert run("course", "import", write(COURSE)).exit_code == 0
    db = Database(os.environ["RELECTURE_DATABASE_URL"])
    with db.write("town") as unit:
        course = outlines.course_by_slug(unit, "budget")
        builders.learner(unit, Library(db), course)
        noe = builders.learner(unit, Library(db), course, "noe@example.org")
        cohorts.set_members(unit, cohorts.named(unit, course, "Z"), [noe.account.id])
        unit.commit()
    return write(MEMBERS, "liste.csv")


@pytest.mark.parametrize(
    ("locale", "stayed", "moved"),
    [
        (
            "C",
            [
                "1 joined the cohort of the list.",
                "1 stays in another cohort; --move moves them.",
            ],
            ["1 moved out of another cohort into that of the list."],
        ),
        (
            "fr_FR.UTF-8",
            [
                "1 personne a rejoint la promotion de la liste.",
                "1 personne reste dans une autre promotion\u202f; --move la déplace.",
            ],
            ["1 personne a quitté une autre promotion pour celle de la liste."],
        ),
    ],
)
def test_who_is_in_the_course_joins_the_cohort_of_a_list_and_leaves_another_only_when_told(
    members_of_budget: str,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    stayed: list[str],
    moved: list[str],
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    first = run("course", "invite", "budget", "--list", members_of_budget)
    assert first.exit_code == 0 and first.stdout.splitlines()[-2:] == stayed
    again = run("course", "invite", "budget", "--list", members_of_budget, "--move")
    assert again.exit_code == 0 and again.stdout.splitlines()[-1:] == moved
    db = Database(os.environ["RELECTURE_DATABASE_URL"])
    with db.read("town") as unit:
        course = outlines.course_by_slug(unit, "budget")
        assert {one.name: one.size for one in cohorts.cohorts_of(unit, course)} == {
            "A": 2,
            "Z": 0,
        }


def test_inviting_nobody_says_how() -> None:
    assert run("course", "import", write(COURSE)).exit_code == 0
    invited = run("course", "invite", "budget")
    assert invited.exit_code == 2 and "--list" in invited.stderr
