"""What requesters rate beside what the targets say: a green ticket may hold an angry requester."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit.derived import rated
from cs_audit.audit.outcomes import ACHIEVED, BREACHED
from cs_audit.events.columns import RATED

if TYPE_CHECKING:
    from cs_audit.audit.judge import Verdicts
    from cs_audit.audit.policies import Facts

Json = dict[str, Any]
SIDES = ("kept", "broken")


def rate(judged: Sequence[Verdicts], facts: Facts) -> pl.DataFrame | None:
    """For each rule, and for all (null), how many tickets have each rating, by whether the target was `kept` or
    `broken` in any wait, with the sum of their shares of the scale. None where nothing is rated.

    A ticket's rating is its last one.
    """
    tickets = facts.tickets
    if not {"score", "scale"} <= set(tickets.frame.columns) or not tickets.never:
        return None
    last = tickets.stops - 1
    told = pl.DataFrame({name: facts.at(name, last) for name in ("score", "scale")})
    told = told.select(rated=rated(), share=pl.col("score") / pl.when(pl.col("scale") > 0).then("scale"))
    sides = [_sides(each, len(last)) for each in judged]
    if not sides:
        return None
    names = [*(each.rule.name for each in judged), None]
    pairs = zip(names, [*sides, _worst(sides)], strict=True)
    whole = pl.concat(told.with_columns(side=side, rule=pl.lit(name, pl.String)) for name, side in pairs)
    known = whole.drop_nulls(["rated", "side"])
    if not known.height:
        return None
    return known.group_by("rule", "side", "rated").agg(n=pl.len().cast(pl.Int64), share=pl.col("share").sum())


def _sides(verdicts: Verdicts, number: int) -> pl.Series:
    """Of each ticket whether a rule's target was broken, or only kept; null where nothing was decided."""
    side = np.zeros(number, np.int8)
    np.maximum.at(side, verdicts.owner[verdicts.outcome == ACHIEVED], 1)
    np.maximum.at(side, verdicts.owner[verdicts.outcome == BREACHED], 2)
    return pl.Series(side).replace_strict({0: None, 1: SIDES[0], 2: SIDES[1]}, return_dtype=pl.String)


def _worst(sides: Sequence[pl.Series]) -> pl.Series:
    """Broken if any is, kept if any is and none is broken (which comes first in the alphabet)."""
    columns = [side.alias(str(place)) for place, side in enumerate(sides)]
    return pl.DataFrame(columns).select(pl.min_horizontal(pl.all())).to_series()


def ratings(parts: list[pl.DataFrame], rules: Sequence[str]) -> list[Json]:
    """What tickets are rated whose target was kept, and whose was broken: for all targets together, then by rule."""
    if not parts:
        return []
    whole = pl.concat(parts).group_by("rule", "side", "rated").agg(pl.col("n", "share").sum())
    made = []
    for rule in (None, *rules):
        own = whole.filter(pl.col("rule").eq_missing(rule))
        if own.height:
            made.append({"rule": rule, **{side: _side(own.filter(pl.col("side") == side)) for side in SIDES}})
    return made


def _side(own: pl.DataFrame) -> Json:
    number = int(own["n"].sum())
    counts = dict(own.select(pl.col("rated").cast(pl.String), "n").iter_rows())
    mean = round(100 * float(own["share"].sum()) / number, 1) if number else None
    return {"rated": number, **{name: counts.get(name, 0) for name in RATED}, "mean_percent": mean}
