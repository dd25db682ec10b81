"""What the tests on real data stand on: committed configurations, the folder of data sets, one audit with its rows."""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cs_audit.audit.export import Export
from cs_audit.audit.session import Order, run_audit
from cs_audit.audit.standard import Window
from cs_audit.config import Config, parse_config

HERE = Path(__file__).parent
DATA = HERE / ".." / ".." / ".." / "shared" / "data"

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real data sets are not beside this checkout (folder shared/data); see CREDITS.md"
)


@dataclass(frozen=True)
class Audited:
    """A finished audit: its result, and every verdict and finding as exported."""

    audit: dict[str, Any]
    verdicts: pl.DataFrame
    findings: pl.DataFrame

    def result(self, rule: str, policy: str | None = None) -> dict[str, Any]:
        """The result of one rule, of all policies or of one."""
        return next(each for each in self.audit["results"] if (each["rule"], each["policy"]) == (rule, policy))

    def of(self, rule: str) -> pl.DataFrame:
        """The verdicts of one rule, with the elapsed time also in minutes and hours."""
        seconds = pl.col("elapsed_seconds")
        own = self.verdicts.filter(pl.col("rule") == rule)
        return own.with_columns(minutes=seconds / 60, hours=seconds / 3600)

    def found(self, rule: str) -> pl.DataFrame:
        """The findings of one rule."""
        return self.findings.filter(pl.col("rule") == rule)


def config_data(name: str) -> dict[str, Any]:
    """The tables of a committed configuration, for tests that vary one of them."""
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def audited(config: str | dict[str, Any]) -> Audited:
    """The audit of a committed configuration, or of a variation of one, through the whole chain."""
    data = config_data(config) if isinstance(config, str) else config
    made = parse_config(data, folder=HERE)
    with tempfile.TemporaryDirectory() as folder:
        return _audited(made, Path(folder))


def _audited(config: Config, folder: Path) -> Audited:
    verdicts, findings = folder / "verdicts.parquet", folder / "findings.parquet"
    window = Window(as_of=config.audit.as_of)
    audit = run_audit(Order(config, window), Export(folder, verdicts, findings))
    return Audited(audit, pl.read_parquet(verdicts), pl.read_parquet(findings))


def percentile(values: pl.Series, share: float, digits: int) -> float:
    """A percentile, interpolated linearly, rounded as the expectation is."""
    found = values.quantile(share, interpolation="linear")
    assert found is not None
    return round(found, digits)
