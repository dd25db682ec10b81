"""The exports of eight helpdesks are read right without a configuration, or refused with the question."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources.runner import DATA, audit, run

MOSCOW = ("--timezone", "Europe/Moscow")

TAKEN = {
    "zendesk.csv": {"ticket": "Id", "created_at": "Created at", "solved_at": "Solved at", "updated_at": "Updated at",
                    "status": "Status", "priority": "Priority", "channel": "Via", "team": "Group", "agent": "Assignee",
                    "requester": "Requester", "organization": "Organization", "tags": "Tags", "subject": "Subject"},
    "freshdesk.csv": {"ticket": "Ticket ID", "created_at": "Created Time", "first_reply_at": "Initial response time",
                      "solved_at": "Resolved time", "closed_at": "Closed Time", "updated_at": "Last updated time",
                      "status": "Status", "priority": "Priority", "channel": "Source", "team": "Group",
                      "agent": "Agent", "requester": "Full name", "organization": "Company Name", "subject": "Subject"},
    "hubspot.csv": {"ticket": "Ticket ID", "created_at": "Create date", "closed_at": "Close date",
                    "status": "Ticket status", "agent": "Ticket owner", "organization": "Associated Company (Primary)",
                    "subject": "Ticket name"},
    "jira.csv": {"ticket": "Issue key", "created_at": "Created", "solved_at": "Resolved", "updated_at": "Updated",
                 "status": "Status Category", "priority": "Priority", "agent": "Assignee", "requester": "Reporter",
                 "tags": "Labels", "subject": "Summary"},
    "servicenow.csv": {"ticket": "number", "created_at": "opened_at", "solved_at": "resolved_at",
                       "closed_at": "closed_at", "updated_at": "sys_updated_on", "status": "state",
                       "priority": "priority", "channel": "contact_type", "team": "assignment_group",
                       "agent": "assigned_to", "requester": "caller_id", "subject": "short_description"},
    "servicenow_updates.csv": {"ticket": "number", "occurred_at": "sys_updated_on", "created_at": "opened_at",
                               "solved_at": "resolved_at", "status": "state", "priority": "priority",
                               "channel": "contact_type", "team": "assignment_group", "agent": "assigned_to",
                               "requester": "caller_id", "subject": "short_description"},
    "naumen.xlsx": {"ticket": "Номер", "created_at": "Дата регистрации", "solved_at": "Дата решения",
                    "status": "Статус", "channel": "Способ обращения", "team": "Ответственный (команда)",
                    "agent": "Ответственный (сотрудник)", "organization": "Наименование организации",
                    "subject": "Название"},
    "znuny.csv": {"ticket": "TicketID", "created_at": "Created", "first_reply_at": "FirstResponse",
                  "solved_at": "SolutionTime", "closed_at": "Closed", "status": "State", "agent": "Owner",
                  "requester": "CustomerUserID", "subject": "Title"},
    "zammad_expanded.jsonl": {"ticket": "number", "created_at": "created_at", "first_reply_at": "first_response_at",
                              "closed_at": "last_close_at", "updated_at": "updated_at", "status": "state",
                              "priority": "priority", "requester": "customer_id", "subject": "title"},
}  # fmt: skip
TAKEN["naumen_cp1251.csv"] = TAKEN["naumen.xlsx"]

JUDGED = {
    "zendesk.csv": {
        "resolution": [
            ("101", "2026-01-13T06:30:00Z", "2026-01-14T08:30:00Z", "achieved"),
            ("102", "2026-01-14T07:00:00Z", "", "active"),
            ("103", "2026-01-15T13:45:00Z", "2026-01-16T06:15:00Z", "achieved"),
        ],
        "first_reply": [],
    },
    "freshdesk.csv": {
        "first_reply": [
            ("1", "2026-01-13T06:30:00Z", "2026-01-13T07:00:00Z", "achieved"),
            ("2", "2026-01-13T09:00:00Z", "2026-01-13T12:00:00Z", "breached"),
            ("3", "2026-01-14T06:00:00Z", "2026-01-14T06:20:00Z", "achieved"),
        ],
    },
    "hubspot.csv": {
        "first_reply": [],
        "resolution": [
            ("5551234", "2026-01-13T06:30:00Z", "2026-01-14T08:30:00Z", "achieved"),
            ("5551235", "2026-01-14T07:00:00Z", "", "active"),
        ],
    },
    "jira.csv": {
        "first_reply": [],
        "resolution": [
            ("HELP-1", "2026-01-06T06:29:00Z", "2026-01-07T11:10:00Z", "achieved"),
            ("HELP-2", "2026-01-20T08:05:00Z", "", "active"),
        ],
    },
    "servicenow_updates.csv": {
        "resolution": [
            ("INC0000045", "2026-01-13T06:30:00Z", "2026-01-14T08:30:00Z", "achieved"),
            ("INC0000046", "2026-01-14T07:00:00Z", "", "active"),
        ],
    },
    "naumen.xlsx": {
        "resolution": [
            ("10234", "2026-01-13T06:30:00Z", "2026-01-14T08:30:00Z", "achieved"),
            ("10235", "2026-01-14T07:00:00Z", "", "active"),
            ("10236", "2026-01-15T13:45:00Z", "2026-01-16T06:15:00Z", "achieved"),
        ],
    },
    "znuny.csv": {
        "first_reply": [
            ("881", "2026-01-13T06:30:00Z", "2026-01-13T07:01:00Z", "achieved"),
            ("882", "2026-01-14T07:00:00Z", "2026-01-14T08:31:00Z", "breached"),
        ],
    },
    "zammad_expanded.jsonl": {
        "resolution": [
            ("10001", "2026-01-13T06:30:00Z", "2026-01-14T09:00:00Z", "achieved"),
            ("10002", "2026-01-13T06:30:00Z", "", "active"),
        ],
    },
}  # fmt: skip
JUDGED["naumen_cp1251.csv"] = JUDGED["naumen.xlsx"]

REFUSED = {
    "servicenow_numbers.csv": ('"2", "7" of "state" are bare numbers', 'values.status = { 2 = "...", 7 = "..." }'),
    "zammad.jsonl": ('"2", "4" of "state_id" are bare numbers', "values.status = {"),
    "otrs.csv": ("no column says when a ticket was created", 'columns.created_at = "the column"'),
}

LENGTHS = (
    "First reply time in minutes", "First resolution time in minutes",
    "Full resolution time in minutes within business hours", "Resolution time (in hrs)",
    "First response time (in hrs)", "Time tracked", "Custom field (Time to resolution)",
    "Custom field (Time to first response)", "Time to first agent email reply (HH:mm:ss)", "FirstResponseInMin",
    "FirstResponseDiffInMin", "SolutionInMin", "first_response_in_min", "close_in_min", "calendar_stc", "business_stc",
    "Время обработки заявки",
)  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_every_column_is_taken_for_what_it_is(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(capsys, tmp_path, [DATA / name], *MOSCOW).ran.columns == TAKEN[name]


@pytest.mark.parametrize("name", JUDGED)
def test_waits_run_between_the_right_timestamps(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = audit(capsys, tmp_path, [DATA / name], *MOSCOW)
    assert {rule: found.spans(rule) for rule in JUDGED[name]} == JUDGED[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_asked(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "audit.json"
    ran = run(capsys, "run", DATA / name, "-o", report, *MOSCOW)
    question, answer = REFUSED[name]
    assert ran.code == 2
    assert question in ran.err
    assert answer in ran.err
    assert not report.exists()


@pytest.mark.parametrize("name", [each for each in TAKEN if each != "zammad_expanded.jsonl"])
def test_times_without_a_zone_are_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "run", DATA / name, "-o", tmp_path / "audit.json")
    assert ran.code == 2
    assert "has no UTC offset" in ran.err
    assert "--timezone Europe/Moscow" in ran.err


@pytest.mark.parametrize("name", TAKEN)
def test_no_length_of_time_is_taken_for_a_moment(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = audit(capsys, tmp_path, [DATA / name], *MOSCOW).ran.columns
    assert not set(LENGTHS) & set(taken.values())


def test_the_helpdesks_own_verdict_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = audit(capsys, tmp_path, [DATA / "freshdesk.csv"], *MOSCOW).result
    reported = {each["rule"]: each["reported"] for each in result["results"] if each["policy"] is None}
    assert reported["resolution"]["percent"] is not None


def test_priorities_that_are_not_known_are_left_out_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = audit(capsys, tmp_path, [DATA / "znuny.csv"], *MOSCOW).ran
    assert "priority" not in ran.columns
    assert '"Priority": unknown: "5 very high"; to use it: columns.priority, values.priority' in ran.err


def test_statuses_of_its_own_are_told_by_their_category(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(capsys, tmp_path, [DATA / "jira.csv"], *MOSCOW).ran.columns["status"] == "Status Category"


@pytest.mark.parametrize("name", TAKEN)
def test_the_written_configuration_gives_the_same_audit(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes((DATA / name).read_bytes())
    guessed = audit(capsys, tmp_path, [name], *MOSCOW)
    assert run(capsys, "init", name, *MOSCOW).code == 0
    written = audit(capsys, tmp_path, [])
    assert written.ran.code == guessed.ran.code
    assert written.judged == guessed.judged
    assert written.result["counts"] == guessed.result["counts"]
