"""What is special about Chatwoot."""

import dataclasses
import datetime as dt
import json
from typing import ClassVar

import pytest
from helpdesks.fake_chatwoot import ROOT, VENDOR, conversation_of, messages_of
from helpdesks.harness import NAME, client_of, ok, pulled, running
from helpdesks.world import REQUESTERS, Ticket, World, world
from web.web_server import Step

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks.chatwoot import CONNECTOR
from cs_audit.sources.helpdesks.chatwoot_words import LANGUAGES, read
from cs_audit.sources.helpdesks.connector import Start
from cs_audit.store import read_store

DESK = world(7, 60)
NOW = int(DESK.now.timestamp())
CONFIG = HelpdeskSource.model_validate(
    {"type": "chatwoot", "url": "https://c.example", "token": {"env": "X"}, "account": "3"}
)
AGENT = {"id": 100, "name": "Olga Petrova", "type": "user"}
RECORDS = {"agent": {"100": {"id": 100, "name": "Olga Petrova"}}, "team": {"501": {"id": 501, "name": "Support"}}}


def one(*messages, records=None, **facts):
    """The events of a conversation with these messages, without the first, which opens it."""
    conversation = {"id": 5, "status": "open", "created_at": NOW, "updated_at": NOW + 0.5, "last_activity_at": NOW, "labels": [],
                    "meta": {"sender": {"id": 9, "email": None, "phone_number": "+7"}, "channel": "Channel::Whatsapp"}, **facts}  # fmt: skip
    listed = [{"id": place, "message_type": 1, "content_type": "text", "content": "Hi", "private": False, "status": "sent",
               "content_attributes": {}, "created_at": NOW + place, **each} for place, each in enumerate(messages, 1)]  # fmt: skip
    payload = {"conversation": conversation, "messages": listed}
    return list(CONNECTOR.normalise(payload, {**RECORDS, **(records or {})}, CONFIG))[1:]


def said(text, **facts):
    return {"message_type": 2, "content": text, **facts}


def walk(desk, monkeypatch, since=None, cursor=None):
    with client_of(desk, monkeypatch) as client:
        return list(CONNECTOR.pages(client, desk.config, Start(cursor, since, DESK.now)))


def ids(pages):
    return [each.ticket for page in pages for each in page.tickets]


class TestReading:
    def test_all_statuses_are_asked_for_and_each_conversation_is_read_once(self, monkeypatch):
        with running(VENDOR, DESK) as desk:
            found = ids(walk(desk, monkeypatch))
            lists = [each for each in desk.asked if each.path == f"{ROOT}/conversations"]
        assert sorted(map(int, found)) == sorted(each.number for each in DESK.alive)
        assert [each.query["page"] for each in lists] == ["1", "2", "3", "4"]
        assert len(desk.asked) == len(DESK.alive) + len(lists)

    def test_a_conversation_of_more_than_a_page_of_messages_is_whole(self, monkeypatch):
        base = DESK.tickets[0]
        more = [{**base.events[1], "id": 90_000_000 + place} for place in range(230)]
        long = dataclasses.replace(base, events=(*base.events[:2], *more))
        with running(VENDOR, World((long,), DESK.now)) as desk:
            (page, _) = walk(desk, monkeypatch)
        assert [each["id"] for each in page.tickets[0].payload["messages"]] == [
            each["id"] for each in messages_of(long)
        ]

    def test_a_deletion_while_the_list_is_read_loses_nothing(self, monkeypatch):
        """The newest one goes after the first page: all others move up by one."""
        newest = max(DESK.alive, key=lambda each: each.opened_at)
        left = World(tuple(each for each in DESK.tickets if each.number != newest.number), DESK.now)
        before, after = VENDOR.answers(DESK), VENDOR.answers(left)

        def answer(asked):
            first = asked.path.endswith("/conversations") and asked.query["page"] == "1" and not going
            going.append(1)
            return before(asked) if first else after(asked)

        going: list = []
        with running(dataclasses.replace(VENDOR, answers=lambda _: answer), DESK) as desk:
            found = ids(walk(desk, monkeypatch))
        assert {*map(int, found)} >= {each.number for each in left.alive}

    def test_what_changed_takes_one_list_and_the_messages_of_the_changed(self, monkeypatch):
        since = DESK.now - dt.timedelta(days=4)
        with running(VENDOR, DESK) as desk:
            found = walk(desk, monkeypatch, since)
        changed = [each for each in DESK.alive if each.events[-1]["occurred_at"] > since]
        assert {*ids(found)} >= {str(each.number) for each in changed if not each.merged_into}
        assert ids(found) == sorted(ids(found), key=int)
        assert len(desk.asked) == len(ids(found)) + 2 + 1  # the counts, the list, one page of the audit log
        assert [(each.ticket, each.reason) for page in found for each in page.gone] == [("36", "deleted")]

    @pytest.mark.parametrize("skew", [-3, 0, 3])
    def test_a_clock_that_is_wrong_does_not_narrow_the_window(self, skew, monkeypatch):
        """The fake's own time is that of the desk; a run gone on with later asks for more."""
        here = DESK.now + dt.timedelta(hours=skew)
        with running(VENDOR, DESK) as desk, client_of(desk, monkeypatch) as client:
            list(CONNECTOR.pages(client, desk.config, Start(None, here - dt.timedelta(days=4), here)))
            asked = next(int(each.query["updated_within"]) for each in desk.asked if "updated_within" in each.query)
        assert asked == 4 * 86_400 + 60 - min(skew, 0) * 3_600

    def test_it_goes_on_behind_the_last_ticket_stored(self, monkeypatch):
        since = DESK.now - dt.timedelta(days=15)
        with running(VENDOR, DESK) as desk:
            whole = walk(desk, monkeypatch, since)
            rest = walk(desk, monkeypatch, since, json.loads(json.dumps(whole[0].cursor)))
            again = walk(desk, monkeypatch, since, json.loads(json.dumps(whole[-2].cursor)))
        assert ids(whole[:1]) + ids(rest) == ids(whole)
        assert [each.cursor["end"] for each in again] == [True]

    @pytest.mark.parametrize("trouble", [lambda told: {**told, "updated_at": None}, None])
    def test_without_a_list_of_changes_everything_is_read(self, trouble, monkeypatch):
        """An old server knows no `updated_within`; of a big one the list is too large."""
        good = VENDOR.answers(DESK)

        def answer(asked):
            if "updated_within" in asked.query and trouble is None:
                return Step(504)
            told = good(asked)
            if not asked.path.endswith("/conversations"):
                return told
            data = json.loads(told.body)["data"]
            return ok({"data": {**data, "payload": [trouble(each) if trouble else each for each in data["payload"]]}})

        with running(dataclasses.replace(VENDOR, answers=lambda _: answer), DESK) as desk:
            found = ids(walk(desk, monkeypatch, DESK.now - dt.timedelta(days=1)))
        assert len(found) == len(DESK.alive)

    def test_passwords_of_inboxes_are_not_kept(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert b"not-to-be-kept" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())

    def test_lists_refused_with_401_are_taken_as_not_there(self, tmp_path, monkeypatch):
        """That is how the server refuses what only administrators may read."""
        good = VENDOR.answers(DESK)
        closed = ("csat_survey_responses", "sla_policies", "audit_logs")
        refusing = dataclasses.replace(
            VENDOR, answers=lambda _: lambda asked: Step(401) if asked.path.endswith(closed) else good(asked)
        )
        with running(refusing, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            with client_of(desk, monkeypatch) as client:
                told = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
        assert told == {"tickets": True, "statuses": True, "ratings": False, "policies": False, "deletions": False}
        with read_store(tmp_path / "store.db") as store:
            assert "rating" not in store.kinds(NAME)


class TestMessages:
    def test_who_wrote_is_told_by_kind_sender_and_marks(self):
        events = one(
            {"message_type": 0, "sender": {"id": 9, "type": "contact"}},
            {"sender": AGENT},
            {"sender": {"id": 1, "name": "Robo", "type": "agent_bot"}},
            {"sender": {"id": 2, "name": "Captain", "type": "captain_assistant"}},
            {"sender": AGENT, "content_attributes": {"automation_rule_id": 4}},
            {"message_type": 3},
            {"sender": None},
        )
        assert [
            (each["author"], each["author_id"], each["automatic"], each.get("automatic_reason")) for each in events
        ] == [
            ("requester", "+7", False, None),
            ("agent", "Olga Petrova", False, None),
            ("bot", "Robo", True, None),
            ("bot", "Captain", True, "ai_agent"),
            ("system", None, True, None),
            ("system", None, True, None),
            ("unknown", None, False, None),
        ]
        assert [each["channel"] for each in events[:2]] == ["messenger", "messenger"]

    def test_notes_and_what_was_not_delivered_are_not_public(self):
        events = one({"private": True, "sender": AGENT}, {"status": "failed", "sender": AGENT}, {"sender": AGENT})
        assert [each["public"] for each in events] == [False, False, True]

    def test_the_text_of_a_deleted_message_is_gone_the_message_is_not(self):
        (event,) = one(
            {"sender": AGENT, "content": "This message was deleted", "content_attributes": {"deleted": True}}
        )
        assert (event["kind"], event["text"], event["public"]) == ("message", None, True)

    def test_calls_tell_who_took_them_how_long_it_rang_and_how_long_they_talked(self):
        taken = {
            "direction": "incoming",
            "status": "completed",
            "accepted_by_agent_id": 100,
            "started_at": NOW + 21,
            "duration_seconds": 95,
        }
        missed = {"direction": "incoming", "status": "no-answer", "accepted_by_agent_id": None, "started_at": None}
        out = {
            "direction": "outgoing",
            "status": "completed",
            "accepted_by_agent_id": 100,
            "started_at": NOW + 9,
            "duration_seconds": 5,
        }
        calls = one(
            *(
                {"message_type": kind, "content_type": "voice_call", "call": call, "sender": AGENT}
                for kind, call in ((0, taken), (0, missed), (1, out))
            )
        )
        assert [(each["direction"], each["answered"], each["waited_seconds"], each["talk_seconds"], each["author"]) for each in calls] == [
            ("inbound", True, 20.0, 95.0, "requester"), ("inbound", False, None, None, "requester"), ("outbound", True, 6.0, 5.0, "agent"),
        ]  # fmt: skip
        assert {each["channel"] for each in calls} == {"phone"}

    def test_a_rating_is_asked_for_by_a_message_and_told_in_a_list(self):
        rating = {
            "id": 3,
            "rating": 2,
            "feedback_message": "slow",
            "conversation_id": 5,
            "message_id": 1,
            "created_at": NOW + 90,
        }
        asked, given = one({"message_type": 3, "content_type": "input_csat"}, records={"rating": {"3": rating}})
        assert (asked["kind"], asked.get("score"), asked["author"]) == ("rating", None, "system")
        assert (given["score"], given["scale"], given["text"], given["author_id"]) == (2.0, 5.0, "slow", "+7")
        assert given["asked_at"] == asked["occurred_at"] < given["occurred_at"]


class TestActivities:
    @pytest.mark.parametrize(("text", "kind", "value", "author"), [
        ("Conversation was marked resolved by Olga Petrova", "status", "solved", "agent"),
        ("Conversation was marked resolved by Automation System", "status", "solved", "system"),
        ("Conversation was marked resolved by system due to 10 days of inactivity", "status", "solved", "system"),
        ("Conversation was marked resolved by Captain due to inactivity", "status", "solved", "bot"),
        ("Conversation was resolved by Ann", "status", "solved", "requester"),
        ("Conversation was marked open by Captain", "status", "open", "bot"),
        ("Разговор был помечен как отложенный Olga Petrova", "status", "on_hold", "agent"),
        ("A conversa foi marcada como resolvida pelo sistema por ter 3 dias de inatividade", "status", "solved", "system"),
        ("Das Gespräch wurde von Olga Petrova als ausstehend markiert", "status", "pending", "agent"),
        ("La conversación fue marcada por Olga Petrova", "status", "solved", "agent"),
        ("Olga Petrova set the priority to medium", "priority", "normal", "agent"),
        ("Olga Petrova self-assigned this conversation", "assignment", "Olga Petrova", "agent"),
        ("Assigned to Ivan Smirnov by Olga Petrova", "assignment", "Ivan Smirnov", "agent"),
        ("Assigned to Support by Automation System", "team", "Support", "system"),
        ("Olga Petrova назначил Support ответственным", "team", "Support", "agent"),
    ])  # fmt: skip
    def test_a_sentence_is_a_change(self, text, kind, value, author):
        (event,) = one(said(text))
        column = {"assignment": "agent"}.get(kind, kind)
        assert (event["kind"], event[column], event["author"], event["public"]) == (kind, value, author, False)

    @pytest.mark.parametrize(
        "text",
        ["Olga added vip", "Olga removed the priority", "Olga has muted the conversation", "", "会話が解決されました"],
    )
    def test_other_sentences_say_nothing(self, text):
        assert one(said(text)) == []

    def test_every_language_tells_every_change(self):
        meanings = {"resolved", "open", "pending", "snoozed", "priority", "self", "both", "assigned"}
        assert sorted(LANGUAGES) == ["de", "en", "es", "pt_BR", "ru"]
        assert {
            read(text).meaning
            for text in ("X hat sich dieses Gespräch selbst zugewiesen", "Zugewiesen an A über B von C")
        } <= meanings

    def test_reading_takes_time_in_line_with_the_length(self):
        assert read("Assigned to " + " via" * 200_000) is None

    def test_a_message_reopens_what_was_resolved_or_snoozed_without_a_word(self):
        incoming = {"message_type": 0}
        events = one(said("Conversation was snoozed by Olga Petrova"), incoming, incoming)
        assert [(each["kind"], each.get("status")) for each in events] == [
            ("status", "on_hold"), ("message", None), ("status", "open"), ("message", None),
        ]  # fmt: skip
        assert events[2]["author"] == "system"
        told = one(
            said("Conversation was snoozed by Olga Petrova"),
            incoming,
            said("System reopened the conversation due to a new incoming message."),
        )
        assert [each["kind"] for each in told] == ["status", "message", "status"]
        muted = one(said("Conversation was marked resolved by Olga Petrova"), incoming, muted=True)
        assert [each["kind"] for each in muted] == ["status", "message"]

    def test_a_resolution_in_unknown_words_is_known_without_its_time(self):
        (_, event) = one({"sender": AGENT}, said("会話が解決されました"), status="resolved")
        assert (event["kind"], event["status"], event["author"]) == ("other", "solved", "system")


class TestItsOwnSla:
    SLA: ClassVar = {"sla_id": 1, "sla_first_response_time_threshold": 600.0, "sla_next_response_time_threshold": None,
           "sla_resolution_time_threshold": 7200.0, "sla_only_during_business_hours": False}  # fmt: skip

    def last(self, status, *missed):
        sla = {
            "applied_sla": {**self.SLA, "sla_status": status},
            "sla_events": [{"event_type": each} for each in missed],
        }
        return one({"sender": AGENT}, {"sender": AGENT}, **sla)[-1]

    def test_verdicts_stand_on_the_last_event(self):
        event = self.last("missed", "frt")
        assert (event["reported_first_reply"], event["reported_resolution"]) == (False, True)
        assert "reported_next_reply" not in event
        assert event["due_first_reply"] == dt.datetime.fromtimestamp(NOW + 600, dt.UTC)
        assert event["due_resolution"] == dt.datetime.fromtimestamp(NOW + 7200, dt.UTC)

    def test_while_it_runs_only_misses_are_known(self):
        event = self.last("active_with_misses", "frt")
        assert (event["reported_first_reply"], event["reported_resolution"]) == (False, None)
        assert not [key for key in one({"sender": AGENT})[-1] if key.startswith(("reported", "due"))]


def test_hours_of_inboxes_and_policies_become_tables():
    days = [{"day_of_week": day, "closed_all_day": day == 0, "open_all_day": day == 6, "open_hour": 9, "open_minutes": 30,
             "close_hour": 18, "close_minutes": 0} for day in range(7)]  # fmt: skip
    inbox = {"id": 1, "name": "Mail", "timezone": "Europe/Moscow", "working_hours_enabled": True, "working_hours": days}
    policy = {"id": 4, "name": "Gold", "description": "d", "first_response_time_threshold": 900.0, "next_response_time_threshold": 90.0,
              "resolution_time_threshold": None, "only_during_business_hours": True}  # fmt: skip
    records = {
        "inbox": {"1": inbox, "2": {**inbox, "id": 2, "name": "Chat", "working_hours_enabled": False}},
        "policy": {"4": policy},
    }
    (hours,) = CONNECTOR.schedules(records).items()
    assert hours[0] == "Mail"
    assert hours[1]["timezone"] == "Europe/Moscow"
    assert hours[1]["hours"] == {
        **{day: ["09:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "sat": ["00:00-24:00"],
    }
    assert CONNECTOR.policies(records) == [{"name": "Gold", "match": {}, "note": "d", "targets": {
        "first_reply": {"limit": "15m", "clock": "working"}, "next_reply": {"limit": "90s", "clock": "working"}}}]  # fmt: skip


def test_a_conversation_without_messages_has_its_beginning():
    ticket = Ticket(1, REQUESTERS[0], "S", "email", DESK.tickets[0].events[:1])
    payload = {"conversation": conversation_of(DESK.tickets[0]) | {"status": "open"}, "messages": []}
    (event,) = CONNECTOR.normalise(payload, {}, CONFIG)
    assert (event["kind"], event["status"], event["author"]) == ("other", "new", "requester")
    assert event["url"].endswith(f"/app/accounts/3/conversations/{ticket.number}")
