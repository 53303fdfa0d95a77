"""Every table. Rows that belong to an organisation carry its tenant in every key; the few global ones say so."""

from engine.storage.tables.base import Base, Tenant, TenantRow
from engine.storage.tables.courses import Course, Membership, PackVersion, Placement
from engine.storage.tables.journeys import Answer, Enrolment, Memory, Step
from engine.storage.tables.lti import (
    LtiDeployment,
    LtiHealth,
    LtiHost,
    LtiInvite,
    LtiPlatformKeys,
    LtiRegistration,
    LtiState,
    LtiToolKey,
)
from engine.storage.tables.people import Account, Learner, Throttle
from engine.storage.tables.touches import ClockRow, Delivery, Touch, TouchPrompt

__all__ = ["Account", "Answer", "Base", "ClockRow", "Course", "Delivery", "Enrolment", "Learner", "LtiDeployment",
           "LtiHealth", "LtiHost", "LtiInvite", "LtiPlatformKeys", "LtiRegistration", "LtiState", "LtiToolKey", "Membership",
           "Memory", "PackVersion", "Placement", "Step", "Tenant", "TenantRow", "Throttle", "Touch", "TouchPrompt"]
