"""The starter pack for a new author: small, real, and free of faults."""

from __future__ import annotations

from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from engine.packs.base import Slug
from engine.packs.reasons import PackIdMalformed
from engine.values.errors import Invalid

_STARTER_ID = "starter"
_FILES = ("pack.yaml", "la-vitrine/module.yaml", "la-vitrine/fr.md", "la-vitrine/en.md")


def new_pack(pack_id: str) -> dict[str, bytes]:
    """The files of a minimal pack called ``pack_id``, by path. Raises ``Invalid("pack-id", id)`` if
    that is not a valid slug."""
    try:
        TypeAdapter(Slug).validate_python(pack_id)
    except ValidationError as error:
        raise Invalid(PackIdMalformed(id=pack_id)) from error
    starter = files(__package__) / "starter"
    found = {name: starter.joinpath(*name.split("/")).read_bytes() for name in _FILES}
    found["pack.yaml"] = found["pack.yaml"].replace(
        f"id: {_STARTER_ID}\n".encode(), f"id: {pack_id}\n".encode(), 1
    )
    return found
