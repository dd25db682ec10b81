"""`[sources.NAME]`: what is read, and what its columns and values mean."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from cs_audit.config import checks
from cs_audit.config.table import Table, Words, Zone
from cs_audit.errors import ValueRefused
from cs_audit.sources.helpdesks import TYPES
from cs_audit.sources.web.reference import SecretReference
from cs_audit.worded import worded


class Column(Table):
    """Where a column's values come from: a column of the file, part of one (`pattern`), or one value for all."""

    column: str | None = None
    pattern: Annotated[str | None, AfterValidator(checks.pattern)] = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Column:
        if (self.column is None) == (self.value is None):
            raise ValueRefused(worded("give either column = or value ="))
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


def _known_type(value: str) -> str:
    if value not in TYPES:
        raise ValueRefused(worded("{value!r} is no helpdesk", value=value))
    return value


class HelpdeskSource(Table):
    """`[sources.NAME]` of a helpdesk that is pulled: its address, whose token it is, and what else its type needs."""

    type: Annotated[str, AfterValidator(_known_type)]
    url: Annotated[str, Field(min_length=1)]
    token: SecretReference
    user: str | None = None
    account: str | None = None
    projects: Words = []
    timezone: Zone | None = None
    agents: Words = []
    account_manager: str | None = None
    plain_http: bool = False
    parallel: Annotated[int, Field(ge=1, le=32)] | None = None


def _kind(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return "helpdesk" if kind in TYPES else "file"


SourceTable = Annotated[
    Annotated[FileSource, Tag("file")] | Annotated[HelpdeskSource, Tag("helpdesk")], Discriminator(_kind)
]
"""A source of files or a helpdesk, as its `type` says."""
