"""What a platform's roles mean here: who may steer a course, and who learns in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
STEERING = frozenset({"Instructor", "ContentDeveloper", "Administrator", "Manager"})

CourseRole = Literal["facilitator", "learner"]


def course_role(roles: Iterable[str]) -> CourseRole:
    """What these roles make of someone *in this course* (LTI 1.3 core, section 5.3.7 and appendix
    A.2).

    Only context roles count, short (``Instructor``), full (``…/membership#Instructor``) or as a
    sub-role (``…/membership/Instructor#TeachingAssistant``): a teacher elsewhere in the institution
    is a learner here. No role, or unknown ones, give the least: learner.
    """
    return "facilitator" if any(context_role(role) in STEERING for role in roles) else "learner"


def context_role(role: str) -> str | None:
    """The principal context role that a role stands for, None when it is none (appendix A.2.3
    and A.2.4)."""
    if role.startswith(f"{MEMBERSHIP}#"):
        return role.partition("#")[2]
    if role.startswith(f"{MEMBERSHIP}/"):
        return role[len(MEMBERSHIP) + 1 :].partition("#")[0]
    return role if role.isalpha() else None
