"""The timelines themselves are read with care: a slip of the pen is an error, not a passing test."""

import datetime as dt

import pytest
from timelines import MONDAY, shown, timelines


def block(*lines: str, head: str = "") -> str:
    return "\n".join([f"```timeline{head}", *lines, "```"])


@pytest.mark.parametrize(
    "line",
    [
        "Mon 09:00  requester  massage",
        "Mon 09:00  customer  message",
        "Mon 09:00  agent  message  intern",
        "Mon 09:00  agent",
        "Mo 09:00  agent  message",
    ],
)
def test_unknown_words_are_errors(line: str) -> None:
    with pytest.raises(ValueError, match="timeline"):
        timelines(block(line))


def test_lines_out_of_order_are_errors() -> None:
    with pytest.raises(ValueError, match="out of order"):
        timelines(block("Mon 09:00  requester  message", "Mon 08:00  agent  message"))


def test_head_sets_cut_off_limit_and_options() -> None:
    (read,) = timelines(block("Tue 09:00  agent  message", head=" as_of=Wed 10:30 limit=90s within=2h"))
    assert read.as_of == MONDAY + dt.timedelta(days=2, hours=10, minutes=30)
    assert read.limit == dt.timedelta(seconds=90)
    assert read.options == {"within": dt.timedelta(hours=2)}


def test_last_event_is_the_cut_off_and_an_hour_the_limit() -> None:
    (read,) = timelines(block("Mon 09:00  requester  message", "Mon 09:00:05  agent  message  # achieved 5s"))
    assert read.as_of == MONDAY + dt.timedelta(hours=9, seconds=5)
    assert read.limit == dt.timedelta(hours=1)
    assert read.says == [(1, "achieved 5s")]


def test_lengths_are_shown_in_minutes_and_seconds() -> None:
    assert [shown(dt.timedelta(seconds=each)) for each in (0, 3600, 3601)] == ["0m", "60m", "60m 1s"]
