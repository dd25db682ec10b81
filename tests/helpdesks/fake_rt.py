"""Request Tracker's REST 2.0 as its manual, its source and a running server tell: searches whose pages are cut before
what the user may not see is dropped, without totals; dates of TicketSQL on the user's clock; merged and deleted tickets
that no search lists; users whose privilege only their own address tells.
"""

import datetime as dt
import json
import operator
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from helpdesks.harness import TOKEN, Answer, Asked, Vendor, missing, ok
from helpdesks.world import AGENTS, PEOPLE, TEAMS, Event, Ticket, World
from web.web_server import Step

CAP = 12
"""Entries of a page at most, whatever is asked for (100 on a real server)."""
ZONE = ZoneInfo("America/Anchorage")
"""The clock of the token's user."""
GENERAL = 500
SYSTEM, NOBODY = 1, 6
_QUEUES = {GENERAL: "General", **{each.id: each.name for each in TEAMS}}
_TEAMS = {each.name: each.id for each in TEAMS}
_AGENTS = {each.name: each.id for each in AGENTS}
_NUMBERS = {"low": 0, "normal": 50, "high": 100, "urgent": 150}
_STATUSES = {"new": "new", "open": "open", "pending": "stalled", "on_hold": "stalled", "solved": "resolved"}
_INTERFACE = {"email": "Email", "web": "Web"}
_SHOWN = {"email": "email", "web": "web"}
Row = dict[str, Any]


def shows(ticket: Ticket) -> list[Event]:
    """What histories show: queue and priority from the beginning, no ratings, no mails of its own, one way to wait."""
    opening = {key: value for key, value in ticket.events[0].items() if key not in ("kind", "status", "channel")}
    shown: list[Event] = [
        {**ticket.events[0], "channel": None},
        {**opening, "kind": "team", "team": _QUEUES[GENERAL]},
        {**opening, "kind": "priority", "priority": "normal"},
    ]
    status = "new"
    for event in ticket.events[1:]:
        if event["kind"] == "rating" or (event["kind"] == "message" and not event["who"]):
            continue
        channel = _SHOWN.get(ticket.channel, "api") if event["kind"] == "message" else None
        now = "on_hold" if event.get("status") == "pending" else event.get("status")
        if event["kind"] == "status" and now == status:
            continue
        status = now or status
        shown.append({**event, "channel": channel, **({"status": now} if now else {})})
    return shown


def rt(world: World) -> Answer:
    desk = _Desk(world)

    def answer(asked: Asked) -> Step:
        if asked.method != "GET" or not asked.path.startswith("REST/2.0/"):
            return missing()
        path = asked.path.removeprefix("REST/2.0/")
        if path == "tickets":
            return desk.tickets(asked)
        if path in ("transactions", "attachments", "queues"):
            return _page(_chosen(getattr(desk, path), asked), asked, desk.seen)
        kind, _, identity = path.partition("/")
        found = {"user": _user, "ticket": desk.ticket}.get(kind, lambda _: None)(identity)
        return ok(found) if found else Step(404, b'{"message":"Not Found"}')

    return answer


VENDOR = Vendor("rt", rt, shows=shows, authorised=lambda asked: asked.headers.get("Authorization") == f"token {TOKEN}")


class _Desk:
    """Everything as the tables of the server hold it."""

    def __init__(self, world: World) -> None:
        self.known = {each.number: each for each in world.tickets}
        self.transactions = sorted((row for each in world.tickets for row in _rows(each)), key=_id)
        merged = [row for row in self.transactions if row["Field"] == "MergedInto" and row["ObjectId"] in self.known]
        self.transactions += [{**row, "id": row["id"] + 1, "ObjectId": self.root(row["ObjectId"])} for row in merged]
        self.transactions.sort(key=_id)
        own = {row["id"] for row in merged}
        self.updated: dict[int, str] = {}
        for row in self.transactions:
            if row["id"] not in own and row["Type"] != "EmailRecord":
                before = self.updated.get(row["ObjectId"], "")
                self.updated[row["ObjectId"]] = max(before, row["Created"])
        self.attachments = [part for each in world.tickets for part in _parts(each)]
        self.queues = [
            {"id": identity, "Name": name, "Disabled": identity == 503} for identity, name in _QUEUES.items()
        ]

    def root(self, number: int) -> int:
        """The ticket that one goes on in: Request Tracker points all of a chain at its end."""
        seen = {number}
        while (into := self.known[number].merged_into) and into in self.known and into not in seen:
            number = into
            seen.add(number)
        return number

    def seen(self, entry: Row) -> bool:
        """Mails that were sent need a right that the user has not."""
        return entry.get("Type") != "EmailRecord" and not entry.get("Disabled")

    @cache  # noqa: B019 - as long as the desk
    def full(self, number: int) -> Row:
        ticket, rows = self.known[number], [each for each in self.transactions if each["ObjectId"] == number]

        def last(field: str, otherwise: Any) -> Any:
            return next((row["NewValue"] for row in reversed(rows) if row["Field"] == field and row["Type"] != "SetWatcher"), otherwise)  # fmt: skip

        queue = int(last("Queue", GENERAL))
        return {
            "id": number,
            "Subject": ticket.subject,
            "Status": last("Status", "new"),
            "Queue": {"type": "queue", "id": str(queue), "Name": _QUEUES[queue]},
            "Requestor": [_named(ticket.requester.id)],
            "Creator": _named(ticket.requester.id),
            "Owner": _named(int(last("Owner", NOBODY))),
            "Created": _iso(ticket.opened_at),
            "LastUpdated": self.updated[number],
            "EffectiveId": str(self.root(number)),
            "SLA": "",
            "Due": "1970-01-01T00:00:00Z",
            "Priority": str(last("Priority", 50)),
        }

    def ticket(self, identity: str) -> Row | None:
        """One ticket; a merged one's address answers with the one it went on in."""
        return self.full(self.root(int(identity))) if int(identity) in self.known else None

    def tickets(self, asked: Asked) -> Step:
        try:
            test = _ticket_sql(asked.query["query"])
        except (ValueError, KeyError) as error:
            return Step(400, json.dumps({"message": str(error)}).encode())
        every = [self.full(number) for number in sorted(self.known)]
        live = [each for each in every if each["Status"] != "deleted"]
        if "EffectiveId" not in asked.query["query"]:
            live = [each for each in live if str(each["id"]) == each["EffectiveId"]]
        return _page([each for each in live if test(each)], asked, lambda _: True, total=True)


def _id(row: Row) -> int:
    return int(row["id"])


@cache
def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _sql(moment: str) -> str:
    return moment.replace("T", " ").rstrip("Z")


def _user(identity: str) -> Row | None:
    known = {SYSTEM: ("RT_System", "The RT System itself", None), NOBODY: ("Nobody", "Nobody in particular", "")}
    if int(identity) in known:
        name, real, email = known[int(identity)]
        return {"Name": name, "RealName": real, "EmailAddress": email, "Privileged": 0}
    person = PEOPLE.get(int(identity))
    if person is None:
        return None
    return {"Name": person.email, "RealName": person.name, "EmailAddress": person.email.title(),
            "Privileged": int(person.role == "agent")}  # fmt: skip


def _named(identity: int) -> Row:
    """A user in a list: his privilege is empty there, whoever he is."""
    user = _user(str(identity)) or {}
    return {**user, "type": "user", "id": identity, "Privileged": "", "Organization": ""}


def _rows(ticket: Ticket) -> Iterator[Row]:
    """Transactions; ten ids for each event."""
    held: dict[str, Any] = {"Queue": GENERAL, "Owner": NOBODY, "Priority": 50, "Status": "new"}
    for event in ticket.events:
        own = {"Created": _iso(event["occurred_at"]), "ObjectId": ticket.number, "ObjectType": "RT::Ticket",
               "who": event["who"] or SYSTEM, "Field": "", "OldValue": "", "NewValue": "", "id": event["id"] * 10}  # fmt: skip
        if event["kind"] == "other":
            yield from _created(own)
        elif event["kind"] == "message":
            yield from _said(event, own, first=event is ticket.events[1])
        elif event["kind"] == "merge":
            link = f"fsck.com-rt://example.test/ticket/{ticket.merged_into}"
            yield {**own, "id": own["id"] + 5, "Type": "AddLink", "Field": "MergedInto", "NewValue": link}
        elif event["kind"] != "rating":
            yield from _change(event, own, held, old_database=ticket.number % 4 == 0)
    if ticket.deleted:
        yield {**own, "id": own["id"] + 7, "who": AGENTS[0].id, "Type": "Status", "Field": "Status",
               "OldValue": held["Status"], "NewValue": "deleted"}  # fmt: skip


def _created(own: Row) -> Iterator[Row]:
    yield {**own, "Type": "Create"}
    yield {**own, "id": own["id"] + 1, "who": SYSTEM, "Type": "EmailRecord"}
    yield {**own, "id": own["id"] + 2, "who": SYSTEM, "Type": "Set", "Field": "Starts",
           "OldValue": "1970-01-01 00:00:00", "NewValue": _sql(own["Created"])}  # fmt: skip


def _said(event: Event, own: Row, *, first: bool) -> Iterator[Row]:
    """The first message is that of the creation; each is mailed to some."""
    if event["who"] and not first:
        yield {**own, "Type": "Correspond" if event["public"] else "Comment"}
    for number in range(1, 4):
        yield {**own, "id": own["id"] + number, "who": SYSTEM, "Type": "EmailRecord"}


def _change(event: Event, own: Row, held: dict[str, Any], *, old_database: bool) -> Iterator[Row]:
    """A value that becomes what it is already is no change."""
    kind = event["kind"]
    field, value = {
        "status": lambda: ("Status", _STATUSES[event["status"]]),
        "team": lambda: ("Queue", _TEAMS[event["team"]]),
        "assignment": lambda: ("Owner", _AGENTS[event["agent"]]),
        "priority": lambda: ("Priority", _NUMBERS[event["priority"]]),
    }[kind]()
    if held[field] == value:
        return
    change = {**own, "Field": field, "OldValue": str(held[field]), "NewValue": str(value)}
    held[field] = value
    yield {
        **change,
        "Type": "Status" if kind == "status" else "Give" if kind == "assignment" and old_database else "Set",
    }
    if kind == "assignment":
        yield {**change, "id": own["id"] + 1, "Type": "SetWatcher"}


def _parts(ticket: Ticket) -> Iterator[Row]:
    """Mails as they are kept: some in several parts, whose headers stand on the first."""
    said = [(ticket.events[0], ticket.events[1]), *((each, each) for _, each in pairwise(ticket.events[1:]))]
    interface = _INTERFACE.get(ticket.channel, "REST")
    for place, event in said:
        if event["kind"] != "message" or not event["who"]:
            continue
        own = {"id": event["id"] * 10, "TransactionId": str(place["id"] * 10), "Filename": "", "Content": ""}
        headers = f"Subject: {ticket.subject}\nX-RT-Interface: {interface}\nContent-Length: 9"
        text = {**own, "ContentType": "text/plain", "Content": event["text"], "Headers": headers}
        if event["id"] % 3:
            yield text
            continue
        yield {**own, "ContentType": "multipart/mixed", "Headers": headers}
        yield {**own, "id": own["id"] + 1, "ContentType": "text/html", "Content": f"<p>{event['text']}</p>", "Headers": "Content-Length: 1"}  # fmt: skip
        yield {**text, "id": own["id"] + 2, "Headers": "Content-Length: 9"}
        yield {**own, "id": own["id"] + 3, "ContentType": "application/pdf", "Content": "%PDF", "Filename": "a.pdf", "Headers": ""}  # fmt: skip
        yield {**own, "id": own["id"] + 4, "ContentType": "text/plain", "Content": "a log", "Filename": "a.log", "Headers": ""}  # fmt: skip


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, ">": operator.gt, ">=": operator.ge, "IN": lambda one, many: one in many,
    "STARTSWITH": lambda one, start: one.startswith(start),
}  # fmt: skip


def _chosen(entries: list[Row], asked: Asked) -> list[Row]:
    """A JSON search: the conditions of one field joined by AND or as they say, the fields by AND; instants are UTC."""
    limits = json.loads(asked.query["query"])
    for each in limits:
        if each.get("operator") == "IN":
            each["value"] = {str(one) for one in each["value"]}
    return sorted((each for each in entries if _passes(each, limits)), key=_id)


def _passes(entry: Row, limits: list[Row]) -> bool:
    fields: dict[str, bool] = {}
    for limit in limits:
        name, value, how = limit["field"], limit["value"], limit.get("operator", "=")
        if name not in entry:
            continue  # a field that is not searchable is passed over in silence
        held = _sql(entry[name]) if name == "Created" else entry[name]
        number = name == "id"
        found = _TESTS[how](int(held) if number else str(held), int(value) if number and how != "IN" else value)
        before = fields.get(name)
        fields[name] = found if before is None else (before or found if limit.get("entry_aggregator") == "OR" else before and found)  # fmt: skip
    return all(fields.values())


_WORD = re.compile(r"\s*(\(|\)|AND\b|OR\b|(\w+)\s*(>=|>|=)\s*('(?:[^'\\]|\\.)*'|\d+))")


def _ticket_sql(query: str) -> Callable[[Row], bool]:
    """The little of TicketSQL that is needed, as an expression of tests in Python's own logic."""
    place, words, tests = 0, [], []
    while place < len(query):
        found = _WORD.match(query, place)
        if not found:
            raise ValueError(f"Incomplete query, last element is not close paren or value in '{query}'")
        place = found.end()
        if found[2]:
            words.append(f"(_tests[{len(tests)}](_row))")
            tests.append(_condition(found[2], found[3], found[4]))
        else:
            words.append(found[1].lower())
    code = compile(" ".join(words), "ticket sql", "eval")
    return lambda row: bool(eval(code, {"_tests": tests, "_row": row}))  # noqa: S307 - made of four words


def _condition(field: str, how: str, value: str) -> Callable[[Row], bool]:
    text = re.sub(r"\\(.)", r"\1", value.strip("'"))
    if field == "LastUpdated":
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)
        return lambda row: bool(_TESTS[how](dt.datetime.fromisoformat(row["LastUpdated"]), moment))
    if field == "Queue":
        return lambda row: bool(row["Queue"]["Name"] == text)
    return lambda row: bool(_TESTS[how](int(row[field]), int(text)))


def _page(found: list[Row], asked: Asked, seen: Callable[[Row], bool], *, total: bool = False) -> Step:
    """A page: cut first, then rid of what the user may not see."""
    size = min(int(asked.query.get("per_page", "20")) or 20, CAP)
    number = int(asked.query.get("page", "1"))
    if asked.query.get("order") == "DESC" or asked.query.get("orderby") != "id":
        found.reverse()  # nobody promises an order
    disabled = asked.query.get("find_disabled_rows") == "1"
    cut = [
        each for each in found[(number - 1) * size : number * size] if seen(each) or (disabled and "Disabled" in each)
    ]
    told = {
        "count": len(cut), "page": number, "per_page": size, "items": [_shown(each, asked) for each in cut],
        "total": len(found) if total else None, "pages": -(-len(found) // size) if total else None,
    }  # fmt: skip
    return ok(told)


def _shown(entry: Row, asked: Asked) -> Row:
    """An entry with the fields that are asked for; one that is named gets a number as its id."""
    fields = asked.query.get("fields", "").split(",")
    shown: Row = {"id": str(entry["id"]), "_url": f"{asked.url}/REST/2.0/x/{entry['id']}"}
    whole = {**entry, "Creator": _named(entry["who"])} if "who" in entry else entry
    for name in fields:
        value = whole.get(name, "")
        if isinstance(value, (dict, list)):
            value = [_expanded(each, name, asked) for each in value] if isinstance(value, list) else _expanded(value, name, asked)  # fmt: skip
        elif name == "ObjectId":
            value = str(value)
        shown[name] = value
    return shown


def _expanded(entry: Row, name: str, asked: Asked) -> Row:
    """Another record in an entry: its type and id, by its name for a user, and what is asked for of it."""
    wanted = asked.query.get(f"fields[{name}]", "").split(",")
    plain = {"type": entry["type"], "id": entry["Name"] if entry["type"] == "user" else entry["id"]}
    return {**plain, **{key: entry.get(key, "") for key in wanted if key}}
