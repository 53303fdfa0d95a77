"""The desk of the worker's LTI jobs: what they share, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.delivery.bench import Bench
from lti.people import Tongue
from lti.services.call import Caller


@dataclass(frozen=True)
class Desk:
    """``bench``: database, packs, clocks and chance; ``caller`` calls services; ``tongue``: how new people are met;
    ``handler``: the address below which notices are taken, one path a registration."""

    bench: Bench
    caller: Caller
    tongue: Tongue
    handler: str
