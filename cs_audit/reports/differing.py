"""Differences of method between two audits, told one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cs_audit.reports.vocabulary import english
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

_SIDES = ("old", "new")


def sentences(differences: Sequence[Json], words: Words) -> Iterator[str]:
    """Each difference but that of the period, which is told whole; rules that only one audit asked stand together."""
    asked = {side: [each for each in differences if each["area"] == "rules" and each[side] is None] for side in _SIDES}
    if asked["old"]:
        yield words.say("Rules not asked before: %(list)s", list=_rules(asked["old"], words))
    if asked["new"]:
        yield words.say("Rules no longer asked: %(list)s", list=_rules(asked["new"], words))
    for each in differences:
        if each in asked["old"] or each in asked["new"]:
            continue
        if each["area"] == "window":
            if each["place"] == ["by"]:
                yield words.name("period", each["new"] or "began")
        elif each["area"] == "complete":
            yield (
                words.say("The older audit is incomplete.")
                if not each["old"]
                else words.say("The newer audit is incomplete.")
            )
        else:
            yield _sentence(each, words)


def read(inputs: Json, words: Words) -> str:
    """What became of the files or pulls that were read, or nothing where all are the same."""
    counts = [
        (inputs["same"], words.say("%(n)s the same", n=inputs["same"])),
        (inputs["changed"], words.say("%(n)s changed", n=inputs["changed"])),
        (inputs["only_old"], words.say("%(n)s no longer read", n=inputs["only_old"])),
        (inputs["only_new"], words.say("%(n)s not read before", n=inputs["only_new"])),
    ]
    if not any(number for number, _ in counts[1:]):
        return ""
    before, now = inputs["rows"]
    told = ", ".join(text for number, text in counts if number)
    return words.say("Inputs: %(list)s; rows: %(before)s → %(now)s", list=told, before=before, now=now)


def _sentence(each: Json, words: Words) -> str:
    area, path = each["area"], each["place"]
    label = _label(area, path, words)
    if area == "exceptions" or isinstance(each["old"] or each["new"], Mapping):
        if each["old"] is None:
            return words.say("%(what)s: added", what=label)
        if each["new"] is None:
            return words.say("%(what)s: removed", what=label)
    field = path[-1] if path else area
    return f"{label}: {_value(field, each['old'], words)} → {_value(field, each['new'], words)}"


def _rules(asked: Sequence[Json], words: Words) -> str:
    return ", ".join(words.name("rule", each["place"][0]).lower() for each in asked)


def _label(area: str, path: Sequence[str], words: Words) -> str:
    """The way to what differs: its area with the first name, then what lies inside."""
    names = [_part(part, words) for part in path if part != "targets"]
    return ", ".join([" ".join([_area(area, words), *names[:1]]), *names[1:]])


def _area(area: str, words: Words) -> str:
    known = {
        "policies": words.say("Policy"),
        "order": words.say("Order of the policies"),
        "goal": words.say("Goal"),
        "rules": words.say("Rule"),
        "options": words.say("Option"),
        "schedules": words.say("Schedule"),
        "exclusions": words.say("Exclusion of waits"),
        "exceptions": words.say("Exception"),
        "sources": words.say("Source"),
        "automatic": words.say("Not a person"),
        "wording": words.say("Reading of texts"),
        "second_opinion": words.say("Model of the second opinion"),
        "version": words.say("Version of cs-audit"),
        "time_zone_data": words.say("Time-zone data"),
        "holiday_data": words.say("Holiday data"),
        "timezone": words.say("Time zone"),
    }
    return known[area]


def _part(part: str, words: Words) -> str:
    """A name of the user's own, of a rule, or of a field."""
    known = {
        "limit": words.say("limit"),
        "goal": words.say("goal"),
        "clock": words.say("clock"),
        "pause": words.say("pauses"),
        "match": words.say("matches"),
        "schedule": words.say("schedule"),
        "hours": words.say("hours"),
        "holidays": words.say("holidays"),
        "exceptions": words.say("exceptions"),
        "short_days": words.say("short days"),
        "from": words.say("from"),
        "until": words.say("until"),
        "timezone": words.say("time zone"),
        "lexicons": words.say("lexicons"),
    }
    if english("rule", part) is not None:
        return words.name("rule", part).lower()
    return known.get(part, part)


def _value(field: str, value: Any, words: Words) -> str:
    if value is None or value in ([], {}, ""):
        return words.say("none")
    if isinstance(value, Mapping):
        return _value("limit", value["limit"], words) if "limit" in value else _flat(value)
    if isinstance(value, list):
        return ", ".join(words.name("status", str(each)) for each in value)
    if field == "limit":
        return words.limit(value)
    if field == "goal":
        return words.goal(value)
    return words.name("clock", value) if field == "clock" else str(value)


def _flat(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
