"""What an audit uses where the configuration says nothing, and says so."""

from __future__ import annotations

from cs_audit.config.models import Config, PolicyTable, ScheduleTable
from cs_audit.worded import Worded, worded

HOURS = {"mon-fri": ["09:00-18:00"]}
TARGETS = {"first_reply": "60m", "next_reply": "4h", "resolution": "2wd"}


def with_defaults(config: Config, timezone: str) -> tuple[Config, list[Worded]]:
    """The configuration with a first policy if it has none, and what was assumed, as sentences."""
    if config.policies:
        return config, []
    schedules = dict(config.schedules)
    name = next(iter(schedules), "office")
    notes = []
    if not schedules:
        schedules[name] = ScheduleTable.model_validate({"timezone": timezone, "hours": HOURS})
        notes.append(
            worded(
                "Working hours: not given, assumed Mon-Fri 09:00-18:00 {zone} without holidays ([schedules.office])",
                zone=timezone,
            )
        )
    policy = PolicyTable.model_validate({"name": "Default", "schedule": name, "targets": TARGETS})
    limits = ", ".join(f"{rule} {limit}" for rule, limit in TARGETS.items())
    notes.append(worded("Targets: not given, assumed {limits} ([[policies]])", limits=limits))
    return config.model_copy(update={"schedules": schedules, "policies": [policy]}), notes
