"""Pauses, promises that change, calendars by fact, exclusions, and periods: what the judge makes of each."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from audit.desk import bench_of, frame_of, heard, standard_of

from cs_audit.audit.moments import micros
from cs_audit.audit.standard import Exclusion, Exemption, PeriodBy, Policy, Standard, Target
from cs_audit.schedules import Schedule, parse_week

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
"""A Monday."""
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
OFFICE = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-17:00"}))
EMPTY = dict.fromkeys(
    ("status", "priority", "team", "tags", "requester", "agent", "requester_timezone", "public", "automatic")
)
Event = dict[str, Any]


def minutes(number: float, **more: Any) -> Target:
    return Target(round(number * 60_000_000), **more)


def at(after: dt.timedelta, kind: str = "message", author: str = "agent", name: str = "A", **facts: Any) -> Event:
    said = {"public": True, "automatic": False} if kind == "message" else {}
    return {**EMPTY, "ticket": name, "occurred_at": NINE + after, "kind": kind, "author": author, **said, **facts}


def asked(after: dt.timedelta = dt.timedelta(), **facts: Any) -> Event:
    return at(after, author="requester", **facts)


def verdicts(rows: list[Event], law: Standard, as_of: dt.timedelta | None = None, **more: Any) -> list[Event]:
    numbered = [{**row, "row": place, "seq": None} for place, row in enumerate(rows)]
    moment = max(row["occurred_at"] for row in rows) if as_of is None else NINE + as_of
    return heard(frame_of(numbered), bench_of(law, moment, **more))[0].rows()


def one(rows: list[Event], law: Standard, **more: Any) -> Event:
    (row,) = verdicts(rows, law, **more)
    return row


def policies(low: Target, rest: Target, rule: str = "first_reply", key: str = "priority") -> Standard:
    return standard_of(
        {}, OFFICE,
        policies=[
            Policy("Low", {key: ("low",)}, schedule="office", targets={rule: low}),
            Policy("Rest", {key: ("normal",)}, schedule="office", targets={rule: rest}),
        ],
    )  # fmt: skip


# promises that change


def test_the_policy_in_force_at_the_answer_judges_from_the_original_start() -> None:
    rows = [asked(priority="normal"), at(30 * MINUTE, "priority", priority="low"), at(90 * MINUTE)]
    row = one(rows, policies(minutes(120), minutes(60)))
    assert (row["outcome"], row["policy"]) == ("achieved", "Low")
    assert row["elapsed_seconds"] == 90 * 60_000_000


def test_a_downgrade_after_the_limit_had_passed_heals_nothing() -> None:
    rows = [asked(priority="normal"), at(61 * MINUTE, "priority", priority="low"), at(90 * MINUTE)]
    row = one(rows, policies(minutes(120), minutes(60)))
    assert (row["outcome"], row["reason"], row["policy"]) == ("breached", "late_before_change", "Low")


def test_a_downgrade_at_the_very_limit_is_in_time() -> None:
    rows = [asked(priority="normal"), at(60 * MINUTE, "priority", priority="low"), at(90 * MINUTE)]
    assert one(rows, policies(minutes(120), minutes(60)))["outcome"] == "achieved"


def test_a_downgrade_in_the_instant_of_the_answer_comes_too_late() -> None:
    rows = [asked(priority="normal"), at(90 * MINUTE, "priority", priority="low"), at(90 * MINUTE)]
    row = one(rows, policies(minutes(120), minutes(60)))
    assert (row["outcome"], row["policy"]) == ("breached", "Rest")


def test_of_several_changes_any_that_came_too_late_counts() -> None:
    rows = [
        asked(priority="low"), at(70 * MINUTE, "priority", priority="normal"),
        at(80 * MINUTE, "priority", priority="low"), at(90 * MINUTE),
    ]  # fmt: skip
    assert one(rows, policies(minutes(120), minutes(60)))["reason"] == "late_before_change"


def test_a_change_after_the_answer_changes_nothing() -> None:
    rows = [asked(priority="normal"), at(30 * MINUTE), at(40 * MINUTE, "priority", priority="low")]
    assert one(rows, policies(minutes(10), minutes(60)))["policy"] == "Rest"


def test_a_wait_no_policy_covers_any_more_has_left_the_scope_where_it_did() -> None:
    rows = [asked(priority="normal"), at(30 * MINUTE, "priority", priority="urgent"), at(90 * MINUTE)]
    row = one(rows, policies(minutes(120), minutes(60)))
    assert (row["outcome"], row["reason"], row["policy"]) == ("not_judged", "left_scope", "Rest")
    assert row["ended_at"] == micros(NINE + 30 * MINUTE)
    assert row["elapsed_seconds"] == 30 * 60_000_000


def test_a_wait_that_left_the_scope_too_late_is_late() -> None:
    rows = [asked(priority="normal"), at(61 * MINUTE, "priority", priority="urgent"), at(90 * MINUTE)]
    row = one(rows, policies(minutes(120), minutes(60)))
    assert (row["outcome"], row["reason"]) == ("breached", "left_scope")


def test_a_wait_that_comes_into_scope_is_judged_from_its_start() -> None:
    rows = [asked(priority="urgent"), at(30 * MINUTE, "priority", priority="normal"), at(61 * MINUTE)]
    row = one(rows, policies(minutes(120), minutes(60)))
    assert (row["outcome"], row["policy"]) == ("breached", "Rest")


def test_the_schedule_changes_with_the_policy() -> None:
    law = standard_of(
        {}, OFFICE, Schedule("always"),
        policies=[
            Policy("Night", {"team": ("night",)}, schedule="always", targets={"first_reply": minutes(60)}),
            Policy("Day", schedule="office", targets={"first_reply": minutes(60)}),
        ],
    )  # fmt: skip
    rows = [asked(8 * HOUR, team="day"), at(9 * HOUR, "team", team="night"), at(9 * HOUR + 30 * MINUTE)]
    row = one(rows, law)
    assert (row["schedule"], row["outcome"], row["elapsed_seconds"]) == ("always", "breached", 90 * 60_000_000)


# pauses


def paused(*statuses: str, limit: float = 60) -> Standard:
    return standard_of({"resolution": minutes(limit, pause=statuses)}, OFFICE)


def test_a_pause_out_of_hours_takes_nothing_off() -> None:
    rows = [asked(7 * HOUR), at(7 * HOUR + 50 * MINUTE, "status", status="pending")]
    rows += [at(24 * HOUR, "status", status="open"), at(24 * HOUR + 5 * MINUTE, "status", status="solved")]
    row = one(rows, paused("pending"))
    assert (row["elapsed_seconds"], row["paused_seconds"]) == (55 * 60_000_000, 10 * 60_000_000)


def test_a_due_instant_moves_by_the_working_time_of_the_pause() -> None:
    rows = [asked(), at(30 * MINUTE, "status", status="pending"), at(50 * MINUTE, "status", status="open")]
    assert one(rows, paused("pending"))["due_at"] == micros(NINE + 80 * MINUTE)


def test_a_due_instant_that_has_passed_never_moves() -> None:
    rows = [asked(), at(61 * MINUTE, "status", status="pending"), at(90 * MINUTE, "status", status="open")]
    row = one(rows, paused("pending"))
    assert (row["due_at"], row["outcome"]) == (micros(NINE + HOUR), "breached")


def test_a_clock_that_stands_still_at_the_cut_off_has_no_due_instant_yet() -> None:
    row = one([asked(), at(30 * MINUTE, "status", status="pending")], paused("pending"), as_of=100 * HOUR)
    assert (row["due_at"], row["outcome"]) == (None, "active")


def test_a_pause_moves_a_promise_in_working_days_too() -> None:
    law = standard_of({"resolution": Target(working_days=1, pause=("pending",))}, OFFICE)
    rows = [asked(), at(HOUR, "status", status="pending"), at(3 * HOUR, "status", status="open")]
    assert one(rows, law)["due_at"] == micros(NINE + 26 * HOUR)


def test_only_the_statuses_named_pause() -> None:
    rows = [asked(), at(10 * MINUTE, "status", status="on_hold"), at(90 * MINUTE, "status", status="solved")]
    assert one(rows, paused("pending"))["outcome"] == "breached"
    assert one(rows, paused("pending", "on_hold"))["outcome"] == "achieved"


def test_tickets_of_other_policies_may_pause_otherwise() -> None:
    law = standard_of(
        {}, OFFICE,
        policies=[
            Policy("Pausing", {"priority": ("low",)}, schedule="office", targets={"resolution": minutes(60, pause=("pending",))}),
            Policy("Rest", schedule="office", targets={"resolution": minutes(60)}),
        ],
    )  # fmt: skip
    rows = [
        row
        for name, priority in (("A", "low"), ("B", "normal"))
        for row in (
            asked(name=name, priority=priority),
            at(10 * MINUTE, "status", status="pending", name=name),
            at(90 * MINUTE, "status", status="solved", name=name),
        )
    ]
    assert [(row["ticket"], row["elapsed_seconds"] // 60_000_000) for row in verdicts(rows, law)] == [
        ("A", 10),
        ("B", 90),
    ]


# calendars by fact


def test_a_schedule_may_follow_the_team_the_organization_or_the_requesters_zone() -> None:
    tokyo = Schedule("tokyo", "Asia/Tokyo", parse_week({"mon-fri": "09:00-17:00"}))
    policy = Policy(
        "All", schedule="office", targets={"first_reply": minutes(60)},
        schedule_by={"requester_timezone": {"Asia/Tokyo": "tokyo"}, "team": {"Tokyo": "tokyo"}},
    )  # fmt: skip
    law = standard_of({}, OFFICE, tokyo, policies=[policy])
    facts = {"A": {}, "B": {"team": "Tokyo"}, "C": {"requester_timezone": "Asia/Tokyo"}, "D": {"team": "Berlin"}}
    rows = [row for name, told in facts.items() for row in (asked(name=name, **told), at(HOUR, name=name))]
    assert {row["ticket"]: row["schedule"] for row in verdicts(rows, law)} == {
        "A": "office", "B": "tokyo", "C": "tokyo", "D": "office"
    }  # fmt: skip


def test_each_team_is_held_to_its_own_hours_while_it_owns_the_ticket() -> None:
    night = Schedule("night", "UTC", parse_week({"mon-sun": "17:00-24:00"}))
    policy = Policy(
        "OLA", schedule="office", schedule_by={"team": {"night": "night"}}, targets={"ownership": minutes(90)}
    )
    rows = [asked(7 * HOUR, team="day"), at(9 * HOUR, "team", team="night"), at(10 * HOUR, "status", status="solved")]
    told = {row["team"]: row for row in verdicts(rows, standard_of({}, OFFICE, night, policies=[policy]))}
    assert {name: (row["schedule"], row["elapsed_seconds"] // 60_000_000) for name, row in told.items()} == {
        "day": ("office", 60), "night": ("night", 60)
    }  # fmt: skip


# exclusions


def test_an_excluded_ticket_is_listed_with_the_rule_and_what_it_would_have_been() -> None:
    law = standard_of(
        {"first_reply": minutes(60)},
        exclusions=(Exclusion("spam", {"tags": ("spam",)}), Exclusion("own", own_tickets=True)),
    )
    rows = [
        asked(name="A"), at(90 * MINUTE, name="A"), at(100 * MINUTE, "other", tags="|spam|", name="A"),
        asked(name="B", requester="ann", agent="ann"), at(30 * MINUTE, name="B"),
        asked(name="C", requester="ann", agent="bob"), at(30 * MINUTE, name="C"),
    ]  # fmt: skip
    told = {row["ticket"]: (row["outcome"], row["reason"], row["otherwise"]) for row in verdicts(rows, law)}
    assert told == {
        "A": ("not_judged", "excluded:spam", "breached"),
        "B": ("not_judged", "excluded:own", "achieved"),
        "C": ("achieved", None, None),
    }


def test_an_excluded_ticket_has_no_findings() -> None:
    out = Exclusion("spam", {"tags": ("spam",)})
    rows = [{**asked(tags="|spam|"), "row": 0, "seq": None}]
    for exclusions, found in (((), 1), ((out,), 0), ((replace(out, rules=("first_reply",)),), 1)):
        law = standard_of({"first_reply": minutes(60)}, exclusions=exclusions)
        marks = heard(frame_of(rows), bench_of(law, NINE + HOUR))[0].marks()
        assert len([each for each in marks if each["rule"] == "unanswered"]) == found


def test_a_ticket_nobody_judged_has_the_reason_that_tells_most() -> None:
    law = standard_of(
        {"call_answer": minutes(1), "first_reply": minutes(60)}, exclusions=(Exclusion("spam", {"tags": ("spam",)}),)
    )
    rows = [{**asked(tags="|spam|"), "row": 0, "seq": None}, {**asked(name="B"), "row": 1, "seq": None}]
    rows += [{**at(MINUTE, "merge", name="B"), "row": 2, "seq": None}]
    _, tally = heard(frame_of(rows), bench_of(law, NINE + HOUR))
    assert tally.tickets == {"judged": 0, "not_judged:excluded:spam": 1, "not_judged:merged": 1}


def test_an_exclusion_may_be_of_some_rules_only() -> None:
    out = Exclusion("vip", {"priority": ("low",)}, rules=("next_reply",))
    law = standard_of({"first_reply": minutes(60), "next_reply": minutes(60)}, exclusions=(out,))
    told = {row["rule"]: row["outcome"] for row in verdicts([asked(priority="low"), at(MINUTE)], law)}
    assert told == {"first_reply": "achieved", "next_reply": "not_judged"}


def test_an_exclusion_by_a_fact_no_source_tells_leaves_nothing_out() -> None:
    law = standard_of({"first_reply": minutes(60)}, exclusions=(Exclusion("x", {"organization": ("Acme",)}),))
    assert one([asked(), at(MINUTE)], law)["outcome"] == "achieved"


def test_an_excused_verdict_says_what_it_would_have_been() -> None:
    excused = Exemption("first_reply", "A", "power cut", dt.date(2025, 1, 1))
    law = standard_of({"first_reply": minutes(60)}, exemptions=(excused,))
    assert one([asked(), at(2 * HOUR)], law)["otherwise"] == "breached"


# periods


@pytest.mark.parametrize(
    ("by", "inside"), [("began", {"B"}), ("due", {"A"}), ("opened", {"B"})], ids=["began", "due", "opened"]
)
def test_a_wait_belongs_to_the_period_in_which_it_began_was_due_or_its_ticket_was_opened(
    by: str, inside: set[str]
) -> None:
    law = standard_of({"first_reply": minutes(60)}, OFFICE)
    late = [asked(7 * HOUR + 30 * MINUTE, name="A"), at(26 * HOUR, name="A")]  # due on Tuesday at 09:30
    rows = [*late, asked(25 * HOUR + 30 * MINUTE, name="B"), at(26 * HOUR, name="B")]  # due on Tuesday at 11:30
    tuesday = NINE + 15 * HOUR
    edges = (tuesday, tuesday + 10 * HOUR + 40 * MINUTE) if by == "due" else (tuesday, tuesday + 24 * HOUR)
    told = verdicts_by(rows, law, by, *edges)
    assert {row["ticket"] for row in told if row["outcome"] != "not_judged"} == inside


def test_by_opening_a_later_exchange_belongs_where_its_ticket_was_opened() -> None:
    rows = [asked(), at(MINUTE), asked(25 * HOUR), at(25 * HOUR + MINUTE)]
    law, tuesday = standard_of({"next_reply": minutes(60)}, OFFICE), NINE + 15 * HOUR
    began = {
        by: len([row for row in verdicts_by(rows, law, by, NINE, tuesday) if row["began_at"]])
        for by in ("began", "opened")
    }
    assert began == {"began": 1, "opened": 2}


def verdicts_by(rows: list[Event], law: Standard, by: PeriodBy, since: dt.datetime, until: dt.datetime) -> list[Event]:
    numbered = [{**row, "row": place, "seq": None} for place, row in enumerate(rows)]
    bench = replace(bench_of(law, NINE + 48 * HOUR, since, until), period_by=by)
    return heard(frame_of(numbered), bench)[0].rows()
