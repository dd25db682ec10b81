"""Late waits and findings by ticket and time: all of them, or the latest, however the work was cut."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from audit.desk import Desk, Drawer, bench_of, chunk_of, frame_of, standard_of

from cs_audit.audit import listed, tally
from cs_audit.audit.chain import audit
from cs_audit.audit.chunk import judge_chunk
from cs_audit.audit.moments import iso, isos
from cs_audit.audit.result import make_audit
from cs_audit.audit.standard import Target, Window
from cs_audit.audit.tally import WORST, Tally
from cs_audit.compare import compare
from cs_audit.reports import fates

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
MINUTE = 60_000_000
MANY = 230


def question(number: int) -> dict[str, Any]:
    """A question every seventh minute that nobody answers; each third is of one instant with the one before."""
    at = NINE + dt.timedelta(minutes=7 * (number - (number % 3 == 0)))
    return {"ticket": f"T-{number * 37 % 1000:03}", "row": 0, "occurred_at": at, "kind": "message", "author": "requester", "public": True, "automatic": False}  # fmt: skip


def judged(numbers: list[int], drawer: Drawer | None = None) -> Tally:
    rows = frame_of([question(number) for number in numbers])
    bench = bench_of(standard_of({"first_reply": Target(60 * MINUTE)}), NINE + dt.timedelta(days=3))
    return judge_chunk(chunk_of(rows), bench, drawer)


def cut(pieces: int) -> Tally:
    """The same tickets in so many chunks."""
    whole = Tally()
    for place in range(pieces):
        whole += judged(list(range(MANY))[place::pieces])
    return whole


@pytest.fixture(scope="module")
def everything() -> Drawer:
    drawer = Drawer()
    judged(list(range(MANY)), drawer)
    return drawer


def columns(told: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*told.values(), strict=True))


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_every_late_wait_and_finding_is_listed_the_latest_first(everything: Drawer, pieces: int) -> None:
    told_of = cut(pieces)
    late = pl.concat(everything.frames).filter(pl.col("outcome") == "breached", pl.col("rule") == "first_reply")
    told = listed.as_json(told_of.listed["first_reply"])
    assert {*zip(told["ticket"], told["began_at"], strict=True)} == {
        (row["ticket"], iso(row["began_at"])) for row in late.iter_rows(named=True)
    }
    assert len(told["ticket"]) == MANY > WORST
    assert told["began_at"] == sorted(told["began_at"], reverse=True)
    found = listed.as_json(told_of.listed["unanswered"])
    assert len(found["ticket"]) == told_of.found["unanswered"] == MANY


@pytest.mark.parametrize("room", [1, 8])
@pytest.mark.parametrize("most", [3, 50, 51, 52])
def test_of_more_than_are_kept_the_latest_are_listed_however_the_work_is_cut(
    monkeypatch: pytest.MonkeyPatch, most: int, room: int
) -> None:
    whole = columns(listed.as_json(cut(1).settled().listed["first_reply"]))
    monkeypatch.setattr(listed, "LISTED", most)
    monkeypatch.setattr(tally, "ROOM", room)
    monkeypatch.setitem(tally.BEST, "listed", (listed.latest, most))
    for pieces in (1, 2, 7):
        raw = cut(pieces)
        assert raw.listed["first_reply"].height <= room * most + MANY // pieces + 1
        assert columns(listed.as_json(raw.settled().listed["first_reply"])) == whole[:most]


@pytest.mark.parametrize("room", [1, 8])
@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_the_worst_are_those_of_one_piece_however_the_work_is_cut(
    monkeypatch: pytest.MonkeyPatch, pieces: int, room: int
) -> None:
    whole = cut(1).settled()
    monkeypatch.setattr(tally, "ROOM", room)
    parts = cut(pieces).settled()
    assert parts.worst["first_reply"].equals(whole.worst["first_reply"])
    assert parts.late["first_reply"].equals(whole.late["first_reply"])
    shown = ("occurred_at", "ticket")
    assert parts.findings["unanswered"].select(shown).equals(whole.findings["unanswered"].select(shown))
    assert whole.worst["first_reply"].height == whole.findings["unanswered"].height == WORST


def test_many_of_one_instant_are_cut_by_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "LISTED", 5)
    rows = pl.DataFrame({"ticket": [f"T-{n}" for n in range(9, 0, -1)], "occurred_at": [1] * 9})
    assert listed.latest(rows)["ticket"].to_list() == ["T-1", "T-2", "T-3", "T-4", "T-5"]


@pytest.mark.parametrize("instants", [[], [0, 1_700_000_000_000_000], [1_700_000_000_500_000, 1], [-1_000_000]])
def test_many_instants_are_told_like_one(instants: list[int]) -> None:
    assert isos(np.array(instants, np.int64)) == [iso(each) for each in instants]


def test_the_page_says_as_many_as_are_kept() -> None:
    assert fates.LISTED == listed.LISTED


def made(folder: Path, limit: int, slow: int, window: Window | None = None) -> dict[str, Any]:
    """The audit of MANY tickets: the latest `slow` answered after an hour and a half, the others never."""
    rows = [question(number) for number in range(MANY)]
    rows += [
        {**row, "row": 1, "occurred_at": row["occurred_at"] + dt.timedelta(minutes=90), "author": "agent"}
        for row in rows[MANY - slow :]
    ]
    standard, window = standard_of({"first_reply": Target(limit * MINUTE)}), window or Window()
    desk = Desk(frame_of(rows))
    return make_audit(audit([desk], standard, window, folder), standard, window, [desk], title="", language="en")  # type: ignore[list-item]


def test_two_audits_of_a_big_desk_are_compared_ticket_by_ticket(tmp_path: Path) -> None:
    old, new = made(tmp_path, 60, 10), made(tmp_path, 120, 10)
    late = compare(old, new)["breaches"][0]
    assert (late["before"], late["same"], late["fixed"], late["new"]) == (MANY, MANY - 10, 10, 0)
    assert (late["untold_now"], late["untold_before"]) == (0, 0)
    assert {row["ticket"] for row in late["rows"]} == {question(number)["ticket"] for number in range(MANY - 10, MANY)}
    assert compare(old, new)["results"][0]["basis"] == "paired"
    unanswered = next(each for each in compare(old, new)["findings"] if each["rule"] == "unanswered")
    assert (unanswered["same"], unanswered["untold_now"]) == (MANY - 10, 0)


def test_the_due_time_is_listed_where_it_says_to_which_period_a_wait_belongs(tmp_path: Path) -> None:
    edge = NINE + dt.timedelta(minutes=7 * 20)
    window = Window(until=edge + dt.timedelta(hours=1), by="due")
    old, new = made(tmp_path, 60, 0), made(tmp_path, 60, 0, window)
    assert "due_at" not in old["listed"]["first_reply"]
    late = compare(new, old)["breaches"][0]
    assert (late["before"], late["same"], late["came"]) == (20, 20, late["now"] - 20)
    window = Window(until=edge + dt.timedelta(hours=20), by="due")
    told = made(tmp_path, 60, 0, window)["listed"]["first_reply"]
    began, due = ([dt.datetime.fromisoformat(each) for each in told[name]] for name in ("began_at", "due_at"))
    assert due == [each + dt.timedelta(hours=1) for each in began]


def test_few_are_not_listed_twice(tmp_path: Path) -> None:
    assert made(tmp_path, 10_000, 0, Window(until=NINE + dt.timedelta(hours=2)))["listed"] == {}
