"""What makes a run fail: alone, or beside the audit it was compared with.

Beside a baseline only what got worse counts, as with the baselines of linters: findings that were not there, goals
that are missed now, and goals that were missed before and whose share is significantly lower. What was there already
is told, and fails nothing. The functions take an audit value with its `fail_on`, and its `comparison` if it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from cs_audit.audit.gate import counts

Json = dict[str, Any]
FailOn = Literal["high", "medium", "low", "never"]

_GRADES = ("high", "medium", "low")
_APPEARED = ("new", "came")


def reasons(comparison: Mapping[str, Any], fail_on: FailOn) -> list[Json]:
    """What got worse: goals as {why: missed | worse, rule, policy}, findings as {why: findings, rule, number}.

    The number of findings is the least there can be, where not all are listed.
    """
    if fail_on == "never":
        return []
    made: list[Json] = [
        {"why": each["fails"], "rule": each["rule"], "policy": each["policy"]}
        for each in (*comparison["results"], *comparison["only"])
        if each["fails"]
    ]
    for each in comparison["findings"]:
        number = _appeared(each, fail_on)
        if number:
            made.append({"why": "findings", "rule": each["rule"], "number": number})
    return made


def goal_fails(audit: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Whether a result's goal makes the run fail."""
    if result["met"] is not False or _fail_on(audit) == "never":
        return False
    comparison = audit.get("comparison")
    if not comparison:
        return True
    key = (result["rule"], result["policy"])
    known = (*comparison["results"], *comparison["only"])
    return any(each["fails"] for each in known if (each["rule"], each["policy"]) == key)


def finding_fails(audit: Mapping[str, Any], finding: Mapping[str, Any]) -> bool:
    """Whether a finding makes the run fail."""
    comparison = audit.get("comparison")
    grave = counts(finding["severity"], _fail_on(audit))
    if not grave or not comparison:
        return grave
    rule = _of_rule(comparison, finding["rule"])
    here = (finding["ticket"], finding["occurred_at"])
    return rule["in"] == "new" or any(
        (row["ticket"], row["occurred_at"]) == here for row in rule["rows"] if row["state"] in _APPEARED
    )


def failing_findings(audit: Mapping[str, Any], rule: Mapping[str, Any]) -> int:
    """How many findings of a rule make the run fail; beside a baseline, at least."""
    comparison = audit.get("comparison")
    if comparison:
        return _appeared(_of_rule(comparison, rule["rule"]), _fail_on(audit))
    grades = rule.get("found_by") or {rule["severity"]: rule["found"]}
    return sum(number for grade, number in grades.items() if counts(grade, _fail_on(audit)))


def _of_rule(comparison: Mapping[str, Any], rule: str) -> Mapping[str, Any]:
    return next(each for each in comparison["findings"] if each["rule"] == rule and each["in"] != "old")


def _appeared(rule: Mapping[str, Any], fail_on: FailOn) -> int:
    """The least number of a rule's findings, grave enough, that the older audit does not have."""
    grave = [grade for grade in _GRADES if counts(grade, fail_on)]
    sides = [rule["grades"].get(grade, (0, 0)) for grade in grave]
    grown = sum(int(now) - int(before) for before, now in sides)
    listed = sum(row["state"] in _APPEARED and row["severity"] in grave for row in rule.get("rows", ()))
    return max(listed, grown, 0)


def _fail_on(audit: Mapping[str, Any]) -> FailOn:
    found: FailOn = audit.get("fail_on", "high")
    return found
