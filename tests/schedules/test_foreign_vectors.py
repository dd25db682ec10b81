"""Working time as other programs count it."""

import json
from pathlib import Path
from typing import Any

import pytest
from schedules.request_tracker import rt, rt_clock
from schedules.walk import instants, micros

from cs_audit.schedules.check import check

SAMPLE = Path(__file__).parent / "vectors_sample.jsonl"
SHARED = Path(__file__).parents[2].parent / "shared" / "vectors"
OPERATIONS = {
    "add",
    "between",
    "is_open",
    "next_close",
    "next_open",
    "next_opening_edge",
    "next_opening_edge_incl",
    "prev_close",
    "sub",
}
Case = dict[str, Any]

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the full vectors are not beside the repository ({SHARED})"
)


def cases(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", cases(SAMPLE), ids=lambda case: f"{case['suite']} {case['op']} {case['id']}")
def test_sampled_case_agrees(case: Case) -> None:
    assert list(check([case])) == [None]


def test_sample_has_every_operation_and_names_its_sources() -> None:
    sample = cases(SAMPLE)
    thanks = SAMPLE.with_name("CREDITS.md").read_text("utf-8")
    assert {case["op"] for case in sample} == OPERATIONS
    assert len({case["suite"] for case in sample}) == 27
    assert {case["source"]["repo"].removeprefix("pypi/") for case in sample} == {
        repo for repo in (case["source"]["repo"].removeprefix("pypi/") for case in sample) if repo in thanks
    }


@needs_shared
def test_all_cases_of_other_projects_agree() -> None:
    every = cases(SHARED / "worktime.jsonl")
    assert len(every) == 702
    assert {case["op"] for case in every} == OPERATIONS
    assert [each for each in check(every) if each is not None] == []


def office(op: str, start: str, **more: Any) -> Case:
    weekly = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return {"id": "one", "calendar": {"tz": "UTC", "weekly": weekly}, "op": op, "start": start, **more}


def test_a_case_that_differs_is_told_with_both_answers() -> None:
    wrong = office("between", "2024-05-06T09:00:00+00:00", end="2024-05-06T10:00:00+00:00", expected_seconds=3000)
    (found,) = check([wrong])
    assert found.told == "one: between from 2024-05-06T09:00:00+00:00: expected 3000, found 3600"
    late = office("add", "2024-05-06T09:00:00+00:00", seconds=3600, expected_end="2024-05-06T11:00:00+00:00")
    (found,) = check([late])
    assert found is not None
    assert found.found == "2024-05-06T10:00:00+00:00"


def test_the_honest_value_is_the_one_compared() -> None:
    case = office("is_open", "2024-05-06T17:00:00+00:00", expected_open=True, honest_open=False)
    assert list(check([case])) == [None]


def test_equivalent_instants_agree_only_where_no_working_time_lies_between() -> None:
    closing = office("add", "2024-05-06T16:00:00+00:00", seconds=3600, verdict="equivalent")
    opening, later = "2024-05-07T09:00:00+00:00", "2024-05-07T09:00:01+00:00"
    assert list(check([{**closing, "expected_end": opening}])) == [None]
    assert list(check([{**closing, "expected_end": later}])) != [None]
    assert list(check([{**closing, "expected_end": opening, "verdict": "exact"}])) != [None]


def test_fractions_of_seconds_are_kept() -> None:
    start, end = "2024-05-06T09:00:00.250+00:00", "2024-05-06T09:00:01+00:00"
    assert list(check([office("between", start, end=end, expected_seconds=0.75)])) == [None]


def test_a_rare_opening_is_looked_for_beyond_the_next_year() -> None:
    leap = {"tz": "UTC", "weekly": {}, "exceptions": {"2032-02-29": [["09:00", "10:00"]]}}
    case = {"id": "leap", "calendar": leap, "start": "2024-05-06T09:00:00+00:00"}
    wanted = {"op": "add", "seconds": 60, "expected_end": "2032-02-29T09:01:00+00:00"}
    assert list(check([case | wanted])) == [None]
    for op, edge in (("next_opening_edge", "09"), ("next_open", "09"), ("next_close", "10")):
        assert list(check([case | {"op": op, "expected_end": f"2032-02-29T{edge}:00:00+00:00"}])) == [None]


def test_a_rare_closing_is_looked_for_before_the_last_year() -> None:
    leap = {"tz": "UTC", "weekly": {}, "exceptions": {"2016-02-29": [["09:00", "10:00"]]}}
    case = {"id": "leap", "calendar": leap, "start": "2024-05-06T09:00:00+00:00"}
    assert list(check([case | {"op": "prev_close", "expected_end": "2016-02-29T10:00:00+00:00"}])) == [None]
    wanted = {"op": "sub", "seconds": 60, "expected_end": "2016-02-29T09:59:00+00:00"}
    assert list(check([case | wanted])) == [None]


# Request Tracker


def rt_due(row: Case) -> int:
    clock, start = rt_clock(row["calendar"]), instants(micros(row["start"]))
    if not row["target_minutes"]:
        return int(clock.next_open(0, start)[0])
    return int(clock.due(0, start, row["target_minutes"] * 60_000_000)[0])


def rt_elapsed(row: Case) -> float:
    low, high = rt_clock(row["calendar"]).worked(0, instants(micros(row["start"]), micros(row["end"])))
    return float(high - low) / 1_000_000


@needs_shared
def test_request_trackers_due_times_agree() -> None:
    rows = rt()["due"]
    assert len(rows) == 180
    wanted = {row["name"]: micros(row.get("target_used_up_at", row["rt_due"])) for row in rows}
    assert {row["name"]: rt_due(row) for row in rows} == wanted


@needs_shared
def test_request_trackers_working_seconds_agree() -> None:
    rows = rt()["elapsed"]
    assert len(rows) == 138
    assert {row["name"]: rt_elapsed(row) for row in rows} == {row["name"]: row["working_seconds"] for row in rows}


@needs_shared
def test_where_request_tracker_errs_the_plain_definition_agrees() -> None:
    rows = rt()["known_quirks"]
    dues = {row["name"]: row["plain_definition_due"] for row in rows if "plain_definition_due" in row}
    lengths = {row["name"]: row["plain_definition_seconds"] for row in rows if "plain_definition_seconds" in row}
    assert len(dues) + len(lengths) == len(rows) == 9
    assert {row["name"]: rt_due(row) for row in rows if row["name"] in dues} == {
        name: micros(due) for name, due in dues.items()
    }
    assert {row["name"]: rt_elapsed(row) for row in rows if row["name"] in lengths} == lengths


@needs_shared
def test_first_replies_of_a_running_request_tracker_took_the_same_working_time() -> None:
    answered = [row for row in rt()["live_tickets"] if "working_seconds_to_first_reply" in row]
    assert len(answered) == 19
    for row in answered:
        elapsed = rt_elapsed(row | {"start": row["created"], "end": row["public_agent_replies"][0]})
        assert elapsed == row["working_seconds_to_first_reply"]
        assert row.get("first_reply_by_rt_due", elapsed <= 3600) == (elapsed <= 3600)
