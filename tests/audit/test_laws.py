"""Laws that hold for every history, whatever the rules: tested on generated tickets through the real judge."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from audit.desk import SEES, Desk, Drawer, all_targets, bench_of, frame_of, heard, hearing_of, standard_of
from history.histories import START, Event, flat, histories, shape
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rules.by_hand import by_hand

from cs_audit.audit import chain, gathered
from cs_audit.audit.bench import Bench
from cs_audit.audit.judge import Verdicts, due_instants, judge
from cs_audit.audit.limits import UNLIMITED
from cs_audit.audit.result import make_audit
from cs_audit.audit.spool import Spool
from cs_audit.audit.standard import Policy, Standard, Target, Window
from cs_audit.events import CHANNELS, opened
from cs_audit.rules import all_rules
from cs_audit.schedules import Schedule, parse_week

HOUR = dt.timedelta(hours=1)
MINUTES = 60_000_000
SOME = settings(max_examples=max(settings.default.max_examples // 10, 25))
FEW = settings(max_examples=max(settings.default.max_examples // 20, 15))

OFFICE = {"mon-thu": ["09:00-13:00", "14:00-18:00"], "fri": "09:00-16:00"}
TARGETS = {
    "first_reply": Target(60 * MINUTES),
    "next_reply": Target(150 * MINUTES),
    "first_resolution": Target(1440 * MINUTES, clock="calendar"),
    "resolution": Target(working_days=2),
    "periodic_update": Target(240 * MINUTES, pause=("pending",)),
    "requester_wait": Target(960 * MINUTES),
    "agent_work": Target(working_days=1, end_of_day=True),
    "ownership": Target(120 * MINUTES, pause=("pending", "on_hold")),
    "call_answer": Target(20_000_000, clock="calendar"),
    "handover_reply": Target(30 * MINUTES),
}

Tickets = list[list[Event]]
Rows = list[dict[str, Any]]

cut_offs = st.sampled_from([1, 5, 26, 75, 200, 1000]).map(lambda hours: START + hours * HOUR)


def standard(zone: str = "Europe/Moscow", **more: Any) -> Standard:
    return standard_of(TARGETS, Schedule("office", zone, parse_week(OFFICE), **more))


def verdicts(tickets: Tickets, as_of: dt.datetime, law: Standard | None = None) -> Drawer:
    """All that is said of some tickets at a cut-off."""
    return heard(frame_of(flat(tickets)), bench_of(law or standard(), as_of))[0]


def put(tickets: Tickets, event: Event, random: Random) -> Tickets:
    """The tickets with one more event, at the instant of an event or between two; a ticket's first event stays first.

    Only where the source says when the ticket was created may anything stand before all else.
    """
    ticket = random.randrange(len(tickets))
    events = tickets[ticket]
    place = random.randint(0 if any(map(opened.matches, events)) else 1, len(events))
    before, after = events[max(place - 1, 0)], events[min(place, len(events) - 1)]
    between = (after["occurred_at"] - before["occurred_at"]) / 2 if place and random.random() < 0.5 else dt.timedelta()
    same = events[0] if place == 0 else before
    new = {**event, "ticket": same["ticket"], "occurred_at": same["occurred_at"] + between, "seq": same["seq"]}
    return renumbered([*tickets[:ticket], [*events[:place], new, *events[place:]], *tickets[ticket + 1 :]])


def renumbered(tickets: Tickets) -> Tickets:
    """The same events with new row numbers, in their order."""
    rows = iter(range(len(flat(tickets))))
    return [[{**event, "row": next(rows)} for event in ticket] for ticket in tickets]


def of_rules(rows: Rows, *codes: str) -> Rows:
    return [row for row in rows if row["code"] in codes]


@SOME
@given(histories, cut_offs, st.sampled_from(["system", "bot", "agent", "requester"]), st.randoms(use_true_random=False))
def test_an_automatic_message_anywhere_changes_no_verdict(
    tickets: Tickets, as_of: dt.datetime, author: str, random: Random
) -> None:
    told = verdicts(tickets, as_of)
    more = verdicts(put(tickets, shape("message", author, automatic=True), random), as_of)
    assert more.rows() == told.rows()
    assert of_rules(more.marks(), "FL201", "FL202", "FL203", "DQ104") == of_rules(
        told.marks(), "FL201", "FL202", "FL203", "DQ104"
    )


@SOME
@given(histories, cut_offs, st.sampled_from(["agent", "requester", "bot"]), st.randoms(use_true_random=False))
def test_an_internal_note_changes_no_verdict(tickets: Tickets, as_of: dt.datetime, author: str, random: Random) -> None:
    told = verdicts(tickets, as_of)
    more = verdicts(put(tickets, shape("message", author, public=False), random), as_of)
    assert more.rows() == told.rows()
    assert of_rules(more.marks(), "FL202", "FL203") == of_rules(told.marks(), "FL202", "FL203")


@SOME
@given(histories, cut_offs, st.randoms(use_true_random=False))
def test_other_channels_change_no_verdict_of_a_time_rule(tickets: Tickets, as_of: dt.datetime, random: Random) -> None:
    def labelled() -> Drawer:
        channels = [[{**event, "channel": random.choice((*CHANNELS, None))} for event in each] for each in tickets]
        return verdicts(channels, as_of)

    assert labelled().rows("channel") == labelled().rows("channel") == verdicts(tickets, as_of).rows("channel")


@SOME
@given(histories, cut_offs, st.sets(st.integers(0, 30), max_size=6))
def test_more_closed_days_never_make_a_wait_longer(tickets: Tickets, as_of: dt.datetime, days: set[int]) -> None:
    off = {START.date() + dt.timedelta(days=day): "" for day in days}
    targets = all_targets(HOUR)
    lengths = [
        pl.concat(verdicts(tickets, as_of, standard_of(targets, office)).frames)
        for office in (Schedule("office", "UTC", parse_week(OFFICE), off=closed) for closed in ({}, off))
    ]
    forward = (lengths[0]["ended_at"] >= lengths[0]["began_at"]).fill_null(value=True)
    assert (lengths[1]["elapsed_seconds"] <= lengths[0]["elapsed_seconds"]).filter(forward).fill_null(value=True).all()
    assert lengths[1].filter(lengths[0]["outcome"] == "achieved")["outcome"].eq("achieved").all()


@SOME
@given(histories, cut_offs, st.sampled_from(["UTC", "Asia/Kolkata", "Europe/Moscow"]), st.integers(-50, 50))
def test_whole_weeks_later_the_verdicts_are_the_same(
    tickets: Tickets, as_of: dt.datetime, zone: str, weeks: int
) -> None:
    step = dt.timedelta(weeks=weeks)
    later = [[{**event, "occurred_at": event["occurred_at"] + step} for event in ticket] for ticket in tickets]
    moved = verdicts(later, as_of + step, standard(zone)).rows()
    micros = weeks * 7 * 86_400_000_000
    for row in moved:
        row |= {name: row[name] and row[name] - micros for name in ("began_at", "ended_at", "due_at")}
    assert moved == verdicts(tickets, as_of, standard(zone)).rows()


def judged(tickets: Tickets, as_of: dt.datetime, law: Standard) -> list[tuple[Bench, Verdicts]]:
    """The verdicts of every rule, as the judge holds them."""
    bench = bench_of(law, as_of)
    hearing = hearing_of(frame_of(flat(tickets)), bench)
    none = np.empty(0, np.int64)
    return [
        (bench, judge(rule, hearing.tickets, hearing.facts, bench, blind=False, broken=none)) for rule in law.measures
    ]


@SOME
@given(histories, cut_offs)
def test_a_clock_has_run_for_its_limit_when_it_is_due(tickets: Tickets, as_of: dt.datetime) -> None:
    for bench, found in judged(tickets, as_of, standard()):
        due = due_instants(found, bench)
        known = found.began & (due > 0) & (due < UNLIMITED) & (found.until >= found.tickets.time[found.start])
        over = known & (found.until >= due)
        assert (found.elapsed >= found.limit)[over].all()
        assert (found.elapsed <= found.limit)[known & ~over].all()
        late = found.outcome == ["achieved", "breached", "active", "not_judged"].index("breached")
        assert (found.until >= due)[known & late & (found.reason == 0)].all()


@SOME
@given(histories, cut_offs, st.sampled_from([1, 3, 30, 400]))
def test_a_pause_begun_after_the_limit_has_passed_changes_no_outcome(
    tickets: Tickets, as_of: dt.datetime, hours: int
) -> None:
    late = {
        (row["rule"], row["ticket"], row["began_at"])
        for row in verdicts(tickets, as_of).rows()
        if row["outcome"] == "breached"
    }
    known = [[event for event in ticket if event["occurred_at"] <= as_of] for ticket in tickets]
    pause = [
        [*ticket, {**ticket[-1], **shape("status", status="pending"), "occurred_at": as_of + hours * HOUR}]
        for ticket in known
        if ticket
    ]
    assume(pause)
    later = verdicts(renumbered(pause), as_of + 2 * hours * HOUR).rows()
    after = {(row["rule"], row["ticket"], row["began_at"]) for row in later if row["outcome"] == "breached"}
    assert late <= after


def breaches(rows: Iterable[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    """How many waits are late, by rule, ticket and start: several may begin at one instant."""
    return Counter((row["rule"], row["ticket"], row["began_at"]) for row in rows if row["outcome"] == "breached")


@SOME
@given(histories, cut_offs, st.sampled_from(["low", "urgent"]), st.randoms(use_true_random=False))
def test_a_later_priority_heals_no_breach(tickets: Tickets, as_of: dt.datetime, priority: str, random: Random) -> None:
    ranked = [
        [{**event, "priority": "normal" if event is ticket[0] else None} for event in ticket] for ticket in tickets
    ]
    slow = {
        name: replace(target, micros=2 * target.micros, working_days=2 * target.working_days)
        for name, target in TARGETS.items()
    }
    office = Schedule("office", "UTC", parse_week(OFFICE))
    policies = [Policy("Low", {"priority": ("low",)}, schedule="office", targets=slow)]
    policies += [Policy("Rest", schedule="office", targets=TARGETS)]
    law = standard_of({}, office, policies=policies)
    before = verdicts(ranked, as_of, law).rows()
    ticket = random.randrange(len(ranked))
    last = ranked[ticket][-1]
    change = {**last, **shape("priority"), "priority": priority, "occurred_at": max(as_of, last["occurred_at"])}
    changed = renumbered([*ranked[:ticket], [*ranked[ticket], change], *ranked[ticket + 1 :]])
    assert breaches(before) <= breaches(verdicts(changed, as_of, law).rows())


@SOME
@given(
    histories,
    cut_offs,
    st.tuples(*[st.none() | st.integers(-2, 100).map(lambda hours: START + hours * HOUR)] * 2),
    st.sets(st.sampled_from(["T0", "T1", "T2", "T9"])),
    st.sets(st.sampled_from(sorted(SEES))),
    st.sets(st.sampled_from(sorted(TARGETS)), min_size=1),
)
def test_every_ticket_is_judged_or_not_judged_for_a_reason(
    tickets: Tickets,
    as_of: dt.datetime,
    window: tuple[dt.datetime | None, dt.datetime | None],
    broken: set[str],
    sees: set[str],
    rules: set[str],
) -> None:
    law = standard_of({name: TARGETS[name] for name in rules}, Schedule("office", "UTC", parse_week(OFFICE)))
    drawer, tally = heard(frame_of(flat(tickets)), bench_of(law, as_of, *window), broken=broken, sees=frozenset(sees))
    assert sum(tally.tickets.values()) == len(tickets)
    known = {event["ticket"] for event in flat(tickets) if event["occurred_at"] <= as_of}
    assert tally.tickets.get("not_judged:after_as_of", 0) == len(tickets) - len(known)
    judged = {row["ticket"] for row in drawer.rows() if row["outcome"] != "not_judged"}
    assert tally.tickets["judged"] == len(judged)
    assert {(row["rule"], row["ticket"]) for row in drawer.rows()} == {(rule, name) for rule in rules for name in known}


@SOME
@given(histories, cut_offs, st.none() | st.sets(st.sampled_from(["new", "open", "pending", "on_hold"])).map(tuple))
def test_the_judge_says_what_is_reached_by_hand(
    tickets: Tickets, as_of: dt.datetime, pause: tuple[str, ...] | None
) -> None:
    targets = {name: replace(target, pause=pause) for name, target in all_targets(HOUR).items()}
    found = [
        (row["rule"], row["ticket"], row["began_at"], row["ended_at"], _told(row))
        for row in verdicts(tickets, as_of, standard_of(targets)).rows()
    ]
    wanted = [
        (rule.name, known[0]["ticket"], _micros(each.began), _micros(each.ended), each.outcome)
        for rule in all_rules().values()
        if rule.measures
        for ticket in tickets
        if (known := [event for event in ticket if event["occurred_at"] <= as_of])
        for each in by_hand(rule, known, as_of, HOUR, pause)
    ]
    assert sorted(found, key=repr) == sorted(wanted, key=repr)


def _told(row: dict[str, Any]) -> str:
    if row["outcome"] == "not_judged":
        return f"not_judged {row['reason']}"
    return str(row["outcome"])


def _micros(moment: dt.datetime | None) -> int | None:
    return None if moment is None else (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def whole_audit(rows: list[Event], as_of: dt.datetime, batch: int, held: int, buckets: int) -> tuple[str, Rows, Rows]:
    """The result as JSON, all verdicts and all findings of rows in this order, read and spilt like this."""
    drawer = Drawer()
    desk = Desk(frame_of([{**row, "row": number} for number, row in enumerate(rows)]), batch=batch)

    def spool(folder: Path, **_: int) -> Spool:
        return Spool(folder, rows_held=held, buckets=buckets)

    window = Window(as_of=as_of)
    with TemporaryDirectory() as folder, patch.object(gathered, "Spool", spool):
        judged = chain.audit([desk], standard(), window, Path(folder), drawer)
    made = make_audit(judged, standard(), window, [desk], title="Law", language="en")
    return json.dumps(made), drawer.rows(), drawer.marks()


@FEW
@given(
    tickets=histories,
    as_of=cut_offs,
    batch=st.integers(1, 12),
    held=st.integers(1, 40),
    buckets=st.integers(1, 5),
    random=st.randoms(use_true_random=False),
)
def test_order_batches_and_buckets_change_nothing(
    tickets: Tickets, as_of: dt.datetime, batch: int, held: int, buckets: int, random: Random
) -> None:
    rows = [{**event, "seq": seq} for ticket in tickets for seq, event in enumerate(ticket)]
    shuffled = random.sample(rows, len(rows))
    plainly = whole_audit(rows, as_of, 1000, 1000, 1)
    assert whole_audit(shuffled, as_of, batch, held, buckets) == plainly
