"""CSV: one row for each result, over all policies, by policy and by group; numbers in their plain form.

Columns: rule, code, policy (empty: all), dimension and key (empty: the whole; else channel, team, agent or week, or
the other definition the same tickets were judged by), judged, achieved, breached, active, not_judged, percent,
interval_low, interval_high, goal, met, p50_seconds, p90_seconds, max_seconds, budget_allowed, budget_left (how many
may be late with the goal met, and how many of these are left). What a group does not have is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from cs_audit.reports.clean import cell

COLUMNS = (
    "rule", "code", "policy", "dimension", "key", "judged", "achieved", "breached", "active", "not_judged", "percent",
    "interval_low", "interval_high", "goal", "met", "p50_seconds", "p90_seconds", "max_seconds",
    "budget_allowed", "budget_left",
)  # fmt: skip

Row = dict[str, Any]


def render(audit: Mapping[str, Any], _words: object = None) -> str:
    """The table."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: cell(value) for key, value in row.items()} for row in _rows(audit))
    return file.getvalue()


def _rows(audit: Mapping[str, Any]) -> Iterator[Row]:
    for result in audit["results"]:
        yield _row(result, {**result, "not_judged": sum(result["not_judged"].values())})
        for dimension in sorted(result["by"]):
            for key, group in sorted(result["by"][dimension].items()):
                yield _row(result, {**group, "dimension": dimension, "key": key})
        for other in audit.get("sensitivity", ()) if result["policy"] is None else ():
            if result["rule"] in other["results"]:
                about = {"dimension": "definition", "key": other["definition"]}
                yield _row(result, {**other["results"][result["rule"]], **about})


def _row(result: Mapping[str, Any], numbers: Mapping[str, Any]) -> Row:
    low, high = numbers.get("interval") or (None, None)
    budget = numbers.get("budget", {})
    about = {key: result[key] for key in ("rule", "code", "policy")}
    told = {key: numbers[key] for key in COLUMNS if key in numbers and key not in about}
    if isinstance(told.get("met"), bool):
        told["met"] = "true" if told["met"] else "false"
    about |= {"budget_allowed": budget.get("allowed"), "budget_left": budget.get("left")}
    return {**about, **told, "interval_low": low, "interval_high": high}
