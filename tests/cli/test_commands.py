"""The commands as people and cron jobs use them."""

import csv
import json
from pathlib import Path

import pytest

from cs_audit.cli.guard import guarded

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "quickstart" / "en" / "cs-audit.toml"


def test_demo_ends_with_0_once_its_report_is_written(tmp_path, capsys):
    assert guarded(["demo", "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"report.html", "report.md", "audit.json"}
    assert "report.html" in capsys.readouterr().out


def test_run_ends_with_1_when_a_goal_is_missed(tmp_path):
    assert guarded(["run", "-c", str(DEMO), "-o", str(tmp_path / "a.json")]) == 1


def test_goals_do_not_count_with_fail_on_never(tmp_path):
    assert guarded(["run", "-c", str(DEMO), "-o", str(tmp_path / "a.json"), "--fail-on", "never"]) == 0


def test_quiet_run_prints_nothing_on_success(tmp_path, capsys):
    guarded(["run", "-c", str(DEMO), "-q", "--fail-on", "never", "-o", str(tmp_path / "a.json")])
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_report_on_stdout_leaves_everything_else_to_stderr(capsys):
    guarded(["run", "-c", str(DEMO), "-o", "-", "-f", "json"])
    captured = capsys.readouterr()
    assert json.loads(captured.out)["schema_version"] == "1.0"
    assert "first reply" in captured.err.lower() or "first_reply" in captured.err


def test_window_without_any_wait_ends_with_5(tmp_path):
    assert guarded(["run", "-c", str(DEMO), "--since", "2030-01-01", "-q", "-o", str(tmp_path / "a.json")]) == 5


def test_same_input_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        guarded(["run", "-c", str(DEMO), "-q", *outputs(tmp_path / name)])
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def outputs(folder):
    reports = [part for name in ("a.html", "a.md", "a.json", "a.csv", "a.xml") for part in ("-o", str(folder / name))]
    return [*reports, "--verdicts", str(folder / "v.csv"), "--findings", str(folder / "f.jsonl")]


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited")
    guarded(["run", "-c", str(DEMO), "-q", *outputs(folder)])
    verdicts = list(csv.DictReader((folder / "v.csv").read_text("utf-8").splitlines()))
    findings = [json.loads(line) for line in (folder / "f.jsonl").read_text("utf-8").splitlines()]
    return json.loads((folder / "a.json").read_text("utf-8")), verdicts, findings


def test_every_ticket_read_is_judged_or_counted_with_a_reason(audited):
    audit, verdicts, _ = audited
    counts = audit["counts"]
    assert counts["tickets"] == counts["judged"] + sum(counts["not_judged"].values())
    assert counts["tickets"] == len({row["ticket"] for row in verdicts}) == 260


def test_results_are_sums_of_the_verdicts(audited):
    audit, verdicts, _ = audited
    for result in audit["results"]:
        rows = [row for row in verdicts if row["rule"] == result["rule"] and result["policy"] in (None, row["policy"])]
        for outcome in ("achieved", "breached", "active"):
            assert result[outcome] == sum(row["outcome"] == outcome for row in rows)


def test_verdicts_have_the_promised_columns(audited):
    _, verdicts, _ = audited
    promised = (
        "rule code ticket began_at ended_at due_at elapsed_seconds limit_seconds clock outcome reason policy schedule "
        "channel team agent priority source url"
    )
    more = "paused_seconds otherwise"
    assert list(verdicts[0]) == [*promised.split(), *more.split()]


def test_achieved_means_elapsed_within_the_limit(audited):
    _, verdicts, _ = audited
    judged = [row for row in verdicts if row["outcome"] in ("achieved", "breached") and row["limit_seconds"]]
    assert judged
    for row in judged:
        assert (float(row["elapsed_seconds"]) <= float(row["limit_seconds"])) == (row["outcome"] == "achieved"), row


def test_findings_have_the_promised_columns(audited):
    _, _, findings = audited
    promised = "rule code severity ticket occurred_at message related evidence channel team agent source url"
    assert list(findings[0]) == promised.split()
    assert {each["rule"] for each in findings} >= {"reopened", "unanswered", "closed_without_reply"}


def test_report_renders_a_finished_audit_again_without_its_data(tmp_path):
    guarded(["run", "-c", str(DEMO), "-q", "-o", str(tmp_path / "a.json"), "-o", str(tmp_path / "a.html")])
    assert guarded(["report", str(tmp_path / "a.json"), "-o", str(tmp_path / "b.html")]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_explain_names_the_events_and_the_sum(form, capsys):
    assert guarded(["explain", "T-1009", "-c", str(DEMO), "--format", form]) == 0
    shown = capsys.readouterr().out
    assert "T-1009" in shown
    assert "first_reply" in shown or "RT101" in shown


def test_explained_numbers_are_those_of_the_verdicts(audited, capsys):
    _, verdicts, _ = audited
    for ticket in sorted({row["ticket"] for row in verdicts if row["outcome"] == "breached"})[:8]:
        guarded(["explain", ticket, "-c", str(DEMO), "--format", "json"])
        told = json.loads(capsys.readouterr().out)
        mine = sorted((each["rule"], each["outcome"], each["elapsed_seconds"]) for each in told["verdicts"])
        theirs = sorted(
            (row["rule"], row["outcome"], float(row["elapsed_seconds"])) for row in verdicts if row["ticket"] == ticket
        )
        assert mine == theirs
        for each in told["verdicts"]:
            assert sum(part.get("seconds", 0) for part in each["stretches"]) == each["elapsed_seconds"]


def test_explain_offers_the_nearest_ticket(capsys):
    assert guarded(["explain", "T-10090", "-c", str(DEMO)]) == 2
    assert "T-1009" in capsys.readouterr().err


def test_rules_prints_one_rule_as_a_page(capsys):
    assert guarded(["rules", "RT101"]) == 0
    assert "## What counts" in capsys.readouterr().out


def test_schedule_adds_and_measures_working_time(capsys):
    guarded(["schedule", "add", "office", "2026-10-30T12:30", "60m", "-c", str(DEMO)])
    guarded(["schedule", "between", "office", "2026-10-30T12:00", "2026-11-02T10:00", "-c", str(DEMO)])
    shown = capsys.readouterr().out
    assert "2026-11-02T09:30:00+01:00" in shown
    assert "7200 seconds" in shown


def test_schedule_shows_the_days_that_differ(capsys):
    assert guarded(["schedule", "show", "office", "--year", "2026", "-c", str(DEMO)]) == 0
    shown = capsys.readouterr().out
    assert "2026-10-30 fri  09:00-13:00" in shown
    assert "2026-12-25 fri  closed" in shown
