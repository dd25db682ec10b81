"""What is special about UseDesk: reads by POST, a clock without a zone, windows of minutes, errors with status 200."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from helpdesks import fake_usedesk as fake
from helpdesks.harness import NAME, STANDARD, TOKEN, client_of, content_of, pulled, running
from helpdesks.world import AGENTS, REQUESTERS, World, world

from cs_audit.config import parse_config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import ConfigError, SourceError
from cs_audit.sources.helpdesks import usedesk_windows
from cs_audit.sources.helpdesks.pulling import AnswerError
from cs_audit.sources.helpdesks.session import client_for
from cs_audit.sources.helpdesks.usedesk import CONNECTOR
from cs_audit.sources.pulled import PulledReader
from cs_audit.sources.web.errors import GaveUpError
from cs_audit.store import read_store

CONFIG = HelpdeskSource.model_validate(
    {"type": "usedesk", "url": "https://api.usedesk.ru", "token": {"env": "DESK_TOKEN"}, "timezone": "Europe/Moscow"}
)
RECORDS = {
    "user": {"558": {"id": "558", "name": "Olga", "role": "admin"}, "559": {"id": "559", "name": "Ivan"}},
    "group": {"123": {"id": 123, "name": "Support"}},
    "channel": {"17": {"channel_id": 17, "channel_name": "Bot", "channel_type": "telegram"}},
}
TICKET = {
    "id": "2265179", "status_id": "1", "subject": "additional fields", "client_id": "261702", "assignee_id": None,
    "group": "0", "last_updated_at": "2017-03-01 16:00:00", "email": "0", "published_at": "2017-03-01 14:30:49",
    "priority": "medium", "channel_id": 17,
}  # fmt: skip


def at(clock):
    return dt.datetime.fromisoformat(f"2017-03-01T{clock}+03:00")


def comment(number, clock, side="client", **facts):
    return {"id": str(number), "message": "text", "from": side, "type": "public", "user_id": None, "client_id": None,
            "published_at": f"2017-03-01 {clock}", **facts}  # fmt: skip


def change(clock, *targets, user=None, trigger=None, **facts):
    data = [dict(zip(("target", "value", "old_value"), each, strict=False)) for each in targets]
    return {"id": 1, "trigger_id": trigger, "user_id": user, "data": data, "changed_at": f"2017-03-01 {clock}", **facts}


def events(comments=(), changes=(), requester=None, tags=(), **ticket):
    payload = {"ticket": {**TICKET, **ticket}, "requester": requester or {"email": "Anna@Example.org"},
               "comments": list(comments), "changes": list(changes), "tags": list(tags)}  # fmt: skip
    return list(CONNECTOR.normalise(payload, RECORDS, CONFIG))


def only(kind, made):
    [found] = [each for each in made if each["kind"] == kind]
    return found


class TestComments:
    def test_a_clients_is_the_requesters_at_the_time_of_the_configured_clock(self):
        found = only("message", events([comment(1, "14:30:49")]))
        assert (found["author"], found["author_id"], found["public"]) == ("requester", "anna@example.org", True)
        assert found["occurred_at"] == at("14:30:49")

    def test_a_users_is_an_agents_and_a_private_one_is_not_public(self):
        found = only("message", events([comment(1, "15:00:00", "user", user_id="558", type="private")]))
        assert (found["author"], found["author_id"], found["public"], found["automatic"]) == ("agent", "Olga", False, False)  # fmt: skip

    @pytest.mark.parametrize("side", ["user", "trigger", "something new"])
    def test_what_nobody_wrote_is_the_systems(self, side):
        found = only("message", events([comment(1, "15:00:00", side)]))
        assert (found["author"], found["author_id"], found["automatic"]) == ("system", None, True)

    def test_another_client_has_his_own_id_and_a_user_who_left_too(self):
        made = events([comment(1, "15:00:00", client_id=5), comment(2, "15:01:00", "user", user_id=9)])
        assert [each["author_id"] for each in made[1:]] == ["5", "9"]

    def test_a_bots_message_in_the_log_is_automatic_and_is_not_told_twice(self):
        said = change("15:00:00", ("message_from_bot", "Press 1"))
        found = only("message", events(changes=[said]))
        assert (found["author"], found["automatic"], found["text"], found["public"]) == ("bot", True, "Press 1", True)
        both = events([comment(1, "15:00:00", "bot", message="Press 1")], [said])
        assert only("message", both)["author"] == "bot"

    @pytest.mark.parametrize(
        ("kind", "channel"),
        [("telegram", "messenger"), ("telephony", "phone"), ("vk", "social"), ("yandex_market", "other")],
    )
    def test_channels(self, kind, channel):
        records = {**RECORDS, "channel": {"17": {"channel_id": 17, "channel_type": kind}}}
        payload = {"ticket": TICKET, "requester": {}, "comments": [comment(1, "15:00:00")], "changes": [], "tags": []}
        made = list(CONNECTOR.normalise(payload, records, CONFIG))
        assert {(each["channel"], each["channel_detail"]) for each in made} == {(channel, kind)}


class TestChanges:
    def test_a_reply_stands_before_the_status_it_sets_in_the_same_second(self):
        made = events(
            [comment(1, "15:00:00", "user", user_id=558)], [change("15:00:00", ("status_id", 6, 1), user=558)]
        )
        assert [each["kind"] for each in made] == ["other", "message", "status"]
        assert (made[-1]["status"], made[-1]["author_id"]) == ("pending", "Olga")

    @pytest.mark.parametrize(
        ("number", "status"), [(1, "open"), ("2", "solved"), (3, "closed"), (5, "on_hold"), (6, "pending"), (8, "new")]
    )
    def test_statuses(self, number, status):
        assert only("status", events(changes=[change("15:00:00", ("status_id", number))]))["status"] == status

    def test_a_status_told_beside_the_targets_counts_once(self):
        told = {"old_status": 1, "new_status": 2}
        assert only("status", events(changes=[change("15:00:00", ("new_tags", "x"), **told)]))["status"] == "solved"
        assert only("status", events(changes=[change("15:00:00", ("status_id", 2, 1), **told)]))["status"] == "solved"

    @pytest.mark.parametrize(
        ("who", "author", "automatic"),
        [({"user": 558}, "agent", False), ({"trigger": 3}, "system", True), ({"user": 558, "trigger": 3}, "system", True),
         ({}, "system", True)],
    )  # fmt: skip
    def test_who_did_it(self, who, author, automatic):
        found = only("status", events(changes=[change("15:00:00", ("status_id", 2), **who)]))
        assert (found["author"], found["automatic"]) == (author, automatic)

    def test_a_merge_is_the_end_of_the_ticket(self):
        assert events(changes=[change("15:00:00", ("status_id", 10, 1), user=558)])[-1]["kind"] == "merge"

    def test_assignee_group_and_priority(self):
        made = events(changes=[change("15:00:00", ("assignee_id", 559), ("group", "123"), ("priority", "extreme"), user=558)])  # fmt: skip
        assert [(each.get("agent"), each.get("team"), each.get("priority")) for each in made[1:]] == [
            ("Ivan", None, None), (None, "Support", None), (None, None, "urgent"),
        ]  # fmt: skip

    def test_what_says_nothing_of_the_service_is_no_event(self):
        said = [("subject", "x"), ("ticket_field", "x"), ("message_from_client",), ("comment_from_agent", 7),
                ("sla_close_time", 60), ("assignee_id", None), ("status_id", 4), ("priority", "odd"), ("unheard_of", 1)]  # fmt: skip
        assert [each["kind"] for each in events(changes=[change("15:00:00", *said)])] == ["other"]

    def test_the_ticket_opens_with_what_it_had_before_its_first_change(self):
        changed = change("15:00:00", ("priority", "low", "extreme"), ("assignee_id", 559, 558))
        opening = events(changes=[changed], priority="low", assignee_id=559, group=123, tags=["a", "b"])[0]
        assert (opening["status"], opening["occurred_at"], opening["tags"]) == ("new", at("14:30:49"), "|a|b|")
        assert (opening["priority"], opening["agent"], opening["team"]) == ("urgent", "Olga", "Support")

    def test_an_old_value_that_is_not_told_is_not_made_up(self):
        assert "priority" not in events(changes=[change("15:00:00", ("priority", "low"))], priority="low")[0]


def test_a_clock_that_is_not_understood_is_told():
    with pytest.raises(ValueError, match="Invalid isoformat"):
        events(published_at="yesterday")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Vladivostok"])
def test_the_zone_of_the_configuration_is_that_of_the_times(zone):
    config = CONFIG.model_copy(update={"timezone": zone})
    payload = {"ticket": TICKET, "requester": {}, "comments": [], "changes": [], "tags": []}
    [opening] = CONNECTOR.normalise(payload, RECORDS, config)
    assert opening["occurred_at"].hour == {"UTC": 14, "Asia/Vladivostok": 4}[zone]


def test_the_zone_must_be_named():
    table = {"type": "usedesk", "url": "https://api.usedesk.ru", "token": {"env": "DESK_TOKEN"}}
    config = parse_config({**STANDARD, "sources": {NAME: table}})
    with pytest.raises(ConfigError, match="needs timezone"):
        client_for(NAME, CONNECTOR, config, lambda _: None)


def histories(desk, path):
    """What was pulled, as events, by ticket."""
    config = parse_config(
        {**STANDARD, "sources": {NAME: desk.config.model_dump(exclude_none=True)}}, folder=path.parent
    )
    made = {}
    for frame in PulledReader(NAME, config.helpdesks[NAME], path, config.automatic).batches():
        for row in frame.iter_rows(named=True):
            made.setdefault(row["ticket"], []).append(row)
    return made


def test_events_are_those_of_the_world_one_by_one(tmp_path, monkeypatch):
    desk_world = world(3, 40)
    with running(fake.VENDOR, desk_world) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        made = histories(desk, tmp_path / "store.db")
    said = ("occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "status", "priority", "team", "agent", "text")  # fmt: skip
    for ticket in desk_world.alive:
        wanted = [tuple(each.get(name) for name in said) for each in fake.shows(ticket)]
        assert [tuple(row[name] for name in said) for row in made[str(ticket.number)]] == wanted
        assert {row["requester"] for row in made[str(ticket.number)]} == {ticket.requester.email}


def test_every_read_is_a_post_with_the_token_in_its_body_and_a_ticket_is_one_of_them(tmp_path, monkeypatch):
    with running(fake.VENDOR, world(3, 40)) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        assert {each.method for each in desk.asked} == {"POST"}
        assert {each.path for each in desk.asked} == {"tickets", "ticket", "client", "users", "groups", "channels"}
        tickets = [each.body["ticket_id"] for each in desk.asked if each.path == "ticket"]
        clients = [each.body["client_id"] for each in desk.asked if each.path == "client"]
    assert len(tickets) == len(desk.world.alive)
    assert len(clients) == len(set(clients))


def test_what_is_nobodys_business_is_not_kept(tmp_path, monkeypatch):
    with running(fake.VENDOR, world(3, 12)) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
    stored = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"secret note" not in stored
    assert b"secret signature" not in stored
    assert TOKEN.encode() not in stored


class TestErrors:
    def test_one_with_status_200_is_trouble_that_may_pass(self, tmp_path, monkeypatch):
        with running(fake.VENDOR, world(3, 12)) as desk:
            pulled(desk, tmp_path / "a.db", monkeypatch)
            for place in (3, 9, 15):
                desk.faults[len(desk.asked) + place] = lambda step: replace(
                    step, body=b'{"error": "busy", "code": 111}'
                )
            pulled(desk, tmp_path / "b.db", monkeypatch)
            assert content_of(tmp_path / "a.db", desk) == content_of(tmp_path / "b.db", desk)

    def test_one_that_stays_is_told_in_the_helpdesks_words(self, tmp_path, monkeypatch):
        with running(fake.VENDOR, world(3, 12)) as desk:
            for place in range(1, 10):
                desk.faults[place] = lambda step: replace(step, body=b'{"error": "Access denied", "code": 112}')
            with pytest.raises(GaveUpError, match="Access denied") as told:
                pulled(desk, tmp_path / "store.db", monkeypatch)
        assert TOKEN not in str(told.value)

    @pytest.mark.parametrize("body", [b"null", b"{}", b"[]"])
    def test_an_empty_answer_is_not_a_ticket_that_is_gone(self, body, tmp_path, monkeypatch):
        with running(fake.VENDOR, world(3, 12)) as desk:
            pulled(desk, tmp_path / "a.db", monkeypatch)
            first = next(place for place, each in enumerate(desk.asked, 1) if each.path == "ticket")
            desk.faults[len(desk.asked) + first] = lambda step: replace(step, body=body)
            with pytest.raises(AnswerError):
                pulled(desk, tmp_path / "b.db", monkeypatch)
            pulled(desk, tmp_path / "b.db", monkeypatch)
            assert content_of(tmp_path / "a.db", desk) == content_of(tmp_path / "b.db", desk)

    def test_a_ticket_erased_since_it_was_listed_is_gone(self, tmp_path, monkeypatch):
        with running(fake.VENDOR, world(3, 12)) as desk:
            pulled(desk, tmp_path / "a.db", monkeypatch)
            first = next(place for place, each in enumerate(desk.asked, 1) if each.path == "ticket")
            desk.faults[len(desk.asked) + first] = lambda step: replace(step, status=404, body=b"{}")
            run = pulled(desk, tmp_path / "b.db", monkeypatch)
        assert run.gone == 1 + sum(each.deleted for each in desk.world.tickets)


def touched(desk_world, moment):
    """The same desk after an agent left a note in every ticket in one second."""
    who = AGENTS[0]
    note = {"kind": "message", "occurred_at": moment, "author": "agent", "author_id": who.label, "who": who.id,
            "public": False, "automatic": False, "channel": "email", "text": "Moved."}  # fmt: skip
    return World(tuple(replace(each, events=(*each.events, {**note, "id": each.number})) for each in desk_world.tickets),
                 moment + dt.timedelta(hours=1))  # fmt: skip


class TestOneMinuteHoldsMoreThanAPage:
    @pytest.mark.parametrize("second", [0, 1, 59])
    def test_no_ticket_is_lost(self, second, tmp_path, monkeypatch):
        crowded = touched(world(3, 35), world(3, 35).now.replace(second=second))
        with running(fake.VENDOR, crowded) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            assert pulled(desk, tmp_path / "store.db", monkeypatch).changed == 0
        with read_store(tmp_path / "store.db") as store:
            assert store.counts(NAME).live == len(crowded.alive)

    def test_it_is_given_in_pages_from_which_a_run_goes_on(self, tmp_path, monkeypatch):
        monkeypatch.setattr(usedesk_windows, "A_PAGE", 10)
        crowded = touched(world(3, 35), world(3, 35).now)
        with running(fake.VENDOR, crowded) as desk:
            pulled(desk, tmp_path / "a.db", monkeypatch)
            number = len(desk.asked)
            last = max(place for place, each in enumerate(desk.asked, 1) if each.path == "ticket")
            desk.faults[number + last - 4] = lambda step: replace(step, status=401, body=b"{}")
            with pytest.raises(SourceError):
                pulled(desk, tmp_path / "b.db", monkeypatch)
            pulled(desk, tmp_path / "b.db", monkeypatch)
            assert content_of(tmp_path / "a.db", desk) == content_of(tmp_path / "b.db", desk)
            asked = [each.body["ticket_id"] for each in desk.asked[number:] if each.path == "ticket"]
        assert len(asked) < 1.5 * len(crowded.alive)


def test_a_ticket_that_moves_on_while_the_list_is_read_pushes_none_out_of_it(tmp_path, monkeypatch):
    moving = {each.number: each for each in world(3, 60).tickets}
    seconds = iter(range(1, 1000))

    def answers(_):
        def answer(asked):
            told = fake.usedesk(World(tuple(moving.values()), world(3, 60).now))(asked)
            if asked.path == "tickets" and b'"id"' in told.body and (second := next(seconds)) < 12:
                oldest = min(moving.values(), key=lambda each: each.updated_at)
                later = world(3, 60).now + dt.timedelta(seconds=second)
                moving[oldest.number] = touched(World((oldest,), later), later).tickets[0]
            return told

        return answer

    with running(replace(fake.VENDOR, answers=answers), world(3, 60)) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        made = histories(desk, tmp_path / "store.db")
    assert {str(each.number) for each in world(3, 60).alive} <= made.keys()
    moved = [each for each in moving.values() if each.events[-1].get("text") == "Moved." and not each.deleted]
    assert moved
    assert all(made[str(each.number)][-1]["text"] == "Moved." for each in moved)


def test_nothing_is_lost_where_the_clock_is_put_back(tmp_path, monkeypatch):
    """Tickets of the hour that comes twice are all there, and those after a pull in it come with the next."""
    zone = {"timezone": "Europe/Berlin"}
    monkeypatch.setattr(fake, "ZONE", ZoneInfo("Europe/Berlin"))
    fold = dt.datetime(2026, 10, 25, 0, 0, tzinfo=dt.UTC)
    base = world(3, 8)
    moved = [
        replace(each, deleted=False, merged_into=None,
                events=tuple({**event, "occurred_at": fold + dt.timedelta(minutes=15 * place)} for event in each.events))
        for place, each in enumerate(base.tickets)
    ]  # fmt: skip
    vendor = replace(fake.VENDOR, table=zone)
    whole = World(tuple(moved), fold + dt.timedelta(hours=3))
    with running(vendor, whole.at(fold + dt.timedelta(minutes=50))) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
    with running(vendor, whole) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
    with read_store(tmp_path / "store.db") as store:
        assert store.counts(NAME).live == 8


@pytest.mark.parametrize("status", [4, 7])
def test_deleted_tickets_and_spam_end_and_keep_their_history(status, tmp_path, monkeypatch):
    monkeypatch.setattr(fake, "DELETED", status)
    first = replace(world(3, 1).tickets[0], deleted=False, merged_into=None)
    [later] = touched(World((first,), first.updated_at), first.updated_at + dt.timedelta(days=1)).tickets
    found = []
    for ticket in (first, replace(later, deleted=True)):
        with running(fake.VENDOR, World((ticket,), ticket.updated_at + dt.timedelta(minutes=5))) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            found.append(histories(desk, tmp_path / "store.db")[str(first.number)])
    assert [each["kind"] for each in found[1]] == [*(each["kind"] for each in found[0]), "deleted"]
    assert found[1][-1]["occurred_at"] == later.updated_at


def test_an_old_version_without_lists_of_groups_and_channels_is_read_all_the_same(tmp_path, monkeypatch):
    with running(fake.VENDOR, world(3, 8)) as desk:
        for place in (4, 5):
            desk.faults[place] = lambda step: replace(step, status=404, body=b"{}")
        pulled(desk, tmp_path / "store.db", monkeypatch)
        made = histories(desk, tmp_path / "store.db")
    assert {row["team"] for rows in made.values() for row in rows} <= {None, "501", "502", "503"}
    assert {row["requester"] for rows in made.values() for row in rows} <= {each.email for each in REQUESTERS}


def test_what_the_account_gives(monkeypatch):
    with running(fake.VENDOR, world(3, 4)) as desk, client_of(desk, monkeypatch) as client:
        found = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
    assert found == {"tickets": True, "groups": True, "channels": True, "times": True, "schedules": False, "policies": False}  # fmt: skip


def test_requests_keep_the_distance_that_150_a_minute_need():
    assert CONNECTOR.site("desk", CONFIG).spacing * 150 >= 60
