"""What is special about Jira Service Management: a list by creation, cut-off comments, changelogs in bulk, SLA cycles."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from helpdesks import fake_jira
from helpdesks.fake_jira import INSIDE, VENDOR
from helpdesks.harness import NAME, client_of, pulled, running
from helpdesks.world import World, world
from web.web_server import Step

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import SourceError
from cs_audit.sources.helpdesks.connector import Start
from cs_audit.sources.helpdesks.jira import CONNECTOR, _jql, _onward
from cs_audit.sources.helpdesks.jira_events import moment
from cs_audit.sources.helpdesks.jira_text import plain
from cs_audit.store import read_store

DESK = world(7, 60)
TABLE = {"type": "jira", "url": "https://desk.example", "token": {"env": "T"}}
CONFIG = HelpdeskSource.model_validate(TABLE)
RECORDS = {
    "status": {
        "1": {"id": "1", "name": "Offen", "statusCategory": {"key": "new"}},
        "2": {"id": "2", "name": "Erledigt", "statusCategory": {"key": "done"}},
        "3": {"id": "3", "name": "In Arbeit", "statusCategory": {"key": "indeterminate"}},
    },
    "team": {"customfield_1": {"id": "customfield_1", "name": "Team"}},
    "rating": {"customfield_2": {"id": "customfield_2", "name": "Satisfaction"}},
    "rated": {"customfield_3": {"id": "customfield_3", "name": "Satisfaction date"}},
    "sla": {"customfield_4": {"id": "customfield_4", "name": "Time to first response"},
            "customfield_5": {"id": "customfield_5", "name": "Time to resolution"}},
}  # fmt: skip
ANNA = {"accountId": "1", "displayName": "Anna Weber", "accountType": "atlassian", "emailAddress": "anna@desk.example"}
CARLA = {"accountId": "2", "displayName": "Carla", "accountType": "customer", "emailAddress": "Carla@Client.example"}
BORN = "2024-04-08T09:00:00.000+0200"


def app(name):
    return {"accountId": "9", "displayName": name, "accountType": "app"}


def comment(number, author, minute, *, body="x", **more):
    return {
        "id": str(number),
        "author": author,
        "created": f"2024-04-08T09:{minute:02}:00.000+0200",
        "body": body,
        **more,
    }


def change(number, author, minute, *items):
    millis = int(dt.datetime(2024, 4, 8, 7, minute, tzinfo=dt.UTC).timestamp() * 1000)
    return {"id": str(number), "author": author, "created": millis, "items": list(items)}


def item(field, old, new, *, old_id="1", new_id="2"):
    return {"fieldId": field, "field": field, "from": old_id, "fromString": old, "to": new_id, "toString": new}


def events(*, comments=(), changes=(), config=CONFIG, properties=None, **fields):
    told = {"summary": "Help", "description": "Please help", "created": BORN, "updated": BORN, "reporter": CARLA,
            "creator": CARLA, **fields}  # fmt: skip
    issue = {"id": "7", "key": "SUP-7", "fields": told, "properties": properties or {}}
    payload = {"issue": issue, "changes": list(changes), "comments": list(comments)}
    return list(CONNECTOR.normalise(payload, RECORDS, config))


def test_roles_are_told_by_the_kind_of_account_and_by_who_raised_the_request():
    people = [CARLA, ANNA, {"accountId": "qm:1:2", "displayName": "Portal"}, app("Automation for Jira"), app("Rovo"), app("Slack bot"), None]  # fmt: skip
    found = events(comments=[comment(place, who, place) for place, who in enumerate(people, 1)])[-7:]
    assert [(each["author"], each["author_id"], each["automatic"], each.get("automatic_reason")) for each in found] == [
        ("requester", "carla@client.example", False, None),
        ("agent", "Anna Weber", False, None),
        ("requester", "qm:1:2", False, None),
        ("system", None, True, None),
        ("bot", "Rovo", True, "ai_agent"),
        ("bot", "Slack bot", True, "source"),
        ("unknown", None, False, None),
    ]


def test_a_colleague_with_an_account_is_the_requester_of_what_he_raised_and_of_what_agents_do_not_do():
    mine = events(reporter=ANNA, creator=ANNA, comments=[comment(1, ANNA, 1)])
    assert {each["author"] for each in mine} == {"requester"}
    named = HelpdeskSource.model_validate({**TABLE, "agents": ["John Reed", "anna@desk.example"]})
    other = {**ANNA, "accountId": "3", "displayName": "Otto", "emailAddress": None}
    found = events(comments=[comment(1, ANNA, 1), comment(2, other, 2)], config=named)
    assert [each["author"] for each in found[-2:]] == ["agent", "requester"]


def test_internal_notes_are_those_that_say_so():
    said = [comment(1, ANNA, 1, jsdPublic=False), comment(2, ANNA, 2, jsdPublic=True), comment(3, ANNA, 3),
            comment(4, ANNA, 4, jsdPublic=True, visibility={"type": "role", "value": "Administrators"})]  # fmt: skip
    assert [each["public"] for each in events(comments=said)[-4:]] == [False, True, True, False]


def test_one_history_is_many_changes_of_one_moment_after_what_was_said():
    several = change(5, ANNA, 3, item("status", "Offen", "Erledigt"), item("assignee", None, "Anna Weber"), item("customfield_1", None, "Billing"), item("labels", "", "x"))  # fmt: skip
    made = events(comments=[comment(8, ANNA, 3)], changes=[several])
    assert [each["kind"] for each in made[-4:]] == ["message", "status", "assignment", "team"]
    assert made[-3]["status"] == "solved"
    assert made[-1]["team"] == "Billing"


def test_what_held_before_the_first_change_holds_from_the_beginning():
    made = events(
        priority={"id": "1", "name": "High"},
        changes=[change(1, ANNA, 5, item("priority", "Lowest", "High"), item("status", "Pending", "In Arbeit", new_id="3"), item("assignee", "Olga", "Anna Weber"))],
    )  # fmt: skip
    values = [
        each.get("priority") or each.get("agent") or each.get("status") for each in made if each["kind"] != "message"
    ]
    assert values == ["new", "low", "Olga", "on_hold", "high", "open", "Anna Weber"]


def test_values_that_never_changed_hold_from_the_beginning():
    made = events(status={"id": "2", "name": "Erledigt"}, assignee=ANNA, customfield_1={"id": "8", "title": "Billing"})
    assert [(each["kind"], each.get("team") or each.get("agent") or each.get("status")) for each in made[2:]] == [
        ("team", "Billing"), ("assignment", "Anna Weber"), ("status", "solved"),
    ]  # fmt: skip


def test_sla_cycles_are_the_vendors_own_verdicts():
    def cycle(minute, *, over, stop=True):
        told = {"breached": over, "breachTime": {"epochMillis": 1_712_559_600_000 + minute * 60_000}}
        return {**told, **({"stopTime": {"epochMillis": 1}} if stop else {})}

    first = {"name": "Time to first response", "completedCycles": [cycle(0, over=True), cycle(9, over=False)]}
    solved = {
        "name": "Zeit",
        "completedCycles": [cycle(1, over=True)],
        "ongoingCycle": cycle(2, over=False, stop=False),
    }
    told = events(customfield_4=first, customfield_5={**solved, "name": "Time to resolution"})[-1]
    assert told["reported_first_reply"] is False
    assert told["reported_resolution"] is None
    assert told["due_first_reply"] == moment(1_712_559_600_000)
    assert told["due_resolution"] == moment(1_712_559_720_000)
    assert not {name for name in events(customfield_5=solved)[-1] if name.startswith(("due", "reported"))}


def test_satisfaction_is_a_rating_of_five_stars_at_its_own_date():
    rated = events(customfield_2={"rating": 4}, customfield_3="2024-04-09T10:00:00.000+0200")[-1]
    assert (rated["kind"], rated["score"], rated["scale"], rated["occurred_at"].day) == ("rating", 4.0, 5.0, 9)
    assert events(customfield_2={"rating": 4})[-1]["kind"] == "message"


def test_a_document_becomes_text():
    node = {"type": "doc", "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "Hello "}, {"type": "mention", "attrs": {"text": "@Anna"}},
                                          {"type": "hardBreak"}, {"type": "inlineCard", "attrs": {"url": "https://x.example"}}]},
        {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "one"}]}]}]},
    ]}  # fmt: skip
    assert plain(node) == "Hello @Anna\nhttps://x.example\none"
    assert (plain(None), plain(""), plain("as it is")) == (None, None, "as it is")


@pytest.mark.parametrize("told", ["2024-04-08T09:00:00.000+0200", 1_712_559_600_000, 1_712_559_600])
def test_moments_are_texts_or_numbers(told):
    assert moment(told) == dt.datetime(2024, 4, 8, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(("word", "channel"), [({"value": "portal"}, "web"), ("email", "email"), ({}, None), ({"value": "fax"}, "other")])  # fmt: skip
def test_only_the_request_itself_has_a_channel(word, channel):
    made = events(properties={"request.channel.type": word}, comments=[comment(1, ANNA, 1)])
    assert [each.get("channel") for each in made if each["kind"] == "message"] == [channel, None]


def test_projects_are_named_and_quoted():
    config = HelpdeskSource.model_validate({**TABLE, "projects": ["SUP", 'A "B" \\']})
    since = dt.datetime(2024, 4, 8, 7, 0, 59, tzinfo=dt.UTC)
    told = _jql(config, Start(None, since, since), {"created": 60_000})
    assert told == (
        'project in ("SUP", "A \\"B\\" \\\\") AND updated >= 1712559600000 AND created >= 60000 ORDER BY created ASC, key ASC'
    )


def issue(number, minute):
    return {"id": str(number), "fields": {"created": f"2024-04-08T09:{minute:02}:30.000+0200"}}


def test_the_list_goes_on_from_the_last_minute_and_within_one_by_its_token():
    start = {"created": 0, "seen": [], "token": None}
    minute = 1_712_559_600_000
    there = _onward(start, [issue(1, 0), issue(2, 1), issue(3, 1)], "t1")
    assert there == {"created": minute + 60_000, "seen": ["2", "3"], "token": None}
    crowded = _onward(there, [issue(2, 1), issue(10, 1)], "t2")
    assert crowded == {"created": minute + 60_000, "seen": ["2", "3", "10"], "token": "t2"}
    assert _onward(crowded, [], "t3") == {**crowded, "token": "t3"}
    assert _onward(crowded, [], None)["done"]


class TestPulls:
    def test_comments_that_are_cut_off_are_read_to_their_end(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            lists = {each.path for each in desk.asked if each.path.endswith("/comment")}
        long = [each for each in DESK.alive if sum(one["kind"] == "message" for one in each.events[2:]) > INSIDE]
        assert 0 < len(lists) == len(long) < len(DESK.alive)

    def test_inline_changelogs_are_never_asked_for(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            assert not [each for each in desk.asked if "expand" in {**each.query, **(each.body or {})}]
            assert [each for each in desk.asked if each.path.endswith("bulkfetch")]

    def test_a_minute_of_more_issues_than_a_page_is_read_whole(self, tmp_path, monkeypatch):
        crowded = World(tuple(_born_together(each) for each in DESK.alive), DESK.now)
        with running(VENDOR, crowded) as desk:
            run = pulled(desk, tmp_path / "store.db", monkeypatch)
            tokens = [each for each in desk.asked if (each.body or {}).get("nextPageToken") and "jql" in each.path]
        assert run.given == run.changed == len(crowded.tickets)
        assert tokens

    def test_a_token_that_has_expired_is_done_without(self, tmp_path, monkeypatch):
        crowded = World(tuple(_born_together(each) for each in DESK.alive), DESK.now)
        with running(VENDOR, crowded) as desk:
            pulled(desk, tmp_path / "calm.db", monkeypatch)
            place = next(
                n for n, each in enumerate(desk.asked, 1) if "jql" in each.path and each.body.get("nextPageToken")
            )
        with running(VENDOR, crowded) as desk:
            desk.faults[place] = lambda _: Step(400, b'{"errorMessages":["The token is not valid"],"errors":{}}')
            run = pulled(desk, tmp_path / "store.db", monkeypatch)
        assert run.given == run.changed == len(crowded.tickets)

    def test_changelogs_that_go_round_in_circles_end_the_run(self, tmp_path, monkeypatch):
        def again(step):
            told = json.loads(step.body)
            return replace(step, body=json.dumps({**told, "nextPageToken": fake_jira._token(0, 1)}).encode())

        with running(VENDOR, DESK) as desk:
            desk.faults |= dict.fromkeys(range(5, 9), again)
            with pytest.raises(SourceError, match="round in circles"):
                pulled(desk, tmp_path / "store.db", monkeypatch)

    def test_a_search_that_is_refused_ends_the_run(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            desk.faults[4] = lambda _: Step(400, b'{"errorMessages":["no such project"],"errors":{}}')
            with pytest.raises(SourceError):
                pulled(desk, tmp_path / "store.db", monkeypatch)

    def test_the_vendors_verdicts_come_with_the_last_event(self, tmp_path, monkeypatch):
        with running(VENDOR, DESK) as desk:
            pulled(desk, tmp_path / "store.db", monkeypatch)
            config = desk.config
        with read_store(tmp_path / "store.db") as store:
            records = {
                kind: {each.id: each.payload for each in store.records(NAME, kind)} for kind in store.kinds(NAME)
            }
            held = [each.bundle.payload for each in store.bundles(NAME)]
        last = [list(CONNECTOR.normalise(each, records, config))[-1] for each in held]
        assert {each["reported_first_reply"] for each in last} == {True, False, None}
        assert all("due_first_reply" in each for each in last)

    def test_capabilities_are_the_fields_there_are(self, monkeypatch):
        with running(VENDOR, DESK) as desk, client_of(desk, monkeypatch) as client:
            found = {each.name: each.there for each in CONNECTOR.capabilities(client, desk.config)}
        assert found == {"tickets": True, "policies": True, "ratings": True, "teams": True}


def _born_together(ticket):
    """The same ticket, opened within the first minute of all."""
    first = {**ticket.events[0], "occurred_at": DESK.tickets[0].opened_at.replace(second=ticket.number % 60)}
    second = {**ticket.events[1], "occurred_at": first["occurred_at"]}
    return type(ticket)(**{**vars(ticket), "events": (first, second, *ticket.events[2:])})
