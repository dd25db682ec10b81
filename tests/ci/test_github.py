"""GitHub Actions: annotations that say what failed, and the report on the page of the run."""

import re
from pathlib import Path

import pytest

from cs_audit.audit.gate import exit_code
from cs_audit.ci import annotations, summary
from cs_audit.cli.guard import guarded
from cs_audit.reports.words import Words

DEMO = Path(__file__).parents[2] / "examples" / "quickstart" / "en" / "cs-audit.toml"
COMMAND = re.compile(
    r"::(error|warning) ((?:file|line|title)=[^:,\r\n]+(?:,(?:file|line|title)=[^:,\r\n]+)*)::([^\r\n]*)"
)


def lines(audit, language="en"):
    return annotations.lines(audit, Words(language, audit["method"]["timezone"]))


def parsed(line):
    """Level, properties and text of a command, as GitHub's runner takes them apart."""
    level, properties, text = COMMAND.fullmatch(line).groups()
    known = dict(each.split("=", 1) for each in properties.split(","))
    return level, {key: unescaped(value) for key, value in known.items()}, unescaped(text)


def unescaped(text):
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch):
    """These tests may run in GitHub Actions themselves."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def test_every_line_is_a_command_in_both_languages(big, demo, language):
    for audit in (big, demo):
        assert [parsed(line) for line in lines(audit, language)]


def test_there_are_at_most_nine_and_one_that_counts_the_rest(demo):
    told = [parsed(line) for line in lines(demo)]
    assert len(told) == 10
    missed = sum(each["met"] is False for each in demo["results"])
    rules = sum(bool(each["found"]) for each in demo["method"]["rules"])
    assert told[-1][2] == f"and {missed + rules - 9} more, see the report"


def test_errors_come_first_and_are_what_makes_the_run_fail(demo):
    levels = [parsed(line)[0] for line in lines(demo)]
    assert levels == sorted(levels)
    assert "error" in levels
    assert exit_code(demo, "high") == 1


def test_with_fail_on_never_nothing_is_an_error(demo):
    assert {parsed(line)[0] for line in lines({**demo, "fail_on": "never"})} == {"warning"}


def test_an_unreadable_row_is_marked_in_its_file(big):
    reject = big["rejected"]["listed"][0]
    level, properties, text = parsed(lines(big)[0])
    assert level == "error"
    assert properties == {"file": reject["file"], "line": str(reject["row"]), "title": "This audit is incomplete."}
    assert reject["value"] in text


def test_an_empty_audit_is_an_error(demo):
    demo["counts"]["judged"] = 0
    assert parsed(lines(demo)[0]) == ("error", {"title": "cs-audit"}, "Nothing was judged")


def test_nothing_wrong_is_no_line(demo):
    for each in demo["results"]:
        each["met"] = True
    for each in demo["method"]["rules"]:
        each.update(found=0, found_by={})
    assert lines(demo) == []


@pytest.mark.parametrize(
    "text", ["a\nb", "a\r\n::error::x", "100 %0A", "a:b,c=d", "::stop-commands::x", "\x1b[31m\u202e", "%25%2C"]
)
def test_strangers_texts_stay_in_their_annotation(big, text):
    reject = big["rejected"]["listed"][0]
    reject.update(file=text, column=text, value=text)
    for each in big["findings"]:
        each["ticket"] = text
    for each in big["results"]:
        each["policy"] = each["policy"] and text
    told = [parsed(line) for line in lines(big)]
    shown = annotations.clean.visible(text)
    assert told[0][1]["file"] == shown
    assert told[0][2].startswith(shown)
    assert any(properties["title"].endswith(f", {shown}") for _, properties, _ in told)


def run(tmp_path, *options):
    return guarded(["run", "-c", str(DEMO), "-o", str(tmp_path / "a.json"), "--no-sensitivity", *options])


def marked(told):
    return [line for line in told.splitlines() if COMMAND.fullmatch(line)]


def test_on_github_a_run_marks_and_writes_the_step_summary(tmp_path, capsys, monkeypatch):
    page = tmp_path / "summary.md"
    page.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    assert run(tmp_path) == 1
    captured = capsys.readouterr()
    assert len(marked(captured.err)) == 10
    assert captured.out == ""
    assert page.read_text("utf-8").startswith("before\n# 2 of 3 goals missed")


def test_elsewhere_it_marks_only_if_told_to(tmp_path, capsys, monkeypatch):
    run(tmp_path)
    assert not marked(capsys.readouterr().err)
    run(tmp_path, "--annotations", "github")
    assert marked(capsys.readouterr().err)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    run(tmp_path, "--annotations", "never")
    assert not marked(capsys.readouterr().err)


def test_a_quiet_success_writes_the_summary_and_prints_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert run(tmp_path, "-q", "--fail-on", "never") == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "summary.md").stat().st_size > 10_000


def test_a_summary_that_is_too_long_or_has_no_place_is_told_and_left_out(tmp_path):
    page = tmp_path / "summary.md"
    assert summary.append("a" * (summary.MOST - 1), page) == ""
    assert "1,048,577 bytes" in summary.append("", page)
    assert page.stat().st_size == summary.MOST
    assert "cannot be written" in summary.append("a", tmp_path)


def test_a_summary_that_cannot_be_written_changes_no_exit_code(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    assert run(tmp_path, "--fail-on", "never") == 0
    assert "cannot be written" in capsys.readouterr().err


def test_another_word_for_annotations_is_a_usage_error(tmp_path, capsys):
    assert run(tmp_path, "--annotations", "gitlab") == 2
    assert "--annotations" in capsys.readouterr().err
