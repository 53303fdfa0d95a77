"""The manners of the practice platform: what each LMS says in a launch, lists, takes, refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti.campus import ids, members, roster
from lti.campus.app.pages import described
from lti.campus.campus import Campus
from lti.campus.clients import Client
from lti.campus.members import Asked
from lti.campus.profiles import PROFILES
from lti.campus.profiles.profile import FULL
from lti.campus.refusals import PlatformRefused
from lti.wire import names
from lti.wire.http import Answer
from lti.wire.roles import MEMBERSHIP, TEST_USER

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
BASE = "http://localhost:9001"
ALL = list(PROFILES)


class NoHttp:
    """The platform asks nobody anything here."""

    def send(self, method: str, url: str, **more: Any) -> Answer:
        raise AssertionError(url)

    def check(self, url: str) -> None:
        raise AssertionError(url)


def campus(profile: str, members: int = 12) -> Campus:
    """A platform with a tool entered by hand, and one of each kind of member."""
    everybody = roster.of_size(members)
    for kind in FULL:
        everybody = roster.joined(everybody, 1, kind)
    made = Campus(BASE, everybody, NoHttp(), lambda: NOW, profile=PROFILES[profile])
    at = "https://tool.example"
    addresses = {"login": f"{at}/login", "launch": f"{at}/launch", "keys": f"{at}/keys"}
    made.enter(described("Tool", **addresses, home=f"{at}/", choose=f"{at}/choose"))
    return made


def tool(there: Campus) -> Client:
    return next(iter(there.clients.values()))


def launch(there: Campus, user: str = "student-3", *, link: bool = True, **more: Any) -> Any:
    """The claims of a launch; of a Deep Linking request without ``link``."""
    placed = there.links["link-1"] if link else None
    locales = there.profile.launching.locales
    intent = there.intend(tool(there), user, placed, locales[0] if locales else "", **more)
    asked = {"state": "s", "nonce": intent.hint, "prompt": "none", "scope": "openid"}
    fields = there.login_fields(tool(there), intent, True)
    hints = {name: fields[name] for name in ("login_hint", "lti_message_hint")}
    way = {"response_type": "id_token", "response_mode": "form_post"}
    return there.issue(tool(there), {**asked, **hints, **way})


def placed(profile: str, **item: Any) -> Campus:
    """A platform with one link, chosen at its first place."""
    there = campus(profile)
    placement = next(iter(there.profile.choosing.placements.values()))
    there.place(tool(there), [{"title": "Semaine 3", **item}], placement=placement)
    return there


@pytest.mark.parametrize("profile", ALL)
def test_every_member_has_a_name_of_their_own_outside_and_is_found_by_it(profile: str) -> None:
    there = campus(profile, 60)
    called = {ids.subject(there.profile, BASE, person): person for person in there.roster.present}
    assert len(called) == len(there.roster.present)
    for subject, person in called.items():
        assert ids.person_of(there.profile, BASE, there.roster, subject) == person


@pytest.mark.parametrize("profile", ALL)
def test_a_launch_lives_as_long_as_there_and_names_client_and_deployment(profile: str) -> None:
    said, of = launch(placed(profile)), PROFILES[profile]
    lives = {"relecture": 300, "moodle": 60, "brightspace": 1800}
    assert said["exp"] - said["iat"] == lives.get(profile, 3600)
    assert said[names.DEPLOYMENT] == of.identity.deployment
    assert ("nbf" in said, "azp" in said) == (profile == "brightspace", profile == "open-edx")


@pytest.mark.parametrize(
    ("profile", "inside", "on_top"),
    [
        ("relecture", "fr-FR", None),
        ("moodle", "fr", None),
        ("canvas", "fr", "fr"),
        ("open-edx", None, None),
        ("blackboard", "fr-FR", "fr-FR"),
        ("sakai", None, "fr_FR"),
    ],
)
def test_the_locale_stands_where_each_puts_it(
    profile: str, inside: str | None, on_top: str | None
) -> None:
    said = launch(placed(profile))
    assert (said[names.PRESENTATION].get("locale"), said.get("locale")) == (inside, on_top)


def test_open_edx_says_least_of_a_link_and_less_when_links_are_chosen() -> None:
    there = placed("open-edx")
    assert list(launch(there)[names.RESOURCE_LINK]) == ["id"]
    said = launch(there, "teacher-1", link=False)
    unsaid = (names.PRESENTATION, names.PLATFORM, names.CUSTOM, names.AGS, names.NRPS)
    assert not set(unsaid) & said.keys()
    assert said[names.RESOURCE_LINK] == {"id": launch(there)[names.RESOURCE_LINK]["id"]}
    with pytest.raises(PlatformRefused, match="access_denied"):
        launch(there, "student-3", link=False)


@pytest.mark.parametrize("profile", ["moodle", "canvas", "open-edx", "blackboard"])
def test_none_of_these_says_whether_it_takes_line_items(profile: str) -> None:
    said = launch(placed(profile), "teacher-1", link=False)[names.DL_SETTINGS]
    assert "accept_lineitem" not in said
    assert ("data" in said) == (profile == "blackboard")


def test_canvas_and_open_edx_give_several_links_one_id() -> None:
    for profile in ("canvas", "open-edx"):
        there = campus(profile)
        there.place(tool(there), [{"title": "One"}, {"title": "Two"}])
        assert len({ids.link_id(there.profile, link) for link in there.links.values()}) == 1
    canvas = campus("canvas")
    first = canvas.profile.choosing.placements["assignment_selection"]
    canvas.place(tool(canvas), [{"title": "One"}], placement=first)
    assert launch(canvas)[names.RESOURCE_LINK]["id"] != launch(canvas)[names.CONTEXT]["id"]


def test_roles_are_those_of_launches_and_of_rosters() -> None:
    moodle, sakai, canvas = placed("moodle"), placed("sakai"), placed("canvas")
    assert launch(moodle, "assistant-1")[names.ROLES] == [f"{MEMBERSHIP}#Instructor"]
    assert moodle.profile.people.roster["assistant"] == ("Learner",)
    assert launch(sakai, "assistant-1")[names.ROLES][0] == "TeachingAssistant"
    assert TEST_USER in launch(canvas, "test-user-1")[names.ROLES]
    assert launch(moodle, "teacher-1", switched=True)[names.ROLES] == [f"{MEMBERSHIP}#Learner"]
    with pytest.raises(PlatformRefused):
        launch(moodle, "test-user-1")


def page(profile: str, people: int, **asked: Any) -> members.Page:
    there = campus(profile, people)
    return members.page_of(there.profile, there.roster, {"student-3"}, Asked(**asked))


def test_rosters_come_in_the_pages_and_with_the_filters_of_each() -> None:
    assert len(page("canvas", 200, limit=500).people) == 50
    assert len(page("moodle", 200).people) > 200
    assert len(page("relecture", 200).people) == 100
    assert [one.id for one in page("brightspace", 200).people] == ["student-3"]
    role = f"{MEMBERSHIP}#Instructor"
    assert [one.kind for one in page("moodle", 20, role=role).people] == ["teacher", "teacher"]
    assert len(page("open-edx", 20, role=role).people) > 20, "a filter that nobody reads"
    with pytest.raises(PlatformRefused, match="above_response_limit"):
        page("open-edx", 1_200)


def test_a_launch_serves_once_or_for_five_minutes_where_that_is_so() -> None:
    canvas = placed("canvas")
    intent = canvas.intend(tool(canvas), "student-3", canvas.links["link-1"], "fr")
    asked = {
        "scope": "openid",
        "prompt": "none",
        "response_type": "id_token",
        "response_mode": "form_post",
        "state": "s",
        **canvas.login_fields(tool(canvas), intent, True),
    }
    assert "deployment_id" in asked and "lti_deployment_id" not in asked
    canvas.wall = lambda: NOW + timedelta(minutes=4)
    assert canvas.issue(tool(canvas), {**asked, "nonce": "1"})["iat"] == NOW.timestamp()
    with pytest.raises(PlatformRefused, match="launch_no_longer_valid"):
        canvas.issue(tool(canvas), {**asked, "nonce": "2"})
    late = canvas.intend(tool(canvas), "student-3", canvas.links["link-1"], "fr")
    canvas.wall = lambda: NOW + timedelta(minutes=10)
    with pytest.raises(PlatformRefused, match="launch_no_longer_valid"):
        canvas.issue(tool(canvas), {**asked, "nonce": "3", "lti_message_hint": late.hint})
