"""Results by rule and policy: shares with their uncertainty, quantiles, groups and the distribution of waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cs_audit.audit import statistics
from cs_audit.audit.outcomes import ACHIEVED, BREACHED, NOT_JUDGED, OUTCOMES, REASONS
from cs_audit.audit.tally import DIMENSIONS
from cs_audit.audit.witness import reported_percent

if TYPE_CHECKING:
    from cs_audit.audit.chain import Judged
    from cs_audit.audit.standard import Standard
    from cs_audit.rules import Rule

Json = dict[str, Any]

EDGES = (0, 1, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2880)
"""Bounds in minutes at which the share answered is given (the points of the distribution)."""

_COUNTS = {"rule": pl.String, "policy": pl.Int16, "outcome": pl.UInt8, "reason": pl.UInt8, "n": pl.Int64}
_LENGTHS = {"policy": pl.Int16, "elapsed": pl.Int64}
"""What a tally counts, where no row at all could be read."""


def results(judged: Judged, standard: Standard) -> list[Json]:
    counts = pl.concat(judged.tally.counts) if judged.tally.counts else pl.DataFrame(schema=_COUNTS)
    groups = pl.concat(judged.tally.groups) if judged.tally.groups else None
    made = []
    for rule in standard.measures:
        parts = judged.tally.lengths.get(rule.name) or [pl.DataFrame(schema=_LENGTHS)]
        lengths = pl.concat(parts, how="diagonal").sort("elapsed")  # once, for every quantile and distribution
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
    goal = standard.goal_of(rule.name, _decided(counts))
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
        "met": None if share is None else share >= goal,
        "p50_seconds": statistics.quantile(elapsed, 0.5),
        "p90_seconds": statistics.quantile(elapsed, 0.9),
        "max_seconds": statistics.longest(elapsed),
        "limits": _limits(rule, policy, standard),
        "by": {},
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
            name: {
                "n": part.height,
                "within": np.searchsorted(part["elapsed"].to_numpy(), edges, side="right").tolist(),
            }
            for name, part in channels.items()
        },
    }


def _reported(sums: Json | None) -> Json | None:
    return None if sums is None else {**sums, "percent": reported_percent(sums), "tickets": sorted(sums["tickets"])}
