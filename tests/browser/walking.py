"""What a learner does in a window, step by step: take the wager, live an experience, answer what
is asked."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

ANSWERS = {
    "text": "J’ai rappelé le menuisier ; on se voit mardi.",
    "note": "Presque.",
    "if": "un message attend depuis une semaine",
    "then": "j’appelle le mardi à 9 h",
}


def main_button(page: Page) -> Locator:
    """The one primary button of the page."""
    return page.locator("main .button:not(.quiet)").first


def begin(page: Page) -> None:
    """From home into the first experience."""
    page.goto("/home")
    page.locator("main .knot.now .button").first.click()
    expect(page.locator("main .choice").first).to_be_visible()


def live_through(page: Page) -> int:
    """Choose until the experience ends, now this, now that; how many choices it took."""
    for taken in range(40):
        choices = page.locator("main .choices .choice")
        if not choices.count():
            return taken
        with page.expect_navigation():
            choices.nth(taken % choices.count()).click()
    raise AssertionError("the experience never ends")


def answer_one(page: Page) -> None:
    """Answer the question on the page, whatever its kind."""
    for name in ("text", "if", "then", "note"):
        written = page.locator(f"main [name={name}]")
        if written.count():
            written.fill(ANSWERS[name])
    choices = page.locator("main form .choice")
    with page.expect_navigation():
        (choices.nth(1) if choices.count() else main_button(page)).click()


def is_asked(page: Page) -> bool:
    """Whether the page asks something."""
    return page.locator("main h1.question").count() > 0
