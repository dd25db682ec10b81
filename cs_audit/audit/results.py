"""Results by rule and policy: shares with their uncertainty, quantiles, groups and the distribution of waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit import statistics
from cs_audit.audit.alternatives import ALTERNATIVES
from cs_audit.audit.calls import call_figures
from cs_audit.audit.outcomes import ACHIEVED, BREACHED, NOT_JUDGED, OUTCOMES, REASONS
from cs_audit.audit.tally import DIMENSIONS
from cs_audit.audit.weeks import trend
from cs_audit.audit.witness import LISTED, reported_percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.chain import Judged
    from cs_audit.audit.standard import Standard
    from cs_audit.rules import Rule

Json = dict[str, Any]

EDGES = (
    *(0, 1, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2880),
    *(4320, 7200, 14400, 28800, 57600),
)
"""Bounds in minutes at which the share answered is given (the points of the distribution)."""

_COUNTS = {
    "rule": pl.String,
    "policy": pl.Int16,
    "outcome": pl.UInt8,
    "reason": pl.UInt8,
    "otherwise": pl.UInt8,
    "n": pl.Int64,
}
_LENGTHS = {"policy": pl.Int16, "elapsed": pl.Int64}
"""What a tally counts, where no row at all could be read."""


def results(judged: Judged, standard: Standard) -> list[Json]:
    counts = pl.concat(judged.tally.counts) if judged.tally.counts else pl.DataFrame(schema=_COUNTS)
    groups = pl.concat(judged.tally.groups) if judged.tally.groups else None
    made = []
    for rule in standard.measures:
        parts = judged.tally.lengths.get(rule.name) or [pl.DataFrame(schema=_LENGTHS)]
        lengths = pl.concat(parts, how="diagonal")
        elapsed, policies = lengths["elapsed"].to_numpy(), lengths["policy"].to_numpy()
        own = counts.filter(pl.col("rule") == rule.name)
        ordered = np.sort(elapsed)
        whole = _result(rule, None, own, ordered, standard)
        whole["by"] = _by(rule, groups)
        whole["trend"] = trend(whole["by"].get("week", {}), judged.bench, judged.first)
        whole["distribution"] = _distribution(lengths, ordered)
        whole["reported"] = _reported(judged.tally.reported.get(rule.name))
        whole["calls"] = _calls(rule, judged)
        whole["answered_by_ai"] = judged.tally.by_ai.get(rule.name, 0)
        made.append(whole)
        for index, policy in enumerate(standard.policies):
            if rule.name in policy.targets:
                part = own.filter(pl.col("policy") == index)
                made.append(_result(rule, policy.name, part, np.sort(elapsed[policies == index]), standard))
    return made


def _result(
    rule: Rule, policy: str | None, counts: pl.DataFrame, elapsed: NDArray[np.int64], standard: Standard
) -> Json:
    """The figures of one rule, or of one of its policies; `elapsed` in order."""
    number = {name: _sum(counts, outcome) for outcome, name in enumerate(OUTCOMES)}
    decided = number["achieved"] + number["breached"]
    left = counts.filter(pl.col("outcome") == NOT_JUDGED).group_by("reason").agg(pl.col("n").sum()).sort("reason")
    share = statistics.percent(number["achieved"], decided)
    goal = standard.goal_of(rule.name, _decided(counts))
    return {
        "rule": rule.name,
        "code": rule.code,
        "policy": policy,
        "judged": decided + number["active"],
        "achieved": number["achieved"],
        "breached": number["breached"],
        "active": number["active"],
        "not_judged": {standard.reasons[code]: n for code, n in left.select("reason", "n").iter_rows()},
        "percent": share,
        "interval": statistics.wilson(number["achieved"], decided),
        "goal": goal,
        "met": None if share is None else share >= goal,
        "budget": statistics.budget(number["breached"], decided, goal),
        "excluded": _excluded(counts, number, standard),
        "p50_seconds": statistics.quantile(elapsed, 0.5),
        "p90_seconds": statistics.quantile(elapsed, 0.9),
        "max_seconds": statistics.longest(elapsed),
        "limits": _limits(rule, policy, standard),
        "by": {},
    }


def _excluded(counts: pl.DataFrame, number: Json, standard: Standard) -> Json:
    """What each exclusion left out, and the percentage there would be with it."""
    made = {}
    for place, exclusion in enumerate(standard.exclusions, len(REASONS)):
        rows = counts.filter(pl.col("reason") == place).group_by("otherwise").agg(pl.col("n").sum())
        out = {OUTCOMES[outcome]: n for outcome, n in rows.sort("otherwise").iter_rows()}
        if out:
            good = number["achieved"] + out.get("achieved", 0)
            made[exclusion.name] = {
                **out,
                "percent_with": statistics.percent(good, good + number["breached"] + out.get("breached", 0)),
            }
    return made


def _calls(rule: Rule, judged: Judged) -> Json | None:
    sums = judged.tally.calls.get(rule.name)
    asked = [name for name in ("unanswered_call", "voicemail_unanswered") if name in judged.tally.found]
    lost = sum(judged.tally.found[name] for name in asked) if asked else None
    return call_figures(sums, lost) if sums else None


def sensitivity(judged: Judged, made: list[Json]) -> list[Json]:
    """The share in time under each other definition, and how far it is from the audit's own."""
    own = {each["rule"]: each["percent"] for each in made if each["policy"] is None}
    found = judged.tally.sensitivity
    return [
        {
            "definition": name,
            "results": {rule: _again(found[name, rule], own[rule]) for rule in own if (name, rule) in found},
        }
        for name in ALTERNATIVES
        if any(name == each for each, _ in found)
    ]


def _again(numbers: NDArray[np.int64], own: float | None) -> Json:
    achieved, breached, active, _ = (int(each) for each in numbers)
    share = statistics.percent(achieved, achieved + breached)
    return {
        "judged": achieved + breached + active,
        "achieved": achieved,
        "breached": breached,
        "percent": share,
        "difference": None if share is None or own is None else round(share - own, 4),
    }


def _limits(rule: Rule, policy: str | None, standard: Standard) -> list[str]:
    """The limits of one policy, or of all."""
    chosen = (each for each in standard.policies if policy in (None, each.name) and rule.name in each.targets)
    return sorted({str(each.targets[rule.name]) for each in chosen})


def _decided(counts: pl.DataFrame) -> dict[int, int]:
    """Waits achieved or breached, by policy."""
    decided = counts.filter(pl.col("outcome") <= BREACHED).group_by("policy").agg(pl.col("n").sum()).sort("policy")
    return {int(policy): n for policy, n in decided.select("policy", "n").iter_rows() if policy >= 0}


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


def _distribution(lengths: pl.DataFrame, ordered: NDArray[np.int64]) -> Json:
    """How many of the waits that are over took at most so many minutes, all together (`ordered`) and by channel."""
    channels = {"": ordered}
    if "channel" in lengths.columns:
        names = sorted(map(str, lengths["channel"].unique().drop_nulls()))
        channels |= {name: np.sort(lengths["elapsed"].filter(lengths["channel"] == name).to_numpy()) for name in names}
    edges = np.array(EDGES, np.int64) * 60_000_000
    return {
        "minutes": list(EDGES),
        "channels": {
            name: {
                "n": len(part),
                "within": np.searchsorted(part, edges, side="right").tolist(),
            }
            for name, part in channels.items()
        },
    }


def _reported(sums: Json | None) -> Json | None:
    return (
        None
        if sums is None
        else {**sums, "percent": reported_percent(sums), "tickets": sorted(sums["tickets"])[:LISTED]}
    )
