"""What a platform fetches of an installation that listens on no port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti.wire.http import Answer
from tests.apps import House
from tests.integration.lti.lms import TOOL


@dataclass
class Inside:
    """Answers for an installation as if it were fetched."""

    house: House

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        said = self.house.client().client.open(
            urlsplit(url).path, method=method, headers=dict(headers or {}), base_url=TOOL
        )
        return Answer(said.status_code, {}, said.get_data())

    def check(self, url: str) -> None:
        """It goes anywhere."""
