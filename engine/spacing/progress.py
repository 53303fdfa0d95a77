"""How far a debrief has come: which stages are open, whether the subject is revealed, and whether
the debrief is complete or has ended."""

from __future__ import annotations

from datetime import datetime

from engine.packs.arcs import Stage
from engine.spacing import memory
from engine.spacing.days import local_day, zone_of
from engine.spacing.values import DebriefState, PromptState

LET_GO_AFTER = 3
"""A prompt asked this often without an answer is let go: it is never asked again, but a learner who
comes back to it can still answer it."""


def day_of(debrief: DebriefState, now: datetime, zone: str) -> int:
    """Local days since the experience was finished (0 on that day)."""
    tz = zone_of(zone)
    return (local_day(now, tz) - local_day(debrief.finished_at, tz)).days


def revealed(debrief: DebriefState) -> bool:
    """Whether the real subject may be named: it was, or a prompt of the arc's ``reveal_after``
    stage was answered."""
    return debrief.named or any(
        p.answered for p in debrief.prompts if p.stage == debrief.arc.reveal_after
    )


def complete(debrief: DebriefState) -> bool:
    """Whether every prompt of the arc's closing stage that may be asked was answered."""
    closing = [
        p
        for p in debrief.prompts
        if p.stage == debrief.arc.closes_with and not lacks_earlier(debrief, p)
    ]
    return bool(closing) and all(p.answered or memory.is_leech(p.card) for p in closing)


def ended(debrief: DebriefState, now: datetime, zone: str) -> bool:
    """Whether nothing is asked any more: the debrief is complete, or the arc's last day has
    come."""
    return complete(debrief) or day_of(debrief, now, zone) >= debrief.arc.end_day


def readable(debrief: DebriefState, now: datetime, zone: str) -> bool:
    """Whether a learner who never answered the questions that lead to the reveal may read it
    nevertheless: they are not asked any more, since each was let go or the debrief is over."""
    leading = [p for p in debrief.prompts if p.stage == debrief.arc.reveal_after]
    return ended(debrief, now, zone) or all(settled(debrief, p) for p in leading)


def open_stages(debrief: DebriefState, now: datetime, zone: str) -> tuple[Stage, ...]:
    """The stages whose day and turn have come."""
    day = day_of(debrief, now, zone)
    return tuple(
        stage for stage in debrief.arc.stages if stage.day <= day and in_turn(debrief, stage)
    )


def answerable(debrief: DebriefState, now: datetime, zone: str) -> tuple[PromptState, ...]:
    """What a learner who comes unprompted may answer now: the unanswered prompts of open stages,
    whether let go or not, and for ever: only the sending ends with the arc's last day."""
    stages = {stage.id for stage in open_stages(debrief, now, zone)}
    return tuple(
        p
        for p in debrief.prompts
        if p.stage in stages and not p.answered and not lacks_earlier(debrief, p)
    )


def in_turn(debrief: DebriefState, stage: Stage) -> bool:
    """Whether everything before that stage is settled and, if the stage refers to the revealed
    subject, the reveal has been made. Its day is not considered."""
    stages = debrief.arc.stages
    earlier = {s.id for s in stages[: stages.index(stage)]}
    return (revealed(debrief) or not stage.after_reveal) and all(
        settled(debrief, p) for p in debrief.prompts if p.stage in earlier
    )


def settled(debrief: DebriefState, prompt: PromptState) -> bool:
    """Whether a prompt no longer blocks later stages: it was answered or let go, or it follows up
    on an answer that was never given."""
    return (
        prompt.answered > 0
        or prompt.asked >= LET_GO_AFTER
        or memory.is_leech(prompt.card)
        or lacks_earlier(debrief, prompt)
    )


def asked_in_vain(debrief: DebriefState) -> bool:
    """Whether a debrief that is not complete has a prompt that was let go."""
    return not complete(debrief) and any(
        not p.answered and p.asked >= LET_GO_AFTER for p in debrief.prompts
    )


def lacks_earlier(debrief: DebriefState, prompt: PromptState) -> bool:
    """Whether a prompt follows up on one that has no answer (yet)."""
    return prompt.follows is not None and not any(
        p.answered for p in debrief.prompts if p.id == prompt.follows
    )
