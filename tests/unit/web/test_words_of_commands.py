"""The command line speaks the language of its reader: which one that is, that everything has its
French, and that what is checked is told at the same places in both."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from engine.packs.new import new_pack
from web.cli import SUMMARIES, main
from web.words import catalogues
from web.words.messages import counted, messages
from web.words.sentences_faults import FAULTS, HINTS
from web.words.terminal import AS_IT_STANDS, help_messages, language

ROOT = Path(__file__).parents[3]
FRENCH = {"LC_ALL": "fr_FR.UTF-8"}


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every command and group, the program itself first."""
    yield path
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name)


def command(path: tuple[str, ...]) -> click.Command:
    found: click.Command | None = main
    for name in path:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name)
    assert found is not None
    return found


def run(*arguments: str, french: bool = True) -> Result:
    return CliRunner().invoke(main, list(arguments), env=FRENCH if french else {"LC_ALL": "C"})


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_CA@euro"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LC_MESSAGES": "fr_FR.UTF-8", "LC_ALL": "POSIX"}, "en"),
        ({"LC_MESSAGES": "en_US", "LC_ALL": "fr_FR"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}, "fr"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "fr"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], said: str) -> None:
    assert language(environ) == said


def test_commands_read_the_catalogue_as_babel_does() -> None:
    read = messages("fr")
    for message in catalogues.written("fr"):
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        first = message.id if isinstance(message.id, str) else message.id[0]
        assert read[(message.context or "") + first][: len(forms)] == forms or not message.id
    assert [counted("fr", "%(num)s module", "", n)[-1] for n in (0, 1, 2)] == ["e", "e", "s"]
    assert [counted("en", "one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]


@pytest.mark.parametrize("path", [path for path in commands() if path], ids=" ".join)
def test_the_help_of_every_command_has_its_french(path: tuple[str, ...]) -> None:
    wanted, known, one = list[str](), messages("fr"), command(path)
    with click.Context(one, info_name=path[-1], parent=click.Context(main)) as context:
        wanted += help_messages(one.help or "")
        for parameter in one.get_params(context):
            if isinstance(parameter, click.Option):
                wanted += help_messages(parameter.help or "")
                if not parameter.is_flag and not isinstance(parameter.type, click.Choice):
                    wanted.append(click.Option.make_metavar(parameter, context))
            if isinstance(parameter, click.Argument):
                wanted.append(click.Argument.make_metavar(parameter, context))
    assert wanted
    assert [one for one in wanted if one.removeprefix(AS_IT_STANDS) not in known] == []


def test_every_help_is_shown_in_french_and_keeps_nothing_of_the_english() -> None:
    """In a process of its own: click keeps the help of some options."""
    walk = (
        "from tests.unit.web.test_words_of_commands import commands, command, shown;"
        "print('\\n'.join(map(shown, commands())))"
    )
    said = subprocess.run(
        [sys.executable, "-c", walk],
        cwd=ROOT,
        env=FRENCH | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    for english in ("Usage:", "Options:", "Commands:", "Show ", "[default", "[required", "TEXT "):
        assert english not in said
    assert not re.search(r"\b(the|of|with|and|every|which|is|are)\b", _prose(said))
    assert said.count("Usage\u202f: relecture") == len(list(commands()))


def shown(path: tuple[str, ...]) -> str:
    """The help of a command, as it is printed."""
    parent = None
    for end in range(len(path)):
        parent = click.Context(command(path[:end]), parent=parent, info_name="relecture")
    name = path[-1] if path else "relecture"
    with click.Context(command(path), info_name=name, parent=parent) as context:
        return context.get_help()


def _prose(said: str) -> str:
    """Without names that stay as they are: options, commands, values, addresses, quotations."""
    return re.sub(r'"[^"]*"|\S*[-_/=.|]\S*|\[[\w|]+\]|^ +(?:\.venv\S+|Read|Open) .*$', "", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pack", "check"), "Erreur\u202f: Il manque l’argument 'CHEMIN...'."),
        (("pack", "check", "nulle-part"), "nulle-part' : il n’existe pas."),
        (("serve", "--port", "x"), "'x' n’est pas un nombre qui convient."),
        (("serve", "--port", "70000"), "70000 est hors de l’intervalle 0<=x<=65535."),
        (("serve", "--prot", "1"), "Il n’y a pas d’option '--prot'."),
        (("pakc",), "Il n’y a pas de commande 'pakc'."),
        (("admin", "create"), "Il manque l’option '--email'."),
        (("course", "import"), "Il manque l’argument 'FICHIER'."),
        (("admin", "create", "--language", "de"), "'de' n’est pas dans\u202f: 'fr', 'en'."),
        (("course", "slot", "a", "b"), "Argument de trop (b)"),
        (("pack", "new", "--x"), "new --help » donne l’aide."),
        (("serve", "--port"), "L’option '--port' demande une valeur."),
        (("course", "import", "docs", "--year", "3"), "3 est hors de l’intervalle"),
    ],
)
def test_what_was_typed_wrong_is_said_in_french(arguments: tuple[str, ...], said: str) -> None:
    wrong = run(*arguments)
    plain = wrong.output.replace("\u202f", " ")
    assert wrong.exit_code == 2 and said.replace("\u202f", " ") in plain
    assert not re.search(r"Error|Invalid|Missing|No such|Usage:|Try", wrong.output)


def test_a_faulty_pack_is_told_in_both_languages_at_the_same_places(tmp_path: Path) -> None:
    files = new_pack("mon-pack")
    module = files["la-vitrine/module.yaml"]
    files["la-vitrine/module.yaml"] = module.replace(b"to: cle,", b"to: clef,", 1)
    files["la-vitrine/fr.md"] += b"\n## de-trop\n{rien} <b>\n"
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    both = [run("pack", "check", str(tmp_path), french=french) for french in (True, False)]
    french, english = (found.output.splitlines() for found in both)
    assert [found.exit_code for found in both] == [1, 1] and len(french) == len(english) > 2
    places = [[re.match(r"\S+:\d+:\d+: ", line) for line in lines] for lines in (french, english)]
    assert [m and m[0] for m in places[0]] == [m and m[0] for m in places[1]]
    assert any(
        "il n’y a pas de moment « clef » — vouliez-vous dire « cle »" in line.replace("\u202f", " ")
        for line in french
    )
    assert any("there is no node “clef” — did you mean “cle”?" in line for line in english)
    assert french[-1].startswith("1 module, ") and "avertissement" in french[-1]


def test_every_fault_and_every_hint_has_its_french() -> None:
    phrases = {phrase for both in FAULTS.values() for phrase in both} | set(HINTS.values())
    assert phrases - set(messages("fr")) == set()
    assert all(messages("fr")[phrase][0] != phrase for phrase in phrases - {"%(hint)s"})


def test_no_words_are_kept_for_a_fault_that_the_code_does_not_find() -> None:
    """That each has words, and gives what they hold, is seen where each is found: every test of a
    fault says it in both languages."""
    code = "".join(file.read_text("utf-8") for file in (ROOT / "engine").rglob("*.py"))
    spelled = set(re.findall(r'"([a-z0-9.-]+)"', code))
    assert {
        case for case in FAULTS if not {case, case.partition(".")[0]} & (spelled | COMPOSED)
    } == (set())


COMPOSED = {"wrong-type", "out-of-range", "markup-refused", "title-missing"}
"""Codes whose cases are put together where they are found."""


def test_the_summaries_of_commands_have_their_french() -> None:
    assert set(SUMMARIES.values()) <= set(messages("fr"))
