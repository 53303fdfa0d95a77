"""What a file says of the course as a whole: lines such as ``# langue: fr``, the lines above a
table, the front matter of a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.curriculum.build import Cell, CellReader, audience_of
from engine.curriculum.cells import unmarked
from engine.curriculum.headings import most
from engine.curriculum.limits import MAX_TITLE
from engine.curriculum.names import AUDIENCE, COURSE, guesses, named, slug, spoken
from engine.curriculum.outline import Audience, Outline, Section
from engine.curriculum.reasons import LineAbove, SettingUnread
from engine.curriculum.vocabulary import DAY_FIRST, LANGUAGE_NAMES, SMALL_WORDS, listed
from engine.values.folding import fold
from engine.values.languages import Lang, language_of
from engine.values.lines import one_line
from engine.values.reasons import Reason

_KNOWN = {name: words for name, words in COURSE.items() if name not in ("audience", "sections")} | {
    name: words for name, words in AUDIENCE.items() if name != "language"
}
_TITLES = listed(
    "formation|intitule|intitule du cours|intitule de la formation|titre du cours|nom du cours|"
    "titre de la formation|nom de la formation|course title|course name|module|programme",
    "|",
)
_STARTS = frozenset(("date de debut", "start date", "debut de la formation", "demarrage"))
_OTHERS = re.compile(
    r"^(responsable|referente?|enseignante?s?|intervenante?s?|format(eur|rice)s?|contact|salle|lieu|"
    r"public vise|version|date|mis a jour|mise a jour|e?mail|courriel|promotion|annee|horaires?|"
    r"instructor|teacher|professor|room|location|semester|term|office|duree|volume|credits?|ects|"
    r"last updated|updated|layout|permalink|author|auteur|code|niveau|level|prerequis|department)\b"
)


@dataclass
class About:
    """What is known of a course before its sections; ``said`` holds fields with their lines."""

    said: dict[str, Cell] = field(default_factory=dict)
    title: str = ""
    language: Lang | None = None
    left_out: list[Reason] = field(default_factory=list)

    def settings(self, lines: Iterable[tuple[int, str]]) -> None:
        """Takes what “# name: value” lines say, each with its number; others are comments."""
        told = [(number, *line.partition(":")) for number, line in lines]
        language = spoken(name for _number, name, _colon, _value in told)
        for number, name, _colon, value in told:
            if named(name, _KNOWN) and value.strip():
                self._setting(number, name, value.strip())
            elif value.strip() and (near := guesses(name, _KNOWN, language)):
                words = f"{name.strip()}: {value.strip()}"
                self.left_out.append(SettingUnread(number, words[:MAX_TITLE], near[0]))

    def read(self, lines: Iterable[tuple[int, str]]) -> None:
        """Takes what these lines say, each with its number; the first that is no “name: value” is
        the title, and the others are left out."""
        for number, line in lines:
            name, colon, value = unmarked(line).strip().strip(' ;,\t"|').partition(":")
            if colon and value.strip():
                self._setting(number, name, value.strip())
            elif name.strip():
                self._line(number, name.strip())

    def _setting(self, number: int, name: str, value: str) -> None:
        key, value = fold(name), value.strip("\"'")
        known = named(name, _KNOWN)
        if known == "title" or key in _TITLES:
            self.title = one_line(value)[:MAX_TITLE]
        elif known == "language":
            self.language = language_of(value) or LANGUAGE_NAMES.get(fold(value))
            if self.language is None:
                self.left_out.append(SettingUnread(number, f"{name.strip()}: {value}"[:MAX_TITLE]))
        elif known or key in _STARTS:
            self.said[known or "starts_on"] = Cell(value, (number, 1))
        elif not self.title and not _OTHERS.match(key):
            self.title = one_line(f"{name.strip()} : {value}")[:MAX_TITLE]
        else:
            self.left_out.append(LineAbove(number, f"{name.strip()}: {value}"[:MAX_TITLE]))

    def _line(self, number: int, words: str) -> None:
        if not self.title and not _OTHERS.match(fold(words)):
            self.title = one_line(words)[:MAX_TITLE]
        else:
            self.left_out.append(LineAbove(number, one_line(words)[:MAX_TITLE]))

    def outline(self, sections: Sequence[Section], title: str, language: Lang) -> Outline:
        """The outline of these sections. What cannot be read of the course is left out and said."""
        title = self.title or title
        reader = CellReader("", day_first=DAY_FIRST[language] is True)
        starts, made = reader.day(self.said, "starts_on"), reader.text(self.said, "id")
        audience: Audience = audience_of(reader, self.said, language)
        theme = one_line(reader.text(self.said, "theme")) or None
        for fault in reader.faults:
            words = next(str(c.value) for c in self.said.values() if c.mark[0] == fault.line)
            self.left_out.append(SettingUnread(fault.line, words[:MAX_TITLE]))
        return Outline(
            id=slug(made) or slug(title) or "course",
            title=title,
            language=language,
            audience=audience,
            sections=tuple(sections),
            starts_on=starts,
            theme=theme,
        )


def language_by_words(text: str) -> Lang | None:
    """The language in which most small words of a text are; None if that is undecided."""
    words = fold(text[:50_000]).split()
    return most({lang: sum(word in small for word in words) for lang, small in SMALL_WORDS.items()})


def years_in(text: str) -> tuple[int, ...]:
    """The years that a title or a file’s name speaks of: « promotion 2026 », “2025-2026”,
    “fall2019”."""
    found = re.search(r"(?<!\d)(20[0-4]\d)(?:\s*[-–/]\s*(20[0-4]\d|\d\d))?(?!\d)", text)
    if not found:
        short = re.search(r"(?<![\d-])([1-4]\d)-([1-4]\d)(?![\d-])", text)
        if short and int(short[2]) == int(short[1]) + 1:
            return 2000 + int(short[1]), 2000 + int(short[2])
        return ()
    first = int(found[1])
    last = int(found[2][-2:]) + first // 100 * 100 if found[2] else first
    return (first, last) if last == first + 1 else (first,)
