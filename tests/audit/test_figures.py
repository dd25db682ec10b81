"""The figures of a result: shares with their uncertainty, quantiles, groups, weeks, and the worst breaches."""

import datetime as dt
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import quantiles
from typing import Any

import numpy as np
import polars as pl
import pytest
from audit.desk import Desk, frame_of, standard_of
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.audit import gate, statistics
from cs_audit.audit.chain import audit
from cs_audit.audit.moments import iso, micros, moment_of, seconds
from cs_audit.audit.result import make_audit
from cs_audit.audit.standard import Exemption, Policy, Standard, Target, Window
from cs_audit.audit.tally import WORST, first_of
from cs_audit.reports import story
from cs_audit.schedules import Schedule, parse_week
from cs_audit.sources.ledger import Reject

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LIMIT = {"first_reply": Target(60 * 60_000_000)}
Event = dict[str, Any]


def ticket(name: str, wait: float | None, *, at: dt.datetime = NINE, **facts: Any) -> list[Event]:
    """A question answered so many minutes later, or never."""
    common = {"ticket": name, "kind": "message", "public": True, "automatic": False}
    asked = {**common, "row": 0, "occurred_at": at, "author": "requester", "author_id": "r", **facts}
    if wait is None:
        return [asked]
    answer = {"row": 1, "occurred_at": at + wait * MINUTE, "author": "agent", "author_id": "ann"}
    return [asked, {**common, **dict.fromkeys(facts), **answer}]


def result(
    folder: Path, rows: list[Event], standard: Standard | None = None, window: Window | None = None, **more: Any
) -> dict[str, Any]:
    known = standard or standard_of(LIMIT)
    window = window or Window()
    columns = {name: pl.Boolean() for row in rows for name in row if name.startswith("reported_")}
    desk = Desk(frame_of(rows, **columns), **more)
    judged = audit([desk], known, window, folder)
    return make_audit(judged, known, window, [desk], title="Desk", language="en")  # type: ignore[list-item]


def whole(made: dict[str, Any], rule: str = "first_reply") -> dict[str, Any]:
    (found,) = (each for each in made["results"] if each["rule"] == rule and each["policy"] is None)
    return found  # type: ignore[no-any-return]


# statistics


@pytest.mark.parametrize(
    ("achieved", "decided", "low", "high"),
    [  # published values of the interval at 95 %
        (0, 10, 0.0, 27.75),
        (10, 10, 72.25, 100.0),
        (81, 263, 25.53, 36.62),  # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (15, 148, 6.24, 16.05),
        (0, 20, 0.0, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_wilson_interval_has_the_published_values(achieved: int, decided: int, low: float, high: float) -> None:
    assert statistics.wilson(achieved, decided) == pytest.approx([low, high], abs=0.006)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_edges_are_where_the_score_test_turns(counts: tuple[int, int]) -> None:
    achieved, decided = counts
    edges = statistics.wilson(achieved, decided)
    assert edges is not None
    assert edges[0] <= 100 * achieved / decided <= edges[1]
    for edge in (each / 100 for each in edges):
        if 0.001 < edge < 0.999:
            score = abs(achieved / decided - edge) / sqrt(edge * (1 - edge) / decided)
            assert score == pytest.approx(1.959964, abs=0.02)


def test_nothing_decided_has_no_share() -> None:
    assert statistics.wilson(0, 0) is None
    assert statistics.percent(0, 0) is None
    assert statistics.percent(2, 3) == 66.6667


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50))
def test_quantiles_interpolate_linearly(lengths: list[int]) -> None:
    tenths = quantiles(lengths, n=10, method="inclusive")
    micros = np.sort(np.array(lengths, np.int64) * 1_000_000)
    assert statistics.quantile(micros, 0.9) == pytest.approx(tenths[8])
    assert statistics.quantile(micros, 0.5) == pytest.approx(tenths[4])
    assert statistics.longest(micros) == max(lengths)


def test_nothing_has_no_quantile() -> None:
    nothing = np.empty(0, np.int64)
    assert statistics.quantile(nothing, 0.5) is None
    assert statistics.longest(nothing) is None


# results


def test_a_result_counts_and_measures_the_waits(tmp_path: Path) -> None:
    rows = [*ticket("A", 10), *ticket("B", 20), *ticket("C", 60), *ticket("D", 100), *ticket("E", None)]
    rows += ticket("F", None, at=NINE + 90 * MINUTE)
    found = whole(result(tmp_path, rows))
    numbers = {name: found[name] for name in ("judged", "achieved", "breached", "active", "not_judged", "percent")}
    assert numbers == {"judged": 6, "achieved": 3, "breached": 2, "active": 1, "not_judged": {}, "percent": 60.0}
    assert (found["p50_seconds"], found["max_seconds"]) == (40 * 60, 6000)  # of 10, 20, 60 and 100 minutes
    assert found["p90_seconds"] == (60 + 0.7 * 40) * 60
    assert (found["goal"], found["met"]) == (90, False)
    assert found["limits"] == ["3600s"]
    spread = dict(zip(found["distribution"]["minutes"], found["distribution"]["channels"][""]["within"], strict=True))
    assert {minute: spread[minute] for minute in (0, 5, 10, 15, 30, 60, 90, 120)} == {
        0: 0, 5: 0, 10: 1, 15: 1, 30: 2, 60: 3, 90: 3, 120: 4,
    }  # fmt: skip


def test_groups_add_up_by_channel_team_agent_and_week(tmp_path: Path) -> None:
    rows = [
        *ticket("A", 10, channel="chat", team="North"),
        *ticket("B", 100, channel="chat", team="North"),
        *ticket("C", 10, channel="email", team="South"),
        *ticket("D", None, channel=None, team=None),
    ]
    by = whole(result(tmp_path, rows))["by"]
    sums = {
        name: {key: (each["judged"], each["achieved"], each["breached"]) for key, each in group.items()}
        for name, group in by.items()
    }
    assert sums["channel"] == {"chat": (2, 1, 1), "email": (1, 1, 0), "": (1, 0, 1)}
    assert sums["team"] == {"North": (2, 1, 1), "South": (1, 1, 0), "": (1, 0, 1)}
    assert sums["agent"] == {"ann": (3, 2, 1), "": (1, 0, 1)}
    assert sums["week"] == {"2024-W19": (4, 2, 2)}
    assert by["channel"]["chat"]["percent"] == 50.0


def test_the_team_is_the_one_in_charge_when_the_wait_ended(tmp_path: Path) -> None:
    asked, answered = ticket("A", 10, team="First")
    by = whole(result(tmp_path, [asked, {**answered, "team": "Second"}]))["by"]
    assert set(by["team"]) == {"Second"}


def test_the_team_of_an_open_wait_is_the_one_in_charge_now(tmp_path: Path) -> None:
    (asked,) = ticket("A", None, team="First")
    moved = {**asked, "row": 1, "occurred_at": NINE + 5 * MINUTE, "kind": "team", "author": "agent", "team": "Second"}
    assert set(whole(result(tmp_path, [asked, moved]))["by"]["team"]) == {"Second"}


def test_the_agent_of_an_open_wait_is_the_one_in_charge(tmp_path: Path) -> None:
    rows = [*ticket("A", None, agent="bob"), *ticket("B", 5, agent="bob")]
    by = whole(result(tmp_path, rows))["by"]
    assert {key: each["judged"] for key, each in by["agent"].items()} == {"bob": 1, "ann": 1}


@pytest.mark.parametrize(
    ("asked", "zone", "week"),
    [
        ("2024-12-29T23:30:00Z", "UTC", "2024-W52"),
        ("2024-12-29T23:30:00Z", "Europe/Berlin", "2025-W01"),  # half past midnight on Monday there
        ("2024-12-30T00:00:00Z", "UTC", "2025-W01"),
        ("2021-01-03T12:00:00Z", "UTC", "2020-W53"),
        ("1970-01-01T12:00:00Z", "UTC", "1970-W01"),
    ],
)
def test_weeks_are_those_of_iso_8601_on_the_wall_clock(tmp_path: Path, asked: str, zone: str, week: str) -> None:
    rows = ticket("A", 10, at=dt.datetime.fromisoformat(asked))
    made = result(tmp_path, rows, standard_of(LIMIT, timezone=zone))
    assert set(whole(made)["by"]["week"]) == {week}


def test_hours_of_the_week_are_counted_in_the_audits_zone(tmp_path: Path) -> None:
    rows = [*ticket("A", 10), *ticket("B", 100), *ticket("C", 10, at=NINE + dt.timedelta(days=6))]
    made = result(tmp_path, rows, standard_of(LIMIT, timezone="Asia/Kolkata"))
    judged, breached = (np.array(each) for each in made["hours"]["first_reply"])
    monday, sunday = 14, 6 * 24 + 14  # nine in the morning is half past two there
    assert np.flatnonzero(judged).tolist() == [monday, sunday]
    assert (judged[monday], breached[monday], judged[sunday], breached[sunday]) == (2, 1, 1, 0)
    assert made["hours"]["demand"][0] == judged.tolist()


def test_each_policy_has_its_own_result(tmp_path: Path) -> None:
    quick = Policy("Quick", {"priority": ("urgent",)}, targets={"first_reply": Target(5 * 60_000_000, goal=99)})
    rest = Policy("Rest", targets={"first_reply": Target(60 * 60_000_000)})
    rows = [*ticket("A", 10, priority="urgent"), *ticket("B", 10, priority="low"), *ticket("C", 10, priority="low")]
    made = result(tmp_path, rows, standard_of({}, policies=[quick, rest], goal=80))
    told = {each["policy"]: (each["achieved"], each["breached"], each["goal"], each["met"]) for each in made["results"]}
    assert told == {
        None: (2, 1, round((99 + 2 * 80) / 3, 1), False),
        "Quick": (0, 1, 99, False),
        "Rest": (2, 0, 80, True),
    }


def test_a_goal_no_wait_was_decided_by_is_the_audits(tmp_path: Path) -> None:
    made = result(tmp_path, [*ticket("A", 10)[1:]], standard_of(LIMIT, goal=75))
    assert (whole(made)["goal"], whole(made)["met"]) == (75, None)
    assert whole(made)["not_judged"] == {"no_requester_message": 1}


def test_worst_breaches_come_first_with_the_time_that_was_counted(tmp_path: Path) -> None:
    office = Schedule("office", "UTC", parse_week({"mon-fri": ["09:00-12:00", "13:00-17:00"]}))
    rows = [*ticket("A", 90), *ticket("B", 300), *ticket("C", 10), *ticket("D", None)]
    made = result(tmp_path, rows, standard_of(LIMIT, office), Window(as_of=NINE + 24 * 60 * MINUTE))
    assert [each["ticket"] for each in made["worst"]] == ["D", "B", "A"]
    open_wait, long_wait, short_wait = made["worst"]
    assert (short_wait["over_seconds"], long_wait["over_seconds"]) == (30 * 60, 3 * 3600)
    assert long_wait["counted"] == [
        {"from": "2024-05-06T09:00:00Z", "to": "2024-05-06T12:00:00Z", "seconds": 3 * 3600},
        {"from": "2024-05-06T13:00:00Z", "to": "2024-05-06T14:00:00Z", "seconds": 3600},
    ]
    assert open_wait["ended_at"] is None
    assert sum(each["seconds"] for each in open_wait["counted"]) == open_wait["elapsed_seconds"] == 7 * 3600
    assert [event["author"] for event in made["histories"]["A"]] == ["requester", "agent"]


def test_of_many_breaches_the_worst_are_kept(tmp_path: Path) -> None:
    rows = [row for number in range(WORST + 20) for row in ticket(f"T{number:03}", 61 + number)]
    made = result(tmp_path, rows)
    assert [each["ticket"] for each in made["worst"]] == [f"T{number:03}" for number in range(WORST + 19, 19, -1)]


def test_a_long_wait_leaves_out_stretches_in_the_middle(tmp_path: Path) -> None:
    office = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-17:00"}))
    made = result(tmp_path, ticket("A", 60 * 24 * 60), standard_of(LIMIT, office))
    counted = made["worst"][0]["counted"]
    assert len(counted) == 16
    assert [each["skipped"] for each in counted if "skipped" in each] == [44 - 15]
    assert sum(each["seconds"] for each in counted) == made["worst"][0]["elapsed_seconds"] == 44 * 8 * 3600


def test_of_many_findings_the_first_are_kept_in_their_order(tmp_path: Path) -> None:
    rows = [
        {**ticket(f"T{number % 7}", None)[0], "author": "unknown", "row": number, "seq": number,
         "occurred_at": NINE + number // 50 * MINUTE, "author_id": f"u{number}"}
        for number in range(400)
    ]  # fmt: skip
    made = result(tmp_path, rows)
    found = [each for each in made["findings"] if each["rule"] == "unknown_author"]
    wanted = sorted(rows, key=lambda row: (row["occurred_at"], row["ticket"], row["seq"]))[:WORST]
    assert [each["evidence"][0]["author_id"] for each in found] == [row["author_id"] for row in wanted]


def test_findings_of_one_instant_keep_their_order() -> None:
    many = 20_000
    rows = pl.DataFrame(
        {"severity": ["low"] * many, "occurred_at": [0] * many, "ticket": ["A"] * many, "number": range(many)}
    )
    assert first_of(rows)["number"].to_list() == list(range(WORST))


def test_counts_say_what_was_set_aside(tmp_path: Path) -> None:
    machine = {**ticket("A", None)[0], "row": 2, "author": "system", "automatic": True, "automatic_reason": "author"}
    counts = result(tmp_path, [*ticket("A", 10), machine])["counts"]
    assert counts["events"] == 3
    assert counts["automatic"] == 1
    assert counts["automatic_by_reason"] == {"author": 1}


def test_rejected_rows_are_listed(tmp_path: Path) -> None:
    reject = Reject("a.csv", 3, "B", "at", "yesterday", "is no timestamp")
    made = result(tmp_path, ticket("A", 10), rejects=[reject])
    assert not made["complete"]
    (listed,) = made["rejected"]["listed"]
    assert made["rejected"]["rows"] == 1
    assert (listed["file"], listed["row"], listed["ticket"]) == ("a.csv", 3, "B")
    assert (listed["column"], listed["value"], listed["problem"]) == ("at", "yesterday", "is no timestamp")


def test_exceptions_are_used_expired_or_unmatched(tmp_path: Path) -> None:
    days = {"A": 6, "B": 5, "Z": 6}
    excused = tuple(Exemption("first_reply", name, "why", dt.date(2024, 5, day)) for name, day in days.items())
    made = result(tmp_path, [*ticket("A", 90), *ticket("B", 90)], standard_of(LIMIT, exemptions=excused))
    assert [each["state"] for each in made["exceptions"]] == ["used", "expired", "unmatched"]
    assert whole(made)["not_judged"] == {"ignored": 1}
    assert whole(made)["breached"] == 1


def test_the_helpdesks_own_share_stands_beside_ours(tmp_path: Path) -> None:
    told = {"A": (10, True), "B": (90, True), "C": (90, False), "D": (10, None)}
    rows = [
        {**row, "reported_first_reply": verdict} for name, (wait, verdict) in told.items() for row in ticket(name, wait)
    ]
    reported = whole(result(tmp_path, rows))["reported"]
    assert (reported["agree"], reported["differ"], reported["only_recomputed"]) == (2, 1, 1)
    assert reported["percent"] == 66.6667
    assert reported["tickets"] == ["B"]
    silent = result(tmp_path / "b", [{**row, "reported_first_reply": None} for row in ticket("A", 10)])
    assert whole(silent)["reported"]["percent"] is None


def test_a_result_is_the_same_for_the_same_input_and_differs_with_the_method(tmp_path: Path) -> None:
    first, again = (result(tmp_path / name, ticket("A", 10)) for name in "ab")
    assert first == again
    other = result(tmp_path / "c", ticket("A", 10), standard_of({"first_reply": Target(61 * 60_000_000)}))
    assert other["fingerprint"] != first["fingerprint"]
    options = standard_of(LIMIT, options={"reopened": {"within": dt.timedelta(days=1)}})
    made = result(tmp_path / "d", ticket("A", 10), options)
    assert made["method"]["options"] == {"reopened": {"within": "1 day, 0:00:00"}}
    assert made["fingerprint"] != first["fingerprint"]


def test_the_window_is_told_in_utc(tmp_path: Path) -> None:
    zone = dt.timezone(dt.timedelta(hours=3))
    edges = Window(since=NINE.astimezone(zone), until=NINE + dt.timedelta(days=1), as_of=NINE + 5 * MINUTE)
    assert result(tmp_path, ticket("A", 10), window=edges)["window"] == {
        "since": "2024-05-06T09:00:00Z",
        "until": "2024-05-07T09:00:00Z",
        "as_of": "2024-05-06T09:05:00Z",
        "by": "began",
        "first_event": "2024-05-06T09:00:00Z",
        "last_event": "2024-05-06T09:10:00Z",
    }


def test_decimals_of_a_second_are_told_where_there_are_any(tmp_path: Path) -> None:
    made = result(tmp_path, ticket("A", 60 + 1 / 120))
    (worst,) = made["worst"]
    assert (worst["elapsed_seconds"], worst["over_seconds"]) == (3600.5, 0.5)
    assert worst["ended_at"] == "2024-05-06T10:00:00.5Z"
    assert made["histories"]["A"][1]["occurred_at"] == "2024-05-06T10:00:00.5Z"


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_instants_are_told_exactly(moment: dt.datetime) -> None:
    assert moment_of(micros(moment)) == moment
    assert dt.datetime.fromisoformat(iso(micros(moment))) == moment


def test_seconds_are_whole_where_they_are_whole() -> None:
    assert [str(seconds(each)) for each in (0, 2_000_000, 2_500_000)] == ["0", "2", "2.5"]


# the exit code


def verdict(**more: Any) -> dict[str, Any]:
    """A result in which all is well, but for what is given."""
    made = {"complete": True, "judged": 1, "met": True, "found": 0, "severity": "medium"} | more
    return {
        "complete": made["complete"],
        "counts": {"judged": made["judged"]},
        "results": [{"met": None}, {"met": made["met"]}],
        "method": {
            "rules": [{"found": made["found"], "severity": made["severity"]}, {"found": None, "severity": "high"}]
        },
    }


@pytest.mark.parametrize(
    ("made", "fail_on", "code"),
    [
        (verdict(), "low", 0),
        (verdict(met=False), "high", 1),
        (verdict(met=False), "never", 0),
        (verdict(found=2), "high", 0),
        (verdict(found=2), "medium", 1),
        (verdict(found=2), "low", 1),
        (verdict(found=2, severity="low"), "medium", 0),
        (verdict(judged=0), "never", 5),
        (verdict(judged=0, complete=False), "never", 3),
        (verdict(complete=False, met=False), "high", 3),
    ],
)
def test_exit_code_never_lets_a_gap_look_like_a_pass(made: dict[str, Any], fail_on: gate.FailOn, code: int) -> None:
    assert gate.exit_code(made, fail_on) == code


# weeks and hours


@pytest.mark.parametrize(("values", "signal"), [([80, 82] * 5, False), ([80, 82] * 5 + [60], True)])
def test_limits_of_a_process_are_the_mean_and_2_66_mean_moving_ranges(values, signal):
    limits = statistics.process_limits(values)
    mean = sum(values) / len(values)
    moving = sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    assert limits == pytest.approx(
        {"mean": mean, "moving_range": moving, "low": mean - 2.66 * moving, "high": mean + 2.66 * moving}, abs=1e-4
    )
    assert (values[-1] < limits["low"]) is signal


def test_limits_stay_within_what_a_share_can_be_and_need_eight_points():
    assert statistics.process_limits([90.0] * 7) is None
    limits = statistics.process_limits([0, 100] * 4)
    assert limits is not None
    assert (limits["low"], limits["high"]) == (0, 100)


def weekly(lates: list[int]) -> list[Event]:
    """Ten tickets a week, Monday to Friday at nine and ten, so many of them late."""
    rows = []
    for week, late in enumerate(lates):
        for n in range(10):
            at = NINE + dt.timedelta(weeks=week, days=n // 2, hours=n % 2)
            rows += ticket(f"{week}-{n}", 90 if n < late else 5, at=at)
    return rows


def test_a_week_in_which_the_data_begin_or_end_is_not_whole_and_moves_no_limit(tmp_path):
    rows = weekly([1, 2, 1, 2, 1, 2, 1, 2, 1, 9])
    trend = whole(result(tmp_path / "a", rows))["trend"]
    assert trend["not_whole"] == ["2024-W28"]  # the last event is of a Friday
    assert trend["weeks"] == 9
    assert trend["below"] == trend["above"] == []
    window = Window(until=NINE + dt.timedelta(weeks=10), as_of=NINE + dt.timedelta(weeks=11))
    trend = whole(result(tmp_path / "b", rows, window=window))["trend"]
    assert (trend["not_whole"], trend["weeks"], trend["below"]) == ([], 10, ["2024-W28"])
    window = Window(since=NINE + dt.timedelta(days=1), until=NINE + dt.timedelta(weeks=7, days=1))
    trend = whole(result(tmp_path / "c", rows, window=window))["trend"]
    assert (trend["not_whole"], trend["weeks"]) == (["2024-W19", "2024-W26"], 6)
    assert trend["limits"] is None


def test_hours_in_which_anybody_is_at_work_are_told_as_shares_of_the_audited_time(tmp_path):
    office = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-17:30"}), exceptions={dt.date(2024, 5, 13): ()})
    standard = standard_of(LIMIT, office)
    window = Window(since=NINE - dt.timedelta(hours=9), as_of=NINE + dt.timedelta(weeks=4, hours=-9))
    told = result(tmp_path, weekly([1] * 4), standard, window)["staffed"]
    monday, friday, saturday = told[:24], told[96:120], told[120:144]
    assert monday[8:18] == [0, *[75.0] * 8, 37.5]
    assert friday[8:18] == [0, *[100.0] * 8, 50.0]
    assert saturday == [0.0] * 24


def test_breaches_beyond_the_worst_keep_their_ticket_and_time(tmp_path, monkeypatch):
    monkeypatch.setattr("cs_audit.audit.tally.MORE", 3)
    rows = [row for n in range(WORST + 5) for row in ticket(f"{n:03}", 61 + n)]
    made = result(tmp_path, rows)
    assert len(made["worst"]) == WORST
    assert made["late"] == {"first_reply": {"ticket": ["004", "003", "002"], "over_seconds": [300, 240, 180]}}
    assert made["worst"][-1]["ticket"] == "005"


def test_the_worst_breaches_say_when_their_clock_stood_still(tmp_path):
    status = {
        "ticket": "T",
        "kind": "status",
        "author": "agent",
        "author_id": "ann",
        "public": True,
        "automatic": False,
    }
    asked = ticket("T", None)[0]
    pauses = [{**status, "row": 1 + n, "occurred_at": NINE + n * 20 * MINUTE, "status": word}
              for n, word in enumerate(["pending", "open"], 1)]  # fmt: skip
    standard = standard_of({"resolution": Target(60 * 60_000_000, pause=("pending",))})
    made = result(tmp_path, [asked, *pauses], standard, Window(as_of=NINE + 120 * MINUTE))
    (late,) = (each for each in made["worst"] if each["rule"] == "resolution")
    assert late["paused"] == [{"from": "2024-05-06T09:20:00Z", "to": "2024-05-06T09:40:00Z"}]
    assert late["over_seconds"] == 40 * 60


def test_events_of_two_tickets_with_one_number_are_told_apart_by_their_source(tmp_path: Path) -> None:
    desks = [
        Desk(frame_of([*ticket("T", 90, at=at), *ticket(name, 90, at=at)]), name=name, group=name)
        for name, at in (("one", NINE), ("other", NINE + 30 * MINUTE))
    ]
    standard = standard_of(LIMIT)
    judged = audit(desks, standard, Window(), tmp_path)
    made = make_audit(judged, standard, Window(), desks, title="", language="en")  # type: ignore[arg-type]
    assert [each.get("source") for each in made["histories"]["one"]] == [None, None]
    assert sorted(each["source"] for each in made["histories"]["T"]) == ["one", "one", "other", "other"]
    for each in made["worst"]:
        told = [event["occurred_at"] for event in story.history(made, each)]
        assert told == [each["began_at"], each["ended_at"]]
