"""What it takes to deal with platforms, put together once: HTTP, keys, tokens, and what is built
on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.storage.database import Database
from lti.launch.login import OwnRoute
from lti.launch.receive import Receiver
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.tokens import Tokens
from lti.platforms.tool_keys import ToolKeys
from lti.services.call import Caller
from lti.wire.http import Http


@dataclass(frozen=True)
class LtiTool:
    """``keys`` are ours, ``platform_keys`` theirs; ``receiver`` takes launches, ``caller`` calls
    services."""

    http: Http
    keys: ToolKeys
    platform_keys: PlatformKeys
    receiver: Receiver
    caller: Caller


def build_tool(
    db: Database, http: Http, secret: str, own: OwnRoute, wall: Callable[[], datetime]
) -> LtiTool:
    """An office on that database. ``secret`` seals our private keys; ``own`` tells the pages
    that a launch may end on."""
    keys, platform_keys = ToolKeys(db, secret), PlatformKeys(db, http, wall)
    return LtiTool(
        http,
        keys,
        platform_keys,
        Receiver(db, platform_keys, own),
        Caller(db, http, Tokens(http, keys, wall), wall),
    )
