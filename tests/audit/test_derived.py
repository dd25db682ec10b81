"""Columns made from events and the standard: who is at work, how a rating is meant, what the account manager did."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from audit.desk import bench_of, frame_of, heard, hearing_of, standard_of

from cs_audit.audit.across import histories_of, to_gather
from cs_audit.audit.derived import derive, rated
from cs_audit.audit.standard import Policy, Standard, Target
from cs_audit.history.columnar import Tickets
from cs_audit.rules import all_rules
from cs_audit.schedules import Schedule, parse_week

MONDAY = dt.datetime(2024, 5, 6, tzinfo=dt.UTC)
AS_OF = MONDAY + dt.timedelta(days=60)
OFFICE = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-18:00"}))
MOSCOW = Schedule("moscow", "Europe/Moscow", parse_week({"mon-fri": "09:00-18:00"}))
NIGHT = Schedule("night", "UTC", parse_week({"mon-sun": "22:00-06:00"}))

Event = dict[str, Any]


def at(day: int, clock: str, **more: Any) -> Event:
    """A requester's message so many days after Monday, 6 May 2024."""
    hour, minute, second = (int(part) for part in [*clock.split(":"), "0"][:3])
    moment = MONDAY + dt.timedelta(days=day, hours=hour, minutes=minute, seconds=second)
    return {"ticket": "A", "occurred_at": moment, "kind": "message", "author": "requester", "public": True,
            "automatic": False, **more}  # fmt: skip


def events(*rows: Event) -> pl.DataFrame:
    return frame_of([{"row": row, **each} for row, each in enumerate(rows)])


def staffed(standard: Standard, *rows: Event) -> list[bool | None]:
    """Whether anybody was at work at each event."""
    frame = hearing_of(events(*rows), bench_of(standard, AS_OF)).tickets.frame
    told: list[bool | None] = frame.sort("row")["staffed"].to_list()
    return told


class TestStaffed:
    @pytest.mark.parametrize(
        ("day", "clock", "expected"),
        [
            (0, "09:00", True), (0, "08:59:59", False), (0, "17:59:59", True), (0, "18:00", False),
            (4, "12:00", True), (5, "12:00", False), (6, "23:00", False),
        ],
    )  # fmt: skip
    def test_from_the_opening_minute_to_the_closing_one(self, day: int, clock: str, *, expected: bool) -> None:
        assert staffed(standard_of({}, OFFICE), at(day, clock)) == [expected]

    def test_in_the_zone_of_the_schedule(self) -> None:
        rows = [at(0, clock) for clock in ("05:59", "06:00", "14:59", "15:00")]
        assert staffed(standard_of({}, MOSCOW), *rows) == [False, True, True, False]

    def test_a_shift_over_midnight(self) -> None:
        rows = [at(day, clock) for day, clock in ((0, "21:59"), (0, "22:00"), (1, "05:59"), (1, "06:00"))]
        assert staffed(standard_of({}, NIGHT), *rows) == [False, True, True, False]

    def test_nobody_works_on_a_holiday_or_a_day_off(self) -> None:
        victory = at(3, "12:00")  # Thursday, 9 May
        assert staffed(standard_of({}, OFFICE), victory) == [True]
        holidays = Schedule("office", "UTC", OFFICE.week, ("RU",))
        assert staffed(standard_of({}, holidays), victory, at(7, "12:00")) == [False, True]
        off = Schedule("office", "UTC", OFFICE.week, off={victory["occurred_at"].date(): "moving"})
        assert staffed(standard_of({}, off), victory) == [False]

    def test_round_the_clock_somebody_always_is(self) -> None:
        assert staffed(standard_of({}), at(0, "03:00"), at(5, "12:00"), at(6, "23:59:59")) == [True] * 3

    def test_only_messages_of_the_requester_are_told(self) -> None:
        others = [
            at(0, "12:00", author="agent"), at(0, "12:01", public=False), at(0, "12:02", automatic=True),
            at(0, "12:03", kind="call"), at(0, "12:04"),
        ]  # fmt: skip
        assert staffed(standard_of({}, OFFICE), *others) == [None, None, None, None, True]

    def test_without_a_policy_it_is_unknown(self) -> None:
        chat = Policy("Chat", match={"channel": ("chat",)}, schedule="office")
        standard = standard_of({}, OFFICE, policies=(chat,))
        rows = [at(5, "12:00", channel="chat"), at(5, "12:00", channel="email", ticket="B"), at(5, "12:00", ticket="C")]
        assert staffed(standard, *rows) == [False, None, None]
        assert staffed(standard, rows[1]) == [None]

    def test_the_policy_that_covers_the_message_says_when(self) -> None:
        policies = (Policy("Chat", match={"channel": ("chat",)}, schedule="24/7"), Policy("Rest", schedule="office"))
        rows = [at(5, "12:00", channel="chat"), at(5, "12:00", channel="email", ticket="B")]
        assert staffed(standard_of({}, OFFICE, policies=policies), *rows) == [True, False]

    def test_a_policy_holds_from_its_first_day(self) -> None:
        policies = (Policy("New", since=dt.date(2024, 5, 11), schedule="24/7"), Policy("Old", schedule="office"))
        rows = [at(4, "20:00"), at(5, "20:00", ticket="B")]
        assert staffed(standard_of({}, OFFICE, policies=policies), *rows) == [False, True]

    def test_a_fact_may_choose_another_schedule(self) -> None:
        by = Policy("All", schedule="office", schedule_by={"team": {"Moscow": "moscow"}})
        standard = standard_of({}, OFFICE, MOSCOW, policies=(by,))
        rows = [
            at(0, "07:00", team=team, ticket=ticket) for team, ticket in (("Moscow", "A"), ("Bonn", "B"), (None, "C"))
        ]
        assert staffed(standard, *rows) == [True, False, False]

    def test_the_clock_of_a_target_is_no_opening_hour(self) -> None:
        target = {"first_reply": Target(60_000_000, clock="calendar")}
        assert staffed(standard_of(target, OFFICE), at(5, "12:00")) == [False]

    def test_what_a_source_says_itself_stays(self) -> None:
        rows = [at(0, "12:00", staffed=False), at(5, "12:00", staffed=True, ticket="B")]
        assert staffed(standard_of({}, OFFICE), *rows) == [False, True]

    def test_the_rule_finds_what_nobody_was_there_for(self) -> None:
        rows = [at(0, "12:00"), at(0, "20:00"), at(5, "12:00", ticket="B")]
        drawer, tally = heard(events(*rows), bench_of(standard_of({}, OFFICE), AS_OF))
        found = [row for row in drawer.marks() if row["rule"] == "out_of_hours_demand"]
        assert [row["ticket"] for row in found] == ["A", "B"]
        assert tally.found["out_of_hours_demand"] == 2

    def test_where_no_rule_asks_nothing_is_made(self) -> None:
        bench = bench_of(standard_of({}, OFFICE), AS_OF)
        tickets = Tickets(events(at(0, "12:00", score=1.0, scale=5.0, account_manager="olga")))
        before = tickets.frame.columns
        assert derive(tickets, bench, frozenset()).frame.columns == before
        asked = derive(tickets, bench, frozenset({"staffed", "rated", "manager"})).frame.columns
        assert set(asked) - set(before) == {"staffed", "rated", "done_by"}


@pytest.mark.parametrize(
    ("score", "scale", "expected"),
    [
        (1, 5, "low"), (2, 5, "low"), (2.01, 5, "middle"), (3, 5, "middle"), (3.99, 5, "middle"), (4, 5, "high"), (5, 5, "high"),
        (0, 1, "low"), (1, 1, "high"), (1, 2, "middle"), (2, 2, "high"), (1, 3, "low"), (2, 3, "middle"), (3, 3, "high"),
        (4, 10, "low"), (5, 10, "middle"), (7, 10, "middle"), (8, 10, "high"), (0, 10, "low"),
        (40, 100, "low"), (41, 100, "middle"), (79, 100, "middle"), (80, 100, "high"), (2.8, 7, "low"), (5.6, 7, "high"),
        (None, 5, None), (3, None, None), (None, None, None), (1, 0, None), (0, 0, None), (1, -5, None),
    ],
)  # fmt: skip
def test_a_rating_is_low_middle_or_high_by_its_share_of_the_scale(
    score: float | None, scale: float | None, expected: str | None
) -> None:
    frame = pl.DataFrame({"score": [score], "scale": [scale]}, schema={"score": pl.Float64, "scale": pl.Float64})
    assert frame.select(rated()).item() == expected


def test_the_rule_finds_low_ratings_by_score_and_scale() -> None:
    rows = [
        at(0, "12:00", kind="rating", score=score, scale=scale, ticket=ticket)
        for ticket, score, scale in (("A", 2.0, 5.0), ("B", 3.0, 5.0), ("C", 2.0, None), ("D", 4.0, 10.0))
    ]
    drawer, _ = heard(events(*rows), bench_of(standard_of({}), AS_OF))
    assert [row["ticket"] for row in drawer.marks() if row["rule"] == "low_rating_without_follow_up"] == ["A", "D"]


def by_manager(*rows: Event) -> list[bool | None]:
    """Whether the account manager did each event, in the order of time."""
    bench = bench_of(standard_of({}, rules=(all_rules()["account_manager_silent"],)), AS_OF)
    told = [{"requester": "anna", **row} for row in rows]
    frame = histories_of(to_gather(hearing_of(events(*told), bench))["requester"], bench).frame
    found: list[bool | None] = frame.sort("occurred_at")["by_manager"].to_list()
    return found


class TestByManager:
    def test_who_wrote_it_is_compared_with_the_manager(self) -> None:
        assert by_manager(
            at(0, "09:00", account_manager="olga"),
            at(0, "10:00", author="agent", author_id="olga"),
            at(0, "11:00", author="agent", author_id="ivan", agent="olga"),
        ) == [None, True, False]

    def test_where_no_author_is_named_the_agent_of_the_event_is(self) -> None:
        assert by_manager(
            at(0, "09:00", account_manager="olga", agent="ivan"),
            at(0, "10:00", author="agent", agent="olga"),
            at(0, "11:00", author="agent"),
        ) == [False, True, None]

    def test_a_call_is_that_of_the_agent_who_took_it(self) -> None:
        call = {"kind": "call", "direction": "inbound", "answered": True, "author_id": "anna"}
        assert by_manager(
            at(0, "09:00", account_manager="olga", author_id="anna"),
            at(0, "10:00", agent="olga", **call),
            at(0, "11:00", agent="ivan", **call),
            at(0, "12:00", **call),
        ) == [None, True, False, None]

    def test_before_a_manager_is_named_it_is_the_first_one_and_then_the_latest(self) -> None:
        assert by_manager(
            at(0, "09:00", author="agent", author_id="olga"),
            at(0, "10:00", account_manager="olga"),
            at(0, "11:00", author="agent", author_id="olga"),
            at(0, "12:00", account_manager="petr"),
            at(0, "13:00", author="agent", author_id="olga"),
            at(0, "14:00", author="agent", author_id="petr"),
        ) == [True, None, True, None, False, True]

    def test_a_manager_named_in_one_ticket_is_known_in_the_others_of_his_requester(self) -> None:
        rows = [
            at(0, "09:00", account_manager="olga"),
            at(0, "10:00", author="agent", author_id="olga", ticket="B"),
            at(0, "11:00", author="agent", author_id="olga", ticket="C", requester="boris"),
        ]
        assert by_manager(*rows) == [None, True, None]

    def test_without_any_manager_nothing_is_known(self) -> None:
        assert by_manager(at(0, "09:00", account_manager=None), at(0, "10:00", author="agent", author_id="olga")) == [
            None, None,
        ]  # fmt: skip
