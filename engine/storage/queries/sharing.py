"""The statements of what people of a course see of each other."""

from __future__ import annotations

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    select,
)

from engine.storage.queries.journeys import ITS_ENROLMENT, ITS_TOUCH
from engine.storage.queries.running import TENANT
from engine.storage.tables import (
    Account,
    Answer,
    Course,
    CourseWord,
    Enrolment,
    Shared,
    Touch,
    TouchPrompt,
)

_MOST, _SKIPPED = bindparam("most", type_=Integer()), bindparam("skipped", type_=Integer())
_COURSE: BindParameter[str] = bindparam("course")
_LEARNER: BindParameter[str] = bindparam("learner")
_ASKED = and_(
    Enrolment.tenant == TENANT,
    Enrolment.course == _COURSE,
    Enrolment.pack == bindparam("pack"),
    Enrolment.module == bindparam("module"),
    Answer.tenant == TENANT,
    Answer.enrolment == Enrolment.id,
    Answer.prompt == bindparam("prompt"),
    Answer.occurrence == bindparam("occurrence"),
)
ANSWERED = select(func.count().label("people")).select_from(Enrolment).join(Answer, _ASKED)
"""How many people of a course answered a question."""
_FIRST = (
    select(
        cast(Answer.content, Text).label("content"),
        case((Answer.enrolment == bindparam("enrolment"), 1), else_=0).label("own"),
    )
    .select_from(Enrolment)
    .join(Answer, _ASKED)
    .order_by(Answer.answered_at, Answer.enrolment)
    .limit(_MOST)
    .subquery()
)
ANSWERS = select(
    _FIRST.c.content,
    func.count().label("people"),
    cast(func.sum(_FIRST.c.own), Integer).label("own"),
).group_by(_FIRST.c.content)
"""How often each answer was given among the first ``most`` of them, and whether one of these is
that of the experience ``enrolment``."""

_KEY = and_(
    Shared.tenant == TENANT,
    Shared.enrolment == bindparam("enrolment"),
    Shared.prompt == bindparam("prompt"),
    Shared.occurrence == bindparam("occurrence"),
)
OWN = select(Shared.hidden_at, Shared.why).where(_KEY)
ADD = insert(Shared).values(tenant=TENANT)
REMOVE = delete(Shared).where(_KEY)
ITS_COURSE = select(Enrolment.course, Enrolment.pack, Enrolment.module).where(
    Enrolment.tenant == TENANT,
    Enrolment.id == bindparam("enrolment"),
    Enrolment.learner == _LEARNER,
)

_SENTENCES = (
    select(
        Shared.enrolment,
        Shared.prompt,
        Shared.occurrence,
        Shared.course,
        Shared.shared_at,
        Shared.hidden_at,
        Shared.why,
        Enrolment.pack,
        Enrolment.version,
        Enrolment.module,
        Answer.content,
    )
    .join(Enrolment, and_(Enrolment.tenant == Shared.tenant, Enrolment.id == Shared.enrolment))
    .join(
        Answer,
        and_(
            Answer.tenant == Shared.tenant,
            Answer.enrolment == Shared.enrolment,
            Answer.prompt == Shared.prompt,
            Answer.occurrence == Shared.occurrence,
        ),
    )
    .where(Shared.tenant == TENANT, Enrolment.tenant == TENANT, Answer.tenant == TENANT)
)


def _latest(statement: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
    return statement.order_by(Shared.shared_at.desc(), Shared.enrolment).limit(_MOST)


OF_OTHERS = _latest(
    _SENTENCES.where(
        Shared.course == _COURSE,
        Shared.prompt == bindparam("prompt"),
        Shared.hidden_at.is_(None),
        Shared.learner != _LEARNER,
        Enrolment.pack == bindparam("pack"),
        Enrolment.module == bindparam("module"),
    )
)
"""What others of a course shared in answer to the same question, the latest first."""
OF_LEARNER = _latest(_SENTENCES.where(Shared.learner == _LEARNER))
"""What a learner shares, the latest first."""
OF_COURSE = _latest(_SENTENCES.where(Shared.course == _COURSE)).offset(_SKIPPED)
"""What is shared with a course, the latest first."""
IN_COURSE = select(func.count().label("sentences")).where(
    Shared.tenant == TENANT, Shared.course == _COURSE
)

_ASKS = and_(TouchPrompt.tenant == TENANT, TouchPrompt.learner == _LEARNER)
_ITS_TOUCH = and_(Touch.tenant == TENANT, ITS_TOUCH)
_ITS_ENROLMENT = and_(Enrolment.tenant == TENANT, ITS_ENROLMENT)
WORDS = (
    select(
        CourseWord.course,
        CourseWord.text,
        CourseWord.written_at,
        Course.title,
        Account.name,
        Touch.opened_at,
    )
    .distinct()
    .select_from(TouchPrompt)
    .join(Touch, _ITS_TOUCH)
    .join(Enrolment, _ITS_ENROLMENT)
    .join(CourseWord, and_(CourseWord.tenant == TENANT, CourseWord.course == Enrolment.course))
    .join(Course, and_(Course.tenant == TENANT, Course.id == CourseWord.course))
    .join(Account, and_(Account.tenant == TENANT, Account.id == CourseWord.account))
    .where(
        _ASKS, TouchPrompt.touch == bindparam("number"), Touch.opened_at >= CourseWord.written_at
    )
    .order_by(Course.title)
)
"""The words of the courses that a touch asks about, written before it was opened."""
EARLIER = (
    select(Enrolment.course, func.max(Touch.opened_at).label("opened_at"))
    .select_from(TouchPrompt)
    .join(Touch, _ITS_TOUCH)
    .join(Enrolment, _ITS_ENROLMENT)
    .where(_ASKS, TouchPrompt.touch < bindparam("number"), Touch.opened_at.is_not(None))
    .group_by(Enrolment.course)
)
"""When an earlier touch last asked about each course."""
