"""What a profile can say: how an LMS launches, whom it names, what it takes and what it refuses.
Each default is what the specification allows; nothing of a real LMS is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from lti.wire import names
from lti.wire.roles import MEMBERSHIP, TEST_USER

Kind = Literal["teacher", "assistant", "learner", "mentor", "administrator", "test-user"]
Roles = Mapping[Kind, tuple[str, ...]]

LEARNER, TEACHER = f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Instructor"
ASSISTANT = f"{MEMBERSHIP}/Instructor#TeachingAssistant"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"
OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
READ_LINE_ITEMS = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
GRADE_SCOPES = frozenset(
    {names.SCOPE_LINE_ITEM, READ_LINE_ITEMS, names.SCOPE_SCORE, names.SCOPE_RESULT}
)
FULL: Roles = {
    "teacher": (TEACHER,),
    "assistant": (ASSISTANT, TEACHER),
    "learner": (LEARNER,),
    "mentor": (f"{MEMBERSHIP}#Mentor",),
    "administrator": (f"{INSTITUTION}#Administrator",),
    "test-user": (LEARNER, TEST_USER),
}
"""The roles as the specification writes them (LTI 1.3 core, appendix A.2)."""


@dataclass(frozen=True)
class Refusal:
    """A refusal of a service: its status, and its words, in which ``{user}`` is whom it is about;
    without any, the body is empty."""

    status: int
    why: str = ""
    code: str = "invalid_request"


@dataclass(frozen=True)
class Identity:
    """How things are called. Texts are templates: ``{base}`` is the platform's address, ``{n}``
    the number of the thing, ``{id}`` a member's id here."""

    issuer: str = "{base}"
    clients: str = "client-{n}"
    deployment: str = "deployment-1"
    subjects: str = "{id}"
    context: Mapping[str, Any] = field(
        default_factory=lambda: {
            "id": "course-1",
            "label": "TRY",
            "title": "A course to try things out",
            "type": [OFFERING],
        }
    )
    links: str = "link-{n}"
    shared: str = ""
    """The id of all links that have none of their own."""
    services_elsewhere: bool = False
    """Whether rosters and gradebooks are served from another host than launches."""
    tokens_elsewhere: bool = False


@dataclass(frozen=True)
class Launching:
    """A login and its id_token. ``storage`` is the frame that the login offers."""

    login: Literal["GET", "POST"] = "GET"
    deployment_name: str = "lti_deployment_id"
    storage: str | None = "relecture_storage"
    single_use: bool = False
    hint_life: timedelta | None = None
    refused_on_page: bool = False
    """Whether a refused launch ends on a page of the LMS, and is not posted to the tool."""
    error: str = "login_required"
    """What is posted to the tool when a launch is over or used."""
    life: timedelta = timedelta(minutes=5)
    not_before: bool = False
    azp: bool = False
    dated_at_click: bool = False
    locales: tuple[str, ...] = ("fr-FR", "en-GB")
    """Some, in the form in which they are sent."""
    locale_in_presentation: bool = True
    locale_on_top: bool = False
    presentation: tuple[str, ...] = ("document_target", "return_url")
    always_iframe: bool = False
    link_members: tuple[str, ...] = ("id", "title", "description")
    platform: Mapping[str, str] = field(
        default_factory=lambda: {
            "guid": "relecture-platform",
            "name": "Relecture's own platform",
            "product_family_code": "relecture",
        }
    )
    custom_empty: Literal["object", "list", "absent"] = "object"
    fills: frozenset[str] = frozenset({"$ResourceLink.id", "$Context.id", "$User.id"})
    """The variables that are filled in; others stay as their own text."""
    never: frozenset[str] = frozenset()
    """Personal claims that are never sent."""
    blank_email: bool = False
    """Whether an address that is not shared is sent as an empty text."""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """The roles of each kind of member, in launches and in the roster; who has no entry in one
    does not appear there. ``switches``: teachers may take a learner's place under their own id."""

    launch: Roles = field(default_factory=lambda: FULL)
    roster: Roles = field(default_factory=lambda: FULL)
    switches: bool = True


@dataclass(frozen=True)
class Placement:
    """A place from which links are chosen. ``column``: whether a link gets one with the line item
    that the tool sent, in any case, never, or at its first launch."""

    column: Literal["sent", "always", "never", "first-launch"] = "sent"
    own_id: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Choosing:
    """Deep Linking. ``settings`` is sent as it stands, with the return address and, if ``data``,
    a text that must come back. ``claims``: what the request carries beside it."""

    settings: Mapping[str, Any] = field(
        default_factory=lambda: {
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": True,
        }
    )
    data: bool = True
    claims: frozenset[str] = frozenset({"presentation", "platform", "custom", "grades", "roster"})
    presentation: tuple[str, ...] = ("document_target", "return_url")
    resource_link: str | None = None
    placements: Mapping[str, Placement] = field(default_factory=lambda: {"": Placement()})
    by_hand: Placement = Placement()
    authors: frozenset[Kind] | None = None
    """Who may choose links; None: everybody."""
    needs_subject: bool = False
    """Whether the answer must name the client as ``sub`` too."""
    replaces: bool = False
    """Whether an answer takes the place of all links chosen before."""


@dataclass(frozen=True)
class Columns:
    """Line items. ``posted``: what becomes of one that a tool posts. ``filters``: the query's
    filters that work."""

    scopes: tuple[str, ...] = (names.SCOPE_LINE_ITEM, names.SCOPE_RESULT, names.SCOPE_SCORE)
    off: Literal["no-claim", "no-line-items"] = "no-claim"
    """What a launch shows where an administrator switched grades off."""
    posted: Literal["as-sent", "assignment", "own-link", "no-link", "by-label"] = "as-sent"
    posted_status: int = 201
    filters: frozenset[str] = frozenset({"resource_id", "tag", "resource_link_id"})
    at_first_score: bool = False
    """Whether each link has the address of a line item, whose column is made by the first score."""
    own_hidden: bool = False
    """Whether a column that the LMS made with a link is left out where a resource or tag is
    asked for."""
    own_unnamed: bool = False
    """Whether a column made with a link is told without the tool's ids."""
    ids_encoded: bool = False
    """Whether the tool's ids come back percent-encoded, and those of one character not at all."""
    media_refused: int | None = None
    """The answer to a content type that is not exactly the right one."""
    quotes: str = '""'
    """The quotation marks of the ``Link`` header of a list of line items."""


@dataclass(frozen=True)
class Scores:
    """What becomes of scores. ``order``: which timestamps are taken after another one."""

    taken: int = 204
    gradable: frozenset[Kind] | None = None
    """Who can have a grade; None: every member."""
    not_gradable: Refusal = Refusal(404, "{user} is no member of this course", "not_found")
    order: Literal["later", "later-second", "not-earlier", "any"] = "later"
    not_later: Refusal = Refusal(
        409, "the timestamp is not later than that of the score before", "conflict"
    )
    no_column: Refusal = Refusal(404, "no such line item", "not_found")
    zero_published: bool = True
    unfinished_keeps: bool = False
    """Whether a score that is not fully graded leaves the grade before it standing."""
    capped: bool = False
    attempts: Refusal | None = None
    """Each score is a submission more; this is said when no more are allowed."""
    comments_added: bool = False
    comments_told: bool = True


@dataclass(frozen=True)
class Members:
    """The roster. ``page``: the most on a page, None: no limit; ``unasked``: the size of a page
    when none is asked for, None: everybody."""

    page: int | None = 100
    unasked: int | None = 100
    filters: frozenset[str] = frozenset({"role", "rlid"})
    differences: bool = True
    next_forgets_role: bool = False
    context: tuple[str, ...] = ("id", "label", "title", "type")
    empty_body: bool = False
    """Whether an empty roster is an empty body."""
    launched_only: bool = False
    """Whether only those are listed who have launched."""
    most: int | None = None
    """A roster of more members is refused."""
    message_is_list: bool = True


@dataclass(frozen=True)
class Tokens:
    """Access tokens. ``audience``: a text that assertions must be for, the token address, or
    anything."""

    audience: Literal["token-address", "own", "unchecked"] = "token-address"
    whole: bool = False
    """Whether the audience must be one text, not a list."""
    unknown_scopes: Literal["refused", "dropped"] = "refused"
    kind: str = "Bearer"
    insufficient: int = 403
    over: int = 401
    refusals: Literal["oauth", "moodle", "canvas"] = "oauth"
    """The form of what services say when they refuse."""


@dataclass(frozen=True)
class Registering:
    """How tools are registered. ``dynamic``: by Dynamic Registration, else by hand."""

    dynamic: bool = True
    bearer_for_configuration: bool = False
    authorization_server: str | None = None
    """A template; ``{host}`` is the host of the address."""
    deployment_answered: bool = True
    enabled_at_once: bool = True
    domain_checked: bool = False
    """Whether ``domain`` must be host and port of the target link."""
    refused_as_text: bool = False


@dataclass(frozen=True)
class Profile:
    """The manners of one LMS."""

    name: str = "relecture"
    identity: Identity = Identity()
    launching: Launching = Launching()
    people: People = People()
    choosing: Choosing = Choosing()
    columns: Columns = Columns()
    scores: Scores = Scores()
    members: Members = Members()
    tokens: Tokens = Tokens()
    registering: Registering = Registering()


DEFAULT = Profile()
"""What the specification allows, and nothing more: the practice platform itself."""
