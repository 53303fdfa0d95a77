"""Whether a version of a pack only mends the words of an earlier one. Then those who began the
earlier one read the mended words; otherwise they stay on what they began."""

from __future__ import annotations

from collections.abc import Iterator

from engine.packs.model import Manifest, ModuleSpec, Pack

STRUCTURE = ("theme", "written_in", "aims", "modules")
"""The fields of ``pack.yaml`` that have to be the same. ``languages`` may only grow."""


def differences(before: Pack, after: Pack) -> tuple[str, ...]:
    """Where the structure of two versions of a pack differs: fields of ``pack.yaml``, and fields of
    a module as ``module: field``. Empty if they differ in words alone."""
    return tuple(_differences(before, after))


def mends(before: Pack, after: Pack) -> bool:
    """Whether ``after`` replaces the words of ``before`` for those who began it: a patch of it
    (semver.org 2.0.0, rule 6) with the same structure."""
    return is_patch(before.version, after.version) and not differences(before, after)


def is_patch(before: str, after: str) -> bool:
    """Whether one version is a later patch of the other. Pre-releases are neither."""
    if "-" in before + after:
        return False
    old, new = (tuple(int(n) for n in version.split(".")) for version in (before, after))
    return old[:2] == new[:2] and old < new


def next_patch(version: str) -> str:
    """The number of the next patch of a version."""
    major, minor, patch = version.partition("-")[0].split(".")
    return f"{major}.{minor}.{int(patch) + 1}"


def _differences(before: Pack, after: Pack) -> Iterator[str]:
    old, new = before.manifest, after.manifest
    yield from _fields(old, new, STRUCTURE)
    if not set(old.languages) <= set(new.languages):
        yield "languages"
    for name, module in before.modules.items():
        mended = after.modules.get(name)
        if mended is not None:
            every = tuple(ModuleSpec.model_fields)
            yield from (f"{name}: {field}" for field in _fields(module.spec, mended.spec, every))


def _fields(
    old: Manifest | ModuleSpec, new: Manifest | ModuleSpec, names: tuple[str, ...]
) -> Iterator[str]:
    return (name for name in names if getattr(old, name) != getattr(new, name))
