"""Chatwoot's own specification judges every request, and its meaningless examples do no harm."""

import datetime as dt

import pytest
from helpdesks.harness import TOKEN
from helpdesks.prism import KEPT, contract
from web.web_server import Time

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks.chatwoot import CONNECTOR
from cs_audit.sources.helpdesks.connector import Start
from cs_audit.sources.helpdesks.pulling import pull
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.secret import Secret
from cs_audit.store import NoProgressError, open_store

NOW = dt.datetime(2026, 3, 23, tzinfo=dt.UTC)
ROOT = "/api/v1/accounts/{account_id}"
NOT_IN_IT = {f"{ROOT}/sla_policies", f"{ROOT}/csat_survey_responses"}
"""Paths that the server has and the specification does not."""


@pytest.fixture(scope="module")
def served():
    with contract("chatwoot/chatwoot-application.json") as found:
        yield found


@pytest.fixture
def reading(served, monkeypatch, counted):
    """The configuration and a client of what is served."""
    monkeypatch.setenv("DESK_TOKEN", TOKEN)
    table = {"type": "chatwoot", "url": served.url, "token": {"env": "DESK_TOKEN"}, "account": "1"}
    config = HelpdeskSource.model_validate(table)
    served.heard.clear()
    credentials = CONNECTOR.credentials(config, Secret(config.token, where="token"))
    site = CONNECTOR.site("desk", config)
    with Client(site, credentials, outside=Time().outside(), transport=served) as client:
        yield config, client
    counted(KEPT, len(served.heard) - len(served.refused()))


def paths(heard):
    return {each.path.replace("/accounts/1", "/accounts/{account_id}") for each in heard}


def test_a_pull_keeps_to_the_specification_until_the_same_page_comes_again(served, reading, tmp_path):
    config, client = reading
    with open_store(tmp_path / "store.db", since=NOW) as store, pytest.raises(NoProgressError):
        pull("desk", CONNECTOR, config, client, store, now=NOW)
    assert paths(served.refused()) == NOT_IN_IT
    assert served.strangers("sort_by") == {f"{ROOT}/csat_survey_responses?{name}".replace("{account_id}", "1") for name in ("sort", "page")}  # fmt: skip
    assert {ROOT, f"{ROOT}/conversations", f"{ROOT}/conversations/{{conversation_id}}/messages"} < served.asked()


def test_what_changed_is_asked_for_as_specified(served, reading):
    config, client = reading
    found = list(CONNECTOR.pages(client, config, Start(None, NOW - dt.timedelta(days=900 * 20), NOW)))
    assert [each.cursor.get("end") for each in found][-1]
    assert not served.refused()
    assert served.strangers("updated_within") == set()
    assert f"{ROOT}/audit_logs" in served.asked()


def test_the_examples_become_events(reading):
    config, client = reading
    records: dict = {}
    for kind, identity, value in CONNECTOR.records(client, config):
        records.setdefault(kind, {})[identity] = value
    ticket = next(iter(CONNECTOR.pages(client, config, Start(None, None, NOW)))).tickets[0]
    assert [each["kind"] for each in CONNECTOR.normalise(ticket.payload, records, config)]
    assert records.keys() == {"agent", "team", "inbox", "account"}


def test_the_doctor_keeps_to_it_as_well(served, reading):
    config, client = reading
    there = {each.name: each.there for each in CONNECTOR.capabilities(client, config)}
    assert there == {"tickets": True, "statuses": False, "ratings": False, "policies": False, "deletions": True}
    assert paths(served.refused()) == NOT_IN_IT
