"""`cs-audit init`: a first configuration that says what was guessed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.runner import audit, run

from cs_audit.config import load_config, parse_config
from cs_audit.config.toml import comment, key, toml

TICKETS = (
    "Ticket ID,Created at,First reply at,Status\n1,2026-01-13 09:30,2026-01-13 09:40,Closed\n2,2026-01-13 09:30,,Open\n"
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tickets.csv").write_text(TICKETS, "utf-8")


def test_it_writes_what_it_guessed_with_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "init", "tickets.csv", "--timezone", "Europe/Moscow")
    text = Path("cs-audit.toml").read_text("utf-8")
    assert ran.code == 0
    assert ran.out == ""
    assert "Next: `cs-audit run`" in ran.err
    assert 'rows = "tickets"  # a row is a ticket (2 rows, 2 tickets)' in text
    assert 'timezone = "Europe/Moscow"  # --timezone' in text
    assert 'status = "Status"  # Closed = closed, Open = open' in text
    assert '# next_reply = "4h"  # these files do not show it' in text
    assert load_config(Path("cs-audit.toml")).sources["tickets"].columns["ticket"].column == "Ticket ID"


def test_it_overwrites_only_by_force(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cs-audit.toml").write_text("# mine", "utf-8")
    refused = run(capsys, "init", "tickets.csv", "--timezone", "UTC")
    assert (refused.code, Path("cs-audit.toml").read_text("utf-8")) == (2, "# mine")
    assert "--force" in refused.err
    assert run(capsys, "init", "tickets.csv", "--timezone", "UTC", "--force").code == 0
    assert "[sources.tickets]" in Path("cs-audit.toml").read_text("utf-8")


def test_stdout_prints_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cs-audit.toml").write_text("# mine", "utf-8")
    ran = run(capsys, "init", "tickets.csv", "--timezone", "UTC", "--stdout")
    assert ran.code == 0
    assert parse_config(tomllib.loads(ran.out)).sources["tickets"].rows == "tickets"
    assert Path("cs-audit.toml").read_text("utf-8") == "# mine"


def test_without_files_it_writes_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "init").code == 0
    config = load_config(Path("cs-audit.toml"))
    assert [policy.name for policy in config.policies] == ["Default"]
    assert list(config.policies[0].targets) == ["first_reply", "next_reply", "resolution"]
    assert '# columns = { ticket = "Ticket ID"' in Path("cs-audit.toml").read_text("utf-8")


def test_the_commented_source_of_the_template_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "init", "--stdout").out
    begins = text.index("# [sources.desk]")
    block = text[begins : text.index("# `cs-audit init FILE`")]
    source = "\n".join(line.removeprefix("# ") for line in block.splitlines())
    assert parse_config(tomllib.loads(source)).sources["desk"].type == "csv"


def test_an_open_question_stops_the_run_until_it_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted = run(capsys, "init", "tickets.csv")
    text = Path("cs-audit.toml").read_text("utf-8")
    assert drafted.code == 0
    assert "answer what is marked TO ANSWER in it (1)" in drafted.err
    assert "# TO ANSWER: '2026-01-13 09:30'" in text
    assert run(capsys, "run", "-o", "a.json").code == 2
    answered = text.replace('rows = "tickets"', 'timezone = "Europe/Moscow"\nrows = "tickets"')
    Path("cs-audit.toml").write_text(answered, "utf-8")
    assert audit(capsys, tmp_path, []).spans("first_reply")[0][3] == "achieved"


@pytest.mark.parametrize(
    "text",
    [
        "ticket,event type,occurred_at,author\n1,comment,2026-01-13T09:30:00Z,customer\n1,note,2026-01-13T09:40:00Z,agent\n",
        "ticket,occurred_at,author,status\n1,2026-01-13T09:30:00Z,customer,\n1,2026-01-13T09:40:00Z,agent,Open\n",
        "Ticket ID,Created at,Opened at,Status\n1,2026-01-13T09:30:00Z,2026-01-13T09:31:00Z,Closed\n",
        "a,b\n1,2\n",
        "ticket,when,what\n1,2026-01-13T09:30:00Z,x\n1,2026-01-13T09:30:00Z,y\n",
    ],
)
def test_no_draft_with_a_question_is_audited(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text(text, "utf-8")
    assert run(capsys, "init", "t.csv").code == 0
    ran = run(capsys, "run", "-o", "a.json")
    assert ran.code == 2
    assert "error[config]" in ran.err


HOSTILE = [
    'Ticket "ID"',
    "Ticket\\ID",
    "Ticket\nID",
    "Ticket\tID",
    "Номер # 1 = [x]",
    "'''",
    '"""',
    "\x7f\x01",
    "a.b",
    "  ",
]


@pytest.mark.parametrize("extra", HOSTILE)
def test_any_header_can_be_written(extra: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quoted = '"' + extra.replace('"', '""') + '"'
    text = (
        f"Ticket ID,Created at,Status,{quoted}\n1,2026-01-13T09:30:00Z,Closed,5:00\n2,2026-01-13T09:30:00Z,Open,6:00\n"
    )
    Path("t.csv").write_bytes(text.encode())
    assert run(capsys, "init", "t.csv").code == 0
    assert audit(capsys, tmp_path, []).result["rejected"]["rows"] == 0


@pytest.mark.parametrize("header", HOSTILE[:4])
def test_any_header_can_be_the_ticket(header: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quoted = '"' + header.replace('"', '""') + '"'
    Path("t.csv").write_bytes(
        f"{quoted},Created at,Status\n1,2026-01-13T09:30:00Z,Closed\n2,2026-01-13T09:30:00Z,Open\n".encode()
    )
    assert run(capsys, "init", "t.csv").code == 0
    assert audit(capsys, tmp_path, []).result["counts"]["tickets"] == 2


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_as_toml(name: str, value: str) -> None:
    assert tomllib.loads(f"{key(name)} = {toml(value)}  # {comment(value)}") == {name: value}
    assert tomllib.loads(f"x = {toml({name: [value]})}") == {"x": {name: [value]}}
