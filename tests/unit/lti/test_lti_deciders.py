"""What holds for every key, clock, address and page: the pure decisions of the LMS's door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from engine.values.errors import Refused
from lti.courses.members import RoleSaid, Source
from lti.platforms.health import whose_clock
from lti.platforms.platform_keys import (
    BETWEEN_TRIES,
    FRESH,
    PATIENCE,
    STALE,
    KeyCache,
    decide,
    read_key_set,
)
from lti.platforms.tool_keys import KeyAge, Rotation, plan, seal, unseal
from lti.services.ags import TICK, next_timestamp, scores_url
from lti.services.call import link
from lti.wire.addresses import is_allowed, is_public, read_networks
from lti.wire.http import Answer
from lti.wire.refusals import FetchRefused
from lti.wire.roles import (
    MEMBERSHIP,
    TEST_USER,
    CourseRole,
    context_role,
    looks_on,
    role_said,
)
from lti.wire.urls import host_of, is_web_address, origin_of, same_address, with_query

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 400 * 24).map(lambda hours: NOW - timedelta(hours=hours))
KEYS = st.lists(
    st.builds(KeyAge, st.uuids().map(str), MOMENTS), unique_by=lambda key: key.kid, max_size=6
)
RULES = st.builds(
    Rotation,
    *(st.integers(1, days).map(lambda days: timedelta(days=days)) for days in (200, 5, 30)),
)
SOME = settings(max_examples=60)


@SOME
@given(KEYS, RULES)
def test_every_key_is_published_or_retired_and_the_signing_one_published(
    keys: list[KeyAge], rules: Rotation
) -> None:
    decided = plan(keys, NOW, rules)
    assert sorted((*decided.publish, *decided.retire)) == sorted(key.kid for key in keys)
    assert (decided.sign in decided.publish) if keys else (decided.sign is None and decided.create)


@SOME
@given(KEYS, RULES)
def test_a_key_signs_only_after_its_lead_unless_none_has_had_it(
    keys: list[KeyAge], rules: Rotation
) -> None:
    ripe = [key for key in keys if NOW - key.created_at >= rules.lead]
    signing = next((key for key in keys if key.kid == plan(keys, NOW, rules).sign), None)
    if ripe:
        assert signing is not None and signing.created_at == max(key.created_at for key in ripe)


@SOME
@given(KEYS, RULES, st.integers(0, 30 * 24))
def test_what_signed_stays_published_for_the_overlap_whatever_is_rotated(
    keys: list[KeyAge], rules: Rotation, hours: int
) -> None:
    signed = plan(keys, NOW, rules).sign
    later = NOW + min(timedelta(hours=hours), rules.overlap - timedelta(seconds=1))
    newer = [*keys, KeyAge("new-1", NOW), KeyAge("new-2", NOW + timedelta(seconds=1))]
    assert signed is None or signed not in plan(newer, later, rules).retire


@SOME
@given(KEYS, RULES)
def test_retiring_is_final_and_changes_nothing_else(keys: list[KeyAge], rules: Rotation) -> None:
    decided = plan(keys, NOW, rules)
    again = plan([key for key in keys if key.kid in decided.publish], NOW, rules)
    assert (again.sign, again.publish, again.retire) == (decided.sign, decided.publish, ())


@given(st.binary(max_size=200), st.text(min_size=1))
@settings(max_examples=20)
def test_what_is_sealed_opens_with_the_same_secret_alone(private: bytes, secret: str) -> None:
    sealed = seal(secret, private)
    assert unseal(secret, sealed) == private
    with pytest.raises(Refused, match="tool-key-unreadable"):
        unseal(secret + "x", sealed)


AGO = st.none() | st.integers(0, 10 * 86400).map(lambda seconds: NOW - timedelta(seconds=seconds))
KEPT = st.builds(KeyCache, st.sampled_from([frozenset(), frozenset({"a"})]), AGO, AGO, AGO)


@SOME
@given(KEPT, st.sampled_from(["a", "b"]))
def test_a_platform_is_never_asked_twice_within_a_minute(kept: KeyCache, kid: str) -> None:
    step = decide(kept, kid, NOW)
    if kept.tried_at is not None and NOW - kept.tried_at < BETWEEN_TRIES:
        assert step != "fetch"


@SOME
@given(KEPT, st.sampled_from(["a", "b"]))
def test_a_key_is_used_only_while_it_is_known_and_never_after_a_week(
    kept: KeyCache, kid: str
) -> None:
    if decide(kept, kid, NOW) == "use":
        assert kid in kept.kids and kept.fetched_at is not None and NOW - kept.fetched_at < STALE


@pytest.mark.parametrize(
    ("kept", "kid", "step"),
    [
        (KeyCache(), "a", "fetch"),
        (KeyCache(frozenset("a"), NOW - FRESH + timedelta(seconds=1)), "a", "use"),
        (KeyCache(frozenset("a"), NOW - FRESH, NOW - FRESH, NOW - FRESH), "a", "fetch"),
        (
            KeyCache(
                frozenset("a"),
                NOW - FRESH,
                NOW - timedelta(seconds=30),
                NOW - timedelta(seconds=29),
            ),
            "a",
            "use",
        ),
        (KeyCache(frozenset("a"), NOW, NOW, NOW), "b", "refuse"),
        (KeyCache(tried_at=NOW - timedelta(seconds=3)), "b", "wait"),
        (KeyCache(tried_at=NOW - PATIENCE), "b", "refuse"),
        (
            KeyCache(tried_at=NOW + timedelta(hours=1), settled_at=NOW + timedelta(hours=1)),
            "b",
            "fetch",
        ),
    ],
    ids=[
        "nothing-kept",
        "fresh",
        "old",
        "old-between-tries",
        "unknown-between-tries",
        "somebody-fetches",
        "who-fetched-died",
        "clock-went-back",
    ],
)
def test_what_is_done_about_a_kid(kept: KeyCache, kid: str, step: str) -> None:
    assert decide(kept, kid, NOW) == step


KEY = {**RSAKey.generate_key(2048).as_dict(private=False), "kid": "k"}


@pytest.mark.parametrize("document", [None, [], "keys", {}, {"keys": "x"}, {"keys": None}])
def test_what_is_no_key_set_is_refused(document: object) -> None:
    with pytest.raises(FetchRefused, match="fetch-not-json"):
        read_key_set(document)


@pytest.mark.parametrize(
    "spoiled",
    [
        {**KEY, "kty": "EC"},
        {**KEY, "kid": None},
        {**KEY, "use": "enc"},
        {**KEY, "alg": "RS512"},
        {**KEY, "n": "AQAB"},
        {**KEY, "n": 7},
        {"kid": "k"},
        "text",
    ],
    ids=["ec", "no-kid", "encryption", "other-alg", "too-short", "no-number", "bare", "text"],
)
def test_a_key_that_is_of_no_use_is_left_out(spoiled: object) -> None:
    assert list(read_key_set({"keys": [spoiled, KEY]})) == ["k"]
    assert read_key_set({"keys": [spoiled]}) == {}


def test_only_the_public_members_of_a_key_are_kept() -> None:
    assert read_key_set({"keys": [{**KEY, "d": "secret", "use": "sig", "alg": "RS256"}]}) == {
        "k": KEY
    }


@SOME
@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_hidden_in_ipv6_is_judged_as_itself(address: IPv4Address) -> None:
    for hidden in (
        f"::ffff:{address}",
        str(IPv6Address(int(IPv6Address("64:ff9b::")) | int(address))),
    ):
        assert is_public(ip_address(hidden)) == is_public(address)


@SOME
@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address: IPv4Address | IPv6Address) -> None:
    if (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
    ):
        assert not is_public(address) or (
            isinstance(address, IPv6Address) and address.ipv4_mapped is not None
        )


def test_some_addresses_are_public_after_all() -> None:
    assert all(
        is_public(ip_address(text))
        for text in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "1.1.1.1")
    )


def test_allowed_networks_are_read_and_hold_mapped_addresses_too() -> None:
    networks = read_networks("10.0.0.0/8, ::1")
    assert is_allowed(ip_address("10.1.2.3"), networks) and is_allowed(
        ip_address("::ffff:10.1.2.3"), networks
    )
    assert is_allowed(ip_address("::1"), networks) and not is_allowed(
        ip_address("11.0.0.1"), networks
    )
    assert read_networks("") == ()
    with pytest.raises(ValueError, match="nonsense"):
        read_networks("nonsense")


@SOME
@given(
    st.lists(
        st.integers(-(10**9), 10**9).map(lambda off: NOW + timedelta(microseconds=off)),
        min_size=1,
        max_size=20,
    )
)
def test_timestamps_of_scores_always_grow_by_what_platforms_can_tell_apart(
    clock: list[datetime],
) -> None:
    last, stamps = None, []
    for now in clock:
        last = next_timestamp(last, now)
        stamps.append(last)
    assert all(b - a >= TICK and b.microsecond % 1000 == 0 for a, b in pairwise(stamps))


def test_the_path_of_a_line_item_grows_and_its_query_stays() -> None:
    assert (
        scores_url("https://a.example/lineitem?type_id=1")
        == "https://a.example/lineitem/scores?type_id=1"
    )
    assert scores_url("https://a.example/x/lineitem/") == "https://a.example/x/lineitem/scores"


QUERY = st.dictionaries(
    st.text("abc", min_size=1, max_size=2), st.text(min_size=1, max_size=5), max_size=3
)


@SOME
@given(QUERY, QUERY)
def test_a_query_that_grows_keeps_what_was_there(
    before: dict[str, str], added: dict[str, str]
) -> None:
    url = with_query(with_query("https://a.example/x", **before), **added)
    assert dict(parse_qsl(urlsplit(url).query)) == {**before, **added}


def test_a_query_is_kept_letter_by_letter() -> None:
    assert (
        with_query("https://a.example/x?q=a%20b&&c&d=é", e="1")
        == "https://a.example/x?q=a%20b&c&d=é&e=1"
    )
    assert with_query("https://a.example/x?q=%zz", e=None) == "https://a.example/x?q=%zz"


@SOME
@given(st.text())
def test_any_text_has_a_host_or_none_and_nothing_breaks(text: str) -> None:
    assert isinstance(host_of(text), str)
    assert is_web_address(text) == bool(origin_of(text))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://LMS.example.org/auth?x", "https://lms.example.org"),
        ("https://a.example:443/", "https://a.example"),
        ("http://localhost:9001/x", "http://localhost:9001"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
        ("javascript:alert(1)", ""),
        ("//a.example", ""),
        ("https://", ""),
        ("https://a.example:x/", ""),
    ],
)
def test_the_origin_of_an_address_is_what_a_browser_says(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://a.example/2>; rel="next"', "https://a.example/2"),
        ("</2>; rel=next", "https://a.example/2"),
        ('<?page=2>; rel="next"', "https://a.example/members?page=2"),
        (
            '<https://a.example/d?x=1,2>; rel="differences", <https://a.example/2>; '
            'title="x"; rel="NEXT last"',
            "https://a.example/2",
        ),
        ('<https://a.example/1>; rel="prev", <https://a.example/1>; rel="first"', None),
        ("", None),
        ("nonsense", None),
    ],
)
def test_the_next_page_is_found_in_any_link_header(header: str, found: str | None) -> None:
    assert (
        link(Answer(200, {"link": header}, b""), "next", "https://a.example/members?page=1")
        == found
    )


@pytest.mark.parametrize(
    ("role", "principal", "in_course"),
    [
        (f"{MEMBERSHIP}#Instructor", "Instructor", "facilitator"),
        ("Instructor", "Instructor", "facilitator"),
        (f"{MEMBERSHIP}/Instructor#TeachingAssistant", "Instructor", "facilitator"),
        (f"{MEMBERSHIP}#ContentDeveloper", "ContentDeveloper", "facilitator"),
        (f"{MEMBERSHIP}#Mentor", "Mentor", "learner"),
        ("Learner", "Learner", "learner"),
        (f"{MEMBERSHIP}/Learner#Instructor", "Learner", "learner"),
        (f"{MEMBERSHIP}#Instructor#TeachingAssistant", "Instructor", "facilitator"),
        ("TeachingAssistant", "TeachingAssistant", "facilitator"),
        ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor", None, "learner"),
        ("http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator", None, "learner"),
        ("", None, "learner"),
    ],
)
def test_only_roles_in_the_course_let_someone_steer_it(
    role: str, principal: str | None, in_course: str
) -> None:
    assert context_role(role) == principal and (role_said([role]) or "learner") == in_course


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://a.example/lti/to/experience?module=p%2Fm", True),
        ("HTTPS://A.example:443/lti/%74o/experience?module=p/m", True),
        ("https://a.example/lti/to/experience?module=p/m&", True),
        ("https://a.example/lti/to%2Fexperience?module=p/m", False),
        ("https://a.example/lti/to/experience?module=p/n", False),
        ("https://a.example/lti/to/experience", False),
        ("https://b.example/lti/to/experience?module=p/m", False),
        ("https://a.example/lti/to/experience?module=p/m#top", False),
        ("https://[", False),
    ],
)
def test_an_address_is_the_same_however_it_is_encoded(other: str, same: bool) -> None:
    assert same_address("https://a.example/lti/to/experience?module=p/m", other) is same


@pytest.mark.parametrize(
    ("skew", "others", "whose"),
    [
        (70, (), None),
        (10, (0, 1), None),
        (70, (0,), "theirs"),
        (70, (71, 68, 0), "ours"),
        (-70, (-75,), "ours"),
        (70, (0, 70), None),
        (70, (300,), None),
    ],
)
def test_whose_clock_is_off_is_what_most_others_say(
    skew: int, others: tuple[int, ...], whose: str | None
) -> None:
    assert whose_clock(skew, others) == whose


INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"


@pytest.mark.parametrize(
    ("roles", "only"),
    [
        (("Mentor",), True),
        ((f"{MEMBERSHIP}#Mentor",), True),
        (("Learner", TEST_USER), True),
        ((f"{INSTITUTION}#Administrator",), True),
        (("Mentor", "Learner"), False),
        (("Learner", f"{INSTITUTION}#Instructor"), False),
        (("Instructor", TEST_USER), False),
        (("Instructor", f"{INSTITUTION}#Administrator"), False),
        (("Learner", f"{INSTITUTION}#Administrator"), False),
        ((f"{INSTITUTION}#Student",), False),
        ((), False),
    ],
)
def test_who_neither_steers_nor_learns_looks_on(roles: tuple[str, ...], only: bool) -> None:
    assert looks_on(roles) is only


@pytest.mark.parametrize(
    ("known", "said", "source", "now"),
    [
        (("learner", "launch"), "facilitator", "roster", ("facilitator", "roster")),
        (("facilitator", "roster"), "learner", "roster", ("learner", "roster")),
        (("facilitator", "launch"), "learner", "roster", ("facilitator", "launch")),
        (("facilitator", "deep-linking"), "learner", "launch", ("facilitator", "deep-linking")),
        (("facilitator", "launch"), "learner", "launch", ("learner", "launch")),
        (("facilitator", "roster"), "facilitator", "launch", ("facilitator", "launch")),
        (("facilitator", "launch"), "facilitator", "roster", ("facilitator", "launch")),
        (("learner", "launch"), None, "launch", ("learner", "launch")),
        (("facilitator", "deep-linking"), None, "launch", ("facilitator", "deep-linking")),
        (("learner", "here"), "facilitator", "launch", ("facilitator", "launch")),
    ],
)
def test_what_was_said_of_a_role_is_undone_only_by_what_weighs_as_much(
    known: tuple[CourseRole, Source],
    said: CourseRole | None,
    source: Source,
    now: tuple[CourseRole, Source],
) -> None:
    assert RoleSaid(*known).after(said, source) == RoleSaid(*now)
