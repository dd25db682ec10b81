"""A generated support desk whose true event log is known: what every fake helpdesk tells, each in its own way.

Times are whole seconds. Several events of one second by one person are one update. The log is in the columns of
events; `Person.label` is what normalised events call him.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

Event = dict[str, Any]
START = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
"""A Monday."""

CHANNELS = ("email", "chat", "web", "messenger", "social")
PRIORITIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True)
class Person:
    """An agent, a bot or a requester."""

    id: int
    name: str
    email: str
    role: str

    @property
    def label(self) -> str:
        return self.email if self.role == "requester" else self.name


@dataclass(frozen=True)
class Team:
    id: int
    name: str


AGENTS = tuple(
    Person(100 + place, name, f"{name.split()[0].lower()}@desk.example", "agent")
    for place, name in enumerate(("Olga Petrova", "Ivan Smirnov", "Anna Weber", "John Reed", "Мария Кузнецова"))
)
REQUESTERS = tuple(
    Person(1000 + place, f"Requester {place}", f"requester{place}@example.org", "requester") for place in range(40)
)
TEAMS = (Team(501, "Support"), Team(502, "Billing"), Team(503, "Возвраты"))
PEOPLE = {each.id: each for each in (*AGENTS, *REQUESTERS)}


def manager_of(requester: Person) -> Person | None:
    """The account manager of two requesters out of three."""
    return AGENTS[requester.id % len(AGENTS)] if requester.id % 3 else None


@dataclass(frozen=True)
class Ticket:
    """One ticket with its true history, oldest first. `number` is its id at the helpdesk.

    Each event has besides its columns `who` (an id of PEOPLE, or 0 for the helpdesk itself) and `id`, unique and
    growing in the order of the log.
    """

    number: int
    requester: Person
    subject: str
    channel: str
    events: tuple[Event, ...]
    merged_into: int | None = None
    deleted: bool = False

    @property
    def opened_at(self) -> dt.datetime:
        return self.events[0]["occurred_at"]

    @property
    def updated_at(self) -> dt.datetime:
        return self.events[-1]["occurred_at"]

    def until(self, moment: dt.datetime) -> "Ticket | None":
        """The ticket as it was then."""
        known = tuple(each for each in self.events if each["occurred_at"] <= moment)
        if not known:
            return None
        there = replace(self, events=known)
        return there if known == self.events else replace(there, merged_into=None, deleted=False)


@dataclass(frozen=True)
class World:
    tickets: tuple[Ticket, ...]
    now: dt.datetime

    def at(self, moment: dt.datetime) -> "World":
        """The world as it was then."""
        known = (each.until(moment) for each in self.tickets)
        return World(tuple(each for each in known if each), moment)

    @property
    def alive(self) -> tuple[Ticket, ...]:
        return tuple(each for each in self.tickets if not each.deleted)


@dataclass
class _Story:
    """A ticket while it is made up."""

    dice: random.Random
    requester: Person
    channel: str
    at: dt.datetime
    ids: Iterator[int]
    events: list[Event] = field(default_factory=list)
    status: str = "new"
    agent: Person | None = None
    team: Team | None = None
    priority: str = "normal"

    def say(self, kind: str, who: Person | None, **facts: Any) -> None:
        author = "system" if who is None else who.role
        common = {"kind": kind, "author": author, "author_id": who.label if who else None, "who": who.id if who else 0}
        shown = {"public": False, "automatic": who is None, "channel": self.channel if who else None}
        self.events.append({"id": next(self.ids), "occurred_at": self.at, **common, **shown, **facts})

    def wait(self) -> None:
        self.at += dt.timedelta(seconds=self.dice.choice((1, 30, 95, 600, 1800, 3599, 3600, 7200, 30_000, 100_000)))

    def ask(self) -> None:
        self.say(
            "message", self.requester, public=True, text=f"Question {len(self.events)} about order {self.at:%H%M%S}."
        )

    def become(self, status: str, who: Person | None) -> None:
        if status != self.status:
            self.status = status
            self.say("status", who, status=status)

    def answer(self, *, public: bool = True) -> None:
        agent = self.agent or self.dice.choice(AGENTS)
        self.say(
            "message", agent, public=public, text=f"Answer {len(self.events)} from {agent.name}: it is on its way."
        )
        if public and self.dice.random() < 0.6:
            self.become(self.dice.choice(("pending", "solved", "on_hold", "open")), agent)

    def acknowledge(self) -> None:
        self.say("message", None, public=True, text="We have received your request. This is an automatic reply.")

    def hand_over(self) -> None:
        boss = self.dice.choice(AGENTS)
        team = self.dice.choice([each for each in TEAMS if each is not self.team])
        agent = self.dice.choice([each for each in AGENTS if each is not self.agent])
        self.team, self.agent = team, agent
        self.say("team", boss, team=team.name)
        self.say("assignment", boss, agent=agent.name)

    def rank(self) -> None:
        self.priority = self.dice.choice([each for each in PRIORITIES if each != self.priority])
        self.say("priority", self.agent or AGENTS[0], priority=self.priority)


def world(seed: int = 1, tickets: int = 60, *, events: int = 14) -> World:
    """A desk of so many tickets; the same seed gives the same desk."""
    dice = random.Random(seed)  # noqa: S311 - a made-up desk
    ids = iter(range(10_000, 100_000_000))
    made = tuple(_ticket(number, dice, ids, events) for number in range(1, tickets + 1))
    alive = [each for each in made if not each.deleted]
    merged = tuple(_merged(each, alive, dice) if place % 17 == 5 else each for place, each in enumerate(made))
    return World(merged, max(each.updated_at for each in merged) + dt.timedelta(hours=6))


def _ticket(number: int, dice: random.Random, ids: Iterator[int], most: int) -> Ticket:
    at = START + dt.timedelta(seconds=dice.randrange(20 * 86_400))
    story = _Story(dice, dice.choice(REQUESTERS), dice.choice(CHANNELS), at, ids)
    story.say("other", story.requester, status="new")
    story.ask()
    if dice.random() < 0.5:
        story.acknowledge()
    for _ in range(dice.randrange(most)):
        story.wait()
        dice.choices(
            (story.ask, story.answer, lambda: story.answer(public=False), story.hand_over, story.rank),
            weights=(5, 8, 2, 2, 1),
        )[0]()
        if story.status in ("pending", "solved", "on_hold") and story.events[-1]["author"] == "requester":
            story.become("open", None)
    if story.status == "solved" and dice.random() < 0.4:
        story.wait()
        story.say("rating", story.requester, score=float(dice.choice((0, 1))), scale=1.0)
    next(ids)  # a merge's, if it comes to that
    return Ticket(
        number, story.requester, f"Subject {number}", story.channel, tuple(story.events), deleted=number % 29 == 7
    )


def _merged(ticket: Ticket, others: list[Ticket], dice: random.Random) -> Ticket:
    if ticket.deleted:
        return ticket
    into = dice.choice([each for each in others if each.number != ticket.number])
    end = {**ticket.events[-1], "id": ticket.events[-1]["id"] + 1, "kind": "merge", "author": "agent", "author_id": AGENTS[0].label,
           "who": AGENTS[0].id, "public": False, "automatic": False,
           "occurred_at": ticket.updated_at + dt.timedelta(seconds=60)}  # fmt: skip
    plain = {
        key: value
        for key, value in end.items()
        if key not in ("text", "status", "team", "agent", "priority", "score", "scale")
    }
    return replace(ticket, events=(*ticket.events, plain), merged_into=into.number)
