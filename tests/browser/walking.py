"""What a learner does in a window, step by step: take the wager, live an experience, answer what
is asked."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect

ANSWERS = {
    "text": "J’ai rappelé le menuisier ; on se voit mardi.",
    "note": "Presque.",
    "if": "un message attend depuis une semaine",
    "then": "j’appelle le mardi à 9 h",
}


def main_button(page: Page) -> Locator:
    """The one primary button of the page."""
    return page.locator("main .button:not(.quiet)").first


def tap(page: Page, control: Locator) -> None:
    """Tap what leads to another page, and wait for it: counted before it is there, nothing is."""
    with page.expect_navigation():
        control.click()


def step(page: Page | FrameLocator, number: int | str) -> Locator:
    """What only the page of that step of an experience has, below its story."""
    return page.locator(f"main [name=number][value='{number}']")


def begin(page: Page) -> None:
    """From home into the first experience."""
    page.goto("/home")
    page.locator("main .knot.now .button").first.click()
    expect(page.locator("main .choice").first).to_be_visible()


def live_through(page: Page) -> int:
    """Choose until the experience ends, now this, now that; how many choices it took."""
    for taken in range(40):
        choices, end = page.locator("main .choices .choice"), page.locator("main h1.done")
        expect(choices.or_(end).first).to_be_visible()
        if end.count():
            return taken
        tap(page, choices.nth(taken % choices.count()))
    raise AssertionError("the experience never ends")


def answer_one(page: Page) -> None:
    """Answer the question on the page, whatever its kind."""
    page.wait_for_load_state()  # a field that is still to come would be left empty
    for name in ("text", "if", "then", "note"):
        written = page.locator(f"main [name={name}]")
        if written.count():
            written.fill(ANSWERS[name])
    choices = page.locator("main form .choice")
    tap(page, choices.nth(1) if choices.count() else main_button(page))


def is_asked(page: Page) -> bool:
    """Whether the page asks something."""
    expect(page.locator("main h1").first).to_be_visible()
    return page.locator("main h1.question").count() > 0
