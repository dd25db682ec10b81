"""What a comparison means for the one who called it: the exit code.

Only what got worse counts against the newer audit, as with the baselines of linters: findings that were not there,
goals that are missed now, and goals that were missed before and whose share is significantly lower. What was there
already is told, and fails nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from cs_audit.audit.gate import MISSED, OK
from cs_audit.audit.gate import exit_code as without_baseline

Json = dict[str, Any]
FailOn = Literal["high", "medium", "low", "never"]

_RANK = {"high": 0, "medium": 1, "low": 2}
_APPEARED = ("new", "came")


def exit_code(audit: Mapping[str, Any], comparison: Mapping[str, Any], fail_on: FailOn) -> int:
    """That of the audit alone where it is incomplete or empty, else 1 if anything got worse, else 0."""
    alone = without_baseline(audit, "never")
    if alone != OK or fail_on == "never":
        return alone
    return MISSED if reasons(comparison, fail_on) else OK


def reasons(comparison: Mapping[str, Any], fail_on: FailOn) -> list[Json]:
    """What got worse: goals as {why: missed | worse, rule, policy}, findings as {why: findings, rule, number}.

    The number of findings is the least there can be, where not all are listed.
    """
    if fail_on == "never":
        return []
    goals = [(each["fails"], each["rule"], each["policy"]) for each in comparison["results"] if each["fails"]]
    goals += [
        ("missed", each["rule"], each["policy"])
        for each in comparison["only"]
        if each["in"] == "new" and each["met"] is False
    ]
    made: list[Json] = [{"why": why, "rule": rule, "policy": policy} for why, rule, policy in goals]
    for each in comparison["findings"]:
        number = _appeared(each, fail_on)
        if number:
            made.append({"why": "findings", "rule": each["rule"], "number": number})
    return made


def _appeared(rule: Mapping[str, Any], fail_on: FailOn) -> int:
    """The least number of a rule's findings at or above a severity that the older audit does not have."""
    if rule["in"] == "old":
        return 0
    grave = [grade for grade in _RANK if _RANK[grade] <= _RANK[fail_on]]
    if rule["in"] == "new":
        return sum(int(rule["grades"].get(grade, (0, 0))[1]) for grade in grave)
    listed = sum(row["state"] in _APPEARED and row["severity"] in grave for row in rule["rows"])
    grown = sum(int(now) - int(before) for before, now in (rule["grades"].get(grade, (0, 0)) for grade in grave))
    return max(listed, grown, 0)
