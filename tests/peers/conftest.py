"""An installation that is plugged into the peer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.plugged import Plugged, plugged


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Plugged]:
    with plugged(tmp_path) as both:
        yield both
