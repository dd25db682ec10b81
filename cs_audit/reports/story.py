"""What the reports say of the audit value, before any language or format: order, caps, verdicts, anchors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.rules import all_rules
from cs_audit.schedules.hours import DAYS

Json = Mapping[str, Any]

FEW = 30
"""Below so many decided waits a share is shown without a verdict's colour."""

_FAMILIES = {"RT": 0, "RS": 1}
"""The families of rules that readers ask for first."""

MOST_GROUPS, MOST_SMALL, MOST_TICKETS, MOST_REJECTS = 50, 5, 200, 100
UNFOLDED = 3
"""Rules whose charts and groups stand unfolded."""

FIRST = 10
"""Late tickets of a rule that stand unfolded; the others fold away together."""


def decided(result: Json) -> int:
    """Waits that were kept or broken: the denominator of the share."""
    return int(result["achieved"] + result["breached"])


def standing(result: Json) -> str:
    """`met`, `missed` or `none` (nothing decided) against the goal."""
    return "none" if result["met"] is None else "met" if result["met"] else "missed"


def tone(result: Json) -> str:
    """The colour of a result: its standing, or none where too few waits were decided."""
    return standing(result) if decided(result) >= FEW else "few"


def wholes(audit: Json) -> list[Json]:
    """The result of each rule over all policies: replies first, then resolution, then the rest."""
    found = [each for each in audit["results"] if each["policy"] is None]
    return sorted(found, key=lambda each: (_FAMILIES.get(each["code"][:2], len(_FAMILIES)), each["code"]))


def parts(audit: Json, rule: str) -> list[Json]:
    """The results of one rule by policy."""
    return [each for each in audit["results"] if each["rule"] == rule and each["policy"] is not None]


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts with the greatest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def groups(result: Json, dimension: str) -> list[tuple[str, Json]]:
    """The groups of a result, worst first; those too small to tell come last. That none is known says nothing."""

    def rank(item: tuple[str, Json]) -> tuple[bool, float, str]:
        name, group = item
        share = group["percent"]
        return decided(group) < FEW, 101.0 if share is None else share, name

    found = by(result, dimension)
    return sorted(found.items(), key=rank) if any(found) else []


def dimensions(result: Json) -> list[str]:
    """The dimensions along which anything is known."""
    return [each for each in ("channel", "team", "agent") if groups(result, each)]


def parted(result: Json, dimension: str) -> list[list[tuple[str, Json]]]:
    """The groups that are shown, in one table or, where many are too small to tell, these in a table of their own."""
    rows = groups(result, dimension)[:MOST_GROUPS]
    large = [each for each in rows if decided(each[1]) >= FEW]
    return [rows, []] if len(rows) - len(large) <= MOST_SMALL else [large, rows[len(large) :]]


def by(result: Json, dimension: str) -> Mapping[str, Json]:
    """The groups of a result along a dimension, none where the data do not know it."""
    return dict(sorted((result["by"].get(dimension) or {}).items()))


def unjudged(audit: Json) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Each reason with the number of tickets and, by rule, of waits that it kept from being judged."""
    found = {reason for each in wholes(audit) for reason in each["not_judged"]} | set(audit["counts"]["not_judged"])
    return [
        (
            reason,
            audit["counts"]["not_judged"].get(reason, 0),
            [(each["rule"], each["not_judged"][reason]) for each in wholes(audit) if reason in each["not_judged"]],
        )
        for reason in sorted(found)
    ]


def _anchored(findings: Sequence[Json]) -> list[tuple[str, Json]]:
    """Findings of one rule with an anchor each."""
    seen: Counter[str] = Counter()
    made = []
    for each in findings:
        name = anchor(each["ticket"], each["code"])
        seen[name] += 1
        made.append((name if seen[name] == 1 else f"{name}--{seen[name]}", each))
    return made


def breaches(audit: Json, rule: str) -> list[tuple[str, Json]]:
    """The breaches of a rule that are shown, each with an anchor of its own (`TICKET--CODE`)."""
    return _anchored([each for each in audit["worst"] if each["rule"] == rule])


def anchor(ticket: str, code: str) -> str:
    """The id of a ticket's finding on the page."""
    return re.sub(r"[^\w.-]", "_", ticket) + "--" + code


def found(audit: Json) -> list[tuple[Json, list[Json]]]:
    """The rules that only point at things, those with findings, the grave first, each with the findings shown."""
    order = {"high": 0, "medium": 1, "low": 2}
    rules = sorted(
        (each for each in audit["method"]["rules"] if each["found"]),
        key=lambda each: (min(order[grade] for grade in each.get("found_by") or [each["severity"]]), each["code"]),
    )
    return [(rule, [each for each in audit["findings"] if each["rule"] == rule["rule"]]) for rule in rules]


def history(audit: Json, finding: Json) -> list[Json]:
    """The events of a finding's ticket, without those of a ticket of the same number in another source."""
    events = audit["histories"].get(finding["ticket"], [])
    if not any("source" in event for event in events):
        return list(events)
    read = (audit["method"].get("sources") or {}).get(finding["source"]) or {}
    return [event for event in events if event.get("source") == read.get("joins", finding["source"])]


def with_history(audit: Json, findings: Sequence[Json]) -> list[tuple[str, Json]]:
    """Those of a rule's findings whose ticket's events are known, each with its anchor."""
    return [(name, each) for name, each in _anchored(findings) if history(audit, each)]


def others(findings: Sequence[Json], told: Sequence[tuple[str, Json]]) -> list[Json]:
    """The findings that are not among those told in full."""
    known = {id(each) for _, each in told}
    return [each for each in findings if id(each) not in known]


def what_counts(rule: Json) -> str:
    """What a rule counts, as its page says."""
    known = all_rules().get(rule["rule"])
    return str(rule.get("what_counts") or (known.section("What counts") if known else ""))


def week_rows(numbers: Sequence[Sequence[int]], hours: int = 1) -> list[list[tuple[int, int]]]:
    """The 168 hours of a week, Monday first, as seven rows of (all, late), so many `hours` to a cell."""
    firsts = [range(day * 24, day * 24 + 24, hours) for day in range(7)]
    return [[(sum(numbers[0][at : at + hours]), sum(numbers[1][at : at + hours])) for at in row] for row in firsts]


def telling_hours(numbers: Sequence[Sequence[int]]) -> int:
    """The fewest hours to a cell (a divisor of 24) for which half of all waits lie in cells of at least FEW."""
    for hours in (1, 2, 3, 4, 6, 8, 12):
        cells = [n for row in week_rows(numbers, hours) for n, _ in row]
        if 2 * sum(n for n in cells if n >= FEW) >= sum(cells):
            return hours
    return 24


STAFFED = 50
"""An hour of the week counts as staffed if somebody is at work in at least this share of it, in per cent."""


def demand_by_day(audit: Json) -> list[tuple[int, float | None, float | None]]:
    """For each day of the week, Monday first: messages of requesters, their share of all in per cent, staffed hours."""
    numbers, staffed = audit["hours"]["demand"][0], audit.get("staffed")
    days = [sum(numbers[day * 24 : day * 24 + 24]) for day in range(7)]
    hours = [sum(staffed[day * 24 : day * 24 + 24]) / 100 if staffed else None for day in range(7)]
    return [(n, 100 * n / sum(days) if sum(days) else None, open_) for n, open_ in zip(days, hours, strict=True)]


def most(numbers: Sequence[Sequence[int]]) -> int:
    """The busiest hour's number."""
    return max(numbers[0], default=0)


def some(points: Sequence[Any], number: int) -> Sequence[Any]:
    """At most `number` of them, evenly spread from the first on."""
    return points[:: max(1, -(-len(points) // number))]


def limits_of(audit: Json, result: Json) -> list[str]:
    """The limits a result was judged by: its policy's own, or all there are."""
    for policy in audit["method"]["policies"]:
        if policy["name"] == result["policy"]:
            return [policy["targets"][result["rule"]]["limit"]]
    return by_length(result["limits"])


def by_length(limits: Sequence[str]) -> list[str]:
    """Limits (`3600s`, `2wd`, `2wd to closing`, `recorded`), the short first: times, days, then what was promised."""

    def rank(limit: str) -> tuple[int, int, str]:
        number, days, closing = limit.removesuffix("s").partition("wd")
        return (2, 0, "") if limit == "recorded" else (int(bool(days)), int(number), closing)

    return sorted(limits, key=rank)


def asked(audit: Json) -> tuple[list[Json], list[str]]:
    """The rules that were asked, with targets or for findings; and the names of those that were not."""
    judged = {each["rule"] for each in audit["results"]}
    known = audit["method"]["rules"]
    told = [each for each in known if each["rule"] in judged or each["found"] is not None]
    return told, [each["rule"] for each in known if each not in told]


def quiet(audit: Json) -> list[str]:
    """The rules that looked for something and found nothing."""
    return [each["rule"] for each in audit["method"]["rules"] if each["found"] == 0]


def open_hours(week: Mapping[str, Sequence[str]]) -> list[tuple[list[str], str]]:
    """Days of a schedule that share their hours, with those hours."""
    together: dict[str, list[str]] = {}
    for day in DAYS:
        if day in week:
            together.setdefault(", ".join(week[day]), []).append(day)
    return [(days, hours) for hours, days in together.items()]


def special_days(schedule: Json) -> list[tuple[str, Sequence[str]]]:
    """Dates with hours of their own, in order."""
    return sorted({**schedule["short_days"], **schedule["exceptions"]}.items())


def kind_of(source: Json) -> str:
    """What was read: the type and what was found out of it."""
    return ", ".join(str(source[key]) for key in ("type", "encoding", "sheet") if source.get(key))
