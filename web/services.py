"""What every page, job and command is given: the services, as values. ``bootstrap`` builds them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from engine.delivery.channels.base import Channel
from engine.delivery.mailer import Mailer
from engine.storage.database import Database
from engine.storage.library import Library
from engine.values.clock import Clock
from lti.tool import LtiTool
from web.settings import Settings


@dataclass(frozen=True)
class Services:
    """Everything a page, the worker or a command needs. ``dataclasses.replace`` swaps one part."""

    settings: Settings
    db: Database
    clock: Clock
    rng: random.Random
    library: Library
    mail: Channel
    mailer: Mailer
    lti: LtiTool

    def close(self) -> None:
        """Let the last mails leave and give back every connection."""
        self.mailer.close()
        self.db.close()
