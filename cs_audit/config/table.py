"""What the tables of the configuration are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cs_audit.config import checks
from cs_audit.config.durations import Duration
from cs_audit.schedules.hours import Range

Zone = Annotated[str, AfterValidator(checks.known_zone)]
Words = Annotated[list[str], BeforeValidator(checks.listed)]
DurationText = Annotated[Duration, BeforeValidator(checks.duration)]
Percent = Annotated[float, Field(ge=0, le=100)]
DayRanges = Annotated[tuple[Range, ...], BeforeValidator(checks.ranges)]


class Table(BaseModel):
    """A table of the configuration: closed and unchanging."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)
