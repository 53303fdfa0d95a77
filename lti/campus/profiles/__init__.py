"""The manners of LMSs that the practice platform can take on, each a table whose lines name their
source; what is not in a table is as the specification allows it."""

from __future__ import annotations

from collections.abc import Mapping

from lti.campus.profiles.blackboard import BLACKBOARD
from lti.campus.profiles.brightspace import BRIGHTSPACE
from lti.campus.profiles.canvas import CANVAS
from lti.campus.profiles.moodle import MOODLE
from lti.campus.profiles.open_edx import OPEN_EDX
from lti.campus.profiles.profile import DEFAULT, Profile
from lti.campus.profiles.sakai import SAKAI

PROFILES: Mapping[str, Profile] = {
    one.name: one for one in (DEFAULT, MOODLE, CANVAS, OPEN_EDX, BRIGHTSPACE, BLACKBOARD, SAKAI)
}
"""By the name that ``relecture lti platform --profile`` takes; the first is the default."""
