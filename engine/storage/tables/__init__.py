"""Every table. Rows that belong to an organisation carry its tenant in every key; the few global
tables say so."""

from engine.storage.tables.audit import AuditEntry
from engine.storage.tables.base import Base, Tenant, TenantRow
from engine.storage.tables.courses import (
    Cohort,
    CohortMember,
    Course,
    Membership,
    PackVersion,
    Placement,
)
from engine.storage.tables.first_run import FirstRun
from engine.storage.tables.journeys import Act, Answer, Enrolment, Memory, Outbox
from engine.storage.tables.lms import (
    LtiContext,
    LtiGroup,
    LtiLink,
    LtiNotice,
    LtiPerson,
    LtiScore,
    LtiVisit,
)
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
from engine.storage.tables.mails import (
    AddressClaim,
    Announcement,
    AskedLink,
    Invitation,
    MondayMail,
    OnItsWay,
)
from engine.storage.tables.people import Account, Address, Learner, Throttle
from engine.storage.tables.play_tables import PlayTable
from engine.storage.tables.refusals import MailRefusal
from engine.storage.tables.sharing import CourseWord, Shared
from engine.storage.tables.touches import (
    ClockRow,
    Delivery,
    Response,
    SendingPace,
    Touch,
    TouchPrompt,
)
from engine.storage.tables.troubles import Trouble, WorkerProcess
from engine.storage.tables.uploads import Upload

__all__ = [
    "Account",
    "Act",
    "Address",
    "AddressClaim",
    "Announcement",
    "Answer",
    "AskedLink",
    "AuditEntry",
    "Base",
    "ClockRow",
    "Cohort",
    "CohortMember",
    "Course",
    "CourseWord",
    "Delivery",
    "Enrolment",
    "FirstRun",
    "Invitation",
    "Learner",
    "LtiContext",
    "LtiDeployment",
    "LtiGroup",
    "LtiHealth",
    "LtiHost",
    "LtiInvite",
    "LtiLink",
    "LtiNotice",
    "LtiPerson",
    "LtiPlatformKeys",
    "LtiRegistration",
    "LtiScore",
    "LtiState",
    "LtiToolKey",
    "LtiVisit",
    "MailRefusal",
    "Membership",
    "Memory",
    "MondayMail",
    "OnItsWay",
    "Outbox",
    "PackVersion",
    "Placement",
    "PlayTable",
    "Response",
    "SendingPace",
    "Shared",
    "Tenant",
    "TenantRow",
    "Throttle",
    "Touch",
    "TouchPrompt",
    "Trouble",
    "Upload",
    "WorkerProcess",
]
