"""What is special about Intercom: its cursors, the source before the parts, states, machines, calls and office hours."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from helpdesks import fake_intercom
from helpdesks.fake_intercom import OPERATOR, VENDOR, conversation
from helpdesks.harness import NAME, client_of, ok, pulled, running
from helpdesks.world import AGENTS, REQUESTERS, Ticket, World, world
from web.web_server import Step

from cs_audit.config import parse_config
from cs_audit.config.build import build_schedules
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import SourceError
from cs_audit.schedules import Horizon
from cs_audit.sources.helpdesks.intercom import CONNECTOR
from cs_audit.sources.pulled import PulledReader
from cs_audit.sources.web.limits import courtesy_wait
from cs_audit.store import read_store

DESK = world(7, 30)
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
SECOND = int(NOON.timestamp())
TABLE = HelpdeskSource.model_validate({"type": "intercom", "url": "https://api.intercom.io", "token": {"env": "T"}})
RECORDS = {"admin": {"100": {"id": "100", "name": "Olga Petrova", "email": "olga@desk.example"}},
           "team": {"501": {"id": "501", "name": "Support"}},
           "app": {"acme": {"id_code": "acme", "region": "EU"}}}  # fmt: skip
OLGA = {"type": "admin", "id": "100", "name": "Olga P.", "email": "olga@desk.example"}
USER = {"type": "user", "id": f"{1000:024x}", "name": "R", "email": "Requester0@example.org"}
FIN = {"type": "bot", "id": "7", "name": "Fin", "email": "operator+acme@intercom.io", "from_ai_agent": True}


def held(path):
    with read_store(path) as store:
        return {each.bundle.ticket: each for each in store.bundles(NAME)}


def crowd(size, at=NOON):
    """So many conversations whose last change was in the same second."""
    opened, first = DESK.tickets[0].events[:2]
    events = tuple({**each, "occurred_at": at} for each in (opened, first))
    return World(
        tuple(Ticket(number, REQUESTERS[0], f"S{number}", "email", events) for number in range(1, size + 1)),
        at + dt.timedelta(hours=1),
    )


def part(kind, author, after=60, **changes):
    """A part of a conversation, `after` seconds from its beginning."""
    shape = {"type": "conversation_part", "id": str(9000 + after), "part_type": kind, "body": None, "assigned_to": None,
             "created_at": SECOND + after, "author": author, "state": "open", "redacted": False}  # fmt: skip
    return {**shape, **changes}


def payload(*parts, calls=(), **changes):
    shown = conversation(crowd(1).tickets[0])
    listed = {"type": "conversation_part.list", "conversation_parts": list(parts), "total_count": len(parts)}
    return {"conversation": {**shown, "conversation_parts": listed, **changes}, "calls": list(calls)}


def events(*parts, **changes):
    """What was made of the parts, without the creation and the first message."""
    return list(CONNECTOR.normalise(payload(*parts, **changes), RECORDS, TABLE))[2:]


def kinds(found):
    return [(each["kind"], each.get("status") or each.get("team") or each.get("agent")) for each in found]


class TestLists:
    def test_a_second_with_more_conversations_than_a_page_is_read_by_its_cursor(self, tmp_path, monkeypatch):
        with running(VENDOR, crowd(55)) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert len(held(tmp_path / "store.db")) == 55

    def test_a_conversation_that_moves_while_the_list_is_read_is_brought_with_what_happened(
        self, tmp_path, monkeypatch
    ):
        ordered = sorted(DESK.alive, key=lambda each: each.updated_at)
        now = {"world": DESK}
        early = ordered[0]
        said = {**early.events[1], "id": 99_000_000, "occurred_at": DESK.now, "text": "And one more thing."}
        later = replace(early, events=(*early.events, said))
        moved = World(tuple(later if each is early else each for each in DESK.tickets), DESK.now)

        def answer(asked):
            if asked.path == f"conversations/{ordered[3].number}":
                now["world"] = moved
            return VENDOR.answers(now["world"])(asked)

        with running(replace(VENDOR, answers=lambda _: answer), DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        bundles = held(tmp_path / "store.db")
        assert len([each for each in bundles.values() if each.tombstone is None]) == len(DESK.alive)
        parts = bundles[str(early.number)].bundle.payload["conversation"]["conversation_parts"]["conversation_parts"]
        assert parts[-1]["body"] == "<p>And one more thing.</p>"

    def test_a_cursor_that_is_no_longer_known_begins_the_run_anew(self, tmp_path, monkeypatch):
        desk_of = crowd(55)
        broken = {"now": True}

        def answer(asked):
            after = asked.body and asked.body.get("pagination", {}).get("starting_after")
            if asked.path.endswith("/45") and broken["now"]:
                return Step(401)
            if after and not broken["now"] and broken.setdefault("refusals", 0) == 0:
                broken["refusals"] = 1
                return fake_intercom.error(400, "client_error")
            return VENDOR.answers(desk_of)(asked)

        with running(replace(VENDOR, answers=lambda _: answer), desk_of) as desk:
            with pytest.raises(SourceError):
                pulled(desk, tmp_path / "store.db", monkeypatch)
            broken["now"] = False
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert broken["refusals"] == 1
        assert len(held(tmp_path / "store.db")) == 55

    def test_deleted_conversations_are_buried_when_they_were_deleted_and_old_ones_are_not_asked_for_again(
        self, tmp_path, monkeypatch
    ):
        alive, doomed = crowd(12), range(1, 12)
        gone = World(
            tuple(
                replace(each, deleted=True, events=(each.events[0], {**each.events[1], "occurred_at": NOON + dt.timedelta(hours=each.number)}))
                if each.number in doomed else each for each in alive.tickets
            ), NOON + dt.timedelta(days=2),
        )  # fmt: skip
        with running(VENDOR, alive) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with running(VENDOR, gone) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            first = sum(each.path == "conversations/deleted" for each in desk.asked)
            pulled(desk, tmp_path / "store.db", monkeypatch, now=gone.now + dt.timedelta(days=1))
            pulled(desk, tmp_path / "store.db", monkeypatch, now=gone.now + dt.timedelta(days=1))
            last = [each for each in desk.asked if each.path == "conversations/deleted"]
        stones = {ticket: each.tombstone for ticket, each in held(tmp_path / "store.db").items() if each.tombstone}
        assert sorted(map(int, stones)) == list(doomed)
        assert stones["3"].version == "2026-03-04T15:00:00Z"
        assert first == 6
        assert [each.query["page"] for each in last[-2:]] == ["1", "1"]

    def test_one_deleted_between_the_list_and_its_retrieval_is_gone(self, tmp_path, monkeypatch):
        def answer(asked):
            lost = asked.path == "conversations/2"
            return fake_intercom.error(404, "not_found") if lost else VENDOR.answers(crowd(3))(asked)

        with running(replace(VENDOR, answers=lambda _: answer), crowd(3)) as desk:
            run = pulled(desk, tmp_path / "store.db", monkeypatch)
        assert (run.given, run.gone) == (2, 1)

    def test_calls_are_asked_for_by_twenty_and_kept_without_what_was_said(self, tmp_path, monkeypatch):
        call = {"id": "5", "conversation_id": "3", "initiated_at": SECOND, "transcript": [{"t": "my secret"}]}

        def answer(asked):
            step = VENDOR.answers(crowd(3))(asked)
            return ok({"type": "list", "data": [call]}) if asked.path == "calls/search" and step.status == 200 else step

        with running(replace(VENDOR, answers=lambda _: answer), crowd(3)) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        found = held(tmp_path / "store.db")
        assert found["3"].bundle.payload["calls"] == [{"id": "5", "conversation_id": "3", "initiated_at": SECOND}]
        assert found["1"].bundle.payload["calls"] == []

    @pytest.mark.parametrize(("source", "ends"), [("conversation", "well"), ("phone_call", "badly")])
    def test_a_plan_without_calls_is_borne_unless_there_are_some(self, source, ends, tmp_path, monkeypatch):
        def answer(asked):
            if asked.path == "calls/search":
                return fake_intercom.error(403, "api_plan_restricted")
            monkeypatch.setitem(fake_intercom._SOURCES, "email", source)
            return VENDOR.answers(crowd(2))(asked)

        with running(replace(VENDOR, answers=lambda _: answer), crowd(2)) as desk:
            if ends == "well":
                assert pulled(desk, tmp_path / "store.db", monkeypatch).given == 2
            else:
                with pytest.raises(SourceError):
                    pulled(desk, tmp_path / "store.db", monkeypatch)

    def test_every_request_names_the_version_of_the_api(self, tmp_path, monkeypatch):
        with running(VENDOR, crowd(1)) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            named = [{key.lower(): value for key, value in each.headers.items()} for each in desk.asked]
        assert {each["intercom-version"] for each in named} == {"2.16"}

    def test_a_used_up_window_is_waited_for(self):
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1487332520"}
        assert courtesy_wait(headers, CONNECTOR.site("x", TABLE).limits, 1487332513.0) == 7.0


class TestConversations:
    def test_the_source_is_the_first_message_and_comes_at_the_creation(self):
        opened, first = CONNECTOR.normalise(payload(), RECORDS, TABLE)
        assert (opened["kind"], opened["status"], opened["occurred_at"]) == ("other", "new", NOON)
        assert (first["kind"], first["author"], first["author_id"]) == (
            "message",
            "requester",
            "requester0@example.org",
        )
        assert first["url"] == "https://app.eu.intercom.com/a/apps/acme/conversations/1"
        assert (first["channel"], first["channel_detail"]) == ("email", "email")

    @pytest.mark.parametrize("delivered", ["campaigns_initiated", "operator_initiated", "automated"])
    def test_what_goes_out_to_many_no_person_wrote(self, delivered):
        source = {"type": "conversation", "delivered_as": delivered, "body": "<p>News!</p>", "author": OLGA}
        contacts = {"contacts": [{"type": "contact", "id": "abc"}]}
        _, first = CONNECTOR.normalise(payload(source=source, contacts=contacts), RECORDS, TABLE)
        assert (first["author"], first["automatic"], first["requester"]) == ("bot", True, "abc")

    def test_an_admin_who_begins_a_conversation_is_an_agent(self):
        source = {"type": "email", "delivered_as": "admin_initiated", "body": "<p>Hello</p>", "author": OLGA}
        _, first = CONNECTOR.normalise(payload(source=source), RECORDS, TABLE)
        assert (first["author"], first["author_id"], first["automatic"]) == ("agent", "Olga Petrova", False)

    def test_a_conversation_of_more_than_500_parts_is_set_aside_with_the_reason(self):
        parts = [part("comment", USER, after=each) for each in range(500)]
        with pytest.raises(ValueError, match="more than the 500 parts"):
            events(*parts, statistics={"count_conversation_parts": 502})
        with pytest.raises(ValueError, match="more than the 500 parts"):
            events(*parts, statistics=None)
        assert len(events(*parts, statistics={"count_conversation_parts": 501})) == 500

    def test_a_long_conversation_pulled_is_not_judged_but_told(self, tmp_path, monkeypatch):
        ticket = crowd(1).tickets[0]
        more = tuple(
            {**ticket.events[1], "id": 20_000 + each, "occurred_at": NOON + dt.timedelta(seconds=each)} for each in range(505)
        )  # fmt: skip
        long = World(
            (replace(ticket, events=(*ticket.events, *more)), replace(ticket, number=2)), NOON + dt.timedelta(days=1)
        )
        with running(VENDOR, long) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            automatic = parse_config(
                {"sources": {NAME: desk.config.model_dump(exclude_none=True)}}, folder=tmp_path
            ).automatic
            reader = PulledReader(NAME, desk.config, tmp_path / "store.db", automatic)
            tickets = {name for frame in reader.batches() for name in frame["ticket"]}
        assert tickets == {"2"}
        assert [(each.ticket, "500 parts" in each.problem) for each in reader.rejects] == [("1", True)]

    def test_a_redacted_message_still_was_said(self):
        (found,) = events(part("comment", USER, redacted=True))
        assert (found["kind"], found["public"], found["text"]) == ("message", True, None)

    def test_unknown_parts_and_blank_authors_break_nothing(self):
        found = events(
            part("fin_guidance_applied", FIN, body="x"), part("comment", {"type": None, "id": None}, body="hi")
        )
        assert [(each["kind"], each["author"]) for each in found] == [("message", "unknown")]

    def test_the_present_priority_stands_at_the_beginning(self):
        for word, name in (("none", None), ("medium", "normal"), ("urgent", "urgent"), ("priority", "high")):
            opened = next(iter(CONNECTOR.normalise(payload(priority=word), RECORDS, TABLE)))
            assert opened["priority"] == name


class TestAuthors:
    def test_fin_answers_in_full_or_only_asks(self):
        found = events(
            part("comment", {**FIN, "is_ai_answer": True}, body="So:"), part("comment", FIN, 61, body="Yes?")
        )
        assert [(each["author"], each["automatic"], each.get("automatic_reason")) for each in found] == [
            ("bot", True, "ai_agent"), ("bot", True, None)]  # fmt: skip

    def test_operator_is_a_bot_also_as_an_admin_and_a_team_is_no_person(self):
        posing = {**OPERATOR, "type": "admin"}
        team = {"type": "team", "id": "501", "name": "Support"}
        found = events(part("comment", posing, body="We reply in an hour."), part("comment", team, 61, body="Hi"))
        assert {(each["author"], each["automatic"]) for each in found} == {("bot", True)}

    def test_who_has_left_keeps_the_name_he_had(self):
        (found,) = events(part("comment", {"type": "admin", "id": "77", "name": "Gone Girl"}, body="Hi"))
        assert (found["author"], found["author_id"]) == ("agent", "Gone Girl")

    @pytest.mark.parametrize("kind", ["lead", "contact", "visitor"])
    def test_contacts_are_requesters(self, kind):
        (found,) = events(part("comment", {"type": kind, "id": "d1", "email": None}, body="Hi"))
        assert (found["author"], found["author_id"]) == ("requester", "d1")

    @pytest.mark.parametrize("kind", ["note", "note_and_reopen", "note_and_unsnooze"])
    def test_notes_are_not_public(self, kind):
        assert [each["public"] for each in events(part(kind, OLGA, body="psst")) if each["kind"] == "message"] == [
            False
        ]


class TestChanges:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [("close", "solved"), ("snoozed", "on_hold"), ("open", "open"), ("unsnoozed", "open"),
         ("timer_unsnooze", "open"), ("assign_and_unsnooze", "open")],
    )  # fmt: skip
    def test_parts_that_change_the_state(self, kind, status):
        assert kinds(events(part(kind, OLGA))) == [("status", status)]

    def test_a_closing_reply_is_both_whatever_its_state_says(self):
        for state in ("open", "closed"):
            found = events(
                part("close", OLGA, body="Bye", state=state), part("note", OLGA, 61, body="ok", state="closed")
            )
            assert kinds(found) == [("message", None), ("status", "solved"), ("message", None)]

    def test_a_state_that_changes_without_a_part_is_seen_at_the_next_one(self):
        found = events(part("close", OLGA, state="closed"), part("comment", USER, 61, body="No!", state="open"))
        assert [(each["kind"], each["author"]) for each in found] == [
            ("status", "agent"), ("message", "requester"), ("status", "requester")]  # fmt: skip
        found = events(part("close", OLGA, state="closed"), part("comment", OLGA, 61, body="One more", state="open"))
        assert [(each["kind"], each["author"], each["automatic"]) for each in found][-1] == ("status", "system", True)

    def test_teams_and_agents_are_assigned_by_people_and_by_rules(self):
        to_team, to_agent = {"type": "team", "id": "501"}, {"type": "admin", "id": "100"}
        found = events(
            part("assignment", OLGA, assigned_to=to_team, body="Over to you"),
            part("default_assignment", OLGA, 61, assigned_to=to_agent),
            part("assignment", OLGA, 62, assigned_to={"type": "nobody_admin", "id": None}),
        )
        assert kinds(found) == [("message", None), ("team", "Support"), ("assignment", "Olga Petrova")]
        assert [each["author"] for each in found] == ["agent", "agent", "system"]

    def test_only_the_secondary_of_a_merge_ends_there(self):
        assert kinds(events(part("merged_secondary_conversation", OLGA))) == [("merge", None)]
        assert events(part("merged_primary_conversation", OLGA)) == []


class TestRatingsAndCalls:
    def test_a_rating_is_of_five_and_knows_when_it_was_asked_for(self):
        rating = {"rating": 2, "remark": "slow", "created_at": SECOND, "updated_at": SECOND + 90}
        (found,) = events(conversation_rating=rating)
        assert (found["score"], found["scale"], found["text"]) == (2.0, 5.0, "slow")
        assert (found["asked_at"], found["occurred_at"]) == (NOON, NOON + dt.timedelta(seconds=90))

    def test_a_rating_that_was_only_asked_for_has_no_score(self):
        (found,) = events(conversation_rating={"rating": None, "created_at": SECOND})
        assert (found["kind"], found["score"], found["asked_at"]) == ("rating", None, NOON)
        assert events(conversation_rating={"rating": None, "created_at": None}) == []

    def test_a_call_that_was_taken(self):
        call = {"id": "1", "direction": "inbound", "initiated_at": SECOND, "answered_at": "2026-03-04T12:00:20Z",
                "ended_at": SECOND + 80, "admin_id": "100", "call_type": "phone", "ended_reason": "completed"}  # fmt: skip
        (found,) = events(calls=[call])
        assert (found["kind"], found["direction"], found["answered"], found["voicemail"]) == (
            "call",
            "inbound",
            True,
            False,
        )
        assert (found["waited_seconds"], found["talk_seconds"], found["agent"]) == (20.0, 60.0, "Olga Petrova")

    @pytest.mark.parametrize(
        ("changes", "answered", "voicemail"),
        [({"answered_at": None}, False, False), ({"answered_at": None, "ended_reason": "voicemail"}, False, True),
         ({"answered_at": SECOND + 1, "fin_recording_url": "https://x"}, False, False)],
    )  # fmt: skip
    def test_a_call_that_no_person_took(self, changes, answered, voicemail):
        call = {"id": "1", "direction": "inbound", "initiated_at": SECOND, "ended_at": SECOND + 30, "admin_id": None}
        (found,) = events(calls=[{**call, **changes}])
        assert (found["answered"], found["voicemail"], found["waited_seconds"]) == (answered, voicemail, 30.0)
        assert found["talk_seconds"] is None

    def test_a_call_to_the_requester_is_the_agents(self):
        call = {"id": "1", "direction": "outbound", "initiated_at": SECOND, "answered_at": SECOND + 5,
                "ended_at": SECOND + 30, "admin_id": "100"}  # fmt: skip
        (found,) = events(calls=[call])
        assert (found["author"], found["author_id"], found["direction"]) == ("agent", "Olga Petrova", "outbound")


class TestOfficeHours:
    def records(self):
        listed = fake_intercom._LISTS
        (schedule,) = listed["office_hours_schedules"]["data"]
        eve = {"exception_date": "2026-12-24", "exception_type": "custom_hours", "recurring_annually": False,
               "created_at": 1717200000, "time_intervals": [{"start_minute": 540, "end_minute": 780}]}  # fmt: skip
        days = [*listed["office_hours_schedules/123/office_hours_exceptions"]["data"], eve]
        night = {"id": "9", "name": "Night", "time_zone_name": "Europe/Berlin", "twenty_four_seven": False, "exceptions": [],
                 "time_intervals": [{"start_minute": 6 * 1440 + 1320, "end_minute": 7 * 1440 + 360}]}  # fmt: skip
        always = {**night, "id": "8", "name": "Always", "twenty_four_seven": True, "time_intervals": []}
        return {"schedule": {"123": {**schedule, "exceptions": days}, "9": night, "8": always}}

    def test_weeks_begin_on_monday_and_exceptions_come_every_year(self):
        made = CONNECTOR.schedules(self.records())
        office = made["Standard Support Hours"]
        assert office["timezone"] == "America/New_York"
        assert office["hours"] == {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]}
        assert office["exceptions"][dt.date(2026, 12, 24)] == ["09:00-13:00"]
        assert dt.date(2027, 12, 24) not in office["exceptions"]
        assert {dt.date(year, 12, 25) for year in (2024, 2026, 2035)} <= office["exceptions"].keys()
        assert made["Night"]["hours"] == {"sun": ["22:00-24:00"], "mon": ["00:00-06:00"]}
        assert made["Always"]["hours"] == "24/7"

    def test_the_tables_are_schedules_with_these_opening_times(self):
        tables = CONNECTOR.schedules(self.records())
        known = build_schedules(parse_config({"schedules": tables}))["Standard Support Hours"].timetable(
            Horizon(2026, 2026)
        )
        zone = ZoneInfo("America/New_York")
        intervals = {
            (opens, closes)
            for opens, closes in zip(known.opens.tolist(), known.closes.tolist(), strict=True)
            if dt.datetime.fromtimestamp(opens / 1e6, zone).date() >= dt.date(2026, 12, 21)
        }
        days = ((21, 9, 17), (22, 9, 17), (24, 9, 13), (28, 9, 17), (29, 9, 17))
        assert intervals == {
            tuple(int(dt.datetime(2026, 12, day, hour, tzinfo=zone).timestamp() * 1e6) for hour in hours)
            for day, *hours in days
        }


def test_what_the_workspace_gives_is_told(monkeypatch):
    def answer(asked):
        return fake_intercom.error(403, "api_plan_restricted") if asked.path == "calls" else VENDOR.answers(DESK)(asked)

    with running(replace(VENDOR, answers=lambda _: answer), DESK) as desk, client_of(desk, monkeypatch) as client:
        found = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
    assert found == {"conversations": True, "schedules": True, "calls": False}


def test_agents_of_the_desk_have_their_names(tmp_path, monkeypatch):
    with running(VENDOR, DESK) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
    with read_store(tmp_path / "store.db") as store:
        named = {each.payload["name"] for each in store.records(NAME, "admin")}
    assert named == {each.name for each in AGENTS}
