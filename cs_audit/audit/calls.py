"""Figures of a call centre, beside the share of calls taken within the limit.

There is no standard for calls nobody took, so the share is given under all four customs (Cisco documents three
of them as service level types).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cs_audit.audit.outcomes import CODES, REASONS
from cs_audit.audit.statistics import percent

if TYPE_CHECKING:
    from cs_audit.audit.judge import Verdicts

SECOND = 1_000_000
_ASIDE = tuple(CODES[name] for name in ("no_target", "no_policy", "ended_before_it_began", "ignored"))
_NOT_TAKEN = (CODES["abandoned"], CODES["voicemail"])


def count_calls(verdicts: Verdicts) -> dict[str, int]:
    """Calls of one chunk that a target applies to, and how long those taken waited (microseconds)."""
    asked = verdicts.began & ~np.isin(verdicts.reason, _ASIDE) & (verdicts.reason < len(REASONS))
    left = np.isin(verdicts.reason, _NOT_TAKEN)
    taken = asked & ~left & (verdicts.reason != CODES["no_recorded_wait"])
    short = verdicts.elapsed <= verdicts.limit
    waited = verdicts.elapsed[taken]
    return {
        "offered": int(asked.sum()),
        "taken": int(taken.sum()),
        "taken_in_time": int((taken & short).sum()),
        "voicemail": int((asked & (verdicts.reason == CODES["voicemail"])).sum()),
        "not_taken": int((asked & left).sum()),
        "given_up_in_time": int((asked & left & short).sum()),
        "waited": int(waited.sum()),
        "longest": int(waited.max(initial=0)),
    }


def added(mine: dict[str, int] | None, theirs: dict[str, int]) -> dict[str, int]:
    """The calls of two chunks."""
    if mine is None:
        return theirs
    return {name: max(mine[name], each) if name == "longest" else mine[name] + each for name, each in theirs.items()}


def call_figures(sums: dict[str, int], not_called_back: int | None) -> dict[str, Any]:
    """What a call centre reports; `not_called_back` are the tickets whose caller heard from nobody afterwards,
    None where no rule looked for them.
    """
    taken, good, lost = sums["taken"], sums["taken_in_time"], sums["not_taken"]
    short = sums["given_up_in_time"]
    return {
        **{name: sums[name] for name in ("offered", "taken", "not_taken", "voicemail")},
        "given_up_in_time": short,
        "not_called_back": not_called_back,
        "abandonment_percent": percent(lost - sums["voicemail"], sums["offered"]),
        "average_wait_seconds": round(sums["waited"] / taken / SECOND, 3) if taken else None,
        "longest_wait_seconds": round(sums["longest"] / SECOND, 3) if taken else None,
        "percent_by_custom": {
            "breached": percent(good, taken + lost),
            "breached if late": percent(good, taken + lost - short),
            "achieved if short": percent(good + short, taken + lost),
            "left out": percent(good, taken),
        },
    }
