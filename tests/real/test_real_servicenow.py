"""An incident table by REST, with the elapsed seconds the helpdesk measured itself."""

from __future__ import annotations

import polars as pl
import pytest
from real_data import DATA, Audited, audited, needs_data

pytestmark = needs_data


@pytest.fixture(scope="module")
def incidents() -> Audited:
    return audited("servicenow")


@pytest.fixture(scope="module")
def measured(incidents: Audited) -> pl.DataFrame:
    """Resolved incidents with the seconds the helpdesk counted beside ours."""
    own = pl.read_csv(DATA / "servicenow_rest_export" / "incidents_REST.csv").select("number", "calendar_stc")
    return incidents.of("resolution").drop_nulls("ended_at").join(own, left_on="ticket", right_on="number")


def test_all_67_incidents_are_judged(incidents: Audited) -> None:
    assert incidents.audit["complete"]
    assert incidents.audit["counts"]["judged"] == 67


def test_26_of_27_resolved_incidents_agree_to_the_second(measured: pl.DataFrame) -> None:
    assert measured.height == 27
    assert measured.filter(pl.col("elapsed_seconds") == pl.col("calendar_stc")).height == 26


def test_the_other_one_is_two_hours_off(measured: pl.DataFrame) -> None:
    off = measured.with_columns(off=pl.col("calendar_stc") - pl.col("elapsed_seconds")).filter(pl.col("off") != 0)
    assert off.select("ticket", pl.col("off").abs()).rows() == [("INC0000060", 7_200)]
