"""The same text again and again: bursts, clockwork and canned answers."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import SHARED, needs_data

from cs_audit.text import automatic, repeated
from cs_audit.text.plain import plain_texts
from tests.patience import comes_to_an_end

START = dt.datetime(2026, 3, 2, 9, 0, 7, tzinfo=dt.UTC)
NOTICE = "Dear Ann, the outage of 2 March is over, all services are available again. Order 4711 is not affected."


def events(*rows: tuple[int, float, str | None, str | None], author: str | None = None) -> pl.DataFrame:
    """Rows of ticket, second, author and text as a frame."""
    frame = pl.DataFrame(
        {
            "ticket": [str(row[0]) for row in rows],
            "occurred_at": [START + dt.timedelta(seconds=row[1]) for row in rows],
            "author_id": [row[2] for row in rows],
            "text": [row[3] for row in rows],
        },
        schema_overrides={"author_id": pl.String, "text": pl.String},
    )
    return frame if author is None else frame.with_columns(author=pl.lit(author))


def found(frame: pl.DataFrame) -> list[str | None]:
    return repeated.reasons(repeated.prints(frame)).to_list()


def test_five_tickets_within_a_minute_are_a_burst() -> None:
    assert found(events(*((n, n * 15, "a", NOTICE) for n in range(5)))) == ["burst"] * 5
    assert found(events(*((n, n * 15.1, "a", NOTICE) for n in range(5)))) == [None] * 5
    assert found(events(*((n, n, "a", NOTICE) for n in range(4)))) == [None] * 4


def test_a_burst_is_of_one_author_and_one_text_to_several_tickets() -> None:
    assert found(events(*((n, n, str(n), NOTICE) for n in range(5)))) == [None] * 5
    assert found(events(*((n, n, None, NOTICE) for n in range(5)))) == [None] * 5
    assert found(events(*((n, n, "a", NOTICE + "abcde"[n]) for n in range(5)))) == [None] * 5
    assert found(events(*((n % 4, n, "a", NOTICE) for n in range(8)))) == [None] * 8


def test_a_text_repeated_in_a_ticket_of_a_burst_belongs_to_it() -> None:
    rows = [(n, n, "a", NOTICE) for n in range(5)]
    assert found(events(*rows, (0, 5, "a", NOTICE))) == ["burst"] * 6


def test_figures_names_greeted_and_white_space_do_not_matter() -> None:
    names = ["Ann", "Bob Lee", "Mr. Smith", "Карл", "Zoë"]
    texts = [f"Dear {name},\nyour order {n} is  late." for n, name in enumerate(names)]
    assert found(events(*((n, n, "a", text) for n, text in enumerate(texts)))) == ["burst"] * 5


def test_what_requesters_send_is_no_burst() -> None:
    rows = [(n, n, "a", NOTICE) for n in range(5)]
    assert found(events(*rows, author="requester")) == [None] * 5
    assert found(events(*rows, author="agent")) == ["burst"] * 5


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from("ab")), min_size=1, max_size=14))
def test_a_burst_is_what_trying_all_windows_finds(times: list[tuple[int, str]]) -> None:
    frame = events(*((n, at, author, NOTICE) for n, (at, author) in enumerate(times)))
    inside: set[int] = set()
    for chosen in combinations(range(len(times)), 5):
        moments = [times[n][0] for n in chosen]
        if max(moments) - min(moments) <= 60 and len({times[n][1] for n in chosen}) == 1:
            inside.update(chosen)
    assert found(frame) == ["burst" if n in inside else None for n in range(len(times))]


def answered(delays: list[float], text: str = NOTICE, step: float = 4000) -> pl.DataFrame:
    """Tickets an hour apart, each a question and the answer of one author after a delay."""
    rows: list[tuple[int, float, str | None, str | None]] = []
    for n, delay in enumerate(delays):
        rows += [(n, n * step, f"customer {n}", "Where is my order?"), (n, n * step + delay, "robot", text)]
    return events(*rows)


def test_a_text_that_always_follows_after_the_same_delay_is_clockwork() -> None:
    assert found(answered([4, 4, 5, 4, 4, 6, 4, 5, 4, 4])) == [None, "clockwork"] * 10
    assert (
        found(answered([7200, 7203, 7201, 7200, 7204, 7200, 7201, 7202, 7200, 7203], step=9000))
        == [None, "clockwork"] * 10
    )


@pytest.mark.parametrize(
    "frame",
    [
        answered([4.0] * 9),
        answered([3, 8, 12, 5, 30, 4, 9, 17, 6, 11]),
        answered([4.0] * 10, text="Hello, how can we help?"),
        answered([0.0] * 10, step=3600).with_columns(pl.col("occurred_at").dt.truncate("1m")),
        events(*((n, n * 4000, "robot", NOTICE) for n in range(12))),
        events(*((n, n * 4000 + by, "a", text) for n in range(12) for by, text in ((0, "One moment"), (3, NOTICE)))),
    ],
    ids=["too few", "a person's rhythm", "short", "whole minutes", "nothing before", "only own events before"],
)
def test_what_is_not_clockwork(frame: pl.DataFrame) -> None:
    assert set(found(frame)) == {None}


def test_delays_count_from_the_last_event_of_somebody_else() -> None:
    rows = [
        (1, 0, "c", "x"),
        (1, 10, None, None),
        (1, 12, "a", "y"),
        (1, 15, "a", "z"),
        (2, 3, "a", "y"),
        (1, 12, "a", "w"),
    ]
    assert repeated.prints(events(*rows))["delay"].to_list() == [None, 10, 2, 5, None, 2]


def test_a_prepared_answer_is_canned_and_not_automatic() -> None:
    frame = events(*((n, n * 5000 + n**2 % 977, "a", NOTICE) for n in range(20)), (99, 1, "a", "Own words"))
    table = repeated.prints(frame)
    assert repeated.canned(table).to_list() == [True] * 20 + [False]
    assert repeated.copies(table).to_list() == [20] * 20 + [1]
    assert set(found(frame)) == {None}


@given(st.permutations(range(20)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    frame = pl.concat([answered([4.0] * 9), events(*((50 + n, n, "b", NOTICE) for n in range(2)))]).with_row_index("n")
    more = frame.with_columns(reason=automatic.reasons(frame))
    mixed = frame[order]
    again = mixed.with_columns(reason=automatic.reasons(mixed)).sort("n")
    assert again.equals(more)


def test_all_reasons_come_together() -> None:
    frame = answered([4.0] * 10).with_columns(subject=pl.lit("Re: x"))
    assert automatic.reasons(frame).to_list() == [None, "clockwork"] * 10
    said = frame.with_columns(
        text=pl.when(author_id="robot").then(pl.lit("Your ticket has been created.")).otherwise("text")
    )
    assert automatic.reasons(said).to_list() == [None, "text"] * 10


def test_time_is_linear_however_often_a_text_is_sent() -> None:
    with comes_to_an_end():
        assert set(found(events(*((n // 2, n / 1000, "a", NOTICE) for n in range(200_000))))) == {"burst"}


@needs_data
def test_the_helpdesks_notices_are_found_without_naming_them() -> None:
    folder = SHARED / "helpdesk_conversations" / "utterances_even_issues.csv.gz"
    rows = pl.read_csv(folder, infer_schema_length=0).with_row_index("row")
    comments = (
        rows.group_by("issueid", "id", maintain_order=True)
        .agg(pl.first("created", "author", "author_role", "row"), pl.col("actionbody").str.join("\n"))
        .select(
            "row",
            ticket="issueid",
            occurred_at=pl.col("created").str.to_datetime("%Y-%m-%d %H:%M:%S%z"),
            author_id="author",
            author=pl.when(author_role="reporter").then(pl.lit("requester")).otherwise(pl.lit("agent")),
            text="actionbody",
        )
    )
    policy = pl.col("text").str.contains("following policy for tickets waiting customer feedback")
    assigned = pl.col("text").str.contains("your ticket has been assigned")
    expected = comments.select(
        pl.when(policy).then(pl.lit("clockwork")).when(assigned).then(pl.lit("text"))
    ).to_series()
    assert expected.value_counts().sort("count").rows() == [("text", 122), ("clockwork", 168), (None, 3310)]
    for frame in (comments, comments.with_columns(plain_texts(comments["text"]))):
        assert automatic.reasons(frame).to_list() == expected.to_list()


@needs_data
@pytest.mark.parametrize("board", ["java-v4", "php-v2", "ruby-v1"])
def test_in_a_forum_people_write_everything(board: str) -> None:
    posts = pl.read_csv(SHARED / "docusign_forum" / f"{board}.csv.gz", separator=";", infer_schema_length=0)
    times = pl.col("date_time").str.head(16).str.to_datetime("%d/%m/%Y %H:%M", time_zone="UTC")
    number = pl.col("uid").str.split(".").list.first()
    frame = posts.select(ticket=number, occurred_at=times, author_id="author", text="text", subject="title")
    assert automatic.reasons(frame).null_count() == frame.height
    assert not repeated.canned(repeated.prints(frame)).any()
