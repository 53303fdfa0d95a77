"""The statements that read what a decision about a learner needs, and write what it changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    Boolean,
    Date,
    Integer,
    String,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from engine.storage.queries.running import BOUND, TENANT
from engine.storage.tables import (
    Account,
    Act,
    Address,
    Answer,
    Delivery,
    Enrolment,
    Learner,
    LtiPerson,
    Membership,
    Memory,
    Placement,
    PlayTable,
    Response,
    Tenant,
    Touch,
    TouchPrompt,
)
from engine.storage.tables.base import TenantRow
from engine.storage.tables.journeys import GONE

_LEARNER: BindParameter[str] = bindparam("learner")


def _rewritten(table: type[TenantRow], key: Sequence[str], *columns: str) -> Update:
    """An update of these columns of one row, as ``rewriting`` runs it."""
    its = (getattr(table, name) == bindparam(f"of_{name}") for name in key)
    return (
        update(table)
        .where(table.tenant == TENANT, *its)
        .values({name: bindparam(f"new_{name}") for name in columns})
    )


LEARNER = (
    select(Learner)
    .where(Learner.tenant == TENANT, Learner.id == _LEARNER)
    .execution_options(**BOUND)
)
WRITTEN_TO = (
    select(
        Account.language,
        Account.link_epoch,
        Learner.zone,
        Learner.announced_on,
        func.coalesce(Tenant.sender_name, Tenant.name).label("sender"),
        Tenant.contact,
    )
    .join(Learner, and_(Learner.tenant == Account.tenant, Learner.id == Account.id))
    .join(Tenant, Tenant.id == Account.tenant)
    .where(Account.tenant == TENANT, Account.id == _LEARNER)
)
"""In which language and time zone a learner is written to, as whom, who reads their replies, and
the epoch of their links."""
LEARNER_LOCKED = LEARNER.with_for_update(of=Learner)
LEARNER_READ = (
    select(
        *(column for column in Learner.__table__.c if column.name != "tenant"),
        Account.email,
    )
    .join(Account, and_(Account.tenant == Learner.tenant, Account.id == Learner.id))
    .where(Learner.tenant == TENANT, Learner.id == _LEARNER)
)
LEARNER_HELD = LEARNER_READ.with_for_update(of=Learner)
LEARNER_IF_FREE = LEARNER_READ.with_for_update(of=Learner, skip_locked=True)
"""The columns of a learner, and the address of their account."""
CHANGE_PACE = _rewritten(Learner, ["id"], "missed_in_a_row", "gap_factor", "asked_to_lighten")
TOUCH_CAME = _rewritten(
    Learner, ["id"], "last_touch", "not_before", "asked_to_lighten", "announce_at"
)

IN_AN_LMS = select(
    exists().where(LtiPerson.tenant == TENANT, LtiPerson.account == _LEARNER).label("known")
)
"""Whether any LMS knows the learner."""

_OF_LEARNER_TOUCH = and_(Touch.tenant == TENANT, Touch.learner == _LEARNER)
_TOUCHES = select(Touch).where(_OF_LEARNER_TOUCH)
TOUCH = _TOUCHES.where(Touch.number == bindparam("number")).execution_options(**BOUND)
TOUCH_HELD = (
    select(Touch.number, Touch.kind, Touch.due_at, Touch.expires_at, Touch.minutes)
    .where(
        _OF_LEARNER_TOUCH,
        Touch.number == bindparam("number"),
        Touch.state == bindparam("state"),
    )
    .with_for_update()
)
_TOUCH_KEY = "learner", "number"
OPEN_TOUCH = _rewritten(Touch, _TOUCH_KEY, "state", "opened_at", "expires_at")
CLOSE_TOUCH = _rewritten(Touch, _TOUCH_KEY, "state", "closed_at", "pace_before")
PUT_OFF_PLANNED = _rewritten(Touch, _TOUCH_KEY, "due_at")
PUT_OFF_OPEN = _rewritten(Touch, _TOUCH_KEY, "expires_at")
TOUCH_IN_STATE = _TOUCHES.where(Touch.state == bindparam("state")).execution_options(**BOUND)
TOUCHES = (
    select(
        Touch.number,
        Touch.kind,
        Touch.state,
        Touch.due_at,
        Touch.opened_at,
        Touch.expires_at,
        Touch.minutes,
    )
    .where(
        _OF_LEARNER_TOUCH,
        or_(
            or_(Touch.state == "planned", Touch.state == "open"),  # compiled once, unlike a list
            Touch.opened_at >= bindparam("since"),
            Touch.number == bindparam("number"),
        ),
    )
    .order_by(Touch.number)
)
"""The planned touch and the open one, those opened since a given time, and the one with the given
number."""

_IN_DEBRIEF = and_(
    Enrolment.tenant == TENANT,
    Enrolment.learner == _LEARNER,
    Enrolment.finished_at.is_not(None),
    or_(
        Enrolment.closed_at.is_(None),
        Enrolment.id == bindparam("also"),
        bindparam("every", type_=Boolean()),
    ),
)
"""Finished experiences whose debrief is open, and the finished one whose id is ``also``; or
``every`` finished one."""

ENROLMENTS = (
    select(
        Enrolment.id,
        Enrolment.pack,
        Enrolment.version,
        Enrolment.module,
        Enrolment.finished_at,
        Enrolment.revealed_at,
        Enrolment.closed_at,
        Enrolment.closed_as,
    )
    .where(_IN_DEBRIEF)
    .order_by(Enrolment.finished_at, Enrolment.id)
)

ITS_TOUCH = and_(
    Touch.tenant == TouchPrompt.tenant,
    Touch.learner == TouchPrompt.learner,
    Touch.number == TouchPrompt.touch,
)
ITS_ENROLMENT = and_(Enrolment.tenant == TouchPrompt.tenant, Enrolment.id == TouchPrompt.enrolment)
ITS_ANSWER = and_(
    Answer.tenant == TouchPrompt.tenant,
    Answer.enrolment == TouchPrompt.enrolment,
    Answer.prompt == TouchPrompt.prompt,
    Answer.occurrence == TouchPrompt.occurrence,
)
"""What joins a prompt of a touch with its touch, its experience and its answer."""

_GONE = tuple(literal_column(f"'{how}'", String) for how in GONE)
PROMPTS = (
    select(
        TouchPrompt.touch,
        TouchPrompt.enrolment,
        TouchPrompt.prompt,
        TouchPrompt.occurrence,
        Touch.state,
        Answer.prompt.is_not(None).label("answered"),
        func.coalesce(Enrolment.closed_as.in_(_GONE), false()).label("gone"),
    )
    .join(Touch, ITS_TOUCH)
    .join(Enrolment, ITS_ENROLMENT)
    .outerjoin(Answer, ITS_ANSWER)
    .where(
        TouchPrompt.tenant == TENANT,
        TouchPrompt.learner == _LEARNER,
        or_(_IN_DEBRIEF, TouchPrompt.touch == bindparam("number")),
    )
    .order_by(TouchPrompt.touch, TouchPrompt.position)
)
"""Every prompt that was put into a touch and belongs to the debriefs of ``ENROLMENTS``, plus those
of one touch, even if their debriefs are closed."""

_PUT_INTO_TOUCH = and_(
    TouchPrompt.tenant == TENANT,
    TouchPrompt.learner == _LEARNER,
    TouchPrompt.touch == bindparam("number"),
)
PROMPTS_OF_TOUCH = (
    select(TouchPrompt)
    .where(_PUT_INTO_TOUCH)
    .order_by(TouchPrompt.position)
    .execution_options(**BOUND)
)
SHOWN_TOUCH = select(
    Touch.number,
    Touch.kind,
    Touch.state,
    Touch.expires_at,
    Touch.minutes,
    Touch.reasons,
).where(_OF_LEARNER_TOUCH, Touch.number == bindparam("number"))
SHOWN_PROMPTS = (
    select(
        TouchPrompt.enrolment,
        TouchPrompt.prompt,
        TouchPrompt.occurrence,
        TouchPrompt.touch,
        TouchPrompt.minutes,
        TouchPrompt.reasons,
        Enrolment.pack,
        Enrolment.version,
        Enrolment.module,
        Enrolment.seat,
        Enrolment.closed_as,
    )
    .join(Enrolment, ITS_ENROLMENT)
    .where(_PUT_INTO_TOUCH)
    .order_by(TouchPrompt.position)
)
"""The prompts of a touch, each with the experience that it is about."""

FORGET_RESPONSE = delete(Response).where(
    Response.tenant == TENANT,
    Response.learner == _LEARNER,
    Response.touch == bindparam("number"),
)
ADD_RESPONSE = insert(Response).from_select(
    ["tenant", "learner", "touch", "course", "week", "answered"],
    select(
        Membership.tenant,
        Membership.account,
        bindparam("number", type_=Integer()),
        Membership.course,
        bindparam("week", type_=Date()),
        bindparam("answered", type_=Boolean()),
    ).where(
        Membership.tenant == TENANT,
        Membership.account == _LEARNER,
        Membership.role == "learner",
        exists(
            select(TouchPrompt.prompt)
            .join(Enrolment, ITS_ENROLMENT)
            .where(
                TouchPrompt.tenant == TENANT,
                TouchPrompt.learner == _LEARNER,
                TouchPrompt.touch == bindparam("number"),
                or_(
                    Enrolment.course == Membership.course,
                    exists(
                        select(Placement.section)
                        .where(
                            Placement.tenant == TENANT,
                            Placement.course == Membership.course,
                            Placement.pack == Enrolment.pack,
                            Placement.module == Enrolment.module,
                        )
                        .correlate(Enrolment, Membership)
                    ),
                ),
            )
            .correlate(Membership)
        ),
    ),
)
"""A touch that closed counts in each course of its learner's in which it asked about an
experience that they began there, or that is placed there."""
DELIVERY_STATES = select(Delivery.state).where(
    Delivery.tenant == TENANT,
    Delivery.learner == _LEARNER,
    Delivery.touch == bindparam("number"),
)
_OF_ENROLMENT: BindParameter[str] = bindparam("enrolment")
ENROLMENT = (
    select(Enrolment)
    .where(Enrolment.tenant == TENANT, Enrolment.id == _OF_ENROLMENT)
    .execution_options(**BOUND)
)
FINISH = _rewritten(Enrolment, ["id"], "finished_at")
REVEAL = _rewritten(Enrolment, ["id"], "revealed_at")
CLOSE_DEBRIEF = _rewritten(Enrolment, ["id"], "closed_at", "closed_as")
ANSWER = select(Answer.content, Answer.card_before, Answer.answered_at).where(
    Answer.tenant == TENANT,
    Answer.enrolment == _OF_ENROLMENT,
    Answer.prompt == bindparam("prompt"),
    Answer.occurrence == bindparam("occurrence"),
)
ANSWERS = (
    select(Answer.prompt, Answer.occurrence, Answer.touch, Answer.content)
    .where(Answer.tenant == TENANT, Answer.enrolment == _OF_ENROLMENT)
    .order_by(Answer.prompt, Answer.occurrence)
)
ACTS = (
    select(Act.number, Act.seat, Act.said, Act.at, Act.takes_back)
    .join(Enrolment, and_(Enrolment.tenant == Act.tenant, Enrolment.table == Act.table))
    .where(Enrolment.tenant == TENANT, Enrolment.id == _OF_ENROLMENT, Act.tenant == TENANT)
    .order_by(Act.number)
)

# Lists and not joins: SQLite, which keeps no statistics, would begin a join at the other table and
# walk through what everybody in the organisation did.
CARDS = select(Memory.enrolment, Memory.takeaway, Memory.card).where(
    Memory.tenant == TENANT, Memory.enrolment.in_(select(Enrolment.id).where(_IN_DEBRIEF))
)

ADD_ACT = insert(Act).values(tenant=TENANT)
ADD_ANSWER = insert(Answer).values(tenant=TENANT)
PLACEMENT = (
    select(Placement)
    .join(
        Membership,
        and_(Membership.tenant == Placement.tenant, Membership.course == Placement.course),
    )
    .where(
        Placement.tenant == TENANT,
        Placement.course == bindparam("course"),
        Placement.section == bindparam("section"),
        Membership.tenant == TENANT,
        Membership.account == _LEARNER,
    )
    .execution_options(**BOUND)
)
"""The placement in a section, if the learner is a member of the course."""
_OF_LEARNER = and_(Enrolment.tenant == TENANT, Enrolment.learner == _LEARNER)
LIVED = (
    select(Enrolment).where(_OF_LEARNER).order_by(Enrolment.started_at).execution_options(**BOUND)
)
"""Every experience of a learner, in the order in which they began them."""
LIVED_OF_PACK = (
    select(Enrolment)
    .where(_OF_LEARNER, Enrolment.pack == bindparam("pack"))
    .execution_options(**BOUND)
)
LIVED_ONE = select(
    Enrolment.id,
    Enrolment.pack,
    Enrolment.version,
    Enrolment.module,
    Enrolment.table,
    Enrolment.seat,
    Enrolment.revealed_at,
    Enrolment.closed_at,
).where(_OF_LEARNER, Enrolment.id == bindparam("enrolment"))
ASKED_AT_ALL = select(
    exists()
    .where(
        TouchPrompt.tenant == TENANT,
        TouchPrompt.learner == _LEARNER,
        TouchPrompt.enrolment == _OF_ENROLMENT,
        ITS_TOUCH,
        Touch.state != "planned",
    )
    .label("known")
)
"""Whether anything was ever asked about an experience."""
RECEIVED = (
    _TOUCHES.where(Touch.state != "planned")
    .order_by(Touch.number.desc())
    .execution_options(**BOUND)
)
"""Every touch that was opened, the latest first."""
ASKED_ABOUT = (
    select(
        TouchPrompt.touch,
        Enrolment.pack,
        Enrolment.version,
        Enrolment.module,
        Enrolment.closed_as,
    )
    .join(Enrolment, ITS_ENROLMENT)
    .where(TouchPrompt.tenant == TENANT, TouchPrompt.learner == _LEARNER, _OF_LEARNER)
    .order_by(TouchPrompt.touch, TouchPrompt.position)
)
"""The experience that each prompt of each touch is about, in the order in which they are asked."""
LIVED_ACTS = (
    select(
        Enrolment.id.label("enrolment"),
        Act.number,
        Act.seat,
        Act.said,
        Act.at,
        Act.takes_back,
    )
    .join(Enrolment, and_(Enrolment.tenant == Act.tenant, Enrolment.table == Act.table))
    .where(_OF_LEARNER, Act.tenant == TENANT)
    .order_by(Act.number)
)
_LIVED_BY_LEARNER = select(Enrolment.id).where(_OF_LEARNER)
LIVED_ANSWERS = (
    select(
        Answer.enrolment,
        Answer.prompt,
        Answer.occurrence,
        Answer.answered_at,
        Answer.version,
        Answer.content,
    )
    .where(Answer.tenant == TENANT, Answer.enrolment.in_(_LIVED_BY_LEARNER))
    .order_by(Answer.enrolment, Answer.answered_at)
)
LIVED_CARDS = select(Memory.enrolment, Memory.takeaway, Memory.card).where(
    Memory.tenant == TENANT, Memory.enrolment.in_(_LIVED_BY_LEARNER)
)

REMOVE_ANSWER = delete(Answer).where(
    Answer.tenant == TENANT,
    Answer.enrolment == _OF_ENROLMENT,
    Answer.prompt == bindparam("prompt"),
    Answer.occurrence == bindparam("occurrence"),
)
_OF_PACK: BindParameter[str] = bindparam("of_pack")
_OF_VERSION: BindParameter[str] = bindparam("of_version")
MEND_ENROLMENTS = (
    update(Enrolment)
    .where(
        Enrolment.tenant == TENANT,
        Enrolment.pack == _OF_PACK,
        Enrolment.version == _OF_VERSION,
    )
    .values(version=bindparam("new_version"))
)
MEND_TABLES = (
    update(PlayTable)
    .where(
        PlayTable.tenant == TENANT,
        PlayTable.pack == _OF_PACK,
        PlayTable.version == _OF_VERSION,
    )
    .values(version=bindparam("new_version"))
)
MEND_PLACEMENTS = (
    update(Placement)
    .where(
        Placement.tenant == TENANT,
        Placement.pack == _OF_PACK,
        Placement.version == _OF_VERSION,
    )
    .values(version=bindparam("new_version"))
)
"""Give those who began a version of a pack, and its tables, the words of its patch."""
ADD_CARD = insert(Memory).values(tenant=TENANT)
CHANGE_CARD = (
    update(Memory)
    .where(
        Memory.tenant == TENANT,
        Memory.enrolment == bindparam("of_enrolment"),
        Memory.takeaway == bindparam("of_takeaway"),
    )
    .values(card=bindparam("new_card"))
)
REMOVE_CARD = delete(Memory).where(
    Memory.tenant == TENANT,
    Memory.enrolment == _OF_ENROLMENT,
    Memory.takeaway == bindparam("takeaway"),
)
ADD_PROMPTS = insert(TouchPrompt).values(tenant=TENANT)
REMOVE_PROMPTS = delete(TouchPrompt).where(
    TouchPrompt.tenant == TENANT,
    TouchPrompt.learner == _LEARNER,
    TouchPrompt.touch == bindparam("number"),
)
ADD_TOUCH = insert(Touch).values(tenant=TENANT, state="planned")
ADD_DELIVERY = insert(Delivery).values(tenant=TENANT)
_WAITING = update(Delivery).where(
    Delivery.tenant == TENANT,
    Delivery.learner == bindparam("of_learner"),
    Delivery.state == "waiting",
)
WITHDRAW = _WAITING.values(state="withdrawn")
WITHDRAW_CHANNEL = _WAITING.where(Delivery.channel == bindparam("of_channel")).values(
    state="withdrawn"
)
WITHDRAW_TOUCH = _WAITING.where(Delivery.touch == bindparam("of_touch")).values(state="withdrawn")

ADDRESSES = (
    select(Address.channel, Address.value)
    .where(Address.tenant == TENANT, Address.account == _LEARNER)
    .order_by(Address.channel)
)
