"""Every mistake on the command line is named by its option, with what to type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bad_input.cases import RUN, Case, check, options, put

OPTIONS = [
    options("a configuration that is not there", 2, (*RUN, "-c", "nowhere.toml"), "nowhere.toml", "cannot be read", "cs-audit init"),
    options("a configuration that is a folder", 2, (*RUN, "-c", "."), "cannot be read", "hint:"),
    options("an unknown zone", 2, (*RUN, "--timezone", "Moscow"), "--timezone", "not a time zone", "Europe/Moscow"),
    options("a date that is none", 2, (*RUN, "--since", "last week"), "--since", "'last week' is no date", "2026-10-31"),
    options("an impossible date", 2, (*RUN, "--until", "2026-02-30"), "--until", "hint:"),
    options("an impossible cut-off", 2, (*RUN, "--as-of", "2026-13-01"), "--as-of", "hint:"),
    options("a window that ends before it begins", 2, (*RUN, "--since", "2026-02-01", "--until", "2026-01-01"), "--until", "before", "hint:"),
    options("an unknown format", 2, (*RUN, "-f", "pdf"), "--format", "'pdf' is no format"),
    options("an unknown suffix of a report", 2, ("run", "-o", "report.pdf"), "-o report.pdf", ".html"),
    options("a report without a suffix", 2, ("run", "-o", "report"), "-o report", ".html"),
    options("a report that is a folder", 2, ("run", "-o", "."), "-o ."),
    options("a report that cannot be written", 2, ("run", "-o", "desk.csv/report.html"), "-o desk.csv/report.html", "cannot be written", "hint:"),
    options("verdicts of an unknown type", 2, (*RUN, "--verdicts", "v.xlsx"), "--verdicts", ".csv", "hint:"),
    options("findings of an unknown type", 2, (*RUN, "--findings", "f"), "--findings", ".csv", "hint:"),
    options("verdicts that cannot be written", 2, (*RUN, "--verdicts", "desk.csv/v.csv"), "desk.csv/v.csv", "cannot be written"),
    options("an unknown severity", 2, (*RUN, "--fail-on", "sometimes"), "--fail-on", "high, medium, low, never"),
    options("an unknown engine", 2, (*RUN, "--engine", "abacus"), "--engine", "local"),
    options("an unknown language", 2, (*RUN, "--language", "de"), "--language", "en or ru"),
    options("an unknown rule to select", 2, (*RUN, "--select", "frist_reply"), "did you mean 'first_reply'?"),
    options("an unknown rule to ignore", 2, (*RUN, "--ignore", "RT999"), "RT999", "cs-audit rules"),
    options("an unknown option", 2, (*RUN, "--outptu", "x"), "--outptu"),
    options("an unknown command", 2, ("runn",), "runn"),
    options("an unknown rule to show", 2, ("rules", "frist_reply"), "did you mean 'first_reply'?"),
    options("an unknown format of rules", 2, ("rules", "--format", "html"), "--format", "text, json, md"),
    options("an unknown ticket", 2, ("explain", "T-99"), "T-99", "hint:"),
    options("an unknown rule to explain", 2, ("explain", "T-1", "frist_reply"), "did you mean 'first_reply'?"),
    options("an unknown schedule", 2, ("schedule", "show", "ofice"), "there is no schedule 'ofice'", "office"),
    options("an end before its start", 2, ("schedule", "between", "office", "2026-01-02T10:00", "2026-01-01T10:00"), "the end comes before the start"),
    options("a time that is none", 2, ("schedule", "between", "office", "now", "later"), "'now' is no time", "hint:"),
    options("a duration that is none", 2, ("schedule", "add", "office", "2026-01-02T10:00", "soon"), "'soon' is not a duration", "hint:"),
    options("a year beyond reason", 2, ("schedule", "show", "office", "--year", "0"), "--year: 0 is beyond", "hint: write a year"),
    options("vectors that are not there", 2, ("schedule", "check", "nowhere.jsonl"), "nowhere.jsonl", "cannot be read", "hint:"),
    options("vectors that are broken", 2, ("schedule", "check", "desk.csv"), "desk.csv, line 1", "hint:"),
    options("an audit that is not there", 2, ("report", "nowhere.json"), "nowhere.json", "cannot be read", "hint:"),
    options("an audit that is no JSON", 2, ("report", "desk.csv"), "desk.csv", "is not valid JSON", "hint:"),
    options("a configuration that is there already", 2, ("init", "desk.csv"), "cs-audit.toml: is there already", "--force"),
    options("init of a missing file", 4, ("init", "nowhere.csv", "--stdout"), "nowhere.csv: there is no such file"),
    options("init of an unknown zone", 2, ("init", "--stdout", "--timezone", "Moscow"), "--timezone", "Europe/Moscow"),
    Case("JSON that is no audit", 2, ("x.json", "no audit that this version can read", "hint:"), lambda: put("x.json", "{}"), ("report", "x.json")),
    Case("an audit of a later version", 2, ("x.json", "no audit that this version can read"), lambda: put("x.json", json.dumps({"schema_version": "2.0"})), ("report", "x.json")),
    Case("an audit with parts missing", 2, ("x.json", "hint:"), lambda: put("x.json", json.dumps({"schema_version": "1.0"})), ("report", "x.json")),
    Case("a vector without its parts", 2, ("v.jsonl, line 1", "calendar"), lambda: put("v.jsonl", '{"id": 1}\n'), ("schedule", "check", "v.jsonl")),
    Case("a vector of an unknown operation", 2, ("v.jsonl, line 1", "op"), lambda: put("v.jsonl", '{"id": "1", "calendar": {"tz": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}}, "op": "guess", "start": "2026-01-01T00:00:00Z"}\n'), ("schedule", "check", "v.jsonl")),
    Case("a vector of an unknown zone", 2, ("v.jsonl, line 1", "Mars"), lambda: put("v.jsonl", '{"id": "1", "calendar": {"tz": "Mars", "weekly": {"mon": [["09:00", "17:00"]]}}, "op": "is_open", "start": "2026-01-01T00:00:00Z", "expected": true}\n'), ("schedule", "check", "v.jsonl")),
]  # fmt: skip


@pytest.mark.parametrize("case", OPTIONS, ids=lambda case: case.name)
def test_a_mistake_is_named_by_its_option(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    check(case, capsys)
