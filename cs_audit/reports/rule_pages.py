"""Rules in words: the list of all, and the page of one, in either language."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence

from tabulate import tabulate

from cs_audit.reports.words import Words
from cs_audit.rules import Rule

_WIDTH = 100

_HEADINGS: Mapping[str, Callable[[Words], str]] = {
    "Why it matters": lambda words: words.say("Why it matters"),
    "What counts": lambda words: words.say("What counts"),
    "Options": lambda words: words.say("Options"),
    "Example": lambda words: words.say("Example"),
}
"""The parts of a page."""


def table(rules: Sequence[Rule], words: Words, style: str) -> str:
    """The list, as a table of one of tabulate's styles."""
    heads = (words.say("code"), words.say("rule"), words.say("severity"), words.say("kind"), words.say("sense"))
    kinds = {True: words.say("target"), False: words.say("finding")}
    rows = [(each.code, each.name, each.severity, kinds[each.measures], words.prose(each.title)) for each in rules]
    return tabulate(rows, headers=heads, tablefmt=style, disable_numparse=True)


def heading(rule: Rule, words: Words) -> str:
    """The head of one rule's page: its name in words and codes."""
    if words.language == "en":
        return f"# {rule.name} ({rule.code}, {rule.severity})"
    name, severity = words.name("rule", rule.name), words.name("severity", rule.severity)
    return f"# {name} ({rule.name}, {rule.code}, {severity})"


def page(rule: Rule, words: Words) -> str:
    """One rule's page in Markdown; its example, which tests read, stays as it is."""
    if words.language == "en":
        return rule.page
    parts = [_filled(words.prose(rule.title))]
    for title, told in _HEADINGS.items():
        if text := rule.section(title):
            parts.append(f"## {told(words)}\n{_told(text, words)}")
    return "\n\n".join(parts)


def _told(text: str, words: Words) -> str:
    """A part of a page, its prose translated and its example left."""
    prose, fence, example = text.partition("```")
    told = _filled(words.prose(prose))
    return "\n".join(each for each in (told, fence + example) if each)


def _filled(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
