"""The result of an audit as one value: what audit.json holds and every report is a view of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from cs_audit import __version__
from cs_audit.audit.coverage import coverage
from cs_audit.audit.listed import as_json
from cs_audit.audit.method import exceptions, method
from cs_audit.audit.moments import iso, seconds
from cs_audit.audit.ratings import ratings
from cs_audit.audit.results import results, sensitivity
from cs_audit.audit.standard import CALENDAR
from cs_audit.audit.tally import WORST
from cs_audit.audit.weeks import staffed
from cs_audit.explain.derivation import counted, shortened

if TYPE_CHECKING:
    from cs_audit.audit.chain import Judged
    from cs_audit.audit.session import Reader
    from cs_audit.audit.standard import Standard, Window

SCHEMA_VERSION = "1.0"
_REJECTS = 1_000
_STRETCHES = 16

Json = dict[str, Any]


def make_audit(
    judged: Judged, standard: Standard, window: Window, sources: Sequence[Reader], *, title: str, language: str
) -> Json:
    """The whole result, JSON-ready and in a fixed order."""
    counts = _counts(judged)
    rejects = [reject for source in sources for reject in source.rejects]
    made_results = results(judged, standard)
    made: Json = {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "title": title,
        "language": language,
        "window": {
            "since": _iso(window.since),
            "until": _iso(window.until),
            "as_of": iso(judged.bench.as_of),
            "by": window.by,
            "first_event": iso(judged.first),
            "last_event": iso(judged.last),
        },
        "complete": not rejects,
        "inputs": [_input(each) for source in sources for each in source.inputs],
        "unseen": {each.name: dict(each.unseen) for each in sources if each.unseen},
        "counts": counts,
        "results": made_results,
        "sensitivity": sensitivity(judged, made_results),
        "coverage": coverage(judged.tally.demand),
        "ratings": ratings(judged.tally.ratings, [rule.name for rule in standard.measures]),
        "findings": _findings(judged, standard),
        "worst": _worst(judged, standard),
        "late": _late(judged, standard),
        "listed": {name: as_json(rows) for name, rows in sorted(judged.tally.listed.items()) if rows.height > WORST},
        "histories": _histories(judged, [rule.name for rule in standard.of("ticket")]),
        "hours": {name: judged.tally.hours[name].tolist() for name in sorted(judged.tally.hours)},
        "staffed": staffed(judged.bench, judged.first),
        "rejected": {"rows": len(rejects), "listed": [_reject(each) for each in rejects[:_REJECTS]]},
        "exceptions": exceptions(judged, standard),
        "method": method(standard, judged, sources),
    }
    made["fingerprint"] = fingerprint(made)
    return made


def fingerprint(audit: Mapping[str, Any]) -> str:
    """SHA-256 over everything the verdicts depend on: inputs, method, window and versions."""
    basis = [[each["sha256"] for each in audit["inputs"]], audit["method"], audit["window"], audit["version"]]
    return hashlib.sha256(json.dumps(basis, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _input(each: Any) -> Json:
    return {
        "source": each.source,
        "path": each.path,
        "type": each.type,
        **each.details,
        "rows": each.rows,
        "rejected": each.rejected,
        "sha256": each.sha256,
    }


def _counts(judged: Judged) -> Json:
    numbers = judged.tally.tickets
    reasons = {name.partition(":")[2]: n for name, n in sorted(numbers.items()) if name.startswith("not_judged:")}
    events = judged.tally.events
    automatic = {name.partition(":")[2]: n for name, n in sorted(events.items()) if name.startswith("automatic:")}
    return {
        "tickets": numbers.get("judged", 0) + sum(reasons.values()),
        "judged": numbers.get("judged", 0),
        "not_judged": {name: n for name, n in reasons.items() if n},
        "events": events.get("events", 0) + events.get("beyond", 0),
        "events_after_as_of": events.get("beyond", 0),
        "automatic": events.get("automatic", 0),
        "automatic_by_reason": automatic,
    }


def _findings(judged: Judged, standard: Standard) -> list[Json]:
    """Findings of every rule with their number, the first of them whole."""
    order = {"high": 0, "medium": 1, "low": 2}
    made = []
    for rule in sorted(standard.findings, key=lambda each: (order[each.severity], each.code)):
        frame = judged.tally.findings.get(rule.name)
        for row in frame.iter_rows(named=True) if frame is not None else ():
            told = {name: json.loads(row[name]) for name in ("related", "evidence")}
            made.append({**row, **told, "occurred_at": iso(row["occurred_at"])})
    return made


def _worst(judged: Judged, standard: Standard) -> list[Json]:
    """The worst breaches of every rule, each with the working time that was counted."""
    return [
        {**verdict_row(row), "counted": _counted(row, judged), "paused": _paused(row)}
        for rule in standard.measures
        if rule.name in judged.tally.worst
        for row in judged.tally.worst[rule.name].iter_rows(named=True)
    ]


def _late(judged: Judged, standard: Standard) -> Json:
    """By rule the breaches that follow the worst ones: their tickets, and the seconds each is over its limit."""
    made = {}
    for rule in standard.measures:
        rows = judged.tally.late.get(rule.name)
        if rows is not None and rows.height > WORST:
            over = [seconds(each) for each in rows["over"][WORST:]]
            made[rule.name] = {"ticket": rows["ticket"][WORST:].to_list(), "over_seconds": over}
    return made


def _paused(row: Mapping[str, Any]) -> list[Json]:
    """When the clock stood still, a long list cut to its first stretches."""
    return [{"from": iso(begins), "to": iso(ends)} for begins, ends in row["stood"][:_STRETCHES]]


def _counted(row: Mapping[str, Any], judged: Judged) -> list[Json]:
    """Stretches as {from, to, seconds}; a line {skipped, seconds} stands for those left out in the middle."""
    bench = judged.bench
    schedule = CALENDAR if row["clock"] == "calendar" else row["schedule"]
    table = bench.coordinates.tables[list(bench.schedules).index(schedule)]
    stretches = counted(
        table, row["began_at"], bench.as_of if row["ended_at"] is None else row["ended_at"], row["stood"]
    )
    return [
        {"skipped": each.skipped, "seconds": seconds(each.length)}
        if each.skipped
        else {"from": iso(each.begins), "to": iso(each.ends), "seconds": seconds(each.length)}
        for each in shortened(stretches, _STRETCHES)
    ]


def verdict_row(row: Mapping[str, Any]) -> Json:
    """A verdict with instants as ISO text and lengths in seconds."""
    made = {name: value for name, value in row.items() if name != "stood"}
    for name in ("began_at", "ended_at", "due_at"):
        made[name] = None if row[name] is None else iso(row[name])
    for name in ("elapsed_seconds", "limit_seconds", "paused_seconds"):
        made[name] = None if row[name] is None else seconds(row[name])
    if "over" in made:
        made["over_seconds"] = seconds(made.pop("over"))
    return made


def _histories(judged: Judged, rules: Sequence[str]) -> Json:
    """Events of the tickets shown, by ticket: those of the worst breaches, and of the findings of ticket rules.

    Where tickets of several sources have one number, `source` says whose event it is (of joined ones the first's name).
    """
    found = [judged.tally.findings[name] for name in rules if name in judged.tally.findings]
    names = [frame["ticket"] for frame in (*judged.tally.worst.values(), *found)]
    if not names:
        return {}
    shown = pl.concat(names).unique()
    events = pl.concat(
        [each for each in judged.tally.histories if each.height] or judged.tally.histories, how="diagonal"
    )
    alone = pl.col("group").n_unique().over("ticket") == 1
    events = events.filter(pl.col("ticket").is_in(shown.implode())).with_columns(source=pl.when(~alone).then("group"))
    made: Json = {}
    for row in events.drop("group").iter_rows(named=True):
        event = {
            name: value for name, value in row.items() if name not in ("ticket", "occurred_at") and value is not None
        }
        made.setdefault(row["ticket"], []).append({"occurred_at": _event_time(row["occurred_at"]), **event})
    return dict(sorted(made.items()))


def _event_time(moment: dt.datetime) -> str:
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond:06}".rstrip("0") + "Z" if moment.microsecond else f"{text}Z"


def _reject(each: Any) -> Json:
    return {name: getattr(each, name) for name in ("file", "row", "ticket", "column", "value", "problem")}
