"""Rows on their way: spilt to disk and gathered again, and verdicts written to files."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from audit.desk import Drawer, all_targets, bench_of, chunk_of, frame_of, standard_of

from cs_audit.audit import gathered as gathering
from cs_audit.audit.chunk import judge_chunk
from cs_audit.audit.export import Export
from cs_audit.audit.session import Order, run_audit
from cs_audit.audit.spool import Spool, same_parts
from cs_audit.audit.standard import Window
from cs_audit.config.load import parse_config
from cs_audit.errors import UsageError

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)


def rows(*tickets: str) -> pl.DataFrame:
    return pl.DataFrame({"ticket": tickets, "number": range(len(tickets))})


def gathered(*spools: Spool) -> list[pl.DataFrame]:
    """Every part of every spool that has rows."""
    parts = [spool.part(number) for number in same_parts(list(spools)) for spool in spools]
    return [each for each in parts if each is not None and each.height]


def test_few_rows_stay_in_memory(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", rows_held=10)
    spool.add(rows("A", "B"))
    assert [each["ticket"].to_list() for each in gathered(spool)] == [["A", "B"]]
    assert not (tmp_path / "spool").exists()


def test_an_empty_spool_has_no_rows(tmp_path: Path) -> None:
    assert gathered(Spool(tmp_path / "spool")) == []


@pytest.mark.parametrize("held", [1, 3, 7, 100])
@pytest.mark.parametrize("buckets", [1, 2, 5])
def test_a_ticket_is_whole_in_one_part_in_the_order_it_came(tmp_path: Path, held: int, buckets: int) -> None:
    spool = Spool(tmp_path / "spool", rows_held=held, buckets=buckets)
    names = [f"T{number * 7 % 11}" for number in range(40)]
    for start in range(0, 40, 4):
        spool.add(rows(*names[start : start + 4]).with_columns(pl.col("number") + start))
    parts = gathered(spool)
    seen = [set(part["ticket"]) for part in parts]
    assert sum(map(len, seen)) == len(set(names)) == len(set().union(*seen))
    assert sorted(number for part in parts for number in part["number"]) == list(range(40))
    assert all(part["number"].is_sorted() for part in parts)


def test_spools_of_one_group_have_the_same_buckets(tmp_path: Path) -> None:
    large, small, empty = (Spool(tmp_path / name, rows_held=3, buckets=4) for name in ("large", "small", "empty"))
    large.add(rows("A", "B", "C", "D"))
    small.add(rows("D", "A"))
    for number in same_parts([large, small, empty]):
        part, other = large.part(number), small.part(number)
        if other is not None:
            assert part is not None
            assert set(other["ticket"]) <= set(part["ticket"])
        assert empty.part(number) is None
    assert large.parts == small.parts == empty.parts == range(4)


def test_a_cleared_spool_forgets_its_files(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", rows_held=1)
    spool.add(rows("A"))
    spool.clear()
    assert list((tmp_path / "spool").iterdir()) == []
    spool.add(rows("B"))
    assert [each["ticket"].to_list() for each in gathered(spool)] == [["B"]]


def test_no_spools_have_no_parts() -> None:
    assert list(same_parts([])) == []


# exports


def message(ticket: str, author: str, seconds: float, row: int) -> dict[str, Any]:
    moment = NINE + dt.timedelta(seconds=seconds)
    return {"ticket": ticket, "row": row, "occurred_at": moment, "kind": "message", "author": author, "public": True,
            "automatic": False}  # fmt: skip


def exported(folder: Path, suffix: str) -> tuple[Path, Path]:
    """Verdicts and findings of two tickets in two chunks, the later one judged first."""
    verdicts, findings = folder / "out" / f"v{suffix}", folder / "out" / f"f{suffix}"
    target = {"first_reply": all_targets(dt.timedelta(hours=1))["first_reply"]}
    bench = bench_of(standard_of(target), NINE + dt.timedelta(hours=3))
    folder.joinpath("parts").mkdir()
    export = Export(folder / "parts", verdicts, findings)
    late = [message("B", "requester", 0, 0), message("B", "unknown", 1, 1)]
    early = [message("A", "requester", 0, 0), message("A", "agent", 1.5, 1)]
    for chunk in (late, early):
        judge_chunk(chunk_of(frame_of(chunk)), bench, export)
    export.close()
    return verdicts, findings


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return pl.read_parquet(path).to_dicts()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_verdicts_and_findings_are_written_in_order(tmp_path: Path, suffix: str) -> None:
    verdicts, findings = exported(tmp_path, suffix)
    first, second = read(verdicts)
    assert (first["ticket"], second["ticket"]) == ("A", "B")
    assert (first["began_at"], first["ended_at"]) == ("2024-05-06T09:00:00Z", "2024-05-06T09:00:01.500000Z")
    assert str(first["elapsed_seconds"]) == "1.5"
    assert float(second["elapsed_seconds"]) == 3 * 3600
    assert (first["outcome"], second["outcome"]) == ("achieved", "breached")
    assert [(row["ticket"], row["rule"]) for row in read(findings)] == [("B", "unknown_author"), ("B", "unanswered")]
    assert not list(verdicts.parent.glob("*.part"))


def test_whole_seconds_are_written_whole(tmp_path: Path) -> None:
    verdicts, _ = exported(tmp_path, ".csv")
    assert [row["elapsed_seconds"] for row in read(verdicts)] == ["1.5", "10800"]
    assert [row["limit_seconds"] for row in read(verdicts)] == ["3600", "3600"]


def test_an_export_of_nothing_has_its_columns(tmp_path: Path) -> None:
    Export(tmp_path, tmp_path / "v.csv", tmp_path / "f.csv").close()
    drawer = Drawer()
    bench = bench_of(standard_of(all_targets(dt.timedelta(hours=1))), NINE)
    judge_chunk(chunk_of(frame_of([message("A", "unknown", 0, 0)])), bench, drawer)
    assert (tmp_path / "v.csv").read_text() == ",".join(drawer.frames[0].columns) + "\n"
    assert (tmp_path / "f.csv").read_text() == ",".join(drawer.found[0].columns) + "\n"


def test_what_is_not_wanted_is_not_written(tmp_path: Path) -> None:
    export = Export(tmp_path, None, tmp_path / "f.csv")
    export.verdicts(pl.DataFrame({"ticket": ["A"]}))
    export.close()
    assert {path.name for path in tmp_path.iterdir()} == {"f.csv"}


def test_findings_of_one_instant_keep_their_order(tmp_path: Path) -> None:
    many = 300
    same = {"ticket": ["A"] * many, "code": ["DQ104"] * many, "occurred_at": [0] * many, "url": list(range(many))}
    export = Export(tmp_path, None, tmp_path / "f.jsonl")
    export.findings(pl.DataFrame(same))
    export.close()
    assert [row["url"] for row in read(tmp_path / "f.jsonl")] == list(range(many))


@pytest.mark.parametrize("name", ["v.xlsx", "v"])
def test_an_unknown_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        Export(tmp_path, tmp_path / name, None)


# a session, from the configuration to the result


def config(folder: Path, **source: Any) -> Any:
    columns = {"ticket": "id", "occurred_at": "at", "author": "who", "team": "team", **source.pop("columns", {})}
    desk = {"type": "csv", "path": "log.csv", "timezone": "UTC", "columns": columns, **source}
    policy = {"name": "Standard", "match": {"team": ["North"]}, "targets": {"first_reply": "60m"}}
    bot = {"text": ["I am a machine"]}
    return parse_config({"sources": {"desk": desk}, "policies": [policy], "automatic": bot}, folder=folder)


def test_a_session_reads_judges_and_exports(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "id,at,who,team,body\nA,2024-05-06 09:00,requester,North,help\nA,2024-05-06 09:01,agent,North,I am a machine\n"
        "A,2024-05-06 10:01,agent,North,done\nB,2024-05-06 09:00,requester,South,help\n",
        "utf-8",
    )
    export = Export(tmp_path, tmp_path / "v.jsonl", None)
    known = config(tmp_path, columns={"text": "body"})
    made = run_audit(Order(known, Window()), export)
    assert made["counts"]["not_judged"] == {"no_policy": 1}
    assert made["counts"]["automatic_by_reason"] == {"text": 1}
    (row,) = (row for row in read(tmp_path / "v.jsonl") if row["ticket"] == "A")
    assert (row["outcome"], row["elapsed_seconds"], row["team"]) == ("breached", 3660, "North")
    (entry,) = made["inputs"]
    assert (entry["rows"], entry["rejected"], len(entry["sha256"])) == (4, 0, 64)


def test_a_session_leaves_no_files_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "log.csv").write_text("id,at,who,team\nA,2024-05-06 09:00,requester,North\n", "utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    run_audit(Order(config(tmp_path), Window()))
    assert list(scratch.iterdir()) == []


class Failing:
    """A source that gives more rows than stay in memory, then fails."""

    name = group = "failing"
    size = 0

    def batches(self, **_: Any) -> Any:
        yield rows("A", "B").with_columns(occurred_at=pl.lit(NINE))
        raise UsageError("the file is gone")


def test_nothing_is_written_any_more_once_reading_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Spool] = []

    def small(folder: Path, buckets: int) -> Spool:
        made.append(Spool(folder, rows_held=1, buckets=buckets))
        return made[-1]

    monkeypatch.setattr(gathering, "Spool", small)
    source: Any = Failing()
    with pytest.raises(UsageError, match="the file is gone"):
        gathering.gather([source], Window(), tmp_path)
    assert made[0]._writing is None
    assert list((tmp_path / "spool-0").iterdir()) == []
