"""`cs-audit compare` and `cs-audit run --baseline` as people and CI jobs use them."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from cs_audit import reports
from cs_audit.ci import annotations
from cs_audit.cli.guard import guarded
from cs_audit.compare import reasons
from cs_audit.reports import changes
from cs_audit.reports import comparison as told

CONFIG = """
[audit]
title = "Desk"
timezone = "UTC"
goal = {goal}
[sources.desk]
type = "csv"
path = "{messages}"
rows = "events"
timezone = "UTC"
columns = {{ ticket = "ticket", occurred_at = "at", author = "author", kind = "kind", status = "status", agent = "agent", channel = "channel" }}
[schedules.office]
timezone = "UTC"
hours = {{ mon-fri = "09:00-17:00" }}
holidays = ["none"]
[[policies]]
name = "Standard"
schedule = "office"
targets = {{ first_reply = "{limit}" }}
[rules]
select = ["first_reply", "unanswered", "closed_without_reply"]
"""
HOSTILE = "<script>alert(1)</script>|`@all`"


def messages(day, minutes):
    """Each ticket asked at 10:00, answered so many minutes later, or (None) never."""
    rows = ["ticket,at,author,kind,status,agent,channel"]
    for number, waited in enumerate(minutes, 1):
        name, agent = f"T-{day}-{number}", HOSTILE if number % 2 else "Ann"
        rows.append(f"{name},2026-10-{day:02}T10:00:00,requester,message,,,chat")
        if waited is not None:
            clock = f"{10 + waited // 60}:{waited % 60:02}:00"
            rows.append(f"{name},2026-10-{day:02}T{clock},agent,message,,{agent},chat")
    return rows


def desk(folder, days, *, limit="60m", goal=90, name="desk"):
    """A configuration over the tickets of some days."""
    rows = [row for day, minutes in days.items() for row in messages(day, minutes)]
    lines = [rows[0], *(row for row in rows if not row.startswith("ticket,"))]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    config = folder / f"{name}.toml"
    config.write_text(CONFIG.format(messages=f"{name}.csv", limit=limit, goal=goal), "utf-8")
    return config


def audited(config, to, *more):
    code = guarded(["run", "-c", str(config), "-q", "-o", str(to), "--as-of", "2026-10-30T17:00", *more])
    return code, json.loads(to.read_text("utf-8"))


FIRST = {5: [10, 50, 90, 30, None, 20]}
"""One day: of six tickets one was late at 60 minutes, and one has no answer."""


@pytest.fixture
def pair(tmp_path):
    """The same day judged with 60 and with 40 minutes: T-5-2 becomes late; and a day later T-6-1 is late too."""
    audited(desk(tmp_path, FIRST), tmp_path / "old.json")
    second = {**FIRST, 6: [70, 5]}
    audited(desk(tmp_path, second, limit="40m", name="second"), tmp_path / "new.json")
    return tmp_path / "old.json", tmp_path / "new.json"


def compared(pair, *more):
    return guarded(["compare", *map(str, pair), *more])


def test_two_small_audits_compare_as_counted_by_hand(pair, tmp_path):
    assert compared(pair, "-o", str(tmp_path / "c.json")) == 0
    made = json.loads((tmp_path / "c.json").read_text("utf-8"))
    whole = made["results"][0]
    assert [whole["old"]["percent"], whole["new"]["percent"]] == [66.6667, 50.0]
    assert (whole["difference"], whole["direction"], whole["basis"]) == (-16.6667, "unclear", "overlapping")
    late = made["breaches"][0]
    assert {row["ticket"]: row["state"] for row in late["rows"]} == {"T-5-2": "new", "T-6-1": "new"}
    assert (late["before"], late["same"], late["now"]) == (2, 2, 4)
    assert [each["place"] for each in made["differences"]] == [["Standard", "targets", "first_reply", "limit"]]
    unanswered = next(each for each in made["findings"] if each["rule"] == "unanswered")
    assert (unanswered["same"], unanswered["new"], unanswered["fixed"]) == (1, 0, 0)
    assert made["inputs"]["rows"] == [11, 15]


def test_without_an_output_the_comparison_is_on_stdout_with_the_next_command(pair, capsys):
    assert compared(pair) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    assert lines[1].startswith("The method changed")
    assert "first reply, limit: 1\xa0h → 40\xa0min" in lines[2]
    assert lines[-1].startswith("Next: cs-audit explain T-")


def test_a_comparison_on_stdout_leaves_everything_else_to_stderr(pair, capsys):
    compared(pair, "-o", "-", "-f", "json")
    captured = capsys.readouterr()
    assert json.loads(captured.out)["kind"] == "comparison"
    assert "Next: cs-audit" in captured.err


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_change_is_on_the_page_and_in_markdown_as_formatted_once(pair, tmp_path, language):
    compared(
        pair,
        "-o",
        str(tmp_path / "c.json"),
        "-o",
        str(tmp_path / "c.html"),
        "-o",
        str(tmp_path / "c.md"),
        "--language",
        language,
    )
    made = json.loads((tmp_path / "c.json").read_text("utf-8"))
    page, document = ((tmp_path / name).read_text("utf-8") for name in ("c.html", "c.md"))
    words = told.words_of(made, language)
    assert f'<html lang="{language}">' in page
    for each in made["results"]:
        for text in (
            changes.points(each["difference"], words),
            changes.edges(each["interval"], words),
            changes.lengths(each, "p90_seconds", words),
        ):
            assert text in page
            assert text in document
    for row in made["breaches"][0]["rows"]:
        assert row["ticket"] in page
        assert row["ticket"] in document


def test_strangers_words_do_not_act_in_a_comparison(pair, tmp_path):
    compared(pair, "-o", str(tmp_path / "c.html"), "-o", str(tmp_path / "c.md"))
    page, document = ((tmp_path / name).read_text("utf-8") for name in ("c.html", "c.md"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<script" not in document
    assert "|`@all`" not in document
    assert "default-src 'none'" in page


def test_the_same_audits_give_the_same_bytes_whatever_seed_zone_or_locale(pair, tmp_path):
    made = set()
    for seed, zone, lang in (("1", "Asia/Tokyo", "ru_RU.UTF-8"), ("2", "America/New_York", "C")):
        names = [tmp_path / f"{seed}.{form}" for form in ("html", "md", "json")]
        outputs = [part for name in names for part in ("-o", str(name))]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": lang}
        subprocess.run(
            [sys.executable, "-m", "cs_audit", "compare", *map(str, pair), *outputs],
            env=environment,
            check=True,
            capture_output=True,
        )
        made.add(tuple(name.read_bytes() for name in names))
    assert len(made) == 1


def test_compare_ends_with_1_only_where_asked_to(pair):
    old, new = pair
    assert compared((old, new)) == 0
    assert compared((old, new), "--fail-on", "low") == 0  # missed before, and not clearly worse
    assert compared((new, old), "--fail-on", "low") == 0
    assert compared((old, old), "--fail-on", "low") == 0


def test_compare_of_an_incomplete_or_empty_audit_never_ends_with_0(pair, tmp_path):
    old, new = pair
    audit = json.loads(new.read_text("utf-8"))
    for name, change, code in (
        ("part", {"complete": False}, 3),
        ("none", {"counts": {**audit["counts"], "judged": 0}}, 5),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps({**audit, **change}), "utf-8")
        assert compared((old, tmp_path / f"{name}.json"), "--fail-on", "high") == code


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (None, "cannot be read: No such file", "cs-audit run -o audit.json"),
        ("{", "is not valid JSON", "cs-audit run -o audit.json"),
        ("[1]", "is no audit", "cs-audit run -o audit.json"),
        ('{"schema_version": "1.0"}', "lacks version", "cs-audit run -o audit.json"),
        (
            '{"schema_version": "2.0"}',
            "has schema_version 2.0, and this version of cs-audit reads 1.x",
            "audit the same data again",
        ),
    ],
)
@pytest.mark.parametrize("command", ["compare", "run"])
def test_what_is_no_audit_gets_a_message_with_the_place_and_what_to_type(
    pair, tmp_path, capsys, text, message, hint, command
):
    odd = tmp_path / "odd.json"
    if text is not None:
        odd.write_text(text, "utf-8")
    words = (
        ["compare", str(odd), str(pair[1])]
        if command == "compare"
        else ["run", "-c", str(tmp_path / "desk.toml"), "-q", "--baseline", str(odd)]
    )
    assert guarded(words) == 2
    shown = capsys.readouterr().err
    assert f"{odd}: " in shown
    assert message in shown
    assert hint in shown


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["-o", "c.xml"], "no comparison can be written as .xml"),
        (["-o", "-", "-f", "csv"], "'csv' is no format of a comparison"),
        (["--fail-on", "grave"], "'grave' is no severity"),
        (["--language", "de"], "no language 'de'"),
    ],
)
def test_a_wrong_option_is_named(pair, capsys, more, message):
    assert compared(pair, *more) == 2
    assert message in capsys.readouterr().err


def test_people_who_are_hidden_in_one_audit_are_not_named_beside_it(pair, tmp_path, capsys):
    old, new = pair
    hidden = tmp_path / "hidden.json"
    hidden.write_text(json.dumps({**json.loads(new.read_text("utf-8")), "redacted": {"key": "k"}}), "utf-8")
    assert compared((old, hidden)) == 2
    assert "names people, and the newer audit hides them" in capsys.readouterr().err
    assert compared((hidden, old)) == 2


def test_another_reading_of_the_same_file_is_told_as_a_change_of_method(tmp_path, capsys):
    config = desk(tmp_path, FIRST)
    audited(config, tmp_path / "old.json")
    text = config.read_text("utf-8").replace(
        'channel = "channel" }',
        'channel = "channel" }\nvalues.author = { agent = "bot", clerk = "agent" }\nmissing = ["-"]',
    )
    text = text.replace(
        'timezone = "UTC"\ncolumns = { ticket', 'timezone = "Europe/Berlin"\ncolumns = { ticket'
    ).replace('status = "status", ', "")
    config.write_text(text + '[automatic]\nauthor_ids = ["robot-7"]\n', "utf-8")
    _, new = audited(config, tmp_path / "new.json")
    old = json.loads((tmp_path / "old.json").read_text("utf-8"))
    assert old["inputs"] == new["inputs"]
    assert old["fingerprint"] != new["fingerprint"]
    capsys.readouterr()
    assert compared((tmp_path / "old.json", tmp_path / "new.json")) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[1].startswith("The method changed")
    for line in (
        "Source desk, time zone: UTC → Europe/Berlin",
        "Source desk, columns.status: status → none",
        "Source desk, values.author: added",
        "Source desk, missing: none → -",
        "Not a person author_ids: none → robot-7",
    ):
        assert f"  {line}\n" in out
    words = {
        **new,
        "method": {
            **new["method"],
            "sources": {
                "renamed": {**new["method"]["sources"]["desk"], "values.author": ["agent = agent", "clerk = agent"]}
            },
        },
    }
    (tmp_path / "words.json").write_text(json.dumps(words), "utf-8")
    compared((tmp_path / "new.json", tmp_path / "words.json"))
    assert "  Source renamed, values.author, agent: bot → agent\n" in capsys.readouterr().out


def test_an_audit_that_does_not_tell_how_it_read_is_not_said_to_have_read_otherwise(pair, tmp_path, capsys):
    older = json.loads(pair[0].read_text("utf-8"))
    del older["method"]["sources"], older["method"]["automatic"]
    (tmp_path / "older.json").write_text(json.dumps(older), "utf-8")
    compared((tmp_path / "older.json", pair[1]))
    out = capsys.readouterr().out
    assert "limit: 1\xa0h → 40\xa0min" in out
    assert "Source" not in out
    assert "Not a person" not in out


def test_audits_whose_people_are_hidden_by_two_keys_are_not_compared(tmp_path, monkeypatch, capsys):
    config, told = desk(tmp_path, FIRST), {}
    for name in ("one", "other"):
        monkeypatch.setenv("CS_AUDIT_REDACT_KEY", f"a long key that is called {name}")
        told[name] = audited(config, tmp_path / f"{name}.json", "--redact")[1]["redacted"]["key"]
    assert told["one"] != told["other"]
    assert all(len(each) == 8 and "long" not in each for each in told.values())
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    capsys.readouterr()
    assert compared((one, other)) == 2
    assert "hides people by another key than the newer audit" in capsys.readouterr().err
    again = ["run", "-c", str(config), "-q", "-o", str(tmp_path / "again.json"), "--redact"]
    assert guarded([*again, "--baseline", str(one)]) == 2
    assert not (tmp_path / "again.json").exists()
    assert guarded([*again, "--baseline", str(other), "--fail-on", "never"]) == 0
    assert compared((other, tmp_path / "again.json")) == 0


def test_a_run_that_is_no_worse_than_its_baseline_passes_in_silence(tmp_path, capsys):
    config = desk(tmp_path, FIRST)
    assert audited(config, tmp_path / "a.json")[0] == 1
    capsys.readouterr()
    code, audit = audited(config, tmp_path / "b.json", "--baseline", str(tmp_path / "a.json"), "--fail-on", "low")
    assert (code, audit["comparison"]["differences"]) == (0, [])
    assert capsys.readouterr() == ("", "")


def test_a_run_fails_on_a_finding_that_its_baseline_does_not_have(tmp_path, capsys):
    audited(desk(tmp_path, FIRST), tmp_path / "a.json")
    capsys.readouterr()
    later = desk(tmp_path, {**FIRST, 6: [None]}, name="later")
    code, audit = audited(later, tmp_path / "b.json", "--baseline", str(tmp_path / "a.json"), "--fail-on", "medium")
    assert code == 1
    assert reasons(audit["comparison"], "medium") == [{"why": "findings", "rule": "unanswered", "number": 1}]
    assert "The run fails: unanswered: 1 new finding" in capsys.readouterr().err
    assert (
        audited(later, tmp_path / "c.json", "--baseline", str(tmp_path / "a.json"))[0] == 0
    )  # none is of high severity


def test_a_run_fails_on_a_goal_that_was_met(tmp_path):
    audited(desk(tmp_path, {5: [10, 20, 30]}), tmp_path / "a.json")
    code, audit = audited(
        desk(tmp_path, {5: [10, 20, 90]}, name="later"), tmp_path / "b.json", "--baseline", str(tmp_path / "a.json")
    )
    assert code == 1
    assert audit["comparison"]["results"][0]["turned"] == "missed"


def test_a_baseline_may_be_written_over_by_its_own_successor(tmp_path):
    config, file = desk(tmp_path, FIRST), tmp_path / "audit.json"
    first = audited(config, file)[1]
    code, second = audited(config, file, "--baseline", str(file))
    assert code == 0
    third = audited(config, file, "--baseline", str(file))[1]
    assert second == third
    assert {name: value for name, value in third.items() if name != "comparison"} == first


@pytest.mark.parametrize("worse", [False, True])
def test_junit_and_annotations_are_red_exactly_where_the_run_fails(tmp_path, worse):
    audited(desk(tmp_path, {5: [10, 90, None]}), tmp_path / "a.json")
    days = {5: [10, 90, None], **({6: [None, None]} if worse else {})}
    code, audit = audited(
        desk(tmp_path, days, name="later"),
        tmp_path / "b.json",
        "--baseline",
        str(tmp_path / "a.json"),
        "--fail-on",
        "medium",
    )
    root = ET.fromstring(reports.render(audit, "xml"))  # noqa: S314 - our own
    red = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert (code, red) == ((1, ["T-6-1", "T-6-2"]) if worse else (0, []))
    marks = annotations.lines(audit, told.words_of(audit["comparison"]))
    assert len(marks) > 1
    assert [each.startswith("::error title=Unanswered") for each in marks].count(True) == int(worse)
    assert [each.startswith("::error") for each in marks].count(True) == int(worse)


def test_the_report_shows_the_change_in_each_tile_and_a_part_of_its_own(tmp_path):
    audited(desk(tmp_path, {5: [10, 20, 30]}), tmp_path / "a.json")
    _, audit = audited(
        desk(tmp_path, {5: [10, 20, 90]}, name="later"), tmp_path / "b.json", "--baseline", str(tmp_path / "a.json")
    )
    page = reports.render(audit, "html")
    assert "since the last audit" in page
    assert page.index('id="compared"') < page.index('id="differences"') < page.index('id="table-title"')
    assert "## Compared with the baseline" in reports.render(audit, "md")
    alone = {name: value for name, value in audit.items() if name != "comparison"}
    assert "since the last audit" not in reports.render(alone, "html")
    assert "Compared with" not in reports.render(alone, "md")
