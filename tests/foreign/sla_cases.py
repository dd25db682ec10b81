"""Ticket cases of other systems' test suites, retold as events and targets of cs-audit."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.desk import bench_of, frame_of, heard, standard_of

from cs_audit.audit.standard import Exclusion, Policy, Standard, Target
from cs_audit.schedules import Horizon, Schedule, parse_ranges, parse_week

Case = Mapping[str, Any]
Row = dict[str, Any]
DAY = 86_400_000_000

STATUS = {
    **dict.fromkeys(("new", "open", "reopened", "working", "assigned"), "open"),
    **dict.fromkeys(("paused", "replied", "waiting", "pending", "pending reminder", "pending close"), "pending"),
    **dict.fromkeys(("hold", "on-hold", "stalled"), "on_hold"),
    **dict.fromkeys(("resolved", "done", "solved", "intermediate"), "solved"),
    **dict.fromkeys(("closed", "merged"), "closed"),
}
"""What their words for a status mean. `intermediate` is a stage past the one the target is about."""

BARE = {"zammad-25", "zammad-26"}
"""Cases that create a ticket without any message and let the requester write later."""

TARGETS = {
    **dict.fromkeys(("first_response_minutes",), ("first_reply",)),
    **dict.fromkeys(("next_response_minutes", "update_minutes", "response_real_minutes"), ("next_reply",)),
    **dict.fromkeys(("resolution_minutes", "solution_minutes", "stage_target_minutes"), ("resolution",)),
    **dict.fromkeys(("resolve_real_minutes", "resolve_business_minutes"), ("resolution",)),
    **dict.fromkeys(("ttr_minutes", "ttr_working_days"), ("resolution", "first_reply")),
    "keep_in_loop_real_minutes": ("periodic_update",),
}
"""Which clocks their targets are about. GLPI's time to own has no counterpart: a reply takes its place."""

EVERY = ("first_reply", "next_reply", "resolution", "requester_wait", "agent_work", "periodic_update", "handover_reply")


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def micros(text: str) -> int:
    return (instant(text) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def schedule_of(calendar: Case) -> Schedule:
    hours = {day: ["-".join(pair) for pair in pairs] for day, pairs in calendar["weekly"].items()}
    days = {dt.date.fromisoformat(day): parse_ranges([]) for day in calendar.get("holidays", ())}
    return Schedule("office", calendar["tz"], parse_week(hours), exceptions=days)


def standard_for(case: Case) -> Standard:
    """The case's targets; where it has none for a clock, one of 1,000 hours, so that the clock is shown."""
    policy = dict(case["policy"])
    pauses = tuple(
        {STATUS[word] for word in policy.pop("pause_states", policy.pop("ignore_on_statuses", ()))} - {"closed"}
    )
    pauses = pauses or tuple(
        {STATUS[each["to"]] for each in case["events"] if each.get("to") in ("replied", "paused", "waiting", "hold")}
    )
    closing = bool(policy.pop("end_of_working_day", False))
    targets = {rule: Target(3_600_000_000_000) for rule in EVERY}
    for name, number in policy.items():
        for rule in TARGETS.get(name, ()):
            pause = pauses if rule in ("resolution", "periodic_update") else None
            if name.endswith("days"):
                targets[rule] = Target(working_days=number, end_of_day=closing, pause=pause)
            else:
                targets[rule] = Target(number * 60_000_000, pause=pause)
    office = schedule_of(case["calendar"])
    own = Exclusion("own tickets", own_tickets=True)
    return standard_of({}, office, policies=_policies(case, targets), exclusions=(own,))


def _policies(case: Case, targets: dict[str, Target]) -> list[Policy]:
    """One policy; or one for each tag that stands for a policy applied in the middle of the ticket."""
    kinds = {each["type"] for each in case["events"]}
    if "sla_applied" in kinds:
        return [Policy("applied", {"tags": ("applied",)}, schedule="office", targets=targets)]
    if "sla_changed" in kinds:
        longer = {**targets, "resolution": Target(240 * 60_000_000)}
        changed = Policy("changed", {"tags": ("changed",)}, schedule="office", targets=longer)
        return [changed, Policy("first", schedule="office", targets=targets)]
    if "policy_changed" in kinds:
        named = (case["policy"]["first"], case["policy"]["second"])
        return [
            Policy(each["name"], {"tags": (each["name"],)}, schedule="office",
                   targets={"first_reply": Target(each["first_reply_minutes"] * 60_000_000)})
            for each in named
        ]  # fmt: skip
    return [Policy("Standard", schedule="office", targets=targets)]


def _message(author: str, **more: Any) -> Row:
    return {"kind": "message", "author": author, "public": True, "automatic": False, **more}


def _status(word: str, author: str = "agent") -> Row:
    return {"kind": "status", "author": author, "status": STATUS[word]}


def _created(case: Case, event: Case) -> list[Row]:
    opened = {"kind": "other", "author": "system", "status": "new"}
    person = "same person" if event.get("owner") else None
    rows = [{**opened, "requester": person, "agent": person, "tags": event.get("policy") and f"|{event['policy']}|"}]
    if event.get("by") == "agent":
        rows += [_message("agent")] if event.get("public_comment") else []
    elif case["id"] not in BARE:
        rows.append(_message("requester"))
    return rows + ([_status(event["status"])] if "status" in event else [])


RETOLD: dict[str, Callable[[Case, Case], list[Row]]] = {
    "created": _created,
    "customer_message": lambda _, event: [
        _message("requester"), *([_status("open", "requester")] if event.get("status") == "reopened" else [])
    ],
    "agent_public_reply": lambda _, event: [_message("unknown" if event.get("account") == "other" else "agent")],
    "agent_internal_note": lambda *_: [_message("agent", public=False)],
    "agent_phone_call": lambda *_: [{"kind": "call", "author": "agent", "answered": True}],
    "bot_message": lambda _, event: [
        _message("bot", automatic=True), *([_status("resolved", "bot")] if event.get("status") == "resolved" else [])
    ],
    "bot_handoff": lambda *_: [{"kind": "assignment", "author": "bot"}],
    "status": lambda _, event: [_status(event["to"])],
    "solved": lambda *_: [_status("solved")],
    "resolved": lambda *_: [_status("resolved")],
    "closed": lambda *_: [_status("closed")],
    "reopened": lambda *_: [_status("open", "requester")],
    "policy_changed": lambda _, event: [{"kind": "other", "author": "agent", "tags": f"|{event['policy']}|"}],
    "sla_changed": lambda *_: [{"kind": "other", "author": "agent", "tags": "|changed|"}],
    "sla_applied": lambda *_: [{"kind": "other", "author": "agent", "tags": "|applied|"}],
    "observe": lambda *_: [],
}  # fmt: skip
COLUMNS = ("status", "tags", "requester", "agent", "answered", "public", "automatic")


def events_of(case: Case) -> list[Row]:
    made = [(event["at"], row) for event in case["events"] for row in RETOLD[event["type"]](case, event)]
    return [
        {**dict.fromkeys(COLUMNS), "ticket": case["id"], "row": place, "seq": place, "occurred_at": instant(at), **row}
        for place, (at, row) in enumerate(made)
    ]


@dataclass(frozen=True)
class Told:
    """What the chain says of a case."""

    case: Case

    @cached_property
    def standard(self) -> Standard:
        return standard_for(self.case)

    @cached_property
    def _heard(self) -> tuple[list[Row], list[Row]]:
        rows = events_of(self.case)
        as_of = instant(self.case["events"][-1]["at"])
        years = Horizon(as_of.year - 1, as_of.year + 1)
        drawer, _ = heard(frame_of(rows), bench_of(self.standard, as_of, years=years))
        return drawer.rows(), drawer.marks()

    def waits(self, rule: str) -> list[Row]:
        """The rule's verdicts in the order the waits began."""
        return sorted((row for row in self._heard[0] if row["rule"] == rule), key=lambda row: row["began_at"] or 0)

    def wait(self, rule: str) -> Row:
        """The only wait."""
        (row,) = self.waits(rule)
        return row

    def found(self, rule: str) -> int:
        return sum(row["rule"] == rule for row in self._heard[1])

    def minutes(self, rule: str, place: int = 0) -> int:
        """Whole minutes elapsed, as their suites drop seconds."""
        return int(self.waits(rule)[place]["elapsed_seconds"] // 60_000_000)

    def margin(self, rule: str) -> int:
        return int(self.waits(rule)[0]["limit_seconds"] // 60_000_000) - self.minutes(rule)
