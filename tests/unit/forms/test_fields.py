"""What each field reads, refuses, and says."""

from __future__ import annotations

from typing import Any

import pytest

from engine.forms.base import Field
from engine.values.errors import Invalid

from .samples import READ, REFUSED, SAID, WORDS


@pytest.mark.parametrize(("field", "said", "value"), READ)
def test_what_is_read(field: Field, said: dict[str, Any], value: object) -> None:
    assert field.parse(said) == value


@pytest.mark.parametrize(("field", "said", "code", "params"), REFUSED)
def test_what_is_refused(
    field: Field, said: dict[str, Any], code: str, params: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        field.parse(said)
    assert {"field": refused.value.field, **refused.value.reason.as_json()["params"]} == params
    assert refused.value.reason.code == code


@pytest.mark.parametrize(("field", "value", "whole", "quoted"), SAID)
def test_how_a_value_reads(field: Field, value: Any, whole: object, quoted: str | None) -> None:
    assert field.words(value, WORDS.__getitem__, "fr") == whole
    assert field.quoted(value, WORDS.__getitem__, "fr") == quoted
