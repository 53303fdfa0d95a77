"""On which databases a test runs: on a SQLite file; marked ``both_databases``, on PostgreSQL as
well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import databases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_kind", databases.KINDS, indirect=True)


@pytest.fixture(autouse=True)
def database_kind(request: pytest.FixtureRequest) -> Iterator[databases.Kind]:
    kind: databases.Kind = getattr(request, "param", "sqlite")
    with databases.on(kind):
        yield kind
