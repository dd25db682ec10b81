"""Columns of Parquet that have types of their own come to the same as their texts, read at once or slowly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.config.load import parse_config
from cs_audit.sources.files import FileReader
from cs_audit.sources.ledger import Reject

TYPES = {
    "ticket": pl.String(),
    "occurred_at": pl.String(),
    "seq": pl.Int32(),
    "kind": pl.Categorical(),
    "author": pl.Categorical(),
    "channel": pl.Categorical(),
    "public": pl.Boolean(),
    "status": pl.Categorical(),
    "team": pl.Categorical(),
    "score": pl.UInt8(),
}
PARTS = {
    "ticket": st.sampled_from(["1", "2", "", None]),
    "occurred_at": st.sampled_from(["2026-01-13T09:30:00Z", "2026-01-13T09:31:00Z", "9999-01-13T09:30:00Z", None]),
    "seq": st.one_of(st.integers(-5, 5), st.none()),
    "kind": st.sampled_from(["message", "Status", "poem", "n/a", "", None]),
    "author": st.sampled_from(["agent", "Клиент", "carrier pigeon", "n/a", "", None]),
    "channel": st.sampled_from(["email", "smoke signals", "n/a", "", None]),
    "public": st.sampled_from([True, False, None]),
    "status": st.sampled_from(["open", "решён", "lost", "", None]),
    "team": st.sampled_from(["A", "Б", "n/a", "", None]),
    "score": st.one_of(st.integers(0, 255), st.none()),
}
OWN: dict[str, dict[str, Any]] = {
    "plain": {},
    "missing marks": {"missing": ["n/a", "false"]},
    "words explained": {"values": {"public": {"true": "false", "false": "true"}, "kind": {"poem": "message"}}},
    "a column for two": {"columns": {name: name for name in TYPES} | {"tags": "team", "text": "kind"}},
    "a part of a column": {
        "columns": {name: name for name in TYPES} | {"team": {"column": "team", "pattern": "[A-Z]"}}
    },
    "truth as who wrote": {
        "columns": {name: name for name in TYPES if name != "public"} | {"author": "public"},
        "values": {"author": {"true": "agent", "false": "requester"}},
    },
}


def read(frame: pl.DataFrame, own: dict[str, Any], *, slow: bool) -> tuple[pl.DataFrame, list[Reject]]:
    with TemporaryDirectory() as name, ThreadPoolExecutor(1) as hashes:
        folder = Path(name)
        frame.write_parquet(folder / "desk.parquet")
        columns = {name: name for name in TYPES}
        source = {"type": "parquet", "path": "desk.parquet", "columns": columns, **own}
        config = parse_config({"sources": {"desk": source}}, folder=folder)
        reader = FileReader(
            name="desk", config=config.sources["desk"], folder=folder, copies=folder, automatic=config.automatic,
            needs=frozenset({*TYPES, "tags", "text"}), timezone=None, hashes=hashes,
        )  # fmt: skip
        rows = pl.concat(reader.batches(slow=slow), how="vertical")
        return rows.sort("row"), [Reject("", *list(vars(each).values())[1:]) for each in reader.rejects]


@pytest.mark.parametrize("own", OWN.values(), ids=list(OWN))
@given(rows=st.lists(st.fixed_dictionaries(PARTS), min_size=1, max_size=12))
def test_a_type_of_its_own_changes_no_event_and_no_reject(own: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    typed = pl.DataFrame(rows, schema=TYPES)
    texts = typed.with_columns(pl.all().cast(pl.String))
    expected, rejects = read(texts, own, slow=True)
    for frame, slow in ((texts, False), (typed, False), (typed, True)):
        found, missed = read(frame, own, slow=slow)
        assert found.with_columns(pl.selectors.categorical().cast(pl.String)).equals(
            expected.with_columns(pl.selectors.categorical().cast(pl.String))
        )
        assert missed == rejects


def test_what_can_be_read_as_it_is_is_not_made_text(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    from cs_audit.sources import typed_tables  # noqa: PLC0415 - patched here

    plain = typed_tables.plain
    monkeypatch.setattr(typed_tables, "plain", lambda name, kind: made.append(name) or plain(name, kind))
    frame = pl.DataFrame(
        [("1", "2026-01-13T09:30:00Z", 1, "message", "agent", "email", True, "open", "A", 5)],
        schema=TYPES,
        orient="row",
    )
    found, _ = read(frame, {}, slow=False)
    assert found["kind"].to_list() == ["message"]
    assert set(made) == {"ticket", "occurred_at"}
