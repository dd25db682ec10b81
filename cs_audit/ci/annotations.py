"""GitHub Actions: lines by which a run marks what is wrong (workflow commands `::error` and `::warning`).

GitHub shows ten annotations of a kind for each step and drops the rest without a word, so there are at most nine and
one that says how many are left. Errors are what makes the run fail, warnings what else was found. Escapes are those of
GitHub's own toolkit: `%`, carriage return and line feed, in properties also `:` and `,`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_audit.compare.gate import failing_findings, goal_fails
from cs_audit.reports import clean, story, telling
from cs_audit.reports.words import Words

MOST = 9
_ROWS, _NAMED = 3, 3

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """One annotation: `error` or `warning`, a title, what is wrong, and the row of a file where it is known."""

    level: str
    title: str
    text: str
    file: str = ""
    row: int = 0


def lines(audit: Json, words: Words) -> list[str]:
    """The lines, the gravest first."""
    marks = sorted(_marks(audit, words), key=lambda each: each.level)
    left = len(marks) - MOST
    if left > 0:
        told = words.plural("and %(n)s more, see the report", "and %(n)s more, see the report", left)
        marks = [*marks[:MOST], Mark(marks[MOST].level, "cs-audit", told)]
    return [_line(each) for each in marks]


def _marks(audit: Json, words: Words) -> Iterator[Mark]:
    yield from _unread(audit, words)
    if not audit["counts"]["judged"]:
        yield Mark("error", "cs-audit", words.say("Nothing was judged"))
    yield from _missed(audit, words)
    yield from _found(audit, words)


def _unread(audit: Json, words: Words) -> Iterator[Mark]:
    """Rows that could not be read, each in its file; of many the first, and then how many there are."""
    if audit["complete"]:
        return
    title = words.say("This audit is incomplete.")
    listed = audit["rejected"]["listed"]
    for each in listed[:_ROWS]:
        value = f"{each['column']} {each['value']!r}: " if each["column"] else ""
        yield Mark("error", title, value + words.problem(each["problem"]), each["file"], each["row"])
    if audit["rejected"]["rows"] > _ROWS or not listed:
        yield Mark("error", title, telling.rejected(audit, words))


def _missed(audit: Json, words: Words) -> Iterator[Mark]:
    for whole in story.wholes(audit):
        parts = story.parts(audit, whole["rule"])
        for each in (whole, *(parts if len(parts) > 1 else ())):
            if each["met"] is False:
                policy = f", {each['policy']}" if each["policy"] else ""
                title = words.name("rule", each["rule"]) + policy
                level = "error" if goal_fails(audit, each) else "warning"
                yield Mark(level, title, telling.missed(each, words))


def _found(audit: Json, words: Words) -> Iterator[Mark]:
    """Findings, one line for each rule: how many, and the first tickets."""
    for rule, shown in story.found(audit):
        number = words.plural("%(n)s finding", "%(n)s findings", rule["found"])
        level = "error" if failing_findings(audit, rule) else "warning"
        yield Mark(level, words.name("rule", rule["rule"]), f"{number}: {_tickets(shown)}")


def _tickets(shown: Sequence[Json]) -> str:
    names = list(dict.fromkeys(each["ticket"] for each in shown))
    return ", ".join([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])


def _line(mark: Mark) -> str:
    known = {"file": mark.file, "line": str(mark.row) if mark.row else "", "title": mark.title}
    told = ",".join(f"{key}={_property(value)}" for key, value in known.items() if value)
    return f"::{mark.level} {told}::{_data(mark.text)}"


def _data(text: str) -> str:
    return clean.visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
