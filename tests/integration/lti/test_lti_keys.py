"""The tool's own keys on a real database, and what is signed with them: deep linking answers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from engine.storage.database import Database
from engine.values.errors import Refused
from lti.launch import deep_linking
from lti.launch.deep_linking import Icon, Item, ItemGrade
from lti.launch.values import Launch
from lti.platforms.tool_keys import Rotation, ToolKeys
from lti.wire import names
from lti.wire.refusals import ServiceRefused
from tests import builders
from tests.integration.lti import lms as platform
from tests.integration.lti.lms import NOW, TARGET, Town, attempt

pytestmark = pytest.mark.both_databases


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return builders.database(tmp_path)


def kid_of(token: str, keys: ToolKeys, hours: float) -> str:
    """The key that signed, once a platform has verified it with what we publish at that hour."""
    read = jwt.decode(
        token,
        KeySet.import_key_set(keys.key_set(NOW + timedelta(hours=hours))),
        algorithms=["RS256"],
    )
    return str(read.header["kid"])


def test_private_keys_are_encrypted_at_rest_and_never_published(db: Database) -> None:
    keys = ToolKeys(db, "secret-1")
    keys.sign({"a": 1}, NOW)
    with db.engine.connect() as connection:
        assert (
            b"PRIVATE"
            not in connection.exec_driver_sql("SELECT private FROM lti_tool_key").scalar_one()
        )
    assert set(keys.key_set(NOW)["keys"][0]) == {"kty", "n", "e", "kid", "alg", "use"}
    with pytest.raises(Refused, match="tool-key-unreadable"):
        ToolKeys(db, "secret-2").sign({"a": 1}, NOW)


def test_a_new_key_is_published_before_it_signs_and_the_old_one_after(db: Database) -> None:
    keys = ToolKeys(db, "secret", Rotation(lead=timedelta(hours=24), overlap=timedelta(hours=48)))
    first = kid_of(early := keys.sign({"a": 1}, NOW), keys, 0)
    second = keys.rotate(NOW + timedelta(hours=1))
    assert kid_of(keys.sign({"a": 1}, NOW + timedelta(hours=2)), keys, 2) == first
    assert kid_of(keys.sign({"a": 1}, NOW + timedelta(hours=26)), keys, 26) == second
    assert kid_of(early, keys, 26) == first


def test_the_schedule_makes_a_key_when_one_is_due_and_lets_old_ones_go(db: Database) -> None:
    rules = Rotation(period=timedelta(days=90))
    keys = ToolKeys(db, "secret", rules)
    published = []
    for day in range(0, 400, 10):
        keys.tend(NOW + timedelta(days=day))
        keys.tend(NOW + timedelta(days=day))
        published.append(len(keys.key_set(NOW + timedelta(days=day))["keys"]))
    assert published[0] == 2 and published[-1] == 2 and max(published) <= 3
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lti_tool_key").scalar_one() <= 3


def launched(there: Town, **settings: object) -> Launch:
    tried = attempt(there)
    platform.deep_linking(tried.claims)
    tried.claims[names.DL_SETTINGS] |= settings
    return tried.post()


ITEM = Item(
    TARGET,
    "La vitrine",
    "Une expérience",
    Icon("https://relecture.example.org/i.png", 64, 64),
    ItemGrade(1, "Relecture", "starter/la-vitrine", "debrief"),
    {"module": "starter/la-vitrine"},
    (800, 600),
    "relecture",
)


def answer(there: Town, launch: Launch, *items: Item) -> dict[str, object]:
    """The claims of our answer, verified by the platform with our published keys."""
    assert launch.deep_linking is not None
    keys = ToolKeys(there.db, "secret")
    token = deep_linking.response(
        keys, there.registration, launch.deployment, launch.deep_linking, items, NOW, "Placé"
    )
    return dict(
        jwt.decode(token, KeySet.import_key_set(keys.key_set(NOW)), algorithms=["RS256"]).claims
    )


def test_the_answer_names_us_the_platform_the_deployment_and_what_was_chosen(there: Town) -> None:
    said = answer(there, launched(there), ITEM)
    assert (said["iss"], said["aud"], said[names.DEPLOYMENT]) == (
        "client-1",
        "https://lms.example.org",
        "deployment-1",
    )
    assert (said[names.MESSAGE_TYPE], said[names.VERSION], said[names.DL_DATA]) == (
        "LtiDeepLinkingResponse",
        "1.3.0",
        "opaque-7",
    )
    assert (
        said[names.DL_MESSAGE] == "Placé"
        and said["nonce"]
        and said["exp"] == int(NOW.timestamp()) + 300
    )
    assert said[names.DL_ITEMS] == [
        {
            "type": "ltiResourceLink",
            "url": TARGET,
            "title": "La vitrine",
            "text": "Une expérience",
            "icon": {"url": "https://relecture.example.org/i.png", "width": 64, "height": 64},
            "custom": {"module": "starter/la-vitrine"},
            "lineItem": {
                "scoreMaximum": 1,
                "label": "Relecture",
                "resourceId": "starter/la-vitrine",
                "tag": "debrief",
            },
            "iframe": {"width": 800, "height": 600},
            "window": {"targetName": "relecture"},
        }
    ]


def test_line_items_and_places_that_the_platform_does_not_accept_are_left_out(there: Town) -> None:
    launch = launched(there, accept_lineitem=False, accept_presentation_document_targets=["iframe"])
    item = answer(there, launch, ITEM)[names.DL_ITEMS][0]
    assert "lineItem" not in item and "window" not in item and "iframe" in item


def test_several_items_go_only_where_several_are_accepted(there: Town) -> None:
    assert len(answer(there, launched(there), ITEM, ITEM)[names.DL_ITEMS]) == 2
    with pytest.raises(ServiceRefused, match="accept_multiple"):
        answer(there, launched(there, accept_multiple=False), ITEM, ITEM)


def test_links_go_only_where_links_are_accepted_and_nothing_may_always_be_answered(
    there: Town,
) -> None:
    launch = launched(there, accept_types=["file"])
    assert answer(there, launch)[names.DL_ITEMS] == []
    with pytest.raises(ServiceRefused, match="accept_types"):
        answer(there, launch, ITEM)


@pytest.mark.parametrize("data", ["", "opaque-7", {"week": 3}, [1, None], 0, False], ids=repr)
def test_data_is_opaque_and_goes_back_as_it_came_whatever_it_is(there: Town, data: object) -> None:
    assert answer(there, launched(there, data=data))[names.DL_DATA] == data


def test_settings_without_data_are_answered_without_data(there: Town) -> None:
    assert names.DL_DATA not in answer(there, launched(there, data=None), ITEM)
