"""What the worker's jobs that deal with LMSs share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.storage.work import Units
from lti.courses.people import LocaleDefaults
from lti.services.call import Caller


@dataclass(frozen=True)
class LtiJobs:
    """``units``: database, packs, clocks and chance; ``caller`` calls services; ``locale``: how
    new people are met; ``handler``: the address below which notices are taken, one path a
    registration."""

    units: Units
    caller: Caller
    locale: LocaleDefaults
    handler: str
