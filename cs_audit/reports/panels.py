"""Calls, exclusions and other definitions as rows, before any language or format.

An audit written before these were measured has none of them, and is shown without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cs_audit.reports.story import standing, tone, wholes
from cs_audit.reports.vocabulary import VOCABULARY
from cs_audit.rules import all_rules

Json = Mapping[str, Any]

BESIDE = 5
"""Rules that stand beside each other in one table of definitions; a printed page is not wider."""

_CALLED_BACK = ("unanswered_call", "voicemail_unanswered")


@dataclass(frozen=True)
class Again:
    """A rule's share under another definition: `same` if nothing differs, and the standing it would turn to, if any."""

    percent: float | None
    difference: float | None
    same: bool
    turned: str
    tone: str


def judged_again(audit: Json) -> bool:
    """Whether the tickets were judged by other definitions too."""
    return bool(audit.get("sensitivity"))


def again(audit: Json) -> list[tuple[str, list[Again | None]]]:
    """Every other definition with every rule's share under it (None where it was not judged again)."""
    return [(each["definition"], _row(audit, each)) for each in audit.get("sensitivity", ())]


def definitions(audit: Json) -> list[tuple[str, list[Again | None]]]:
    """The definitions under which a figure differs."""
    return [(name, row) for name, row in again(audit) if not all(each is None or each.same for each in row)]


def indifferent(audit: Json) -> list[str]:
    """The definitions under which every figure stays as it is."""
    changing = {name for name, _ in definitions(audit)}
    return [each["definition"] for each in audit.get("sensitivity", ()) if each["definition"] not in changing]


def _row(audit: Json, definition: Json) -> list[Again | None]:
    return [_again(whole, definition["results"].get(whole["rule"])) for whole in wholes(audit)]


def _again(own: Json, other: Json | None) -> Again | None:
    if other is None:
        return None
    same = all(own[name] == other[name] for name in ("judged", "achieved", "breached"))
    share = other["percent"]
    there = {**other, "met": None if share is None else share >= own["goal"]}
    turned = standing(there) if None not in (there["met"], own["met"]) and there["met"] != own["met"] else ""
    return Again(share, other["difference"], same, turned, tone(there))


def slices(columns: Sequence[Any]) -> list[tuple[int, int]]:
    """Where tables of at most BESIDE columns begin and end, all about equally wide."""
    tables = -(-len(columns) // BESIDE)
    edges = [round(len(columns) * place / tables) for place in range(tables + 1)] if tables else []
    return list(pairwise(edges))


def reach(audit: Json) -> list[tuple[Json, tuple[float, float]]]:
    """Results with the lowest and the highest share that any definition gives, the widest apart first."""
    made = []
    for place, whole in enumerate(wholes(audit)):
        others = [row[place] for _, row in definitions(audit)]
        shares = [each.percent for each in others if each and each.percent is not None]
        known = [whole["percent"], *shares] if whole["percent"] is not None else []
        if known and max(known) > min(known):
            made.append((whole, (min(known), max(known))))
    return sorted(made, key=lambda each: (each[1][0] - each[1][1], each[0]["code"]))


def calls(audit: Json) -> list[Json]:
    """The results that have figures of calls."""
    return [each for each in wholes(audit) if each.get("calls")]


def customs(result: Json) -> list[tuple[str, float | None]]:
    """The share in time under each custom for calls nobody took, in a fixed order."""
    shares = result["calls"]["percent_by_custom"]
    return [(name, shares[name]) for name in VOCABULARY["custom"] if name in shares]


def custom(audit: Json, rule: str) -> str:
    """What calls nobody took count as in this audit."""
    default = all_rules()[rule].options["abandoned"].default
    return str(audit["method"]["options"].get(rule, {}).get("abandoned", default))


def lost(audit: Json, result: Json) -> int | None:
    """Tickets whose caller heard from nobody afterwards; None where no rule looked for them."""
    looked = {each["rule"] for each in audit["method"]["rules"]}
    return int(result["calls"]["not_called_back"]) if looked.issuperset(_CALLED_BACK) else None


def excluded(audit: Json) -> list[tuple[str, list[tuple[Json, Json]]]]:
    """Each exclusion with the results it touches and what it leaves out of each."""
    names = [each["name"] for each in audit["method"].get("exclusions", ())]
    return [
        (name, [(each, each["excluded"][name]) for each in wholes(audit) if name in each.get("excluded", {})])
        for name in names
    ]


def left_out(part: Json) -> int:
    """Waits that an exclusion left out of a result."""
    return sum(int(part.get(name, 0)) for name in ("achieved", "breached", "active"))
