"""Counting verdicts by what they have in common: small numbers are counted where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.outcomes import NOT_JUDGED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.judge import Verdicts

    Ints = NDArray[np.int64]

_OUTCOMES = NOT_JUDGED + 1
_FEW = 10_000
"""Numbers beyond the number of rows for which there is room in any case."""


def by_outcome(verdicts: Verdicts) -> pl.DataFrame:
    """How many verdicts there are by policy, outcome, reason, and the outcome they would have had otherwise."""
    places = int(verdicts.policy.max(initial=-1)) + 2, _OUTCOMES, int(verdicts.reason.max(initial=0)) + 1, _OUTCOMES
    code: Ints = verdicts.policy.astype(np.int64) + 1
    for key, number in zip((verdicts.outcome, verdicts.reason, verdicts.otherwise), places[1:], strict=True):
        code = code * number + key
    found, n = _present(code)
    policy, outcome, reason, otherwise = np.unravel_index(found, places)
    schema = {"policy": pl.Int16, "outcome": pl.UInt8, "reason": pl.UInt8, "otherwise": pl.UInt8, "n": pl.Int64}
    return pl.DataFrame([policy - 1, outcome, reason, otherwise, n], schema=schema, strict=False)


def by_key(key: pl.Series, outcome: NDArray[np.uint8]) -> pl.DataFrame:
    """How many verdicts there are by key, as text, and outcome."""
    codes = _codes(key)
    found, n = _present(codes * _OUTCOMES + outcome)
    rows = np.zeros(int(codes.max(initial=0)) + 1, np.int64)
    rows[codes] = np.arange(len(codes))
    shown = key[rows[found // _OUTCOMES]].cast(pl.String)
    return pl.DataFrame({"key": shown, "outcome": (found % _OUTCOMES).astype(np.uint8), "n": n})


def _codes(key: pl.Series) -> Ints:
    """A small number for each value; 0 stands for none."""
    told = (key.cast(pl.Categorical) if key.dtype == pl.String else key).to_physical().cast(pl.Int64)
    codes: Ints = (told - (told.min() or 0) + 1).fill_null(0).to_numpy()
    if codes.max(initial=0) <= len(codes) + _FEW:
        return codes
    return np.unique(codes, return_inverse=True)[1]  # numbers far apart would be counted in much room


def _present(code: Ints) -> tuple[Ints, Ints]:
    """The codes that there are, and how many of each."""
    numbers = np.bincount(code)
    found = np.flatnonzero(numbers)
    return found, numbers[found]
