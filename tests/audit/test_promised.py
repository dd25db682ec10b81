"""When a promise is due, on the calendar of the policy that judges it."""

import datetime as dt

import numpy as np
import pytest
from audit.desk import bench_of, frame_of, heard, standard_of

from cs_audit.audit.moments import micros
from cs_audit.audit.promised import due_instants, written
from cs_audit.audit.standard import Target
from cs_audit.schedules import Coordinates, Horizon, Schedule, parse_week
from cs_audit.text import phrases
from cs_audit.text.phrases import AtTime, EndOfDay, EndOfWeek, EndOfWeekday, OnDate, Within, WithinWorkingDays

MOSCOW = Schedule("moscow", "Europe/Moscow", parse_week({"mon-thu": "09:00-18:00", "fri": "09:00-16:00"}))
CLOCK = Coordinates([MOSCOW.timetable(Horizon(2023, 2025))])
WEDNESDAY = "2024-05-15T15:30+03:00"
FRIDAY = "2024-05-17T15:30+03:00"


def due(deadline: phrases.Deadline, said: str) -> dt.datetime:
    moment = np.array([micros(dt.datetime.fromisoformat(said))], np.int64)
    (found,) = due_instants([written(deadline)], moment, np.array([0]), CLOCK)
    return dt.datetime.fromtimestamp(found / 1e6, dt.UTC)


@pytest.mark.parametrize(
    ("deadline", "said", "wanted"),
    [
        (Within(3600), FRIDAY, "2024-05-17T16:30+03:00"),
        (Within(3600, "working"), FRIDAY, "2024-05-20T09:30+03:00"),
        (WithinWorkingDays(1), FRIDAY, "2024-05-20T18:00+03:00"),
        (EndOfDay(0), FRIDAY, "2024-05-18T00:00+03:00"),
        (EndOfDay(0, "working"), FRIDAY, "2024-05-17T16:00+03:00"),
        (EndOfDay(1), FRIDAY, "2024-05-19T00:00+03:00"),
        (EndOfDay(1, "working"), FRIDAY, "2024-05-20T18:00+03:00"),
        (AtTime(0, 17), WEDNESDAY, "2024-05-15T17:00+03:00"),
        (AtTime(0, 15), WEDNESDAY, "2024-05-16T15:00+03:00"),
        (AtTime(1, 10, 30), WEDNESDAY, "2024-05-16T10:30+03:00"),
        (EndOfWeekday(4), WEDNESDAY, "2024-05-18T00:00+03:00"),
        (EndOfWeekday(2), WEDNESDAY, "2024-05-16T00:00+03:00"),
        (EndOfWeekday(0), WEDNESDAY, "2024-05-21T00:00+03:00"),
        (EndOfWeekday(4, next_week=True), WEDNESDAY, "2024-05-25T00:00+03:00"),
        (EndOfWeekday(4, at=(12, 0)), WEDNESDAY, "2024-05-17T12:00+03:00"),
        (EndOfWeek(0), WEDNESDAY, "2024-05-20T00:00+03:00"),
        (EndOfWeek(1), WEDNESDAY, "2024-05-27T00:00+03:00"),
        (OnDate(20), WEDNESDAY, "2024-05-21T00:00+03:00"),
        (OnDate(3), WEDNESDAY, "2024-06-04T00:00+03:00"),
        (OnDate(31), "2024-06-15T10:00+03:00", "2024-08-01T00:00+03:00"),
        (OnDate(1, 6), WEDNESDAY, "2024-06-02T00:00+03:00"),
        (OnDate(1, 2), WEDNESDAY, "2025-02-02T00:00+03:00"),
        (OnDate(20, 5, (12, 0)), WEDNESDAY, "2024-05-20T12:00+03:00"),
    ],
    ids=str,
)
def test_a_deadline_is_read_on_the_local_calendar(deadline: phrases.Deadline, said: str, wanted: str) -> None:
    assert due(deadline, said) == dt.datetime.fromisoformat(wanted)


def message(after: int, author: str, text: str = "") -> dict[str, object]:
    moment = dt.datetime.fromisoformat(FRIDAY) + dt.timedelta(minutes=after)
    told = [written(each.deadline) for each in phrases.promises(text)] if author == "agent" else []
    return {
        "ticket": "A",
        "row": after,
        "seq": None,
        "occurred_at": moment.astimezone(dt.UTC),
        "kind": "message",
        "author": author,
        "public": True,
        "automatic": False,
        "text": text,
        "promised": told,
    }


def test_each_promise_of_a_message_is_judged_by_its_own_time() -> None:
    said = "Перезвоним вам в течение часа. Счёт пришлём завтра."
    rows = [message(0, "requester"), message(1, "agent", said), message(100, "agent")]
    law = standard_of({"promise_kept": Target(recorded=True)}, MOSCOW)
    told = heard(frame_of(rows), bench_of(law, dt.datetime.fromisoformat(FRIDAY) + dt.timedelta(hours=5)))[0].rows()
    assert sorted((row["outcome"], row["due_at"]) for row in told) == [
        ("achieved", micros(dt.datetime.fromisoformat("2024-05-19T00:00+03:00"))),
        ("breached", micros(dt.datetime.fromisoformat("2024-05-17T16:31+03:00"))),
    ]
