"""Requests to a city: 43,028 promises, each with the time promised and the city's own verdict."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from real_data import DATA, Audited, audited, config_data, needs_data

pytestmark = needs_data

ZONE = "America/New_York"


@pytest.fixture(scope="module")
def city() -> pl.DataFrame:
    """The city's file: its verdict and the time it promised, in UTC."""
    promised = pl.col("TARGET_DT").str.to_datetime("%m/%d/%Y %I:%M:%S %p", strict=False)
    return pl.read_csv(DATA / "boston311_sla" / "boston311_2015_part1.csv.gz", infer_schema=False).select(
        pl.col("CASE_ENQUIRY_ID").alias("ticket"),
        pl.col("OnTime_Status").alias("said"),
        pl.col("TYPE").alias("type"),
        promised.dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC").alias("promised"),
    )


@pytest.fixture(scope="module")
def recorded() -> Audited:
    return audited("boston_recorded")


@pytest.fixture(scope="module")
def days() -> Audited:
    return audited("boston_days")


@pytest.fixture(scope="module")
def said(recorded: Audited, city: pl.DataFrame) -> pl.DataFrame:
    """Every verdict beside the city's word."""
    return recorded.of("resolution").join(city, on="ticket")


def test_every_request_is_read(recorded: Audited) -> None:
    assert recorded.audit["complete"]
    assert recorded.audit["counts"]["tickets"] == 43_028


def test_every_promise_is_shown_as_recorded(said: pl.DataFrame) -> None:
    due = pl.col("due_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    assert said.filter(due.ne_missing(pl.col("promised"))).height == 0


def test_27872_of_36263_closed_requests_were_on_time(said: pl.DataFrame) -> None:
    closed = said.drop_nulls(["ended_at", "promised"])
    assert closed.height == 36_263
    assert (closed["outcome"] == "achieved").sum() == 27_872
    assert (closed["outcome"] == "breached").sum() == 36_263 - 27_872


def test_a_closed_request_is_on_time_exactly_where_the_city_says_so(said: pl.DataFrame) -> None:
    closed = said.drop_nulls(["ended_at", "promised"])
    counts = closed.group_by("said", "outcome").len().sort("len", descending=True).rows()
    assert counts == [("ONTIME", "achieved", 27_872), ("OVERDUE", "breached", 8_361), (None, "breached", 30)]


def test_open_and_late_are_6299_by_the_city_and_57_more_it_left_blank(said: pl.DataFrame) -> None:
    late = said.filter(pl.col("ended_at").is_null(), outcome="breached")
    assert dict(late.group_by("said").len().iter_rows()) == {"OVERDUE": 6_299, None: 57}
    assert late.filter(pl.col("promised") >= dt.datetime(2016, 1, 13, 5, tzinfo=dt.UTC)).height == 0


def test_the_audit_agrees_with_every_verdict_of_the_city(recorded: Audited) -> None:
    reported = recorded.result("resolution")["reported"]
    assert (reported["agree"], reported["differ"]) == (27_872 + 8_361 + 6_299, 0)
    assert (reported["reported_achieved"], reported["recomputed_achieved"]) == (27_872, 27_872)
    assert reported["only_recomputed"] == 30 + 57


def test_212_requests_have_no_target(recorded: Audited) -> None:
    assert recorded.audit["counts"]["not_judged"] == {"no_recorded_due": 212}


@pytest.mark.parametrize("name", ["recorded", "days"])
def test_six_requests_were_closed_before_they_were_opened(name: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(name).found("event_before_start")
    assert (found.height, found["ticket"].n_unique()) == (6, 6)


@pytest.fixture(scope="module")
def promises(days: Audited, city: pl.DataFrame) -> pl.DataFrame:
    """Working time to the promise as recomputed and as recorded, of the requests that have one."""
    data = config_data("boston_days")
    for policy in data["policies"]:
        policy["targets"] = {"resolution": {"limit": "recorded"}}
    own = audited(data).of("resolution").select("ticket", recorded="limit_seconds")
    return days.of("resolution").join(own, on="ticket").join(city.drop_nulls("promised"), on="ticket")


@pytest.mark.parametrize(
    ("kind", "percent"), [("CE Collection", 99.23), ("Pick up Dead Animal", 99.15), ("Sign Repair", 94.85)]
)
def test_the_promise_is_a_number_of_working_days(promises: pl.DataFrame, kind: str, percent: float) -> None:
    own = promises.filter(type=kind)
    near = own.filter((pl.col("limit_seconds") - pl.col("recorded")).abs() <= 60)
    assert round(100 * near.height / own.height, 2) == percent


def test_one_day_asked_on_new_years_day_is_due_when_the_next_working_day_has_passed(days: Audited) -> None:
    asked = days.of("resolution").filter(began_at="2015-01-01T18:20:33Z", policy="One day")
    assert asked["due_at"].unique().to_list() == ["2015-01-05T13:30:00Z"]
