"""Two audits beside each other: what got better or worse, and with which tickets.

Pure: two audit values in, one value out, which JSON can hold and every report of a comparison is a view of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_audit.compare.differences import differences, inputs
from cs_audit.compare.gate import reasons
from cs_audit.compare.listings import breaches, findings
from cs_audit.compare.periods import overlap
from cs_audit.compare.results import only_in_one, results

__all__ = ["SCHEMA_VERSION", "compare", "reasons"]

SCHEMA_VERSION = "1.0"

Json = dict[str, Any]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Json:
    """What differs between an older and a newer audit (the values that `audit.json` holds).

    Keys: `old` and `new` (which audits), `differences` (of method and period, to be read first), `inputs`, `overlap`
    (`none`, `part` or `same`: whether the two judge the same waits), `results` (of every rule and policy in both, with
    channels, teams and agents), `only` (results in one of them), `breaches` and `findings` (by rule: numbers that add
    up, and the tickets). Nothing of either audit is changed.
    """
    common = overlap(old, new)
    late = breaches(old, new)
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "comparison",
        "title": new["title"],
        "language": new["language"],
        "timezone": new["method"]["timezone"],
        "old": _about(old),
        "new": _about(new),
        "differences": differences(old, new),
        "inputs": inputs(old, new),
        "overlap": common,
        "results": results(old, new, common, late),
        "only": only_in_one(old, new),
        "breaches": late,
        "findings": findings(old, new),
    }


def _about(audit: Mapping[str, Any]) -> Json:
    counts = audit["counts"]
    return {
        **{name: audit[name] for name in ("title", "version", "schema_version", "fingerprint", "complete", "window")},
        "tickets": counts["tickets"],
        "judged": counts["judged"],
        "not_judged": dict(counts["not_judged"]),
    }
