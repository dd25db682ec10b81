"""Spark gives what one machine gives, to the byte, in one process and on a cluster of two workers."""

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
pytest.importorskip("pyarrow", reason="the extra `spark` is not installed")
if shutil.which("java") is None:
    pytest.skip("there is no Java", allow_module_level=True)

from spark.worlds import WORLDS, export

from cs_audit.cli.guard import guarded
from cs_audit.rules import all_rules
from cs_audit.spark.chain import Cluster
from cs_audit.spark.session import builder

TABLES = ("verdicts", "findings")


@pytest.fixture(scope="module", autouse=True, params=["local[2]", "local-cluster[2,1,1024]"])
def _spark(request):
    """One running session for all tests of a mode, which audits find and leave running."""
    session = builder().master(request.param).config("spark.ui.enabled", "false").getOrCreate()
    yield
    session.stop()


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """Every world, and what one machine says of it."""
    made = {}
    for name, make in WORLDS.items():
        folder = tmp_path_factory.mktemp(name)
        config = make(folder)
        made[name] = config, judged(config, "local")
    return made


def judged(config: Path, engine: str, *options: str, tables: str = "") -> dict[str, object]:
    """The exit code and every file of a run; `tables` is where verdicts and findings go, else beside the result."""
    out = config.parent / "out" / engine
    wanted = [
        part
        for name in TABLES
        for part in (f"--{name}", f"{tables}{name}.parquet" if tables else str(out / f"{name}.csv"))
    ]
    code = guarded(
        ["run", "-c", str(config), "-o", str(out / "audit.json"), *wanted, "--engine", engine, "-q", *options]
    )
    files = sorted(out.iterdir()) if out.exists() else []
    return {"code": code, **{path.name: path.read_bytes() for path in files}}


@pytest.mark.parametrize(("world", "buckets"), [("talk", 7), ("broken", 3), ("export", 1)])
def test_spark_gives_the_same_bytes_however_rows_are_parted(desks, monkeypatch, world, buckets, counted):
    monkeypatch.setattr(Cluster, "_enough", lambda *_: buckets)
    config, here = desks[world]
    there = judged(config, "spark")
    assert here["code"] in (0, 1, 3)
    assert there.keys() == here.keys()
    for name, value in here.items():
        assert there[name] == value, name
    counted(
        "verdicts and findings that Spark found as one machine does", sum(here[f"{t}.csv"].count(b"\n") for t in TABLES)
    )


def test_the_worlds_ask_all_that_engines_could_differ_in(desks):
    """Else the test above would compare nothing with nothing."""
    talked, spoilt = (json.loads(desks[name][1]["audit.json"]) for name in ("talk", "broken"))
    found = {each["rule"] for each in talked["findings"]}
    assert {all_rules()[name].scope for name in found} == {"ticket", "requester", "channel", "topic"}
    assert talked["counts"]["automatic_by_reason"]["burst"] >= 8
    assert talked["sensitivity"]
    assert spoilt["counts"]["not_judged"]["rejected_rows"] >= 1
    assert {each["column"] for each in spoilt["rejected"]["listed"]} == {"", "When", "State"}
    assert desks["export"][1]["code"] == 1


def test_addresses_of_the_cluster_are_read_and_written(desks, monkeypatch, tmp_path):
    """The same files by address, and tables written by the executors, hold row for row what one machine writes."""
    monkeypatch.setattr(Cluster, "_enough", lambda *_: 3)
    config, _ = desks["talk"]
    here = judged(config, "local", "--redact", tables=f"{tmp_path}/here-")
    folder = tmp_path / "a [lake] of 100%" / "day=1"
    folder.mkdir(parents=True)
    for path in config.parent.glob("*.parquet"):
        shutil.copy(path, folder)
    (folder.parent / "_temporary").mkdir()
    (folder.parent / "_temporary" / "half.parquet").write_bytes(b"not yet")
    text = config.read_text("utf-8").replace("talk *.parquet", f"file://{tmp_path}/a*")
    lake = config.with_name("lake.toml")
    lake.write_text(text, "utf-8")
    there = judged(lake, "spark", "--redact", tables=f"file://{tmp_path}/there-")
    mine, yours = json.loads(there["audit.json"]), json.loads(here["audit.json"])
    for told in (mine, yours):
        assert [Path(each.pop("path")).name for each in told["inputs"]] == [
            "talk 0.parquet",
            "talk 1.parquet",
            "talk 2.parquet",
        ]
    assert mine == yours
    for name in TABLES:
        written = pl.read_parquet(tmp_path / f"there-{name}.parquet" / "*.parquet")
        assert_frame_equal(written, pl.read_parquet(tmp_path / f"here-{name}.parquet"))


def test_what_stops_an_executor_is_said_as_on_one_machine(tmp_path, capfd):
    """Two rows of one ticket, nothing to tell which is the last: a mistake of the configuration."""
    config = export(tmp_path)
    shutil.copy(tmp_path / "export-1.parquet", tmp_path / "export-3.parquet")
    said = []
    for engine in ("local", "spark"):
        assert judged(config, engine)["code"] == 2
        said.append(re.sub(r"ticket \d+", "ticket", capfd.readouterr().err))
    assert "error[config]: sources.tickets: ticket has several rows" in said[0]
    assert said[1].endswith(said[0])


def test_nothing_to_judge_is_said_as_on_one_machine(tmp_path):
    config = export(tmp_path)
    for name in ("export-1.parquet", "export-2.parquet"):
        pl.read_parquet(tmp_path / name).clear().write_parquet(tmp_path / name)
    assert [judged(config, engine)["code"] for engine in ("local", "spark")] == [5, 5]
