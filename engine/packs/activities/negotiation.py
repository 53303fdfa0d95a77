"""The negotiation: each seat has points of its own for every clause, and they offer each other
whole packages until all sign one, or somebody leaves. At the end all interests are laid open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from engine.forms.base import Value
from engine.forms.form import Form
from engine.packs.activities.bargaining import (
    Concedes,
    Offer,
    Points,
    best,
    better_for_all,
    priced_first,
    worth,
)
from engine.packs.activities.base import (
    ALONE,
    SENT_ALONG,
    Act,
    Acts,
    Heard,
    Problem,
    Quote,
    Reading,
    Rows,
    Screen,
)
from engine.packs.activities.endings import GameEnding, check_endings, ending_of, known
from engine.packs.activities.spread import Spread
from engine.packs.activities.talks import (
    ACCEPT,
    DO,
    LEAVE,
    OFFER,
    SIGN,
    Clause,
    Rules,
    Talk,
)
from engine.packs.activities.terms import terms_faults, voice_faults
from engine.packs.activities.together import FOREVER, OUT, TABLE, Pace, Step, Together, mine
from engine.packs.activities.way import Way
from engine.packs.base import Frozen, Slug
from engine.packs.reasons import HowVoicesPlayed

MINUTES_AN_OFFER = 0.6
"""To weigh a package against one's points, beside deciding."""
VARIABLES = ("deal", "mine", "theirs", "left", "offers")
"""What the conditions of an ending know, beside each clause (the number of the option signed, from
1; 0 without an agreement): whether all signed (1), the points of this seat and of the others, how
many agreements were better for some and worse for none, and how many offers were made."""
RESERVED = (*VARIABLES, DO, SIGN, OUT, TABLE, *SENT_ALONG)
"""What no clause may be called."""


class Midway(Frozen):
    """What happens once offer ``after`` was made; each seat reads its own words of it."""

    id: Slug
    after: int = Field(ge=1)


class Negotiation(Together):
    """``activity: {kind: negotiation}``. An act is a package (clause → option), an answer to the
    last one, ``{"do": "accept" | "offer" | "leave"}``, or, if packages are ``sealed``,
    ``{"sign": role | "leave"}``."""

    kind: Literal["negotiation"]
    roles: tuple[Slug, ...] = Field(min_length=2, max_length=4)
    clauses: tuple[Clause, ...] = Field(min_length=2, max_length=8)
    no_deal: dict[Slug, Annotated[int, Field(ge=0, le=1000)]]
    offers: int = Field(default=6, ge=2, le=6)
    sealed: bool = False
    events: tuple[Midway, ...] = ()
    voices: dict[Slug, Concedes] = Field(default_factory=dict)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    def paced(self, pace: Pace) -> Negotiation:
        """Over days packages are always sealed: at one answer a day, bargaining in turn would die
        on the third."""
        return self.model_copy(update={"sealed": True}) if pace == "days" else self

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            "situation",
            *(s for clause in self.clauses for s in clause.strings()),
            *("ask.offer", "ask.answer", "ask.last", "ask.sealed", "ask.sign"),
            *(f"{DO}.{one}" for one in (ACCEPT, OFFER, LEAVE)),
            *self.seats,
            *(f"{of}.{role}" for role in self.roles for of in ("brief", "told", SIGN)),
            *(f"voice.{role}" for role in self.roles[1:]),
            *(f"event.{event.id}.{role}" for event in self.events for role in self.roles),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
            *("left.none", "left.one", "left.some"),
            OUT,
        )

    def optional_strings(self) -> tuple[str, ...]:
        """What a clause is called in mid-sentence, and how the first role's voice concedes, which
        only a table of several plays."""
        return (*(f"{clause.string}.quote" for clause in self.clauses), f"voice.{self.roles[0]}")

    def holes(self, string_id: str) -> frozenset[str]:
        """Which offer this is of how many, where one is asked for; the points, at the end."""
        if string_id.startswith(("ask.", "told.", "brief.")):
            return frozenset({"number", "offers", "no-deal"})
        if string_id.startswith(("left.", "ending.")) and not string_id.endswith(".trace"):
            return frozenset({"mine", "theirs", "better", "no-deal"})
        return frozenset()

    # --- the rules

    @property
    def points(self) -> tuple[Points, ...]:
        """The points of each seat, in order."""
        return tuple(tuple(one.points[role] for one in self.clauses) for role in self.roles)

    @property
    def rules(self) -> Rules:
        """How it comes to a signature."""
        return Rules(self.clauses, self.roles, self.offers, self.sealed)

    def step(self, done: Acts) -> Step:
        """Who answers or offers next; sealed, all do so at once."""
        return self.rules.step(done)

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What the recorded counterpart of a seat says. One without data begins at its best and
        settles half-way to what it has without an agreement."""
        its, role = self.points[seat - 1], self.roles[seat - 1]
        most = best(its)
        half = Concedes(opens=most, settles=(most + self.no_deal[role]) // 2)
        return self.rules.voice(done, seat, its, self.voices.get(role, half))

    def way(self, acts: Acts, seat: int) -> Way:
        """What this seat said, and what it will still say at least and at most."""
        waits = any(TABLE in act.said for act in acts)
        table = self.standing(acts, acts[-1].at if acts else FOREVER, waits=waits)
        kind, done = self.paced(table.pace) if table.pace else self, list(table.done)
        step = kind.step(table.done)
        while step.forms and not kind.sealed:
            for turn, form in step.forms.items():
                may_offer = any(option.id == OFFER for _, option in form.taps())
                on = {DO: OFFER} if may_offer else form.sample
                done.append(Act(turn, on, FOREVER, recorded=True))
            step = kind.step(tuple(done))
        said = len(mine(table.done, seat))
        left = 2 - said if kind.sealed and step.forms else len(mine(done, seat)) - said
        return Way(said, min(left, 1), left)

    def sums(self, done: Acts, seat: int) -> dict[str, int]:
        """What conditions and words at the end know."""
        talk = self.rules.talk(done)
        had = [self.no_deal[role] for role in self.roles]
        numbers = dict.fromkeys((clause.id for clause in self.clauses), 0)
        if talk.signed is not None:
            had = [worth(its, talk.signed) for its in self.points]
            numbers = {c.id: n + 1 for c, n in zip(self.clauses, talk.signed, strict=True)}
        return numbers | {
            "deal": int(talk.signed is not None),
            "mine": had[seat - 1],
            "theirs": sum(had) - had[seat - 1],
            "left": better_for_all(self.points, had),
            "offers": len(talk.offers),
        }

    def outcome(self, done: Acts) -> dict[str, int]:
        """Whether all signed (1), the points of each seat, and how many agreements were better for
        some and worse for none."""
        sums = self.sums(done, ALONE)
        points = {
            role: self.sums(done, seat)["mine"] for seat, role in enumerate(self.roles, start=1)
        }
        return {"deal": sums["deal"]} | points | {"left": sums["left"]}

    # --- what a seat sees

    def look(self, done: Acts, seat: int) -> Screen:
        """Its own brief and points, and every offer that is open; at the end, all interests."""
        talk, role = self.rules.talk(done), self.roles[seat - 1]
        number = len(talk.offers) + (talk.writing and not self.sealed)
        spread = Spread(self.clauses, self.roles, self.seats, self.no_deal)
        had = {"offers": str(self.offers), "no-deal": str(self.no_deal[role])}
        if talk.over:
            return self._end(done, seat, had, spread)
        texts = [] if mine(done, seat) else ["situation", f"brief.{role}"]
        texts += self._events(done, talk, seat)
        asked = self.step(done)
        if seat in asked.forms:
            what = "last" if number == self.offers else "answer"
            what = "offer" if talk.writing else what
            texts.append(f"ask.{asked.key if self.sealed else what}")
        told = talk.offers and talk.offers[-1].seat != seat and not talk.writing
        return Screen(
            asked.key,
            f"told.{self.roles[talk.offers[-1].seat - 1]}" if told and not self.sealed else None,
            tuple(texts),
            Form(),
            values=had | {"number": str(number)},
            heard=tuple(Heard(a.seat, f"{DO}.{ACCEPT}", a.recorded) for a in talk.accepted),
            rows=(*spread.offers(self._seen(talk, seat), seat), *spread.own(seat)),
        )

    def _events(self, done: Acts, talk: Talk, seat: int) -> Iterator[str]:
        """Those that this seat has not acted after: it reads each on one screen at least."""
        made = [n for n, act in enumerate(done) if self.clauses[0].id in act.said]
        for event in self.events:
            after = len(self.roles) if self.sealed else event.after
            if len(made) >= after and not mine(done[made[after - 1] + 1 :], seat):
                yield f"event.{event.id}.{self.roles[seat - 1]}"

    def _end(self, done: Acts, seat: int, had: dict[str, str], spread: Spread) -> Screen:
        sums, talk = self.sums(done, seat), self.rules.talk(done)
        better = sums["left"]
        left = "left.none" if not better else "left.one" if better == 1 else "left.some"
        own = {"mine": sums["mine"], "theirs": sums["theirs"], "better": better}
        return Screen(
            "end",
            None,
            (f"ending.{ending_of(self.endings, sums)}", left),
            Form(),
            values=had | {name: str(value) for name, value in own.items()},
            rows=(*spread.signed(talk.signed), *spread.all(), *self._voices(done)),
        )

    def _seen(self, talk: Talk, seat: int) -> tuple[Offer, ...]:
        """The offers that a seat may see: while sealed packages are written, its own."""
        hidden = self.sealed and talk.writing
        return tuple(one for one in talk.offers if one.seat == seat or not hidden)

    def _voices(self, done: Acts) -> tuple[Rows, ...]:
        """At the end, how each seat conceded that its voice played to the last."""
        played = [
            (name, f"voice.{self.roles[seat - 1]}")
            for seat, name in enumerate(self.seats, start=1)
            if seat > ALONE and all(act.recorded for act in mine(done, seat))
        ]
        return (Rows(HowVoicesPlayed(), (), tuple(played)),) if played else ()

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """``role``; at the end ``first``: the clause that this seat priced first, in its own first
        offer or else in the first that it read; ``mine``, ``theirs``: points; ``better``: how many
        agreements were better for some and worse for none; and ``ending``."""
        quotes: dict[str, Quote] = {"role": self.seats[seat - 1]}
        talk = self.rules.talk(done)
        if talk.over:
            sums = self.sums(done, seat)
            first = next((one for one in talk.offers if one.seat == seat), talk.offers[0])
            clause = self.clauses[priced_first(self.points[seat - 1], first.package)]
            quotes |= {name: sums[name] for name in ("mine", "theirs")}
            quotes |= {"first": f"{clause.string}.quote", "better": sums["left"]}
            quotes["ending"] = f"ending.{ending_of(self.endings, sums)}.trace"
        return quotes

    def quotable(self) -> Mapping[str, bool]:
        """All of them, each certain, but for what a seat may leave unsaid when it steps out."""
        certain = ("role", "first", "mine", "theirs", "better", "ending")
        return dict.fromkeys(certain, True) | {OUT: False}

    def cost(self, words: Callable[[str], int]) -> Reading:
        """The brief, the clauses, and as many offers as are usual: all but two of those allowed,
        every second one written by oneself."""
        first, usual = self.roles[0], max(2, self.offers - 2)
        once = ["situation", f"brief.{first}", "left.some", *self.seats]
        once += [s for clause in self.clauses for s in clause.strings()]
        once += [f"event.{event.id}.{first}" for event in self.events]
        once += [f"voice.{role}" for role in self.roles[1:]]
        each = ["ask.offer", "ask.answer", f"told.{self.roles[1]}", f"{DO}.{OFFER}"]
        told = sum(map(words, once)) + usual / 2 * sum(map(words, each))
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        decided = usual / 2 * (len(self.clauses) + 1)
        return Reading(told, decided, usual * MINUTES_AN_OFFER)

    def faults(self) -> Iterator[Problem]:
        """Points that are missing, voices against their own interest, names that nothing has, and
        endings that cannot be reached."""
        yield from terms_faults(self.clauses, self.roles, self.no_deal, RESERVED)
        for i, event in enumerate(self.events):
            if event.after >= self.offers:
                params = {"after": event.after, "offers": self.offers}
                yield Problem(("events", i, "after"), "offer-never", params)
        for role, voice in self.voices.items():
            if role not in self.roles:
                yield Problem(("voices", role), "role-unknown", known(role, self.roles))
            else:
                yield from voice_faults(role, voice, self.clauses, self.no_deal.get(role, 0))
        names = (*VARIABLES, *(clause.id for clause in self.clauses))
        yield from check_endings(self.endings, names)
