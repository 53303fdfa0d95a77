"""What somebody may learn of how others answered, without learning how any one of them did.

Three rules (k-anonymity, with what defeats it: Machanavajjhala et al., *l-diversity*, 2007):
nothing is said of fewer than ``FLOOR`` people; answers are counted by whole groups of so many, the
oldest first, so that coming back after one more person has answered tells nothing of that person;
and a side on which there is one other person, or nobody, is never counted out, since the other side
then says what everybody answered.
"""

from __future__ import annotations

from engine.debrief.reasons import ChoseOtherwise, NearlyAllAlike, NearlyAllOtherwise
from engine.values.reasons import Reason

FLOOR = 5
"""From how many people on people see anything of each other; an organisation can raise it."""


def counted(people: int, floor: int) -> int:
    """How many of the answers are looked at, the oldest first: whole groups of ``floor``."""
    return people - people % max(floor, FLOOR)


def otherwise(alike: int, others: int, people: int, floor: int = FLOOR) -> Reason | None:
    """What is said to somebody of the ``people`` looked at: of the ``others`` among them (all, or
    all but the reader), ``alike`` chose as the reader did. None if it would say too much."""
    if people < max(floor, FLOOR):
        return None
    if others - alike <= 1:
        return NearlyAllAlike(people=people)
    if alike <= 1:
        return NearlyAllOtherwise(people=people)
    return ChoseOtherwise(otherwise=others - alike, people=people)
