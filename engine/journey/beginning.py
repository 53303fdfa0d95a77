"""Whether an experience can be begun: one rule, for every page that offers one and for beginning
it, so that an address opens no more than the page that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["finished", "begun", "later", "locked", "over", "new"]


@dataclass(frozen=True)
class Standing:
    """Where an experience stands for one learner. Only one that is ``new`` can be begun.

    ``later``: its section begins on ``from_day``. ``locked``: the modules in ``first`` have to be
    finished first. ``over``: its course has ended.
    """

    state: State
    from_day: date | None = None
    first: tuple[str, ...] = ()


def standing(
    module: str,
    after: Sequence[str],
    lived: Mapping[str, bool],
    opens: date | None,
    today: date,
    *,
    over: bool = False,
) -> Standing:
    """Where ``module`` stands, which comes ``after`` other modules of its pack, in a section that
    opens on a day (None: at any time).

    ``lived`` holds the modules of that pack that the learner began, and whether each is finished;
    ``today`` is their local day, and ``over`` whether the course has ended for them. What was begun
    stays open, whatever the outline says since.
    """
    if module in lived:
        return Standing("finished" if lived[module] else "begun")
    if over:
        return Standing("over")
    if opens is not None and opens > today:
        return Standing("later", from_day=opens)
    missing = tuple(one for one in after if not lived.get(one))
    return Standing("locked", first=missing) if missing else Standing("new")
