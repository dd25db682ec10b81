"""The tables of cs-audit.toml. Unknown keys are errors; every value is checked where it stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from cs_audit.config import checks
from cs_audit.config.durations import Duration
from cs_audit.config.opinion_table import OpinionTable
from cs_audit.config.source_tables import FileSource, HelpdeskSource, SourceTable
from cs_audit.config.table import DayRanges, DurationText, Percent, Table, Words, Zone
from cs_audit.config.text_tables import TextTable
from cs_audit.errors import ValueRefused
from cs_audit.events.columns import CHANNELS, PRIORITIES
from cs_audit.schedules.hours import Week
from cs_audit.worded import worded


class AuditTable(Table):
    """`[audit]`: how the report is called, spoken and timed."""

    title: str = "Support audit"
    language: Literal["en", "ru"] = "en"
    timezone: Zone = "UTC"
    goal: Percent = 90
    as_of: dt.datetime | None = None
    period_by: Literal["began", "due", "opened"] = "began"
    sensitivity: bool | None = None

    @field_validator("as_of")
    @classmethod
    def _has_zone(cls, value: dt.datetime | None) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueRefused(worded("has no UTC offset"), worded("write it like 2026-10-31T23:59:59+03:00"))
        return value


class ShortDays(Table):
    """Days with other hours, as one list."""

    hours: DayRanges
    dates: list[dt.date]


class ScheduleTable(Table):
    """`[schedules.NAME]`."""

    timezone: Zone = "UTC"
    hours: Annotated[Week, BeforeValidator(checks.week)]
    holidays: Words = []
    short_days: ShortDays | list[ShortDays] | None = None
    exceptions: dict[dt.date, DayRanges] = {}


class Target(Table):
    """A limit for one rule: `"60m"` or a table; `limit = "recorded"` is the promised time of each ticket."""

    limit: DurationText | Literal["recorded", "promised"]
    goal: Percent | None = None
    clock: Literal["working", "calendar"] = "working"
    pause: Annotated[list[Literal["new", "open", "pending", "on_hold"]] | None, BeforeValidator(checks.listed)] = None
    end_of_day: bool = False

    @model_validator(mode="before")
    @classmethod
    def _bare_limit(cls, value: Any) -> Any:
        return value if isinstance(value, (dict, Target)) else {"limit": value}

    @field_validator("limit", mode="before")
    @classmethod
    def _limit(cls, value: Any) -> Any:
        return value if value in ("recorded", "promised") else checks.duration(value)

    @model_validator(mode="after")
    def _whole_days(self) -> Target:
        if isinstance(self.limit, Duration) and self.limit.has_days and self.clock == "working":
            raise ValueRefused(
                worded("a day of 24 hours is calendar time"), worded('write clock = "calendar", working hours, or 2wd')
            )
        if isinstance(self.limit, Duration) and self.limit.working_days and self.clock == "calendar":
            raise ValueRefused(
                worded("working days need the working clock"), worded("write days as 2d for the calendar clock")
            )
        if self.end_of_day and not (isinstance(self.limit, Duration) and self.limit.working_days):
            raise ValueRefused(worded('end_of_day needs a limit in working days, like limit = "2wd"'))
        if self.pause and not isinstance(self.limit, Duration):
            raise ValueRefused(worded("a recorded time holds whatever pauses there were"), worded("remove pause"))
        return self


class Match(Table):
    """Which tickets a policy is for: every key given must hold, by any of its words."""

    priority: Words | None = None
    organization: Words | None = None
    channel: Words | None = None
    tags: Words | None = None
    team: Words | None = None
    source: Words | None = None
    requester_timezone: Words | None = None

    @field_validator("priority", "channel")
    @classmethod
    def _known(cls, value: list[str] | None, info: Any) -> list[str] | None:
        known = PRIORITIES if info.field_name == "priority" else CHANNELS
        for word in value or ():
            if word not in known:
                raise ValueRefused(worded("{word!r} is none of: {known}", word=word, known=" ".join(known)))
        return value


class PolicyTable(Table):
    """`[[policies]]`: the first one that matches a wait judges it."""

    name: str
    match: Match = Match()
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None
    schedule: str | None = None
    schedule_by: dict[Literal["organization", "team", "requester_timezone", "source", "channel"], dict[str, str]] = {}
    targets: dict[str, Target] = {}


class AutomaticTable(Table):
    """`[automatic]`: what is not a person, besides what the sources flag."""

    author_ids: Words = []
    text: Words = []
    subjects: Words = []
    ai_agents: Words = []


class RulesTable(Table):
    """`[rules]`, with the options of single rules taken apart."""

    select: Words = ["ALL"]
    ignore: Words = []
    options: dict[str, dict[str, Any]] = {}

    @model_validator(mode="before")
    @classmethod
    def _split(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueRefused(worded("must be a table"), worded("write it as [rules]"))
        named = {key: each for key, each in value.items() if key in ("select", "ignore")}
        return {**named, "options": {key: each for key, each in value.items() if key not in named}}


class IgnoreEntry(Table):
    """`[[ignore]]`: an exception with a reason and an end, for a ticket, or for what a finding says: its `slot`, with
    these `values` or any.
    """

    rule: str
    ticket: str | None = None
    slot: str | None = None
    values: Words = []
    reason: str = Field(min_length=1)
    until: dt.date

    @model_validator(mode="after")
    def _names_one(self) -> IgnoreEntry:
        if (self.ticket is None) == (self.slot is None):
            raise ValueRefused(worded('give either ticket = "..." or slot = "..."'))
        if self.values and self.slot is None:
            raise ValueRefused(worded("values belong to a slot"), worded("remove them"))
        return self


class ExclusionMatch(Match):
    """Which tickets are left out."""

    requester: Words | None = None
    agent: Words | None = None


class ExclusionTable(Table):
    """`[[exclude]]`: tickets left out by a rule with a name (spam, tests, an agent's own tickets)."""

    name: str = Field(min_length=1)
    match: ExclusionMatch = ExclusionMatch()
    own_tickets: bool = False
    rules: Words = []

    @model_validator(mode="after")
    def _names_some(self) -> ExclusionTable:
        if not self.own_tickets and not any(self.match.model_dump().values()):
            raise ValueRefused(
                worded("would leave out every ticket"),
                worded('say which: match = {{ tags = ["spam"] }}, or own_tickets = true'),
            )
        return self


class StoreTable(Table):
    """`[store]`: where what was pulled is kept, from the configuration's folder on, and whether events are kept beside
    it for the next audit (by default those of helpdesks).
    """

    path: str = ".cs-audit/store.db"
    cache: bool | None = None


class Config(Table):
    """The whole configuration."""

    audit: AuditTable = AuditTable()
    sources: dict[str, SourceTable] = {}
    schedules: dict[str, ScheduleTable] = {}
    policies: list[PolicyTable] = []
    automatic: AutomaticTable = AutomaticTable()
    rules: RulesTable = RulesTable()
    ignore: list[IgnoreEntry] = []
    exclude: list[ExclusionTable] = []
    text: TextTable = TextTable()
    policy_facts: dict[str, str] = {}
    second_opinion: OpinionTable | None = None
    store: StoreTable = StoreTable()
    folder: Path = Field(default=Path(), exclude=True)

    @property
    def files(self) -> dict[str, FileSource]:
        """The sources that are files."""
        return {name: each for name, each in self.sources.items() if isinstance(each, FileSource)}

    @property
    def helpdesks(self) -> dict[str, HelpdeskSource]:
        """The sources that are pulled."""
        return {name: each for name, each in self.sources.items() if isinstance(each, HelpdeskSource)}

    @property
    def store_path(self) -> Path:
        """Where what was pulled is kept."""
        return self.folder / self.store.path
