"""Verdicts set aside: excused by an exception for one ticket, or excluded by a rule with a name.

Either way the verdict is listed with its reason, and with the outcome it would have had otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.outcomes import CODES, NOT_JUDGED, REASONS
from cs_audit.audit.policies import among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.judge import Verdicts
    from cs_audit.audit.policies import Facts
    from cs_audit.audit.standard import Exclusion


def set_aside(verdicts: Verdicts, facts: Facts, bench: Bench) -> Verdicts:
    """Verdicts that an exception excuses or an exclusion leaves out are not judged; expired exceptions do nothing."""
    for place, exclusion in enumerate(bench.standard.exclusions):
        if not exclusion.rules or verdicts.rule.name in exclusion.rules:
            _leave_out(verdicts, excluded(exclusion, facts), len(REASONS) + place)
    names = [each.ticket for each in bench.exemptions(verdicts.rule.name) if each.ticket]
    if names:
        tickets = verdicts.tickets
        _leave_out(verdicts, tickets.frame["ticket"][tickets.starts].is_in(names).to_numpy(), CODES["ignored"])
    return verdicts


def _leave_out(verdicts: Verdicts, tickets: NDArray[np.bool_], reason: int) -> None:
    hit = tickets[verdicts.owner] & (verdicts.outcome != NOT_JUDGED)
    verdicts.outcome[hit] = NOT_JUDGED
    verdicts.reason[hit] = reason


def excluded(exclusion: Exclusion, facts: Facts) -> NDArray[np.bool_]:
    """The tickets of the chunk that an exclusion names, by what is known of them at their end."""
    tickets = facts.tickets
    last = tickets.stops - 1
    columns = tickets.frame.columns
    hit = np.ones(len(last), np.bool_)
    for key, words in exclusion.match.items():
        known = key in columns
        hit &= (
            facts.at(key, last).to_frame(key).select(among(key, words).fill_null(value=False)).to_series().to_numpy()
            if known
            else False
        )
    if exclusion.own_tickets:
        hit &= _same_person(facts, last) if {"requester", "agent"} <= set(columns) else False
    return hit


def _same_person(facts: Facts, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    requester, agent = (facts.at(key, rows).cast(pl.String) for key in ("requester", "agent"))
    same: NDArray[np.bool_] = (requester == agent).fill_null(value=False).to_numpy()
    return same
