"""What cannot be done with a pack or an experience, and why; and the samples of prompts."""

from __future__ import annotations

from typing import Annotated

from engine.values.reasons import Reason, Unsaid, Vocabulary


class PackIdMalformed(Reason, code="pack-id"):
    """Not an id that a pack can have."""

    id: str


class PackUnknown(Reason, code="pack-unknown"):
    """That version of the pack is not installed."""

    pack: str
    version: str


class PackDamaged(Reason, code="pack-damaged"):
    """The bytes in the database do not fit their digest."""

    pack: str
    version: str


class PackVersionTaken(Reason, code="pack-version-taken"):
    """That version is installed with other content."""

    pack: str
    version: str


class ModuleUnknown(Reason, code="module-unknown"):
    """No installed pack has that module (in that version)."""

    module: str
    version: Unsaid[str | None] = None


class ZipDamaged(Reason, code="zip-damaged"):
    """Not a zip file, or one that cannot be read."""


class ZipTooLarge(Reason, code="zip-too-large"):
    """A file in the zip is larger than a pack may be."""

    file: str


class ZipTooManyFiles(Reason, code="zip-too-many-files"):
    """More files than a pack may have."""

    files: int


class ZipTwice(Reason, code="zip-twice"):
    """Two entries of the zip have one name."""

    file: str


class ActImpossible(Reason, code="act-impossible"):
    """What was chosen (``act``) is not on the screen (``at``)."""

    act: Unsaid[str | None] = None
    at: Unsaid[str | None] = None


class ExampleAnswer(Reason, code="example-answer"):
    """Stands for what a learner answers to that prompt."""

    prompt: str


class ExampleMoment(Reason, code="example-moment"):
    """Stands for the moment of an if–then plan."""


class ExampleDeed(Reason, code="example-deed"):
    """Stands for the deed of an if–then plan."""


class ExampleNote(Reason, code="example-note"):
    """Stands for the line that a learner writes beside that answer."""

    prompt: str


class Rounds(Reason, code="rounds"):
    """Heads the column of the numbers of rounds."""


class RoundNumber(Reason, code="round-number"):
    """Names one round of a game."""

    round: int


class RoundsSoFar(Reason, code="rounds-so-far"):
    """The title of the table of rounds."""


class InAll(Reason, code="in-all"):
    """Heads the column, or names the row, of a sum."""


class ToEach(Reason, code="to-each"):
    """Heads the column of what each seat got of it."""


class HowVoicesPlayed(Reason, code="how-voices-played"):
    """The title of the table of what the recorded voices did, and why."""


class ClauseName(Reason, code="clause-name"):
    """Heads the column of the clauses of a negotiation."""


class OptionName(Reason, code="option-name"):
    """Heads the column of what is written, or might be, under a clause."""


class YourPoints(Reason, code="your-points"):
    """What clauses and offers are worth to the seat that reads, and to no other that knows."""


class OffersSoFar(Reason, code="offers-so-far"):
    """The title of the table of the offers, the last one first."""


class Signed(Reason, code="signed"):
    """The title of the table of what was signed."""


class WithoutAgreement(Reason, code="without-agreement"):
    """The title of the table of what a seat has if nothing is signed."""


class Criterion(Reason, code="criterion"):
    """Heads the column of the rows of a grid."""


class AtFirst(Reason, code="at-first"):
    """Heads the column of the first levels."""


class Afterwards(Reason, code="afterwards"):
    """Heads the column of the levels that stand in the end."""


class GridTotal(Reason, code="grid-total"):
    """Names the row of the totals of a grid."""


class AllSeats(Reason, code="all-seats"):
    """Names the row of what all seats give together."""


Month = Annotated[str, Vocabulary("month")]


class TheTasks(Reason, code="the-tasks"):
    """The title of the table of what there is to do."""


class TaskName(Reason, code="task-name"):
    """Heads the column of the tasks."""


class When(Reason, code="when"):
    """Heads the column of months."""


class HoursWord(Reason, code="hours-word"):
    """Heads the column of the hours that a task takes."""


class OneMonth(Reason, code="one-month"):
    """When a task is done."""

    month: Month


class MonthSpan(Reason, code="month-span"):
    """When a task begins and ends."""

    first: Month
    last: Month


class TheLines(Reason, code="the-lines"):
    """The title of the table of what everybody says of each task."""


class SaidBy(Reason, code="said-by"):
    """Names the row of who said what stands below."""


class Themselves(Reason, code="themselves"):
    """They said it themselves."""


class ThreeLevels(Reason, code="three-levels"):
    """Whether somebody knows how, is able and wants to, from 0 to 2."""

    knows: int
    able: int
    wants: int


class TwiceOrNot(Reason, code="twice-or-not"):
    """The title of the table of what several do and of what nobody does."""


class Who(Reason, code="who"):
    """Heads the column of who does a task."""


class HoursTwice(Reason, code="hours-twice"):
    """Heads the column of the hours that are done twice."""


class HoursMissing(Reason, code="hours-missing"):
    """Heads the column of the hours that everybody pays later."""


class Nobody(Reason, code="nobody"):
    """Why nobody stands in the column of who does a task."""

    why: Annotated[str, Vocabulary("nobody")]


class WhoDoesWhat(Reason, code="who-does-what"):
    """The title of the table of who does what, when, how and with whom."""


class WithWhom(Reason, code="with-whom"):
    """Heads the column of with whom they do it."""


class How(Reason, code="how"):
    """Heads the column of how they came to it."""


class AsTheySaid(Reason, code="as-they-said"):
    """They do it because of their own line."""


class HandedOver(Reason, code="handed-over"):
    """The title of the table of what each handed over."""


class NothingDone(Reason, code="nothing-done"):
    """Stands where there is nothing to say."""


class MapActor(Reason, code="map-actor"):
    """Heads the column of who stands on a map."""


class WhoMoved(Reason, code="who-moved"):
    """The title of the table of whom each seat moved."""


class ChairHead(Reason, code="chair-head"):
    """Heads the column of who has a chair."""


class InFavour(Reason):
    """Why a kind of experience may serve what somebody has in hand."""


class Against(Reason):
    """Why it may not."""


class MakesTrue(InFavour, code="format-makes-true"):
    """What people live in it that an argument would only say."""

    makes: Annotated[str, Vocabulary("makes")]


class ServesAim(InFavour, code="format-serves-aim"):
    """It serves the aim that was named."""

    aim: Annotated[str, Vocabulary("aims")]


class ForMaturity(InFavour, code="format-maturity"):
    """It is for people of that maturity (1 to 4)."""

    maturity: int


class LivedSo(InFavour, code="format-lived"):
    """How it is lived with the means that there are."""

    lived: Annotated[str, Vocabulary("lived")]


class TakesMinutes(InFavour, code="format-minutes"):
    """Its minutes hold in those that there are."""

    least: int
    most: int


class LeavesTime(InFavour, code="format-leaves-time"):
    """It is over sooner, and minutes are left to talk."""

    most: int
    left: int


class PeopleFit(InFavour, code="format-people"):
    """It is for as many people."""

    people: int


class ServesOtherAims(Against, code="format-other-aims"):
    """It seldom serves the aim that was named."""

    aim: Annotated[str, Vocabulary("aims")]


class ForOtherMaturity(Against, code="format-other-maturity"):
    """It is for people of another maturity (1 to 4)."""

    least: int
    most: int


class NotSo(Against, code="format-other-means"):
    """It cannot be lived with the means that there are."""

    means: Annotated[str, Vocabulary("means")]


class TakesLonger(Against, code="format-takes-longer"):
    """It takes more minutes than there are."""

    least: int
    minutes: int


class NeedsPeople(Against, code="format-needs-people"):
    """It takes more people."""

    fewest: int


class TooManyPeople(Against, code="format-too-many"):
    """It cannot hold so many people."""

    most: int


class InTheAccounts(Reason, code="in-the-accounts"):
    """The title of the table of the flows that stand in the accounts."""


class OnThePaper(Reason, code="on-the-paper"):
    """The title of the table of the flows that were drawn."""


class AYearLater(Reason, code="a-year-later"):
    """The title of the table of every flow."""


class StillThere(Reason, code="still-there"):
    """Heads the column of what became of each flow."""


class FlowName(Reason, code="flow-name"):
    """Heads the column of the flows."""


class FromWhom(Reason, code="from-whom"):
    """Heads the column of who gives."""


class ToWhom(Reason, code="to-whom"):
    """Heads the column of who receives."""


class WhatIsGiven(Reason, code="what-is-given"):
    """Heads the column of what passes from one to the other."""


class WhatPasses(Reason, code="what-passes"):
    """Money, people or links."""

    what: Annotated[str, Vocabulary("what-passes")]


class FlowState(Reason, code="flow-state"):
    """Heads the column of what a flow was on the paper."""


class StateOfFlow(Reason, code="state-of-flow"):
    """What a flow was on the paper, or that it stood in the accounts."""

    state: Annotated[str, Vocabulary("flow-state")]


class GoesOn(Reason, code="goes-on"):
    """Whether a flow goes on."""

    goes: Annotated[str, Vocabulary("goes-on")]
