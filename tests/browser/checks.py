"""What every page must hold to, whoever reads it and however: checked on a page as a browser
shows it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import ConsoleMessage, Page, Request

EVERYTHING = {"resultTypes": ["violations"], "iframes": False}
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast", "link-in-text-block"]}

SMALL_TARGETS = """() => {
  const isInText = a => getComputedStyle(a).display === 'inline'
    && a.parentElement.innerText.trim() !== a.innerText.trim();
  const target = e => (e.type === 'checkbox' || e.type === 'radio')
    && e.closest('label') || e;
  return [...document.querySelectorAll('a, button, summary, input, select, textarea')]
    .filter(e => e.checkVisibility() && !e.matches('.skip, [type=hidden]')
      && !(e.matches('a') && isInText(e)))
    .map(target).map(e => [e.getBoundingClientRect(), e])
    .filter(([box]) => box.height < 43.99 || box.width < 43.99)
    .map(([box, e]) => `${Math.round(box.width)} x ${Math.round(box.height)}: `
      + `${e.outerHTML.slice(0, 90)}`);
}"""
WIDER_THAN_THE_WINDOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90)).slice(0, 5).concat('wider than the window')"""
NUMBER_THE_CONTROLS = """() => {
  const once = new Set();
  const first = e => e.type !== 'radio'
    || (e.checked || !document.querySelector(`[name="${e.name}"]:checked`))
    && !once.has(e.name) && once.add(e.name);
  const found = [...document.querySelectorAll('a[href], button, summary, input, select, textarea')]
    .filter(e => e.checkVisibility() && e.type !== 'hidden' && first(e));
  found.forEach((e, n) => e.dataset.n = n);
  return found.map(e => e.outerHTML.slice(0, 110));
}"""
WHERE = """e => {
  const style = getComputedStyle(e), ring = style.outlineStyle !== 'none'
    && parseFloat(style.outlineWidth) >= 2;
  return [e.dataset.n ?? null, ring && e.getBoundingClientRect().right > 0];
}"""
"""The number of a control, and whether one sees that the focus is there."""
FOLLOW_THE_FOCUS = f"""() => {{
  window.visited = [];
  addEventListener('focusin', event => visited.push(({WHERE})(event.target)));
}}"""


def faults_by_axe(page: Page) -> str:
    """What axe finds in light and in dark, in words; empty when nothing. Its script is in the
    page, or put there."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return _axe(page, "light", EVERYTHING) + _axe(page, "dark", COLOURS)


def _axe(page: Page, scheme: Literal["light", "dark"], options: dict[str, Any]) -> str:
    page.emulate_media(color_scheme=scheme)
    found = AxeResults(page.evaluate("options => axe.run(options)", options))
    return found.generate_report() if found.violations_count else ""


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return list(page.evaluate(WIDER_THAN_THE_WINDOW))


def small_targets(page: Page) -> list[str]:
    """Controls and links that stand alone, yet are smaller than 44 px."""
    return list(page.evaluate(SMALL_TARGETS))


def lines_of_nav(page: Page) -> int:
    """Over how many lines the ways at the top of the page are spread; 0 when there are none."""
    return int(
        page.evaluate(
            "() => new Set([...document.querySelectorAll('.nav > a')].map(a => a.offsetTop)).size"
        )
    )


def out_of_reach(page: Page) -> list[str]:
    """Controls that Tab never reaches from the top of the page, or reaches without showing where
    one is."""
    controls = page.evaluate(NUMBER_THE_CONTROLS)
    page.evaluate(FOLLOW_THE_FOCUS)
    inside = (  # a date has fields of its own, and a wide table is scrolled by keyboard
        4 * page.locator("input[type=time], input[type=date]").count()
        + page.locator(".scroll[tabindex]").count()
    )
    for _press in range(len(controls) + inside + 2):
        page.keyboard.press("Tab")
    seen = {
        int(number)
        for number, visible in page.evaluate("() => visited")
        if number is not None and visible
    }
    return [control for n, control in enumerate(controls) if n not in seen]


@dataclass
class Traffic:
    """What a window asked for since it last went somewhere, and what it ever asked of others or
    complained of."""

    page: Page
    origin: str
    requests: list[Request] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    @property
    def status(self) -> int:
        """The status of the page that is shown."""
        response = self.requests[0].response()
        assert response is not None
        return response.status

    def forget(self) -> None:
        """Begin anew."""
        for seen in (self.requests, self.strangers, self.complaints):
            seen.clear()

    def weight(self) -> int:
        """Bytes of the page that is shown, with all that it asked for."""
        return sum(map(len, self._bodies()))

    def compressed(self, *kinds: str) -> int:
        """Bytes of these kinds (document, stylesheet…), each compressed as a proxy would."""
        return sum(len(gzip.compress(body)) for body in self._bodies(*kinds))

    def _bodies(self, *kinds: str) -> list[bytes]:
        found = [r.response() for r in self.requests if not kinds or r.resource_type in kinds]
        return [response.body() for response in found if response is not None]

    def _note(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        if not request.url.startswith(f"{self.origin}/"):
            self.strangers.append(request.url)
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.requests.clear()
        self.requests.append(request)

    def _hear(self, said: ConsoleMessage) -> None:
        if (
            said.type in ("error", "warning")
            and "the server responded with a status of 4" not in said.text
        ):
            self.complaints.append(said.text)  # a status of 4… is what error pages are for


def sound(page: Page) -> None:
    """What every page holds to, whoever reads it and on whatever screen."""
    assert too_wide(page) == [] and small_targets(page) == []
    assert out_of_reach(page) == []
    assert faults_by_axe(page) == ""
