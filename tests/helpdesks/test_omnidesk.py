"""What is special about Omnidesk: numbered objects for lists, walls, planned messages, three statuses, bins."""

import datetime as dt
from dataclasses import replace

import pytest
from helpdesks import fake_omnidesk as fake
from helpdesks.harness import NAME, STANDARD, client_of, content_of, pulled, running
from helpdesks.world import AGENTS, REQUESTERS, World, world

from cs_audit.config import parse_config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import ConfigError
from cs_audit.sources.helpdesks import omnidesk_lists
from cs_audit.sources.helpdesks.omnidesk import CONNECTOR, _log
from cs_audit.sources.helpdesks.pulling import AnswerError
from cs_audit.sources.helpdesks.session import client_for
from cs_audit.sources.pulled import PulledReader
from cs_audit.store import read_store

CONFIG = HelpdeskSource.model_validate(
    {"type": "omnidesk", "url": "https://desk.omnidesk.ru/", "token": {"env": "DESK_TOKEN"}, "user": fake.USER}
)
RECORDS = {
    "staff": {"330": {"staff_id": 330, "staff_full_name": "Olga"}, "331": {"staff_id": 331, "staff_full_name": "Ivan"}},
    "group": {"44": {"group_id": 44, "group_title": "Support"}},
    "label": {"101": {"label_id": 101, "label_title": "VIP"}},
}
CASE = {
    "case_id": 2000, "case_number": "664-245651", "subject": "Contract", "user_id": 123, "staff_id": 0, "group_id": 0,
    "status": "open", "priority": "normal", "channel": "email", "deleted": False, "spam": False, "labels": [],
    "created_at": "Fri, 13 Aug 2021 12:57:00 +0300", "updated_at": "Fri, 13 Aug 2021 14:00:00 +0300", "closed_at": "-",
}  # fmt: skip
USER = {"user_id": 123, "user_email": "Anna@Example.org"}


def at(clock: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2021-08-13T{clock}+03:00")


def written(clock: str) -> str:
    return f"Fri, 13 Aug 2021 {clock} +0300"


def message(number, clock, **facts):
    return {"message_id": number, "user_id": 0, "staff_id": 0, "content": "text", "content_html": "", "note": False,
            "sent_via_rule": False, "created_at": written(clock), **facts}  # fmt: skip


def change(clock, event, old, new, by="staff_330"):
    return {"created_at": written(clock), "event": event, "done_by": by, "old_value": old, "value": new}


def events(messages=(), changelog=(), user=USER, **case):
    payload = {"case": {**CASE, **case}, "user": user, "messages": list(messages), "changelog": list(changelog)}
    return list(CONNECTOR.normalise(payload, RECORDS, CONFIG))


def only(kind, made):
    [found] = [each for each in made if each["kind"] == kind]
    return found


class TestMessages:
    def test_a_requesters_message_is_his(self):
        found = only("message", events([message(1, "12:57:00", user_id=123)]))
        assert (found["author"], found["author_id"], found["public"], found["automatic"]) == ("requester", "anna@example.org", True, False)  # fmt: skip
        assert found["occurred_at"] == at("12:57:00")

    def test_an_agents_answer_counts_when_it_is_sent_not_when_it_was_written(self):
        found = only("message", events([message(1, "13:00:00", staff_id=330, sent_at=written("13:46:34"))]))
        assert (found["occurred_at"], found["author"], found["author_id"]) == (at("13:46:34"), "agent", "Olga")

    def test_a_note_is_not_public(self):
        assert only("message", events([message(1, "13:00:00", staff_id=330, note=True)]))["public"] is False

    @pytest.mark.parametrize("sender", [{}, {"staff_id": 330}])
    def test_what_a_rule_sends_is_the_systems_in_whoevers_name(self, sender):
        found = only("message", events([message(1, "13:00:00", sent_via_rule=True, **sender)]))
        assert (found["author"], found["author_id"], found["automatic"]) == ("system", None, True)

    def test_another_user_of_the_case_is_a_requester_by_his_own_id(self):
        assert only("message", events([message(1, "13:00:00", user_id=124)]))["author_id"] == "124"

    def test_staff_that_left_keep_their_id(self):
        assert only("message", events([message(1, "13:00:00", staff_id=9)]))["author_id"] == "9"

    def test_a_requester_without_address_is_his_phone_or_his_id(self):
        whatsapp = {"user_id": 123, "user_whatsapp_phone": "+79261234567"}
        assert events(user=whatsapp)[0]["requester"] == "+79261234567"
        assert events(user=None)[0]["requester"] == "123"

    @pytest.mark.parametrize(
        ("told", "channel"), [("call", "phone"), ("wa_chat", "messenger"), ("vk", "social"), ("chh21", "other")]
    )
    def test_channels(self, told, channel):
        made = only("message", events([message(1, "13:00:00", user_id=123)], channel=told))
        assert (made["channel"], made["channel_detail"]) == (channel, told)


class TestChanges:
    def test_a_reply_stands_before_the_status_it_sets_in_the_same_second(self):
        made = events([message(1, "13:00:00", staff_id=330)], [change("13:00:00", "status", "open", "waiting")])
        assert [each["kind"] for each in made] == ["other", "message", "status"]
        assert made[-1]["status"] == "pending"

    @pytest.mark.parametrize(
        ("by", "author", "name", "automatic"),
        [("staff_330", "agent", "Olga", False), ("rule_1332", "system", None, True), ("omnidesk", "system", None, True),
         ("user_123", "requester", "anna@example.org", False)],
    )  # fmt: skip
    def test_who_did_it(self, by, author, name, automatic):
        made = only("status", events(changelog=[change("13:00:00", "status", "open", "closed", by)]))
        assert (made["author"], made["author_id"], made["automatic"], made["status"]) == (author, name, automatic, "closed")  # fmt: skip

    def test_staff_and_chat_staff_are_assignments_and_groups_are_teams(self):
        log = [
            change("13:00:00", "staff", "0", "330"), change("13:01:00", "group", "0", "44"),
            change("13:02:00", "fixed_chat", "330", "331", "omnidesk"),
        ]  # fmt: skip
        made = events(changelog=log)[1:]
        assert [each.get("agent") or each["team"] for each in made] == ["Olga", "Support", "Ivan"]

    def test_what_is_taken_away_or_says_nothing_is_no_event(self):
        log = [change("13:00:00", "staff", "330", "0"), change("13:00:00", "labels", "", "101"),
               {"created_at": written("13:00:00"), "event": "rules", "done_by": "rule_1", "old_value": "Name"},
               change("13:00:00", "status", "open", "frozen"), change("13:00:00", "something_new", "a", "b")]  # fmt: skip
        assert [each["kind"] for each in events(changelog=log)] == ["other"]

    def test_the_case_opens_with_what_it_had_before_its_first_change(self):
        log = [change("13:00:00", "priority", "critical", "low"), change("13:00:00", "staff", "330", "331")]
        opening = events(changelog=log, priority="low", staff_id=331, group_id=44)[0]
        assert (opening["status"], opening["occurred_at"]) == ("new", at("12:57:00"))
        assert (opening["priority"], opening["agent"], opening["team"]) == ("urgent", "Olga", "Support")

    def test_the_order_of_the_log_does_not_matter(self):
        log = [change("13:00:00", "staff", "0", "330"), change("13:00:00", "staff", "330", "331"),
               change("13:05:00", "status", "open", "closed")]  # fmt: skip
        assert events(changelog=log) == events(changelog=log[::-1])

    def test_an_agent_who_writes_first_opened_the_case(self):
        made = events([message(1, "12:57:00", staff_id=330)])
        assert (made[0]["author"], made[0]["author_id"]) == ("agent", "Olga")

    def test_tags_are_names_of_labels_and_the_address_is_that_of_the_case(self):
        made = events(labels=[101, 102])[0]
        assert made["tags"] == "|VIP|102|"
        assert made["url"] == "https://desk.omnidesk.ru/staff/cases/record/664-245651"


class TestRatings:
    def test_a_rating_in_a_message_is_given_then_and_an_empty_message_is_none(self):
        made = events([message(1, "13:30:00", user_id=123, content="", rating="low")], rating="low")
        assert [each["kind"] for each in made] == ["other", "rating"]
        assert (made[1]["score"], made[1]["scale"], made[1]["occurred_at"]) == (0.0, 1.0, at("13:30:00"))

    def test_a_comment_with_it_is_a_message_as_well(self):
        made = events([message(1, "13:30:00", user_id=123, rating="middle")])
        assert [each["kind"] for each in made] == ["other", "message", "rating"]

    @pytest.mark.parametrize(("closed", "moment"), [(written("13:50:00"), "13:50:00"), ("-", "14:00:00")])
    def test_a_rating_of_the_case_alone_is_dated_to_its_end(self, closed, moment):
        assert only("rating", events(rating="high", closed_at=closed))["occurred_at"] == at(moment)


def test_a_date_that_is_none_is_told():
    with pytest.raises(ValueError, match="Invalid date"):
        events(created_at="yesterday")


def histories(desk, path):
    """What was pulled, as events, by ticket."""
    config = parse_config(
        {**STANDARD, "sources": {NAME: desk.config.model_dump(exclude_none=True)}}, folder=path.parent
    )
    frames = PulledReader(NAME, config.helpdesks[NAME], path, config.automatic).batches()
    made = {}
    for frame in frames:
        for row in frame.iter_rows(named=True):
            made.setdefault(row["ticket"], []).append(row)
    return made


def test_events_are_those_of_the_world_one_by_one(tmp_path, monkeypatch):
    desk_world = world(3, 40)
    with running(fake.VENDOR, desk_world) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        made = histories(desk, tmp_path / "store.db")
    said = ("occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "status", "priority", "team", "agent", "score")  # fmt: skip
    for ticket in desk_world.alive:
        wanted = [tuple(each.get(name) for name in said) for each in fake.shows(ticket)]
        assert [tuple(row[name] for name in said) for row in made[str(ticket.number)]] == wanted


def test_a_password_in_an_answer_is_not_kept(tmp_path, monkeypatch):
    with running(fake.VENDOR, world(3, 5)) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
    assert b"secret-of-a-user" not in (tmp_path / "store.db").read_bytes()


def test_each_requester_is_asked_for_once(tmp_path, monkeypatch):
    with running(fake.VENDOR, world(3, 60)) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        users = [each.path for each in desk.asked if each.path.startswith("api/users/")]
    assert len(users) == len(set(users))


def touched(desk_world: World, moment: dt.datetime) -> World:
    """The same desk after a rule touched every case in one second."""

    def note(ticket):
        who = AGENTS[0]
        return {**ticket.events[1], "id": ticket.number, "occurred_at": moment, "author": "agent", "author_id": who.label,
                "who": who.id, "public": False, "automatic": False, "text": "Moved."}  # fmt: skip

    cases = tuple(replace(each, events=(*each.events, note(each))) for each in desk_world.tickets)
    return World(cases, moment + dt.timedelta(hours=1))


class TestOneSecondHoldsMoreThanAPage:
    def test_no_case_is_lost(self, tmp_path, monkeypatch):
        crowded = touched(world(3, 35), world(3, 35).now)
        with running(fake.VENDOR, crowded) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            again = pulled(desk, tmp_path / "store.db", monkeypatch)
        assert again.changed == 0
        with read_store(tmp_path / "store.db") as store:
            assert store.counts(NAME).live == len(crowded.alive)

    def test_nor_behind_the_wall(self, tmp_path, monkeypatch):
        monkeypatch.setattr(omnidesk_lists, "CEILING", fake.WALL)
        crowded = touched(world(3, 90), world(3, 90).now)
        with running(fake.VENDOR, crowded) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
        with read_store(tmp_path / "store.db") as store:
            assert store.counts(NAME).live == len(crowded.alive)

    def test_a_crowd_is_given_in_pages_from_which_a_run_goes_on(self, tmp_path, monkeypatch):
        monkeypatch.setattr(omnidesk_lists, "A_PAGE", 10)
        crowded = touched(world(3, 35), world(3, 35).now)
        with running(fake.VENDOR, crowded) as desk:
            pulled(desk, tmp_path / "a.db", monkeypatch)
            number = len(desk.asked)
            desk.faults[number * 4 // 5 + number] = lambda step: replace(step, body=b'{"error": "x"}')
            with pytest.raises(AnswerError):
                pulled(desk, tmp_path / "b.db", monkeypatch)
            pulled(desk, tmp_path / "b.db", monkeypatch)
            assert content_of(tmp_path / "a.db", desk) == content_of(tmp_path / "b.db", desk)

    def test_more_of_one_second_of_creation_than_the_list_shows_is_said(self, tmp_path, monkeypatch):
        monkeypatch.setattr(omnidesk_lists, "CEILING", fake.WALL)
        small = world(3, 90)
        born = [{**each.events[0], "occurred_at": small.now} for each in small.tickets]
        cases = tuple(
            replace(each, events=(first,), deleted=False, merged_into=None)
            for each, first in zip(small.tickets, born, strict=True)
        )
        with running(fake.VENDOR, World(cases, small.now)) as desk, pytest.raises(AnswerError, match="one second"):
            pulled(desk, tmp_path / "store.db", monkeypatch)


def test_a_case_that_moves_on_while_the_list_is_read_pushes_none_out_of_it(tmp_path, monkeypatch):
    """After each page its first case changes and moves to the end: pages by number would lose as many."""
    moving = {each.number: each for each in world(3, 60).tickets}
    late = iter(range(1, 100))

    def answers(_):
        def answer(asked):
            told = fake.omnidesk(World(tuple(moving.values()), world(3, 60).now))(asked)
            if asked.path == "api/cases.json" and (second := next(late)) < 6:
                first = min(moving.values(), key=lambda each: each.updated_at)
                moving[first.number] = touched(World((first,), first.updated_at), world(3, 60).now + dt.timedelta(seconds=second)).tickets[0]  # fmt: skip
            return told

        return answer

    with running(replace(fake.VENDOR, answers=answers), world(3, 60)) as desk:
        pulled(desk, tmp_path / "store.db", monkeypatch)
        made = histories(desk, tmp_path / "store.db")
    assert {str(each.number) for each in world(3, 60).alive} <= made.keys()
    changed = [each for each in moving.values() if each.events[-1].get("text") == "Moved." and not each.deleted]
    assert changed
    assert all("Moved." in made[str(each.number)][-1]["text"] for each in changed)


class TestTheBin:
    def test_a_case_put_in_the_bin_ends_and_keeps_its_history_and_comes_back_when_restored(self, tmp_path, monkeypatch):
        there = world(3, 3)
        first = there.tickets[0]
        later = touched(World((first,), there.now), there.now).tickets[0]
        steps = [first, replace(later, deleted=True), touched(World((later,), there.now), there.now + dt.timedelta(hours=2)).tickets[0]]  # fmt: skip
        found = []
        for step in steps:
            with running(fake.VENDOR, World((step,), step.updated_at + dt.timedelta(minutes=5))) as desk:
                pulled(desk, tmp_path / "store.db", monkeypatch)
                found.append(histories(desk, tmp_path / "store.db")["1"])
        assert [rows[-1]["kind"] == "deleted" for rows in found] == [False, True, False]
        assert len(found[1]) == len(found[0]) + 1
        assert found[1][-1]["occurred_at"] == steps[1].updated_at

    def test_spam_counts_as_deleted(self, tmp_path, monkeypatch):
        case = fake.case
        monkeypatch.setattr(fake, "case", lambda ticket: {**case(ticket), "spam": True})
        with running(fake.VENDOR, world(3, 4)) as desk:
            assert pulled(desk, tmp_path / "store.db", monkeypatch).gone == 4

    def test_a_case_deleted_for_good_between_list_and_messages_is_gone(self, tmp_path, monkeypatch):
        with running(fake.VENDOR, world(3, 4)) as desk:
            place = 6 + len({each.requester.id for each in desk.world.tickets}) - 1
            desk.faults[place] = lambda step: replace(step, status=404, body=b"{}")
            run = pulled(desk, tmp_path / "store.db", monkeypatch)
        assert run.gone == 1


def test_what_the_owner_of_the_key_may_not_list_is_named_by_id(tmp_path, monkeypatch):
    with running(fake.VENDOR, world(3, 8)) as desk:
        desk.faults[1] = lambda step: replace(step, status=403, body=b"{}")
        pulled(desk, tmp_path / "store.db", monkeypatch)
        made = histories(desk, tmp_path / "store.db")
    names = {row["author_id"] for rows in made.values() for row in rows if row["author"] == "agent"}
    assert names <= {str(each.id) for each in AGENTS}
    assert {row["requester"] for rows in made.values() for row in rows} <= {each.email for each in REQUESTERS}


def test_what_the_account_gives(monkeypatch):
    with running(fake.VENDOR, world(3, 4)) as desk, client_of(desk, monkeypatch) as client:
        found = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
    assert found == {"tickets": True, "names of staff": True, "names of group": True, "names of label": True,
                     "schedules": False, "policies": False}  # fmt: skip


def test_the_owner_of_the_key_must_be_named():
    table = {"type": "omnidesk", "url": "https://desk.omnidesk.ru", "token": {"env": "DESK_TOKEN"}}
    config = parse_config({**STANDARD, "sources": {NAME: table}})
    with pytest.raises(ConfigError, match="needs user"):
        client_for(NAME, CONNECTOR, config, lambda _: None)


class Log:
    """A case's log of 250 changes as it is asked for: in pages of `size`, or whole; `stale` answers are the one before."""

    whole = tuple(change(f"13:{n // 60:02}:{n % 60:02}", "labels", str(n), "1") for n in range(250))

    def __init__(self, size, stale=()):
        self.size, self.stale, self.asked, self.before = size, stale, 0, None

    def get(self, _, params):
        self.asked += 1
        begin = (params["page"] - 1) * params["limit"] if self.size else 0
        entries = list(self.whole[begin : begin + self.size] if self.size else self.whole)
        entries = self.before if self.asked in self.stale else entries
        self.before = entries
        return type("Reply", (), {"json": {"changelog": entries}})


@pytest.mark.parametrize(
    ("log", "requests"),
    [(Log(100), 3), (Log(0), 3), (Log(100, stale={2}), 4), (Log(100, stale={3}), 4), (Log(100, stale={2, 4}), 5)],
)
def test_a_log_in_pages_and_one_that_ignores_them_are_read_whole_also_where_an_old_answer_comes_again(log, requests):
    assert _log(log, "log") == list(Log.whole)
    assert log.asked == requests
