"""Course Groups 1.0: the groups of a course. Their members are listed in the course's roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.values.lines import one_line
from lti.platforms.registrations import Registration
from lti.services.call import Caller
from lti.wire import names
from lti.wire.reasons import ServiceMalformed
from lti.wire.refusals import ServiceRefused


@dataclass(frozen=True)
class Group:
    """A group: the platform's id for it, and its name."""

    id: str
    name: str


def groups(caller: Caller, registration: Registration, url: str) -> Iterator[Group]:
    """The groups of a course, streamed (Course Groups 1.0); entries without an id are skipped.

    Raises ``ServiceRefused`` and ``FetchRefused``.
    """
    for answer in caller.pages(registration, url, [names.SCOPE_GROUPS], accept=names.MEDIA_GROUPS):
        said = answer.json()
        listed = said.get("groups") if isinstance(said, dict) else None
        if not isinstance(listed, list):
            raise ServiceRefused(ServiceMalformed(service="groups"))
        yield from (group for one in listed if (group := _group(one)) is not None)


def _group(said: Any) -> Group | None:
    known = said.get("id") if isinstance(said, dict) else None
    if not isinstance(known, str | int) or not 0 < len(str(known)) <= 255:
        return None
    name = said.get("name")
    return Group(str(known), one_line(name if isinstance(name, str) else "") or str(known))
