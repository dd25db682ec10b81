"""What differs between two audits besides the work: policies, calendars, rules, versions, the period, what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Audit = Mapping[str, Any]
Path = tuple[str, ...]

METHOD = (
    "policies", "order", "goal", "rules", "options", "schedules", "exclusions", "exceptions", "sources", "automatic",
    "wording", "second_opinion", "version", "time_zone_data", "holiday_data", "timezone",
)  # fmt: skip
"""Areas of the method: a change there changes numbers although the work is the same."""


def differences(old: Audit, new: Audit) -> list[Json]:
    """Each difference of method, then of the period, then of completeness, as {area, place, old, new}.

    `place` leads to what differs inside its area; where one audit lacks it altogether, its side is None.
    """
    before, after = _asked(old), _asked(new)
    before["sources"], after["sources"] = _read(before["sources"], after["sources"])
    for asked, other in ((before, after), (after, before)):
        asked["order"] = [name for name in asked["policies"] if name in other["policies"]]
        if other["automatic"] is None:  # audits did not always tell
            asked["automatic"] = None
    return [
        {"area": area, "place": list(path), "old": was, "new": now}
        for area in (*METHOD, "window", "complete")
        for path, was, now in _walk(before[area], after[area])
    ]


def _read(old: Json | None, new: Json | None) -> tuple[Json, Json]:
    """How the sources of both audits are read: those of one name, or the only ones; others are told with the inputs."""
    if old is None or new is None:
        return {}, {}
    if len(old) == len(new) == 1:
        old = dict(zip(new, old.values(), strict=True))
    both = [name for name in new if name in old]
    return {name: _settings(old[name]) for name in both}, {name: _settings(new[name]) for name in both}


def _settings(reading: Mapping[str, Any]) -> Json:
    """The settings of a source, its words (`Resolved = solved`) one by one."""
    return {
        name: {each.rpartition(" = ")[0] or each: each.rpartition(" = ")[2] for each in value}
        if name.startswith("values.") else value
        for name, value in reading.items()
    }  # fmt: skip


def inputs(old: Audit, new: Audit) -> Json:
    """How many of the files or pulls read are the same, changed, only in one; and the rows of both."""
    before, after = _inputs(old), _inputs(new)
    both = before.keys() & after.keys()
    same = sum(before[name] == after[name] for name in both)
    return {
        "same": same,
        "changed": len(both) - same,
        "only_old": len(before) - len(both),
        "only_new": len(after) - len(both),
        "rows": [sum(each["rows"] for each in audit["inputs"]) for audit in (old, new)],
    }


def _inputs(audit: Audit) -> dict[tuple[str, str], list[str]]:
    made: dict[tuple[str, str], list[str]] = {}
    for each in audit["inputs"]:
        made.setdefault((each["source"], each["path"]), []).append(each["sha256"])
    return made


def _asked(audit: Audit) -> Json:
    """What the audit was told, by area, in a form whose parts have names."""
    method, window = audit["method"], audit["window"]
    named = ("goal", "options", "schedules", "sources", "automatic", "wording", "timezone")
    plain = {name: method.get(name) for name in named}
    return {
        **plain,
        "policies": _named(method["policies"]),
        "rules": {each["rule"]: each["severity"] for each in method["rules"]},
        "exclusions": _named(method.get("exclusions") or ()),
        "exceptions": _exceptions(audit.get("exceptions") or ()),
        "second_opinion": (method.get("second_opinion") or {}).get("model"),
        "version": audit["version"],
        "time_zone_data": method.get("time_zone_data"),
        "holiday_data": method.get("holiday_data"),
        "window": {name: window.get(name) for name in ("since", "until", "as_of", "by")},
        "complete": audit["complete"],
    }


def _named(parts: Sequence[Mapping[str, Any]]) -> Json:
    """Parts by name; of several with one name, each has its number."""
    made, seen = {}, Counter[str]()
    for each in parts:
        name = str(each["name"])
        seen[name] += 1
        key = name if seen[name] == 1 else f"{name} ({seen[name]})"
        made[key] = {field: value for field, value in each.items() if field != "name"}
    return made


def _exceptions(exceptions: Sequence[Mapping[str, Any]]) -> Json:
    """Exceptions by what they excuse, with their end; whether one was used is a result."""
    made: dict[str, str] = {}
    for each in exceptions:
        what = each["ticket"] or " ".join((each.get("slot", ""), *map(str, each.get("values", ()))))
        made[f"{each['rule']}: {what}"] = each["until"]
    return made


def _walk(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Where two values differ: down to the first part that one of them lacks, or to what has no parts."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in [*new, *(each for each in old if each not in new)]:
            yield from _walk(old.get(name), new.get(name), (*path, str(name)))
    elif old != new:
        yield path, old, new
