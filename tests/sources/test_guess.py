"""What columns are taken for, by their names and their values."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources.evidence import look
from cs_audit.sources.guess import guess
from cs_audit.sources.headers import candidates, is_length, normalise
from cs_audit.sources.opening import open_table
from cs_audit.sources.supposed import Guess
from cs_audit.sources.told import meaning_of

T1, T2, T3 = "2026-01-13T09:30:00Z", "2026-01-13T10:30:00Z", "2026-01-14T09:30:00Z"


def guessed(folder: Path, table: dict[str, list[str]], timezone: str | None = None) -> Guess:
    path = folder / "t.csv"
    pl.DataFrame(table).write_csv(path)
    return guess(look([open_table(path, "csv", folder)]), timezone)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Created At", "created at"),
        ("created_at", "created at"),
        ("createdAt", "created at"),
        ("TicketID", "ticket id"),
        ("FirstResponseInMin", "first response in min"),
        ("Ticket Category [list]", "ticket category"),
        ("Custom field ([CHART] Date of First Response)", "chart date of first response"),
        ("№ заявки", "номер заявки"),
        ("Ticket #", "ticket number"),
        ("Решён", "решен"),
        ("Ответственный (команда)", "ответственный команда"),
    ],
)
def test_headers_are_compared_by_their_words(header: str, name: str) -> None:
    assert normalise(header) == name


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *((each, "ticket") for each in ("Ticket ID", "ticket_number", "Case #", "Номер обращения", "№ заявки", "Issue key",
                                        "conversation_id", "Заявка", "CASE_ENQUIRY_ID", "Номер", "id")),
        *((each, "created_at") for each in ("Created", "created_at", "Creation date", "Date opened", "Ticket created time",
                                            "Дата создания", "Дата и время создания", "Дата регистрации обращения",
                                            "Время создания заявки", "Дата обращения", "OPEN_DT", "opened_at")),
        *((each, "first_reply_at") for each in ("First response at", "Initial response time", "Дата первого ответа",
                                                "Время первого ответа", "FirstResponse", "first_responded_at")),
        *((each, "solved_at") for each in ("Solved at", "Resolved", "Resolution date", "Дата решения", "Дата выполнения")),
        *((each, "closed_at") for each in ("Closed at", "Close date", "Дата закрытия", "CLOSED_DT", "last_close_at")),
        *((each, "updated_at") for each in ("Updated at", "Last updated time", "sys_updated_on", "Дата изменения")),
        *((each, "occurred_at") for each in ("occurred_at", "Event time", "Message date", "Sent at", "Дата сообщения",
                                             "timestamp", "Дата", "Дата и время")),
        *((each, "status") for each in ("Status", "Ticket status", "Статус", "Статус заявки", "State", "Состояние")),
        *((each, "priority") for each in ("Priority", "Приоритет", "Приоритет обращения")),
        *((each, "channel") for each in ("Channel", "Via", "Канал", "Канал обращения", "Способ обращения")),
        *((each, "agent") for each in ("Assignee", "Agent", "Исполнитель", "Ответственный")),
        *((each, "team") for each in ("Group", "Assignment group", "Группа", "Очередь", "Ответственный (команда)")),
        *((each, "text") for each in ("Text", "Body", "Текст", "Message text", "Текст сообщения")),
        *((each, "author") for each in ("Author", "Автор", "Role", "Роль", "author_role", "Direction")),
    ],
)  # fmt: skip
def test_names_of_many_helpdesks_are_known(header: str, column: str) -> None:
    assert column in candidates([header])


@pytest.mark.parametrize(
    "header",
    ["First reply time in minutes", "Resolution time (in hrs)", "Time to resolution", "FirstResponseInMin",
     "first_response_in_min", "Время обработки заявки", "Time to first agent email reply (HH:mm:ss)", "Time Spent",
     "Agent wait time in minutes", "business_stc", "Длительность"],
)  # fmt: skip
def test_names_of_lengths_are_known(header: str) -> None:
    assert is_length(header)


LENGTHS = st.one_of(
    st.integers(0, 99_999).map(str),
    st.floats(0, 9999, allow_nan=False).map(lambda x: f"{x:.2f}"),
    st.tuples(st.integers(0, 99), st.integers(0, 59)).map(lambda x: f"{x[0]}:{x[1]:02}"),
    st.tuples(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59)).map(lambda x: "{:02}:{:02}:{:02}".format(*x)),
    st.tuples(st.integers(1, 9), st.integers(0, 23)).map(lambda x: f"{x[0]} days {x[1]}:00:00"),
    st.integers(1, 90).map(lambda x: f"{x} min"),
    st.tuples(st.integers(1, 9), st.integers(1, 59)).map(lambda x: f"-{x[0]}:{x[1]:02}"),
)


@given(
    header=st.sampled_from(
        ["First response", "First response time", "Resolution time", "Solved", "Resolved at", "Closed", "Updated",
         "Дата решения", "Время первого ответа", "SolutionTime"]
    ),
    values=st.lists(LENGTHS, min_size=2, max_size=2),
)  # fmt: skip
def test_a_length_is_never_a_moment_whatever_its_header(
    tmp_path_factory: pytest.TempPathFactory, header: str, values: list[str]
) -> None:
    table = {"Ticket ID": ["1", "2"], "Created at": [T1, T2], "Status": ["Closed", "Open"], header: values}
    assert header not in guessed(tmp_path_factory.getbasetemp(), table).columns.values()


def test_one_header_is_a_moment_or_a_length_by_its_values(tmp_path: Path) -> None:
    table = {"Ticket ID": ["1"], "Created at": [T1], "First response time": [T2]}
    assert guessed(tmp_path, table).columns["first_reply_at"] == "First response time"
    table["First response time"] = ["60:00:00"]
    assert "first_reply_at" not in guessed(tmp_path, table).columns


def test_an_empty_column_of_times_is_left_out_aloud(tmp_path: Path) -> None:
    found = guessed(tmp_path, {"Ticket ID": ["1"], "Created at": [T1], "Solved at": [""], "Status": ["Open"]})
    assert found.unused["Solved at"] == "it is empty, so it shows nothing"


def test_a_column_filled_only_far_below_is_found(tmp_path: Path) -> None:
    many = 3000
    table = {
        "Ticket ID": [str(i) for i in range(many)],
        "Created at": [T1] * many,
        "Solved at": [""] * (many - 1) + [T2],
    }
    assert guessed(tmp_path, table).columns["solved_at"] == "Solved at"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ({"Ticket ID": ["1", "2"], "Created at": [T1, T2], "Status": ["Open", "Closed"]}, "tickets"),
        ({"ticket": ["1", "1"], "occurred_at": [T1, T2], "author": ["customer", "agent"]}, "events"),
        ({"ticket": ["1", "2"], "occurred_at": [T1, T2], "author": ["customer", "agent"], "text": ["a", "b"]}, "events"),
        ({"number": ["1", "1"], "sys_updated_on": [T1, T2], "state": ["New", "Closed"]}, "updates"),
        ({"Ticket ID": ["1", "1"], "Created at": [T1, T1], "Updated at": [T1, T2], "First reply at": [T2, T2]}, "tickets"),
        ({"Ticket ID": ["1", "1"], "Created at": [T1, T2], "Direction": ["inbound", "outbound"]}, "events"),
        ({"Номер обращения": ["1", "1"], "Дата": [T1, T2], "Автор": ["Клиент", "Оператор"], "Текст": ["а", "б"]}, "events"),
        ({"Номер обращения": ["1", "1"], "Дата": [T1, T2], "Статус": ["Новая", "Закрыта"]}, "updates"),
    ],
)  # fmt: skip
def test_what_a_row_is_shows_in_the_file(tmp_path: Path, table: dict[str, list[str]], rows: str) -> None:
    found = guessed(tmp_path, table)
    assert (found.rows, found.questions) == (rows, [])


@pytest.mark.parametrize(
    ("more", "taken", "values"),
    [
        ({"public": ["true", "false"]}, "public", {"true": "true", "false": "false"}),
        ({"is_private": ["0", "1"]}, "is_private", {"0": "true", "1": "false"}),
        ({"Internal": ["yes", "no"]}, "Internal", {"yes": "false", "no": "true"}),
        ({"Visibility": ["public", "internal"]}, "Visibility", {"public": "true", "internal": "false"}),
        ({"event type": ["comment", "internal note"]}, "event type", {"comment": "true", "internal note": "false"}),
    ],
)
def test_what_the_requester_sees_is_told(
    tmp_path: Path, more: dict[str, list[str]], taken: str, values: dict[str, str]
) -> None:
    table = {"ticket": ["1", "1"], "occurred_at": [T1, T2], "author": ["customer", "agent"], **more}
    found = guessed(tmp_path, table)
    assert found.questions == []
    assert found.columns["public"] == taken
    assert found.values["public"] == values


@pytest.mark.parametrize(
    ("more", "question"),
    [
        ({"event type": ["comment", "note"]}, "nothing says whether the requester sees"),
        ({"event type": ["comment", "frobnicated"]}, "are no known kind"),
        ({"status": ["", "Open"]}, "is filled in some rows only"),
        ({"public": ["maybe", "true"]}, "are no known public"),
    ],
)
def test_what_would_change_verdicts_is_asked(tmp_path: Path, more: dict[str, list[str]], question: str) -> None:
    table = {"ticket": ["1", "1"], "occurred_at": [T1, T2], "author": ["customer", "agent"], **more}
    assert [question in each.text for each in guessed(tmp_path, table).questions] == [True]


@pytest.mark.parametrize(("header", "asked"), [("id", True), ("ID", True), ("ticket_id", False)])
def test_an_id_of_every_row_is_not_taken_for_the_ticket_of_events(tmp_path: Path, header: str, asked: bool) -> None:  # noqa: FBT001 - a parameter
    people = {header: ["7", "8", "9"], "role": ["user", "agent", "user"], "created_at": [T1, T2, T3]}
    questions = [each.text for each in guessed(tmp_path, people).questions]
    assert any("seems to number the rows" in each for each in questions) == asked
    history = {**people, header: ["7", "7", "9"]}
    assert not guessed(tmp_path, history).questions


def test_roles_that_are_not_all_known_are_asked(tmp_path: Path) -> None:
    table = {"ticket": ["1"] * 3, "occurred_at": [T1, T2, T3], "role": ["customer", "agent", "partner"]}
    (question,) = guessed(tmp_path, table).questions
    assert question.toml.startswith('values.author = { partner = "..." }')


def test_whoever_is_the_tickets_requester_is_its_requester(tmp_path: Path) -> None:
    table = {
        "ticket": ["1", "1"],
        "Date": [T1, T2],
        "From": ["ann@x", "bo@y"],
        "Requester": ["ann@x", "ann@x"],
        "Text": ["a", "b"],
    }
    found = guessed(tmp_path, table)
    assert found.questions == []
    assert found.columns["author_id"] == "From"


def test_two_names_of_one_ticket_are_one(tmp_path: Path) -> None:
    table = {"Issue key": ["A-1", "A-2"], "Issue id": ["100", "101"], "Created": [T1, T2], "Status": ["Open", "Closed"]}
    assert guessed(tmp_path, table).columns["ticket"] == "Issue key"


def test_a_status_of_every_message_is_left_out_aloud(tmp_path: Path) -> None:
    table = {"ticket": ["1", "1"], "date": [T1, T2], "role": ["customer", "agent"], "status": ["Closed", "Closed"]}
    found = guessed(tmp_path, table)
    assert "status" not in found.columns
    assert "no row is said to be a change of status" in found.unused["status"]


@pytest.mark.parametrize(("header", "zone"), [("Created (UTC)", "UTC"), ("Дата создания (МСК)", "Europe/Moscow")])
def test_a_zone_in_the_header_is_used(tmp_path: Path, header: str, zone: str) -> None:
    found = guessed(tmp_path, {"Ticket ID": ["1"], header: ["2026-01-13 09:30"], "Status": ["Open"]})
    assert (found.timezone, found.questions) == (zone, [])


@pytest.mark.parametrize(
    ("column", "value", "meaning"),
    [
        ("status", "Закрыта", "closed"), ("status", "Решён", "solved"), ("status", "Выполнено", "solved"),
        ("status", "Waiting for customer", "pending"), ("status", "Waiting on Third Party", "on_hold"),
        ("status", "Waiting on us", "open"), ("status", "Closed - duplicate", "closed"), ("status", "To Do", "new"),
        ("status", "Ожидает ответа клиента", "pending"), ("status", "7", None), ("status", "Решается", None),
        ("status", "Waiting for approval", None), ("priority", "3 - Moderate", "normal"), ("priority", "P1", None),
        ("priority", "1", None), ("author", "Служба поддержки", None), ("author", "Техподдержка", "agent"),
        ("author", "end-user", "requester"), ("channel", "Feedback widget", None), ("channel", "Telegram bot", "messenger"),
        ("channel", "Электронная почта", "email"), ("public", "да", "true"),
    ],
)  # fmt: skip
def test_words_mean_one_thing_or_are_not_told(column: str, value: str, meaning: str | None) -> None:
    assert meaning_of(column, value) == meaning
