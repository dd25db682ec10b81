"""Audits as values, made of what is known of each wait and finding, as an audit would list them."""

import datetime as dt
import hashlib
import json

from hypothesis import strategies as st

from cs_audit.audit.statistics import percent, wilson

START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
SHA = "0" * 64


def at(hours):
    return (START + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def wait(ticket, hours, over=60, policy="Standard", agent="Ann"):
    return {
        "rule": "first_reply", "code": "RT101", "ticket": ticket, "began_at": at(hours), "due_at": at(hours + 1),
        "over_seconds": over, "policy": policy, "channel": "chat", "team": "Desk", "agent": agent, "url": None,
    }  # fmt: skip


def finding(ticket, hours, rule="unanswered", severity="medium"):
    return {
        "rule": rule, "code": "FL203", "severity": severity, "ticket": ticket, "occurred_at": at(hours), "related": [],
        "evidence": [{"kind": "message"}], "channel": "chat", "team": None, "agent": None, "url": None,
    }  # fmt: skip


def claim(slot, values, ticket="T-1", hours=1, rule="contradicting_answers"):
    sides = [{"value": value, "first_at": at(hours), "last_at": at(hours)} for value in values]
    made = finding(ticket, hours, rule, "high")
    return {**made, "evidence": [*sides, {"slot": slot, "kind": "contradiction"}]}


def result(achieved, late, *, goal=90.0, policy=None, rule="first_reply", by=None):
    decided = achieved + late
    share = percent(achieved, decided)
    return {
        "rule": rule, "code": "RT101", "policy": policy, "judged": decided, "achieved": achieved, "breached": late,
        "active": 0, "not_judged": {}, "percent": share, "interval": wilson(achieved, decided), "goal": goal,
        "met": None if share is None else share >= goal, "p50_seconds": 60, "p90_seconds": 90, "by": by or {},
    }  # fmt: skip


def audit(
    achieved=10,
    late=(),
    found=(),
    *,
    listed=100,
    latest=0,
    first=0,
    last=100,
    goal=90.0,
    limit="3600s",
    sha=SHA,
    **more,
):
    """`late` and `found` are all there are; the audit lists the worst, or the first, `listed` of each rule whole, and
    where that are not all, the `latest` by ticket and time.
    """
    worst = sorted(late, key=lambda row: (-row["over_seconds"], row["ticket"], row["began_at"]))[:listed]
    rules = ("unanswered", "contradicting_answers")
    by_rule = {name: [row for row in found if row["rule"] == name] for name in rules}
    order = {
        name: sorted(rows, key=lambda row: (row["severity"], row["occurred_at"], row["ticket"]))
        for name, rows in by_rule.items()
    }
    agents = sorted({row["agent"] for row in late})
    by = {"agent": {name: share(achieved, [row for row in late if row["agent"] == name]) for name in agents}}
    made = {
        "schema_version": "1.0", "version": "0.1.0", "title": "Desk", "language": "en", "complete": True,
        "window": {"since": None, "until": None, "as_of": at(last), "by": "began", "first_event": at(first), "last_event": at(last)},
        "inputs": [{"source": "desk", "path": "desk.csv", "sha256": sha, "rows": 100}],
        "counts": {"tickets": 100, "judged": 100, "not_judged": {}},
        "rejected": {"rows": 0, "listed": []}, "exceptions": [],
        "results": [result(achieved, len(late), goal=goal, by=by), result(achieved, len(late), goal=goal, policy="Standard")],
        "worst": worst, "findings": [row for name in rules for row in order[name][:listed]],
        "method": {
            "goal": goal, "timezone": "UTC", "schedules": {}, "options": {}, "wording": None, "exclusions": [],
            "policies": [{"name": "Standard", "match": {}, "schedule": "office", "targets": {"first_reply": {"limit": limit, "goal": None}}}],
            "rules": [
                {"rule": "first_reply", "code": "RT101", "severity": "high", "found": None, "found_by": {}},
                *({"rule": name, "code": "FL203", "severity": "medium", "found": len(rows), "found_by": grades(rows)} for name, rows in by_rule.items()),
            ],
            "time_zone_data": "2026a", "holiday_data": "0.109",
        },
    }  # fmt: skip
    if latest:
        times = {
            "first_reply": (late, "began_at", "over_seconds"),
            "unanswered": (by_rule["unanswered"], "occurred_at"),
        }
        made["listed"] = {
            rule: by_time(rows, latest, names) for rule, (rows, *names) in times.items() if len(rows) > listed
        }
    made |= more
    return {**made, "fingerprint": hashlib.sha256(json.dumps(made).encode()).hexdigest()}


def by_time(rows, number, names):
    """The latest rows as columns."""
    order = sorted(sorted(rows, key=lambda row: row["ticket"]), key=lambda row: row[names[0]], reverse=True)[:number]
    return {name: [row[name] for row in order] for name in ("ticket", *names)}


def share(achieved, late):
    made = result(achieved, len(late))
    return {name: made[name] for name in ("judged", "achieved", "breached", "percent", "interval")}


def grades(rows):
    made = {}
    for row in rows:
        made[row["severity"]] = made.get(row["severity"], 0) + 1
    return made


TICKETS = st.sampled_from([f"T-{number}" for number in range(12)])
HOURS = st.integers(0, 60)
WAITS = st.lists(
    st.builds(wait, TICKETS, HOURS, st.integers(1, 400)),
    max_size=14,
    unique_by=lambda row: (row["ticket"], row["began_at"]),
)
MARKS = st.lists(
    st.builds(finding, TICKETS, HOURS), max_size=14, unique_by=lambda row: (row["ticket"], row["occurred_at"])
)
CLAIMS = st.lists(
    st.builds(claim, st.sampled_from(["refund_time", "fee"]), st.sampled_from([("1 day", "2 days"), ("3 EUR", "4 EUR")]), TICKETS, HOURS),
    max_size=3, unique_by=lambda row: (row["evidence"][-1]["slot"], row["evidence"][0]["value"]),
)  # fmt: skip


@st.composite
def audits(draw):
    """An audit, and all late waits and findings there are, listed or not."""
    late, found = draw(WAITS), [*draw(MARKS), *draw(CLAIMS)]
    first, last = draw(st.integers(0, 20)), draw(st.integers(40, 70))
    inside = [row for row in late if first <= hours(row["began_at"]) <= last]
    seen = [row for row in found if first <= hours(row["occurred_at"]) <= last]
    made = audit(
        draw(st.integers(0, 60)), inside, seen, listed=draw(st.sampled_from([3, 100])),
        latest=draw(st.sampled_from([0, 4, 100])), first=first, last=last,
        goal=draw(st.sampled_from([50.0, 90.0])), limit=draw(st.sampled_from(["3600s", "1800s"])),
        sha=draw(st.sampled_from(["a" * 64, "b" * 64])),
    )  # fmt: skip
    return made, inside, seen


def hours(text):
    return (dt.datetime.fromisoformat(text) - START).total_seconds() / 3600
