"""A platform that we did not write: its launches bring people in, it takes what teachers choose,
and it keeps our scores."""

from __future__ import annotations

import pytest

from engine.storage.tables import Account, Course, LtiContext, LtiLink, LtiVisit, Placement
from lti.launch import deep_linking
from lti.launch.deep_linking import Item, ItemGrade
from lti.launch.values import Launch
from lti.platforms.tokens import assertion
from lti.services import ags
from lti.services.ags import LineItem, Score
from lti.wire import names
from lti.wire.refusals import ServiceRefused
from tests import builders
from tests.integration.lti.doors import EXPERIENCE
from tests.integration.lti.lms import TOOL, itself
from tests.peers.plugged import Plugged
from tests.peers.school import STUDENT, TUTOR

MODULE = f"{builders.PACK}/{builders.MODULE}"


def test_peer_launch_of_a_student_ends_in_the_experience_that_was_placed(there: Plugged) -> None:
    page = there.browser().enter(STUDENT, "link-1")
    assert page.status_code == 200 and "pari de la confiance" in page.get_data(as_text=True)
    (account,), (course,), (link,) = there.rows(Account), there.rows(Course), there.rows(LtiLink)
    assert (account.name, account.email, course.title) == ("Léa Martin", None, "Économie")
    assert (link.title, link.module) == ("Semaine 3", MODULE)
    assert not link.graded, "it was made by hand, and nobody chose what counts"
    assert [(placed.course, placed.module) for placed in there.rows(Placement)] == [
        (course.id, builders.MODULE)
    ]
    assert there.school.asked.count("GET /jwks") == 1


def test_peer_launch_of_a_teacher_ends_on_the_course(there: Plugged) -> None:
    page = there.browser().enter(TUTOR, "link-1")
    assert page.status_code == 200 and "/courses/economie-" in page.request.path


def test_peer_launch_posted_twice_opens_one_visit(there: Plugged) -> None:
    guest = there.browser()
    form = guest.come_back(STUDENT, "link-1")
    answers = [guest.visitor.client.post("/lti/launch", data=form, base_url=TOOL) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 400] and len(
        there.rows(LtiVisit)
    ) == 1


def chosen(there: Plugged) -> Launch:
    """A teacher came to choose."""
    guest, services = there.browser(), there.house.services
    return services.lti.receiver.receive(guest.come_back(TUTOR, "choose"), guest.secret(), itself)


def answer(there: Plugged, launch: Launch, *items: Item) -> str:
    """What the teacher chose, signed."""
    services, settings = there.house.services, launch.deep_linking
    assert launch.message == "deep-linking" and settings is not None
    return deep_linking.response(
        services.lti.keys,
        there.registration,
        launch.deployment,
        settings,
        items,
        services.clock.wall(),
    )


def test_peer_deep_linking_takes_what_was_chosen_and_gets_its_own_data_back(there: Plugged) -> None:
    first = Item(
        EXPERIENCE,
        "La vitrine",
        "Une expérience",
        custom={"module": MODULE, "counts": "both"},
        frame=(800, 600),
    )
    launch = chosen(there)
    placed = there.browser().send_to_school(
        "/placed", JWT=answer(there, launch, first, Item(f"{EXPERIENCE}&n=2", "Encore"))
    )
    assert (placed.status_code, placed.json()) == (200, {"placed": 2})
    assert there.school.placed[0] == {
        "type": "ltiResourceLink",
        "url": EXPERIENCE,
        "title": "La vitrine",
        "text": "Une expérience",
        "custom": {"module": MODULE, "counts": "both"},
        "iframe": {"width": 800, "height": 600},
    }
    assert there.school.said[names.DL_DATA] == {"week": 3}


def test_peer_deep_linking_says_nothing_of_line_items_and_gets_one(there: Plugged) -> None:
    launch = chosen(there)
    graded = Item(EXPERIENCE, "La vitrine", grade=ItemGrade(1, "La vitrine", MODULE))
    there.browser().send_to_school("/placed", JWT=answer(there, launch, graded))
    [item] = there.school.placed
    assert item["title"] == "La vitrine" and item["lineItem"]["scoreMaximum"] == 1


def test_peer_deep_linking_refuses_what_another_tool_signed(there: Plugged) -> None:
    spoilt = answer(there, chosen(there), Item(EXPERIENCE, "La vitrine"))[:-8] + "AAAAAAAA"
    refused = there.browser().send_to_school("/placed", JWT=spoilt)
    assert refused.status_code == 400 and there.school.placed == []


def graded(there: Plugged) -> tuple[LineItem, str]:
    """A student came; the column of that link, and where the school keeps its columns."""
    there.browser().enter(STUDENT, "link-1")
    columns = there.rows(LtiContext)[0].line_items_url
    wanted = LineItem("La vitrine", 1, resource_id=MODULE, tag="both", resource_link="link-1")
    return ags.find_or_create(
        there.house.services.lti.caller, there.registration, columns, wanted
    ), columns


def test_peer_line_item_is_made_once_and_found_on_whatever_page_it_stands(there: Plugged) -> None:
    caller = there.house.services.lti.caller
    made, columns = graded(there)
    for n in range(4):
        ags.find_or_create(
            caller, there.registration, columns, LineItem(f"Autre {n}", 1, resource_id=f"other-{n}")
        )
    assert graded(there)[0] == made and len(there.school.items) == 5
    everything = list(ags.line_items(caller, there.registration, columns))
    assert [item.label for item in everything] == [
        "La vitrine",
        "Autre 0",
        "Autre 1",
        "Autre 2",
        "Autre 3",
    ]
    assert there.school.asked.count("POST /token") == 1


def test_peer_score_is_kept_and_read_back(there: Plugged) -> None:
    caller, wall = there.house.services.lti.caller, there.house.services.clock.wall()
    made, _ = graded(there)
    half = Score(
        STUDENT, ags.next_timestamp(None, wall), "InProgress", "Pending", 0.5, comment="À mi-chemin"
    )
    ags.post_score(caller, there.registration, made.url, half, None)
    whole = Score(
        STUDENT,
        ags.next_timestamp(half.timestamp, wall),
        "Completed",
        "FullyGraded",
        1.0,
        comment="Relu",
    )
    ags.post_score(caller, there.registration, made.url, whole, half.timestamp)
    ags.post_score(
        caller,
        there.registration,
        made.url,
        Score("student-8", whole.timestamp, "InProgress", "Pending"),
        None,
    )
    assert there.school.scores["1", STUDENT] == whole.as_json()
    kept = list(ags.results(caller, there.registration, made.url))
    assert [(result.user, result.score, result.comment) for result in kept] == [
        (STUDENT, 1.0, "Relu"),
        ("student-8", None, None),
    ]
    assert [
        result.user for result in ags.results(caller, there.registration, made.url, "student-8")
    ] == ["student-8"]


def test_peer_score_that_is_not_later_is_refused_there_as_it_is_here(there: Plugged) -> None:
    caller, wall = there.house.services.lti.caller, there.house.services.clock.wall()
    made, _ = graded(there)
    score = Score(STUDENT, ags.next_timestamp(None, wall), "Completed", "FullyGraded", 1.0)
    ags.post_score(caller, there.registration, made.url, score, None)
    with pytest.raises(ServiceRefused, match="score-not-later"):
        ags.post_score(caller, there.registration, made.url, score, score.timestamp)
    with pytest.raises(ServiceRefused, match="score-refused") as refused:
        ags.post_score(caller, there.registration, made.url, score, None)
    assert refused.value.reason.status == 409


def test_peer_token_is_given_for_our_assertion_alone(there: Plugged) -> None:
    services = there.house.services
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": names.SCOPE_SCORE,
        "client_assertion": assertion(services.lti.keys, there.registration, services.clock.wall()),
    }
    guest = there.browser()
    assert guest.send_to_school("/token", **form).json()["scope"] == names.SCOPE_SCORE
    form["client_assertion"] = form["client_assertion"][:-8] + "AAAAAAAA"
    assert guest.send_to_school("/token", **form).status_code == 400


def test_peer_fetches_our_new_keys_once_we_rotated_and_they_sign(there: Plugged) -> None:
    caller, keys = there.house.services.lti.caller, there.house.services.lti.keys
    made, columns = graded(there)
    keys.rotate(there.house.services.clock.wall())
    caller.tokens.forget(there.registration, [names.SCOPE_LINE_ITEM])
    assert [item.url for item in ags.line_items(caller, there.registration, columns)] == [made.url]
    assert there.school.asked.count("POST /token") == 2
