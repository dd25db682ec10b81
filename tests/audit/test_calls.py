"""Figures of a call centre, counted by hand."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from audit.desk import Desk, frame_of, standard_of

from cs_audit.audit.calls import added
from cs_audit.audit.chain import audit
from cs_audit.audit.result import make_audit
from cs_audit.audit.standard import Target, Window

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
CALLS = [  # answered, voicemail, waited
    (True, False, 5), (True, False, 20), (True, False, 45), (True, False, None),
    (False, False, 4), (False, False, 60), (False, True, 30),
]  # fmt: skip


def figures(folder: Path, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = [
        {
            "ticket": f"T{place}", "row": place, "seq": None, "occurred_at": NINE + place * dt.timedelta(minutes=1),
            "kind": "call", "author": "requester", "direction": "inbound", "answered": answered,
            "voicemail": voicemail, "waited_seconds": waited, "status": None, "public": None, "automatic": None,
        }
        for place, (answered, voicemail, waited) in enumerate(CALLS)
    ]  # fmt: skip
    back = {
        **rows[4],
        "row": 9,
        "occurred_at": NINE + dt.timedelta(hours=1),
        "author": "agent",
        "direction": "outbound",
        "answered": True,
    }
    law = standard_of({"call_answer": Target(20_000_000, clock="calendar")}, options={"call_answer": options})
    desk = Desk(frame_of([*rows, back]))
    made = make_audit(audit([desk], law, Window(), folder), law, Window(), [desk], title="Desk", language="en")
    return made["results"][0]["calls"], made["results"][0]


def test_calls_are_counted_and_the_average_stands_beside_the_longest(tmp_path: Path) -> None:
    calls, _ = figures(tmp_path)
    assert calls["offered"] == 7
    assert (calls["taken"], calls["not_taken"], calls["voicemail"], calls["given_up_in_time"]) == (3, 3, 1, 1)
    assert calls["not_called_back"] == 2
    assert calls["abandonment_percent"] == round(100 * 2 / 7, 4)
    assert (calls["average_wait_seconds"], calls["longest_wait_seconds"]) == (round(70 / 3, 3), 45)


def test_the_share_is_given_under_all_four_customs(tmp_path: Path) -> None:
    calls, _ = figures(tmp_path)
    assert calls["percent_by_custom"] == {
        "breached": round(100 * 2 / 6, 4),
        "breached if late": round(100 * 2 / 5, 4),
        "achieved if short": round(100 * 3 / 6, 4),
        "left out": round(100 * 2 / 3, 4),
    }


@pytest.mark.parametrize("custom", ["breached", "breached if late", "achieved if short", "left out"])
def test_the_custom_chosen_judges(tmp_path: Path, custom: str) -> None:
    calls, result = figures(tmp_path, abandoned=custom)
    assert result["percent"] == calls["percent_by_custom"][custom]


def test_calls_of_two_chunks_add_up_and_the_longest_stays() -> None:
    assert added({"offered": 1, "longest": 9}, {"offered": 2, "longest": 4}) == {"offered": 3, "longest": 9}
    assert added(None, {"offered": 2}) == {"offered": 2}
