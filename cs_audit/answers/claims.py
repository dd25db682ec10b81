"""What the comparison of answers claims, each claim with its evidence word for word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cs_audit.answers.find import Contradiction, contradictions_of
from cs_audit.answers.known_policy import Violation, violations_of
from cs_audit.answers.signatures import Signatures

if TYPE_CHECKING:
    from cs_audit.answers.cases import Lowered
    from cs_audit.answers.meaning import Encoder
    from cs_audit.answers.spoken import Side

Json = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """One finding about many tickets.

    It stands on the ticket, time, channel and agent of the answer that is to be doubted; `related` are other tickets
    that show it. It was said from `first_at` to `last_at`. `slot` and `values` name it whatever the tickets, so that
    it can be dismissed once.
    """

    severity: Literal["high", "medium", "low"]
    message: str
    ticket: str
    occurred_at: dt.datetime
    channel: str | None
    agent: str | None
    slot: str
    values: tuple[str, ...]
    related: tuple[str, ...]
    evidence: tuple[Json, ...]
    first_at: dt.datetime
    last_at: dt.datetime


@dataclass(frozen=True)
class Answers:
    """Everything agents answered, as few statements, with the values never to be reported and the facts that the
    configuration declares. `same` also finds the same question in other words.
    """

    signatures: Signatures
    ignore_values: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    same: Encoder | None = None

    def contradictions(self) -> list[Claim]:
        """The same question answered in two ways; what followed upon a change of policy is the least grave."""
        found = contradictions_of(self.signatures, ignore_values=self.ignore_values, same=self.same)
        return [_contradiction(each) for each in found]

    def violations(self) -> list[Claim]:
        """Answers that say something else than a declared fact."""
        return [_violation(each) for each in violations_of(self.signatures, self.facts)]


def _contradiction(each: Contradiction) -> Claim:
    rare, often = each.second, each.first
    sure = each.tier == "A" and each.kind == "contradiction"
    why = {
        "slot": each.slot,
        "kind": each.kind,
        "tier": each.tier,
        "score": each.score,
        "majority": often.value.words if each.majority else None,
        "difference": _told(each.difference.reason, each.difference.fields),
        "same_case": _doubt(each.same_case),
        "doubts": [_doubt(doubt) for doubt in each.lowered],
        "lexicon": each.version,
    }
    sides = [_side(often), _side(rare)]
    return Claim(
        "high" if sure else "low", f"{each.slot}: {each.difference.reason.format_map(each.difference.fields)}",
        rare.ticket, rare.occurred_at, rare.channel or None, rare.agent or None, each.slot,
        tuple(sorted(side["value"] for side in sides)), _others(rare.ticket, [*often.tickets, *rare.tickets]),
        (*sides, why), min(often.first_at, rare.first_at), max(often.last_at, rare.last_at),
    )  # fmt: skip


def _violation(each: Violation) -> Claim:
    given = each.given
    why = {
        "slot": each.concept,
        "kind": "violation",
        "score": each.score,
        "declared": each.declared.words,
        "difference": _told(each.difference.reason, each.difference.fields),
        "doubts": [_doubt(doubt) for doubt in each.lowered],
        "lexicon": each.version,
    }
    return Claim(
        "low" if each.lowered else "high",
        f"{each.concept}: {each.difference.reason.format_map(each.difference.fields)}",
        given.ticket, given.occurred_at, given.channel or None, given.agent or None, each.concept,
        (given.value.words,), _others(given.ticket, given.tickets), (_side(given), why), given.first_at, given.last_at,
    )  # fmt: skip


def _others(ticket: str, tickets: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in tickets if each != ticket))


def _side(side: Side) -> Json:
    return {
        "value": side.value.words,
        "quote": side.statement.quote,
        "sentence": side.statement.sentence,
        "ticket": side.ticket,
        "occurred_at": _iso(side.occurred_at),
        "channel": side.channel or None,
        "agent": side.agent or None,
        "conversations": side.conversations,
        "agents": side.agents,
        "channels": side.channels,
        "first_at": _iso(side.first_at),
        "last_at": _iso(side.last_at),
    }


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _doubt(doubt: Lowered) -> Json:
    return {**_told(doubt.reason, dict(doubt.fields)), "factor": doubt.factor}


def _told(reason: str, fields: Mapping[str, str]) -> Json:
    return {"reason": reason, "fields": dict(fields)}
