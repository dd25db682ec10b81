"""What becomes of rows that are events, states of tickets, or tickets."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources.runner import Audit, audit

CONFIG = """
[sources.desk]
type = "csv"
path = "desk.csv"
{source}

[[policies]]
name = "Standard"
schedule = "24/7"
[policies.targets]
first_reply = {{ limit = "60m", clock = "calendar" }}
next_reply = {{ limit = "60m", clock = "calendar" }}
resolution = {{ limit = "1d", clock = "calendar" }}
first_resolution = {{ limit = "1d", clock = "calendar" }}
"""
EVENTS = 'columns = { ticket = "t", occurred_at = "at", author = "who", kind = "kind", status = "status"%s }'
UPDATES = 'rows = "updates"\ncolumns = { ticket = "t", occurred_at = "at", status = "status"%s }'
TICKETS = 'rows = "tickets"\ncolumns = { ticket = "t", created_at = "made"%s }'


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    monkeypatch.chdir(tmp_path)

    def run(source: str, *lines: str) -> Audit:
        Path("desk.csv").write_text("\n".join(lines) + "\n", "utf-8")
        Path("cs-audit.toml").write_text(CONFIG.format(source=source), "utf-8")
        return audit(capsys, tmp_path, [])

    return run


def at(hour: str) -> str:
    return f"2026-01-13T{hour}:00Z"


def test_events_are_taken_as_they_are(judged) -> None:
    found = judged(
        EVENTS % "",
        "t,at,who,kind,status",
        f"1,{at('09:00')},customer,message,",
        f"1,{at('09:30')},agent,message,",
        f"1,{at('10:00')},agent,status,solved",
    )
    assert found.spans("first_reply") == [("1", at("09:00"), at("09:30"), "achieved")]
    assert found.spans("resolution") == [("1", at("09:00"), at("10:00"), "achieved")]


def test_events_may_stand_in_any_order(judged) -> None:
    lines = [
        f"1,{at('09:00')},customer,message,",
        f"1,{at('09:30')},agent,message,",
        f"1,{at('10:00')},agent,status,solved",
    ]
    there = judged(EVENTS % "", "t,at,who,kind,status", *lines)
    back = judged(EVENTS % "", "t,at,who,kind,status", *reversed(lines))
    assert there.judged == back.judged


def test_rows_of_one_event_are_one_message(judged) -> None:
    source = 'columns = { ticket = "t", occurred_at = "at", author = "who", event = "id", text = "text" }'
    found = judged(
        source,
        "t,at,who,id,text",
        f"1,{at('09:00')},customer,a,Hello",
        f"1,{at('09:00')},customer,a,it is me",
        f"1,{at('09:30')},agent,b,Hi",
    )
    assert found.result["counts"]["events"] == 2
    assert found.spans("next_reply") == [("1", at("09:00"), at("09:30"), "achieved")]


def test_whoever_opens_is_the_requester_where_said_so(judged) -> None:
    source = 'requester = "opener"\ncolumns = { ticket = "t", occurred_at = "at", author_id = "who" }'
    found = judged(source, "t,at,who", f"1,{at('09:00')},ann", f"1,{at('09:10')},ann", f"1,{at('09:30')},bo")
    assert found.spans("first_reply") == [("1", at("09:00"), at("09:30"), "achieved")]


def test_a_public_flag_that_says_nothing_hides_nothing(judged) -> None:
    source = 'columns = { ticket = "t", occurred_at = "at", author = "who", public = "public" }'
    found = judged(
        source,
        "t,at,who,public",
        f"1,{at('09:00')},customer,",
        f"1,{at('09:10')},agent,false",
        f"1,{at('09:30')},agent,",
    )
    assert found.spans("first_reply") == [("1", at("09:00"), at("09:30"), "achieved")]


def test_states_become_events_by_their_differences(judged) -> None:
    found = judged(
        UPDATES % "",
        "t,at,status",
        f"1,{at('09:00')},new",
        f"1,{at('09:30')},new",
        f"1,{at('10:00')},solved",
        f"1,{at('11:00')},solved",
    )
    assert found.spans("resolution") == [("1", at("09:00"), at("10:00"), "achieved")]


def test_a_missing_state_is_no_change(judged) -> None:
    found = judged(UPDATES % "", "t,at,status", f"1,{at('09:00')},open", f"1,{at('09:30')},", f"1,{at('10:00')},solved")
    assert found.spans("resolution") == [("1", at("09:00"), at("10:00"), "achieved")]


def test_a_recorded_time_dates_the_last_change_in_every_ticket(judged) -> None:
    found = judged(
        UPDATES % ', created_at = "made", solved_at = "done"',
        "t,at,status,made,done",
        *(
            line
            for ticket in ("1", "2", "3")
            for line in (
                f"{ticket},{at('09:10')},new,{at('09:00')},",
                f"{ticket},{at('10:30')},solved,{at('09:00')},{at('10:15')}",
                f"{ticket},{at('11:30')},closed,{at('09:00')},{at('10:15')}",
            )
        ),
    )
    assert found.spans("resolution") == [(ticket, at("09:00"), at("10:15"), "achieved") for ticket in ("1", "2", "3")]


def test_a_reopened_ticket_is_resolved_twice(judged) -> None:
    found = judged(
        UPDATES % "",
        "t,at,status",
        *(
            f"1,{at(hour)},{status}"
            for hour, status in zip(
                ("09:00", "10:00", "11:00", "12:00"), ("open", "solved", "open", "closed"), strict=True
            )
        ),
    )
    assert found.spans("first_resolution")[0][2] == at("10:00")
    assert found.spans("resolution")[0][2] == at("12:00")


def test_a_ticket_is_its_timestamps(judged) -> None:
    found = judged(
        TICKETS % ', first_reply_at = "replied", solved_at = "solved", closed_at = "closed", status = "status"',
        "t,made,replied,solved,closed,status",
        f"1,{at('09:00')},{at('09:30')},{at('10:00')},{at('12:00')},closed",
        f"2,{at('09:00')},,,,open",
    )
    assert found.spans("first_reply")[0] == ("1", at("09:00"), at("09:30"), "achieved")
    assert found.spans("resolution") == [
        ("1", at("09:00"), at("10:00"), "achieved"),
        ("2", at("09:00"), "", "active"),
    ]


def test_a_ticket_solved_without_a_time_is_not_judged(judged) -> None:
    found = judged(TICKETS % ', status = "status"', "t,made,status", f"1,{at('09:00')},solved", f"2,{at('09:00')},open")
    assert [each["reason"] for each in found.verdicts if each["ticket"] == "1" and each["rule"] == "resolution"] == [
        "history_not_available"
    ]


def test_a_ticket_in_work_has_not_been_solved_for_good(judged) -> None:
    found = judged(
        TICKETS % ', solved_at = "solved", status = "status"',
        "t,made,solved,status",
        f"1,{at('09:00')},{at('10:00')},open",
    )
    assert found.spans("resolution") == [("1", at("09:00"), "", "active")]


def test_of_several_rows_of_a_ticket_the_last_update_counts(judged) -> None:
    found = judged(
        TICKETS % ', solved_at = "solved", updated_at = "updated"',
        "t,made,solved,updated",
        f"1,{at('09:00')},{at('11:00')},{at('12:00')}",
        f"1,{at('09:00')},{at('10:00')},{at('10:30')}",
    )
    assert found.spans("resolution") == [("1", at("09:00"), at("11:00"), "achieved")]


def test_what_a_shape_cannot_show_is_not_judged(judged) -> None:
    found = judged(UPDATES % "", "t,at,status", f"1,{at('09:00')},new", f"1,{at('10:00')},solved")
    assert {each["reason"] for each in found.verdicts if each["rule"] == "first_reply"} == {"history_not_available"}
