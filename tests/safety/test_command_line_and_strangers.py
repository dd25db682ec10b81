"""A desk whose every field tries to act, from its file through all commands and outputs."""

import csv
import io
import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from xml.dom import minidom

import hostile
import polars as pl
import pytest

from cs_audit.cli.guard import guarded
from cs_audit.reports import clean

UNSEEN = re.compile(f"[{clean.UNSEEN}\ud800-\udfff]")
COMMAND = re.compile(r"(?m)^\s*::|##(vso|teamcity)?\[")
TEXTS = hostile.payloads()
FREE = ("author_id", "requester", "organization", "tags", "subject", "text", "url", "team", "agent", "channel_detail")
COLUMNS = ("ticket", "occurred_at", "kind", "author", "channel", "status", *FREE)
CONFIG = """
[audit]
title = TITLE
[sources.desk]
type = "jsonl"
path = "desk.jsonl"
rows = "events"
columns = { COLUMNS }
[schedules.office]
hours = { mon-fri = ["09:00-18:00"] }
[[policies]]
name = TITLE
schedule = "office"
targets = { first_reply = "1h", resolution = "2h" }
[[ignore]]
rule = "first_reply"
ticket = TITLE
reason = TITLE
until = 2027-12-31
"""
REPORTS = ("a.html", "a.md", "a.csv", "a.json", "a.xml")


def rows(text):
    free = dict.fromkeys(FREE, text)
    base = {"ticket": text, **free}
    yield {**base, "occurred_at": "2026-03-02T09:00:00Z", "kind": "message", "author": "requester", "channel": "email"}
    yield {**base, "occurred_at": "2026-03-02T15:00:00Z", "kind": "message", "author": "agent", "channel": "email"}
    yield {**base, "occurred_at": text, "kind": text, "author": text, "channel": text, "ticket": f"rejected {text}"}
    yield {**base, "occurred_at": "2026-03-02T16:00:00Z", "kind": "status", "author": "agent", "status": "solved"}
    yield {**base, "occurred_at": "2026-03-03T09:00:00Z", "kind": "message", "author": "requester", "channel": "email"}


@pytest.fixture(scope="module")
def desk_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    lines = [json.dumps(row) for text in TEXTS for row in rows(text)]
    (folder / "desk.jsonl").write_text("\n".join(lines), "utf-8")
    title = json.dumps("::error::x ##[group]y \u001b[31m =1+1 <b> \u202e".replace("\u001b", "\\e"), ensure_ascii=True)
    columns = ", ".join(f'{name} = "{name}"' for name in COLUMNS)
    (folder / "cs-audit.toml").write_text(CONFIG.replace("TITLE", title).replace("COLUMNS", columns), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(desk_folder):
    """The folder of everything a run writes, and what it says."""
    outputs = [part for name in REPORTS for part in ("-o", str(desk_folder / name))]
    more = ["--verdicts", str(desk_folder / "v.csv"), "--findings", str(desk_folder / "f.csv"), "-v"]
    told = said("run", "-c", str(desk_folder / "cs-audit.toml"), *outputs, *more)
    assert told[0] == 3  # some rows are rejected
    return desk_folder, told


def said(*arguments):
    """The exit code, stdout and stderr of a command."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = guarded(list(arguments))
    return code, out.getvalue(), err.getvalue()


def quiet(text):
    """What in a text would steer a terminal, or order a pipeline about."""
    return UNSEEN.findall(text) + COMMAND.findall(text)


def test_what_a_run_says_neither_steers_the_terminal_nor_orders_a_pipeline_about(made):
    _, (_, out, err) = made
    assert out == ""
    assert "rejected" in err or "could not be read" in err
    assert not quiet(err)


def test_every_report_is_whole_and_inert(made):
    folder, _ = made
    audit = json.loads((folder / "a.json").read_text("utf-8"))
    assert audit["counts"]["tickets"] > len(TEXTS)
    assert audit["findings"]
    minidom.parseString((folder / "a.xml").read_bytes())  # noqa: S318 - our own
    for name in REPORTS:
        text = (folder / name).read_text("utf-8").replace("\u2060", "" if name == "a.md" else "\u2060")
        assert not UNSEEN.search(text), name
        assert not re.search(r"(?m)^\s*(::|##\w*\[)", text), name


def test_annotations_are_the_only_commands_to_a_pipeline_and_each_is_whole(desk_folder):
    arguments = ("-o", str(desk_folder / "n.json"), "--annotations", "github")
    _, out, err = said("run", "-c", str(desk_folder / "cs-audit.toml"), *arguments)
    lines = (out + err).splitlines()
    commands = [line for line in lines if COMMAND.search(line)]
    assert 0 < len(commands) <= 20
    for line in commands:
        assert re.match(r"::(error|warning|notice) [^:]*::[^:]?", line), line
        assert not UNSEEN.search(line)
        assert not re.search(r"##(vso|teamcity)?\[", line)


@pytest.mark.parametrize("name", ["a.csv", "v.csv", "f.csv"])
def test_no_cell_of_a_file_computes_steers_or_breaks_the_line(made, name):
    text = (made[0] / name).read_text("utf-8")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert len(cells) > 100
    assert not [each for each in cells if re.match(r"[\s\x00]*[=+@＝＋－＠−]|[\s\x00]*-(?![\d.]+$)", each)]
    assert not UNSEEN.search(text)
    assert text.count("\n") == len(list(csv.reader(io.StringIO(text))))


def test_verdicts_and_findings_as_json_lines_hold_the_texts_as_they_were(desk_folder):
    more = ["--verdicts", str(desk_folder / "v.jsonl"), "--findings", str(desk_folder / "f.jsonl"), "-q"]
    said("run", "-c", str(desk_folder / "cs-audit.toml"), "-o", str(desk_folder / "b.csv"), *more)
    for name in ("v.jsonl", "f.jsonl"):
        lines = (desk_folder / name).read_bytes().decode().split("\n")[:-1]
        tickets = {json.loads(line)["ticket"] for line in lines}
        assert "=cmd|' /C calc'!A0" in tickets
        assert "<script>alert(1)</script>" in tickets


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="there is no LibreOffice on PATH; the first characters are checked above")
@pytest.mark.parametrize("separator", [",", ";"])
def test_libreoffice_opens_the_files_without_a_formula_wherever_it_ends_cells(made, separator, tmp_path):
    names = ("a", "v", "f")
    options = [f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", f"--infilter=CSV:{ord(separator)},34,76"]
    files = [str(made[0] / f"{name}.csv") for name in names]
    arguments = [OFFICE, *options, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), *files]
    subprocess.run(arguments, check=True, capture_output=True, timeout=300)
    for name in names:
        content = zipfile.ZipFile(tmp_path / f"{name}.ods").read("content.xml").decode()
        assert content.count("<table:table-row") > 10
        assert "table:formula" not in content


@pytest.mark.parametrize("text", hostile.some(TEXTS, 60))
def test_an_explanation_neither_steers_the_terminal_nor_orders_a_pipeline_about(desk_folder, text):
    ticket = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    for form in ("text", "json", "html"):
        arguments = ("-c", str(desk_folder / "cs-audit.toml"), "--format", form, "--", ticket, "first_reply")
        code, out, err = said("explain", *arguments)
        assert not quiet(err)
        assert not UNSEEN.search(out)
        assert not re.search(r"(?m)^\s*(::|##\w*\[)", out)
        assert code in (0, 2)


@pytest.mark.parametrize("text", hostile.some(TEXTS, 25))
def test_no_error_message_steers_the_terminal_or_orders_a_pipeline_about(desk_folder, text):
    config = str(desk_folder / "cs-audit.toml")
    asked = text.replace("\0", "")
    for arguments in (
        ("run", "-c", config, f"--timezone={asked}"),
        ("run", "-c", config, f"--since={asked}"),
        ("run", "-c", config, f"--select={asked}"),
        ("run", "-c", f"{asked[:40]}.toml"),
        ("rules", "--", asked),
        ("report", "--", f"{asked[:40]}.json"),
    ):
        code, out, err = said(*arguments)
        assert code, arguments
        assert not quiet(out + err), arguments


def test_hostile_headers_are_named_without_harm_and_written_down_as_valid_toml(tmp_path):
    heads = [text.encode("utf-8", "replace").decode().replace("\0", "") for text in TEXTS[::9]]
    names = list(dict.fromkeys(["ticket_id", "created_at", "author", *heads]))
    frame = pl.DataFrame([["T-1", "2026-03-02 09:00:00", "customer", *("x" for _ in names[3:])]], names, orient="row")
    file = tmp_path / "heads.csv"
    frame.write_csv(file)
    code, out, err = said("init", str(file), "--stdout", "--timezone", "UTC")
    assert not quiet(err)
    assert not UNSEEN.search(out)
    assert code == 0, err
    told = tomllib.loads(out)
    assert told["sources"]["heads"]["columns"]["ticket"] == "ticket_id"
    assert not quiet(said("run", str(file), "--timezone", "UTC", "-o", str(tmp_path / "a.csv"))[2])
