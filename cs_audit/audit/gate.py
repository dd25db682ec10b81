"""What an audit's result means for the one who called it: the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

FailOn = Literal["high", "medium", "low", "never"]

OK, MISSED, INCOMPLETE, NOTHING = 0, 1, 3, 5
_RANK = {"high": 0, "medium": 1, "low": 2}


def exit_code(audit: Mapping[str, Any], fail_on: FailOn) -> int:
    """3 if something could not be read, else 5 if nothing was judged, else 1 if a goal was missed or a finding is
    at or above `fail_on`, else 0.
    """
    if not audit["complete"]:
        return INCOMPLETE
    if not audit["counts"]["judged"]:
        return NOTHING
    if fail_on == "never":
        return OK
    missed = any(result["met"] is False for result in audit["results"])
    return MISSED if missed or _grave(audit, fail_on) else OK


def _grave(audit: Mapping[str, Any], fail_on: FailOn) -> bool:
    return any(
        each["found"] and _RANK[each["severity"]] <= _RANK[fail_on]
        for each in audit["method"]["rules"]
        if each["found"]
    )
