"""The desk of the worker's LTI jobs: what they share, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.delivery.jobs import Bench
from lti.courses.people import LocaleDefaults
from lti.services.call import Caller


@dataclass(frozen=True)
class JobContext:
    """``bench``: database, packs, clocks and chance; ``caller`` calls services; ``tongue``: how
    new people are met; ``handler``: the address below which notices are taken, one path a
    registration."""

    bench: Bench
    caller: Caller
    tongue: LocaleDefaults
    handler: str
