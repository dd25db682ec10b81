"""Intercom's own specification judges every request of its connector, and gives it its examples to read."""

import datetime as dt

import pytest
from helpdesks.prism import KEPT, contract

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks.connector import Start
from cs_audit.sources.helpdesks.intercom import CONNECTOR
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.secret import Secret


@pytest.fixture(scope="module")
def served():
    with contract("intercom/intercom-2.16.json") as found:
        yield found


@pytest.fixture
def read(served, monkeypatch, counted):
    """Reads with the connector from the specification: its table, and a client."""
    monkeypatch.setenv("DESK_TOKEN", "made-up")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    config = HelpdeskSource.model_validate({"type": "intercom", "url": served.url, "token": {"env": "DESK_TOKEN"}})
    secret = Secret(config.token, where="sources.desk.token")
    before = len(served.heard)
    with Client(CONNECTOR.site("desk", config), CONNECTOR.credentials(config, secret), transport=served) as client:
        yield config, client
    assert not served.refused()
    counted(KEPT, len(served.heard) - before)


def test_what_is_no_conversation_is_asked_for_as_specified(served, read):
    config, client = read
    records = {}
    for kind, identity, value in CONNECTOR.records(client, config):
        records.setdefault(kind, {})[identity] = value
    assert set(records) >= {"app", "admin", "schedule"}
    made = CONNECTOR.schedules(records)["Standard Support Hours"]
    assert made["hours"] == {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]}
    assert made["exceptions"][dt.date(2026, 12, 24)] == ["09:00-13:00"]
    assert not served.refused()
    assert not served.strangers()


def test_conversations_are_asked_for_as_specified_and_its_example_is_read(served, read):
    config, client = read
    now = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    pages = list(CONNECTOR.pages(client, config, Start(None, now - dt.timedelta(days=1), now)))
    (pulled,) = [each for page in pages for each in page.tickets]
    found = list(CONNECTOR.normalise(pulled.payload, {}, config))
    assert [each["kind"] for each in found] == ["other", "message", "message", "status"]
    assert {each.ticket for page in pages for each in page.gone} == {"512", "513"}
    assert pages[-1].expected == 1
    assert not served.refused()
    assert not served.strangers()


def test_what_can_be_had_is_asked_for_as_specified(served, read):
    config, client = read
    assert all(each.there for each in CONNECTOR.capabilities(client, config))
    assert not served.refused()


def test_only_these_paths_of_the_specification_were_asked_for(served):
    assert served.asked() == {
        "/me", "/admins", "/teams", "/office_hours_schedules", "/calls", "/calls/search", "/conversations/search",
        "/office_hours_schedules/{office_hours_schedule_id}/office_hours_exceptions", "/conversations/deleted",
        "/conversations/{conversation_id}",
    }  # fmt: skip
