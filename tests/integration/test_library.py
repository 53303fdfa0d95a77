"""Installed packs never change: same content is no news, other content under the same version is
refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from engine.packs.new import new_pack
from engine.packs.stamp import stamp
from engine.storage.library import Library, precedence
from engine.values.errors import NotFound, Refused
from engine.values.faults import Faults
from tests import builders
from tests.builders import MODULE, MONDAY, PACK

pytestmark = pytest.mark.both_databases


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(builders.database(tmp_path))


def changed(**edits: str) -> dict[str, bytes]:
    files = new_pack(PACK)
    files["pack.yaml"] = files["pack.yaml"].replace(
        b"version: 0.1.0", f"version: {edits['version']}".encode()
    )
    return files


def test_installing_the_same_content_again_changes_nothing(library: Library) -> None:
    assert not library.holds(new_pack(PACK))
    first, second = (library.install(new_pack(PACK), MONDAY) for _ in range(2))
    assert first.digest == second.digest and len(library.newest()) == 1
    assert library.holds(new_pack(PACK)) and not library.holds(changed(version="0.2.0"))


def test_other_content_under_an_installed_version_is_refused(library: Library) -> None:
    library.install(new_pack(PACK), MONDAY)
    other = new_pack(PACK)
    words = f"{MODULE}/fr.md"
    other[words] = other[words].replace(b"Lundi", b"Mardi")
    assert other[words] != new_pack(PACK)[words]
    other |= stamp(other)
    with pytest.raises(Refused, match="pack-version-taken"):
        library.install(other, MONDAY)
    assert library.pack(PACK, "0.1.0").digest == library.install(new_pack(PACK), MONDAY).digest


def test_a_pack_with_a_fault_is_not_installed(library: Library) -> None:
    faulty = new_pack(PACK)
    faulty[f"{MODULE}/en.md"] = b"## cover.title\nOnly a title\n"
    with pytest.raises(Faults):
        library.install(faulty, MONDAY)
    assert library.newest() == ()


def test_an_older_version_stays_readable_beside_the_newest(library: Library) -> None:
    library.install(new_pack(PACK), MONDAY)
    library.install(changed(version="0.10.0"), MONDAY)
    library.install(changed(version="0.9.0"), MONDAY)
    assert [p.version for p in library.newest()] == ["0.10.0"]
    assert library.module(PACK, "0.1.0", MODULE).id == MODULE


def test_many_threads_that_ask_at_once_are_given_one_reading(library: Library) -> None:
    library.install(new_pack(PACK), MONDAY)
    start = Barrier(8)

    def read(_: int) -> int:
        start.wait()
        return id(library.pack(PACK, "0.1.0"))

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(read, range(8)))) == 1


def test_an_unknown_version_or_module_is_not_found(library: Library) -> None:
    library.install(new_pack(PACK), MONDAY)
    with pytest.raises(NotFound, match="pack-unknown"):
        library.pack(PACK, "9.9.9")
    with pytest.raises(NotFound, match="module-unknown"):
        library.module(PACK, "0.1.0", "nowhere")


def test_versions_are_ordered_as_semver_says() -> None:
    rising = ("-alpha", "-alpha.1", "-alpha.beta", "-beta", "-beta.2", "-beta.11", "-rc.1", "")
    versions = [f"1.0.0{pre}" for pre in rising]
    assert sorted(set(versions), key=precedence) == versions
