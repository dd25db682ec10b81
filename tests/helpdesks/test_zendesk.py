"""What is special of Zendesk: its own verdicts, brought along with its tickets."""

import datetime as dt
import json
import subprocess
import sys

import pytest
from helpdesks.commands import configuration, pull
from helpdesks.fake_zendesk import VENDOR
from helpdesks.fake_zendesk_slas import clocks
from helpdesks.harness import NAME, pulled, running
from helpdesks.world import world

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks.zendesk import CONNECTOR
from cs_audit.sources.helpdesks.zendesk_slas import settled, verdicts
from cs_audit.store import read_store

DESK = world(7, 60)
NOW = dt.datetime(2026, 3, 2, 18, tzinfo=dt.UTC)
SLA = {"target": 60, "business_hours": False, "policy": {"id": 7, "title": "All"}}


def of(ticket, target):
    """The clocks of a ticket for a target."""
    policies = {
        "first_reply": "first_reply_time",
        "next_reply": "next_reply_time",
        "requester_wait": "requester_wait_time",
    }
    return [each for each in clocks(ticket) if each.policy == policies[target]]


def truth(ticket, target):
    kept = [each.kept(DESK.now) for each in of(ticket, target)]
    return False if False in kept else None if None in kept or not kept else True


def last_events(path, desk):
    with read_store(path) as store:
        records = {kind: {each.id: each.payload for each in store.records(NAME, kind)} for kind in store.kinds(NAME)}
        held = {each.bundle.ticket: each.bundle.payload for each in store.bundles(NAME) if each.tombstone is None}
    return {ticket: list(CONNECTOR.normalise(payload, records, desk.config))[-1] for ticket, payload in held.items()}


def told(*events, metric="reply_time", number=1, slas=None):
    """What a ticket with these metric events says: (type, hour of the day, more)."""
    made = [
        {"id": place, "metric": metric, "instance_id": number, "type": kind, "time": f"2026-03-02T{hour:02}:00:00Z", **more}
        for place, (kind, hour, more) in enumerate(events)
    ]  # fmt: skip
    return verdicts(settled({"metric_events": {metric: made}, "slas": slas}, NOW))


def promised(*events, **options):
    return told(("activate", 9, {}), ("apply_sla", 9, {"sla": SLA}), *events, **options)


class TestVerdictsOfTheWorld:
    def test_each_ticket_carries_what_its_clocks_say(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            last = last_events(tmp_path / "store.db", desk)
        for target in ("first_reply", "next_reply", "requester_wait"):
            expected = {str(each.number): truth(each, target) for each in DESK.alive}
            assert {ticket: each.get(f"reported_{target}") for ticket, each in last.items()} == expected
            assert set(expected.values()) >= {True, False}
        due = {str(each.number): of(each, "first_reply")[0].ends()[-1] for each in DESK.alive}
        assert {ticket: each["due_first_reply"] for ticket, each in last.items()} == due

    def test_they_cost_no_request(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            kinds = {each.path.rpartition("/")[2] for each in desk.asked}
        assert kinds == {"users", "groups", "schedules", "policies", "cursor", "audits"}

    def test_an_audit_by_the_same_standard_agrees_with_all_of_them(self, tmp_path):
        with running(VENDOR, DESK) as desk:
            config = configuration(desk, tmp_path)
            assert pull(config).returncode == 0
        with config.open("a", encoding="utf-8") as file:
            file.write('[audit]\ntimezone = "UTC"\n[[policies]]\nname = "All"\ntargets = { first_reply = "60m" }\n')
        run = [sys.executable, "-m", "cs_audit", "run", "-c", str(config), "-o", str(tmp_path / "audit.json")]
        ended = subprocess.run([*run, "--fail-on", "never"], capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == 0, ended.stderr
        results = json.loads((tmp_path / "audit.json").read_text("utf-8"))["results"]
        (found,) = [each["reported"] for each in results if each["rule"] == "first_reply" and each["policy"] is None]
        judged = [truth(each, "first_reply") for each in DESK.alive]
        assert (found["differ"], found["reported_achieved"]) == (0, judged.count(True))
        assert found["agree"] + found["only_reported"] == len(judged) - judged.count(None)
        assert found["only_reported"] <= sum(each.merged_into is not None for each in DESK.alive)


class TestAClock:
    def test_a_breach_that_was_taken_back_is_none(self):
        assert promised(("breach", 10, {"deleted": True}), ("fulfill", 11, {})) == {"reported_first_reply": True}
        assert promised(("breach", 10, {"deleted": False}), ("fulfill", 11, {})) == {"reported_first_reply": False}

    def test_a_breach_that_was_foreseen_for_when_the_clock_stood_is_none(self):
        assert promised(("fulfill", 10, {}), ("breach", 11, {})) == {"reported_first_reply": True}
        paused = (("pause", 10, {}), ("breach", 11, {}), ("activate", 12, {}))
        assert promised(*paused) == {"reported_first_reply": None}
        assert promised(*paused, ("breach", 13, {})) == {"reported_first_reply": False}

    def test_a_breach_to_come_is_none_yet(self):
        assert promised(("breach", 19, {})) == {"reported_first_reply": None}

    def test_a_promise_that_was_taken_back_is_none(self):
        assert promised(("apply_sla", 10, {"sla": {**SLA, "target": None}}), ("fulfill", 11, {})) == {}

    def test_without_a_promise_there_is_no_verdict(self):
        assert told(("activate", 9, {}), ("fulfill", 11, {})) == {}
        assert verdicts(settled({"id": 1}, NOW)) == {}

    @pytest.mark.parametrize(
        ("metric", "number", "target"),
        [
            ("reply_time", 2, "next_reply"),
            ("pausable_update_time", 1, "periodic_update"),
            ("agent_work_time", 1, "agent_work"),
            ("resolution_time", 1, "resolution"),
        ],
    )
    def test_metrics_are_targets(self, metric, number, target):
        assert promised(("fulfill", 10, {}), metric=metric, number=number) == {f"reported_{target}": True}

    def test_a_group_has_promises_of_its_own(self):
        group = ("activate", 9, {}), ("apply_group_sla", 9, {"group_sla": SLA}), ("fulfill", 10, {})
        assert told(*group, metric="group_ownership_time") == {"reported_ownership": True}

    def test_metrics_unknown_here_say_nothing(self):
        assert promised(("fulfill", 10, {}), metric="brand_new_time") == {}

    def test_what_is_left_of_the_time_is_not_kept_for_it_changes_with_every_look(self):
        slas = {"policy_metrics": [{"metric": "first_reply_time", "breach_at": "2026-03-02T10:00:00Z", "hours": 3}]}
        assert settled({"slas": slas}, NOW) == {"slas": {"first_reply_time": "2026-03-02T10:00:00Z"}}
        assert promised(slas=slas)["due_first_reply"] == dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def test_a_survey_of_the_newer_kind_was_asked_for_but_tells_no_score():
    config = HelpdeskSource.model_validate({"type": "zendesk", "url": "https://x.example", "token": {"env": "T"}})
    ticket = {"id": 1, "requester_id": 9}
    audits = [
        {"id": place, "created_at": f"2026-03-02T1{place}:00:00Z", "author_id": -1, "events": [{"id": 7, "type": kind}]}
        for place, kind in enumerate(("SurveyOffered", "SurveyResponseSubmitted", "SomethingNew"))
    ]
    made = CONNECTOR.normalise({"ticket": ticket, "requester": None, "audits": audits}, {}, config)
    found = [each for each in made if each["kind"] == "rating"]
    assert [(each["asked_at"].hour, each.get("score")) for each in found] == [(10, None), (11, None)]
