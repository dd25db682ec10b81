"""Verdicts counted where they stand are those that a plain count finds."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.audit.counting import by_key, by_outcome

OUTCOMES = st.integers(0, 3)


@given(st.lists(st.tuples(st.integers(-1, 4), OUTCOMES, st.integers(0, 40), OUTCOMES), max_size=60))
def test_by_policy_outcome_reason_and_the_other_outcome(rows: list[tuple[int, ...]]) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    kinds = {"policy": np.int16, "outcome": np.uint8, "reason": np.uint8, "otherwise": np.uint8}
    verdicts: Any = SimpleNamespace(
        **{name: each.astype(kinds[name]) for name, each in zip(kinds, columns, strict=True)}
    )
    found = by_outcome(verdicts)
    assert {tuple(row[:4]): row[4] for row in found.iter_rows()} == Counter(rows)


@given(st.lists(st.tuples(st.sampled_from(["a", "б", "c d", "", None]), OUTCOMES), max_size=60), st.booleans())
def test_by_key_and_outcome(rows: list[tuple[str | None, int]], text: bool) -> None:  # noqa: FBT001
    key = pl.Series("team", [name for name, _ in rows], pl.String if text else pl.Categorical)
    found = by_key(key, np.array([outcome for _, outcome in rows], np.uint8))
    assert {(name, outcome): n for name, outcome, n in found.iter_rows()} == Counter(rows)


def test_keys_far_apart_take_no_more_room() -> None:
    key = pl.Series("week", [-(10**12), 10**12, None, 10**12])
    found = by_key(key, np.array([1, 0, 2, 0], np.uint8))
    assert set(found.iter_rows()) == {(str(-(10**12)), 1, 1), (str(10**12), 0, 2), (None, 2, 1)}
