"""The rules of a negotiation over whole packages: the clauses, and where the talk stands after what
was said, in turn (alternating offers: Rubinstein, 1982) or sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from engine.forms.base import Option, Value
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.packs.activities.bargaining import Concedes, Offer, Package, Points, worth
from engine.packs.activities.base import ALONE, Act, Acts
from engine.packs.activities.together import Step
from engine.packs.base import Frozen, Slug

DO, SIGN = "do", "sign"
"""The fields of an answer to the last offer, and of an answer to all the sealed packages."""
ACCEPT, OFFER, LEAVE = "accept", "offer", "leave"


class Clause(Frozen):
    """One thing to agree on. ``points`` maps each role to what each option is worth to it."""

    id: Slug
    options: tuple[Slug, ...] = Field(min_length=2, max_length=5)
    points: dict[Slug, tuple[Annotated[int, Field(ge=0, le=1000)], ...]]

    @property
    def string(self) -> str:
        """The string id of its name."""
        return f"clause.{self.id}"

    def option(self, number: int) -> str:
        """The string id of an option, counted from 0."""
        return f"{self.string}.{self.options[number]}"

    def strings(self) -> tuple[str, ...]:
        """The string ids of its name and its options."""
        return (self.string, *(self.option(n) for n in range(len(self.options))))

    def field(self) -> Choice:
        """The field of an offer that asks for one of its options."""
        options = (Option(id, self.option(n)) for n, id in enumerate(self.options))
        return Choice(self.id, tuple(options), asks=self.string)


@dataclass(frozen=True)
class Talk:
    """What was said so far: the ``offers`` in order, the seats that ``accepted`` the last of them,
    whether it ended without an agreement (``left``) or which package all ``signed``, and the seat
    whose ``turn`` it is to answer or, if it is ``writing``, to offer."""

    offers: tuple[Offer, ...] = ()
    accepted: tuple[Act, ...] = ()
    left: bool = False
    signed: Package | None = None
    turn: int = ALONE
    writing: bool = True

    @property
    def over(self) -> bool:
        """Whether nothing more can be said."""
        return self.left or self.signed is not None


@dataclass(frozen=True)
class Rules:
    """How the seats of these ``roles`` come to sign: at most so many ``offers`` in turn, or
    ``sealed``."""

    clauses: tuple[Clause, ...]
    roles: tuple[Slug, ...]
    offers: int
    sealed: bool

    def package(self, act: Act) -> Package:
        """The package that an act holds."""
        return tuple(clause.options.index(act.said[clause.id]) for clause in self.clauses)

    def said(self, package: Package) -> dict[str, Value]:
        """What the form of an offer parses for that package."""
        return {c.id: c.options[n] for c, n in zip(self.clauses, package, strict=True)}

    def talk(self, done: Acts) -> Talk:
        """Where the negotiation stands after ``done``."""
        return self._sealed(done) if self.sealed else self._in_turn(done)

    def _in_turn(self, done: Acts) -> Talk:
        """Seats answer the last offer one after another: it is signed when all others have accepted
        it; one who makes another offer begins anew; one who leaves ends it for all."""
        talk, seats = Talk(), len(self.roles)
        for act in done:
            after = act.seat % seats + 1
            match act.said.get(DO):
                case None:
                    offer = Offer(act.seat, self.package(act))
                    talk = Talk((*talk.offers, offer), turn=after, writing=False)
                case "leave":
                    talk = Talk(talk.offers, left=True)
                case "offer":
                    talk = Talk(talk.offers, turn=act.seat)
                case _:
                    accepted = (*talk.accepted, act)
                    all_did = len(accepted) == seats - 1
                    signed = talk.offers[-1].package if all_did else None
                    talk = Talk(talk.offers, accepted, False, signed, after, writing=False)
        return talk

    def _sealed(self, done: Acts) -> Talk:
        """Each seat writes one package unseen; then each signs one of them or leaves. The package
        is agreed as soon as all but its author have signed it, whose signature it bears already, or
        at once if all wrote the same."""
        seats = len(self.roles)
        offers = tuple(Offer(act.seat, self.package(act)) for act in done[:seats])
        if len(offers) < seats:
            return Talk(offers)
        if len({one.package for one in offers}) == 1:
            return Talk(offers, signed=offers[0].package)
        packages = {self.roles[one.seat - 1]: one.package for one in offers}
        bears = {self.roles[one.seat - 1]: {one.seat} for one in offers}
        for act in done[seats:]:
            signed = act.said[SIGN]
            if signed == LEAVE:
                return Talk(offers, left=True)
            bears[signed].add(act.seat)
            if len(bears[signed]) == seats:
                return Talk(offers, signed=packages[signed])
        return Talk(offers, left=len(done) == 2 * seats, writing=False)

    def step(self, done: Acts) -> Step:
        """Who answers or offers next; sealed, all do so at once."""
        talk = self.talk(done)
        number, seats = len(talk.offers), len(self.roles)
        if talk.over:
            return Step("end")
        package = Form(tuple(clause.field() for clause in self.clauses))
        if self.sealed:
            labels = [(role, f"{SIGN}.{role}") for role in self.roles]
            form = package if talk.writing else _one_of(SIGN, (*labels, (LEAVE, f"{DO}.{LEAVE}")))
            said = {act.seat for act in (done if talk.writing else done[seats:])}
            left = [seat for seat in range(1, seats + 1) if seat not in said]
            return Step("sealed" if talk.writing else SIGN, dict.fromkeys(left, form))
        if talk.writing:
            return Step(f"offer-{number + 1}", {talk.turn: package})
        can = (ACCEPT, OFFER, LEAVE) if number < self.offers else (ACCEPT, LEAVE)
        answer = _one_of(DO, ((one, f"{DO}.{one}") for one in can))
        return Step(f"answer-{number}-{self.roles[talk.turn - 1]}", {talk.turn: answer})

    def voice(self, done: Acts, seat: int, its: Points, concedes: Concedes) -> dict[str, Value]:
        """What a recorded counterpart says whose interests are ``its``. A sealed package is written
        with half of what it may concede."""
        talk = self.talk(done)
        number, others = len(talk.offers), [one for one in talk.offers if one.seat != seat]
        if talk.writing:
            asked = [] if self.sealed else [one.package for one in others]
            wanted = concedes.aspires(number + 1, self.offers)
            if self.sealed:
                wanted = (concedes.opens + concedes.settles) / 2
            polite = {
                n: clause.options.index(concedes.polite[clause.id])
                for n, clause in enumerate(self.clauses)
                if clause.id in concedes.polite
            }
            return self.said(concedes.offers(its, asked, wanted, polite))
        if self.sealed:
            dearest = max(others, key=lambda one: worth(its, one.package))
            enough = worth(its, dearest.package) >= concedes.settles
            return {SIGN: self.roles[(dearest.seat if enough else seat) - 1]}
        if worth(its, talk.offers[-1].package) >= concedes.aspires(number + 1, self.offers):
            return {DO: ACCEPT}
        return {DO: OFFER if number < self.offers else LEAVE}


def _one_of(id: str, options: Iterable[tuple[str, str]]) -> Form:
    return Form((Choice(id, tuple(Option(one, label) for one, label in options)),))
