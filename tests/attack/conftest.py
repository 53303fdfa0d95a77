"""On which databases an attack runs: as in ``tests/integration``."""

from tests.integration.conftest import database_kind, pytest_generate_tests

__all__ = ["database_kind", "pytest_generate_tests"]
