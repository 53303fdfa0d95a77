"""The values of a content pack: manifest, modules, debriefs. Field names match those in the YAML
files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, field_validator

from engine.forms.base import Strings
from engine.packs.activities.chain import Chain
from engine.packs.activities.codev import Codev
from engine.packs.activities.criteria import Criteria
from engine.packs.activities.dilemma import Dilemma
from engine.packs.activities.map import StakeholderMap
from engine.packs.activities.mesh import Mesh
from engine.packs.activities.mission import Mission
from engine.packs.activities.negotiation import Negotiation
from engine.packs.activities.public_goods import PublicGoods
from engine.packs.activities.scenario import Scenario
from engine.packs.base import (
    MAX_SLUG,
    Aim,
    Format,
    Frozen,
    Licence,
    Line,
    Mode,
    SemVer,
    Slug,
    Theme,
)
from engine.packs.prompts import Prompt
from engine.packs.prompts.base import PromptKind
from engine.values.languages import Lang

AnyActivity = Annotated[
    Scenario
    | Dilemma
    | PublicGoods
    | Negotiation
    | Criteria
    | Codev
    | Mesh
    | Mission
    | StakeholderMap
    | Chain,
    Field(discriminator="kind"),
]
"""Every activity of format v1. A new one needs a file in ``activities/`` and its name here."""

Maturity = Annotated[int, Field(ge=1, le=4)]
Size = Annotated[int, Field(ge=1)]
ArcId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MAX_SLUG)]
"""The name of an arc, which may begin with a digit as ``4f`` does."""


class Source(Frozen):
    """A public document that a fact comes from, cited by title."""

    title: Line = Field(min_length=1)
    by: Line = ""
    year: int | None = None


class Manifest(Frozen):
    """``pack.yaml``."""

    format: Literal[1]
    id: Slug
    version: SemVer
    theme: Theme
    written_in: Lang = "fr"
    languages: tuple[Lang, ...] = Field(min_length=1)
    title: dict[Lang, Line]
    summary: dict[Lang, str]
    licence: Licence
    authors: tuple[Line, ...] = Field(min_length=1)
    aims: tuple[Aim, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = ()
    hidden_words: dict[Lang, tuple[str, ...]] = Field(default_factory=dict)
    modules: tuple[Slug, ...] = Field(min_length=1)

    def title_in(self, lang: str) -> str:
        """Its title in ``lang``, or else in the language it was written in."""
        own = {str(known): title for known, title in self.title.items()}
        return own.get(lang) or own.get(self.written_in) or self.id

    def summary_in(self, lang: str) -> str:
        """What it is, in ``lang``, or else in the language it was written in."""
        own = {str(known): summary for known, summary in self.summary.items()}
        return own.get(lang) or own.get(self.written_in, "")


class Takeaway(Frozen):
    """What an experience should leave behind; its words are the string ``takeaway.<id>``."""

    id: Slug

    @property
    def string(self) -> str:
        """String id of the takeaway's words."""
        return f"takeaway.{self.id}"


class Debrief(Frozen):
    """The arc of prompts after an experience; the reveal's words are the string ``reveal``."""

    arc: ArcId = "what-so-what-now-what"
    prompts: tuple[Prompt, ...] = Field(min_length=1)


class ModuleSpec(Frozen):
    """``module.yaml``. Its words are in ``fr.md``, ``en.md``."""

    id: Slug
    format: Format
    minutes: int = Field(ge=1, le=60)
    group_size: tuple[Size, Size] = (1, 1)
    mode: Mode = "online"
    maturity: tuple[Maturity, Maturity]
    after: tuple[Slug, ...] = ()
    tags: tuple[Slug, ...] = Field(min_length=1)
    aims: tuple[Aim, ...] = Field(min_length=1)
    keywords: dict[Lang, tuple[str, ...]]
    activity: AnyActivity
    takeaways: tuple[Takeaway, ...] = Field(min_length=1, max_length=4)
    debrief: Debrief

    @field_validator("group_size", "maturity")
    @classmethod
    def _rising(cls, pair: tuple[int, int]) -> tuple[int, int]:
        if pair[0] > pair[1]:
            raise ValueError("value-wrong.range-falls", {})
        return pair

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language of the pack must have for this module."""
        prompts = [s for p in self.debrief.prompts for s in p.strings()]
        return (
            "cover.title",
            "cover.summary",
            *self.activity.strings(),
            *(t.string for t in self.takeaways),
            "reveal",
            *prompts,
        )

    def prompt(self, prompt_id: str) -> PromptKind | None:
        """The prompt with that id, or None."""
        return next((p for p in self.debrief.prompts if p.id == prompt_id), None)


@dataclass(frozen=True)
class Module:
    """A module with its words. ``texts[lang][string_id]`` is Markdown; ``images`` maps file names
    to bytes."""

    spec: ModuleSpec
    written_in: Lang
    texts: Mapping[str, Mapping[str, str]]
    images: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id within the pack."""
        return self.spec.id

    def strings(self, lang: str) -> Strings:
        """A lookup of its strings in ``lang``, with the same fallback as ``text``."""
        return lambda string_id: self.text(string_id, lang)

    def text(self, string_id: str, lang: str) -> str:
        """The words of a string in ``lang``, or else in the language the pack was written in.
        Raises KeyError."""
        words = self.texts.get(lang, {}).get(string_id)
        return words if words is not None else self.texts[self.written_in][string_id]


@dataclass(frozen=True)
class Pack:
    """A whole pack. ``digest`` is the SHA-256 (hex) of its files: packs with equal digests are
    identical."""

    manifest: Manifest
    modules: Mapping[str, Module]
    digest: str

    @property
    def id(self) -> str:
        """Its id, the same in every version."""
        return self.manifest.id

    @property
    def version(self) -> str:
        """Its semantic version (semver.org 2.0.0)."""
        return self.manifest.version
