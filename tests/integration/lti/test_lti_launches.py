"""Every launch that must be accepted, what becomes of it, and that of fifty equal posts at once
exactly one is a launch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from engine.storage.tables import LtiHealth, LtiPlatformKeys
from lti.launch import login
from lti.launch.values import Launch
from lti.platforms.platform_keys import PlatformKeys
from lti.wire import names
from lti.wire.refusals import LaunchRefused
from tests.integration.lti import lms as platform
from tests.integration.lti.lms import (
    LAUNCH,
    NOW,
    TARGET,
    TEACHER,
    Attempt,
    Reply,
    Town,
    attempt,
    itself,
    login_params,
    own,
)

pytestmark = pytest.mark.both_databases

Change = Callable[[dict[str, Any]], Any]
Expect = Callable[[Launch], bool]


def with_claim(name: str, value: Any) -> Change:
    return lambda claims: claims.__setitem__(name, value)


def only_required(claims: dict[str, Any]) -> None:
    """What LTI 1.3 core calls required, and not one claim more."""
    required = {
        "iss",
        "aud",
        "sub",
        "nonce",
        "iat",
        "exp",
        names.MESSAGE_TYPE,
        names.VERSION,
        names.DEPLOYMENT,
        names.TARGET,
        names.ROLES,
        names.RESOURCE_LINK,
    }
    for name in set(claims) - required:
        del claims[name]
    claims[names.RESOURCE_LINK] = {"id": "link-1"}


def no_personal_data(claims: dict[str, Any]) -> None:
    for name in ("name", "given_name", "family_name", "email"):
        del claims[name]


def mail_without_context(claims: dict[str, Any]) -> None:
    del claims[names.CONTEXT]


def submission_review(claims: dict[str, Any]) -> None:
    claims[names.MESSAGE_TYPE] = names.SUBMISSION_REVIEW_REQUEST
    claims[names.FOR_USER] = {"user_id": "user-8", "name": "Ali"}


def data_privacy(claims: dict[str, Any]) -> None:
    claims[names.MESSAGE_TYPE] = names.DATA_PRIVACY_REQUEST
    del claims[names.RESOURCE_LINK]


def booleans_as_text(claims: dict[str, Any]) -> None:
    """Content is asked for as older versions of Moodle do."""
    platform.deep_linking(claims)
    claims[names.DL_SETTINGS] |= {"accept_multiple": "true", "auto_create": "false"}


ACCEPTED: tuple[tuple[str, Change, Expect], ...] = (
    (
        "student",
        lambda _: None,
        lambda launch: launch.course_role == "learner" and launch.user.email == "lea@example.org",
    ),
    (
        "teacher",
        with_claim(names.ROLES, [TEACHER]),
        lambda launch: launch.course_role == "facilitator",
    ),
    (
        "roles-empty",
        with_claim(names.ROLES, []),
        lambda launch: launch.roles == () and launch.course_role == "learner",
    ),
    (
        "roles-short-learner",
        with_claim(names.ROLES, ["Learner"]),
        lambda launch: launch.course_role == "learner",
    ),
    (
        "roles-short-instructor",
        with_claim(names.ROLES, ["Instructor"]),
        lambda launch: launch.course_role == "facilitator",
    ),
    (
        "roles-unknown",
        with_claim(names.ROLES, ["urn:lti:role:wizard", 7]),
        lambda launch: launch.course_role == "learner",
    ),
    (
        "no-personal-data",
        no_personal_data,
        lambda launch: launch.user.name is None and launch.user.email is None,
    ),
    (
        "mail-without-context",
        mail_without_context,
        lambda launch: launch.context is None and launch.user.email == "lea@example.org",
    ),
    (
        "unknown-claims",
        with_claim("https://lms.example.org/claim/own", {"x": [1]}),
        lambda launch: launch.user.id == "user-7",
    ),
    (
        "php-empty-objects",
        lambda claims: claims.update(
            {name: [] for name in (names.CUSTOM, names.PRESENTATION, names.PLATFORM, names.AGS)}
        ),
        lambda launch: (
            launch.custom == {} and launch.presentation.locale is None and launch.grades is None
        ),
    ),
    (
        "ids-as-numbers",
        lambda claims: claims.update(
            {"sub": 7, names.CONTEXT: {"id": 42}, names.RESOURCE_LINK: {"id": 9}}
        ),
        lambda launch: (
            (launch.user.id, launch.context.id, launch.resource_link.id) == ("7", "42", "9")
        ),
    ),
    (
        "target-encoded-otherwise",
        with_claim(names.TARGET, TARGET.replace("/lti/", "/%6Cti/").replace("https", "HTTPS")),
        lambda launch: True,
    ),
    (
        "locale-at-the-top",
        lambda claims: claims.update({"locale": "fr_CA", names.PRESENTATION: {}}),
        lambda launch: launch.presentation.locale == "fr_CA",
    ),
    (
        "a-variable-that-was-not-filled-in",
        with_claim(names.CUSTOM, {"section": "$Context.section", "counts": "both"}),
        lambda launch: launch.custom == {"counts": "both"},
    ),
    (
        "family-code",
        with_claim(names.PLATFORM, {"guid": "1", "family_code": "moodle"}),
        lambda launch: launch.platform.product == "moodle",
    ),
    (
        "booleans-as-text",
        booleans_as_text,
        lambda launch: launch.deep_linking.multiple and not launch.deep_linking.auto_create,
    ),
    ("aud-as-text", with_claim("aud", "client-1"), lambda launch: True),
    ("aud-as-list", with_claim("aud", ["client-1"]), lambda launch: True),
    ("azp-ours", with_claim("azp", "client-1"), lambda launch: True),
    (
        "optional-fields-absent",
        only_required,
        lambda launch: launch.grades is None and launch.service_urls == (),
    ),
    (
        "optional-claims-null",
        with_claim(names.CONTEXT, None),
        lambda launch: launch.context is None,
    ),
    ("clock-a-little-ahead", with_claim("iat", int(NOW.timestamp()) + 30), lambda launch: True),
    ("clock-a-little-behind", with_claim("exp", int(NOW.timestamp()) - 30), lambda launch: True),
    ("times-with-fractions", with_claim("iat", NOW.timestamp() - 0.5), lambda launch: True),
    (
        "return-url-a-script",
        with_claim(names.PRESENTATION, {"return_url": "javascript:alert(1)"}),
        lambda launch: launch.presentation.return_url is None,
    ),
    (
        "deep-linking",
        platform.deep_linking,
        lambda launch: (
            launch.message == "deep-linking"
            and launch.resource_link is None
            and launch.deep_linking is not None
            and launch.deep_linking.multiple
            and launch.deep_linking.data == "opaque-7"
        ),
    ),
    (
        "submission-review",
        submission_review,
        lambda launch: launch.for_user is not None and launch.for_user.id == "user-8",
    ),
    (
        "data-privacy",
        data_privacy,
        lambda launch: launch.message == "data-privacy" and launch.for_user is None,
    ),
    (
        "what-was-in-lti-1-1-whatever-it-says",
        with_claim(
            names.CLAIM + "lti1p1",
            {"oauth_consumer_key": "old-key", "oauth_consumer_key_sign": "bm8=", "user_id": "7"},
        ),
        lambda launch: launch.user.id == "user-7",
    ),
    (
        "groups-and-notices",
        lambda claims: claims.update(
            {
                names.GROUPS: {
                    "context_groups_url": "https://groups.example.net/1",
                    "scope": ["s"],
                },
                names.NOTICES: {
                    "platform_notification_service_url": "https://notices.example.net/1",
                    "scope": ["s"],
                    "notice_types_supported": ["LtiContextCopyNotice"],
                },
            }
        ),
        lambda launch: (
            launch.groups is not None
            and launch.notices is not None
            and len(launch.service_urls) == 5
        ),
    ),
)


@pytest.mark.parametrize(
    ("change", "expect"), [case[1:] for case in ACCEPTED], ids=[case[0] for case in ACCEPTED]
)
def test_accepts(there: Town, change: Change, expect: Expect) -> None:
    tried = attempt(there)
    change(tried.claims)
    launch = tried.post()
    assert (launch.tenant, launch.registration, launch.deployment, launch.target) == (
        "town",
        there.registration.id,
        "deployment-1",
        TARGET,
    )
    assert expect(launch)


def test_a_deployment_may_be_a_number(there: Town) -> None:
    there.accept("42")
    tried = attempt(there)
    tried.claims[names.DEPLOYMENT] = 42
    assert tried.post().deployment == "42"


def test_accepts_an_anonymous_launch_where_the_registration_takes_them(there: Town) -> None:
    anonymous = there.register(client_id="client-2", anonymous=True)
    tried = attempt(there, anonymous)
    del tried.claims["sub"]
    assert tried.post().user.id is None


def test_accepts_a_trusted_sister_among_the_recipients_when_azp_is_ours(there: Town) -> None:
    sisters = there.register(client_id="client-2", audiences=("sister",))
    tried = attempt(there, sisters)
    tried.claims |= {"aud": ["sister", "client-2"], "azp": "client-2"}
    assert tried.post().registration == sisters.id


def test_accepts_a_header_that_says_more_than_it_must(there: Town) -> None:
    tried = attempt(there)
    tried.header |= {"typ": "JWT", "x5t": "dGh1bWI", "cty": "JWT"}
    assert tried.post()


def test_the_login_sends_the_browser_where_the_platform_said_with_everything_it_needs(
    there: Town,
) -> None:
    begun = attempt(there).begun
    parts = urlsplit(begun.url)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://lms.example.org/auth"
    assert said == {
        "school": "7",
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": LAUNCH,
        "login_hint": "user-7",
        "lti_message_hint": "hint & more",
        "state": begun.state,
        "nonce": begun.nonce,
    }
    assert begun.platform_origin == "https://lms.example.org"


def test_one_browser_may_have_several_launches_on_their_way(there: Town) -> None:
    first = attempt(there)
    again = login.begin(
        there.units,
        login_params(there.registration),
        redirect_uri=LAUNCH,
        own=own,
        browser=first.begun.browser,
        crowded=lambda _registration: False,
    )
    second = Attempt(
        there,
        again,
        platform.launch_claims(there.registration, again.nonce, NOW),
        browser=again.browser,
    )
    assert second.post() and first.post()


def test_secrets_of_a_login_are_not_kept_in_clear(there: Town) -> None:
    begun = attempt(there).begun
    with there.db.engine.connect() as connection:
        dump = str(connection.exec_driver_sql("SELECT * FROM lti_state").all())
    assert begun.state not in dump and begun.nonce not in dump and begun.browser not in dump


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What that many threads at once return, or the code they are refused with."""
    ready, outcomes = threading.Barrier(count), []

    def run(number: int) -> None:
        ready.wait()
        try:
            outcomes.append(act(number))
        except LaunchRefused as refused:
            outcomes.append(refused.reason.code)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_same_token_posted_fifty_times_at_once_is_one_launch(there: Town) -> None:
    tried = attempt(there)
    form = tried.form()
    outcomes = together(50, lambda _: there.receiver.receive(form, tried.browser, itself))
    assert sum(isinstance(outcome, Launch) for outcome in outcomes) == 1
    assert outcomes.count("state-reused") == 49
    assert there.lms.count("/jwks") == 1


def test_keys_are_kept_between_launches(there: Town) -> None:
    for _ in range(3):
        attempt(there).post()
    assert there.lms.count("/jwks") == 1


def test_when_the_platform_changes_its_key_under_load_no_launch_fails_and_it_is_asked_once(
    there: Town,
) -> None:
    attempt(there).post()
    there.now = NOW + timedelta(minutes=2)
    there.lms.publish("platform", "platform-2")
    forms = []
    for number in range(20):
        tried = attempt(there)
        if number % 2:
            tried.header["kid"], tried.key = "platform-2", platform.rsa("platform-2")
        forms.append((tried.form(), tried.browser))
    outcomes = together(20, lambda number: there.receiver.receive(*forms[number], itself))
    assert all(isinstance(outcome, Launch) for outcome in outcomes)
    assert there.lms.count("/jwks") == 2


def test_an_unknown_kid_asks_the_platform_once_and_then_at_most_once_a_minute(there: Town) -> None:
    attempt(there).post()
    for seconds, asked in ((61, 2), (62, 2), (120, 2), (122, 3)):
        there.now = NOW + timedelta(seconds=seconds)
        tried = attempt(there)
        tried.header["kid"] = "nobody"
        with pytest.raises(LaunchRefused, match="kid-unknown"):
            tried.post()
        assert there.lms.count("/jwks") == asked


def test_a_known_key_serves_on_while_the_platforms_key_address_fails(there: Town) -> None:
    attempt(there).post()
    there.lms.routes["/jwks"] = lambda _: Reply(b"", 503)
    there.now = NOW + timedelta(days=2)
    assert attempt(there).post()
    there.now = NOW + timedelta(days=8)
    with pytest.raises(LaunchRefused, match="kid-unknown"):
        attempt(there).post()


def test_a_key_that_the_platform_withdrew_signs_no_more_once_the_set_is_fetched_anew(
    there: Town,
) -> None:
    attempt(there).post()
    there.lms.publish("platform-2")
    there.now = NOW + timedelta(hours=13)
    with pytest.raises(LaunchRefused, match="kid-unknown"):
        attempt(there).post()


def test_who_died_while_fetching_does_not_keep_others_waiting_for_ever(there: Town) -> None:
    with there.db.write("town") as session:
        session.get_one(LtiPlatformKeys, ("town", there.registration.id)).tried_at = NOW
        session.commit()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        there.now += timedelta(seconds=61)

    keys = PlatformKeys(there.units, platform.http(), sleep)
    assert keys.key(there.registration, "platform").kid == "platform"
    assert len(slept) == 1


def test_a_launch_leaves_health_and_the_hosts_of_its_services(there: Town) -> None:
    tried = attempt(there)
    tried.claims["iat"] -= 5
    tried.post()
    assert "school.example.net" in there.known_hosts()
    with there.db.read("town") as session:
        health = session.get_one(LtiHealth, ("town", there.registration.id))
    assert (health.launched_at, health.skew, health.error) == (NOW, -5, None)


def test_one_issuer_may_be_registered_by_several_organisations_with_other_clients(
    there: Town,
) -> None:
    village = there.register(tenant="village", client_id="client-2")
    assert attempt(there).post().tenant == "town"
    assert attempt(there, village).post().tenant == "village"


@pytest.mark.parametrize("letter", ["x", "é", "\N{PARTY POPPER}", "\n"])
def test_of_a_login_eight_kilobytes_are_carried_at_most(there: Town, letter: str) -> None:
    """Whatever its parameters are made of; what is just short enough is taken."""
    few, many = 0, 9_000
    while many - few > 1:
        length = (few + many) // 2
        try:
            attempt(there, login_hint=letter * (length // 2), lti_message_hint=letter * length)
            few = length
        except LaunchRefused as refused:
            assert refused.reason.code == "claim-malformed"
            many = length
    hint = letter * (few // 2)
    said = login_params(there.registration, login_hint=hint, lti_message_hint=letter * few)
    assert 7_900 < len(urlencode(login.carried(said))) <= 8_000


def test_of_what_the_platform_said_at_login_nothing_is_kept_but_where_it_keeps_our_state(
    there: Town,
) -> None:
    tried = attempt(there, lti_storage_target="a-frame")
    with there.db.engine.connect() as connection:
        dump = str(connection.exec_driver_sql("SELECT * FROM lti_state").all())
    assert "a-frame" in dump and "user-7" not in dump and "hint & more" not in dump
    assert tried.post()
