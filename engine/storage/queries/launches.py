"""The statements of a launch: its state, its platform, and which person arrived where."""

from __future__ import annotations

from sqlalchemy import BindParameter, and_, bindparam, delete, exists, insert, select, update

from engine.storage.queries.running import TENANT
from engine.storage.tables import (
    Account,
    Course,
    Enrolment,
    Learner,
    LtiContext,
    LtiDeployment,
    LtiHealth,
    LtiHost,
    LtiLink,
    LtiPerson,
    LtiRegistration,
    LtiScore,
    LtiState,
    LtiVisit,
    Membership,
    Tenant,
)

_REGISTRATION: BindParameter[str] = bindparam("of_registration")
_DEPLOYMENT: BindParameter[str] = bindparam("of_deployment")

_OWN = and_(LtiRegistration.tenant == TENANT, LtiRegistration.id == _REGISTRATION)
_ITS_DEPLOYMENT = and_(
    LtiDeployment.tenant == LtiRegistration.tenant,
    LtiDeployment.registration == LtiRegistration.id,
    LtiDeployment.deployment == _DEPLOYMENT,
)
HOLD = select(LtiRegistration.id).where(_OWN).with_for_update(key_share=True)
ADMITS = (
    select(LtiRegistration.enabled, LtiDeployment.state)
    .outerjoin(LtiDeployment, _ITS_DEPLOYMENT)
    .where(_OWN)
)
"""Whether launches are accepted, and the state of the deployment (None if it was never seen)."""

SPEND = (
    update(LtiState)
    .where(
        LtiState.tenant == TENANT,
        LtiState.state == bindparam("of_state"),
        LtiState.used_at.is_(None),
        exists()
        .where(_OWN, LtiRegistration.enabled, LtiDeployment.state == "accepted")
        .where(_ITS_DEPLOYMENT),
    )
    .values(used_at=bindparam("wall"))
)
"""Marks a state as used, if its launch is to be accepted."""
WENT_WELL = (
    update(LtiHealth)
    .where(LtiHealth.tenant == TENANT, LtiHealth.registration == _REGISTRATION)
    .values(launched_at=bindparam("wall"), skew=bindparam("new_skew"))
)
CLAIM = (
    update(LtiRegistration)
    .where(_OWN, LtiRegistration.claimed_at.is_(None))
    .values(claimed_at=bindparam("wall"))
)
ADD_HOSTS = insert(LtiHost).values(tenant=TENANT)

_PERSON = and_(
    LtiPerson.tenant == LtiRegistration.tenant,
    LtiPerson.registration == LtiRegistration.id,
    LtiPerson.subject == bindparam("subject"),
)
_ACCOUNT = and_(Account.tenant == LtiPerson.tenant, Account.id == LtiPerson.account)
_CONTEXT = and_(
    LtiContext.tenant == LtiRegistration.tenant,
    LtiContext.registration == LtiRegistration.id,
    LtiContext.deployment == _DEPLOYMENT,
    LtiContext.context == bindparam("context"),
)
_COURSE = and_(Course.tenant == LtiContext.tenant, Course.id == LtiContext.course)
_MEMBER = and_(
    Membership.tenant == LtiContext.tenant,
    Membership.course == LtiContext.course,
    Membership.account == LtiPerson.account,
)
_LINK = and_(
    LtiLink.tenant == LtiRegistration.tenant,
    LtiLink.registration == LtiRegistration.id,
    LtiLink.deployment == _DEPLOYMENT,
    LtiLink.link == bindparam("link"),
)
KNOWN = (
    select(
        LtiPerson.account,
        Account.name,
        Account.language,
        Account.epoch,
        LtiContext.course,
        LtiContext.roster_url,
        LtiContext.line_items_url,
        LtiContext.groups_url,
        LtiContext.notices_url,
        LtiContext.notices_at,
        LtiContext.sync_at,
        LtiContext.opened_at,
        Course.slug,
        Membership.role,
        Membership.role_source,
        LtiLink.link,
        LtiLink.context,
        LtiLink.title,
        LtiLink.item,
        LtiLink.module,
        LtiLink.line_item,
        LtiLink.graded,
    )
    .select_from(LtiRegistration)
    .outerjoin(LtiPerson, _PERSON)
    .outerjoin(Account, _ACCOUNT)
    .outerjoin(LtiContext, _CONTEXT)
    .outerjoin(Course, _COURSE)
    .outerjoin(Membership, _MEMBER)
    .outerjoin(LtiLink, _LINK)
    .where(_OWN)
)
"""The person, course, membership and link of a launch in one row; None for those that do not exist
yet."""

HOUSE = select(Tenant.language, Tenant.zone).where(Tenant.id == TENANT)
"""The language and time zone of whoever has not chosen theirs, as the organisation says."""
ADD_ACCOUNT = insert(Account).values(tenant=TENANT)
ADD_LEARNER = insert(Learner).values(tenant=TENANT)
ADD_PERSON = insert(LtiPerson).values(tenant=TENANT)
SEE_PERSON = (
    update(LtiPerson)
    .where(
        LtiPerson.tenant == TENANT,
        LtiPerson.registration == _REGISTRATION,
        LtiPerson.subject == bindparam("of_subject"),
    )
    .values(seen_at=bindparam("wall"))
)
RENEW_ACCOUNT = (
    update(Account)
    .where(Account.tenant == TENANT, Account.id == bindparam("of_account"))
    .values(name=bindparam("new_name"), language=bindparam("new_language"))
)

OPEN_CONTEXT = (
    update(LtiContext)
    .where(
        LtiContext.tenant == TENANT,
        LtiContext.registration == _REGISTRATION,
        LtiContext.deployment == _DEPLOYMENT,
        LtiContext.context == bindparam("of_context"),
    )
    .values(
        opened_at=bindparam("wall"),
        roster_url=bindparam("new_roster_url"),
        line_items_url=bindparam("new_line_items_url"),
        groups_url=bindparam("new_groups_url"),
        notices_url=bindparam("new_notices_url"),
        notices_at=bindparam("new_notices_at"),
        sync_at=bindparam("new_sync_at"),
    )
)

ADD_MEMBER = insert(Membership).values(tenant=TENANT)
CHANGE_ROLE = (
    update(Membership)
    .where(
        Membership.tenant == TENANT,
        Membership.course == bindparam("of_course"),
        Membership.account == bindparam("of_account"),
    )
    .values(role=bindparam("new_role"), role_source=bindparam("new_source"))
)
LEFT_BEHIND = (
    select(Enrolment.id)
    .where(
        Enrolment.tenant == TENANT,
        Enrolment.learner == bindparam("learner"),
        Enrolment.course == bindparam("course"),
        Enrolment.closed_as == bindparam("closed_as"),
    )
    .limit(1)
)

ADD_LINK = insert(LtiLink).values(tenant=TENANT)
CHANGE_LINK = (
    update(LtiLink)
    .where(
        LtiLink.tenant == TENANT,
        LtiLink.registration == _REGISTRATION,
        LtiLink.deployment == _DEPLOYMENT,
        LtiLink.link == bindparam("of_link"),
    )
    .values(
        context=bindparam("new_context"),
        item=bindparam("new_item"),
        module=bindparam("new_module"),
        title=bindparam("new_title"),
        line_item=bindparam("new_line_item"),
        graded=bindparam("new_graded"),
    )
)
FORGET_SCORES = delete(LtiScore).where(
    LtiScore.tenant == TENANT,
    LtiScore.registration == _REGISTRATION,
    LtiScore.deployment == _DEPLOYMENT,
    LtiScore.link == bindparam("of_link"),
)
MOVE_SCORES = (
    update(LtiScore)
    .where(
        LtiScore.tenant == TENANT,
        LtiScore.registration == _REGISTRATION,
        LtiScore.deployment == _DEPLOYMENT,
        LtiScore.link == bindparam("of_link"),
    )
    .values(link=bindparam("new_link"))
)
ADD_VISIT = insert(LtiVisit).values(tenant=TENANT)
