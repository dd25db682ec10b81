"""The event table has every column, in one order."""

import polars as pl
from history.histories import ASKED, START

from cs_audit.events import SCHEMA, complete


def test_a_completed_frame_has_every_column_in_order_and_type() -> None:
    frame = pl.DataFrame({"status": ["open"], "ticket": ["A"], "occurred_at": [START], "due_resolution": [START]})
    whole = complete(frame)
    assert whole.columns == [*SCHEMA, "due_resolution"]
    assert {name: whole.schema[name] for name in SCHEMA} == SCHEMA
    known = {"ticket": "A", "status": "open", "occurred_at": START, "due_resolution": START}
    assert {name: value for name, value in whole.to_dicts()[0].items() if value is not None} == known


def test_a_generated_event_has_only_known_columns() -> None:
    assert ASKED.keys() <= SCHEMA.keys()
