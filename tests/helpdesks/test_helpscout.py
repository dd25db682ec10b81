"""What is special about Help Scout and FreeScout: statuses ride on messages, merged conversations go away, page
numbers are all there is, and one of the two has a key in a header.
"""

import datetime as dt
from dataclasses import replace

import pytest
from helpdesks import fake_helpscout
from helpdesks.fake_helpscout import VENDOR, conversation_of, named, paged, threads_of
from helpdesks.harness import NAME, TOKEN, Vendor, client_of, missing, ok, pulled, running, verdicts
from helpdesks.world import AGENTS, REQUESTERS, Ticket, World, world

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.rules import find_rule
from cs_audit.sources.helpdesks.helpscout import CONNECTOR
from cs_audit.sources.helpdesks.pulling import AnswerError
from cs_audit.store import read_store

DESK = world(7, 20)
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
TABLE = HelpdeskSource.model_validate({"type": "helpscout", "url": "https://api.helpscout.net", "token": {"env": "T"}})
OLGA, IVAN = AGENTS[:2]
ASKER = REQUESTERS[0]


def held(path):
    with read_store(path) as store:
        return {each.bundle.ticket: each for each in store.bundles(NAME)}


def one(number=1):
    """A conversation of one question."""
    opened, asked = ({**each, "occurred_at": NOON, "who": ASKER.id} for each in DESK.tickets[0].events[:2])
    return Ticket(number, ASKER, "S", "email", (opened, asked))


def thread(number, minutes=60, **changes):
    moment = (NOON + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {"id": number, "type": "message", "status": "nochange", "state": "published", "body": "<p>Hello</p>"}
    by = {"createdBy": named(OLGA, "user"), "source": {"type": "email", "via": "user"}, "createdAt": moment}
    return {**told, **by, **changes}


def normalised(*threads, records=None, table=TABLE, **changes):
    payload = {"conversation": {**conversation_of(one()), **changes}, "threads": [*threads_of(one()), *threads]}
    return list(CONNECTOR.normalise(payload, records or {}, table))


def last(*threads, **changes):
    return normalised(*threads, **changes)[-1]


class TestThreads:
    @pytest.mark.parametrize(
        ("changes", "author", "author_id", "public"),
        [
            ({}, "agent", "Olga Petrova", True),
            ({"type": "note"}, "agent", "Olga Petrova", False),
            ({"type": "chat"}, "agent", "Olga Petrova", True),
            ({"type": "beaconchat", "createdBy": named(ASKER, "customer")}, "requester", ASKER.email, True),
            ({"type": "forwardparent"}, "agent", "Olga Petrova", False),
            (
                {"type": "customer", "createdBy": named(REQUESTERS[3], "customer")},
                "requester",
                REQUESTERS[3].email,
                True,
            ),
            ({"type": "customer", "customer": named(ASKER, "customer")}, "requester", ASKER.email, True),
        ],
    )
    def test_who_wrote_and_who_can_see_it(self, changes, author, author_id, public):
        told = last(thread(5, **changes))
        assert (told["kind"], told["author"], told["author_id"]) == ("message", author, author_id)
        assert (told["public"], told["automatic"]) == (public, False)

    @pytest.mark.parametrize("state", ["draft", "review", "underreview"])
    def test_what_was_never_sent_is_not_there(self, state):
        assert [each["kind"] for each in normalised(thread(5, state=state, status="closed"))] == ["other", "message"]

    def test_what_was_scheduled_counts_when_it_was_to_be_sent(self):
        told = last(thread(5, scheduled={"scheduledFor": "2026-03-06T08:00:00Z", "createdAt": "2026-03-04T13:00:00Z"}))
        assert told["occurred_at"] == dt.datetime(2026, 3, 6, 8, tzinfo=dt.UTC)

    def test_an_ai_agents_answer_is_automatic_for_its_own_reason(self):
        ai = {"id": 9, "type": "system_user", "first": "AI", "last": "Answers"}
        told = last(thread(5, createdBy=ai))
        assert (told["author"], told["author_id"], told["automatic_reason"]) == ("bot", "AI Answers", "ai_agent")
        note = last(thread(5, type="note", createdBy=ai))
        assert (note["automatic"], note["automatic_reason"], note["public"]) == (True, "source", False)

    @pytest.mark.parametrize(
        "changes", [{"source": {"type": "workflows"}}, {"action": {"type": "automatic-workflow", "text": "x"}}]
    )
    def test_what_a_workflow_sends_is_the_systems(self, changes):
        told = last(thread(5, **changes))
        assert (told["author"], told["automatic"], told["automatic_reason"]) == ("system", True, "source")
        assert told["channel"] == "email"

    def test_a_workflow_someone_ran_is_his(self):
        assert last(thread(5, action={"type": "manual-workflow"}))["author"] == "agent"

    def test_a_phone_thread_is_a_call_that_connected(self):
        told = last(thread(5, type="phone"))
        assert (told["kind"], told["channel"], told["answered"]) == ("call", "phone", True)

    def test_what_is_unknown_breaks_nothing(self):
        events = normalised(thread(5, type="hologram", status="dreaming", source=None, createdBy=None, assignedTo={}))
        assert [each["kind"] for each in events] == ["other", "message"]

    def test_a_conversation_an_agent_begins_says_so(self):
        assert normalised(createdBy=named(IVAN, "user"))[0]["author"] == "agent"

    def test_a_requester_without_an_address_has_his_id(self):
        assert normalised(primaryCustomer={"id": 77, "type": "customer"})[0]["requester"] == "77"


class TestChanges:
    def test_statuses_are_told_by_differences_with_their_author(self):
        events = normalised(
            thread(5, 10, status="active"),
            thread(6, 20, status="closed"),
            thread(7, 30, type="note", status="closed"),
            thread(8, 40, type="customer", createdBy=named(ASKER, "customer"), status="active"),
            thread(9, 50, type="lineitem", status="pending", createdBy=named(IVAN, "user")),
            thread(10, 60, type="lineitem", status="spam"),
        )
        told = [(each["status"], each["author_id"]) for each in events if each["kind"] == "status"]
        assert told == [("closed", "Olga Petrova"), ("open", ASKER.email), ("pending", "Ivan Smirnov")]

    def test_hands_and_teams_are_told_by_differences(self):
        team = {"id": 501, "type": "team", "first": "Support", "last": ""}
        events = normalised(
            thread(5, 10, type="lineitem", assignedTo=team),
            thread(6, 20, type="lineitem", assignedTo=named(IVAN, "user")),
            thread(7, 30, assignedTo=named(IVAN, "user")),
            thread(8, 40),
            thread(9, 50, type="lineitem", assignedTo=named(OLGA, "user")),
        )
        told = [each.get("team") or each.get("agent") for each in events if each["kind"] in ("team", "assignment")]
        assert told == ["Support", "Ivan Smirnov", "Olga Petrova"]

    def test_threads_of_one_second_keep_the_order_of_their_ids(self):
        first, second = thread(5, 10, status="closed"), thread(6, 10, status="active")
        assert normalised(second, first) == normalised(first, second)

    def test_ratings_have_three_steps(self):
        given = [
            {"id": 1, "threadid": 5, "ratingId": step, "ratingCreatedAt": "2026-03-09T00:00:00Z"} for step in (1, 2, 3)
        ]
        events = normalised(records={"rating": {"1": [*given, {**given[0], "ratingId": 8}]}})
        assert [each["score"] for each in events if each["kind"] == "rating"] == [2.0, 1.0, 0.0]
        assert {each["scale"] for each in events if each["kind"] == "rating"} == {2.0}

    def test_tags_and_address_are_kept(self):
        told = normalised()[0]
        assert told["tags"] == "|vip|new|"
        assert told["url"] == "https://secure.helpscout.net/conversation/1/1001"


def changed(answers):
    """The fake with some answers of its own: a function from what is asked to a step, or None."""

    def made(desk):
        usual = VENDOR.answers(desk)
        return lambda asked: answers(asked) or usual(asked)

    return replace(VENDOR, answers=made)


class TestPulling:
    def test_threads_are_read_whole_though_the_list_cuts_them_off(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        for ticket in DESK.alive:
            threads = held(tmp_path / "store.db")[str(ticket.number)].bundle.payload["threads"]
            assert [each["id"] for each in threads] == [each["id"] for each in threads_of(ticket)]

    def test_without_v3_the_older_threads_are_read(self, tmp_path, monkeypatch):
        with running(changed(lambda asked: missing() if asked.path.startswith("v3/") else None), DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert len(held(tmp_path / "store.db")) == len(DESK.alive)

    def test_a_second_of_more_conversations_than_a_page_is_paged_through(self, tmp_path, monkeypatch):
        crowd = World(tuple(one(number) for number in range(1, 31)), NOON + dt.timedelta(hours=1))
        with running(VENDOR, crowd) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert len(held(tmp_path / "store.db")) == 30

    def test_a_conversation_that_goes_while_the_list_is_read_hides_no_other(self, tmp_path, monkeypatch):
        left = [sorted(DESK.alive, key=lambda each: (each.opened_at, each.number))]

        def answer(asked):
            if asked.path != "v2/conversations":
                return None
            step = VENDOR.answers(World(tuple(left[-1]), DESK.now))(asked)
            left.append(left[-1][1:])  # all others move one place to the front
            return step

        with running(changed(answer), DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        assert len(left) > 4
        assert set(held(tmp_path / "store.db")) == {str(each.number) for each in DESK.alive}

    def test_spam_is_gone_though_it_was_pulled(self, tmp_path, monkeypatch):
        path = tmp_path / "store.db"
        with running(VENDOR, DESK) as desk:
            pulled(desk, path, monkeypatch)
        spam = {**conversation_of(DESK.alive[0]), "status": "spam"}

        def answer(asked):
            return paged("conversations", [spam], asked, 7) if asked.query.get("status") == "spam" else None

        with running(changed(answer), DESK) as desk:
            pulled(desk, path, monkeypatch)
        assert held(path)[str(DESK.alive[0].number)].tombstone.reason == "deleted"

    def test_a_merged_conversation_is_a_tombstone_that_names_the_other(self, tmp_path, monkeypatch):
        path = tmp_path / "store.db"
        first, second = one(1), one(2)
        with running(VENDOR, World((first, second), NOON + dt.timedelta(minutes=30))) as desk:
            pulled(desk, path, monkeypatch)
        entities = {"type": "merged", "text": "merged", "associatedEntities": {"originalConversation": 2}}
        merge = thread(900, 45, type="lineitem", action=entities)
        moved = {**threads_of(second)[0], "id": 800}

        def answer(asked):
            if asked.path == "v3/conversations/1/threads":
                return paged("threads", [merge, *threads_of(first), moved], asked, 9)
            return missing() if asked.path.startswith(("v3/conversations/2", "v2/conversations/2")) else None

        with running(changed(answer), World((first,), NOON + dt.timedelta(hours=1))) as desk:
            pulled(desk, path, monkeypatch)
            sources = {NAME: desk.config.model_dump(exclude_none=True)}
            rows = verdicts(sources, tmp_path, NOON + dt.timedelta(hours=1))
        found = held(path)
        assert (found["2"].tombstone.reason, found["2"].tombstone.merged_into) == ("merged", "1")
        assert len(found["1"].bundle.payload["threads"]) == 3
        assert "1" in {each["ticket"] for each in rows}

    def test_a_page_beyond_the_last_is_empty_and_an_answer_of_another_form_is_none(self, tmp_path, monkeypatch):
        def shrunk(asked):
            beyond = {"page": {"size": 5, "totalElements": 4, "totalPages": 1, "number": 2}, "_links": {}}
            return ok(beyond) if asked.query.get("page") == "2" and asked.path.endswith("/threads") else None

        with running(changed(shrunk), DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        nothing = {"page": {"size": 5, "totalElements": 4, "totalPages": 1, "number": 1}}
        other = changed(lambda asked: ok(nothing) if asked.path == "v2/conversations" else None)
        with running(other, DESK) as desk, pytest.raises(AnswerError):
            pulled(desk, tmp_path / "other.db", monkeypatch)

    def test_a_rating_that_stands_on_two_pages_counts_once(self, tmp_path, monkeypatch):
        given = {"id": 1, "threadid": 5, "ratingId": 1, "ratingCreatedAt": "2026-03-09T00:00:00Z"}

        def answer(asked):
            twice = {"results": [given], "page": int(asked.query.get("page", "1")), "count": 2, "pages": 2}
            return ok(twice) if asked.path.endswith("ratings") else None

        with running(changed(answer), DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with read_store(tmp_path / "store.db") as store:
            assert [each.payload for each in store.records(NAME, "rating")] == [[given]]

    def test_how_long_someone_has_been_waiting_is_not_kept(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        for each in held(tmp_path / "store.db").values():
            assert not {"customerWaitingSince", "_links", "_embedded"} & set(each.bundle.payload["conversation"])

    def test_projects_are_mailboxes(self, tmp_path, monkeypatch):
        vendor = replace(VENDOR, table={"projects": ["85", "86"]})
        with running(vendor, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            asked = {each.query.get("mailbox") for each in desk.asked if each.path == "v2/conversations"}
        assert asked == {"85,86"}


def test_nobody_is_told_to_ask_for_ratings_since_asking_leaves_no_trace():
    assert not find_rule("survey_not_sent").needs <= CONNECTOR.sees


def test_low_ratings_without_a_follow_up_are_found():
    assert find_rule("low_rating_without_follow_up").needs <= CONNECTOR.sees
    free = HelpdeskSource.model_validate({**TABLE.model_dump(exclude_none=True), "account": "freescout"})
    assert CONNECTOR.shown(TABLE) - CONNECTOR.shown(free) == {"ratings"}


def test_capabilities_tell_what_this_token_may_read(monkeypatch):
    vendor = changed(lambda asked: missing() if asked.path == "v2/teams" else None)
    with running(vendor, DESK) as desk, client_of(desk, monkeypatch) as client:
        told = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
    assert told == {"tickets": True, "agents": True, "teams": False, "ratings": True}


FIRST, LAST = "firstName", "lastName"


def renamed(value):
    """FreeScout's words for the same shapes."""
    if isinstance(value, dict):
        words = {"first": FIRST, "last": LAST, "primaryCustomer": "customer"}
        return {words.get(key, key): renamed(each) for key, each in value.items()}
    return [renamed(each) for each in value] if isinstance(value, list) else value


def freescout(made):
    """A list that embeds threads whole, has active conversations only unless asked for more, and tells of the deleted."""

    def answer(asked):
        query = asked.query
        if asked.path == "api/users":
            return paged("users", [fake_helpscout.user_of(each) for each in AGENTS], asked, 2)
        if asked.path != "api/conversations" or int(query["pageSize"]) > 100:
            return missing()
        since = dt.datetime.fromisoformat(query.get("updatedSince", "2000-01-01T00:00:00Z"))
        created = dt.datetime.fromisoformat(query.get("createdSince", "2000-01-01T00:00:00Z"))
        wanted = query.get("status", "active").split(",")
        listed = [
            each for each in sorted(made.tickets, key=lambda each: (each.opened_at, each.number))
            if each.deleted == (query.get("state") == "deleted") and each.updated_at > since and each.opened_at > created
            and conversation_of(each)["status"] in wanted
        ]  # fmt: skip
        rows = [renamed({**conversation_of(each), "updatedAt": fake_helpscout.stamp(each.updated_at), "_embedded": {
            "threads": threads_of(each)[::-1], "tags": [{"id": 1, "name": "new"}]}}) for each in listed]  # fmt: skip
        for row in rows:
            row.pop("tags")
        return paged("conversations", rows, asked, 6)

    return answer


FREESCOUT = Vendor(
    "helpscout",
    freescout,
    table={"account": "freescout"},
    authorised=lambda asked: (
        {key.lower(): text for key, text in asked.headers.items()}.get("x-freescout-api-key") == TOKEN
    ),
)


class TestFreeScout:
    def test_it_is_pulled_with_its_own_key_and_words(self, tmp_path, monkeypatch):
        with running(FREESCOUT, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            assert desk.refused == 0
            assert {each.path for each in desk.asked} == {"api/users", "api/conversations"}
            assert not any("Authorization" in each.headers for each in desk.asked)
        assert {each for each, kept in held(tmp_path / "store.db").items() if kept.tombstone is None} == {
            str(each.number) for each in DESK.alive
        }

    def test_its_histories_are_those_of_help_scout_without_ratings_and_teams_names(self, tmp_path, monkeypatch):
        told = {}
        for vendor in (VENDOR, FREESCOUT):
            path = tmp_path / f"{len(told)}.db"
            with running(vendor, DESK) as desk:
                pulled(desk, path, monkeypatch)
                table = desk.config
            found = held(path)
            told[len(told)] = [
                [(each["kind"], each["occurred_at"], each["author"], each.get("author_id"), each.get("status"),
                  each.get("text"), each.get("agent"), each["requester"]) for each in events]
                for number in sorted(each.number for each in DESK.alive)
                for events in [list(CONNECTOR.normalise(found[str(number)].bundle.payload, {}, table))]
            ]  # fmt: skip
        assert told[0] == told[1]

    def test_its_addresses_and_tags_are_its_own(self, tmp_path, monkeypatch):
        with running(FREESCOUT, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            kept = held(tmp_path / "store.db")["1"].bundle.payload
            first = next(iter(CONNECTOR.normalise(kept, {}, desk.config)))
            assert first["url"] == f"{desk.server.url}/conversation/1"
        assert first["tags"] == "|new|"

    def test_a_conversation_deleted_later_is_gone(self, tmp_path, monkeypatch):
        path = tmp_path / "store.db"
        before = World(tuple(replace(each, deleted=False) for each in DESK.tickets), DESK.now)
        with running(FREESCOUT, before) as desk:
            pulled(desk, path, monkeypatch)
        with running(FREESCOUT, DESK) as desk:
            pulled(desk, path, monkeypatch, full=True)
        gone = {each for each, kept in held(path).items() if kept.tombstone is not None}
        assert gone == {str(each.number) for each in DESK.tickets if each.deleted}
        assert gone
