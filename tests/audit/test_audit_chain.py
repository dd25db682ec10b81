"""The chain from sources to a tally: what is read is accounted for, whatever the sources are like."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from audit.desk import MEASURES, Desk, Drawer, all_targets, frame_of, standard_of

from cs_audit.audit.chain import Judged, audit
from cs_audit.audit.gate import exit_code
from cs_audit.audit.moments import micros
from cs_audit.audit.result import make_audit
from cs_audit.audit.standard import Window
from cs_audit.errors import HolidayError, NothingToJudge
from cs_audit.schedules import Schedule, parse_week
from cs_audit.sources.ledger import Reject

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
STANDARD = standard_of(all_targets(60 * MINUTE))
Event = dict[str, Any]


def message(ticket: str, author: str, minute: float, **more: Any) -> Event:
    """A public message so many minutes after nine."""
    moment = NINE + minute * MINUTE
    return {"ticket": ticket, "occurred_at": moment, "kind": "message", "author": author, "public": True,
            "automatic": False, **more}  # fmt: skip


def desk_of(*rows: Event, name: str = "desk", group: str = "desk", **more: Any) -> Desk:
    return Desk(frame_of([{"row": number, **row} for number, row in enumerate(rows)]), name=name, group=group, **more)


def reject(ticket: str) -> Reject:
    return Reject("desk.csv", 7, ticket, "at", "yesterday", "is no timestamp")


def judged(folder: Path, *desks: Desk, standard: Any = STANDARD, **window: Any) -> tuple[Judged, Drawer]:
    drawer = Drawer()
    return audit(desks, standard, Window(**window), folder, drawer), drawer


def result(folder: Path, *desks: Desk, standard: Any = STANDARD, **window: Any) -> dict[str, Any]:
    made, _ = judged(folder, *desks, standard=standard, **window)
    return make_audit(made, standard, Window(**window), desks, title="Desk", language="en")  # type: ignore[arg-type]


QUICK = (message("A", "requester", 0), message("A", "agent", 30))
SLOW = (message("B", "requester", 5), message("B", "agent", 100))


def outcomes(drawer: Drawer, rule: str = "first_reply") -> dict[str, tuple[str, str | None]]:
    return {row["ticket"]: (row["outcome"], row["reason"]) for row in drawer.rows() if row["rule"] == rule}


def test_last_event_is_the_cut_off_unless_one_is_given(tmp_path: Path) -> None:
    assert judged(tmp_path / "a", desk_of(*QUICK, *SLOW))[0].bench.as_of == micros(NINE + 100 * MINUTE)
    given = NINE + dt.timedelta(days=2)
    assert judged(tmp_path / "b", desk_of(*QUICK), as_of=given)[0].bench.as_of == micros(given)


def test_promised_times_are_no_events(tmp_path: Path) -> None:
    rows = [{**row, "due_first_reply": NINE + dt.timedelta(days=400)} for row in QUICK]
    desk = Desk(frame_of([{"row": number, **row} for number, row in enumerate(rows)],
                         due_first_reply=frame_of(QUICK).schema["occurred_at"]))  # fmt: skip
    assert judged(tmp_path, desk)[0].last == micros(NINE + 30 * MINUTE)


def test_nothing_read_is_nothing_to_judge(tmp_path: Path) -> None:
    empty = Desk(desk_of(*QUICK).rows.clear())
    with pytest.raises(NothingToJudge):
        judged(tmp_path, empty)


def test_rows_that_were_all_rejected_make_an_incomplete_audit(tmp_path: Path) -> None:
    empty = Desk(desk_of(*QUICK).rows.clear(), rejects=[reject("A"), reject("A"), reject("B"), reject("")])
    made = result(tmp_path, empty)
    assert made["counts"]["tickets"] == 2
    assert made["counts"]["judged"] == 0
    assert made["counts"]["not_judged"] == {"rejected_rows": 2}
    assert made["rejected"]["rows"] == 4
    assert exit_code(made, "never") == 3
    assert [each["judged"] for each in made["results"] if each["policy"] is None] == [0] * len(MEASURES)


def test_a_ticket_with_a_rejected_row_is_not_judged_and_finds_nothing(tmp_path: Path) -> None:
    strange = message("B", "unknown", 50)
    made, drawer = judged(tmp_path, desk_of(*QUICK, *SLOW, strange, rejects=[reject("B"), reject("C")]))
    assert outcomes(drawer) == {"A": ("achieved", None), "B": ("not_judged", "rejected_rows")}
    assert not [row for row in drawer.marks() if row["ticket"] == "B"]
    assert made.tally.tickets == {"judged": 1, "not_judged:rejected_rows": 2}


def test_two_desks_may_have_tickets_of_one_name(tmp_path: Path) -> None:
    first = desk_of(*QUICK, name="first", group="first")
    second = desk_of(*SLOW, message("A", "requester", 0), name="second", group="second", rejects=[reject("A")])
    made, drawer = judged(tmp_path, first, second)
    assert made.tally.tickets == {"judged": 2, "not_judged:rejected_rows": 1}
    told = {(row["source"], row["ticket"]): row["outcome"] for row in drawer.rows() if row["rule"] == "first_reply"}
    assert told == {("first", "A"): "achieved", ("second", "A"): "not_judged", ("second", "B"): "breached"}


def test_joined_sources_tell_of_the_same_tickets(tmp_path: Path) -> None:
    asked = desk_of(message("A", "requester", 0), name="mail", sees=frozenset({"messages", "first_reply"}))
    solved = {"ticket": "A", "occurred_at": NINE + 50 * MINUTE, "kind": "status", "author": "agent", "status": "solved"}
    states = desk_of(solved, name="states", sees=frozenset({"statuses", "resolution"}))
    made, drawer = judged(tmp_path, asked, states)
    assert made.tally.tickets == {"judged": 1}
    assert outcomes(drawer) == {"A": ("not_judged", "closed_without_reply")}
    assert outcomes(drawer, "resolution") == {"A": ("achieved", None)}


def test_what_a_source_cannot_show_is_not_judged(tmp_path: Path) -> None:
    made, drawer = judged(tmp_path, desk_of(*QUICK, message("A", "unknown", 40), sees=frozenset({"first_reply"})))
    assert outcomes(drawer) == {"A": ("achieved", None)}
    for rule in ("next_reply", "first_resolution", "resolution"):
        assert outcomes(drawer, rule) == {"A": ("not_judged", "history_not_available")}
    assert not drawer.marks()  # unknown_author needs all messages
    assert made.tally.tickets == {"judged": 1}


def test_a_reader_that_gives_up_is_read_again_from_the_start(tmp_path: Path) -> None:
    rows = [*QUICK, *SLOW]
    whole, again = (desk_of(*rows, batch=1, breaks=breaks) for breaks in (False, True))
    assert judged(tmp_path / "a", again)[1].rows() == judged(tmp_path / "b", whole)[1].rows()


def test_all_after_the_cut_off_is_not_judged(tmp_path: Path) -> None:
    made, drawer = judged(tmp_path, desk_of(*QUICK, *SLOW), as_of=NINE - MINUTE)
    assert made.tally.tickets == {"judged": 0, "not_judged:after_as_of": 2}
    assert made.tally.found["event_after_cutoff"] == 4
    assert {row["rule"] for row in drawer.marks()} == {"event_after_cutoff"}
    assert drawer.rows() == []


def test_the_cut_off_hides_what_came_later(tmp_path: Path) -> None:
    made, drawer = judged(tmp_path, desk_of(*QUICK, *SLOW), as_of=NINE + 10 * MINUTE)
    assert outcomes(drawer) == {"A": ("active", None), "B": ("active", None)}
    assert made.tally.events["beyond"] == 2
    assert made.tally.events["events"] == 2


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (0, 5, {"A": ("achieved", None), "B": ("not_judged", "outside_window")}),
        (5, 6, {"A": ("not_judged", "outside_window"), "B": ("breached", None)}),
        (None, 5, {"A": ("achieved", None), "B": ("not_judged", "outside_window")}),
        (1, None, {"A": ("not_judged", "outside_window"), "B": ("breached", None)}),
    ],
)
def test_the_window_bounds_when_a_wait_began(tmp_path: Path, since: int, until: int, told: object) -> None:
    edges = {
        name: NINE + minute * MINUTE for name, minute in (("since", since), ("until", until)) if minute is not None
    }
    made, drawer = judged(tmp_path, desk_of(*QUICK, *SLOW), standard=standard_of(
        {"first_reply": all_targets(60 * MINUTE)["first_reply"]}), **edges)  # fmt: skip
    assert outcomes(drawer) == told
    assert made.tally.tickets == {"judged": 1, "not_judged:outside_window": 1}


def test_findings_lie_in_the_window(tmp_path: Path) -> None:
    rows = [message("A", "unknown", minute) for minute in (0, 5, 10)]
    made, drawer = judged(tmp_path, desk_of(*rows), since=NINE + 5 * MINUTE, until=NINE + 10 * MINUTE)
    assert made.tally.found["unknown_author"] == 1
    assert [row["occurred_at"] for row in drawer.marks()] == [micros(NINE + 5 * MINUTE)]


def russian(*, hours: str = "09:00-18:00") -> Any:
    office = Schedule("office", "Europe/Moscow", parse_week({"mon-fri": hours}), ("RU",))
    return standard_of(all_targets(60 * MINUTE), office)


def test_the_year_after_is_compiled_where_its_holidays_are_known(tmp_path: Path) -> None:
    made, _ = judged(tmp_path / "a", desk_of(*QUICK), standard=russian())
    assert made.bench.coordinates.ends > micros(dt.datetime(2025, 12, 30, tzinfo=dt.UTC))
    late = desk_of(*({**row, "occurred_at": row["occurred_at"].replace(year=2027)} for row in QUICK))
    made, _ = judged(tmp_path / "b", late, standard=russian())
    assert made.bench.coordinates.ends < micros(dt.datetime(2028, 1, 1, tzinfo=dt.UTC))


def test_a_strange_year_without_holidays_is_told_with_the_dates_behind_it(tmp_path: Path) -> None:
    strange = {**QUICK[1], "occurred_at": NINE.replace(year=2042)}
    with pytest.raises(HolidayError, match="this audit needs 2028") as told:
        judged(tmp_path, desk_of(QUICK[0], strange), standard=russian())
    assert "2024-05-06T09:00:00Z" in told.value.hint
    assert "2042-05-06T09:00:00Z" in told.value.hint
