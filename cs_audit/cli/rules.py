"""`cs-audit rules`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cs_audit.errors import UsageError

_FORMATS = ("text", "json", "md")


def rules(
    rule: Annotated[str | None, typer.Argument(help="A rule's name or code; without one, the list.")] = None,
    format: Annotated[str, typer.Option("--format", help="text, json or md.")] = "text",  # noqa: A002
) -> None:
    """List all rules, or print one rule's page."""
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time
    from cs_audit.rules import all_rules, find_rule  # noqa: PLC0415 - start-up time

    if format not in _FORMATS:
        raise UsageError(f"{format!r} is no format", where="--format", hint=f"write one of: {', '.join(_FORMATS)}")
    chosen = [find_rule(rule)] if rule else list(all_rules().values())
    if format == "json":
        pages = [_as_json(each) for each in chosen]
        typer.echo(json.dumps(pages[0] if rule else pages, ensure_ascii=False, indent=1))
    elif rule:
        typer.echo(f"# {chosen[0].name} ({chosen[0].code}, {chosen[0].severity})\n\n{chosen[0].page}")
    else:
        typer.echo(_table(chosen, "github" if format == "md" else "simple"))
    if format == "text":
        say([f"Next: cs-audit {_following(chosen[0]) if rule else 'rules RT101'}"], quiet=False)


def _following(rule: Any) -> str:
    """How to see the rule at work: a target is set in the configuration, a finding is looked for without one."""
    return "init FILE, which writes targets to edit" if rule.measures else f"run --select {rule.code}"


def _as_json(rule: Any) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "code": rule.code,
        "severity": rule.severity,
        "measures": rule.measures,
        "title": rule.title,
        "page": rule.page,
        "options": {name: str(each.annotation) for name, each in rule.options.items()},
    }


def _table(chosen: list[Any], style: str) -> str:
    from tabulate import tabulate  # noqa: PLC0415 - start-up time

    rows = [
        (each.code, each.name, each.severity, "target" if each.measures else "finding", each.title) for each in chosen
    ]
    return tabulate(rows, headers=["code", "rule", "severity", "kind", "sense"], tablefmt=style, disable_numparse=True)
