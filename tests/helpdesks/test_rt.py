"""What is special about Request Tracker: searches that hide, merged and deleted tickets, roles, channels, due times."""

import datetime as dt

import pytest
from helpdesks.fake_rt import CAP, VENDOR
from helpdesks.harness import NAME, client_of, pulled, running
from helpdesks.world import AGENTS, TEAMS, world

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks.rt import CONNECTOR, _query
from cs_audit.store import read_store

DESK = world(7, 60)
CONFIG = HelpdeskSource.model_validate({"type": "rt", "url": "https://rt.example", "token": {"env": "T"}})
RECORDS = {"queue": {"3": {"id": 3, "Name": "Support"}, "4": {"id": 4, "Name": "Outages"}}}
CARLA = {"id": 34, "Name": "carla", "RealName": "Carla Customer", "EmailAddress": "Carla@Client.example"}
PEOPLE = {
    "1": {"Name": "RT_System", "RealName": "The RT System itself", "EmailAddress": None, "Privileged": 0},
    "6": {"Name": "Nobody", "RealName": "Nobody in particular", "EmailAddress": "", "Privileged": 0},
    "28": {"Name": "anna", "RealName": "Anna Agent", "EmailAddress": "anna@example.test", "Privileged": 1},
    "30": {"Name": "bert", "RealName": None, "EmailAddress": "bert@example.test", "Privileged": "1"},
    "36": {"Name": "dave", "RealName": "Dave", "EmailAddress": "dave@client.example", "Privileged": 0},
    "40": {},
}
NEVER = "1970-01-01 00:00:00"


def row(number, minute, kind, who=34, *, field="", old="", new=""):
    name = {34: "carla", 1: "RT_System"}.get(who, str(who))
    return {"id": str(number), "Created": f"2024-04-08T07:{minute:02}:00Z", "Type": kind, "Field": field, "OldValue": old,
            "NewValue": new, "ObjectId": "16", "Creator": {"id": who, "Name": name, "type": "user"}}  # fmt: skip


def part(transaction, content="Hello", headers="X-RT-Interface: Email", kind="text/plain", name=""):
    return {"id": transaction * 10, "TransactionId": str(transaction), "ContentType": kind, "Filename": name,
            "Headers": headers, "Content": content}  # fmt: skip


def events(*rows, parts=(), **ticket):
    told = {"id": 16, "Subject": "Contract", "Status": "open", "Queue": {"id": "3"}, "Requestor": [CARLA], "Priority": "0",
            "Created": "2024-04-08T07:00:00Z", "EffectiveId": "16", **ticket}  # fmt: skip
    payload = {"ticket": told, "rows": list(rows), "parts": list(parts), "people": PEOPLE}
    return list(CONNECTOR.normalise(payload, RECORDS, CONFIG))


def test_authors_are_told_by_the_ticket_and_by_privilege():
    rows = [row(number, number, "Correspond", who) for number, who in enumerate((34, 28, 30, 36, 1, 40), 1)]
    found = [(each["author"], each["author_id"], each["automatic"]) for each in events(*rows)[2:]]
    assert found[-6:] == [
        ("requester", "carla@client.example", False),
        ("agent", "Anna Agent", False),
        ("agent", "bert", False),
        ("requester", "dave@client.example", False),
        ("system", None, True),
        ("unknown", "40", False),
    ]


def test_a_comment_is_internal_and_what_is_said_in_public_is_not():
    made = events(row(1, 0, "Create"), row(2, 1, "Comment", 28), row(3, 2, "Correspond", 28), parts=[part(1)])
    assert [each["public"] for each in made if each["kind"] == "message"] == [True, False, True]


def test_a_ticket_created_without_a_word_has_no_message():
    assert [each["kind"] for each in events(row(1, 0, "Create"))] == ["other", "team", "status"]


def test_owners_come_in_the_words_of_new_and_old_servers_once_each():
    kinds = ("Set", "Take", "Give", "Steal", "Force")
    rows = [row(place, place, kind, 28, field="Owner", old="6", new="30") for place, kind in enumerate(kinds, 1)]
    rows += [row(8, 8, "SetWatcher", 28, field="Owner", old="6", new="30"), row(9, 9, "Untake", 28, field="Owner", old="30", new="6")]  # fmt: skip
    assert [each["agent"] for each in events(*rows) if each["kind"] == "assignment"] == ["bert"] * 5


def test_what_held_before_the_first_change_holds_from_the_beginning():
    made = events(
        row(1, 0, "Create"),
        row(2, 1, "Set", 28, field="Queue", old="3", new="4"),
        row(3, 2, "Set", 28, field="Priority", old="50", new="100"),
        row(4, 3, "Status", 28, field="Status", old="stalled", new="resolved"),
        row(5, 4, "Set", 28, field="Priority", old="100", new="0"),
        Status="resolved",
    )
    values = [(each["kind"], each.get("team") or each.get("priority") or each.get("status")) for each in made]
    assert values == [
        ("other", "new"), ("team", "Support"), ("priority", "normal"), ("status", "on_hold"), ("team", "Outages"),
        ("priority", "high"), ("status", "solved"), ("priority", "low"),
    ]  # fmt: skip


def test_mail_of_machines_is_automatic_and_files_are_no_text():
    away = part(1, "I am away", "Auto-Submitted: auto-replied\nX-RT-Interface: Email")
    made = events(row(1, 0, "Create"), parts=[part(1, "log", "", name="a.log"), {**away, "id": 11}, part(1, "", "x", "multipart/mixed")])  # fmt: skip
    (message,) = [each for each in made if each["kind"] == "message"]
    assert message["text"] == "I am away"
    two = events(row(1, 0, "Create"), parts=[{**away, "id": 9}])
    assert (two[-1]["automatic"], two[-1]["automatic_reason"], two[-1]["channel"]) == (True, "header", "email")


def test_html_stands_in_where_there_is_no_plain_text():
    made = events(row(1, 0, "Create"), parts=[part(1, "<p>Hi</p>", kind="text/html")])
    assert made[-1]["text"] == "<p>Hi</p>"


def test_a_target_of_a_merge_does_not_end_and_the_merged_ticket_does():
    link = row(2, 1, "AddLink", 28, field="MergedInto", new="fsck.com-rt://example.test/ticket/21")
    own = {**link, "NewValue": "fsck.com-rt://example.test/ticket/16"}
    assert events(row(1, 0, "Create"), link)[-1]["kind"] == "merge"
    assert "merge" not in {each["kind"] for each in events(row(1, 0, "Create"), own)}


def test_due_times_are_told_apart_by_the_first_answer():
    due = row(2, 0, "Set", 1, field="Due", old=NEVER, new="2024-04-08 08:00:00")
    answer = row(3, 9, "Correspond", 28)
    cleared = row(4, 9, "Set", 1, field="Due", old="2024-04-08 08:00:00", new=NEVER)
    asked = row(5, 20, "Correspond"), row(6, 20, "Set", 1, field="Due", old=NEVER, new="2024-04-08 09:20:00")
    promised = {name: value for name, value in events(row(1, 0, "Create"), due, answer, cleared, *asked)[-1].items() if name.startswith("due_")}  # fmt: skip
    assert promised == {"due_first_reply": dt.datetime(2024, 4, 8, 8, tzinfo=dt.UTC)}
    assert events(row(1, 0, "Create"), due, answer)[-1]["due_resolution"] == dt.datetime(2024, 4, 8, 8, tzinfo=dt.UTC)
    both = {**cleared, "NewValue": "2024-04-09 08:00:00"}
    told = events(row(1, 0, "Create"), due, answer, both)[-1]
    assert (told["due_first_reply"].day, told["due_resolution"].day) == (8, 9)
    assert not {name for name in events(row(1, 0, "Create"), due)[-1] if name.startswith("due_")}


def test_a_row_of_an_unknown_type_is_passed_over():
    assert events(row(1, 0, "Create"), row(2, 1, "SLAStarted", 1), parts=[part(1)]) == events(row(1, 0, "Create"), parts=[part(1)])  # fmt: skip


def test_queues_are_asked_for_by_their_quoted_names():
    config = CONFIG.model_copy(update={"projects": ["Support", "O'Neill \\ Co"]})
    told = _query(config, dt.datetime(2024, 4, 9, 2, tzinfo=dt.UTC), 7)
    assert told == (
        "id > 7 AND LastUpdated >= '2024-04-08 00:00:00' AND (Queue = 'Support' OR Queue = 'O\\'Neill \\\\ Co')"
    )


class TestPulls:
    def test_histories_of_a_page_of_tickets_come_together(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            searches = [each for each in desk.asked if each.path == "REST/2.0/transactions"]
            rows = sum(len(each.events) for each in DESK.tickets)
            assert len(searches) < 2 * rows / CAP + 20
            users = [each.path for each in desk.asked if "/user/" in each.path]
            assert len(users) == len(set(users)) <= len(AGENTS) + 1

    def test_a_ticket_merged_between_two_pulls_is_news_though_its_own_time_stands_still(self, tmp_path, monkeypatch):
        merged = next(each for each in DESK.tickets if each.merged_into)
        before = DESK.at(merged.updated_at - dt.timedelta(seconds=1))
        with running(VENDOR, before) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            assert last_kind(tmp_path / "store.db", desk, merged.number) != "merge"
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            assert last_kind(tmp_path / "store.db", desk, merged.number) == "merge"

    def test_a_deleted_ticket_leaves_a_stone_and_its_history(self, tmp_path, monkeypatch):
        deleted = next(each for each in DESK.tickets if each.deleted)
        with running(VENDOR, DESK.at(deleted.updated_at - dt.timedelta(seconds=1))) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with running(VENDOR, DESK) as desk:
            assert pulled(desk, tmp_path / "store.db", monkeypatch).gone
        with read_store(tmp_path / "store.db") as store:
            (held,) = [each for each in store.bundles(NAME) if each.bundle.ticket == str(deleted.number)]
        assert held.tombstone is not None
        assert held.bundle.payload["rows"]

    def test_a_disabled_queue_keeps_its_name(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with read_store(tmp_path / "store.db") as store:
            assert {each.payload["Name"] for each in store.records(NAME, "queue")} >= {each.name for each in TEAMS}

    def test_only_tickets_of_the_wanted_queues_come(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            desk.vendor = type(VENDOR)(**{**vars(VENDOR), "table": {"projects": ["Billing"]}})
            run = pulled(desk, tmp_path / "store.db", monkeypatch)
        assert 0 < run.given < len(DESK.alive)

    def test_capabilities_say_what_cannot_be_seen(self, monkeypatch):
        with running(VENDOR, DESK) as desk, client_of(desk, monkeypatch) as client:
            found = {each.name: each for each in CONNECTOR.capabilities(client, desk.config)}
        assert found["tickets"].there
        assert not found["tickets"].note
        assert found["comments"].there


@pytest.mark.parametrize("word", ["Web", "Email", "REST", "Mobile", "CLI", "Fax", ""])
def test_channels_are_those_of_the_interface(word):
    headers = f"X-RT-Interface: {word}" if word else "Subject: x"
    message = events(row(1, 0, "Create"), parts=[part(1, headers=headers)])[-1]
    known = {"Web": "web", "Mobile": "web", "Email": "email", "REST": "api", "CLI": "api", "Fax": "other", "": None}
    assert (message["channel"], message["channel_detail"]) == (known[word], word or None)


def last_kind(path, desk, number):
    with read_store(path) as store:
        records = {kind: {each.id: each.payload for each in store.records(NAME, kind)} for kind in store.kinds(NAME)}
        (held,) = [each for each in store.bundles(NAME) if each.bundle.ticket == str(number)]
    return list(CONNECTOR.normalise(held.bundle.payload, records, desk.config))[-1]["kind"]
