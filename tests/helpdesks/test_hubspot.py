"""What is special about HubSpot: a list that tells little, cut texts, actors of seven kinds, and what was archived."""

import datetime as dt
from dataclasses import replace

import pytest
from helpdesks.fake_hubspot import BASE, VENDOR, properties, thread
from helpdesks.harness import NAME, client_of, missing, ok, pulled, running
from helpdesks.world import World, world
from web.web_server import Step

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import SourceError
from cs_audit.sources.helpdesks.hubspot import CONNECTOR
from cs_audit.sources.web.limits import courtesy_wait
from cs_audit.store import read_store

DESK = world(7, 30)
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
TABLE = HelpdeskSource.model_validate({"type": "hubspot", "url": "https://api.hubapi.com", "token": {"env": "T"}})
RECORDS = {"channel": {"1002": {"id": "1002", "name": "EMAIL"}, "1000": {"id": "1000", "name": "LIVE_CHAT"}},
           "inbox": {"502": {"id": "502", "name": "Billing"}}}  # fmt: skip
ACTORS = [{"id": "A-1", "type": "AGENT", "name": "Olga", "email": "olga@desk.example"},
          {"id": "V-9", "type": "VISITOR", "name": "R", "email": "R@Example.org"},
          {"id": "B-2", "type": "BOT", "name": "Bot"}, {"id": "L-3", "type": "LLM", "name": "Breeze"},
          {"id": "I-4", "type": "INTEGRATOR", "name": "Shop"}, {"id": "S-hubspot", "type": "SYSTEM"},
          {"id": "E-mail", "type": "EMAIL", "email": "who@example.org"}]  # fmt: skip


def entry(kind="MESSAGE", actor="V-9", after=0, **changes):
    at = (NOON + dt.timedelta(seconds=after)).isoformat().replace("+00:00", "Z")
    incoming = actor[0] in "VE"
    shape = {"id": f"{after:04x}", "type": kind, "createdAt": at, "createdBy": actor, "senders": [{"actorId": actor}],
             "client": {"clientType": "HUBSPOT"}}  # fmt: skip
    said = {"text": "Hello", "direction": "INCOMING" if incoming else "OUTGOING", "channelId": "1002"}
    return {**shape, **(said if kind == "MESSAGE" else {}), **changes}


def events(*entries, table=TABLE, priorities=(), slas=None, **changes):
    """What was made of a stream, without the creation."""
    shown = {**thread(DESK.tickets[0]), "createdAt": "2026-03-04T12:00:00Z", "originalChannelId": "1002", **changes}
    payload = {"thread": shown, "messages": list(entries), "actors": ACTORS, "priorities": priorities, "slas": slas}
    return list(CONNECTOR.normalise(payload, RECORDS, table))[1:]


def held(path):
    with read_store(path) as store:
        return {each.bundle.ticket: each for each in store.bundles(NAME)}


class TestLists:
    def test_texts_that_were_cut_are_brought_whole(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        found = held(tmp_path / "store.db")
        for ticket in DESK.alive:
            said = [each["text"] for each in ticket.events if each["kind"] == "message"]
            told = [each["text"] for each in found[str(ticket.number)].bundle.payload["messages"] if "text" in each]
            assert told == said

    def test_a_comment_on_a_closed_thread_is_brought_though_the_list_does_not_tell_of_it(self, tmp_path, monkeypatch):
        closed = next(each for each in DESK.alive if thread(each)["status"] == "CLOSED")
        note = {**closed.events[1], "kind": "message", "author": "agent", "who": 100, "public": False, "id": 99_000_000,
                "occurred_at": closed.updated_at + dt.timedelta(days=3), "text": "He called to thank us."}  # fmt: skip
        later = replace(closed, events=(*closed.events, note))
        assert thread(later) == thread(closed)
        before = World((closed,), closed.updated_at + dt.timedelta(days=1))
        after = World((later,), closed.updated_at + dt.timedelta(days=4))
        for each in (before, after):
            with running(VENDOR, each) as desk:
                pulled(desk, tmp_path / "store.db", monkeypatch)
        assert held(tmp_path / "store.db")[str(closed.number)].bundle.payload["messages"][-1]["type"] == "COMMENT"

    def test_a_thread_closed_long_ago_is_not_read_again_but_an_open_one_is(self, tmp_path, monkeypatch):
        closed = next(each for each in DESK.alive if thread(each)["status"] == "CLOSED")
        opened = next(each for each in DESK.alive if thread(each)["status"] == "OPEN")
        then = World((opened, closed), DESK.now + dt.timedelta(days=60))
        with running(VENDOR, then) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            number = len(desk.asked)
            pulled(desk, tmp_path / "store.db", monkeypatch)
            again = {each.path for each in desk.asked[number:] if each.path.endswith("messages")}
        assert again == {f"{BASE}/threads/{opened.number}/messages"}

    def test_an_archived_thread_is_buried_and_what_was_pulled_of_it_stays(self, tmp_path, monkeypatch):
        alive = World(DESK.alive[:3], DESK.now)
        gone = World((replace(alive.tickets[0], deleted=True), *alive.tickets[1:]), DESK.now + dt.timedelta(days=1))
        for each in (alive, gone):
            with running(VENDOR, each) as desk:
                pulled(desk, tmp_path / "store.db", monkeypatch)
        found = held(tmp_path / "store.db")
        assert {name: each.tombstone and each.tombstone.reason for name, each in found.items()} == {
            str(alive.tickets[0].number): "deleted", str(alive.tickets[1].number): None, str(alive.tickets[2].number): None}  # fmt: skip
        assert found[str(alive.tickets[0].number)].bundle.payload["messages"]

    def test_a_thread_archived_between_the_list_and_its_stream_is_gone(self, tmp_path, monkeypatch):
        lost = str(DESK.alive[1].number)

        def answer(asked):
            return (
                missing()
                if f"/threads/{lost}/" in asked.path
                else VENDOR.answers(World(DESK.alive[:3], DESK.now))(asked)
            )

        with running(replace(VENDOR, answers=lambda _: answer), DESK) as desk:
            run = pulled(desk, tmp_path / "store.db", monkeypatch)
        assert (run.given, run.gone) == (2, 1)

    def test_an_error_in_place_of_a_whole_text_does_not_leave_the_cut_one(self, tmp_path, monkeypatch):
        def answer(asked):
            cut = asked.path.endswith("/original-content")
            return ok({"error": "database is locked"}) if cut else VENDOR.answers(DESK)(asked)

        with running(replace(VENDOR, answers=lambda _: answer), DESK) as desk, pytest.raises(SourceError) as told:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert told.value.exit_code == 3

    @pytest.mark.parametrize("path", [f"{BASE}/threads", f"{BASE}/threads/{DESK.alive[0].number}/messages"])
    def test_a_list_that_leads_back_to_itself_ends_the_run(self, path, tmp_path, monkeypatch):
        def answer(asked):
            if asked.path == path:
                return ok({"results": [], "paging": {"next": {"after": "7"}}})
            return VENDOR.answers(DESK)(asked)

        with running(replace(VENDOR, answers=lambda _: answer), DESK) as desk, pytest.raises(SourceError) as told:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert told.value.exit_code == 3

    def test_inboxes_can_be_chosen(self, tmp_path, monkeypatch):
        for projects, number in ((["501"], 3), (["502"], 0)):
            with running(replace(VENDOR, table={"projects": projects}), World(DESK.alive[:3], DESK.now)) as desk:
                assert pulled(desk, tmp_path / f"{number}.db", monkeypatch).given == number

    def test_a_used_up_window_is_waited_for(self):
        headers = {"x-hubspot-ratelimit-remaining": "0", "x-hubspot-ratelimit-interval-milliseconds": "10000"}
        assert courtesy_wait(headers, CONNECTOR.site("x", TABLE).limits, 0.0) == 10.0


class TestAuthors:
    @pytest.mark.parametrize(
        ("actor", "changes", "author", "name", "reason"),
        [
            ("A-1", {}, "agent", "Olga", None),
            ("V-9", {}, "requester", "r@example.org", None),
            ("E-mail", {}, "requester", "who@example.org", None),
            ("B-2", {}, "bot", "Bot", None),
            ("L-3", {}, "bot", "Breeze", "ai_agent"),
            ("I-4", {"direction": "OUTGOING"}, "bot", "Shop", None),
            ("S-hubspot", {}, "system", None, None),
            ("A-1", {"client": {"clientType": "SYSTEM"}}, "system", None, None),
            ("A-1", {"type": "WELCOME_MESSAGE"}, "bot", "Olga", None),
            ("A-77", {}, "agent", "A-77", None),
            ("E-mail", {"direction": "OUTGOING"}, "unknown", "E-mail", None),
        ],
    )
    def test_roles(self, actor, changes, author, name, reason):
        (found,) = events(entry(actor=actor, **changes))
        assert (found["author"], found["author_id"], found.get("automatic_reason")) == (author, name, reason)
        assert found["automatic"] == (author in ("bot", "system"))
        assert found["public"]

    def test_an_integration_brings_what_requesters_say_with_their_address(self):
        sender = {"actorId": "I-4", "deliveryIdentifier": {"type": "HS_EMAIL_ADDRESS", "value": "Buyer@Shop.example"}}
        (found,) = events(entry(actor="I-4", direction="INCOMING", senders=[sender]))
        assert (found["author"], found["author_id"], found["requester"]) == ("requester", *["buyer@shop.example"] * 2)

    def test_a_thread_nobody_wrote_in_has_its_contact(self):
        (opened,) = CONNECTOR.normalise(
            {"thread": thread(DESK.tickets[0]), "messages": [], "actors": [], "priorities": []}, {}, TABLE
        )
        assert (opened["status"], opened["author"]) == ("new", "unknown")
        assert opened["requester"] == str(DESK.tickets[0].requester.id * 7)


class TestStream:
    def test_comments_are_internal_and_failed_messages_were_not_seen(self):
        failed = {"statusType": "FAILED", "failureDetails": {"errorMessageTokens": {}}}
        found = events(entry("COMMENT", "A-1", text="psst"), entry("MESSAGE", "A-1", 1, status=failed))
        assert [(each["kind"], each["public"]) for each in found] == [("message", False)] * 2

    def test_changes(self):
        found = events(
            entry("ASSIGNMENT", "A-1", 0, assignedTo="A-1"),
            entry("ASSIGNMENT", "A-1", 1, assignedFrom="A-1", assignedTo=None),
            entry("THREAD_INBOX_CHANGE", "A-1", 2, fromInboxId="501", toInboxId="502"),
            entry("THREAD_STATUS_CHANGE", "A-1", 3, newStatus="CLOSED"),
            entry("THREAD_STATUS_CHANGE", "S-hubspot", 4, newStatus="OPEN"),
            entry("SOMETHING_NEW", "A-1", 5),
        )
        assert [(each["kind"], each.get("agent") or each.get("team") or each.get("status")) for each in found] == [
            ("assignment", "Olga"), ("team", "Billing"), ("status", "solved"), ("status", "open")]  # fmt: skip
        assert found[-1]["author"] == "system"

    def test_priorities_come_with_who_gave_them(self):
        given = [{"value": "HIGH", "timestamp": "2026-03-04T13:00:00.5Z", "updatedByUserId": 1},
                 {"value": "", "timestamp": "2026-03-04T13:30:00Z", "updatedByUserId": 1},
                 {"value": "MEDIUM", "timestamp": "2026-03-04T14:00:00Z", "updatedByUserId": None}]  # fmt: skip
        found = events(priorities=given)
        assert [(each["priority"], each["author"], each["author_id"]) for each in found] == [
            ("high", "agent", "Olga"), ("normal", "system", None)]  # fmt: skip

    def test_each_message_has_its_own_channel(self):
        found = events(entry(channelId="1000"), entry(after=1, channelId="4242"))
        assert [(each["channel"], each["channel_detail"]) for each in found] == [
            ("chat", "LIVE_CHAT"),
            ("other", "4242"),
        ]

    def test_the_address_of_a_thread_needs_the_account(self):
        assert events(entry())[0]["url"] is None
        there = events(entry(), table=TABLE.model_copy(update={"account": "4711"}))[0]["url"]
        assert there == f"https://app.hubspot.com/live-messages/4711/inbox/{DESK.tickets[0].number}"

    def test_spam_is_tagged(self):
        assert events(entry(), spam=True)[0]["tags"] == "|spam|"


class TestItsOwnVerdicts:
    def test_each_thread_that_a_ticket_began_with_carries_them(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        found = {
            ticket: max(
                reversed(CONNECTOR.normalise(each.bundle.payload, RECORDS, TABLE)), key=lambda one: one["occurred_at"]
            )
            for ticket, each in held(tmp_path / "store.db").items()
        }
        kept = {"1": False, "3": True, "4": False}
        judged = 0
        for ticket in DESK.alive:
            told, last = properties(ticket, DESK.now), found[str(ticket.number)]
            there = "threadAssociations" in thread(ticket) and told["hs_conversations_originating_thread_id"]
            verdict = kept.get(told["hs_time_to_first_response_sla_status"]) if there else None
            assert last.get("reported_first_reply") is verdict
            assert last.get("due_first_reply") == (ticket.opened_at + dt.timedelta(hours=1) if there else None)
            assert last.get("reported_resolution") is (kept.get(told["hs_time_to_close_sla_status"]) if there else None)
            judged += verdict is not None
        assert judged > 5

    def test_an_open_sla_has_a_due_time_and_no_verdict(self):
        slas = {"hs_time_to_close_sla_status": "2", "hs_time_to_close_sla_at": "2026-03-05T12:00:00.000Z"}
        (found,) = events(entry(), slas=slas)
        assert (found["reported_resolution"], found["due_resolution"]) == (None, NOON + dt.timedelta(days=1))

    def test_they_stand_on_what_happened_last(self):
        given = [{"value": "HIGH", "timestamp": "2026-03-04T11:00:00Z", "updatedByUserId": 1}]
        found = events(entry(after=5), priorities=given, slas={"hs_time_to_close_sla_status": "4"})
        assert [each.get("reported_resolution") for each in found] == [False, None]


def test_without_the_right_to_read_tickets_threads_are_pulled_without_priorities(tmp_path, monkeypatch):
    def answer(asked):
        return Step(403) if asked.path.startswith("crm/") else VENDOR.answers(DESK)(asked)

    with running(replace(VENDOR, answers=lambda _: answer), DESK) as desk, client_of(desk, monkeypatch) as client:
        run = pulled(desk, tmp_path / "store.db", monkeypatch)
        told = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
    assert run.given == len(DESK.alive)
    assert {len(each.bundle.payload["priorities"]) for each in held(tmp_path / "store.db").values()} == {0}
    assert told == {"threads": True, "priorities": False}
