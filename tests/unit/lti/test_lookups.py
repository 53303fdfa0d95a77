"""Whose login it is, of connections that may have it: the oldest claim, and no newcomer's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from lti.platforms.lookups import Candidate, of_best_claim
from lti.platforms.registrations import Registration
from tests.fakes import MONDAY

AT = "https://lms.example.org"
moments = st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n))
registrations = st.builds(
    lambda tenant, number, claimed_at, enabled: Registration(
        tenant, str(number), AT, "c", AT, AT, AT, enabled=enabled, claimed_at=claimed_at
    ),
    st.sampled_from(["town", "village", "city"]),
    st.integers(0, 99),
    st.none() | moments,
    st.booleans(),
)
candidates = st.lists(
    st.builds(Candidate, registrations, moments, st.booleans()),
    unique_by=lambda one: one.registration.id,
)


@given(candidates)
def test_a_login_is_for_one_organisation_unless_there_is_nobody(found: list[Candidate]) -> None:
    chosen = of_best_claim(found)
    assert bool(chosen) == bool(found)
    assert len({one.tenant for one in chosen}) <= 1


@given(candidates, st.randoms())
def test_the_order_in_which_they_are_found_does_not_matter(found: list[Candidate], rng) -> None:
    mixed = list(found)
    rng.shuffle(mixed)
    assert {one.id for one in of_best_claim(mixed)} == {one.id for one in of_best_claim(found)}


@given(candidates, candidates)
def test_nobody_who_comes_later_takes_a_login_from_who_has_claimed_it(
    found: list[Candidate], later: list[Candidate]
) -> None:
    before = of_best_claim(found)
    assume(any(one.claimed_at is not None for one in before))
    after = timedelta(days=21)
    newcomers = [
        Candidate(
            replace(
                one.registration,
                tenant="stranger",
                id=f"new-{one.registration.id}",
                claimed_at=one.registration.claimed_at and one.registration.claimed_at + after,
            ),
            one.created_at + after,
            one.accepts,
        )
        for one in later
    ]
    # Only what none of those before has accepted may go to somebody who has.
    assume(
        any(one.accepts and one.rank[0] < 2 for one in found)
        or not any(one.accepts for one in newcomers)
    )
    assert of_best_claim([*found, *newcomers]) == before


@given(candidates, candidates)
def test_who_names_another_platform_takes_nothing_of_who_has_claimed_it_by_any_deployment(
    found: list[Candidate], later: list[Candidate]
) -> None:
    before = of_best_claim(found)
    assume(any(one.claimed_at is not None for one in before))
    strangers = [
        replace(
            one,
            registration=replace(
                one.registration,
                tenant="stranger",
                id=f"new-{one.registration.id}",
                login_url="https://evil.example",
                claimed_at=None,
            ),
        )
        for one in later
    ]
    assert of_best_claim([*found, *strangers]) == before


@given(candidates)
def test_what_is_off_and_was_never_launched_stands_in_nobodys_way(found: list[Candidate]) -> None:
    assume(any(one.registration.enabled for one in found))
    chosen = of_best_claim(found)
    assert any(one.enabled or one.claimed_at is not None for one in chosen)
