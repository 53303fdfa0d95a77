"""A served platform and an organisation that is registered with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.lti.lms import Lms, Town, serve, town


@pytest.fixture
def lms() -> Iterator[Lms]:
    with serve() as served:
        yield served


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Town:
    return town(tmp_path, lms, "village")
