"""Every kind of bad file ends with its exit code and a message that names the place and the remedy."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from bad_input.cases import EVENTS, Case, check, file, put
from sources.runner import run


def _xlsx(path: str) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("First").write(0, 0, "x")


def _bomb() -> None:
    _xlsx("bad.xlsx")
    with zipfile.ZipFile("bad.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (64 << 20))


def _folder(name: str) -> Callable[[], object]:
    return lambda: Path(name).mkdir()


def _parquet_of_durations() -> None:
    frame = pl.DataFrame({"ticket": ["1"], "occurred_at": [5], "author": ["agent"]})
    frame.with_columns(pl.duration(minutes="occurred_at").alias("occurred_at")).write_parquet("bad.parquet")


def _late_rows(*rows: str) -> str:
    return EVENTS + "".join(row + "\n" for row in rows)


ROWS = [
    file("a row with too few fields", 3, _late_rows("T-3,2026-01-13T09:30:00Z"), "bad.csv, row 6: has 2 fields, the header has 4", "exit 3"),
    file("a row with too many fields", 3, _late_rows("T-3,2026-01-13T09:30:00Z,agent,Hi,there"), "bad.csv, row 6: has 5 fields, the header has 4"),
    file("a quote that is never closed", 3, _late_rows('T-3,2026-01-13T09:30:00Z,agent,"Hi', "T-4,2026-01-13T09:30:00Z,agent,Hi"), "bad.csv, row 6: opens a quote that is never closed", "1 rows could not be read"),
    file("a NUL byte", 3, _late_rows("T-3,2026-01-13T09:30:00Z,agent,H\0i"), "bad.csv, row 6: holds a NUL byte"),
    file("bytes that are no UTF-8", 3, EVENTS.encode() + "T-3,2026-01-13T09:30:00Z,agent,привет\n".encode() * 30 + b"T-4,2026-01-13T09:30:00Z,agent,\xd0\n", "bad.csv (utf-8", "bad.csv, row 36: holds bytes that are no valid text"),
    file("a time that is none", 3, _late_rows("T-3,yesterday,agent,Hi"), "bad.csv, row 6: occurred_at 'yesterday' is not a timestamp"),
    file("a date that does not exist", 3, _late_rows("T-3,2026-02-30T09:30:00Z,agent,Hi"), "row 6: occurred_at '2026-02-30T09:30:00Z' is an impossible date"),
    file("a row without a ticket", 3, _late_rows(",2026-01-13T09:30:00Z,agent,Hi"), "row 6: has no ticket"),
    file("a row without a time", 3, _late_rows("T-3,,agent,Hi"), "row 6: has no occurred_at"),
    file("a JSON line that is broken", 3, '{"ticket": 1, "occurred_at": "2026-01-13T09:30:00Z", "author": "customer"}\n{"ticket": 1,\n', "bad.jsonl, row 2: is not valid JSON", path="bad.jsonl"),
    file("a JSON line that is no object", 3, '{"ticket": 1, "occurred_at": "2026-01-13T09:30:00Z", "author": "customer"}\n[1]\n', "bad.jsonl, row 2: is not a JSON object", path="bad.jsonl"),
    file("JSON nested beyond reason", 3, '{"ticket": 1, "occurred_at": "2026-01-13T09:30:00Z", "author": "customer"}\n' + "[" * 100_000 + "\n", "bad.jsonl, row 2: is not valid JSON", path="bad.jsonl"),
    file("a lone surrogate in JSON", 0, '{"ticket": "\\ud800", "occurred_at": "2026-01-13T09:30:00Z", "author": "customer", "\\ud801": 1}\n{"ticket": "\\ud800", "occurred_at": "2026-01-13T09:40:00Z", "author": "agent"}\n', "Read bad.jsonl", path="bad.jsonl"),
]  # fmt: skip


FILES = [
    file("an empty file", 5, "", "error[empty]: bad.csv: there is no row", "hint: check the file"),
    file("a header only", 5, "ticket,occurred_at,author\n", "error[empty]: bad.csv: there is no row"),
    file("an empty JSON Lines file", 5, "\n\n", "error[empty]: bad.jsonl", path="bad.jsonl"),
    file("binary junk", 4, bytes(range(256)) * 40 + b"\0" * 4000, "error[source]: bad.csv: is binary data", "hint: give a .csv"),
    file("a damaged gzip", 4, gzip.compress(EVENTS.encode())[:-20], "error[source]: bad.csv.gz: cannot be read", "hint: the file is damaged; export it again", path="bad.csv.gz"),
    file("a gzip that is none", 4, EVENTS, "error[source]: bad.csv.gz: cannot be read: Not a gzipped file", "export it again", path="bad.csv.gz"),
    file("a damaged spreadsheet", 4, b"PK\x03\x04 not really", "error[source]: bad.xlsx: is no readable spreadsheet", "hint: save it as .xlsx again, or as .csv", path="bad.xlsx"),
    Case("a spreadsheet that unpacks without end", 4, ("bad.xlsx: unpacks to", "hint: export the data as .csv"), _bomb, ("run", "bad.xlsx", "-o", "out.json")),
    file("a damaged Parquet file", 4, b"PAR1 not really PAR1", "error[source]: bad.parquet: is no readable Parquet file", "hint: write it again", path="bad.parquet"),
    Case("Parquet with lengths of time as times", 2, ("bad.parquet", "occurred_at"), _parquet_of_durations, ("run", "bad.parquet", "-o", "out.json")),
    Case("a missing file", 4, ("error[source]: nowhere.csv: there is no such file", "hint: check the path"), lambda: None, ("run", "nowhere.csv", "-o", "out.json")),
    Case("a folder instead of a file", 4, ("error[source]: folder.csv: is a folder", "folder.csv/*.csv"), _folder("folder.csv"), ("run", "folder.csv", "-o", "out.json")),
    Case("a pattern that matches nothing", 4, ("error[source]: nothing-*.csv: no file matches", "hint:"), lambda: None, ("run", "nothing-*.csv", "-o", "out.json")),
    file("an unknown suffix", 2, EVENTS, "error[usage]: bad.docx: .docx is no type of file", "hint: give a .csv", path="bad.docx"),
    file("no suffix", 2, EVENTS, "error[usage]: bad: no suffix", path="bad"),
    file("no ticket column", 2, "a,b\n1,2026-01-13T09:30:00Z\n", 'no column holds the ticket\'s number; the file has "a", "b"', "columns.ticket"),
    file("no time column", 2, "ticket,author\n1,agent\n", "no column says when", "columns.occurred_at"),
    file("nobody wrote", 2, "ticket,occurred_at,text\n1,2026-01-13T09:30:00Z,a\n1,2026-01-13T09:40:00Z,b\n", "what a row is", "rows = "),
    file("names instead of roles", 2, "ticket,occurred_at,author,text\n1,2026-01-13T09:30:00Z,Ann Lee,a\n1,2026-01-13T09:40:00Z,Bo Chan,b\n", "names who wrote", 'requester = "opener"'),
    file("times without a zone", 2, EVENTS.replace("Z", ""), "bad.csv", "has no UTC offset", "--timezone Europe/Moscow"),
    file("bare dates", 2, "Ticket ID,Created at,Status\n1,2026-01-13,Closed\n", "no column says when a ticket was created", "no column holds timestamps with a time of day"),
    file("dates whose order nothing proves", 2, "Ticket ID,Created at,Solved at,Status\n1,01/02/2026 09:30,03/02/2026 09:30,Closed\n", "can be day first or month first, and none decides it", 'date_order = "day-first"', more=("--timezone", "UTC")),
    file("dates that contradict each other", 2, "Ticket ID,Created at,Status\n1,13/02/2026 09:30,Closed\n2,02/13/2026 09:30,Closed\n", "1 dates can only be day first and 1 only month first", 'date_order = "day-first"', more=("--timezone", "UTC")),
    file("statuses that are numbers", 2, "Ticket ID,Created at,Status\n1,2026-01-13T09:30:00Z,7\n", '"7" of "Status" are bare numbers', 'values.status = { 7 = "..." }'),
    file("statuses nobody knows", 2, "Ticket ID,Created at,Status\n1,2026-01-13T09:30:00Z,Limbo\n", '"Limbo" of "Status" are unknown', 'values.status = { Limbo = "..." }'),
    file("two tickets columns", 2, "Ticket ID,Case number,Created at,Status\n1,7,2026-01-13T09:30:00Z,Closed\n1,8,2026-01-13T09:30:00Z,Closed\n", '"Ticket ID", "Case number" could each be the ticket'),
    file("two creation times", 2, "Ticket ID,Created at,Opened at,Status\n1,2026-01-13T09:30:00Z,2026-01-13T09:31:00Z,Closed\n", '"Created at", "Opened at" could each be created_at', 'columns.created_at = "Created at"'),
    file("several rows for a ticket and no sign", 2, "Ticket ID,Created at,Solved at\n1,2026-01-13T09:30:00Z,2026-01-13T10:30:00Z\n1,2026-01-13T09:30:00Z,2026-01-13T11:30:00Z\n", "2 rows tell of 1 tickets", 'rows = "updates"'),
]  # fmt: skip


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.name)
def test_a_bad_row_is_named_with_its_number(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    check(case, capsys)


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_a_bad_file_is_named_with_its_problem_and_remedy(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    check(case, capsys)


def test_no_report_is_left_where_nothing_could_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    put("bad.csv", b"\0" * 100)
    assert run(capsys, "run", "bad.csv", "-o", "out.json").code == 4
    assert not Path("out.json").exists()
