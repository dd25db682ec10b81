"""From the `columns` of a source's configuration to the fields of one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from cs_audit.errors import ConfigError
from cs_audit.sources import fields
from cs_audit.sources.automatic import reason
from cs_audit.sources.fields import Field
from cs_audit.sources.tables import BATCH, ROW, Table
from cs_audit.sources.times import TimeColumn, decide_order, detect, order_proofs
from cs_audit.worded import nearest, worded

if TYPE_CHECKING:
    from cs_audit.config.models import AutomaticTable
    from cs_audit.config.source_tables import Column, FileSource

DUE, REPORTED = "due_", "reported_"
_SAMPLE = 10_000


@dataclass(frozen=True)
class Plan:
    """The fields of one table, the file's columns they need, and constants for the columns not in the file.

    `native` are the columns that all their fields can be read from as they are.
    """

    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    automatic: pl.Expr
    missing: tuple[str, ...]
    drop: tuple[str, ...]
    native: frozenset[str] = frozenset()

    def apply(self, frame: pl.LazyFrame, keep: Iterable[str], *, natively: bool = False) -> pl.LazyFrame:
        """Events (or states, or tickets) of raw rows; LEFT says in which rows a value came to nothing.

        Where rows are read `natively`, columns that can be have their own types.
        """
        asked = [field for field in self.fields if field.strict or field.check]
        there = {field.name: pl.col(fields.RAW + field.name) for field in asked}
        told = {
            field.name: field.native if natively and field.native else (field.value, field.there(list(self.missing)))
            for field in self.fields
        }
        values = (told[field.name][0].alias(field.name) for field in self.fields)
        given = (told[field.name][1].alias(fields.RAW + field.name) for field in asked)
        left = [pl.col(field.name).is_null() & there[field.name] for field in asked if field.strict]
        return (
            frame.select(*keep, *values, *given)
            .with_columns(field.checked(pl.col(field.name), there[field.name]).alias(field.name) for field in asked)
            .with_columns(self.automatic, pl.any_horizontal(left).fill_null(value=False).alias(fields.LEFT))
            .with_columns(automatic=pl.col("automatic_reason").is_not_null())
            .drop(*self.drop, *(fields.RAW + name for name in there))
        )

    @property
    def _raw(self) -> list[pl.Expr]:
        return [field.raw.alias(fields.RAW + field.name) for field in self.fields if field.strict]

    def raw(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The values, and the raw texts of fields that may fail beside them as RAW + name."""
        missing = list(self.missing)
        values = (each.checked(each.value, each.there(missing)).alias(each.name) for each in self.fields)
        return rows.select(pl.col(ROW), *values, *self._raw)


def make_plan(
    source: FileSource, name: str, table: Table, automatic: AutomaticTable, needs: frozenset[str], timezone: str | None
) -> Plan:
    """The plan for reading `table` as `source` says, with only the columns in `needs`.

    Raises:
        ConfigError: a column the file does not have, or an unknown name in `columns`.
        GuessError: times without a zone, or dates whose order nothing proves.
    """
    where = f"sources.{name}"
    _check_names(source, table, where)
    specs = {key: spec for key, spec in source.columns.items() if key in needs or key in _ALWAYS[source.rows]}
    for key in _REQUIRED[source.rows]:
        if key not in source.columns:
            hint = worded('add {key} = "its column in the file"', key=key)
            raise ConfigError(worded("{key} is missing", key=key), where=f"{where}.columns", hint=hint)
    specs |= _due_columns(source)
    zone = source.timezone or timezone
    made = [_field(key, spec, source, table, zone) for key, spec in specs.items()]
    made += [
        fields.verdict_field(REPORTED + rule, pl.col(each.column), each.achieved, each.breached)
        for rule, each in source.reported.items()
    ]
    columns = [spec.column for spec in specs.values() if spec.column]
    columns += [each.column for each in source.reported.values()]
    names = [field.name for field in made]
    drop = [each for each in ("headers", "subject", "text") if each in names and each not in needs]
    rule = reason(names, automatic)
    native = _native(specs, made, source)
    made = [each if each.native and specs[each.name].column in native else replace(each, native=None) for each in made]
    return Plan(tuple(made), tuple(dict.fromkeys(columns)), rule, tuple(source.missing), tuple(drop), native)


def _native(specs: Mapping[str, Column], made: Iterable[Field], source: FileSource) -> frozenset[str]:
    """The columns that every field on them can be read from as they are."""
    plain = {specs[each.name].column for each in made if each.name in specs and each.native is None}
    plain |= {each.column for each in source.reported.values()}
    return frozenset(
        column for each in made if each.native and (column := specs[each.name].column) and column not in plain
    )


_ALWAYS: Mapping[str, frozenset[str]] = {
    "events": frozenset({"ticket", "occurred_at", "kind", "author", "public", "automatic", "status", "event", "seq",
                         "subject", "headers"}),
    "updates": frozenset({"ticket", "occurred_at", "seq", "status", "created_at", "solved_at", "closed_at"}),
    "tickets": frozenset({"ticket", "created_at", "first_reply_at", "solved_at", "closed_at", "updated_at", "status"}),
}  # fmt: skip
_REQUIRED = {
    "events": ("ticket", "occurred_at"),
    "updates": ("ticket", "occurred_at"),
    "tickets": ("ticket", "created_at"),
}


def _check_names(source: FileSource, table: Table, where: str) -> None:
    for key in source.columns:
        if key not in fields.KNOWN:
            hint = nearest(key, fields.KNOWN, worded("known: {known}", known=", ".join(fields.KNOWN)), cutoff=0.5)
            raise ConfigError(worded("unknown column of events"), where=f"{where}.columns.{key}", hint=hint)
    wanted = {f"columns.{key}": spec.column for key, spec in source.columns.items() if spec.column}
    wanted |= {f"reported.{key}": each.column for key, each in source.reported.items()}
    wanted |= {f"due.{key}": column for key, column in source.due.items()}
    for key, column in wanted.items():
        if column not in table.columns:
            has = worded("it has: {columns}", columns=", ".join(table.columns)[:300])
            hint = nearest(column, table.columns, has, cutoff=0.5)
            raise ConfigError(
                worded("the file {path} has no column {column!r}", path=table.path, column=column),
                where=f"{where}.{key}",
                hint=hint,
            )


def _due_columns(source: FileSource) -> dict[str, Any]:
    from cs_audit.config.source_tables import Column  # noqa: PLC0415 - pydantic loads late

    return {DUE + rule: Column(column=column) for rule, column in source.due.items()}


def _field(key: str, spec: Column, source: FileSource, table: Table, zone: str | None) -> Field:
    raw = pl.lit(spec.value, pl.String) if spec.value is not None else pl.col(str(spec.column))
    if spec.pattern:
        raw = fields.part_of(raw, spec.pattern)
    if key in fields.TIMES and spec.column is None:
        raise ConfigError(
            worded("a time cannot be the same for all rows"),
            where=f"columns.{key}",
            hint=worded("name the column that holds it"),
        )
    if key in fields.TIMES or key.startswith(DUE):
        place = worded("{path}, column {column!r}", path=table.path, column=spec.column)
        column, typed = _time_column(raw, spec, source, table, zone, place)
        return fields.time_field(key, raw, column, typed)
    values = source.values.get(key, {})
    kind = None if source.missing or spec.pattern or spec.column is None else table.kinds.get(spec.column)
    native = fields.natively(key, raw, kind, values)
    if key in fields.WORDS:
        return replace(fields.word_field(key, raw, values), native=native)
    if key in fields.NUMBERS:
        return replace(fields.number_field(key, raw), native=native)
    return replace(fields.name_field(key, raw, list(source.missing)), native=native)


def _time_column(
    raw: pl.Expr, spec: Column, source: FileSource, table: Table, zone: str | None, where: str
) -> tuple[TimeColumn, pl.DataType | None]:
    sample = table.sample([str(spec.column)], _SAMPLE).lazy().select(raw.alias("raw")).collect()["raw"]
    if sample.dtype.is_temporal() and not isinstance(sample.dtype, pl.Datetime):
        detect([], timezone=zone, order=None, where=where)
    if sample.dtype.is_temporal():
        if getattr(sample.dtype, "time_zone", None) is None:
            detect(["2000-01-01 00:00"], timezone=zone, order=None, where=where)
        return TimeColumn((), zone, None), sample.dtype
    texts = sample.filter((sample != "") & ~sample.is_in(source.missing)).drop_nulls().to_list()
    if not texts:
        return TimeColumn(detect(["2000-01-01T00:00:00Z"], timezone=zone, order=None, where=where)[0], zone, None), None
    forms, open_order = detect(texts, timezone=zone, order=source.date_order, where=where)
    order = source.date_order
    if open_order:
        order = decide_order(*order_counts(raw, str(spec.column), table), texts[0], where)
    return TimeColumn(tuple(form.ordered(order) for form in forms), zone, order), None


def order_counts(raw: pl.Expr, column: str, table: Table) -> tuple[int, int]:
    """How many dates of the whole column can only be day first, and only month first."""
    if table.lazy is not None:
        try:
            found = table.lazy([column]).select(order_proofs(raw)).collect(engine="streaming")
            return int(found["day"][0]), int(found["month"][0])
        except pl.exceptions.PolarsError:
            pass  # a broken row: read slowly, below
    day = month = 0
    for frame in table.read([column], [], BATCH):
        found = frame.lazy().select(order_proofs(raw)).collect()
        day, month = day + int(found["day"][0]), month + int(found["month"][0])
    return day, month
