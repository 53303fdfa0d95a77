"""Which files are mutated, which tests must notice, and how many changes may go unnoticed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Subject:
    """A file, the tests that cover it (the quick ones first), how many of its mutants are tried
    and how many of those may survive.

    ``equivalent`` are changes that no behaviour can show, by (function, before, after), each with
    the reason why.
    """

    path: str
    tests: tuple[str, ...]
    tried: int
    most: int
    equivalent: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The name it is imported by."""
        return self.path.removesuffix(".py").replace("/", ".")


SUBJECTS = (
    Subject(
        "engine/spacing/limits.py",
        ("tests/unit/spacing/test_limits.py", "tests/unit/spacing"),
        tried=70,
        most=4,
    ),
    Subject(
        "engine/spacing/decide.py",
        ("tests/unit/spacing/test_decide.py", "tests/unit/spacing"),
        tried=60,
        most=7,
    ),
    Subject(
        "engine/slotting/program.py",
        ("tests/unit/slotting/test_place.py", "tests/unit/slotting"),
        tried=45,
        most=6,
    ),
    Subject(
        "lti/launch/verify.py",
        ("tests/unit/lti/test_lti_verify.py", "tests/integration/lti/test_lti_refusals.py"),
        tried=55,
        most=2,
    ),
)
