"""Times: their forms, the proof of day or month first, and local times that do not say which instant they mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources.runner import audit, run

HEADER = "Ticket ID,Created at,Solved at,Status\n"


def tickets(*rows: tuple[str, str]) -> str:
    return HEADER + "".join(f'{number},"{made}","{solved}",Closed\n' for number, (made, solved) in enumerate(rows, 1))


@pytest.mark.parametrize(
    ("made", "solved"),
    [
        ("2026-01-13T09:30:00Z", "2026-01-13T10:30:00Z"),
        ("2026-01-13T12:30:00+03:00", "2026-01-13T13:30:00+0300"),
        ("2026-01-13 09:30:00.123456+00", "2026-01-13 10:30:00.5+00"),
        ("2026-01-13 09:30:00 UTC", "2026-01-13 10:30:00 UTC"),
        ("Tue, 13 Jan 2026 09:30:00 +0000", "Tue, 13 Jan 2026 10:30:00 +0000"),
        ("1768296600", "1768300200"),
        ("1768296600000", "1768300200000"),
        ("13/Jan/26 12:30 PM", "13/Jan/26 1:30 PM"),
        ("13.01.2026 12:30", "13.01.2026 13:30"),
        ("01/13/2026 12:30:00 PM", "01/13/2026 01:30:00 PM"),
        ("2026/1/13 12:30", "2026/1/13 13:30"),
        ("Jan 13, 2026 12:30 PM", "Jan 13, 2026 1:30 PM"),
    ],
)
def test_every_form_means_the_same_instant(
    made: str, solved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(tickets((made, solved)), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "t.csv"], "--timezone", "Europe/Moscow")
    ((_, began, ended, _),) = found.spans("resolution")
    assert began.startswith("2026-01-13T09:30:00")
    assert ended.startswith("2026-01-13T10:30:00")


@pytest.mark.parametrize(
    ("rows", "order", "first"),
    [
        (
            [("03/04/2026 09:00", "03/04/2026 10:00"), ("13/04/2026 09:00", "13/04/2026 10:00")],
            "day first",
            "2026-04-03",
        ),
        (
            [("03/04/2026 09:00", "03/04/2026 10:00"), ("04/13/2026 09:00", "04/13/2026 10:00")],
            "month first",
            "2026-03-04",
        ),
        (
            [("03/04/2026 09:00", "03/04/2026 10:00"), ("03/04/2026 09:00", "13/04/2026 10:00")],
            "day first",
            "2026-04-03",
        ),
    ],
)
def test_one_date_anywhere_proves_the_order_of_all(
    rows: list[tuple[str, str]], order: str, first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(tickets(*rows), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "t.csv"], "--timezone", "UTC")
    assert f"Dates: {order}" in found.ran.err
    assert found.spans("resolution")[0][1].startswith(first)


@pytest.mark.parametrize("proof", [("04/30/2026 09:00", "04/30/2026 10:00"), ("30/04/2026 09:00", "30/04/2026 10:00")])
def test_the_last_row_of_a_long_file_proves_it_too(
    proof: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("03/04/2026 09:00", "03/04/2026 10:00")] * 25_000
    (tmp_path / "t.csv").write_text(tickets(*rows, proof), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "t.csv"], "--timezone", "UTC")
    first = "2026-04-03" if proof[0].startswith("30") else "2026-03-04"
    assert found.spans("resolution")[0][1].startswith(first)


def test_a_proof_in_another_file_of_the_source_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(tickets(("03/04/2026 09:00", "03/04/2026 10:00")), "utf-8")
    (tmp_path / "b.csv").write_text(tickets(("13/04/2026 09:00", "13/04/2026 10:00")).replace("\n1,", "\n9,"), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "a.csv", tmp_path / "b.csv"], "--timezone", "UTC")
    assert [each[1][:10] for each in found.spans("resolution")] == ["2026-04-03", "2026-04-13"]


@pytest.mark.parametrize(
    ("local", "problem"),
    [
        ("2026-10-25 02:30", "is ambiguous in Europe/Berlin: it happened twice, at 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z"),
        ("2026-03-29 02:30", "does not exist in Europe/Berlin: clocks were put forward over it"),
    ],
)  # fmt: skip
def test_local_times_without_one_meaning_are_listed_with_their_readings(
    local: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(tickets(("2026-01-13 09:30", "2026-01-13 10:30"), (local, "")), "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "t.csv"], "--timezone", "Europe/Berlin")
    assert found.ran.code == 3
    assert f"t.csv, row 3: Created at '{local}' {problem}" in found.ran.err


def test_a_date_that_contradicts_the_proof_stops_the_guess(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text(
        tickets(("13/04/2026 09:00", "13/04/2026 10:00"), ("04/13/2026 09:00", "04/13/2026 10:00")), "utf-8"
    )
    ran = run(capsys, "run", tmp_path / "t.csv", "-o", tmp_path / "a.json", "--timezone", "UTC")
    assert ran.code == 2
    assert "2 dates can only be day first and 2 only month first" in ran.err
