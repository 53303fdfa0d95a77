"""A live installation: real pages behind a real server on a free port, a course that is slotted,
and time in our hands."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import waitress
from flask import Flask
from sqlalchemy import select
from waitress import wasyncore

from engine.courses import members, outlines
from engine.curriculum.read import read_outline
from engine.journey import joining
from engine.journey.joining import Preferences, learner_of
from engine.packs.model import Pack
from engine.packs.read import read_folder
from engine.people import accounts
from engine.storage.tables import Account, Course, Learner, Placement, Touch
from tests.apps import PASSWORD, House, house
from tests.builders import slotted, work
from web import worker

ROOT = Path(__file__).parents[2]
PACK = ROOT / "content_packs" / "modeles-socio-economiques"
OUTLINE = ROOT / "docs" / "examples" / "modeles-socio-economiques.yaml"
TENANT = "town"


@dataclass(frozen=True)
class Live:
    """An installation with one course, undated so that every section is open, and whoever a test
    invites."""

    house: House
    origin: str
    tenant: str = TENANT

    def invite(
        self, name: str, *, joined: bool = True, channel: str = "mail", language: str = "fr"
    ) -> Account:
        """Somebody enrolled in the course; unless told otherwise they took the wager and kept
        the rhythm proposed."""
        services, now = self.house.services, self.house.clock.now()
        with services.db.write(self.tenant) as unit:
            account = accounts.add_account(
                unit, f"{name.lower()}@example.org", name, "learner", language, now
            )
            account.password_hash = _HASH
            members.enrol(unit, self._course(unit), account, now)
            if joined:
                learner = learner_of(unit, account.id)
                joining.accept_contract(work(unit, now=now), learner)
                joining.set_preferences(
                    work(unit, library=services.library, now=now, rng=services.rng),
                    learner,
                    Preferences(channel=channel, language=language),
                )
            unit.commit()
        return account

    def placed(self, files: Mapping[str, bytes], module: str) -> tuple[str, str]:
        """Installs a pack and places a module of it in a section that had none; the ids of the
        course and of that section."""
        pack = self.house.services.library.install(files, self.house.clock.now())
        with self.house.services.db.write(self.tenant) as unit:
            course, taken = self._course(unit), set(unit.scalars(select(Placement.section)))
            free = next(one["id"] for one in course.outline["sections"] if one["id"] not in taken)
            made = Placement(course=course.id, section=free, pack=pack.id, version=pack.version)
            made.module, made.minutes = module, pack.modules[module].spec.minutes
            made.fit, made.reasons = 0.8, []
            unit.add(made)
            unit.commit()
            return course.id, free

    def facilitator(self, name: str = "Dominique", language: str = "fr") -> Account:
        """Somebody who runs the course."""
        with self.house.services.db.write(self.tenant) as unit:
            account = accounts.add_account(
                unit,
                f"{name.lower()}@example.org",
                name,
                "facilitator",
                language,
                self.house.clock.now(),
            )
            account.password_hash = _HASH
            members.enrol(unit, self._course(unit), account, self.house.clock.now(), "facilitator")
            unit.commit()
        return account

    def cookie(self, account: Account) -> dict[str, str]:
        """What a browser keeps once that person signed in."""
        client = self.house.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = f"{account.tenant}:{account.id}:{account.epoch}"
        kept = client.get_cookie("relecture")
        assert kept is not None
        return {"name": "relecture", "value": kept.value, "url": self.origin}

    def next_touch(self, account: Account) -> int:
        """Time goes on until the next question of that person falls due, and the worker does its
        round; its number."""
        with self.house.services.db.read(self.tenant) as unit:
            planned = unit.scalars(
                select(Touch).where(Touch.learner == account.id, Touch.state == "planned")
            ).one()
        clock = self.house.clock
        clock.later(seconds=max(0, (planned.due_at - clock.now()).total_seconds()))
        worker.tick(self.house.services)
        return planned.number

    def learner(self, account: Account) -> Learner:
        """Their learning side, as it is now."""
        with self.house.services.db.read(self.tenant) as unit:
            return learner_of(unit, account.id)

    def rows(self, table: type[Any]) -> list[Any]:
        """Everything in a table of the organisation."""
        with self.house.services.db.read(self.tenant) as unit:
            return list(unit.scalars(select(table)))

    def _course(self, unit: Any) -> Course:
        return unit.scalars(select(Course)).one()


_HASH = accounts.hashed(PASSWORD)


@contextmanager
def live(
    folder: Path, *more_tenants: str, tenant: str = TENANT, demo: bool = False, **overrides: str
) -> Iterator[Live]:
    """Serve an installation of its own under ``folder`` until the block ends."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{door.getsockname()[1]}"
    there = Live(
        house(folder, tenant, *more_tenants, demo=demo, base_url=origin, **overrides),
        origin,
        tenant,
    )
    _prepare(there)
    with serving(there.house.app, door):
        yield there
    there.house.services.close()


@contextmanager
def serving(app: Flask, door: socket.socket) -> Iterator[None]:
    """The server that ``relecture serve`` runs, in a thread of its own."""
    open_sockets: dict[int, Any] = {}
    server = waitress.create_server(
        app, map=open_sockets, sockets=[door], threads=4, clear_untrusted_proxy_headers=True
    )
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(open_sockets))
        thread.join()
        server.task_dispatcher.shutdown()


@cache
def _pack() -> Pack:
    return read_folder(PACK)


def _prepare(there: Live) -> None:
    services, now = there.house.services, there.house.clock.now()
    services.library.install(_pack(), now)
    outline = replace(read_outline(OUTLINE.read_bytes(), OUTLINE.name), starts_on=None)
    with services.db.write(there.tenant) as unit:
        slotted(unit, services.library, outlines.import_outline(unit, outline, now), now=now)
        unit.commit()
