"""Events kept from audit to audit: what changed is read again, and nothing else, and the result is the same bytes."""

import json
import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from cs_audit.audit import kept, session
from cs_audit.audit.session import Order, run_audit
from cs_audit.audit.standard import Window
from cs_audit.config import load_config
from cs_audit.redact.redaction import Redaction
from cs_audit.sources import known_files
from cs_audit.sources.files import FileReader
from cs_audit.sources.ledger import survey_of

CONFIG = """
[sources.desk]
type = "csv"
path = "log.csv"
columns = { ticket = "ticket", occurred_at = "at", author = "who", author_id = "id", text = "said", kind = "kind" }

[schedules.office]
timezone = "Europe/Moscow"
hours = { mon-fri = "09:00-18:00" }

[[policies]]
name = "All"
schedule = "office"
targets = { first_reply = "60m", next_reply = "4h" }
"""
SAID = (
    "Where is my parcel 77?",
    "Thank you for contacting us, your request has been received.",
    "It will arrive tomorrow.",
)


def log(tickets: int, late: int = 0) -> str:
    lines = ["ticket,at,who,id,said,kind"]
    for ticket in range(tickets):
        day = 1 + ticket % 27
        for step, (who, said) in enumerate(zip(("requester", "bot", "agent"), SAID, strict=True)):
            minute = step * 5 + (late if step == 2 else 0)
            lines.append(
                f'T-{ticket},2026-01-{day:02}T10:{minute:02}:00+03:00,{who},{who}-{ticket % 3},"{said}",message'
            )
    return "\n".join(lines) + "\n"


def audited(
    folder: Path, *, cache: bool | None, rules: tuple[str, ...] = ("first_reply", "next_reply"), **window
) -> str:
    config = load_config(folder / "cs-audit.toml")
    config = config.model_copy(update={"rules": config.rules.model_copy(update={"select": list(rules)})})
    return json.dumps(run_audit(Order(config, Window(**window), cache=cache)))


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "cs-audit.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "log.csv").write_text(log(40), "utf-8")
    return tmp_path


@pytest.fixture
def read(monkeypatch):
    """How many rows were read from files, audit by audit."""
    rows: list[int] = []
    batches = FileReader.batches

    def counted(self, *, slow=False):
        rows.append(0)
        for batch in batches(self, slow=slow):
            rows[-1] += batch.height
            yield batch

    monkeypatch.setattr(FileReader, "batches", counted)
    return rows


TEXTS = ("first_reply", "only_automatic_reply", "promise_kept", "repeated_info_request", "requester_repeats_himself")


@pytest.mark.parametrize("rules", [("first_reply", "next_reply"), TEXTS])
def test_a_file_that_did_not_change_is_not_read_again_and_gives_the_same_bytes(desk, read, rules):
    plain = audited(desk, cache=False, rules=rules)
    first, second = (audited(desk, cache=True, rules=rules) for _ in range(2))
    assert first == second == plain
    assert read == [120, 120, 0]


def test_other_targets_and_calendars_are_judged_without_reading(desk, read):
    first = audited(desk, cache=True)
    config = (desk / "cs-audit.toml").read_text("utf-8").replace("60m", "2m").replace("18:00", "13:00")
    (desk / "cs-audit.toml").write_text(config, "utf-8")
    again, plain = audited(desk, cache=True), audited(desk, cache=False)
    assert again == plain
    assert json.loads(again)["results"][0]["breached"] > json.loads(first)["results"][0]["breached"] == 0
    assert read == [120, 0, 120]


def test_a_file_that_changed_is_read_again(desk, read):
    audited(desk, cache=True)
    (desk / "log.csv").write_text(log(50, late=30), "utf-8")
    assert audited(desk, cache=True) == audited(desk, cache=False)
    assert read == [120, 150, 150]


def test_a_file_that_changed_behind_its_size_and_time_is_read_again(desk, read):
    audited(desk, cache=True)
    path = desk / "log.csv"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("T10:10", "T10:59"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    again = audited(desk, cache=True)
    assert again == audited(desk, cache=False)
    assert read == [120, 0, 120, 120]
    assert audited(desk, cache=True) == again


def test_the_digest_of_a_file_is_taken_again_only_if_it_may_have_been_touched(desk, read, monkeypatch):
    first, taken = audited(desk, cache=True), []
    monkeypatch.setattr(known_files, "survey_of", lambda path: taken.append(path.name) or survey_of(path))
    assert audited(desk, cache=True) == first
    assert taken == []
    path, before = desk / "log.csv", (desk / "log.csv").stat()
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert audited(desk, cache=True) == audited(desk, cache=True) == first
    assert taken == ["log.csv"]
    assert read == [120, 0, 0, 0]


def test_a_file_that_changed_while_it_was_read_is_read_again(desk, monkeypatch):
    path, batches = desk / "log.csv", FileReader.batches

    def changed(self, *, slow=False):
        yield from batches(self, slow=slow)
        path.write_text(log(50, late=30), "utf-8")

    with monkeypatch.context() as patch:
        patch.setattr(FileReader, "batches", changed)
        audited(desk, cache=True)
    assert audited(desk, cache=True) == audited(desk, cache=False)


@pytest.mark.parametrize("harm", ["cut", "gone", "forged"])
def test_kept_events_that_were_harmed_are_not_used(desk, harm):
    plain = audited(desk, cache=False)
    audited(desk, cache=True)
    path = max((desk / ".cs-audit" / "events" / "desk.kept").glob("*.arrow"), key=lambda each: each.stat().st_size)
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        frame = pl.read_ipc(path.read_bytes())
        frame.with_columns(pl.col("occurred_at").dt.offset_by("5h")).write_ipc(path)
    assert audited(desk, cache=True) == plain
    assert audited(desk, cache=True) == plain


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": "other"}'])
def test_a_list_of_what_is_kept_that_is_none_is_not_used(desk, text):
    plain = audited(desk, cache=True)
    (desk / ".cs-audit" / "events" / "desk.kept" / "kept.json").write_text(text, "utf-8")
    assert audited(desk, cache=True) == plain


def test_rejected_rows_are_told_again(desk, read):
    path = desk / "log.csv"
    path.write_text(path.read_text("utf-8") + "T-3,yesterday,agent,a,Hello,message\n", "utf-8")
    first, second = (audited(desk, cache=True) for _ in range(2))
    assert first == second == audited(desk, cache=False)
    assert json.loads(second)["rejected"]["rows"] == 1
    assert read[1] == 0


def test_other_columns_and_other_questions_to_texts_are_read_anew(desk, read):
    audited(desk, cache=True)
    assert audited(desk, cache=True, rules=TEXTS) == audited(desk, cache=False, rules=TEXTS)
    assert read == [120, 120, 120]


def test_files_are_kept_only_where_that_is_asked_for(desk):
    audited(desk, cache=None)
    assert not (desk / ".cs-audit").exists()


def test_what_is_kept_is_what_the_last_audit_left(desk):
    folder = desk / ".cs-audit" / "events" / "desk.kept"
    for late in range(3):
        (desk / "log.csv").write_text(log(40, late=late), "utf-8")
        audited(desk, cache=True)
    told = json.loads((folder / "kept.json").read_text("utf-8"))
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["kept.json", *(part[0] for part in told["parts"].values())]
    )
    assert folder.stat().st_mode & 0o077 == 0


def test_another_program_reads_anew(desk, read, monkeypatch):
    audited(desk, cache=True)
    key_of = kept.key_of
    monkeypatch.setattr(kept, "key_of", lambda basis, reading: key_of([basis, "another"], reading))
    audited(desk, cache=True)
    assert read == [120, 120]


def test_sources_of_one_group_are_always_read(desk, read):
    (desk / "more.csv").write_text(log(3), "utf-8")
    joined = (
        CONFIG.split("[schedules", maxsplit=1)[0].replace("sources.desk", "sources.more").replace("log.csv", "more.csv")
    )
    config = (desk / "cs-audit.toml").read_text("utf-8") + joined + 'joins = "desk"\n'
    (desk / "cs-audit.toml").write_text(config, "utf-8")
    assert audited(desk, cache=True) == audited(desk, cache=True)
    assert sum(read) == 2 * (120 + 9)


def test_nobody_is_missed_by_a_redaction(desk, read):
    """It hides whom it has seen, so that everyone must be read."""
    order = Order(load_config(desk / "cs-audit.toml"), Window(), cache=True)
    run_audit(order)
    made = run_audit(replace(order, redact=True), redaction=Redaction(b"key"))
    assert read == [120, 120]
    assert "agent-1" not in json.dumps(made["results"])
    assert session.run_audit(order)["counts"] == made["counts"]
