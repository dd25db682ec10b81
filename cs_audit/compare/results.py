"""How the share in time, and what stands beside it, changed: by rule and policy, channel, team and agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.compare.intervals import correlation, excludes_zero, newcombe

Json = dict[str, Any]
Key = tuple[str, str | None]

DIMENSIONS = ("channel", "team", "agent")
_SHARE = ("judged", "achieved", "breached", "percent", "interval")
_WHOLE = (*_SHARE, "active", "goal", "met", "p50_seconds", "p90_seconds")


def results(
    old: Mapping[str, Any], new: Mapping[str, Any], overlap: str, breaches: Sequence[Mapping[str, Any]]
) -> list[Json]:
    """Every result that both audits have, in the order of the newer one."""
    before = _by_key(old)
    late = {each["rule"]: each for each in breaches}
    return [
        _result(before[key], each, overlap, late.get(each["rule"]))
        for key, each in _by_key(new).items()
        if key in before
    ]


def only_in_one(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Json]:
    """Results that one of the audits lacks: nothing can be said of their change."""
    before, after = _by_key(old), _by_key(new)
    missing = [("old", key, each) for key, each in before.items() if key not in after]
    missing += [("new", key, each) for key, each in after.items() if key not in before]
    return [
        {
            "in": where,
            "rule": rule,
            "code": each["code"],
            "policy": policy,
            "fails": "missed" if where == "new" and each["met"] is False else "",
            **{name: each[name] for name in _WHOLE},
        }
        for where, (rule, policy), each in missing
    ]


def _by_key(audit: Mapping[str, Any]) -> dict[Key, Json]:
    return {(each["rule"], each["policy"]): each for each in audit["results"]}


def _result(old: Json, new: Json, overlap: str, late: Mapping[str, Any] | None) -> Json:
    whole = new["policy"] is None
    shared = _table(old, new, late) if overlap == "same" and whole and late else None
    change = _change(old, new, overlap, shared)
    return {
        "rule": new["rule"],
        "code": new["code"],
        "policy": new["policy"],
        "old": _told(old),
        "new": _told(new),
        **change,
        "turned": _turned(old, new),
        "fails": _fails(old, new, change["direction"]),
        "by": {name: _groups(old, new, name, overlap) for name in DIMENSIONS},
    }


def _told(result: Json) -> Json:
    left = sum(result["not_judged"].values())
    return {**{name: result[name] for name in _WHOLE}, "not_judged": left}


def _change(old: Json, new: Json, overlap: str, shared: tuple[int, int, int, int] | None = None) -> Json:
    """The difference in percentage points, its interval, and the direction that follows."""
    basis = "paired" if shared else "independent" if overlap == "none" else "overlapping"
    if old["percent"] is None or new["percent"] is None:
        return {"difference": None, "interval": None, "significant": False, "basis": basis, "direction": "unknown"}
    phi = correlation(*shared) if shared else 0.0
    edges = newcombe(old["percent"], old["interval"], new["percent"], new["interval"], phi)
    difference = round(new["percent"] - old["percent"], 4)
    significant = excludes_zero(edges)
    return {
        "difference": difference,
        "interval": list(edges),
        "significant": significant,
        "basis": basis,
        "direction": _direction(difference, significant=significant),
    }


def _direction(difference: float, *, significant: bool) -> str:
    if not difference:
        return "same"
    if not significant:
        return "unclear"
    return "better" if difference > 0 else "worse"


def _table(old: Json, new: Json, late: Mapping[str, Any]) -> tuple[int, int, int, int] | None:
    """Waits kept in both, only before, only now, in neither; None where the late ones are not all listed or other waits
    were decided.
    """
    number = old["achieved"] + old["breached"]
    if late["untold_before"] or late["untold_now"] or late["came"] or late["left"]:
        return None
    kept = number - late["same"] - late["new"] - late["fixed"]
    if number != new["achieved"] + new["breached"] or kept < 0:
        return None
    return kept, late["new"], late["fixed"], late["same"]


def _turned(old: Json, new: Json) -> str:
    """What became of the goal: `met`, `missed`, or nothing."""
    both = old["met"] is not None and new["met"] is not None
    return ("met" if new["met"] else "missed") if both and old["met"] != new["met"] else ""


def _fails(old: Json, new: Json, direction: str) -> str:
    """Why a goal that is missed now counts against the newer audit: it was not `missed` before, or is `worse`.

    A miss that was one before and is no worse does not count.
    """
    if new["met"] is not False:
        return ""
    if old["met"] is not False:
        return "missed"
    return "worse" if direction == "worse" else ""


def _groups(old: Json, new: Json, dimension: str, overlap: str) -> Json:
    before, after = (each["by"].get(dimension) or {} for each in (old, new))
    return {
        key: {
            "old": {name: before[key][name] for name in _SHARE},
            "new": {name: after[key][name] for name in _SHARE},
            **_change(before[key], after[key], overlap),
        }
        for key in sorted(before.keys() & after.keys())
    }
