"""`[sources.NAME]`: what is read, and what its columns and values mean."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from cs_audit.config import checks
from cs_audit.config.table import Table, Words, Zone


class Column(Table):
    """Where a column's values come from: a column of the file, part of one (`pattern`), or one value for all."""

    column: str | None = None
    pattern: Annotated[str | None, AfterValidator(checks.pattern)] = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Column:
        if (self.column is None) == (self.value is None):
            raise ValueError("give either column = or value =")
        return self


Meanings = Annotated[
    dict[str, Annotated[dict[str, str], BeforeValidator(checks.as_text)]], AfterValidator(checks.meanings)
]


class Reported(Table):
    """The helpdesk's own verdict on a target, and the time it promised."""

    column: str
    achieved: Words = []
    breached: Words = []


class FileSource(Table):
    """`[sources.NAME]` of a file type."""

    type: Literal["csv", "jsonl", "parquet", "xlsx"]
    path: Annotated[list[str], BeforeValidator(checks.listed)]
    rows: Literal["events", "updates", "tickets"] = "events"
    timezone: Zone | None = None
    date_order: Literal["day-first", "month-first", "year-first"] | None = None
    missing: list[str] = []
    encoding: str | None = None
    delimiter: Annotated[str | None, AfterValidator(checks.one_character)] = None
    sheet: str | None = None
    columns: dict[
        str, Annotated[Column, BeforeValidator(lambda each: {"column": each} if isinstance(each, str) else each)]
    ]
    values: Meanings = {}
    reported: dict[str, Reported] = {}
    due: dict[str, str] = {}
    requester: Literal["column", "opener"] = "column"
    joins: str | None = None
