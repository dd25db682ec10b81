"""The benchmark suite runs, and what it compares does the same job. Nothing here is timed."""

import argparse
import datetime as dt
import sys

import pytest

from tests.bench import end_to_end, growth, incremental, startup
from tests.bench.calendars import BERLIN, CALENDARS, MOSCOW, NIGHT
from tests.bench.commands import answers, audit, make_log, make_store, missing, pull_again
from tests.bench.job import RULES
from tests.bench.job import answers as answers_of
from tests.bench.peers import PEERS, Intervals, Refused
from tests.bench.process import in_turn, run
from tests.bench.rivals import plain
from tests.bench.worktime import errors

EVENTS = 5_000


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    csv, parquet = folder / "log.csv", folder / "log.parquet"
    return make_log(EVENTS, csv, parquet), csv, parquet


@pytest.fixture(scope="module")
def expected(logs):
    _, _, parquet = logs
    report = parquet.with_suffix(".json")
    run(audit(parquet, report))
    return answers(report)


def test_the_contest_is_fought_and_all_agree(logs, expected):
    events, csv, _ = logs
    made = end_to_end.contest(csv, events, expected)
    end_to_end.in_plain_python(made, csv)
    rows = list(made.rows(in_turn(made.commands, 1)))
    assert {row[0] for row in rows} >= {end_to_end.SCAN, end_to_end.OURS, *end_to_end.PLAIN}
    assert {row[-1] for row in rows} == {"", "agree"}


def test_the_job_is_no_trifle(expected):
    for rule in RULES:
        assert expected[rule]["achieved"] > 300
        assert expected[rule]["breached"] > 100
        assert expected[rule]["judged"] == expected[rule]["achieved"] + expected[rule]["breached"]


def test_a_rival_who_counts_otherwise_is_found_out(logs, expected, monkeypatch):
    monkeypatch.setattr(plain, "PROMISES", plain.PROMISES | {"us-vip": (BERLIN, 1_800, 7_200)})
    assert answers_of(plain.audit(str(logs[1]), plain.by_hand, plain.bisects)) != expected


def test_the_store_of_a_helpdesk_holds_the_same_log(expected, tmp_path):
    make_store(EVENTS, tmp_path)
    pull_again(0.01, tmp_path)
    report = tmp_path / "audit.json"
    run([*audit(tmp_path, report), "--as-of", "2026-01-19T13:24:57Z"])
    assert answers(report) == expected


@pytest.mark.parametrize("place", [1, 2], ids=["csv", "parquet"])
def test_the_script_with_pandas_agrees(logs, expected, place):
    lacking = missing("pandas", "pyarrow")
    if lacking:
        pytest.skip(f"{', '.join(lacking)} not installed")
    from tests.bench.rivals import pandas_numpy  # noqa: PLC0415 - not without pandas

    assert answers_of(pandas_numpy.audit(str(logs[place]))) == expected


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda each: each.name)
def test_working_time_is_asked_of_every_peer(name, calendar):
    make, _, modules = PEERS[name]
    lacking = missing(*modules)
    if lacking:
        pytest.skip(f"{', '.join(lacking)} not installed")
    intervals = Intervals.made(100)
    try:
        found = errors(calendar, intervals, make(calendar, intervals), 100)
    except Refused:
        assert name in {"businesstimedelta", "business-duration"}
        assert calendar is NIGHT
        return
    if name in ("cs-audit", "workclock") or name.startswith("Python"):
        assert found == "0 of 100"


def test_changes_of_clocks_are_crossed_where_there_are_any():
    assert [len(Intervals.across(each, 50).start) for each in CALENDARS] == [0, 50, 50]
    made = Intervals.across(NIGHT, 50)
    assert (made.start < made.end).all()


@pytest.mark.parametrize(("honest", "told"), [(True, "yes"), (False, "**NO**")])
def test_audits_that_come_again_are_compared_byte_for_byte(tmp_path, monkeypatch, honest, told):
    copied = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(pathlib.Path(sys.argv[2]).read_bytes())"

    def pull_again(_, folder):
        with (folder / "store").open("a") as store:
            store.write(" again" if folder.name == "after" or honest else " otherwise")

    monkeypatch.setattr(
        incremental, "make_store", lambda _, folder: (folder.mkdir(parents=True), (folder / "store").write_text("once"))
    )
    monkeypatch.setattr(incremental, "pull_again", pull_again)
    monkeypatch.setattr(
        incremental, "audit", lambda desk, page: [sys.executable, "-c", copied, str(page), str(desk / "store")]
    )
    (table,) = incremental.tables(argparse.Namespace(store=300, rounds=1), tmp_path)
    assert table.rows[1][-1] == told


def test_growth_and_start_up_are_told_as_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(growth, "audit", lambda *_: [sys.executable, "-c", "pass"])
    monkeypatch.setattr(growth, "make_log", lambda size, log: log.write_text("event_id\n" * size) and size)
    asked = argparse.Namespace(sizes=[500, 1_000], rounds=1)
    (table,) = growth.tables(asked, tmp_path)
    assert [len(row) for row in table.rows] == [len(growth.HEAD)] * 2
    assert str(table).startswith("### Growth\n\n| events")
    (table,) = startup.tables(asked, tmp_path)
    assert [row[0] for row in table.rows] == ["python -c pass", "cs-audit --version", "cs-audit --help"]


@pytest.mark.parametrize(
    ("calendar", "start", "hours"),
    [
        (MOSCOW, "2025-03-03T00:00+03:00", 8),  # a Monday without its lunch hour
        (MOSCOW, "2025-05-01T00:00+03:00", 0),  # a holiday
        (BERLIN, "2025-03-29T00:00+01:00", 6),  # a Saturday
        (NIGHT, "2025-03-08T12:00-05:00", 7),  # a night that lacks an hour
        (NIGHT, "2025-11-01T12:00-04:00", 9),  # a night that has one more
    ],
)
def test_the_oracle_knows_the_length_of_a_day(calendar, start, hours):
    instant = int(dt.datetime.fromisoformat(start).timestamp())
    assert calendar.walked(instant, instant + 86_400) == hours * 3_600
