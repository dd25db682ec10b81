"""What messages say stays out of reports, but for short quotes, unless it is asked for."""

import json

import pytest
import wordy

from cs_audit.cli.guard import guarded

QUESTION = "How many days do I have to return an item?"
ANSWER = "You can return an item within"
LONG = "very " * 400


def run(folder, *options):
    outputs = [part for end in ("html", "md", "csv", "json", "xml") for part in ("-o", str(folder / f"a.{end}"))]
    guarded(["run", "-c", str(folder / "cs-audit.toml"), "-q", *outputs, *options])
    return {path.suffix: path.read_text("utf-8") for path in folder.glob("a.*")}


@pytest.fixture
def folder(tmp_path):
    wordy.write(tmp_path)
    file = tmp_path / "messages.csv"
    file.write_text(file.read_text("utf-8").replace("How long does a refund take?", f"{LONG}long refund?"), "utf-8")
    return tmp_path


def test_without_show_text_no_report_holds_what_requesters_wrote(folder):
    for suffix, text in run(folder).items():
        assert QUESTION not in text, suffix
        assert LONG[:50] not in text, suffix


def test_quotes_of_what_agents_said_are_the_evidence_of_findings(folder):
    made = run(folder)
    assert ANSWER in made[".html"]
    assert not any("text" in event for events in json.loads(made[".json"])["histories"].values() for event in events)


def test_with_show_text_timelines_show_what_was_said_up_to_a_length(folder):
    made = run(folder, "--show-text")
    assert QUESTION in made[".html"] or LONG[:600].strip() in made[".html"]
    said = [
        event["text"]
        for events in json.loads(made[".json"])["histories"].values()
        for event in events
        if "text" in event
    ]
    assert said
    assert max(map(len, said)) == 601
    assert "long refund?" not in made[".html"]
    assert LONG[:600] not in made[".md"]


def test_with_show_text_no_verdict_changes(folder):
    results = [json.loads(run(folder, *options)[".json"]) for options in ((), ("--show-text",))]
    assert results[0]["results"] == results[1]["results"]
    assert results[0]["fingerprint"] == results[1]["fingerprint"]


def test_texts_are_shown_though_no_rule_reads_them_and_then_without_markup_and_quotes(tmp_path):
    config = wordy.write(tmp_path)
    config.write_text(config.read_text("utf-8") + '[rules]\nselect = ["first_reply"]\n', "utf-8")
    file = tmp_path / "messages.csv"
    file.write_text(file.read_text("utf-8").replace("How many", "<p>How <b>many</b></p>"), "utf-8")
    made = run(tmp_path, "--show-text")
    assert "&lt;b&gt;" not in made[".html"]
    assert QUESTION in made[".html"]
