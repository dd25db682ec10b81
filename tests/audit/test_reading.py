"""What the result tells of how its sources were read."""

import json
from types import SimpleNamespace
from typing import Any

from cs_audit.audit.reading import readings
from cs_audit.config.load import parse_config


def told(source: dict[str, Any], timezone: str | None = None, **more: Any) -> dict[str, Any]:
    config = parse_config({"sources": {"desk": source}, **more})
    reader = SimpleNamespace(name="desk", config=config.sources["desk"], automatic=config.automatic, timezone=timezone)
    return readings([reader])  # type: ignore[list-item]


def test_all_that_decides_what_the_rows_of_a_file_mean_is_told_and_not_where_it_lies() -> None:
    source = {
        "type": "csv",
        "path": "/secret/place.csv",
        "rows": "tickets",
        "date_order": "day-first",
        "missing": ["?"],
        "encoding": "cp1251",
        "delimiter": ";",
        "requester": "opener",
        "columns": {
            "ticket": "id",
            "created_at": "opened",
            "team": {"column": "mail", "pattern": "to:(.*)"},
            "channel": {"value": "email"},
        },
        "values": {"status": {"Done": "solved", "a = b": "open"}},
        "reported": {"resolution": {"column": "made_sla", "achieved": ["yes"], "breached": ["no"]}},
        "due": {"resolution": "promised"},
    }
    assert told(source, "Europe/Moscow", automatic={"author_ids": ["bot"]}) == {
        "sources": {
            "desk": {
                "type": "csv",
                "rows": "tickets",
                "timezone": "Europe/Moscow",
                "date_order": "day-first",
                "missing": ["?"],
                "encoding": "cp1251",
                "delimiter": ";",
                "requester is": "opener",
                "columns.ticket": "id",
                "columns.created_at": "opened",
                "columns.team": "mail ~ to:(.*)",
                "columns.channel": "= email",
                "values.status": ["Done = solved", "a = b = open"],
                "reported.resolution": "made_sla / yes / no",
                "due.resolution": "promised",
            }
        },
        "automatic": {"author_ids": ["bot"]},
    }


def test_of_a_helpdesk_neither_address_nor_user_nor_token_is_told() -> None:
    source = {
        "type": "jira",
        "url": "https://secret.example",
        "user": "secret@example.com",
        "token": {"env": "SECRET"},
        "projects": ["SUP"],
        "agents": ["Ann"],
        "timezone": "Europe/Berlin",
    }
    made = told(source)
    assert made["sources"]["desk"] == {
        "type": "jira", "timezone": "Europe/Berlin", "projects": ["SUP"], "agents": ["Ann"],
    }  # fmt: skip
    assert "secret" not in json.dumps(made).lower()
