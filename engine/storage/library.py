"""The installed packs: installed once, never changed, read through a small cache."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from threading import Lock

from sqlalchemy import select

from engine.packs.lint import read_sound
from engine.packs.mending import is_patch, mends
from engine.packs.model import Module, Pack
from engine.packs.read import digest, read_pack
from engine.packs.reasons import ModuleUnknown, PackDamaged, PackUnknown, PackVersionTaken
from engine.packs.zip import unzip, zip_files
from engine.storage.database import Database
from engine.storage.queries import journeys
from engine.storage.queries.running import change
from engine.storage.tables import PackVersion, Tenant
from engine.values.errors import NotFound, Refused

LOCKS = 16
"""Packs share a fixed number of locks, since anybody may ask for any number of packs that do not
exist."""


class Library:
    """Every installed pack version. Each is parsed once per process, however many threads ask for
    it at the same time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read = lru_cache(maxsize=64)(self._read_once)
        self._locks = tuple(Lock() for _ in range(LOCKS))

    def install(self, files: Mapping[str, bytes], now: datetime) -> Pack:
        """Installs a pack. Installing the same content again changes nothing.

        Raises ``Faults`` if ``pack check`` would find a fault, and
        ``Refused("pack-version-taken")`` if that id and version are installed with other content:
        change the version instead, since learners stay on the version they began. A patch that only
        mends words takes the place of the versions that it mends, in every organisation.
        """
        pack = read_sound(files)
        with self._database.shared(write=True) as session:
            there = session.get(PackVersion, (pack.id, pack.version))
            if there is not None and there.digest != pack.digest:
                raise Refused(PackVersionTaken(pack=pack.id, version=pack.version))
            if there is None:
                session.add(
                    PackVersion(
                        pack=pack.id,
                        version=pack.version,
                        digest=pack.digest,
                        archive=zip_files(files),
                        installed_at=now,
                    )
                )
                session.commit()
        self._mend(pack)
        return pack

    def _mend(self, after: Pack) -> None:
        """Gives the words of that version to all who began one that it mends. Done again after a
        failure, it does what is left."""
        with self._database.shared() as session:
            others = select(PackVersion.version).where(PackVersion.pack == after.id)
            earlier = [v for v in session.scalars(others) if is_patch(v, after.version)]
            tenants = session.scalars(select(Tenant.id).order_by(Tenant.id)).all()
        mended = [v for v in earlier if mends(self._load(after.id, v), after)]
        for tenant in tenants if mended else ():
            with self._database.write(tenant) as session:
                for version in mended:
                    its = {"of_pack": after.id, "of_version": version}
                    change(session, journeys.MEND_ENROLMENTS, **its, new_version=after.version)
                    change(session, journeys.MEND_PLACEMENTS, **its, new_version=after.version)
                    change(session, journeys.MEND_TABLES, **its, new_version=after.version)
                session.commit()

    def holds(self, files: Mapping[str, bytes]) -> bool:
        """Whether a pack with exactly this content is installed."""
        with self._database.shared() as session:
            return (
                session.scalars(
                    select(PackVersion.pack).where(PackVersion.digest == digest(files))
                ).first()
                is not None
            )

    def pack(self, pack: str, version: str) -> Pack:
        """That version of a pack. Raises ``NotFound("pack-unknown")``."""
        return self._load(pack, version)

    def module(self, pack: str, version: str, module: str) -> Module:
        """A module of a pack version. Raises ``NotFound``."""
        found = self._load(pack, version).modules.get(module)
        if found is None:
            raise NotFound(ModuleUnknown(module=f"{pack}/{module}", version=version))
        return found

    def newest(self) -> tuple[Pack, ...]:
        """The latest installed version of each pack, by pack id."""
        with self._database.shared() as session:
            rows = session.execute(select(PackVersion.pack, PackVersion.version)).all()
        latest: dict[str, str] = {}
        for pack, version in sorted(rows, key=lambda row: (row[0], precedence(row[1]))):
            latest[pack] = version
        return tuple(self._load(pack, version) for pack, version in sorted(latest.items()))

    def _load(self, pack: str, version: str) -> Pack:
        with self._locks[hash((pack, version)) % LOCKS]:
            return self._read(pack, version)

    def _read_once(self, pack: str, version: str) -> Pack:
        with self._database.shared() as session:
            row = session.get(PackVersion, (pack, version))
            if row is None:
                raise NotFound(PackUnknown(pack=pack, version=version))
            files = unzip(row.archive)
        if digest(files) != row.digest:
            raise Refused(PackDamaged(pack=pack, version=version))
        return read_pack(files)


def precedence(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """Sort key of a semantic version: numbers first, then pre-releases before releases (semver.org
    2.0.0, section 11)."""
    core, _, pre = version.partition("-")
    parts = (
        tuple((not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in pre.split("."))
        if pre
        else ()
    )
    return tuple(int(n) for n in core.split(".")), not pre, parts
