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
