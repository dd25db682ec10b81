"""Every command with its options, as the program declares them, for the README."""

from collections.abc import Iterator
from typing import Any

import typer

from cs_audit.cli.app import app

BEGIN, END = "<!-- options: begin -->\n", "<!-- options: end -->"


def options() -> str:
    """One table for all commands, in the order of `cs-audit --help`."""
    rows = ["| command | option | meaning |", "|---|---|---|"]
    for name, command in commands(typer.main.get_command(app), "cs-audit"):
        first = f"`{name}`"
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.name != "help":
                rows.append(f"| {first} | {_names(parameter)} | {_cell(parameter.help or '')} |")
                first = ""
    return "\n".join(rows) + "\n"


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The commands that do something, with their whole names."""
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
    for key, each in (below or {}).items():
        yield from commands(each, f"{name} {key}")


def _names(parameter: Any) -> str:
    return ", ".join(f"`{each}`" for each in sorted([*parameter.opts, *parameter.secondary_opts], key=len))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
