"""Which policy judges a wait, what it promises, and what is excused."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from audit.desk import bench_of, frame_of, heard, standard_of

from cs_audit.audit.moments import micros
from cs_audit.audit.standard import Exemption, Policy, Standard, Target
from cs_audit.events import SCHEMA
from cs_audit.schedules import Horizon, Schedule, parse_week

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
"""A Monday."""

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
Event = dict[str, Any]
OFFICE = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-17:00"}))


def minutes(number: float) -> Target:
    return Target(round(number * 60_000_000))


def ticket(name: str = "A", *, at: dt.datetime = NINE, wait: dt.timedelta = 30 * MINUTE, **facts: Any) -> list[Event]:
    """A question and its answer; the facts are those of the question."""
    common = {"ticket": name, "kind": "message", "public": True, "automatic": False}
    asked = {**common, "row": 0, "occurred_at": at, "author": "requester", **facts}
    answer = {**common, "row": 1, "occurred_at": at + wait, "author": "agent"}
    return [asked, {**dict.fromkeys(facts), **answer}]


def verdicts(rows: list[Event], standard: Standard, as_of: dt.datetime | None = None, **more: Any) -> list[Event]:
    columns = {name: SCHEMA["occurred_at"] for row in rows for name in row if name.startswith("due_")}
    columns |= {name: pl.Boolean() for row in rows for name in row if name.startswith("reported_")}
    bench = bench_of(standard, as_of or max(row["occurred_at"] for row in rows), **more)
    return heard(frame_of(rows, **columns), bench)[0].rows()


def first_reply(target: Target, *schedules: Schedule, **more: Any) -> Standard:
    return standard_of({"first_reply": target}, *schedules, **more)


def outcome(rows: list[Event], standard: Standard, **more: Any) -> tuple[str, str | None]:
    (row,) = verdicts(rows, standard, **more)
    return row["outcome"], row["reason"]


def matched(rows: list[Event], *policies: Policy) -> dict[str, str | None]:
    """The policy of each ticket."""
    return {row["ticket"]: row["policy"] for row in verdicts(rows, standard_of({}, policies=policies))}


def policy(name: str, match: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Policy:
    return Policy(name, match or {}, targets={"first_reply": minutes(60)}, **more)


# policies


def test_the_first_policy_that_matches_judges() -> None:
    rows = [*ticket("A", priority="urgent"), *ticket("B", priority="low"), *ticket("C", priority="high")]
    urgent = policy("Urgent", {"priority": ("urgent", "high")})
    assert matched(rows, urgent, policy("Rest")) == {"A": "Urgent", "B": "Rest", "C": "Urgent"}
    assert matched(rows, policy("Rest"), urgent) == {"A": "Rest", "B": "Rest", "C": "Rest"}


def test_every_fact_of_a_match_must_hold() -> None:
    both = policy("Both", {"priority": ("urgent",), "channel": ("chat",)})
    rows = [
        *ticket("A", priority="urgent", channel="chat"),
        *ticket("B", priority="urgent", channel="email"),
        *ticket("C", priority="low", channel="chat"),
        *ticket("D", priority=None, channel="chat"),
    ]
    assert matched(rows, both, policy("Rest")) == {"A": "Both", "B": "Rest", "C": "Rest", "D": "Rest"}


def test_names_are_matched_whole() -> None:
    rows = [*ticket("A", organization="Acme", team="Desk"), *ticket("B", organization="Acme Inc", team="Desk")]
    assert matched(rows, policy("Acme", {"organization": ("Acme",)}), policy("Rest")) == {"A": "Acme", "B": "Rest"}


def test_a_tag_is_matched_among_others_and_whole() -> None:
    rows = [*ticket("A", tags="|new|vip|"), *ticket("B", tags="|vip-no|"), *ticket("C", tags=None)]
    vip = policy("VIP", {"tags": ("gold", "vip")})
    assert matched(rows, vip, policy("Rest")) == {"A": "VIP", "B": "Rest", "C": "Rest"}


def test_a_fact_no_source_tells_matches_nothing() -> None:
    assert matched(ticket(), policy("Chat", {"channel": ("chat",)}), policy("Rest")) == {"A": "Rest"}


def test_no_policy_is_a_reason_not_to_judge() -> None:
    chat = standard_of({}, policies=[policy("Chat", {"channel": ("chat",)})])
    assert outcome(ticket(channel="email"), chat) == ("not_judged", "no_policy")


def test_a_policy_without_the_target_is_another_reason() -> None:
    silent = Policy("Silent", {"channel": ("email",)}, targets={"resolution": minutes(60)})
    told = {
        row["rule"]: (row["outcome"], row["reason"], row["policy"], row["limit_seconds"])
        for row in verdicts(ticket(channel="email"), standard_of({}, policies=[silent, policy("Rest")]))
    }
    assert told["first_reply"] == ("not_judged", "no_target", "Silent", None)


def test_a_channel_is_that_of_the_message_that_began_the_wait() -> None:
    rows = [*ticket(channel="chat")[:1], {**ticket()[0], "row": 1, "occurred_at": NINE + MINUTE, "channel": "email"}]
    rows += [{**ticket()[1], "row": 2, "channel": "email"}]
    assert matched(rows, policy("Chat", {"channel": ("chat",)}), policy("Rest")) == {"A": "Chat"}


def test_a_fact_told_only_later_is_taken_for_the_whole_ticket() -> None:
    rows = [ticket()[0], {**ticket()[1], "priority": "urgent"}, *ticket("B")]
    assert matched(rows, policy("Urgent", {"priority": ("urgent",)}), policy("Rest")) == {"A": "Urgent", "B": "Rest"}


@pytest.mark.parametrize(
    ("opened", "name"),
    [
        ("2024-05-05T21:59:59Z", "Rest"),  # still 5 May in Berlin
        ("2024-05-05T22:00:00Z", "May"),
        ("2024-05-07T21:59:59Z", "May"),
        ("2024-05-07T22:00:00Z", "Rest"),
    ],
)
def test_a_policy_holds_for_tickets_opened_on_its_local_days(opened: str, name: str) -> None:
    berlin = Schedule("berlin", "Europe/Berlin")
    may = policy("May", since=dt.date(2024, 5, 6), until=dt.date(2024, 5, 7), schedule="berlin")
    standard = standard_of({}, berlin, policies=[may, policy("Rest")])
    (row,) = verdicts(ticket(at=dt.datetime.fromisoformat(opened)), standard)
    assert row["policy"] == name


def test_a_ticket_keeps_the_policy_under_which_it_was_opened() -> None:
    old = Policy("Old", until=dt.date(2024, 5, 6), targets={"next_reply": minutes(60)})
    new = Policy("New", since=dt.date(2024, 5, 7), targets={"next_reply": minutes(10)})
    rows = [*ticket(), *({**row, "row": 2 + row["row"]} for row in ticket(at=NINE + 2 * DAY))]
    assert {row["policy"] for row in verdicts(rows, standard_of({}, policies=[old, new]))} == {"Old"}


# limits


@pytest.mark.parametrize(
    ("wait", "told"),
    [(60 * MINUTE, "achieved"), (60 * MINUTE + dt.timedelta(microseconds=1), "breached")],
)
def test_a_limit_is_kept_to_the_microsecond(wait: dt.timedelta, told: str) -> None:
    assert outcome(ticket(wait=wait), first_reply(minutes(60))) == (told, None)


def test_working_time_is_what_counts_on_a_schedule() -> None:
    friday = dt.datetime(2024, 5, 3, 16, 30, tzinfo=dt.UTC)
    monday = ticket(at=friday, wait=dt.datetime(2024, 5, 6, 9, 30, tzinfo=dt.UTC) - friday)
    (row,) = verdicts(monday, first_reply(minutes(60), OFFICE))
    assert (row["outcome"], row["elapsed_seconds"], row["schedule"]) == ("achieved", 3600 * 10**6, "office")
    assert row["due_at"] == micros(dt.datetime(2024, 5, 6, 9, 30, tzinfo=dt.UTC))


def test_the_calendar_clock_runs_at_night() -> None:
    evening = NINE + dt.timedelta(hours=7, minutes=30)
    rows = ticket(at=evening, wait=61 * MINUTE)
    assert outcome(rows, first_reply(minutes(60), OFFICE)) == ("achieved", None)
    calendar = Target(60 * 60_000_000, clock="calendar")
    (row,) = verdicts(rows, first_reply(calendar, OFFICE))
    assert (row["outcome"], row["clock"], row["schedule"]) == ("breached", "calendar", "24/7")


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        ("2024-05-07T10:00:00", "achieved"),
        ("2024-05-07T10:00:01", "breached"),
    ],
)
def test_a_limit_in_working_days_ends_at_the_same_time_of_day(answered: str, told: str) -> None:
    asked = NINE + dt.timedelta(hours=1)
    wait = dt.datetime.fromisoformat(answered + "+00:00") - asked
    (row,) = verdicts(ticket(at=asked, wait=wait), first_reply(Target(working_days=1), OFFICE))
    assert row["outcome"] == told
    assert row["due_at"] == micros(dt.datetime(2024, 5, 7, 10, tzinfo=dt.UTC))
    assert row["limit_seconds"] == 8 * 3600 * 10**6


def test_a_limit_in_working_days_asked_out_of_hours_ends_at_an_opening() -> None:
    saturday = NINE - 2 * DAY
    (row,) = verdicts(ticket(at=saturday, wait=DAY), first_reply(Target(working_days=1), OFFICE))
    assert row["due_at"] == micros(NINE + DAY)  # Monday's opening and a day
    assert row["outcome"] == "achieved"


def test_working_days_beyond_the_compiled_years_are_not_over_yet() -> None:
    rows = ticket(at=dt.datetime(2024, 12, 30, 9, tzinfo=dt.UTC))[:1]
    standard = first_reply(Target(working_days=5), OFFICE)
    (row,) = verdicts(rows, standard, years=Horizon(2024, 2024))
    assert (row["outcome"], row["due_at"], row["limit_seconds"]) == ("active", None, None)


RECORDED = Target(recorded=True)


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (30 * MINUTE, ("achieved", None)),
        (29 * MINUTE, ("breached", None)),
        (400 * DAY, ("achieved", None)),
        (3000 * DAY, ("achieved", None)),
        (-3000 * DAY, ("breached", None)),
        (None, ("not_judged", "no_recorded_due")),
    ],
)
def test_a_recorded_promise_is_the_tickets_own(due: dt.timedelta | None, told: tuple[str, str | None]) -> None:
    promised = None if due is None else NINE + due
    rows = [{**row, "due_first_reply": promised} for row in ticket()]
    (row,) = verdicts(rows, first_reply(RECORDED))
    assert (row["outcome"], row["reason"]) == told
    assert row["due_at"] == (None if promised is None else micros(promised))


def test_the_last_recorded_promise_counts() -> None:
    asked, answered = ticket()
    rows = [{**asked, "due_first_reply": NINE + DAY}, {**answered, "due_first_reply": NINE + MINUTE}]
    assert outcome(rows, first_reply(RECORDED)) == ("breached", None)


def test_without_recorded_promises_nothing_is_judged() -> None:
    assert outcome(ticket(), first_reply(RECORDED)) == ("not_judged", "no_recorded_due")


def test_an_open_wait_past_its_recorded_promise_is_late() -> None:
    rows = [{**row, "due_first_reply": NINE + 5 * MINUTE} for row in ticket()[:1]]
    assert outcome(rows, first_reply(RECORDED), as_of=NINE + 6 * MINUTE) == ("breached", None)
    assert outcome(rows, first_reply(RECORDED), as_of=NINE + 5 * MINUTE) == ("active", None)


def test_targets_read_as_they_are_written() -> None:
    assert [str(each) for each in (minutes(60), Target(working_days=2), RECORDED)] == ["3600s", "2wd", "recorded"]


# exceptions


def excuse(rule: str, name: str, until: dt.date) -> Exemption:
    return Exemption(rule, name, "power cut", until)


def test_an_exception_excuses_a_verdict_with_its_reason() -> None:
    standard = first_reply(minutes(10), exemptions=(excuse("first_reply", "A", dt.date(2024, 5, 6)),))
    told = {row["ticket"]: (row["outcome"], row["reason"]) for row in verdicts([*ticket(), *ticket("B")], standard)}
    assert told == {"A": ("not_judged", "ignored"), "B": ("breached", None)}


def test_an_exception_of_another_rule_excuses_nothing() -> None:
    standard = first_reply(minutes(10), exemptions=(excuse("next_reply", "A", dt.date(2024, 5, 6)),))
    assert outcome(ticket(), standard) == ("breached", None)


@pytest.mark.parametrize(
    ("as_of", "told"),
    [("2024-05-07T23:59:59+02:00", "not_judged"), ("2024-05-08T00:00:00+02:00", "breached")],
)
def test_an_exception_expires_after_its_last_local_day(as_of: str, told: str) -> None:
    standard = first_reply(
        minutes(10), timezone="Europe/Berlin", exemptions=(excuse("first_reply", "A", dt.date(2024, 5, 7)),)
    )
    assert outcome(ticket(), standard, as_of=dt.datetime.fromisoformat(as_of))[0] == told


def test_what_is_not_judged_anyway_keeps_its_reason() -> None:
    standard = first_reply(minutes(10), exemptions=(excuse("first_reply", "A", dt.date(2024, 5, 6)),))
    assert outcome(ticket()[1:], standard) == ("not_judged", "no_requester_message")


def test_an_exception_excuses_findings() -> None:
    strange = [{**row, "author": "unknown"} for row in [*ticket(), *ticket("B")]]
    standard = first_reply(minutes(10), exemptions=(excuse("unknown_author", "A", dt.date(2024, 5, 6)),))
    drawer, tally = heard(frame_of(strange), bench_of(standard, NINE + DAY / 2))
    assert {row["ticket"] for row in drawer.marks()} == {"B"}
    assert tally.found["unknown_author"] == 2
    assert tally.excused == {("unknown_author", "A")}


# the helpdesk's own verdict


def test_the_helpdesks_verdict_is_compared_where_both_judged() -> None:
    told = {"A": True, "B": False, "C": True, "D": False, "E": None}
    waits = {"A": 5, "B": 5, "C": 50, "D": 50, "E": 5}
    rows = [
        {**row, "reported_first_reply": verdict}
        for name, verdict in told.items()
        for row in ticket(name, wait=waits[name] * MINUTE)
    ]
    rows += [{**row, "reported_first_reply": True} for row in ticket("F", at=NINE + 49 * MINUTE)[:1]]
    columns = {"reported_first_reply": pl.Boolean()}
    bench = bench_of(first_reply(minutes(10)), NINE + 50 * MINUTE)
    (found,) = heard(frame_of(rows, **columns), bench)[1].reported.values()
    assert found == {
        "agree": 2,
        "differ": 2,
        "reported_achieved": 2,
        "recomputed_achieved": 2,
        "only_reported": 1,
        "only_recomputed": 1,
        "tickets": ["B", "C"],
    }
