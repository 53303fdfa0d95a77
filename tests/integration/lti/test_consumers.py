"""LTI 1.1 consumers that move to 1.3: what they shared is sealed, and their migration claims are held to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Invalid
from engine.storage.tables import LtiConsumer
from lti import consumers, names
from lti.migration import signature
from tests.apps import SECRET
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import CLIENT, Lms, register


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    made = plugged(tmp_path, lms)
    consumers.add(made.house.services.db, SECRET, made.registration, "old-key", "old-secret")
    return made


def migrating(secret: str, key: str = "old-key") -> Any:
    """A launch that says who people were in LTI 1.1, signed with that secret."""
    def change(claims: dict[str, Any]) -> None:
        claims[names.MIGRATION] = {"oauth_consumer_key": key, "user_id": "old-7",
                                   "oauth_consumer_key_sign": signature(secret, key, claims, CLIENT)}
    return change


def test_a_launch_whose_migration_claim_is_signed_rightly_comes_in_and_another_one_does_not(there: Plugged) -> None:
    assert there.browser().launch(migrating("old-secret")).status_code == 303
    refused = there.browser().launch(migrating("guessed"))
    assert refused.status_code == 400 and "migration-signature-bad" in refused.get_data(as_text=True)


def test_a_consumer_counts_for_its_own_registration_until_it_is_removed(there: Plugged, lms: Lms) -> None:
    db = there.house.services.db
    other = register(db, lms, client_id="client-2")
    secret_of = consumers.secrets_in(db, SECRET)
    assert secret_of(there.registration, "old-key") == "old-secret"
    assert secret_of(other, "old-key") is None and secret_of(there.registration, "other") is None
    consumers.add(db, SECRET, there.registration, "old-key", "newer")
    assert secret_of(there.registration, "old-key") == "newer" and consumers.known(db, there.registration) == ("old-key",)
    consumers.remove(db, there.registration, "old-key")
    assert consumers.known(db, there.registration) == ()
    assert there.browser().launch(migrating("guessed")).status_code == 303, "a key that is not known proves nothing"


def test_what_was_shared_is_not_readable_in_the_database(there: Plugged) -> None:
    with there.house.services.db.read("town") as unit:
        assert b"old-secret" not in unit.scalars(select(LtiConsumer.secret)).one()


@pytest.mark.parametrize(("key", "shared"), [("", "s"), ("k", ""), ("k" * 256, "s")])
def test_half_a_consumer_is_not_kept(there: Plugged, key: str, shared: str) -> None:
    with pytest.raises(Invalid, match="consumer-incomplete"):
        consumers.add(there.house.services.db, SECRET, there.registration, key, shared)
