"""`explain` of a ticket with pauses, a holiday, a reopening and a promise that changed."""

import json
from pathlib import Path

import pytest

from cs_audit.cli.guard import guarded

EVENTS = """ticket,occurred_at,kind,author,public,status,team,priority,text
A,2025-06-06T16:40:00+02:00,message,requester,true,,first,normal,Where is my parcel?
A,2025-06-06T16:50:00+02:00,status,agent,,pending,first,,
A,2025-06-10T09:20:00+02:00,message,requester,true,,,,here is the number
A,2025-06-10T09:35:00+02:00,message,agent,true,,,,It comes tomorrow
A,2025-06-10T09:36:00+02:00,priority,agent,,,,low,
A,2025-06-10T11:36:00+02:00,team,agent,,,second,,
A,2025-06-11T11:36:00+02:00,status,agent,,solved,,,
A,2025-06-11T13:36:00+02:00,message,requester,true,,,,It did not
A,2025-06-11T13:36:00+02:00,status,system,,open,,,
A,2025-06-11T14:36:00+02:00,status,agent,,solved,,,
"""
CONFIG = """[audit]
timezone = "Europe/Berlin"
[sources.desk]
type = "csv"
path = "events.csv"
columns = { ticket = "ticket", occurred_at = "occurred_at", kind = "kind", author = "author", public = "public", status = "status", team = "team", priority = "priority", text = "text" }
[schedules.office]
timezone = "Europe/Berlin"
hours = { mon-fri = ["09:00-17:00"] }
holidays = ["DE"]
[[policies]]
name = "Low"
match = { priority = "low" }
targets = { first_reply = "4h", resolution = "5wd", ownership = "2h" }
[[policies]]
name = "Standard"
targets = { first_reply = "60m", resolution = "2wd", requester_wait = "10h", ownership = "4h" }
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "events.csv").write_text(EVENTS)
    path = tmp_path / "cs-audit.toml"
    path.write_text(CONFIG)
    return path


def explained(desk: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert guarded(["explain", "A", *options, "-c", str(desk)]) == 0
    return capsys.readouterr().out


def test_each_line_of_the_derivation_is_told_and_the_sum_is_theirs(desk, capsys):
    text = explained(desk, capsys, "first_reply").replace("\u00a0", " ")
    lines = [line.strip() for line in text.splitlines()]
    began = lines.index("began with event 1, Fri 6 Jun, 16:40:00")
    assert lines[began + 1 : began + 7] == [
        "Fri 6 Jun 16:40–17:00  20 min",
        "closed: Sat 7 Jun, Sun 8 Jun, Mon 9 Jun (Pentecost Monday)",
        "Tue 10 Jun 09:00–09:35  35 min",
        "due Tue 10 Jun, 09:40:00",
        "ended with event 4, Tue 10 Jun, 09:35:00",
        "Sum 55 min ≤ limit 1 h: in time",
    ]


def test_a_pause_ends_with_the_requesters_message_and_names_its_event(desk, capsys):
    told = json.loads(explained(desk, capsys, "requester_wait", "--format", "json"))
    (verdict,) = told["verdicts"]
    pauses = [each["paused"] for each in verdict["stretches"] if "paused" in each]
    assert [(each["event"], each["status"], each["from"], each["to"]) for each in pauses] == [
        (2, "pending", "2025-06-06T14:50:00Z", "2025-06-10T07:20:00Z")
    ]
    assert pauses[0]["seconds"] == (10 + 20) * 60
    assert verdict["reason"] == "left_scope"


def test_solved_time_before_the_requester_came_back_is_told_as_not_counted(desk, capsys):
    told = json.loads(explained(desk, capsys, "resolution", "--format", "json"))
    (verdict,) = told["verdicts"]
    (gap,) = [each["paused"] for each in verdict["stretches"] if "paused" in each]
    assert (gap["event"], gap["status"], gap["seconds"]) == (7, "solved", 7200)
    counted = sum(each["seconds"] for each in verdict["stretches"] if "from" in each)
    assert counted == verdict["elapsed_seconds"]
    assert verdict["paused_seconds"] == 7200


def test_each_change_of_policy_is_listed_with_both_limits(desk, capsys):
    told = json.loads(explained(desk, capsys, "--format", "json"))
    changes = {(each["rule"], each["started_by"]): each["changes"] for each in told["verdicts"]}
    assert changes["resolution", 1] == [
        {"event": 5, "before": {"policy": "Standard", "limit": "2wd"}, "after": {"policy": "Low", "limit": "5wd"}}
    ]
    assert changes["first_reply", 1] == []
    assert "with event 5: policy Standard (2 working days) → Low (5 working days)" in explained(desk, capsys).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(("form", "said"), [("text", "не засчитано"), ("html", "не засчитано")])
def test_pauses_are_told_in_russian(desk, capsys, form, said):
    assert said in explained(desk, capsys, "--format", form, "--language", "ru")


def test_a_day_that_ends_at_23_59_is_remarked_on(desk, capsys):
    desk.write_text(CONFIG.replace("09:00-17:00", "00:00-23:59"))
    assert guarded(["run", "-c", str(desk), "-o", str(desk.with_name("r.json")), "--fail-on", "never"]) == 0
    assert "schedules.office: hours end at 23:59" in capsys.readouterr().err
