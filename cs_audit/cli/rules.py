"""`cs-audit rules`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.cli.language import language as spoken
from cs_audit.worded import Worded, verbatim, worded

if TYPE_CHECKING:
    from cs_audit.rules import Rule

_FORMATS = ("text", "json", "md")


def rules(
    rule: Annotated[str | None, typer.Argument(help="A rule's name or code; without one, the list.")] = None,
    format: Annotated[str, typer.Option("--format", help="text, json or md.")] = "text",  # noqa: A002
    language: options.Language = None,
) -> None:
    """List all rules, or print one rule's page."""
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time
    from cs_audit.reports import rule_pages  # noqa: PLC0415 - start-up time
    from cs_audit.reports.words import Words  # noqa: PLC0415 - loads Babel
    from cs_audit.rules import all_rules, find_rule  # noqa: PLC0415 - start-up time

    options.demand_one_of(_FORMATS, format, worded("{format!r} is no format", format=format), "--format")
    words = Words(language or (spoken() if format == "text" else "en"))
    chosen = [find_rule(rule)] if rule else list(all_rules().values())
    if format == "json":
        pages = [_as_json(each, rule_pages.page(each, words), words.prose(each.title)) for each in chosen]
        typer.echo(json.dumps(pages[0] if rule else pages, ensure_ascii=False, indent=1))
    elif rule:
        typer.echo(f"{rule_pages.heading(chosen[0], words)}\n\n{rule_pages.page(chosen[0], words)}")
    else:
        typer.echo(rule_pages.table(chosen, words, "github" if format == "md" else "simple"))
    if format == "text":
        command = _following(chosen[0]) if rule else verbatim("cs-audit rules RT101")
        say([worded("Next: {command}", command=command)], quiet=False)


def _following(rule: Rule) -> Worded:
    """How to see the rule at work: a target is set in the configuration, a finding is looked for without one."""
    if rule.measures:
        return worded("cs-audit init FILE, which writes targets to edit")
    return verbatim(f"cs-audit run --select {rule.code}")


def _as_json(rule: Rule, page: str, title: str) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "code": rule.code,
        "severity": rule.severity,
        "measures": rule.measures,
        "title": title,
        "page": page,
        "options": {name: str(each.annotation) for name, each in rule.options.items()},
    }
