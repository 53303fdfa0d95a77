"""What every page must hold to, whoever reads it and however: checked on a page as a browser shows it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

AXE = Axe()
EVERYTHING = {"resultTypes": ["violations"], "iframes": False}
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast", "link-in-text-block"]}

SMALL_TARGETS = """() => {
  const isInText = a => getComputedStyle(a).display === 'inline' && a.parentElement.innerText.trim() !== a.innerText.trim();
  const target = e => (e.type === 'checkbox' || e.type === 'radio') && e.closest('label') || e;
  return [...document.querySelectorAll('a, button, summary, input, select, textarea')]
    .filter(e => e.checkVisibility() && !e.matches('.skip, [type=hidden]') && !(e.matches('a') && isInText(e)))
    .map(target).map(e => [e.getBoundingClientRect(), e])
    .filter(([box]) => box.height < 43.99 || box.width < 43.99)
    .map(([box, e]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${e.outerHTML.slice(0, 90)}`);
}"""
WIDER_THAN_THE_WINDOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90)).slice(0, 5).concat('wider than the window')"""
NUMBER_THE_CONTROLS = """() => {
  const once = new Set();
  const first = e => e.type !== 'radio' || (e.checked || !document.querySelector(`[name="${e.name}"]:checked`))
    && !once.has(e.name) && once.add(e.name);
  const found = [...document.querySelectorAll('a[href], button, summary, input, select, textarea')]
    .filter(e => e.checkVisibility() && e.type !== 'hidden' && first(e));
  found.forEach((e, n) => e.dataset.n = n);
  return found.map(e => e.outerHTML.slice(0, 110));
}"""
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [e.dataset.n ?? null, ring && box.width > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight];
}"""


def faults_by_axe(page: Page) -> str:
    """What axe finds in light and in dark, in words; empty when nothing."""
    page.emulate_media(color_scheme="light")
    light = AXE.run(page, options=EVERYTHING)
    page.emulate_media(color_scheme="dark")
    dark = AXE.run(page, options=COLOURS)
    return "".join(found.generate_report() for found in (light, dark) if found.violations_count)


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return list(page.evaluate(WIDER_THAN_THE_WINDOW))


def small_targets(page: Page) -> list[str]:
    """Controls and links that stand alone, yet are smaller than 44 px."""
    return list(page.evaluate(SMALL_TARGETS))


def out_of_reach(page: Page) -> list[str]:
    """Controls that Tab never reaches from the top of the page, or reaches without showing where one is."""
    controls = page.evaluate(NUMBER_THE_CONTROLS)
    seen: dict[int, bool] = {}
    for _press in range(6 * len(controls) + 10):
        page.keyboard.press("Tab")
        number, visible = page.evaluate(FOCUSED)
        if number is not None:
            seen[int(number)] = visible
        if len(seen) == len(controls):
            break
    return [control for n, control in enumerate(controls) if not seen.get(n)]


@dataclass
class Traffic:
    """What a window asks for and complains about from now on."""

    page: Page
    origin: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self.requests.append)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self._complain(said))

    def _complain(self, said: Any) -> None:
        if "the server responded with a status of 4" not in said.text:  # what error pages are for
            self.complaints.append(said.text)

    @property
    def strangers(self) -> list[str]:
        """Requests that left the origin."""
        return [r.url for r in self.requests if not r.url.startswith((f"{self.origin}/", "data:"))]

    def bodies(self, *kinds: str) -> list[bytes]:
        """What came, of these kinds (all when none is named): document, stylesheet, image…"""
        found = [r for r in self.requests if (not kinds or r.resource_type in kinds) and not r.url.startswith("data:")]
        return [response.body() for r in found if (response := r.response()) is not None]

    def compressed(self, *kinds: str) -> int:
        """Bytes of these kinds, each compressed as a proxy would."""
        return sum(len(gzip.compress(body)) for body in self.bodies(*kinds))
