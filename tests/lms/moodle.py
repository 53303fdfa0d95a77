"""Drives a Moodle that somebody installed for tests, by a link and by hand, and says what held:
``make lms-moodle DIR=… URL=…``.

Written for Moodle 4.5, and run against 4.5.5+ (build 20250613): all twenty steps held.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import func, select

from engine.courses import outlines
from engine.courses.outlines import PastedList
from engine.packs.new import new_pack
from engine.storage.tables import Account, Course, LtiContext, LtiRegistration, Membership
from engine.values.clock import SystemClock
from lti.courses import people
from lti.platforms import health, registrations
from lti.platforms.registrations import Registration
from tests import builders
from tests.apps import house
from tests.browser import chromium
from tests.browser.conftest import ARGS, PATIENCE
from tests.browser.live import serving
from tests.integration.lti.lms import invited
from tests.integration.lti.roads import WINDOW, lived
from tests.lms.report import USAGE, Report, Wanted, wanted
from web import worker
from web.bootstrap import lti_tool, web_app
from web.services import Services
from web.words.reasons import words

HELPER = Path(__file__).with_name("moodle.php")
PASSWORD = f"Walk-{secrets.token_hex(8)}!"
LINK, HAND = "by a link", "by hand"
ONLY_PLANNED = "Only in the plan"


@dataclass(frozen=True)
class Moodle:
    """The Moodle, from within."""

    at: Wanted

    def do(self, command: str, **asked: Any) -> Any:
        """Runs a command of the PHP file beside this one. Raises ``RuntimeError`` with the last
        words of PHP."""
        php = [os.environ.get("MOODLE_PHP", "php"), str(HELPER), str(self.at.folder), command]
        done = subprocess.run([*php, json.dumps(asked)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError((done.stderr or done.stdout)[-300:])
        return json.loads(done.stdout.strip().splitlines()[-1])

    def page(self, path: str, **query: Any) -> str:
        """The address of a page."""
        return f"{self.at.url}/{path}" + (f"?{urlencode(query)}" if query else "")


@dataclass
class Walk:
    """One way through. ``made`` is what was made in the Moodle, to be removed in the end."""

    moodle: Moodle
    services: Services
    browser: Browser
    report: Report
    way: str
    made: dict[str, list[int]] = field(
        default_factory=lambda: {"courses": [], "people": [], "tools": []}
    )
    registration: Registration = field(init=False)
    there: dict[str, Any] = field(init=False)
    mark: str = field(default_factory=lambda: secrets.token_hex(4))

    def go(self) -> None:
        """Every step, in the order in which a school takes them."""
        registered, placed = f"registration, {self.way}", f"Deep Linking, {self.way}"
        launched = f"a student comes in, {self.way}"
        self.report.step(registered, self._register)
        for name, step, after in (
            ("keys and token", self._check, registered),
            ("Deep Linking", self._place, registered),
            ("a teacher comes in", self._teacher_launches, placed),
            ("a teacher without editing rights runs the course", self._assistant_launches, placed),
            ("a student comes in", self._student_launches, placed),
            ("Switch role keeps nothing", self._look_as_a_student, launched),
            ("roster", self._read_roster, launched),
            ("score", self._grade, launched),
            ("a copied course keeps its plan", self._copy, launched),
        ):
            self.report.step(f"{name}, {self.way}", step, after)

    def _register(self) -> None:
        self.there = self.moodle.do("prepare", mark=self.mark, password=PASSWORD)
        self.made["courses"].append(self.there["course"])
        self.made["people"] += self.there["people"].values()
        self._register_by_link() if self.way == LINK else self._register_by_hand()

    def _register_by_link(self) -> None:
        link = f"{self._base}/lti/register/{invited(self.services.units)}"
        page = self._signed_in(self.moodle.at.admin, self.moodle.at.password)
        key = page.evaluate("M.cfg.sesskey")
        page.goto(self.moodle.page("mod/lti/startltiadvregistration.php", url=link, sesskey=key))
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.get_by_role("heading", name="Connected")).to_be_attached()
        with self.services.db.read("town") as unit:
            made = unit.scalars(select(LtiRegistration.id)).one()
        with self.services.read("town") as work:
            self.registration = registrations.get(work, made)
        tool = self.moodle.do("activate", client_id=self.registration.client_id)
        self.made["tools"].append(tool["id"])
        page.context.close()

    def _register_by_hand(self) -> None:
        tool, at = self.moodle.do("tool", base=self._base), self.moodle.page
        self.made["tools"].append(tool["id"])
        said = Registration(
            tenant="town",
            id="",
            issuer=self.moodle.at.url,
            client_id=tool["client_id"],
            login_url=at("mod/lti/auth.php"),
            token_url=at("mod/lti/token.php"),
            keys_url=at("mod/lti/certs.php"),
        )
        with self.services.write("town") as work:
            self.registration = registrations.add(work, said)
            registrations.accept_deployment(work, self.registration.id, str(tool["id"]))
            work.commit()

    def _check(self) -> None:
        tool = self.services.lti
        for step in health.check(tool.platform_keys, tool.caller.tokens, self.registration):
            if step.reason is not None:
                raise AssertionError(words(step.reason, language="en", zone="UTC"))

    def _place(self) -> None:
        """The teacher places one experience, and Moodle makes one activity with one column."""
        page = self._signed_in_as("editingteacher")
        asked = {"add": "lti", "typeid": self.made["tools"][0], "course": self.there["course"]}
        page.goto(self.moodle.page("course/modedit.php", **asked, section=0))
        page.locator("[name=selectcontent]").click()
        frame = page.frame_locator("#contentitem-page-iframe")
        expect(frame.locator("input[name=counts][value=both]")).to_be_checked()
        frame.locator(f"input[name=item][value='{WINDOW}']").check()
        frame.get_by_role("button", name="Place in the course").click()
        expect(page.locator("#id_name")).not_to_have_value("")
        page.locator("#id_submitbutton2").click()
        page.wait_for_url("**/course/view.php**")
        page.context.close()
        links, items = self._links(), self._items()
        assert len(links) == 1, f"one link was placed, and there are {len(links)}"
        assert [item["kind"] for item in items] == ["mod"], f"its columns are {items}"

    def _teacher_launches(self) -> None:
        page = self._launched("editingteacher")
        assert "/courses/" in page.url, page.url

    def _assistant_launches(self) -> None:
        self._launched("teacher")
        self._has_role("teacher", "facilitator")

    def _student_launches(self) -> None:
        page = self._launched("student")
        assert page.url.endswith("/contract"), page.url
        self._has_role("student", "learner")

    def _look_as_a_student(self) -> None:
        before = self._count(Membership)
        page = self._signed_in_as("editingteacher")
        page.goto(self.moodle.page("course/view.php", id=self.there["course"]))
        asked = {
            "id": self.there["course"],
            "switchrole": self.there["student_role"],
            "sesskey": page.evaluate("M.cfg.sesskey"),
            "returnurl": f"/course/view.php?id={self.there['course']}",
        }
        page.goto(self.moodle.page("course/switchrole.php", **asked))
        self._follow(page)
        expect(page.get_by_text("Nothing is kept of it")).to_be_visible()
        self._has_role("editingteacher", "facilitator")
        assert self._count(Membership) == before
        page.context.close()

    def _read_roster(self) -> None:
        worker.sync_rosters(self.services)
        with self.services.db.read("town") as unit:
            learners = unit.scalars(
                select(LtiContext.learners).where(
                    LtiContext.registration == self.registration.id,
                    LtiContext.context == str(self.there["course"]),
                )
            ).one()
        assert learners == 1, f"one student is listed, and {learners} are counted"
        self._has_role("teacher", "facilitator")

    def _grade(self) -> None:
        lived(self.services, self._account("student"), WINDOW)
        worker.send_scores(self.services)
        items = self._items()
        assert items == [{"kind": "mod", "grade": 50.0, "max": 100.0}], f"the columns are {items}"

    def _copy(self) -> None:
        """The copy has a section that only the plan of the first course had."""
        with self.services.write("town") as work:
            first = work.session.scalars(select(Course)).one()
            pasted = PastedList(f"1;{ONLY_PLANNED}", "en", 1)
            outlines.paste_sections(work.session, first, pasted, work.now)
            work.commit()
        teacher = self.there["people"]["editingteacher"]
        made = self.moodle.do("copy", course=self.there["course"], teacher=teacher)["course"]
        self.made["courses"].append(made)
        page = self._signed_in_as("editingteacher")
        self._follow(page, made)
        page.context.close()
        with self.services.db.read("town") as unit:
            copy = unit.scalars(select(Course).where(Course.id != first.id)).one()
            sections = [section.title for section in outlines.outline_of(copy).sections]
        assert ONLY_PLANNED in sections, f"its sections are {sections}"

    def _launched(self, role: str) -> Page:
        """Somebody follows the link; the page where it ends."""
        page = self._signed_in_as(role)
        self._follow(page)
        return page

    def _follow(self, page: Page, course: int | None = None) -> None:
        """In a window, not a frame: what frames do with cookies is tried by the browser tests."""
        [link, *_] = self._links(course)
        page.goto(self.moodle.page("mod/lti/launch.php", id=link["cm"]))
        page.wait_for_url(lambda url: url.startswith(self._base), timeout=PATIENCE)
        page.wait_for_load_state()

    def _signed_in_as(self, role: str) -> Page:
        return self._signed_in(f"walk-{role}-{self.mark}", PASSWORD)

    def _signed_in(self, name: str, password: str) -> Page:
        """A window of a browser of their own, signed in to Moodle."""
        context = self.browser.new_context(locale="en-GB")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(self.moodle.page("login/index.php"))
        page.wait_for_load_state("networkidle")  # its scripts touch the form once they are there
        page.locator("#username").fill(name)
        page.locator("#password").fill(password)
        page.locator("#loginbtn").click()
        page.wait_for_url(lambda url: "login/index.php" not in url)
        return page

    def _links(self, course: int | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.moodle.do("links", course=course or self.there["course"])
        return found

    def _items(self) -> list[dict[str, Any]]:
        student = self.there["people"]["student"]
        found: list[dict[str, Any]] = self.moodle.do(
            "items", course=self.there["course"], user=student
        )
        return found

    def _account(self, role: str) -> Account:
        with self.services.db.read("town") as unit:
            subject = str(self.there["people"][role])
            found = people.find(unit, self.registration.id, subject)
        assert found is not None, f"the {role} has no account here"
        return found

    def _has_role(self, role: str, expected: str) -> None:
        account = self._account(role).id
        with self.services.db.read("town") as unit:
            its = set(unit.scalars(select(Membership.role).where(Membership.account == account)))
        assert its == {expected}, f"the {role} is {its or 'no member'} here"

    def _count(self, table: type[Any]) -> int:
        with self.services.db.read("town") as unit:
            return unit.scalars(select(func.count()).select_from(table)).one()

    @property
    def _base(self) -> str:
        return self.services.settings.base_url


@contextmanager
def ours(folder: Path, url: str) -> Iterator[Services]:
    """An installation of its own, served on a free port of this machine, in real time."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{door.getsockname()[1]}"
    host = urlsplit(url).hostname or "localhost"
    nets = sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None)})
    made = house(folder, "town", base_url=base, lti_allow_nets=", ".join(nets))
    units = replace(made.services.units, clock=SystemClock())
    services = replace(made.services, units=units, lti=lti_tool(made.services.settings, units))
    services.library.install(new_pack(builders.PACK), units.clock.now())
    with serving(web_app(services), door):
        yield services
    services.close()


def drive(moodle: Moodle, report: Report) -> None:
    """Both ways, each with an installation, a course and people of its own."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.path(), args=ARGS)
        for way in (LINK, HAND):
            with tempfile.TemporaryDirectory() as folder, ours(Path(folder), moodle.at.url) as here:
                walk = Walk(moodle, here, browser, report, way)
                port = urlsplit(here.settings.base_url).port
                before: Mapping[str, str] = moodle.do("open_port", port=port)
                try:
                    walk.go()
                finally:
                    moodle.do("close_port", **before)
                    moodle.do("tidy", **walk.made)
        browser.close()


def main() -> int:
    asked = wanted(sys.argv[1:], os.environ)
    if asked is None or not (asked.folder / "config.php").is_file():
        print(USAGE)
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    report = Report(print)
    drive(Moodle(asked), report)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
