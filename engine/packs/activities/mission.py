"""The mission: choose whom to meet and when, go, come back and tell; and, some days later, once
more. Whoever cannot go takes another way, which is worth as much.

People are chosen from kinds that the pack names: nobody's name is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from engine.forms.base import Option
from engine.forms.choice import Choice
from engine.forms.date import Date
from engine.forms.form import Form
from engine.forms.text import Text
from engine.forms.typed import cut, escape
from engine.packs.activities import errand
from engine.packs.activities.base import (
    ALONE,
    GUEST,
    Act,
    Acts,
    Appointment,
    Problem,
    Quote,
    Reading,
    Screen,
    Typed,
    choose,
    chosen,
)
from engine.packs.activities.endings import GameEnding, ending_of
from engine.packs.activities.errand import Standing
from engine.packs.activities.telling import AnyTelling, Return
from engine.packs.activities.way import Way
from engine.packs.base import Frozen, Slug
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid

WHOM, DAY, MET = "whom", "day", "met"
"""The fields of choosing, and of who was met."""
BEEN, INSTEAD = "been", "instead"
"""What can be done on the day, beside taking another ``DAY``."""


class Mission(Frozen):
    """``activity: {kind: mission}``. Acts: ``{"whom": id, "day": "2027-01-12"}``; then for each
    return a choice (``been``, once ``day`` and ``{"day": …}``, once ``instead``) and one act for
    each field. From the seat ``GUEST``, once: ``{"met": text}``."""

    kind: Literal["mission"]
    seats: ClassVar[tuple[str, ...]] = ()
    people: tuple[Slug, ...] = Field(min_length=2, max_length=6)
    alternative: Slug
    within: int = Field(default=10, ge=1, le=30)
    met: bool = False
    """Whether somebody whom they met may answer one question, by a link."""
    returns: tuple[Return, ...] = Field(min_length=1, max_length=2)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    # --- words

    @property
    def _whom(self) -> tuple[str, ...]:
        return (*self.people, self.alternative)

    @property
    def _fields(self) -> tuple[AnyTelling, ...]:
        return tuple(one for back in self.returns for one in back.every)

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            "situation",
            "whom",
            *(s for one in self._whom for s in (_person(one), _person(one, "brief"))),
            *(s for back in self.returns for s in (_return(back), _return(back, "instead"))),
            *(_return(back, "wait") for back in self.returns[1:]),
            "safety",
            *("do.been", "do.day", "do.instead"),
            "move",
            *((MET, "met.invite", "met.left") if self.met else ()),
            *(s for one in self._fields for s in one.strings()),
            *(s for one in self.endings for s in (_ending(one.id), _ending(one.id, "trace"))),
        )

    def optional_strings(self) -> tuple[str, ...]:
        """A shorter ``.quote`` of each kind of people and of each option."""
        fields = (s for one in self._fields for s in one.optional_strings())
        return (*(_person(one, "quote") for one in self._whom), *fields)

    def holes(self, string_id: str) -> frozenset[str]:
        """What was told before that string is read, in numbers or words."""
        if string_id == "met.left":
            return frozenset({MET})
        if string_id.startswith("ending."):
            return frozenset() if string_id.endswith(".trace") else _said(self._fields)
        before: tuple[AnyTelling, ...] = ()
        for back in self.returns:
            if string_id in (_return(back), _return(back, "instead"), _return(back, "wait")):
                return _said(before)
            for way in (back.fields, back.instead):
                for i, one in enumerate(way):
                    if string_id in one.strings():
                        return _said((*before, *way[:i]))
            before = (*before, *back.every)
        return frozenset()

    # --- the mission

    def standing(self, acts: Acts) -> Standing:
        """How far it has come. Raises ``Invalid("act-impossible", act, at)``."""
        here = Standing()
        for act in acts:
            guest = act.seat == GUEST and self._awaits_guest(here) and set(act.said) == {MET}
            if guest:
                here = replace(here, left=str(act.said[MET]))
            elif act.seat == ALONE and not self._over(here):
                here = self._after(here, act)
            else:
                raise Invalid(ActImpossible(at=self._key(here)))
        return here

    def _awaits_guest(self, here: Standing) -> bool:
        """Whether somebody whom they met may still answer."""
        met = self.met and here.whom in self.people
        return met and here.left is None and not self._over(here)

    def _over(self, here: Standing) -> bool:
        return here.number == len(self.returns)

    def _after(self, here: Standing, act: Act) -> Standing:
        said, wrong = act.said, Invalid(ActImpossible(act=chosen(act), at=self._key(here)))
        if not here.whom or here.moving:
            day, whom = _day(said.get(DAY)), said.get(WHOM, here.whom)
            names = {DAY} if here.moving else {WHOM, DAY}
            if day is None or whom not in self._whom or set(said) != names:
                raise wrong
            instead = whom == self.alternative
            here = replace(here, since=act.at, moving=False)
            return replace(here, whom=whom, day=day, instead=instead)
        if here.gone:
            return self._tells(here, act, wrong)
        opens = self._opens(here)
        if chosen(act) not in self._may(here) or (opens is not None and act.at < opens):
            raise wrong
        match chosen(act):
            case "been":
                fields = self.returns[here.number].asked(instead=here.instead)
                return replace(here, gone=True, fields=fields)
            case "day":
                return replace(here, moved=True, moving=True)
        return replace(here, instead=True, whom=here.whom if here.number else self.alternative)

    def _tells(self, here: Standing, act: Act, wrong: Invalid) -> Standing:
        """After an answer: the next field, or the next return. Own words may have been erased."""
        one, *left = here.fields
        if set(act.said) != {one.id}:
            raise wrong
        try:
            asked = one.field()
            if asked.kind != "text" and asked.parse(act.said) != act.said[one.id]:
                raise wrong
        except Invalid as refused:
            raise wrong from refused
        here = replace(
            here,
            fields=tuple(left),
            told={**here.told, one.id: act.said[one.id]},
            asked=(*here.asked, one),
        )
        if left:
            return here
        return replace(here, gone=False, number=here.number + 1, since=act.at)

    def _may(self, here: Standing) -> list[str]:
        """What can be done instead of telling: been; once, another day; once, the other way."""
        later = here.number == 0 and not here.moved
        return [BEEN, *([DAY] if later else []), *([] if here.instead else [INSTEAD])]

    def _opens(self, here: Standing) -> datetime | None:
        """From when a later return can be told: a day, and the hour that summer time may take,
        before its days are over to the minute, since what was promised is a whole day, wherever one
        lives. None for the first return."""
        if here.since is None or not here.number or self._over(here):
            return None
        return here.since + timedelta(days=self.returns[here.number].after - 1, hours=-1)

    def appointment(self, here: Standing, now: datetime) -> Appointment | None:
        """The day that was chosen, or from which the next return can be told, by the calendar of
        the zone of ``now``; None while nothing waits for a day."""
        if here.since is None or here.gone or here.moving or self._over(here):
            return None
        back, made = self.returns[here.number], here.since.astimezone(now.tzinfo).date()
        day = made + timedelta(days=back.after) if here.number else here.day
        return Appointment(back.id, day, _person(self._now_with(here)), made)

    def _now_with(self, here: Standing) -> str:
        """Whom they meet in the return at hand, or the other way."""
        return self.alternative if here.instead else here.whom

    def screen(self, acts: Acts, seat: int, now: datetime) -> Screen:
        """The screen after ``acts`` at ``now`` (aware; its zone says which day it is). Raises
        ``Invalid("act-impossible", act, at)`` if they cannot have happened."""
        here = self.standing(acts)
        if seat == GUEST:
            form = Form((Text(MET, lines=False),)) if self._awaits_guest(here) else Form()
            return Screen(MET, None, (MET,) if self.met else (), form, finished=not form.fields)
        texts, form = self._shown(here, now)
        appointment = self.appointment(here, now)
        return Screen(
            self._key(here),
            None,
            texts,
            form,
            values=self._values(here),
            finished=self._over(here),
            appointment=appointment,
            guest="met.invite" if appointment and self._awaits_guest(here) else None,
        )

    def _key(self, here: Standing) -> str:
        if not here.whom:
            return "choose"
        if here.moving:
            return "move"
        if self._over(here):
            return "end"
        back = self.returns[here.number].id
        return f"tell-{here.fields[0].id}" if here.gone else f"go-{back}"

    def _shown(self, here: Standing, now: datetime) -> tuple[tuple[str, ...], Form]:
        left = ("met.left",) if here.left and here.number else ()  # read at the next return
        days = Date(DAY, now.date(), now.date() + timedelta(days=self.within))
        if not here.whom:
            options = tuple(Option(one, _person(one)) for one in self._whom)
            return ("situation",), Form((Choice(WHOM, options, "whom"), days))
        if here.moving:
            return ("move",), Form((days,))
        if self._over(here):
            return (_ending(self._ending_of(here)), *left), Form()
        if here.gone:
            one = here.fields[0]
            return (one.question,), Form((one.field(),))
        back, opens = self.returns[here.number], self._opens(here)
        texts = self._to_do(here, back)
        if opens is not None and now < opens:
            return (_return(back, "wait"), *texts), Form()
        return (*texts, *left), choose((one, f"do.{one}") for one in self._may(here))

    def _to_do(self, here: Standing, back: Return) -> tuple[str, ...]:
        """What to ask whom, and what to take care of; or the other way."""
        brief = () if here.number else (_person(here.whom, "brief"),)
        if here.instead:
            return (*brief, _return(back, "instead"))
        return (*brief, _return(back), "safety")

    def _values(self, here: Standing) -> dict[str, str]:
        """What was told, for holes; "…" for what was not, or was left empty."""
        told = {one.id: one.spoken(here.told[one.id]) for one in here.asked}
        names = sorted(_said(self._fields))
        met = {MET: escape(cut(here.left))} if here.left else {}
        return {name: escape(cut(told.get(name) or "")) or "…" for name in names} | met

    def _ending_of(self, here: Standing) -> str:
        return ending_of(self.endings, errand.sums(here, self.people))

    # --- afterwards

    def quotes(self, acts: Acts, seat: int) -> Mapping[str, Quote]:
        """``whom``: the kind of people, or the other way; ``told.<field>``: what was told; ``met``:
        what somebody whom they met wrote; ``ending``."""
        here = self.standing(acts)
        if not here.whom:
            return {}
        quotes: dict[str, Quote] = {"whom": _person(here.whom, "quote")}
        for one in here.asked:
            quote = one.quote(here.told[one.id])
            if not isinstance(quote, Typed) or quote.text:
                quotes[f"told.{one.id}"] = quote
        if here.left:
            quotes[MET] = Typed(here.left)
        if self._over(here):
            quotes["ending"] = _ending(self._ending_of(here), "trace")
        return quotes

    def quotable(self) -> Mapping[str, bool]:
        """What everybody is asked, and cannot leave empty, is certain."""
        told = {
            f"told.{one.id}": one.needed and not back.instead
            for back in self.returns
            for one in back.every
        }
        return {"whom": True, **told, **({MET: False} if self.met else {}), "ending": True}

    def way(self, acts: Acts, seat: int) -> Way:
        """Choosing, then going and each field of each return. Another day is no step more."""
        here = self.standing(acts)
        left = len(here.fields) + sum(
            1 + len(back.asked(instead=here.instead)) for back in self.returns[here.number :]
        )
        if here.gone:
            left -= 1 + len(self.returns[here.number].asked(instead=here.instead))
        done = (here.whom != "") + len(here.asked) + here.number + here.gone
        return Way(done, left + (not here.whom), left + (not here.whom))

    def reading(self, words: Callable[[str], int]) -> Reading:
        """Everything once, of one kind of people; with the minutes that going takes."""
        once = ["situation", "whom", *map(_person, self._whom), "safety", "do.been", "do.day"]
        once += map(_return, self.returns)
        once += [_return(back, "wait") for back in self.returns[1:]]
        once += ["met.invite"] if self.met else []
        fields = [one for back in self.returns for one in back.fields]
        told: float = sum(map(words, once))
        told += sum(words(s) for one in fields for s in one.strings())
        told += sum(words(_person(one, "brief")) for one in self._whom) / len(self._whom)
        told += sum(words(_ending(one.id)) for one in self.endings) / len(self.endings)
        minutes = sum(back.takes for back in self.returns) + Date(DAY, date.min, date.min).minutes
        minutes += sum(one.field().minutes for one in fields)
        return Reading(told, 1 + len(self.returns), minutes)

    def check(self) -> Iterator[Problem]:
        """Every semantic fault, in one pass."""
        return errand.faults(self.people, self.alternative, self.returns, self.endings)


def _said(fields: tuple[AnyTelling, ...]) -> frozenset[str]:
    """The ids of those that are told in numbers or words."""
    return frozenset(one.id for one in fields if one.kind != "choice")


def _day(raw: object) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _person(one: str, part: str = "") -> str:
    return f"whom.{one}.{part}" if part else f"whom.{one}"


def _return(back: Return, part: str = "") -> str:
    return f"return.{back.id}.{part}" if part else f"return.{back.id}"


def _ending(one: str, part: str = "") -> str:
    return f"ending.{one}.{part}" if part else f"ending.{one}"
