"""Account managers, where the configuration names the field that tells them."""

from dataclasses import replace

import pytest
from helpdesks.harness import NAME, pulled, running
from helpdesks.vendors import VENDORS
from helpdesks.world import manager_of, world
from web.web_server import Step

from cs_audit.config import parse_config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import ConfigError
from cs_audit.sources.helpdesks import TYPES, connector_of
from cs_audit.sources.helpdesks.managers import manager
from cs_audit.sources.helpdesks.session import client_for
from cs_audit.store import read_store

DESK = world(7, 30)
FIELDS = {
    "zendesk": "manager",
    "freshdesk": "cf_manager",
    "chatwoot": "manager",
    "intercom": "Account manager",
    "hubspot": "hubspot_owner_id",
}
PEOPLE = {"1": {"email": "Olga@desk.example"}, "2": {"email": None}}
CALLED = {"1": "Olga Petrova", "2": "Ivan Smirnov"}


@pytest.mark.parametrize("kind", FIELDS)
def test_every_event_names_the_account_manager_of_its_requester(kind, tmp_path, monkeypatch):
    vendor = VENDORS[kind]
    named = replace(vendor, table={**vendor.table, "account_manager": FIELDS[kind]})
    with running(named, DESK) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        config = desk.config
    with read_store(tmp_path / "store.db") as store:
        records = {each: {one.id: one.payload for one in store.records(NAME, each)} for each in store.kinds(NAME)}
        held = {each.bundle.ticket: each.bundle.payload for each in store.bundles(NAME) if each.tombstone is None}
    found = [
        {each.get("account_manager") for each in connector_of(kind).normalise(payload, records, config)}
        for _, payload in sorted(held.items(), key=lambda one: int(one[0]))
    ]
    expected = [{own.name if (own := manager_of(each.requester)) else None} for each in DESK.alive]
    assert found == expected
    assert {None} in expected


@pytest.mark.parametrize("kind", FIELDS)
def test_no_field_no_account_managers_and_no_request_for_them(kind, tmp_path, monkeypatch):
    vendor = VENDORS[kind]
    unnamed = replace(vendor, table={key: vendor.table[key] for key in vendor.table if key != "account_manager"})
    with running(unnamed, DESK) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        shown = connector_of(kind).shown(desk.config)
        asked = {each.path for each in desk.asked}
    assert "managers" not in shown
    assert not asked & {"crm/v3/owners", "crm/v3/objects/contacts/batch/read"}


@pytest.mark.parametrize("kind", sorted({*TYPES} - {*FIELDS}))
def test_a_helpdesk_without_such_fields_says_so(kind, tmp_path):
    table = {"type": kind, "url": "https://desk.example", "token": {"env": "T"}, "account_manager": "x"}
    needs = dict.fromkeys(connector_of(kind).needs, "x") | {"timezone": "UTC", "projects": ["x"]}
    config = parse_config({"sources": {NAME: {**table, **needs}}}, folder=tmp_path)
    with pytest.raises(ConfigError, match="account managers"):
        client_for(NAME, connector_of(kind), config, lambda _: None)


@pytest.mark.parametrize("told", ["1", 1, "olga@desk.example", " Olga Petrova ", "OLGA PETROVA"])
def test_an_agent_is_known_by_id_address_and_name(told):
    assert manager(told, PEOPLE, CALLED) == {"account_manager": "Olga Petrova"}


@pytest.mark.parametrize("told", [None, "", "none", "olga_petrova", "somebody@else.example", True])
def test_of_somebody_who_is_no_agent_nothing_is_said(told):
    assert manager(told, PEOPLE, CALLED) == {}


def test_what_hubspot_refuses_leaves_threads_without_account_managers(tmp_path, monkeypatch):
    vendor = VENDORS["hubspot"]
    answers = vendor.answers(DESK)

    def answer(asked):
        refused = asked.path in ("crm/v3/owners", "crm/v3/objects/contacts/batch/read")
        return Step(403) if refused else answers(asked)

    with running(replace(vendor, answers=lambda _: answer), DESK) as desk:
        assert pulled(desk, tmp_path / "store.db", monkeypatch).given == len(DESK.alive)


def test_the_table_of_a_source_takes_it():
    table = {"type": "zendesk", "url": "https://x.example", "token": {"env": "T"}, "account_manager": "manager"}
    assert "managers" in connector_of("zendesk").shown(HelpdeskSource.model_validate(table))
