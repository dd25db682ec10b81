"""What an audit's result means for the one who called it: the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

FailOn = Literal["high", "medium", "low", "never"]

OK, MISSED, INCOMPLETE, NOTHING = 0, 1, 3, 5
_RANK = {"high": 0, "medium": 1, "low": 2}


def exit_code(audit: Mapping[str, Any], fail_on: FailOn) -> int:
    """3 if something could not be read, else 5 if nothing was judged, else 1 if a goal was missed or a finding is
    at or above `fail_on`, else 0. Beside a baseline only what got worse counts (see `compare.gate`).
    """
    if not audit["complete"]:
        return INCOMPLETE
    if not audit["counts"]["judged"]:
        return NOTHING
    if fail_on == "never":
        return OK
    if audit.get("comparison"):
        from cs_audit.compare.gate import reasons  # noqa: PLC0415 - it counts by `counts`

        return MISSED if reasons(audit["comparison"], fail_on) else OK
    missed = any(result["met"] is False for result in audit["results"])
    return MISSED if missed or _grave(audit, fail_on) else OK


def counts(severity: str, fail_on: FailOn) -> bool:
    """Whether a finding so grave makes the run fail."""
    return fail_on != "never" and _RANK[severity] <= _RANK[fail_on]


def _grave(audit: Mapping[str, Any], fail_on: FailOn) -> bool:
    return any(counts(grade, fail_on) for each in audit["method"]["rules"] for grade in _grades(each))


def _grades(rule: Mapping[str, Any]) -> list[str]:
    """The severities of a rule's findings; older audits name only the rule's."""
    return list(rule.get("found_by") or ([rule["severity"]] if rule["found"] else []))
