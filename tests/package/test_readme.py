"""The README says what the program says. `REFRESH=1 pytest tests/package/test_readme.py` writes the options anew."""

import os
import re
from pathlib import Path

import typer
from readme_options import BEGIN, END, commands, options

from cs_audit.audit import gate
from cs_audit.cli import guard
from cs_audit.cli.app import app
from cs_audit.errors import ConfigError, SourceError, UsageError
from cs_audit.store.errors import StoreHeldError

README = Path(__file__).parents[2] / "README.md"


def text():
    return README.read_text("utf-8")


def test_readme_lists_the_options_that_the_program_has():
    before, _, rest = text().partition(BEGIN)
    told, _, after = rest.partition(END)
    assert after
    if os.environ.get("REFRESH"):
        README.write_text(before + BEGIN + options() + END + after, "utf-8")
        told = options()
    assert told == options()


def test_every_option_says_what_it_means():
    for name, command in commands(typer.main.get_command(app), "cs-audit"):
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"


def test_readme_tells_of_every_command_and_of_no_other():
    table = re.findall(r"^\| `cs-audit (\w+)[^`]*` \| (?!`-)", text().partition("<details>")[0], re.MULTILINE)
    assert sorted(table) == sorted(typer.main.get_command(app).commands)


def test_readme_lists_the_exit_codes_that_there_are():
    listed = [int(each) for each in re.findall(r"^\| (\d+) \| ", text(), re.MULTILINE)]
    known = {gate.OK, gate.MISSED, gate.INCOMPLETE, gate.NOTHING, guard.BROKEN, guard.INTERRUPTED}
    errors = (ConfigError, UsageError, SourceError, StoreHeldError)
    assert listed == sorted(known | {each.exit_code for each in errors})
