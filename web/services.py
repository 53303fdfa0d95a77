"""What every page, job and command receives: the services, and two signs between pages and worker.
``bootstrap`` builds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import uuid4

from engine.delivery.channels.base import Channel
from engine.delivery.channels.maildir import MaildirChannel
from engine.journey.addresses import MAIL
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.work import Units, Work
from engine.values.clock import Clock
from lti.tool import LtiTool
from web.settings import Settings


@dataclass
class Pulse:
    """Signs of life of the worker of this process: when each of its jobs last ended, in wall time;
    empty where none runs. ``process``: under what id others see it."""

    ended: dict[str, datetime] = field(default_factory=dict)
    process: str = field(default_factory=lambda: uuid4().hex)

    def note(self, jobs: Iterable[Callable[..., object]], wall: datetime) -> None:
        """These jobs have ended a tick, or are about to begin their first."""
        self.ended |= dict.fromkeys((job.__name__ for job in jobs), wall)

    @property
    def ticked_at(self) -> datetime | None:
        """When the job ended that has been silent the longest."""
        return min(self.ended.values(), default=None)


@dataclass
class Bell:
    """Tells the worker of this process that somebody waits for a mail. Where there is none, the
    next tick finds what is due."""

    heard: Callable[[], None] = lambda: None

    def ring(self) -> None:
        """Call after the commit, outside any transaction."""
        self.heard()


@dataclass(frozen=True)
class Services:
    """Everything a page, the worker or a command needs. ``dataclasses.replace`` swaps one
    part."""

    settings: Settings
    units: Units
    channels: Mapping[str, Channel]
    lti: LtiTool
    pulse: Pulse = field(default_factory=Pulse)
    bell: Bell = field(default_factory=Bell)

    def read(self, tenant: str) -> AbstractContextManager[Work]:
        """A read-only unit of work."""
        return self.units.read(tenant)

    def write(self, tenant: str) -> AbstractContextManager[Work]:
        """A unit of work for writing; the caller commits it."""
        return self.units.write(tenant)

    @property
    def db(self) -> Database:
        """The database, for sessions outside any unit of work: those that cross organisations."""
        return self.units.db

    @property
    def library(self) -> Library:
        """The installed packs."""
        return self.units.library

    @property
    def clock(self) -> Clock:
        """Learning time and wall time."""
        return self.units.clock

    @property
    def mail(self) -> Channel:
        """The one channel that every installation has; what somebody asked for is sent through it
        too."""
        return self.channels[MAIL]

    @property
    def mails_are_files(self) -> bool:
        """Whether mails reach nobody, since no mail server is set: they wait in a folder."""
        return isinstance(self.mail, MaildirChannel)

    @property
    def rng(self) -> Random:
        """The source of randomness."""
        return self.units.rng

    def close(self) -> None:
        """Releases every connection."""
        for channel in self.channels.values():
            channel.release()
        self.db.close()
