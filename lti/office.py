"""What it takes to deal with platforms, put together once: HTTP, keys, tokens, and what is built on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.storage.database import Database
from lti.keys import ToolKeys
from lti.launch import Receiver
from lti.login import OwnRoute
from lti.net import Http
from lti.platform_keys import PlatformKeys
from lti.services.call import Caller
from lti.services.token import Tokens


@dataclass(frozen=True)
class Office:
    """``keys`` are ours, ``platform_keys`` theirs; ``receiver`` takes launches, ``caller`` calls services."""

    http: Http
    keys: ToolKeys
    platform_keys: PlatformKeys
    receiver: Receiver
    caller: Caller


def furnish(db: Database, http: Http, secret: str, own: OwnRoute, wall: Callable[[], datetime]) -> Office:
    """An office on that database. ``secret`` seals our private keys; ``own`` tells the pages that a launch may end on."""
    keys, platform_keys = ToolKeys(db, secret), PlatformKeys(db, http, wall)
    return Office(http, keys, platform_keys, Receiver(db, platform_keys, own), Caller(db, http, Tokens(http, keys, wall), wall))
