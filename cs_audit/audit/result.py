"""The result of an audit as one value: what audit.json holds and every report is a view of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit import __version__
from cs_audit.audit import statistics
from cs_audit.audit.judge import expired
from cs_audit.audit.moments import iso, seconds
from cs_audit.audit.outcomes import ACHIEVED, BREACHED, NOT_JUDGED, OUTCOMES, REASONS
from cs_audit.audit.standard import CALENDAR
from cs_audit.audit.tally import DIMENSIONS
from cs_audit.audit.witness import reported_percent
from cs_audit.explain.derivation import counted, shortened
from cs_audit.schedules.hours import ALWAYS, DAYS, show_ranges

if TYPE_CHECKING:
    from cs_audit.audit.chain import Judged
    from cs_audit.audit.standard import Standard, Window
    from cs_audit.rules import Rule
    from cs_audit.sources.files import FileReader

SCHEMA_VERSION = "1.0"
EDGES = (0, 1, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2880)
"""Bounds in minutes at which the share answered is given (the points of the distribution)."""

_REJECTS = 1_000
_STRETCHES = 16

Json = dict[str, Any]


def make_audit(
    judged: Judged, standard: Standard, window: Window, sources: Sequence[FileReader], *, title: str, language: str
) -> Json:
    """The whole result, JSON-ready and in a fixed order."""
    counts = _counts(judged)
    rejects = [reject for source in sources for reject in source.rejects]
    made: Json = {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "title": title,
        "language": language,
        "window": {
            "since": _iso(window.since),
            "until": _iso(window.until),
            "as_of": iso(judged.bench.as_of),
            "first_event": iso(judged.first),
            "last_event": iso(judged.last),
        },
        "complete": not rejects,
        "inputs": [_input(each) for source in sources for each in source.inputs],
        "counts": counts,
        "results": _results(judged, standard),
        "findings": _findings(judged, standard),
        "worst": _worst(judged, standard),
        "histories": _histories(judged),
        "hours": {name: judged.tally.hours[name].tolist() for name in sorted(judged.tally.hours)},
        "rejected": {"rows": len(rejects), "listed": [_reject(each) for each in rejects[:_REJECTS]]},
        "exceptions": _exceptions(judged, standard),
        "method": _method(standard, judged),
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
        "sha256": each.sha256.result(),
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


def _results(judged: Judged, standard: Standard) -> list[Json]:
    counts = pl.concat(judged.tally.counts) if judged.tally.counts else None
    groups = pl.concat(judged.tally.groups) if judged.tally.groups else None
    made = []
    for rule in standard.measures:
        assert counts is not None
        lengths = pl.concat(judged.tally.lengths[rule.name], how="diagonal")
        own = counts.filter(pl.col("rule") == rule.name)
        whole = _result(rule, None, own, lengths, standard)
        whole["by"] = _by(rule, groups)
        whole["distribution"] = _distribution(lengths)
        whole["reported"] = _reported(judged.tally.reported.get(rule.name))
        made.append(whole)
        for index, policy in enumerate(standard.policies):
            if rule.name in policy.targets:
                part = own.filter(pl.col("policy") == index)
                made.append(_result(rule, policy.name, part, lengths.filter(pl.col("policy") == index), standard))
    return made


def _result(rule: Rule, policy: str | None, counts: pl.DataFrame, lengths: pl.DataFrame, standard: Standard) -> Json:
    number = {name: _sum(counts, outcome) for outcome, name in enumerate(OUTCOMES)}
    decided = number["achieved"] + number["breached"]
    left = counts.filter(pl.col("outcome") == NOT_JUDGED).group_by("reason").agg(pl.col("n").sum()).sort("reason")
    share = statistics.percent(number["achieved"], decided)
    goal = standard.goal_of(rule.name, policy)
    elapsed = lengths["elapsed"].to_numpy()
    return {
        "rule": rule.name,
        "code": rule.code,
        "policy": policy,
        "judged": decided + number["active"],
        "achieved": number["achieved"],
        "breached": number["breached"],
        "active": number["active"],
        "not_judged": {REASONS[code]: n for code, n in left.select("reason", "n").iter_rows()},
        "percent": share,
        "interval": statistics.wilson(number["achieved"], decided),
        "goal": goal,
        "met": None if share is None or goal is None else share >= goal,
        "p50_seconds": statistics.quantile(elapsed, 0.5),
        "p90_seconds": statistics.quantile(elapsed, 0.9),
        "max_seconds": statistics.longest(elapsed),
        "limits": sorted({str(each.targets[rule.name]) for each in standard.policies if rule.name in each.targets}),
        "by": {},
    }


def _sum(counts: pl.DataFrame, outcome: int) -> int:
    return int(counts.filter(pl.col("outcome") == outcome)["n"].sum())


def _by(rule: Rule, groups: pl.DataFrame | None) -> Json:
    if groups is None:
        return {}
    own = groups.filter(pl.col("rule") == rule.name).group_by("dimension", "key", "outcome").agg(pl.col("n").sum())
    return {name: _group(own.filter(pl.col("dimension") == name), name) for name in DIMENSIONS}


def _group(rows: pl.DataFrame, dimension: str) -> Json:
    numbers: dict[str, dict[int, int]] = {}
    for key, outcome, n in rows.sort("key", nulls_last=True).select("key", "outcome", "n").iter_rows():
        numbers.setdefault(_week(key) if dimension == "week" else key or "", {})[outcome] = n
    return {key: _share(each) for key, each in sorted(numbers.items())}


def _share(number: Mapping[int, int]) -> Json:
    achieved, breached = number.get(ACHIEVED, 0), number.get(BREACHED, 0)
    decided = achieved + breached
    return {
        "judged": sum(number.values()),
        "achieved": achieved,
        "breached": breached,
        "percent": statistics.percent(achieved, decided),
        "interval": statistics.wilson(achieved, decided),
    }


def _week(number: str) -> str:
    """ISO week of a count of local weeks."""
    year, week, _ = (dt.date(1969, 12, 29) + dt.timedelta(weeks=int(number))).isocalendar()
    return f"{year}-W{week:02}"


def _distribution(lengths: pl.DataFrame) -> Json:
    """How many of the waits that are over took at most so many minutes, all together and by channel."""
    channels = {"": lengths}
    if "channel" in lengths.columns:
        known = lengths.filter(pl.col("channel").is_not_null()).with_columns(pl.col("channel").cast(pl.String))
        channels |= {str(name): part for (name,), part in sorted(known.partition_by("channel", as_dict=True).items())}
    edges = np.array(EDGES, np.int64) * 60_000_000
    return {
        "minutes": list(EDGES),
        "channels": {
            name: {"n": part.height, "within": np.searchsorted(np.sort(part["elapsed"].to_numpy()), edges, side="right").tolist()}
            for name, part in channels.items()
        },
    }


def _reported(sums: Json | None) -> Json | None:
    return None if sums is None else {**sums, "percent": reported_percent(sums), "tickets": sorted(sums["tickets"])}


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
        {**verdict_row(row), "counted": _counted(row, judged)}
        for rule in standard.measures
        for row in judged.tally.worst[rule.name].iter_rows(named=True)
    ]


def _counted(row: Mapping[str, Any], judged: Judged) -> list[Json]:
    """Stretches as {from, to, seconds}; a line {skipped, seconds} stands for those left out in the middle."""
    bench = judged.bench
    schedule = CALENDAR if row["clock"] == "calendar" else row["schedule"]
    table = bench.coordinates.tables[list(bench.schedules).index(schedule)]
    stretches = counted(table, row["began_at"], bench.as_of if row["ended_at"] is None else row["ended_at"])
    return [
        {"skipped": each.skipped, "seconds": seconds(each.length)}
        if each.skipped
        else {"from": iso(each.begins), "to": iso(each.ends), "seconds": seconds(each.length)}
        for each in shortened(stretches, _STRETCHES)
    ]


def verdict_row(row: Mapping[str, Any]) -> Json:
    """A verdict with instants as ISO text and lengths in seconds."""
    made = dict(row)
    for name in ("began_at", "ended_at", "due_at"):
        made[name] = None if row[name] is None else iso(row[name])
    for name, value in (("elapsed_seconds", row["elapsed_seconds"]), ("limit_seconds", row["limit_seconds"])):
        made[name] = None if value is None else seconds(value)
    if "over" in made:
        made["over_seconds"] = seconds(made.pop("over"))
    return made


def _histories(judged: Judged) -> Json:
    """Events of the tickets shown, by ticket."""
    names = [frame["ticket"] for frame in (*judged.tally.worst.values(), *judged.tally.findings.values())]
    if not names:
        return {}
    shown = pl.concat(names).unique()
    events = pl.concat([each for each in judged.tally.histories if each.height] or judged.tally.histories, how="diagonal")
    events = events.filter(pl.col("ticket").is_in(shown.implode()))
    made: Json = {}
    for row in events.iter_rows(named=True):
        event = {name: value for name, value in row.items() if name not in ("ticket", "occurred_at") and value is not None}
        made.setdefault(row["ticket"], []).append({"occurred_at": _event_time(row["occurred_at"]), **event})
    return dict(sorted(made.items()))


def _event_time(moment: dt.datetime) -> str:
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond:06}".rstrip("0") + "Z" if moment.microsecond else f"{text}Z"


def _reject(each: Any) -> Json:
    return {name: getattr(each, name) for name in ("file", "row", "ticket", "column", "value", "problem")}


def _exceptions(judged: Judged, standard: Standard) -> list[Json]:
    """Each configured exception with what became of it: used, expired or unmatched."""
    made = []
    for each in standard.exemptions:
        used = (each.rule, each.ticket) in judged.tally.excused
        state = "expired" if expired(each.until, judged.bench) else "used" if used else "unmatched"
        made.append({"rule": each.rule, "ticket": each.ticket, "reason": each.reason, "until": str(each.until), "state": state})
    return made


def _method(standard: Standard, judged: Judged) -> Json:
    from importlib.metadata import version  # noqa: PLC0415 - only here

    import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415 - carries no types

    horizon = judged.bench.coordinates
    return {
        "goal": standard.goal,
        "timezone": standard.timezone,
        "policies": [_policy(each) for each in standard.policies],
        "schedules": {name: _schedule(standard, name) for name in judged.bench.schedules},
        "compiled": [iso(horizon.starts), iso(horizon.ends)],
        "rules": [{"rule": each.name, "code": each.code, "severity": each.severity, "title": each.title,
                   "found": judged.tally.found.get(each.name)} for each in standard.rules],
        "options": {name: {key: str(value) for key, value in given.items()} for name, given in sorted(standard.options.items())},
        "time_zone_data": tzdata.IANA_VERSION,
        "holiday_data": version("holidays"),
    }  # fmt: skip


def _policy(policy: Any) -> Json:
    return {
        "name": policy.name,
        "match": {key: list(words) for key, words in policy.match.items()},
        "from": policy.since and str(policy.since),
        "until": policy.until and str(policy.until),
        "schedule": policy.schedule,
        "targets": {
            rule: {"limit": str(target), "goal": target.goal, "clock": target.clock}
            for rule, target in policy.targets.items()
        },
    }


def _schedule(standard: Standard, name: str) -> Json:
    schedule = standard.schedules[name]
    hours = "24/7" if schedule.week == ALWAYS else {
        day: show_ranges(ranges) for day, ranges in zip(DAYS, schedule.week, strict=True) if ranges
    }  # fmt: skip
    return {
        "timezone": schedule.timezone,
        "hours": hours,
        "holidays": list(schedule.holidays),
        "exceptions": {str(day): show_ranges(ranges) for day, ranges in sorted(schedule.exceptions.items())},
        "short_days": {str(day): show_ranges(ranges) for day, ranges in sorted(schedule.short_days.items())},
    }
