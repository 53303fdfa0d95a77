"""Assembles the parts needed to work with platforms: HTTP, keys, tokens, and the services built on
them."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.storage.work import Units
from lti.courses.turns import Left
from lti.launch.login import OwnRoute
from lti.launch.receive import Receiver
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.tokens import Tokens
from lti.platforms.tool_keys import ToolKeys
from lti.services.call import Caller
from lti.wire.http import Http


@dataclass(frozen=True)
class LtiTool:
    """The parts of the tool: ``keys`` are ours, ``platform_keys`` the platforms'; ``receiver``
    accepts launches, ``caller`` calls services; ``left`` are the rosters that a tick left."""

    http: Http
    keys: ToolKeys
    platform_keys: PlatformKeys
    receiver: Receiver
    caller: Caller
    left: Left = field(default_factory=dict)


def build_tool(units: Units, http: Http, secret: str, own: OwnRoute) -> LtiTool:
    """Builds a tool on that database. ``secret`` encrypts our private keys; ``own`` recognises the
    pages that a launch may end on."""
    keys, platform_keys = ToolKeys(units.db, secret), PlatformKeys(units, http)
    return LtiTool(
        http,
        keys,
        platform_keys,
        Receiver(units, platform_keys, own),
        Caller(units, http, Tokens(http, keys, units.clock.wall)),
    )
