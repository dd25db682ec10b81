"""The event table knows every column."""

from history.histories import ASKED

from cs_audit.events import SCHEMA


def test_a_generated_event_has_only_known_columns() -> None:
    assert ASKED.keys() <= SCHEMA.keys()
