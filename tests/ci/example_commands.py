"""Every `cs-audit ...` of the examples, found in shell scripts, unit files, YAML and documents."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import typer
from ruamel.yaml import YAML

from cs_audit.cli.app import app

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "ci"
_ENDS = {"&&", "||", ";", "|", "&", ")", "(", ">", ">>"}
_FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def yaml(name: str) -> list:
    """The documents of an example."""
    return list(YAML(typ="safe", pure=True).load_all((EXAMPLES / name).read_text("utf-8")))


def scripts(value: object) -> Iterator[str]:
    """The shell scripts in a YAML document: `run` and `script`, and the `args` of a container as one line."""
    if isinstance(value, list):
        for each in value:
            yield from scripts(each)
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("run", "script"):
                yield each if isinstance(each, str) else "\n".join(each)
            elif key == "args":
                yield shlex.join(["cs-audit", *each])
            else:
                yield from scripts(each)


def commands(script: str) -> Iterator[list[str]]:
    """The arguments of each cs-audit in a shell script; variables are words as they stand."""
    for line in script.replace("\\\n", " ").replace("\\%", "%").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="();&|<>")
        lexer.whitespace_split, lexer.commenters = True, "#"
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word not in _ENDS:
                words.append(word)
            elif words:
                if Path(words[0]).name == "cs-audit":
                    yield words[1:]
                words = []


def jobs(crontab: str) -> list[tuple[list[str], str]]:
    """The five fields and the command of each line that is a job."""
    lines = [line for line in crontab.splitlines() if line.strip() and not line.startswith("#")]
    found = [line.split(None, 5) for line in lines if not re.match(r"[A-Z]+=", line)]
    return [(parts[:5], parts[5]) for parts in found]


def all_commands() -> Iterator[tuple[str, list[str]]]:
    """Where each command stands, and its arguments."""
    for _, job in jobs((EXAMPLES / "crontab").read_text("utf-8")):
        yield from (("crontab", each) for each in commands(job))
    for line in (EXAMPLES / "cs-audit.service").read_text("utf-8").splitlines():
        if line.startswith("ExecStart="):
            yield from (("cs-audit.service", each) for each in commands(line.removeprefix("ExecStart=")))
    for name in ("action.yml", "github.yml", "gitlab.yml", "kubernetes.yaml"):
        for script in scripts(yaml(name)):
            yield from ((name, each) for each in commands(script))
    for script in _FENCE.findall((ROOT / "README.md").read_text("utf-8")):
        yield from (("README.md", each) for each in commands(script))


def parse(arguments: list[str]) -> None:
    """Let the program's own parser read a command, without running it."""
    group = typer.main.get_command(app)
    context = group.make_context("cs-audit", list(arguments), resilient_parsing=False)
    while hasattr(group, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        name, group, left = group.resolve_command(context, rest)
        context = group.make_context(name, left, parent=context)
