"""One table, written in every way that exports are written, is read to the same events."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from sources.runner import audit, run

HEADER = ("Номер обращения", "Дата сообщения", "Роль", "Текст")
ROWS = (
    ("Т-1", "2026-01-13 09:30", "Клиент", "Здравствуйте, не работает вход в личный кабинет"),
    ("Т-1", "2026-01-13 10:10", "Оператор", "Добрый день!\nПроверяем, ожидайте; это | недолго"),
    ("Т-1", "2026-01-13 12:00", "Клиент", 'Он пишет "ошибка", и всё'),
    ("Т-2", "2026-01-14 11:00", "Клиент", "Где мой заказ?"),
    ("Т-2", "2026-01-14 15:30", "Оператор", "Заказ отправлен вчера, трек-номер в письме"),
)
ZONE = ("--timezone", "Europe/Moscow")
MARKED = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "cp1251": b"",
    "koi8-r": b"",
}
FIRST = [
    ("Т-1", "2026-01-13T06:30:00Z", "2026-01-13T07:10:00Z", "achieved"),
    ("Т-2", "2026-01-14T08:00:00Z", "2026-01-14T12:30:00Z", "breached"),
]


def written(
    rows: Sequence[Sequence[object]], delimiter: str = ",", end: str = "\n", header: Sequence[str] = HEADER
) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([header, *rows])
    return text.getvalue().replace("\n", end)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plain") / "desk.csv"
    path.write_text(written(ROWS), "utf-8")
    return path


@pytest.fixture
def expected(plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, ...]]:
    found = audit(capsys, tmp_path, [plain], *ZONE)
    assert found.spans("first_reply") == FIRST
    return found.judged


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end"), list(itertools.product(MARKED, ",;\t|", ("\n", "\r\n", "\r"))), ids=repr
)
def test_encoding_delimiter_and_line_ends_change_nothing(
    encoding: str, delimiter: str, end: str, tmp_path: Path, expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "desk.csv"
    path.write_bytes(MARKED[encoding] + written(ROWS, delimiter, end).encode(encoding))
    found = audit(capsys, tmp_path, [path], *ZONE)
    assert found.judged == expected
    assert found.result["counts"]["events"] == len(ROWS)


def _jsonl(path: Path) -> None:
    lines = (json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS)
    path.write_text("\n".join(lines), "utf-8")


def _gz(path: Path) -> None:
    path.write_bytes(gzip.compress(written(ROWS).encode("cp1251")))


def _jsonl_gz(path: Path) -> None:
    _jsonl(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def _frame() -> pl.DataFrame:
    return pl.DataFrame([*ROWS], schema=list(HEADER), orient="row")


def _parquet(path: Path) -> None:
    _frame().write_parquet(path)


def _typed_parquet(path: Path) -> None:
    moment = pl.col("Дата сообщения").str.to_datetime("%Y-%m-%d %H:%M")
    _frame().with_columns(moment, pl.col("Роль").cast(pl.Categorical)).write_parquet(path)


def _zoned_parquet(path: Path) -> None:
    moment = pl.col("Дата сообщения").str.to_datetime("%Y-%m-%d %H:%M").dt.replace_time_zone("Europe/Moscow")
    _frame().with_columns(moment).write_parquet(path)


def _xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Лист1")
        for number, row in enumerate((HEADER, *ROWS)):
            sheet.write_row(number, 0, row)


def _typed_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        sheet = book.add_worksheet("Лист1")
        moments = pl.Series([row[1] for row in ROWS]).str.to_datetime("%Y-%m-%d %H:%M").to_list()
        sheet.write_row(0, 0, HEADER)
        for number, (row, moment) in enumerate(zip(ROWS, moments, strict=True), 1):
            sheet.write_row(number, 0, (row[0], moment, *row[2:]))


WRITERS = {
    "desk.csv.gz": _gz,
    "desk.jsonl": _jsonl,
    "desk.ndjson.gz": _jsonl_gz,
    "desk.parquet": _parquet,
    "typed.parquet": _typed_parquet,
    "zoned.parquet": _zoned_parquet,
    "desk.xlsx": _xlsx,
    "typed.xlsx": _typed_xlsx,
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_type_of_the_file_changes_nothing(
    name: str, tmp_path: Path, expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    WRITERS[name](tmp_path / name)
    assert audit(capsys, tmp_path, [tmp_path / name], *ZONE).judged == expected


@pytest.mark.parametrize("named", ["pattern", "each"])
def test_several_files_of_one_header_are_one_source(
    named: str, tmp_path: Path, expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / "part-1.csv", tmp_path / "part-2.csv"]
    paths[0].write_text(written(ROWS[:3]), "utf-8")
    paths[1].write_bytes(written(ROWS[3:]).encode("cp1251"))
    found = audit(capsys, tmp_path, paths if named == "each" else [tmp_path / "part-*.csv"], *ZONE)
    assert found.judged == expected
    assert [each["rows"] for each in found.result["inputs"]] == [3, 2]
    assert {each["source"] for each in found.result["inputs"]} == {"part-1"}


def test_one_ticket_in_two_files_is_one_ticket(
    tmp_path: Path, expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, rows in enumerate((ROWS[1:2], ROWS[2:], ROWS[:1])):
        (tmp_path / f"part-{number}.csv").write_text(written(rows), "utf-8")
    assert audit(capsys, tmp_path, [tmp_path / "part-*.csv"], *ZONE).judged == expected


def test_files_of_different_headers_are_different_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(written(ROWS), "utf-8")
    english = [("7", "2026-01-13 09:30", "2026-01-13 09:40", "closed")]
    (tmp_path / "b.csv").write_text(
        written(english, header=("Ticket ID", "Created at", "First reply at", "Status")), "utf-8"
    )
    found = audit(capsys, tmp_path, [tmp_path / "a.csv", tmp_path / "b.csv"], *ZONE)
    assert {each["source"] for each in found.verdicts} == {"a", "b"}
    assert found.result["counts"]["tickets"] == 3


def test_doubled_and_empty_headers_are_told_apart(
    tmp_path: Path, expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(*row, "x", "y", "z") for row in ROWS]
    (tmp_path / "desk.csv").write_text(written(rows, header=(*HEADER, "", "Метка", "Метка")), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "desk.csv"], *ZONE)
    assert found.judged == expected
    assert '"(column 5)", "Метка", "Метка (2)"' in found.ran.err


@pytest.mark.parametrize("mark", ["?", "N/A", "null", "-", "не указано", ""])
def test_marks_of_missing_values_are_no_values(mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = ("Ticket ID", "Created at", "Solved at", "Status", "Group")
    rows = [
        ("1", "2026-01-13T09:30:00Z", "2026-01-13T10:30:00Z", "Closed", "A"),
        ("2", "2026-01-13T09:30:00Z", mark, "Open", mark),
    ]
    (tmp_path / "t.csv").write_text(written(rows, header=header), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "t.csv"])
    assert found.result["rejected"]["rows"] == 0
    assert found.spans("resolution")[1] == ("2", "2026-01-13T09:30:00Z", "", "active")
    assert {each["ticket"]: each["team"] for each in found.verdicts} == {"1": "A", "2": ""}


def test_numbers_in_a_spreadsheet_are_ids_without_a_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Ticket ID", "Created at", "Solved at", "Status"))
        sheet.write_row(1, 0, (4298, "2026-01-13T09:30:00Z", "2026-01-13T10:30:00Z", "Closed"))
    assert audit(capsys, tmp_path, [tmp_path / "t.xlsx"]).spans("resolution")[0][0] == "4298"


def test_blank_lines_are_no_rows(tmp_path: Path, expected: object, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "desk.csv").write_text(written(ROWS).replace("\nТ-2", "\n\nТ-2") + "\n\n", "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "desk.csv"], *ZONE)
    assert found.judged == expected
    assert found.result["rejected"]["rows"] == 0


def test_what_was_read_is_said(plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    err = audit(capsys, tmp_path, [plain], *ZONE).ran.err
    assert "(utf-8, ','): a row is an event (5 rows, 2 tickets" in err
    assert "author: Клиент = requester, Оператор = agent" in err
    assert "Time zone: Europe/Moscow, for times without one; --timezone" in err
    assert "cs-audit init" in err


def test_quiet_says_nothing_of_it(plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "run", plain, "-o", tmp_path / "a.json", "-q", "--fail-on", "never", *ZONE).err == ""
