"""Which pages of a long list get a link."""

from __future__ import annotations

from collections.abc import Iterator


def numbers(page: int, last: int) -> tuple[int | None, ...]:
    """The first page, the last, and those around ``page``, from 1; None where some are left out."""
    near = range(max(1, page - 1), min(last, page + 1) + 1)
    return tuple(_with_gaps(sorted({1, *near, last})))


def _with_gaps(shown: list[int]) -> Iterator[int | None]:
    for n, before in zip(shown, [0, *shown], strict=False):
        if n == before + 2:
            yield n - 1  # leaving out a single page saves nothing
        elif n > before + 2:
            yield None
        yield n
