"""What all values of the pack format share: the frozen base model that forbids unknown fields, and
the format's small types."""

from __future__ import annotations

from typing import Annotated, Literal

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.values.lines import one_line

MAX_SLUG = 60
"""The maximum length of an id, in characters."""
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=MAX_SLUG)]
_NUMBER = "(0|[1-9][0-9]*)"
_PART = f"({_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
SEMVER = rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PART}(\.{_PART})*)?$"
"""A semver.org 2.0.0 version without build metadata: no part of a pre-release is empty or a number
with a leading zero."""
SemVer = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$",
        max_length=40,
        json_schema_extra={"pattern": SEMVER},
    ),
]
"""Slightly more lenient than ``SEMVER``, which only the check enforces, so that installed packs
stay readable."""


def _canonical(licence: str) -> str:
    try:
        return canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return licence


Licence = Annotated[
    str,
    Field(
        min_length=1,
        json_schema_extra={"pattern": r"^[A-Za-z0-9.+()\s-]+$", "examples": ["CC-BY-SA-4.0"]},
    ),
    AfterValidator(_canonical),
]
"""An SPDX expression in canonical form (``MIT OR CC-BY-4.0``), or the text as written if it is not
one: only the check refuses that, so that installed packs stay readable."""
Line = Annotated[str, AfterValidator(one_line)]
"""A title or a name."""
Aim = Literal["balance", "hybridise", "lead", "co-construct"]
"""The four aims of an alliance: balance performance and commitment; hybridise one's
socio-economic model; lead societal innovation; co-construct local solutions."""
Theme = Literal[
    "socio-economic-models", "sdg", "partnerships", "co-construction", "project-leadership"
]
Format = Literal["webinar", "mooc-unit", "co-development", "workshop", "pathway"]
Mode = Literal["online", "onsite", "either"]


class Frozen(BaseModel):
    """A value of the format: immutable, and a field that the format does not define is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
