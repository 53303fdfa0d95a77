"""What it takes to deal with platforms, put together once: HTTP, keys, tokens, and what is built
on them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.storage.work import Units
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


def build_tool(units: Units, http: Http, secret: str, own: OwnRoute) -> LtiTool:
    """A tool on that database. ``secret`` seals our private keys; ``own`` tells the pages that a
    launch may end on."""
    keys, platform_keys = ToolKeys(units.db, secret), PlatformKeys(units, http)
    return LtiTool(
        http,
        keys,
        platform_keys,
        Receiver(units, platform_keys, own),
        Caller(units, http, Tokens(http, keys, units.clock.wall)),
    )
