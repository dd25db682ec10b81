"""The summary in the terminal: plain text, no colour, no control character of a stranger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tabulate import tabulate

from cs_audit.reports import clean, panels, sentences, story, telling
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

_REJECTS, _WIDEST = 3, 3


def render(audit: Json, words: Words) -> str:
    """About twenty lines."""
    return clean.plain("\n".join(_lines(audit, words)) + "\n")


def _lines(audit: Json, words: Words) -> Iterator[str]:
    window = audit["window"]
    yield clean.line(audit["title"])
    yield clean.line(telling.headline(audit, words))
    yield telling.period(window, words)
    if basis := telling.basis(window, words):
        yield basis
    if not audit["complete"]:
        yield words.say("INCOMPLETE: some of the data could not be read")
    yield ""
    yield _table(audit, words)
    yield ""
    yield clean.line(telling.account(audit, words))
    yield from _aside(audit, words)
    yield from _calls(audit, words)
    yield from _findings(audit, words)
    if told := sentences.both(audit, words):
        yield told
    yield from _definitions(audit, words)


def _table(audit: Json, words: Words) -> str:
    heads = [
        words.say("Rule"),
        words.say("In time"),
        words.say("Interval"),
        words.say("Goal"),
        "",
        words.say("Decided"),
        words.say("Late"),
        words.say("Budget"),
        words.say("Open"),
    ]
    rows = [_row(each, words) for each in story.wholes(audit)]
    return tabulate(
        rows,
        headers=heads,
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", "right", "right", "right", "left", "right", "right", "right", "right") if rows else None,
    )


def _row(result: Json, words: Words) -> list[str]:
    share, goal = result["percent"], result["goal"]
    return [
        clean.line(words.name("rule", result["rule"])),
        "–" if share is None else words.percent(share, goal),
        "–" if share is None else words.interval(result["interval"]),
        words.goal(goal),
        telling.verdict(result, words),
        words.number(story.decided(result)),
        words.number(result["breached"]),
        telling.budget_left(result, words),
        words.number(result["active"]),
    ]


def _aside(audit: Json, words: Words) -> Iterator[str]:
    counts = audit["counts"]
    one, many = "%(n)s automatic message set aside", "%(n)s automatic messages set aside"
    aside = words.plural(one, many, counts["automatic"])
    yield f"{aside} ({telling.automatic(audit, words)})" if counts["automatic"] else aside
    if counts["events_after_as_of"]:
        one, many = "%(n)s event after the cut-off left out", "%(n)s events after the cut-off left out"
        yield words.plural(one, many, counts["events_after_as_of"])
    out = [(name, sum(panels.left_out(part) for _, part in parts)) for name, parts in panels.excluded(audit)]
    if out:
        told = ", ".join(f"{name} {words.number(n)}" for name, n in out)
        yield clean.line(words.say("Waits excluded: %(list)s", list=told))
    yield telling.rejected(audit, words)
    for each in audit["rejected"]["listed"][:_REJECTS]:
        place = f"{each['file']}:{each['row']} {each['column']} {each['value']!r}"
        yield clean.line(f"  {place}: {words.problem(each['problem'])}")


def _findings(audit: Json, words: Words) -> Iterator[str]:
    known = [(words.name("rule", rule["rule"]).lower(), rule["found"]) for rule, _ in story.found(audit)]
    shown = [f"{name} {words.number(n)}" for name, n in known]
    if shown:
        yield words.say("Findings: %(list)s", list=", ".join(shown))


def _calls(audit: Json, words: Words) -> Iterator[str]:
    for result in panels.calls(audit):
        yield telling.calls(result, words)


def _definitions(audit: Json, words: Words) -> Iterator[str]:
    """How far other definitions carry the shares that they change most."""
    told = [
        f"{words.name('rule', whole['rule']).lower()} {'–'.join(words.percent(each, whole['goal']) for each in shares)}"
        for whole, shares in panels.reach(audit)[:_WIDEST]
    ]
    if told:
        yield words.say("In time under other definitions: %(list)s", list=", ".join(told))
