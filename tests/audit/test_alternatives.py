"""The panel of other definitions: each number is what an audit under that definition would say."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from audit.desk import Desk, frame_of, standard_of

from cs_audit.audit import chain
from cs_audit.audit.alternatives import ALTERNATIVES, ai_agents_as_agents, machines_as_agents, never_reopened
from cs_audit.audit.chain import audit
from cs_audit.audit.result import make_audit
from cs_audit.audit.standard import Standard, Target, Window
from cs_audit.schedules import Schedule, parse_week

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
"""A Monday."""
HOUR = dt.timedelta(hours=1)
HOLIDAY = dt.date(2024, 5, 7)
OFFICE = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-17:00"}), off={HOLIDAY: "Fair"})
LIMITS = {"first_reply": Target(3_600_000_000), "resolution": Target(17_100_000_000, pause=("pending",))}


def at(hours: float, ticket: str, kind: str = "message", author: str = "agent", **facts: Any) -> dict[str, Any]:
    said = {"public": True, "automatic": False} if kind == "message" else {"public": None, "automatic": None}
    moment = NINE + hours * HOUR
    return {"ticket": ticket, "occurred_at": moment, "kind": kind, "author": author, "status": None, **said, **facts}


ROWS = [
    # asked on Monday at 16:30, answered on Wednesday at 9:20 after a holiday: 50 minutes
    at(7.5, "A", author="requester"), at(48 + 1 / 3, "A"),
    # a machine answered at once, a person after two hours
    at(0, "B", author="requester"), at(0.01, "B", author="system", automatic=True), at(2, "B"),
    # pending for hours while the requester had answered; solved, reopened by him, and solved again
    at(0, "C", author="requester"), at(0.5, "C"), at(1, "C", "status", status="pending"),
    at(2, "C", author="requester"), at(5, "C", "status", status="open"), at(5.5, "C", "status", status="solved"),
    at(6, "C", author="requester"), at(6, "C", "status", author="system", status="open"), at(6.5, "C", "status", status="solved"),
    # never answered
    at(0, "D", author="requester"),
]  # fmt: skip


def made(folder: Path, law: Standard, window: Window, *, sensitivity: bool | None = True) -> dict[str, Any]:
    desk = Desk(frame_of([{**row, "row": place, "seq": None} for place, row in enumerate(ROWS)]))
    judged = audit([desk], law, window, folder, sensitivity=sensitivity)
    return make_audit(judged, law, window, [desk], title="Desk", language="en")


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each definition says, and the audit itself under the empty name."""
    law = standard_of(LIMITS, OFFICE, ai_agents=True)
    told = made(tmp_path_factory.mktemp("panel"), law, Window())
    own = {each["rule"]: each for each in told["results"] if each["policy"] is None}
    return {"": own, **{each["definition"]: each["results"] for each in told["sensitivity"]}}


def test_every_definition_is_told_in_its_order(panel: dict[str, dict[str, Any]]) -> None:
    assert list(panel)[1:] == list(ALTERNATIVES)


@pytest.mark.parametrize(
    ("definition", "rule", "achieved", "breached"),
    [
        ("", "first_reply", 2, 2),
        ("calendar_time", "first_reply", 1, 3),
        ("no_holidays", "first_reply", 1, 3),
        ("automatic_counts", "first_reply", 3, 1),
        ("open_left_out", "first_reply", 2, 1),
        ("", "resolution", 0, 3),
        ("pauses_by_status", "resolution", 1, 2),
        ("pauses_ignored", "resolution", 0, 3),
        ("first_solving_counts", "resolution", 1, 2),
        ("gaps_count", "resolution", 0, 3),
        ("open_left_out", "resolution", 0, 1),
        ("by_opening", "first_reply", 2, 2),
        ("by_due", "first_reply", 2, 2),
    ],
)
def test_a_definition_says_what_can_be_counted_by_hand(
    panel: dict[str, dict[str, Any]], definition: str, rule: str, achieved: int, breached: int
) -> None:
    told = panel[definition][rule]
    assert (told["achieved"], told["breached"]) == (achieved, breached)


def test_pauses_and_gaps_that_count_make_a_ticket_late(tmp_path: Path) -> None:
    limits = {"resolution": Target(18_900_000_000, pause=("pending",))}  # 5 h 15 min; the ticket took 5 h
    told = made(tmp_path, standard_of(limits, OFFICE), Window())
    achieved = {each["definition"]: each["results"]["resolution"]["achieved"] for each in told["sensitivity"]}
    assert told["results"][0]["achieved"] == 1
    assert (achieved["pauses_ignored"], achieved["gaps_count"], achieved["first_solving_counts"]) == (0, 0, 1)


def test_the_difference_is_in_points_of_the_audits_own_share(panel: dict[str, dict[str, Any]]) -> None:
    for definition in ALTERNATIVES:
        for rule, told in panel[definition].items():
            assert told["difference"] == round(told["percent"] - panel[""][rule]["percent"], 4)


def test_a_definition_is_the_audit_that_would_be_made_under_it(tmp_path: Path) -> None:
    law = standard_of(LIMITS, OFFICE)
    round_the_clock = standard_of({name: replace(each, clock="calendar") for name, each in LIMITS.items()}, OFFICE)
    (panel,) = [
        each["results"]
        for each in made(tmp_path / "a", law, Window())["sensitivity"]
        if each["definition"] == "calendar_time"
    ]
    for each in made(tmp_path / "b", round_the_clock, Window())["results"]:
        if each["policy"] is None:
            assert {name: each[name] for name in ("judged", "achieved", "breached", "percent")} == {
                name: panel[each["rule"]][name] for name in ("judged", "achieved", "breached", "percent")
            }


def test_periods_by_due_date_move_a_wait_to_the_day_it_was_due(tmp_path: Path) -> None:
    law = standard_of(LIMITS, OFFICE)
    wednesday = Window(since=NINE + 39 * HOUR, as_of=NINE + 60 * HOUR)
    told = made(tmp_path, law, wednesday)
    (due,) = [each["results"] for each in told["sensitivity"] if each["definition"] == "by_due"]
    assert [each["judged"] for each in told["results"] if each["rule"] == "first_reply"] == [0, 0]
    assert due["first_reply"]["judged"] == 1


def test_the_panel_is_left_out_where_it_is_not_wanted_or_there_are_many_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = standard_of(LIMITS, OFFICE)
    assert made(tmp_path / "a", law, Window(), sensitivity=False)["sensitivity"] == []
    assert made(tmp_path / "b", law, Window(), sensitivity=None)["sensitivity"] != []
    monkeypatch.setattr(chain, "A_FEW", 3)
    assert made(tmp_path / "c", law, Window(), sensitivity=None)["sensitivity"] == []


def test_machines_as_agents_leaves_the_requesters_machine_alone() -> None:
    rows = frame_of([at(0, "A", author="requester", automatic=True), at(1, "A", author="bot", automatic=True)])
    assert machines_as_agents(rows).select("author", "automatic").rows() == [("requester", True), ("agent", False)]


def test_never_reopened_drops_every_status_after_the_first_solving_of_each_ticket() -> None:
    rows = [
        at(hour, ticket, "status", status=status)
        for ticket in "AB"
        for hour, status in enumerate(("open", "solved", "open", "closed"))
    ]
    assert never_reopened(frame_of(rows))["status"].to_list() == ["open", "solved"] * 2


def test_only_what_an_ai_agent_answers_counts_as_a_persons_where_that_is_asked() -> None:
    rows = [
        at(0, "A", author="bot", automatic=True, automatic_reason="ai_agent"),
        at(1, "A", author="bot", automatic=True, automatic_reason="author"),
    ]
    again = ai_agents_as_agents(frame_of(rows)).select("author", "automatic").rows()
    assert again == [("agent", False), ("bot", True)]
