"""What `--engine spark` demands is said before anything is read, with what to do."""

import importlib.util

import pytest

from cs_audit.cli.guard import guarded
from cs_audit.spark import session

CONFIG = """
[sources.desk]
type = "csv"
path = "desk.csv"
columns = { ticket = "t", occurred_at = "at" }
"""


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Run with these options; what is said of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cs-audit.toml").write_text(CONFIG)
    (tmp_path / "desk.csv").write_text("t,at\nA,2026-01-05T10:00Z\n")

    def run(*options):
        assert guarded(["run", *options]) == 2
        return capsys.readouterr().err

    return run


@pytest.fixture
def _complete(monkeypatch):
    monkeypatch.setattr(session, "find_spec", lambda _: True)
    monkeypatch.setattr(session.shutil, "which", lambda *_, **__: "/usr/bin/java")


def test_an_engine_that_there_is_not(refused):
    assert "--engine: there is no engine 'flink'\n  hint: write local or spark" in refused("--engine", "flink")


def test_without_pyspark_it_says_what_to_type(refused, monkeypatch):
    monkeypatch.setattr(
        session, "find_spec", lambda name: None if name == "pyspark" else importlib.util.find_spec(name)
    )
    assert "PySpark is not installed\n  hint: type: pip install 'cs-audit[spark]'" in refused("--engine", "spark")


def test_without_java_it_says_so(refused, monkeypatch, tmp_path):
    monkeypatch.setattr(session, "find_spec", lambda _: True)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "Java is not installed\n  hint: install Java 17" in refused("--engine", "spark")


@pytest.mark.usefixtures("_complete")
def test_spark_reads_parquet_alone(refused):
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    said = refused("--engine", "spark")
    assert "sources.desk.type: Spark reads Parquet files, not csv" in said
    assert "write_parquet" in said


@pytest.mark.parametrize("option", ["--verdicts", "--findings"])
def test_addresses_are_for_a_cluster(refused, option):
    assert "is an address of a cluster\n  hint: add --engine spark" in refused(option, "s3a://bucket/v.parquet")


@pytest.mark.usefixtures("_complete")
def test_a_cluster_writes_parquet(refused):
    assert "a cluster writes Parquet" in refused("--engine", "spark", "--verdicts", "hdfs:///out/v.csv")
