"""The starter pack for a new author: small, real, and free of faults."""

from __future__ import annotations

from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from engine.packs.base import Slug
from engine.packs.reasons import PackIdMalformed
from engine.values.errors import Invalid

_STARTER_ID, _STARTER_MODULE = "starter", "la-vitrine"
STARTERS = {
    "scenario": "la-vitrine",
    "public-goods": "la-salle",
    "negotiation": "le-jardin",
    "criteria": "le-parasol",
    "codev": "la-pause",
    "mesh": "le-vide-grenier",
    "mission": "le-banc",
    "map": "le-four",
    "chain": "le-fournil",
}
"""The module that a pack begins with, by the kind of its activity."""


def new_pack(pack_id: str, kind: str = "scenario") -> dict[str, bytes]:
    """The files of a minimal pack called ``pack_id``, by path, with one module of that kind. Raises
    ``Invalid("pack-id", id)`` if that is not a valid slug, ``KeyError`` for an unknown kind."""
    try:
        TypeAdapter(Slug).validate_python(pack_id)
    except ValidationError as error:
        raise Invalid(PackIdMalformed(id=pack_id)) from error
    module, starter = STARTERS[kind], files(__package__) / "starter"
    names = ("pack.yaml", *(f"{module}/{name}" for name in ("module.yaml", "fr.md", "en.md")))
    found = {name: starter.joinpath(*name.split("/")).read_bytes() for name in names}
    manifest = found["pack.yaml"].replace(
        f"id: {_STARTER_ID}\n".encode(), f"id: {pack_id}\n".encode(), 1
    )
    found["pack.yaml"] = manifest.replace(_STARTER_MODULE.encode(), module.encode())
    return found
