"""A negotiation: what is worth what, who may say what when, and what a seat never sees."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.bargaining import Concedes, better_for_all, packages, worth
from engine.packs.activities.base import Act, Acts, Rows, Screen
from engine.packs.activities.negotiation import Negotiation
from engine.packs.activities.together import begins, leaves, sits
from engine.packs.activities.way import Way
from engine.values.errors import Invalid
from tests.unit.packs.bargains import (
    CONVENTION,
    RIVER,
    THREE_SEATS,
    in_full,
    offers,
    package,
    says,
)
from tests.unit.packs.games import AT, MINUTE

TABLE = (sits(1, AT), sits(2, AT), begins(1, AT, "live"))
DAYS = (sits(1, AT), sits(2, AT), begins(1, AT, "days"))
HALVES, POLITE = (1, 1, 1, 1, 1), (0, 1, 1, 1, 0)
EVERY = [tuple(worth(its, one) for its in CONVENTION.points) for one in packages([3] * 5)]


def seen(acts: Acts, seat: int = 1) -> Screen:
    return CONVENTION.screen(acts, seat, AT)


def asked(screen: Screen) -> list[str]:
    return [one.id for one in screen.form.fields]


# --- the numbers of the convention


def test_halving_everything_is_worth_27_and_26_and_54_agreements_are_better() -> None:
    assert [worth(its, HALVES) for its in CONVENTION.points] == [27, 26]
    assert len(EVERY) == 243 and better_for_all(CONVENTION.points, (27, 26)) == 54
    assert sum(mine > 27 and theirs > 26 for mine, theirs in EVERY) == 45


def test_the_polite_draft_is_worse_for_both_than_leaving() -> None:
    assert [worth(its, POLITE) for its in CONVENTION.points] == [17, 17]
    assert CONVENTION.no_deal == {"sorel": 20, "amara": 18}


def test_the_best_even_agreement_has_the_exclusivity() -> None:
    def even(pair: tuple[int, ...]) -> tuple[int, int]:
        return min(pair), sum(pair)

    assert max(EVERY, key=even) == (40, 39)
    without = [p for p, one in zip(EVERY, packages([3] * 5), strict=True) if one[4] == 0]
    assert max(without, key=even) == (32, 34)


def test_better_means_worse_for_nobody_and_better_for_somebody() -> None:
    points = (((0, 1),), ((1, 1),))
    assert better_for_all(points, (0, 1)) == 1 and better_for_all(points, (1, 1)) == 0


# --- in turn


def test_a_seat_offers_the_other_answers_and_may_sign_write_another_or_leave() -> None:
    assert asked(seen(TABLE)) == ["duree", "versement", "logo", "somme", "exclusivite"]
    assert asked(seen(TABLE, 2)) == [] and seen(TABLE, 2).awaited == (1,)
    offered = (*TABLE, offers(1, "bbbbb"))
    answer = seen(offered, 2)
    assert [option.id for _, option in answer.form.taps()] == ["accept", "offer", "leave"]
    assert answer.feedback == "told.sorel" and answer.texts[-1] == "ask.answer"
    again = (*offered, says(2, "offer"))
    assert seen(again, 2).key == "offer-2" and len(asked(seen(again, 2))) == 5
    assert seen((*offered, says(2, "leave"))).texts[0] == "ending.cantine"


def test_the_last_of_six_offers_is_signed_or_left() -> None:
    acts = TABLE
    for number in range(6):
        seat = number % 2 + 1
        acts = (*acts, *([says(seat, "offer")] if number else []), offers(seat, "bbbbb"))
    last = seen(acts)
    assert [option.id for _, option in last.form.taps()] == ["accept", "leave"]
    assert last.texts[-1] == "ask.last"
    assert seen((*acts, says(1, "accept"))).finished and seen((*acts, says(1, "leave"))).finished


def test_an_offer_is_signed_when_all_others_have_accepted_it() -> None:
    begun = (*(sits(seat, AT) for seat in (1, 2, 3)), begins(1, AT, "live"))
    offer = Act(1, {"eau": "jour", "vanne": "mi"}, AT)
    half = (*begun, offer, says(2, "accept"))
    third = RIVER.screen(half, 3, AT)
    assert third.awaited == (3,) and [(one.seat, one.said) for one in third.heard] == [
        (2, "do.accept")
    ]
    assert RIVER.screen((*half, says(3, "accept")), 1, AT).texts[0] == "ending.accord"
    fourth = RIVER.screen((*half, says(3, "offer")), 3, AT)
    assert fourth.key == "offer-2" and fourth.heard == ()


def test_what_happens_midway_is_read_by_each_seat_in_its_own_words_until_it_acts() -> None:
    acts = (*TABLE, offers(1, "bbbbb"), says(2, "offer"), offers(2, "bbbbb"), says(1, "offer"))
    assert "event.telephone.sorel" not in seen(acts).texts
    acts = (*acts, offers(1, "cbbbb"))
    assert "event.telephone.sorel" in seen(acts).texts
    assert "event.telephone.amara" in seen(acts, 2).texts
    acts = (*acts, says(2, "offer"))
    assert "event.telephone.amara" not in seen(acts, 2).texts
    assert "event.telephone.sorel" in seen(acts).texts


def test_alone_it_is_bargained_in_turn_with_the_recorded_counterpart() -> None:
    first = (offers(1, "abbba"),)
    assert [act.recorded for act in CONVENTION.standing(first, AT).done] == [False, True, True]
    assert seen(first).key == "answer-2-sorel" and seen((offers(1, "cccba"),)).finished


def test_the_way_says_how_much_one_may_still_have_to_say() -> None:
    assert CONVENTION.way((), 1) == Way(0, 1, 6)
    assert CONVENTION.way((offers(1, "abbba"),), 1) == Way(1, 1, 5)
    assert CONVENTION.way((offers(1, "cccba"),), 1) == Way(1, 0, 0)
    assert CONVENTION.way(DAYS, 2) == Way(0, 1, 2)


# --- sealed


def test_over_days_each_writes_one_package_that_the_other_does_not_see() -> None:
    acts = (*DAYS, offers(2, "ccccc"))
    assert seen(acts).key == "sealed" and seen(acts) == seen((*DAYS, offers(2, "aaaaa")))
    assert asked(seen(acts, 2)) == [] and len(seen(acts, 2).rows) == 1 + 5 + 1
    opened = (*acts, offers(1, "abaaa"))
    assert [option.id for _, option in seen(opened).form.taps()] == ["sorel", "amara", "leave"]
    assert "event.telephone.sorel" in seen(opened).texts


@pytest.mark.parametrize(
    ("signs", "ending"),
    [
        ([(1, "amara")], "ending.onze"),
        ([(2, "sorel")], "ending.chemise"),
        ([(1, "sorel"), (2, "amara")], "ending.cantine"),
        ([(2, "leave")], "ending.cantine"),
    ],
    ids=["hers", "his", "each their own", "left"],
)
def test_a_sealed_package_holds_as_soon_as_the_other_signs_it(
    signs: list[tuple[int, str]], ending: str
) -> None:
    acts = (*DAYS, offers(1, "bbbba"), offers(2, "ccccc"))
    assert seen((*acts, *(Act(seat, {"sign": role}, AT) for seat, role in signs))).texts[0] == (
        ending
    )


def test_two_equal_packages_are_an_agreement() -> None:
    assert seen((*DAYS, offers(1, "cbbba"), offers(2, "cbbba"))).texts[0] == "ending.hiver"


# --- the recorded counterpart


def test_its_aspiration_falls_evenly_from_the_first_to_the_last_offer() -> None:
    voice = Concedes(opens=36, settles=26)
    assert [voice.aspires(n, 6) for n in (1, 2, 6, 7)] == [36, 34, 26, 26]


def test_it_offers_what_the_other_asked_for_among_what_is_worth_its_aspiration() -> None:
    points = ((0, 5), (0, 5))
    voice = Concedes(opens=10, settles=5)
    assert voice.offers(points, [(0, 1)], 10, {}) == (1, 1)
    assert voice.offers(points, [(0, 1)], 5, {}) == (0, 1)
    assert voice.offers(points, [(1, 0)], 5, {}) == (1, 0)


def test_it_is_polite_until_somebody_asks_for_more_or_it_cannot_afford_it() -> None:
    points = ((0, 5), (0, 5))
    voice = Concedes(opens=10, settles=5)
    assert voice.offers(points, [], 5, {0: 0}) == (0, 1)
    assert voice.offers(points, [(1, 0)], 5, {0: 0}) == (1, 0)
    assert voice.offers(points, [], 10, {0: 0}) == (1, 1)


def test_whoever_stays_polite_never_learns_that_the_other_wanted_three_years_too() -> None:
    acts: Acts = ()
    while not CONVENTION.standing(acts, AT).over:
        polite = "do" not in asked(seen(acts))
        last = "offer" not in [option.id for _, option in seen(acts).form.taps()]
        acts = (*acts, offers(1, "abbba") if polite else says(1, "accept" if last else "offer"))
    done = CONVENTION.standing(acts, AT).done
    assert {act.said["duree"] for act in done if "duree" in act.said} == {"un"}
    assert CONVENTION.sums(done, 1)["mine"] < CONVENTION.no_deal["sorel"]
    assert seen(acts).texts[0] == "ending.excuses"


# --- the end


def test_at_the_end_all_interests_are_laid_open_with_what_was_left_on_the_table() -> None:
    end = seen((*TABLE, offers(1, "bbbbb"), says(2, "accept")))
    assert end.texts[:2] == ("ending.onze", "left.some") and end.values["better"] == "54"
    signed, *interests, without = end.rows
    assert signed.rows[-1][2:] == (27, 26)
    assert [one.title for one in interests] == [one.string for one in CONVENTION.clauses]
    assert interests[0].rows[2] == ("clause.duree.trois", 10, 12)
    assert without.rows[0][1:] == (20, 18)


def test_prompts_quote_the_clause_priced_first_the_points_and_what_was_left() -> None:
    acts = (*TABLE, offers(1, "bacaa"), says(2, "accept"))
    quotes = CONVENTION.quotes(acts, 1)
    assert quotes["first"] == "clause.logo.quote" and quotes["ending"] == "ending.chemise.trace"
    assert (quotes["mine"], quotes["theirs"]) == (37, 8) and quotes["role"] == "seat.sorel"
    assert CONVENTION.quotes(acts, 2)["first"] == "clause.duree.quote"
    certain = {name for name, always in CONVENTION.quotable().items() if always}
    assert certain == set(quotes)


# --- any play


@st.composite
def plays(draw: st.DrawFn, kind: Negotiation = CONVENTION) -> Acts:
    """A table as people make one: they come, say what their page asks, leave, are late."""
    seats = draw(st.lists(st.integers(1, len(kind.roles)), min_size=1, unique=True))
    pace: Any = draw(st.sampled_from(["live", "days"]))
    acts: Acts = (*(sits(seat, AT) for seat in seats), begins(seats[0], AT, pace))
    now = AT
    for _ in range(draw(st.integers(0, 16))):
        now += draw(st.sampled_from([MINUTE / 6, MINUTE, 5 * MINUTE, timedelta(days=3)]))
        seat = draw(st.sampled_from(seats))
        screen = kind.screen(acts, seat, now)
        if screen.finished:
            break
        if seat not in screen.present:
            acts = (*acts, sits(seat, now))
        elif draw(st.integers(0, 7)) == 0:
            acts = (*acts, leaves(seat, now))
        elif screen.form.fields:
            said = {
                one.id: draw(st.sampled_from([option.id for option in one.taps()]))
                for one in screen.form.fields
            }
            acts = (*acts, Act(seat, said, now))
    return acts


EITHER = st.one_of(
    plays(CONVENTION).map(lambda acts: (CONVENTION, acts)),
    plays(RIVER).map(lambda acts: (RIVER, acts)),
)


@given(play=EITHER)
@settings(max_examples=25, deadline=None)
def test_every_negotiation_ends_whatever_people_do(play: tuple[Negotiation, Acts]) -> None:
    kind, acts = play
    assert kind.screen(acts, 1, acts[-1].at + timedelta(days=60)).finished


@given(play=EITHER)
@settings(max_examples=25, deadline=None)
def test_the_same_acts_give_the_same_screens(play: tuple[Negotiation, Acts]) -> None:
    kind, acts = play
    again = kind.model_copy(deep=True)
    for seat in range(1, len(kind.roles) + 1):
        assert again.screen(acts, seat, acts[-1].at) == kind.screen(acts, seat, acts[-1].at)


@given(play=EITHER, said=st.sampled_from([{"do": "sulk"}, {"eau": "jour"}, {"sign": "x"}, {}]))
@settings(max_examples=25, deadline=None)
def test_what_is_not_on_the_form_is_refused(
    play: tuple[Negotiation, Acts], said: dict[str, str]
) -> None:
    kind, acts = play
    for seat in range(1, len(kind.roles) + 2):
        with pytest.raises(Invalid):
            kind.screen((*acts, Act(seat, said, acts[-1].at)), 1, acts[-1].at)


@given(play=EITHER)
@settings(max_examples=25, deadline=None)
def test_before_the_end_no_seat_sees_the_brief_points_or_sealed_package_of_another(
    play: tuple[Negotiation, Acts],
) -> None:
    kind, acts = play
    now = acts[-1].at
    standing = kind.standing(acts, now)
    for seat, role in enumerate(kind.roles, start=1):
        screen = kind.screen(acts, seat, now)
        if standing.over:
            return
        secret = {f"brief.{other}" for other in kind.roles if other != role}
        secret |= {f"event.{one.id}.{o}" for one in kind.events for o in kind.roles if o != role}
        assert not secret & set(screen.strings())
        if not any(act.recorded for act in standing.done):  # voices act by the points of others
            assert screen == _with_others_changed(kind, role).screen(acts, seat, now)
        assert all(_is_own(table, kind, seat) for table in screen.rows)
        if standing.step.key == "sealed":
            others = {one.seat for one in standing.done} - {seat}
            heads = {cell for table in screen.rows for cell in table.head}
            assert not {kind.seats[other - 1] for other in others} & heads


def _with_others_changed(kind: Negotiation, role: str) -> Negotiation:
    """The same for that role, and other points for all others."""
    clauses = tuple(
        one.model_copy(
            update={
                "points": {
                    its: points if its == role else tuple(point + 7 for point in points)
                    for its, points in one.points.items()
                }
            }
        )
        for one in kind.clauses
    )
    no_deal = {its: had + (its != role) for its, had in kind.no_deal.items()}
    return kind.model_copy(update={"clauses": clauses, "no_deal": no_deal})


def _is_own(table: Rows, kind: Negotiation, seat: int) -> bool:
    """Whether every number in a table is worth something to that seat."""
    numbers = {cell for row in table.rows for cell in row if isinstance(cell, int)}
    its = kind.points[seat - 1]
    own = {worth(its, one) for one in packages([len(of) for of in its])}
    own |= {points for of in its for points in of} | {kind.no_deal[kind.roles[seat - 1]]}
    return numbers <= own


# --- what the lint refuses


def _faults(**changed: Any) -> set[str]:
    made = Negotiation.model_validate({**deepcopy(THREE_SEATS), **changed})
    return {problem.code for problem in made.check()}


def _clause(**changed: Any) -> list[Any]:
    first, second = deepcopy(THREE_SEATS["clauses"])
    return [first | changed, second]


def _big() -> list[Any]:
    points = {role: [0, 1, 2, 3, 4] for role in RIVER.roles}
    return [
        {"id": f"c{n}", "options": ["a", "b", "c", "d", "e"], "points": points} for n in range(6)
    ]


def test_both_negotiations_are_sound() -> None:
    assert not list(CONVENTION.check()) and not list(RIVER.check())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"clauses": _clause(points={"amont": [0, 1], "aval": [0, 1]})}, "points-missing"),
        ({"clauses": _clause(options=["jour", "nuit", "midi"])}, "points-count"),
        ({"clauses": _clause(id="mine")}, "clause-reserved"),
        ({"clauses": _clause(id="number")}, "clause-reserved"),
        ({"clauses": _clause(id="vanne")}, "listed-twice"),
        ({"clauses": _big()}, "packages-too-many"),
        ({"no_deal": {"amont": 1, "aval": 1}}, "points-missing"),
        ({"no_deal": {"amont": 1, "aval": 1, "moulin": 1, "lac": 1}}, "role-unknown"),
        ({"events": [{"id": "crue", "after": 3}]}, "offer-never"),
        ({"voices": {"lac": {"opens": 5, "settles": 5}}}, "role-unknown"),
        ({"voices": {"aval": {"opens": 9, "settles": 2}}}, "voice-below-leaving"),
        ({"voices": {"aval": {"opens": 10, "settles": 5}}}, "voice-opens"),
        (
            {"voices": {"aval": {"opens": 9, "settles": 3, "polite": {"air": "x"}}}},
            "clause-unknown",
        ),
        (
            {"voices": {"aval": {"opens": 9, "settles": 3, "polite": {"eau": "x"}}}},
            "option-unknown",
        ),
        ({"endings": [{"id": "a"}, {"id": "b", "when": ["air == 1"]}]}, "variable-unknown"),
        ({"endings": [{"id": "a"}, {"id": "b", "when": ["eau == 1"]}]}, "ending-conditional"),
        ({"endings": [{"id": "a"}, {"id": "b"}]}, "ending-hides-others"),
    ],
)
def test_what_cannot_be_played_is_refused(changed: dict[str, Any], code: str) -> None:
    assert code in _faults(**changed)


@given(
    points=st.lists(
        st.lists(st.lists(st.integers(0, 20), min_size=2, max_size=2), min_size=3, max_size=3),
        min_size=2,
        max_size=2,
    ),
    no_deal=st.lists(st.integers(0, 60), min_size=3, max_size=3),
)
@settings(max_examples=25, deadline=None)
def test_every_negotiation_that_the_lint_accepts_can_be_finished(
    points: list[list[list[int]]], no_deal: list[int]
) -> None:
    roles = list(RIVER.roles)
    made = Negotiation.model_validate(
        {
            **deepcopy(THREE_SEATS),
            "clauses": [
                {"id": f"c{n}", "options": ["a", "b"], "points": dict(zip(roles, of, strict=True))}
                for n, of in enumerate(points)
            ],
            "no_deal": dict(zip(roles, no_deal, strict=True)),
            "voices": {},
        }
    )
    assert not list(made.check())
    end = made.screen((sits(1, AT), begins(1, AT, "live"), leaves(1, AT)), 1, AT)
    assert end.finished and set(made.quotes((sits(1, AT), begins(1, AT, "live")), 1)) >= {"first"}


def test_no_secret_stands_in_what_the_other_seat_is_sent() -> None:
    hers, his = in_full(TABLE, 1), in_full(TABLE, 2)
    assert "brief.sorel" in hers and "brief.sorel" not in his
    assert "brief.amara" in his and "brief.amara" not in hers
    assert package("aaaaa")["duree"] == "un"
