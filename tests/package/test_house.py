"""The rules of the house: types, style, start-up, sizes, and documents that agree with the code."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"polars", "numpy", "httpx", "jinja2", "babel", "holidays", "dateutil", "python_calamine", "tabulate"}


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)


def test_types_are_strictly_sound():
    done = python("-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_style_is_clean():
    done = python("-m", "ruff", "check", ".")
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_start_up_loads_nothing_heavy(option):
    code = (
        "import sys, json\n"
        f"sys.argv = ['cs-audit', {option!r}]\n"
        "from cs_audit.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = python("-c", code)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & HEAVY


def test_modules_and_functions_stay_small():
    long_modules, lengths = [], {}
    for path in sorted((ROOT / "cs_audit").rglob("*.py")):
        text = path.read_text("utf-8")
        if text.count("\n") > 250:
            long_modules.append(path.name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                doc = ast.get_docstring(node, clean=False)
                lines = node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
                lengths[f"{path.name}:{node.name}"] = lines
    assert not long_modules
    assert {name: length for name, length in lengths.items() if length > 40} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 8


def test_tests_measure_no_time():
    """A busy machine must not turn a test red: times are the benchmarks', which compare runs side by side."""
    clocks = re.compile("perf_counter|process_time|timeit|getrusage")
    tests = [
        path for path in (ROOT / "tests").rglob("*.py") if "bench" not in path.parts and path.name != "test_house.py"
    ]
    assert [path.name for path in tests if clocks.search(path.read_text("utf-8"))] == []


def test_readme_promises_the_command_that_ci_runs():
    readme = (ROOT / "README.md").read_text("utf-8")
    command = re.search(r"^pip install -e '\.\[test\]' && pytest$", readme, re.MULTILINE)
    assert command
    assert command[0] in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


def test_readme_rule_table_is_the_one_the_program_prints():
    done = python("-m", "cs_audit", "rules", "--format", "md")
    assert done.stdout.strip() in (ROOT / "README.md").read_text("utf-8")


def test_changelog_is_kept():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in text
    assert "**Rule changes**" in text
