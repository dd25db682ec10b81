"""Every verdict and finding as a file, in one order whatever the chunks were."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.errors import UsageError
from cs_audit.reports.clean import SIGNS, UNSEEN, cell
from cs_audit.worded import worded

if TYPE_CHECKING:
    from cs_audit.redact.redaction import Redaction

_TIMES = ("began_at", "ended_at", "due_at", "occurred_at")
LENGTHS = ("elapsed_seconds", "limit_seconds", "paused_seconds")
SUFFIXES = (".csv", ".jsonl", ".parquet")


class Export:
    """A sink that keeps frames in `folder` and writes them, sorted, when it is closed."""

    def __init__(self, folder: Path, verdicts: Path | None, findings: Path | None) -> None:
        self._targets = {"verdicts": verdicts, "findings": findings}
        self._folder = folder
        self._number = 0
        self._lock = threading.Lock()
        for path in (verdicts, findings):
            if path is not None and path.suffix not in SUFFIXES:
                raise UsageError(
                    worded("cannot write {suffix}", suffix=path.suffix or worded("that")),
                    where=str(path),
                    hint=worded("use .csv, .jsonl or .parquet"),
                )

    @property
    def wanted(self) -> frozenset[str]:
        """The kinds of rows that are written."""
        return frozenset(kind for kind, path in self._targets.items() if path is not None)

    def verdicts(self, frame: pl.DataFrame) -> None:
        """Take rows of `--verdicts`."""
        self._keep("verdicts", frame)

    def findings(self, frame: pl.DataFrame) -> None:
        """Take rows of `--findings`."""
        self._keep("findings", frame)

    def _keep(self, kind: str, frame: pl.DataFrame) -> None:
        if self._targets[kind] is None:
            return
        with self._lock:
            self._number += 1
            number = self._number
        frame.write_parquet(self._folder / f"{kind}-{number:06}.parquet")

    def clear(self) -> None:
        """Forget everything."""
        for path in self._folder.glob("*.parquet"):
            path.unlink()

    def close(self, redaction: Redaction | None = None) -> None:
        """Write the files; with a `redaction` nobody is named in them."""
        for kind, path in self._targets.items():
            if path is not None:
                files = sorted(self._folder.glob(f"{kind}-*.parquet"))
                frame = pl.scan_parquet(files) if files else pl.LazyFrame(schema=_EMPTY[kind])
                _write(redacted(shown(frame, kind).collect(), redaction), path)


ORDER = {"verdicts": ("ticket", "code", "began_at", "outcome"), "findings": ("ticket", "code", "occurred_at")}
_VERDICTS = (
    *("rule", "code", "ticket", "began_at", "ended_at", "due_at", "elapsed_seconds", "limit_seconds", "clock"),
    *(
        "outcome",
        "reason",
        "policy",
        "schedule",
        "channel",
        "team",
        "agent",
        "priority",
        "source",
        "url",
        "paused_seconds",
        "otherwise",
    ),
)
_FINDINGS = (
    *("rule", "code", "severity", "ticket", "occurred_at", "message", "related", "evidence"),
    *("channel", "team", "agent", "source", "url"),
)
COLUMNS = {"verdicts": _VERDICTS, "findings": _FINDINGS}
_EMPTY = {"verdicts": dict.fromkeys(_VERDICTS, pl.String), "findings": dict.fromkeys(_FINDINGS, pl.String)}


def shown(frame: pl.LazyFrame, kind: str) -> pl.LazyFrame:
    """Rows in order, instants as ISO text and lengths in seconds."""
    schema = frame.collect_schema()
    numbers = [name for name in (*_TIMES, *LENGTHS) if schema.get(name) == pl.Int64]
    exprs = [_iso(name) if name in _TIMES else (pl.col(name) / 1_000_000).alias(name) for name in numbers]
    return frame.sort(ORDER[kind], nulls_last=True, maintain_order=True).with_columns(exprs)


def _iso(name: str) -> pl.Expr:
    moment = pl.from_epoch(pl.col(name), "us")
    plain = moment.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    exact = moment.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    return pl.when(pl.col(name) % 1_000_000 == 0).then(plain).otherwise(exact).alias(name)


def redacted(frame: pl.DataFrame, redaction: Redaction | None) -> pl.DataFrame:
    """Rows without people, if there is a redaction."""
    if redaction is None:
        return frame
    from cs_audit.redact.values import tabled  # noqa: PLC0415 - only where it is asked for

    return tabled(frame, redaction)


def _write(shown: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    if path.suffix == ".parquet":
        shown.write_parquet(part)
    elif path.suffix == ".jsonl":
        shown.write_ndjson(part)
    else:
        told = {name: _decimals(shown[name]) for name in LENGTHS if name in shown.columns}
        texts = {name: _inert(shown[name]) for name, kind in shown.schema.items() if kind == pl.String}
        shown.with_columns(**{**texts, **told}).write_csv(part)
    part.replace(path)


def _decimals(values: pl.Series) -> pl.Series:
    """Seconds as `62.5` and `60`, never `60.0`."""
    return values.cast(pl.String).str.strip_suffix(".0")


_ACTS = rf"^\s*[{SIGNS}]|;\s*[{SIGNS}]|[\t\r\n{UNSEEN}]"
"""What a cell holds that would act in a spreadsheet or a terminal."""


def _inert(values: pl.Series) -> pl.Series:
    """Cells of text that act nowhere (see `clean.cell`)."""
    acting = values.filter(values.str.contains(_ACTS)).unique()
    return (
        values.replace(acting, pl.Series([cell(each) for each in acting], dtype=pl.String)) if len(acting) else values
    )
