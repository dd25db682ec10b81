"""How an audit was made: the part of the result that says against what the tickets were judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cs_audit.audit.moments import iso
from cs_audit.audit.reading import readings
from cs_audit.rules import SEVERITIES, find_rule
from cs_audit.schedules.hours import ALWAYS, DAYS, show_ranges

if TYPE_CHECKING:
    from cs_audit.audit.chain import Judged
    from cs_audit.audit.session import Reader
    from cs_audit.audit.standard import Exclusion, Standard, Target

Json = dict[str, Any]


def exceptions(judged: Judged, standard: Standard) -> list[Json]:
    """Each configured exception with what became of it: used, expired or unmatched."""
    made = []
    for each in standard.exemptions:
        used = each.key in judged.tally.excused
        state = "expired" if judged.bench.expired(each.until) else "used" if used else "unmatched"
        made.append({**asdict(each), "values": list(each.values), "until": str(each.until), "state": state})
    return made


def method(standard: Standard, judged: Judged, sources: Sequence[Reader]) -> Json:
    from importlib.metadata import version  # noqa: PLC0415 - only here

    import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415 - carries no types

    horizon = judged.bench.coordinates
    return {
        "goal": standard.goal,
        "timezone": standard.timezone,
        "policies": [_policy(each) for each in standard.policies],
        "schedules": {name: _schedule(standard, name) for name in judged.bench.schedules},
        "exclusions": [_exclusion(each) for each in standard.exclusions],
        "compiled": [iso(horizon.starts), iso(horizon.ends)],
        "rules": [{"rule": each.name, "code": each.code, "severity": each.severity, "title": each.title,
                   "what_counts": " ".join(each.section("What counts").split()),
                   "found": judged.tally.found.get(each.name), "found_by": _graded(each.name, judged)}
                  for each in standard.rules],
        "options": {rule: _texts(given) for rule, given in sorted(standard.options.items())},
        "wording": _wording(standard),
        **readings(sources),
        "time_zone_data": tzdata.IANA_VERSION,
        "holiday_data": version("holidays"),
    }  # fmt: skip


def _wording(standard: Standard) -> Json | None:
    """The versions of the lexicons that texts were read with, and what the configuration adds; None if none was."""
    if not standard.reading.wanted:
        return None
    from cs_audit.answers.lexicon import lexicon  # noqa: PLC0415 - only where texts were read
    from cs_audit.text import automatic, phrases, plain  # noqa: PLC0415

    own = standard.wording
    return {
        "lexicons": {
            **phrases.versions(),
            "quotes": plain.lexicon_version(),
            "automatic": automatic.lexicon_version(),
            "answers": lexicon().version,
        },
        "phrases": {label: list(each) for label, each in sorted(own.phrases.items())},
        "concepts": {name: dict(each) for name, each in sorted(own.concepts.items())},
        "qualifiers": {name: dict(each) for name, each in sorted(own.qualifiers.items())},
        "ignore_values": list(own.ignore_values),
        "policy_facts": dict(sorted(own.facts.items())),
        "semantic": own.semantic,
    }


def _graded(rule: str, judged: Judged) -> Json:
    """The number of a rule's findings by severity."""
    graded = judged.tally.graded
    return {grade: graded[rule, grade] for grade in SEVERITIES if graded.get((rule, grade))}


def _texts(options: Mapping[str, Any]) -> Json:
    return {name: str(value) for name, value in sorted(options.items())}


def _policy(policy: Any) -> Json:
    return {
        "name": policy.name,
        "match": {key: list(words) for key, words in policy.match.items()},
        "from": policy.since and str(policy.since),
        "until": policy.until and str(policy.until),
        "schedule": policy.schedule,
        "schedule_by": {fact: dict(names) for fact, names in policy.schedule_by.items()},
        "targets": {rule: _target(rule, target) for rule, target in policy.targets.items()},
    }


def _target(rule: str, target: Target) -> Json:
    pauses = find_rule(rule).pauses if target.pause is None else target.pause
    return {"limit": str(target), "goal": target.goal, "clock": target.clock, "pause": list(pauses)}


def _exclusion(exclusion: Exclusion) -> Json:
    return {
        "name": exclusion.name,
        "match": {key: list(words) for key, words in exclusion.match.items()},
        "own_tickets": exclusion.own_tickets,
        "rules": list(exclusion.rules),
    }


def _schedule(standard: Standard, name: str) -> Json:
    schedule = standard.schedules[name]
    hours = "24/7" if schedule.week == ALWAYS else {
        day: show_ranges(ranges) for day, ranges in zip(DAYS, schedule.week, strict=True) if ranges
    }  # fmt: skip
    return {
        "timezone": schedule.timezone,
        "hours": hours,
        "holidays": list(schedule.holidays),
        "exceptions": {str(day): show_ranges(ranges) for day, ranges in sorted(schedule.exceptions.items())},
        "short_days": {str(day): show_ranges(ranges) for day, ranges in sorted(schedule.short_days.items())},
    }
