"""What a teacher can place in their course, and the content item for each choice (Deep Linking
2.0)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.packs.base import Format, Theme
from engine.packs.model import Module, Pack
from engine.slotting.values import Suggestion
from engine.values.languages import Lang
from lti.courses.arrivals import LaunchTarget
from lti.courses.contexts import UNGRADED
from lti.launch.deep_linking import LINK, Icon, Item, ItemGrade
from lti.launch.values import DeepLinkingSettings
from web.pages.lms.targets import address

Target = Literal["iframe", "window"]
FRAME = (960, 720)
"""The initial width and height of a frame in pixels; its height then follows the page."""
WINDOW = "relecture"
MAX_POINTS, USUAL_POINTS = 1000, 100


@dataclass(frozen=True)
class Offer:
    """An experience on offer. ``after``: covers of the experiences required before it;
    ``suggestion`` is None if there is no outline yet."""

    pack: Pack
    module: Module
    title: str
    summary: str
    after: tuple[str, ...]
    suggestion: Suggestion | None

    @property
    def key(self) -> str:
        """``pack/module``."""
        return f"{self.pack.id}/{self.module.id}"

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages in which it is available."""
        return self.pack.manifest.languages


@dataclass(frozen=True)
class Filters:
    """The teacher's filters; None means any. ``minutes`` is a maximum."""

    theme: Theme | None = None
    format: Format | None = None
    minutes: int | None = None
    language: Lang | None = None

    def let(self, offer: Offer) -> bool:
        """Whether that experience matches the filters."""
        spec = offer.module.spec
        return (
            self.theme in (None, offer.pack.manifest.theme)
            and self.format in (None, spec.format)
            and (self.minutes is None or spec.minutes <= self.minutes)
            and (self.language is None or self.language in offer.languages)
        )


@dataclass(frozen=True)
class Terms:
    """The options for placing the chosen items in the course. ``counts``: what counts for the
    grade, ``none`` if nothing does, or None if the platform accepts no grades with links.
    ``points``: the maximum score; ``target``: where the link opens."""

    counts: str | None
    points: int
    target: Target


def shelf(
    packs: Iterable[Pack], language: str, suggestions: Mapping[str, Suggestion]
) -> list[Offer]:
    """Every experience of these packs, with covers in ``language``; those that fit the course best
    come first, then by title."""
    found = [
        _offer(pack, module, language, suggestions)
        for pack in packs
        for module in pack.modules.values()
    ]
    return sorted(
        found,
        key=lambda one: (-(one.suggestion.fit if one.suggestion else 0.0), one.title.casefold()),
    )


def module_of(packs: Iterable[Pack], key: str | None) -> Module | None:
    """The module with that key (``pack/module``); None if there is none."""
    pack_id, _, module = (key or "").partition("/")
    return next((pack.modules.get(module) for pack in packs if pack.id == pack_id), None)


def _offer(
    pack: Pack, module: Module, language: str, suggestions: Mapping[str, Suggestion]
) -> Offer:
    after = tuple(
        pack.modules[slug].text("cover.title", language)
        for slug in module.spec.after
        if slug in pack.modules
    )
    return Offer(
        pack,
        module,
        module.text("cover.title", language),
        module.text("cover.summary", language),
        after,
        suggestions.get(f"{pack.id}/{module.id}"),
    )


def settings_of(said: Mapping[str, Any]) -> DeepLinkingSettings:
    """The settings of a Deep Linking request, as stored in a visit."""
    return DeepLinkingSettings(
        **{**said, "accept_types": tuple(said["accept_types"]), "targets": tuple(said["targets"])}
    )


def takes_links(settings: DeepLinkingSettings) -> bool:
    """Whether the platform accepts LTI links at all (``accept_types``)."""
    return LINK in settings.accept_types


def targets_of(settings: DeepLinkingSettings) -> tuple[Target, ...]:
    """The supported ways in which the platform can open a link; the frame first."""
    known: tuple[Target, ...] = ("iframe", "window")
    return tuple(target for target in known if target in settings.targets)


def item_of(
    base_url: str, pack: Pack, module: Module, language: str, section: str | None, terms: Terms
) -> Item:
    """The link to an experience, with the text of its cover in the language of the course."""
    key = f"{pack.id}/{module.id}"
    title = module.text("cover.title", language)
    custom = {"module": key, **_custom(terms), **({"section": section} if section else {})}
    return _item(
        base_url,
        LaunchTarget("experience", key),
        title,
        module.text("cover.summary", language),
        custom,
        key,
        terms,
    )


def page_of(
    base_url: str, page: Literal["course", "path"], title: str, text: str, terms: Terms
) -> Item:
    """The link to all the experiences of the course, graded by their mean; or to the learner's own
    path, which has no grade."""
    custom = {"item": page, **(_custom(terms) if page == "course" else {"counts": UNGRADED})}
    return _item(
        base_url, LaunchTarget(page), title, text, custom, page if page == "course" else None, terms
    )


def _custom(terms: Terms) -> dict[str, str]:
    return {"counts": terms.counts} if terms.counts else {}


def _item(
    base_url: str,
    target: LaunchTarget,
    title: str,
    text: str,
    custom: Mapping[str, str],
    graded: str | None,
    terms: Terms,
) -> Item:
    icon = Icon(f"{base_url}/static/favicon.svg", 64, 64) if base_url.startswith("https:") else None
    counts = terms.counts if terms.counts != UNGRADED else None
    grade = ItemGrade(terms.points, title, graded, counts) if graded and counts else None
    return Item(
        address(base_url, target),
        title,
        text,
        icon,
        grade,
        custom,
        frame=FRAME if terms.target == "iframe" else None,
        window=WINDOW if terms.target == "window" else None,
    )
