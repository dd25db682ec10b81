"""The event table knows every column."""

from history.histories import ASKED

from cs_audit.events import SCHEMA


def test_a_generated_event_has_only_known_columns() -> None:
    read = {name for name in ASKED if name.startswith(("says_", "asks_", "gives_"))}
    assert ASKED.keys() - read <= SCHEMA.keys()
