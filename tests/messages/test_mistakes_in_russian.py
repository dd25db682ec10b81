"""Mistakes made on purpose, told in both languages: the same mistake, and all of it in the language asked for.

One mistake in five is tried here; all of them with `CS_AUDIT_EVERY_MISTAKE=1 pytest tests/messages`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from bad_input.cases import Case
from bad_input.test_bad_config import CONFIGS
from bad_input.test_bad_files import FILES, ROWS
from bad_input.test_bad_options import OPTIONS
from sources.runner import run

STEP = 1 if os.environ.get("CS_AUDIT_EVERY_MISTAKE") else 5
TYPERS_OWN = ("an unknown option", "an unknown command")
MISTAKES = [each for each in (*CONFIGS, *FILES, *ROWS, *OPTIONS) if each.name not in TYPERS_OWN][::STEP]
CYRILLIC = re.compile("[а-яё]")
ENGLISH = re.compile(r"\b(the|is|no|not|write|known|like|must|has|did|you|mean|there|give|check)\b")
"""Words that no key, option or command of cs-audit is made of."""


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case.name)
def test_a_mistake_is_told_in_the_language_of_whoever_made_it(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    case.make()
    monkeypatch.setenv("LC_ALL", "C")
    english = run(capsys, *case.arguments)
    for name in ("out.json", "out.md"):
        Path(name).unlink(missing_ok=True)
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    russian = run(capsys, *case.arguments)
    assert russian.code == english.code == case.code
    assert [each for each in case.says if each not in english.err] == []
    assert not CYRILLIC.search("".join(told(english.err)))
    assert len(told(english.err)) == len(told(russian.err)) >= (case.code != 5)
    for line, original in zip(told(russian.err), told(english.err), strict=True):
        assert CYRILLIC.search(line), line
        assert ("{" in line) <= ("{" in original), line
        assert not ENGLISH.search(without_quotations(line)), line


def told(text: str) -> list[str]:
    """What happened and what to do, after an error; and rows that could not be read."""
    lines = text.splitlines()
    places = [index for index, line in enumerate(lines) if line.startswith("error[")]
    rows = [line for line in lines if re.match(r"\S+, (row|строка) \d+: ", line)]
    return [*(line for index in places for line in lines[index : index + 2]), *rows]


def without_quotations(line: str) -> str:
    """A line without what is typed or quoted as it is: in quotation marks, brackets, or as a path."""
    return re.sub(r"«[^»]*»|\"[^\"]*\"|'[^']*'|`[^`]*`|\([^()]*\)|\[[^\]]*\]|\S*[./=]\S*", "", line)
