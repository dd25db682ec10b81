"""Jira's own specification of its platform judges every request of the connector, and gives it its examples to read."""

import datetime as dt
from itertools import islice

import pytest
from helpdesks.prism import KEPT, contract

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks import jira
from cs_audit.sources.helpdesks.connector import Start
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.errors import GaveUpError
from cs_audit.sources.web.retries import Patience
from cs_audit.sources.web.secret import Secret

CONNECTOR = jira.CONNECTOR
NOW = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def served():
    with contract("atlassian-jira/jira-platform-v3.json") as found:
        yield found


@pytest.fixture
def read(served, monkeypatch, counted):
    """Reads with the connector from the specification: its table, and a client."""
    monkeypatch.setenv("DESK_TOKEN", "made-up")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    table = {"type": "jira", "url": served.url, "token": {"env": "DESK_TOKEN"}, "user": "audit@desk.example"}
    config = HelpdeskSource.model_validate(table)
    secret = Secret(config.token, where="sources.desk.token")
    served.heard.clear()
    site, shown = CONNECTOR.site("desk", config), CONNECTOR.credentials(config, secret)
    with Client(site, shown, patience=Patience(attempts=1), transport=served) as client:
        yield config, client
    counted(KEPT, len(served.heard) - len(served.refused()))


def unspecified(served):
    return served.refused(), served.strangers()


def test_statuses_and_fields_are_asked_for_as_specified(served, read):
    config, client = read
    records = list(CONNECTOR.records(client, config))
    assert {kind for kind, _, _ in records} == {"status"}
    assert unspecified(served) == ([], set())
    assert served.asked() == {"/rest/api/3/status", "/rest/api/3/field"}


def test_issues_are_asked_for_as_specified_page_after_page(served, read):
    config, client = read
    place = {"created": 0, "seen": [], "token": "CAEaAggB"}
    start = Start(None, NOW - dt.timedelta(days=1), NOW)
    reply, _ = jira._searched(client, config, start, place, list(jira._OWN), 50)
    assert reply["issues"][0]["key"] == "ED-1"
    assert unspecified(served) == ([], set())
    assert served.asked() == {"/rest/api/3/search/jql"}


def test_changes_are_asked_for_as_specified_though_its_own_example_is_not(served, read):
    """The specification dates changes by text and its example by numbers: only that is complained of."""
    _, client = read
    with pytest.raises(GaveUpError):
        jira._changes(client, ["10002"], ["customfield_10001"])
    (asked,) = served.heard
    assert "changeHistories.0.created must be string" in asked.words
    assert "request" not in asked.words.replace("request/response", "")
    assert served.asked() == {"/rest/api/3/changelog/bulkfetch"}


def test_comments_are_asked_for_as_specified_and_its_example_is_read(served, read):
    config, client = read
    issue = {"id": "10002", "key": "ED-1", "fields": {"created": "2021-01-17T12:00:00.000+0000", "updated": "2021-01-18T23:45:00.000+0000"}}  # fmt: skip
    comments = jira._comments(client, issue)
    found = jira._bundle(issue, {"10002": []}, comments)
    said = [each for each in CONNECTOR.normalise(found.payload, {}, config) if each["kind"] == "message"]
    assert said[-1]["text"].startswith("Lorem ipsum dolor sit amet")
    assert said[-1]["public"] is False  # it is for a role only
    assert unspecified(served) == ([], set())


def test_an_answer_that_lacks_what_was_asked_for_is_not_read_as_empty(read):
    config, client = read
    with pytest.raises((KeyError, ValueError)):
        list(islice(CONNECTOR.pages(client, config, Start(None, None, NOW)), 5))
