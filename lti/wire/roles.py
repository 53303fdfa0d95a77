"""What a platform's roles mean here: who may steer a course, and who learns in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
STEERING = frozenset(
    {"Instructor", "TeachingAssistant", "ContentDeveloper", "Administrator", "Manager"}
)
"""The short ``TeachingAssistant`` is Sakai's."""
LEARNING = frozenset({"Learner", "Member", "Officer"})
LOOKING_ON = frozenset(
    {
        "Mentor",
        f"{MEMBERSHIP}#Mentor",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin",
    }
)
"""Who has one of these, and neither steers nor learns in the course, does not belong to it."""
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
"""The user as whom a teacher tries out a course."""

CourseRole = Literal["facilitator", "learner"]


def role_said(roles: Iterable[str]) -> CourseRole | None:
    """What these roles make of someone *in this course* (LTI 1.3 core, section 5.3.7 and appendix
    A.2); None if they do not say.

    Only context roles count, short (``Instructor``), full (``…/membership#Instructor``) or as a
    sub-role (``…/membership/Instructor#TeachingAssistant``): a teacher elsewhere in the institution
    is none here.
    """
    here = {context_role(role) for role in roles}
    if here & STEERING:
        return "facilitator"
    return "learner" if here & LEARNING else None


def looks_on(roles: Collection[str]) -> bool:
    """Whether these are the roles of somebody who only looks at what learners see: a test user, or
    a mentor or administrator with no other part in the course (LTI 1.3 core, appendix A.2)."""
    said = role_said(roles)
    if said == "facilitator":
        return False
    return TEST_USER in roles or (said is None and not LOOKING_ON.isdisjoint(roles))


def mentors(roles: Iterable[str]) -> bool:
    """Whether one of these is the role of somebody who accompanies a learner."""
    return "Mentor" in map(context_role, roles)


def context_role(role: str) -> str | None:
    """The principal context role that a role stands for, None when it is none (appendix A.2.3
    and A.2.4). Sakai writes a sub-role as ``…/membership#Instructor#TeachingAssistant``."""
    if role.startswith(f"{MEMBERSHIP}#"):
        return role.split("#")[1]
    if role.startswith(f"{MEMBERSHIP}/"):
        return role[len(MEMBERSHIP) + 1 :].partition("#")[0]
    return role if role.isalpha() else None
