"""Options of single rules, as the configuration gives them."""

import datetime as dt

import pytest

from cs_audit.config import parse_config
from cs_audit.config.build import build_standard
from cs_audit.errors import ConfigError


def standard_with(within):
    return build_standard(parse_config({"rules": {"reopened": {"within": within}}}))


def test_an_option_in_time_is_calendar_time():
    assert standard_with("7d").options["reopened"]["within"] == dt.timedelta(days=7)


def test_working_days_are_no_calendar_time():
    with pytest.raises(ConfigError, match="working days"):
        standard_with("2wd")


def test_a_choice_is_taken_as_it_is_written():
    law = build_standard(parse_config({"rules": {"call_answer": {"abandoned": "left out"}}}))
    assert law.options["call_answer"] == {"abandoned": "left out"}


def test_a_target_may_name_its_pauses_and_the_end_of_the_day():
    policy = {"name": "All", "targets": {"resolution": {"limit": "2wd", "end_of_day": True, "pause": "pending"}}}
    (made,) = build_standard(parse_config({"policies": [policy]})).policies
    assert (made.targets["resolution"].pause, made.targets["resolution"].end_of_day) == (("pending",), True)


def test_a_target_that_names_no_pause_leaves_it_to_the_rule():
    (made,) = build_standard(parse_config({"policies": [{"name": "All", "targets": {"agent_work": "8h"}}]})).policies
    assert made.targets["agent_work"].pause is None
