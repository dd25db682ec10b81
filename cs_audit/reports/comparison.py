"""The reports of a comparison: HTML, Markdown, JSON, and the terminal's lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tabulate import tabulate

from cs_audit.errors import UsageError
from cs_audit.reports import changes, clean, differing, environment, fates, value
from cs_audit.reports.words import Words
from cs_audit.worded import worded

Json = Mapping[str, Any]

FORMATS = {".html": "html", ".md": "md", ".json": "json"}
"""The format that each suffix of an output file asks for."""

_NOTES, _TICKETS = 12, 5


def render(comparison: Json, format: str, language: str | None = None) -> str:  # noqa: A002 - the word users type
    """The whole comparison as text, in its newer audit's language unless another is given.

    Raises:
        UsageError: an unknown format or language.
    """
    words = words_of(comparison, language)
    if format == "json":
        return value.render(comparison)
    if format == "html":
        return environment.html(words).get_template("compare.html").render(comparison=comparison) + "\n"
    if format == "md":
        text = environment.markdown(words).get_template("compare.md").render(comparison=comparison)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    raise UsageError(
        worded("there is no comparison as {format!r}", format=format),
        hint=worded("known: {known}", known=", ".join(sorted(FORMATS.values()))),
    )


def words_of(comparison: Json, language: str | None = None) -> Words:
    """The words of a comparison."""
    return Words(language or comparison["language"] or "en", comparison["timezone"])


def summary(audit: Json, language: str | None = None) -> str:
    """An audit's comparison in the terminal's lines, without colour or control characters."""
    comparison = audit["comparison"]
    words = words_of(comparison, language)
    lines = [clean.line(comparison["title"]), *_lines(comparison, words), *_verdict(audit, words)]
    return "\n".join(lines) + "\n"


def beside(audit: Json, language: str | None = None, *, quiet: bool = False) -> list[str]:
    """The lines that go with an audit's own summary, only one if `quiet`; none without a baseline."""
    comparison = audit.get("comparison")
    if not comparison:
        return []
    words = words_of(comparison, language)
    if quiet:
        told = words.say("Compared with the baseline")
        return [clean.line(f"{told}: {changes.headline(comparison, words)}"), *_verdict(audit, words)]
    return [words.say("Compared with the baseline"), *_lines(comparison, words), *_verdict(audit, words)]


def _verdict(audit: Json, words: Words) -> list[str]:
    told = changes.verdict(audit, words)
    return [clean.line(told)] if told else []


def _lines(comparison: Json, words: Words) -> Iterator[str]:
    yield clean.line(changes.headline(comparison, words))
    notes = list(differing.sentences(comparison["differences"], words))
    yield from (clean.line(f"  {each}") for each in notes[:_NOTES])
    if len(notes) > _NOTES:
        left = len(notes) - _NOTES
        yield "  " + words.plural("… %(n)s more difference", "… %(n)s more differences", left)
    yield from (clean.line(f"  {each}") for each in changes.compared(comparison, words))
    yield ""
    if comparison["results"]:
        yield _table(comparison, words)
        yield ""
    yield from _listed(words.say("Late tickets"), fates.late(comparison), words)
    yield from _listed(words.say("Findings"), fates.found(comparison), words)


def _table(comparison: Json, words: Words) -> str:
    heads = [
        words.say("Rule"), words.say("Before"), words.say("Now"), words.say("Change"), words.say("Interval"), "",
        words.say("Goal"), words.say("Late"), words.say("Median"),
    ]  # fmt: skip
    rows = [_row(each, words) for each in changes.wholes(comparison)]
    places = ("left", "right", "right", "right", "right", "left", "right", "right", "right")
    return tabulate(rows, headers=heads, tablefmt="simple", disable_numparse=True, colalign=places)


def _row(each: Json, words: Words) -> list[str]:
    old, new = each["old"], each["new"]
    meaning = [changes.direction(each, words), changes.turned(each, words)]
    return [
        clean.line(words.name("rule", each["rule"])),
        changes.share(old, old["goal"], words),
        changes.share(new, new["goal"], words),
        changes.points(each["difference"], words),
        changes.edges(each["interval"], words),
        ", ".join(part for part in meaning if part),
        changes.goals(each, words),
        changes.numbers(old["breached"], new["breached"], words),
        changes.lengths(each, "p50_seconds", words),
    ]


def _listed(heading: str, listings: Sequence[Json], words: Words) -> Iterator[str]:
    """What changed line by line, what did not in one."""
    if listings:
        yield f"{heading}:"
    for each in listings:
        if not fates.unchanged(each):
            yield clean.line(f"  {words.name('rule', each['rule'])}: {fates.account(each, words)}")
            fresh = fates.rows(each, fates.APPEARED)
            more = ", …" if len(fresh) > _TICKETS else ""
            if fresh:
                yield clean.line(
                    f"    {words.say('new')}: {', '.join(row['ticket'] for row in fresh[:_TICKETS])}{more}"
                )
    same = [each for each in listings if fates.unchanged(each)]
    told = ", ".join(f"{words.name('rule', each['rule']).lower()} {words.number(each['now'])}" for each in same)
    if told:
        yield clean.line("  " + words.say("The same as before: %(list)s", list=told))
