"""What the columns of a file show, and so which rules may be judged by it."""

import pytest

from cs_audit.config.source_tables import FileSource
from cs_audit.rules import find_rule
from cs_audit.sources.sees import sees

STATUSES = {"ticket": "id", "occurred_at": "at", "kind": "what", "author": "who", "status": "status"}


def seen(**columns: str) -> frozenset[str]:
    table = {"type": "csv", "path": "desk.csv", "rows": "events", "columns": {**STATUSES, **columns}}
    return sees(FileSource.model_validate(table))


@pytest.mark.parametrize(
    ("columns", "judged"),
    [
        ({}, set()),
        ({"score": "stars"}, {"low_rating_without_follow_up"}),
        ({"asked_at": "survey sent"}, {"survey_not_sent"}),
        ({"score": "stars", "asked_at": "survey sent"}, {"low_rating_without_follow_up", "survey_not_sent"}),
    ],
)
def test_scores_do_not_tell_who_was_asked_for_one(columns: dict[str, str], judged: set[str]) -> None:
    rules = ("low_rating_without_follow_up", "survey_not_sent")
    assert {name for name in rules if find_rule(name, "test").needs <= seen(**columns)} == judged
