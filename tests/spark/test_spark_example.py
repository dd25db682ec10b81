"""The example of a cluster: its files are what its script makes, and spark-submit gives what one machine gives."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
if shutil.which("java") is None:
    pytest.skip("there is no Java", allow_module_level=True)

from cs_audit.cli.guard import guarded

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "spark"


def test_the_sample_is_what_its_script_makes(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "spark")
    shutil.copytree(EXAMPLE.parent / "quickstart" / "en", tmp_path / "quickstart" / "en")
    runpy.run_path(str(tmp_path / "spark" / "make.py"), run_name="__main__")
    for path in sorted(EXAMPLE.glob("*.parquet")):
        assert_frame_equal(pl.read_parquet(tmp_path / "spark" / path.name), pl.read_parquet(path))


def test_the_configuration_is_that_of_the_quickstart_but_for_its_files():
    own, other = (
        (folder / "cs-audit.toml").read_text("utf-8").splitlines()
        for folder in (EXAMPLE, ROOT / "examples/quickstart/en")
    )
    assert len([line for line, there in zip(own, other, strict=True) if line != there]) == 3


def test_spark_submit_gives_the_same_audit(tmp_path, monkeypatch):
    monkeypatch.chdir(EXAMPLE)
    options = ["-c", "cs-audit.toml", "-q", "--fail-on", "never", "-o"]
    assert guarded(["run", *options, str(tmp_path / "here.json")]) == 0
    submit = Path(sys.executable).with_name("spark-submit")
    command = ["--master", "local[2]", "audit.py", "run", "--engine", "spark", *options, str(tmp_path / "there.json")]
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    done = subprocess.run([submit, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "there.json").read_bytes() == (tmp_path / "here.json").read_bytes()
