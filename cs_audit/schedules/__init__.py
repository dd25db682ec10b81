"""Working time: schedules, holidays, and time worked as a coordinate.

The rest of cs-audit subtracts coordinates and knows nothing of holidays, zones,
daylight saving, breaks or overnight shifts.
"""

from cs_audit.schedules.coordinate import Coordinates
from cs_audit.schedules.hours import ALWAYS, DAYS, Range, Week, parse_ranges, parse_week
from cs_audit.schedules.schedule import Horizon, Schedule, Timetable

__all__ = [
    "ALWAYS",
    "DAYS",
    "Coordinates",
    "Horizon",
    "Range",
    "Schedule",
    "Timetable",
    "Week",
    "parse_ranges",
    "parse_week",
]
