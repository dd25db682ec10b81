"""Every command ends with the one to try next, and that one is known to the program; -q is silent on success."""

import json
import shlex

import pytest
from example_commands import parse
from small_desk import CONFIG, EVENTS

from cs_audit.cli.guard import guarded

COMMANDS = [
    ["demo"],
    ["init", "desk.csv", "--stdout"],
    ["init", "desk.csv", "--force"],
    ["run"],
    ["run", "desk.csv", "--timezone", "UTC", "-o", "x.html"],
    ["run", "--until", "2020-01-01"],
    ["explain", "T-2"],
    ["report", "a.json", "-o", "again.html"],
    ["compare", "a.json", "a.json"],
    ["compare", "a.json", "a.json", "-o", "changes.md"],
    ["rules"],
    ["rules", "RT101"],
    ["rules", "FL201"],
    ["schedule", "show", "24/7"],
    ["schedule", "between", "24/7", "2026-10-01T10:00", "2026-10-01T11:00"],
    ["schedule", "add", "24/7", "2026-10-01T10:00", "60m"],
    ["doctor", "--offline"],
]


@pytest.fixture(autouse=True)
def _desk(tmp_path, monkeypatch):
    """A folder with a small desk and its audit, in which the commands are run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    (tmp_path / "desk.csv").write_text(EVENTS, "utf-8")
    (tmp_path / "cs-audit.toml").write_text(CONFIG, "utf-8")
    guarded(["run", "-q", "--no-sensitivity", "-o", "a.json"])


@pytest.mark.parametrize("command", COMMANDS, ids=shlex.join)
def test_a_command_names_the_next_one_and_the_program_knows_it(capsys, command):
    capsys.readouterr()
    guarded(command)
    told = capsys.readouterr()
    (line,) = [each for each in (told.out + told.err).splitlines() if "Next: " in each]
    following = line.partition("Next: ")[2].replace("`", "").replace("LATER.json", "a.json")
    words = shlex.split(following.partition("cs-audit ")[2].partition(",")[0].partition(" writes")[0])
    assert words, line
    parse(words)


@pytest.mark.parametrize("command", [["explain", "T-2", "--format", "json"], ["rules", "--format", "json"]])
def test_what_is_for_programs_has_no_next(capsys, command):
    capsys.readouterr()
    guarded(command)
    told = capsys.readouterr()
    assert json.loads(told.out)
    assert told.err == ""


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--fail-on", "never"],
        ["run", "desk.csv", "--timezone", "UTC", "--fail-on", "never"],
        ["report", "a.json", "-o", "b.html"],
        ["compare", "a.json", "a.json", "-o", "changes.md"],
    ],
    ids=shlex.join,
)
def test_quiet_success_prints_nothing(capsys, command):
    capsys.readouterr()
    assert guarded([*command, "-q"]) == 0
    assert capsys.readouterr() == ("", "")
