"""A helpdesk's own hours and policies become tables of the configuration, which is read again at once."""

import pytest
from helpdesks.commands import configuration, pull
from helpdesks.harness import NAME, TOKEN, ok, running
from helpdesks.vendors import VENDORS
from helpdesks.world import world

from cs_audit.cli.guard import guarded
from cs_audit.config import load_config

DESK = world(3, 5)
SCHEDULES = {
    "schedules": [
        {
            "id": 7,
            "name": "Main office",
            "time_zone": "Europe/Moscow",
            # Monday 09:00-18:00 and Friday 22:00 to Saturday 02:00, in minutes since Sunday 00:00
            "intervals": [{"start_time": 1980, "end_time": 2520}, {"start_time": 8520, "end_time": 8760}],
        }
    ]
}
HOLIDAYS = {"holidays": [{"id": 1, "name": "Fair", "start_date": "2026-06-11", "end_date": "2026-06-12"}]}
POLICIES = {
    "sla_policies": [
        {
            "id": 9,
            "title": "Paying",
            "position": 1,
            "filter": {"all": [{"field": "type", "operator": "is", "value": "incident"}]},
            "policy_metrics": [
                {"metric": "first_reply_time", "priority": "urgent", "target": 15, "business_hours": True},
                {"metric": "requester_wait_time", "priority": "urgent", "target": 480, "business_hours": False},
                {"metric": "unheard_of_time", "priority": "urgent", "target": 1, "business_hours": False},
            ],
        }
    ]
}
PLAN = {
    "api/v2/business_hours/schedules": SCHEDULES,
    "api/v2/business_hours/schedules/7/holidays": HOLIDAYS,
    "api/v2/slas/policies": POLICIES,
}


@pytest.fixture
def drafted(tmp_path, monkeypatch):
    """A pulled Zendesk that has business hours and an SLA policy."""
    monkeypatch.setenv("DESK_TOKEN", TOKEN)
    usual = VENDORS["zendesk"].answers

    def answers(made):
        answer = usual(made)
        return lambda asked: ok(PLAN[asked.path]) if asked.path in PLAN else answer(asked)

    with running(VENDORS["zendesk"].__class__(**{**vars(VENDORS["zendesk"]), "answers": answers}), DESK) as desk:
        config = configuration(desk, tmp_path)
        assert pull(config).returncode == 0
    return config


def test_they_are_added_and_read(drafted, capsys):
    assert guarded(["init", "--from", NAME, "-c", str(drafted)]) == 0
    config = load_config(drafted)
    office = config.schedules["Main office"]
    assert office.timezone == "Europe/Moscow"
    assert [len(day) for day in office.hours] == [1, 0, 0, 0, 1, 1, 0]
    assert {str(day) for day in office.exceptions} == {"2026-06-11", "2026-06-12"}
    (policy,) = config.policies
    assert policy.name == "Paying, urgent"
    assert policy.schedule == "Main office"
    assert {name: (target.limit.micros, target.clock) for name, target in policy.targets.items()} == {
        "first_reply": (15 * 60_000_000, "working"),
        "requester_wait": (480 * 60_000_000, "calendar"),
    }
    assert "# its conditions there:" in drafted.read_text("utf-8")
    assert "Next: read it" in capsys.readouterr().err


def test_twice_adds_nothing(drafted):
    assert guarded(["init", "--from", NAME, "-c", str(drafted)]) == 0
    once = drafted.read_text("utf-8")
    assert guarded(["init", "--from", NAME, "-c", str(drafted)]) == 0
    assert drafted.read_text("utf-8") == once


def test_looking_first_writes_nothing(drafted, capsys):
    before = drafted.read_text("utf-8")
    assert guarded(["init", "--from", NAME, "--stdout", "-c", str(drafted)]) == 0
    assert drafted.read_text("utf-8") == before
    assert '[schedules."Main office"]' in capsys.readouterr().out


def test_an_unknown_helpdesk_is_an_error(drafted, capsys):
    assert guarded(["init", "--from", "other", "-c", str(drafted)]) == 2
    assert f"helpdesks there are: {NAME}" in capsys.readouterr().err


def test_what_was_never_pulled_is_an_error(tmp_path, capsys):
    with running(VENDORS["zendesk"], DESK) as desk:
        config = configuration(desk, tmp_path)
    assert guarded(["init", "--from", NAME, "-c", str(config)]) == 4
    assert "cs-audit pull" in capsys.readouterr().err
