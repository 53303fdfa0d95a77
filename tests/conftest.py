"""Guards around every test: no connection leaves this machine, and no test inherits another's
configuration."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import settings

from engine.people import accounts

settings.register_profile("relecture", deadline=None)  # how long an example takes proves nothing
settings.load_profile("relecture")


@pytest.fixture(autouse=True, scope="session")
def nothing_leaves_this_machine() -> Iterator[None]:
    connect = socket.socket.connect

    def on_this_machine(sock: socket.socket, address: Any) -> None:
        if (
            sock.family in (socket.AF_INET, socket.AF_INET6)
            and not ip_address(address[0]).is_loopback
        ):
            raise AssertionError(f"a test would connect to {address}")
        connect(sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", on_this_machine)
        yield


@pytest.fixture(autouse=True, scope="session")
def commands_that_speak_english() -> Iterator[None]:
    """Whatever the locale of who runs the tests; a test of French says so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


@pytest.fixture(autouse=True, scope="session")
def passwords_that_cost_little() -> Iterator[None]:
    """As cheap as argon2 allows: every sign-in checks more than one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", PasswordHasher(1, 8, 1))
        yield


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)
