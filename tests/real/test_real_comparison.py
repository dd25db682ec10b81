"""Two audits of real conversations compared, held against every verdict and finding of both."""

import datetime as dt
from collections import Counter

import pytest
from real_data import audited, config_data, needs_data

from cs_audit.compare import compare

pytestmark = needs_data


RULES = ["first_reply", "next_reply", "unanswered", "closed_without_reply", "unknown_author", "only_automatic_reply"]


@pytest.fixture(scope="module")
def pair():
    """All of it by a limit of an hour; and what was known earlier, by one of 40 hours."""
    later = {**config_data("helpdesk"), "rules": {"select": RULES}}
    earlier = {**config_data("helpdesk"), "rules": {"select": RULES}}
    earlier["policies"][0]["targets"] = {"first_reply": "40h", "next_reply": "40h"}
    earlier["audit"] = {**earlier["audit"], "as_of": dt.datetime(2022, 3, 1, tzinfo=dt.UTC)}
    return audited(earlier), audited(later)


def breached(one, rule):
    rows = one.of(rule)
    return Counter(rows.filter(rows["outcome"] == "breached").select("ticket", "began_at").iter_rows())


def found(one, rule):
    return Counter(one.found(rule).select("ticket", "occurred_at").iter_rows())


@pytest.mark.parametrize("turned", [False, True], ids=["forward", "backward"])
def test_what_is_called_new_fixed_or_the_same_is_so_in_the_whole_tables(pair, turned, counted):
    """Of rows with one ticket and moment, as many as the numbers say."""
    old, new = reversed(pair) if turned else pair
    made = compare(old.audit, new.audit)
    told = Counter()
    for listings, every in ((made["breaches"], breached), (made["findings"], found)):
        for each in listings:
            before, now = every(old, each["rule"]), every(new, each["rule"])
            assert (each["before"], each["now"]) == (before.total(), now.total())
            assert each["same"] <= (before & now).total()
            for states, left in ((("new", "came"), now - before), (("fixed", "left"), before - now)):
                rows = Counter((row["ticket"], row["occurred_at"]) for row in each["rows"] if row["state"] in states)
                assert rows <= left
            told.update(row["state"] for row in each["rows"])
    assert told.total() > 100
    counted("late waits and findings of real audits told to be new or fixed", told.total())
