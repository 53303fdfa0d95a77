"""A person, identified by their role in the matter, never by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms import typed
from engine.forms.base import Field, Said, Strings, Value, one_of, parts
from engine.forms.reasons import AnswerEmpty
from engine.values.errors import Invalid
from engine.values.reasons import Reason

ROLE_LIMIT = 80
"""The maximum length of a role in the learner's own words, in characters."""


@dataclass(frozen=True)
class Person(Field):
    """One of the ``roles`` offered (id, string id), or another in the learner's own words:
    ``{"role": id}`` or ``{"other": words}``. Typed words override a choice."""

    id: str
    roles: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "person"
    minutes: ClassVar[float] = 0.4
    gain: ClassVar[float] = 0.12
    limit: ClassVar[int] = ROLE_LIMIT

    @property
    def sample(self) -> Value:
        return {"role": self.roles[0][0]}

    def parse(self, said: Said) -> Value:
        given = parts(said, self.id, "role", "other")
        if not given:
            raise Invalid(AnswerEmpty(), field=self.id)
        if "other" in given:
            return {"other": typed.read(given["other"], f"{self.id}.other", self.limit)}
        offered = {role: role for role, _ in self.roles}
        return {"role": one_of(given["role"], f"{self.id}.role", offered)}

    def bare(self, value: Value) -> Value:
        return {"other": ""} if "other" in value else value

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        if "other" in value:
            return typed.escape(value["other"])
        return strings(dict(self.roles)[value["role"]])

    def json_schema(self) -> dict[str, Any]:
        role = {"enum": [role for role, _ in self.roles]}
        other = {"type": "string", "minLength": 1, "maxLength": self.limit}
        return {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {name: schema},
                    "required": [name],
                    "additionalProperties": False,
                }
                for name, schema in (("role", role), ("other", other))
            ]
        }

    def strings(self) -> tuple[str, ...]:
        return tuple(label for _, label in self.roles)

    def said_with(self, value: Value) -> tuple[str, ...]:
        return (dict(self.roles)[value["role"]],) if "role" in value else ()
