"""A support desk that uses every clock: pauses, teams, calls, bots, exclusions, promises that change. Invented data."""

import csv
import datetime as dt
import random
from pathlib import Path

FIELDS = ("ticket", "occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "status",
          "priority", "team", "agent", "requester", "tags", "direction", "answered", "waited_seconds",
          "voicemail")  # fmt: skip
FIRST = dt.datetime(2026, 4, 20, 6, tzinfo=dt.UTC)
CONFIG = """
[audit]
title = "Every clock"
timezone = "Europe/Berlin"
as_of = 2026-05-20T18:00:00+02:00

[sources.desk]
type = "csv"
path = "clocks.csv"
columns = { COLUMNS }

[schedules.office]
timezone = "Europe/Berlin"
hours = { mon-fri = "09:00-18:00" }
holidays = ["DE-BE"]
[schedules.early]
timezone = "Europe/Berlin"
hours = { mon-sat = "07:00-15:00" }

[[policies]]
name = "Urgent"
match = { priority = ["urgent"] }
schedule = "office"
targets = { first_reply = { limit = "30m", goal = 95 }, resolution = "1wd", call_answer = { limit = "20s", clock = "calendar", goal = 80 } }

[[policies]]
name = "Standard"
match = { channel = ["email", "phone", "chat"] }
schedule = "office"
schedule_by.team = { Billing = "early" }
[policies.targets]
first_reply = "2h"
next_reply = { limit = "4h", pause = ["on_hold"] }
periodic_update = { limit = "8h", pause = ["pending"] }
requester_wait = "18h"
agent_work = "12h"
resolution = { limit = "2wd", end_of_day = true }
ownership = "9h"
handover_reply = { limit = "2h", clock = "calendar" }
call_answer = { limit = "20s", clock = "calendar", goal = 80 }

[[exclude]]
name = "Spam and tests"
match = { tags = ["spam", "test"] }
[[exclude]]
name = "Agents' own tickets"
own_tickets = true
rules = ["first_reply", "resolution"]

[[ignore]]
rule = "first_reply"
ticket = "K-7"
reason = "power cut"
until = 2026-12-31
""".replace("COLUMNS", ", ".join(f'{name} = "{name}"' for name in FIELDS))


class Desk:
    """Rows of tickets, made with dice of its own."""

    def __init__(self) -> None:
        self.dice = random.Random("every clock")  # noqa: S311 - invented data
        self.rows: list[dict[str, object]] = []

    def add(self, now: dt.datetime, kind: str, author: str, **more: object) -> None:
        stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.rows.append({**self.base, "occurred_at": stamp, "kind": kind, "author": author, **more})

    def later(self, now: dt.datetime, minutes: float) -> dt.datetime:
        return now + dt.timedelta(seconds=int(60 * minutes * self.dice.lognormvariate(0, 0.9)))

    def ticket(self, number: int) -> None:
        dice = self.dice
        agent = dice.choice(["Anna", "Ben", "Clara", "David"])
        self.base = {"ticket": f"K-{number}", "channel": dice.choice(["email", "email", "chat", "phone", "social"]),
                     "agent": agent, "requester": agent if number % 29 == 0 else f"c{number}"}  # fmt: skip
        now = FIRST + dt.timedelta(minutes=dice.randrange(28 * 24 * 60))
        team = dice.choice(["First line", "Billing"])
        self.add(now, "message", "requester", author_id=f"c{number}", team=team,
                 priority=dice.choice(["low", "normal", "normal", "high", "urgent"]),
                 tags="spam" if number % 17 == 0 else "")  # fmt: skip
        if self.base["channel"] == "phone":
            now = self.calls(now)
        if dice.random() < 0.3:
            self.add(now + dt.timedelta(seconds=20), "message", "system", automatic="true")
        if dice.random() < 0.2:
            self.add(now + dt.timedelta(minutes=3), "assignment", "bot")
        if dice.random() < 0.1:
            self.add(self.later(now, 60), "priority", "agent", priority="low")
        self.life(self.later(now, 90), agent)

    def calls(self, now: dt.datetime) -> dt.datetime:
        """One or two inbound calls, not all of them taken."""
        for _ in range(self.dice.choice([1, 1, 2])):
            fate = self.dice.choices(["taken", "lost", "voicemail"], [0.8, 0.14, 0.06])[0]
            now = self.later(now, 5)
            self.add(now, "call", "requester", direction="inbound", answered=str(fate == "taken").lower(),
                     voicemail=str(fate == "voicemail").lower(),
                     waited_seconds=int(12 * self.dice.lognormvariate(0, 0.8)))  # fmt: skip
        return now

    def life(self, now: dt.datetime, agent: str) -> None:
        dice = self.dice
        fate = dice.random()
        if fate < 0.04:
            return
        if fate < 0.06:
            self.add(now, dice.choice(["merge", "deleted"]), "agent")
            return
        self.add(now, "message", "agent", author_id=agent)
        if dice.random() < 0.35:
            self.add(now, "status", "agent", status="pending")
            now = self.later(now, 900)
            self.add(now, "message", "requester")
            self.add(now if dice.random() < 0.6 else self.later(now, 300), "status", "system", status="open")
            now = self.later(now, 120)
            self.add(now, "message", "agent", author_id=agent)
        if dice.random() < 0.15:
            self.add(now, "team", "agent", team="Second line")
            self.add(now, "status", "agent", status="on_hold")
            now = self.later(now, 600)
            self.add(now, "message", "agent", author_id=agent)
            self.add(now, "status", "agent", status="open")
        now = self.later(now, 240)
        if dice.random() < 0.92:
            self.solved(now, agent)

    def solved(self, now: dt.datetime, agent: str) -> None:
        """Solved, and some of them twice."""
        self.add(now, "status", "agent", status="solved")
        if self.dice.random() < 0.2:
            now = self.later(now, 1200)
            self.add(now, "message", "requester")
            self.add(now, "status", "system", status="open")
            now = self.later(now, 200)
            self.add(now, "message", "agent", author_id=agent)
            self.add(now, "status", "agent", status="solved")

    def downgraded(self) -> None:
        """An urgent ticket that is late, and no longer urgent when it is answered."""
        self.base = {"ticket": "K-0", "channel": "email", "agent": "Anna", "requester": "c0"}
        asked = dt.datetime(2026, 5, 5, 8, tzinfo=dt.UTC)
        self.add(asked, "message", "requester", author_id="c0", team="First line", priority="urgent")
        self.add(asked + dt.timedelta(minutes=40), "priority", "agent", priority="low")
        self.add(asked + dt.timedelta(minutes=60), "message", "agent", author_id="Anna")
        self.add(asked + dt.timedelta(minutes=61), "status", "agent", status="solved")


def write(folder: Path, tickets: int = 420) -> Path:
    """The data and their configuration; returns the path of the configuration."""
    desk = Desk()
    for number in range(1, tickets + 1):
        desk.ticket(number)
    desk.downgraded()
    rows = sorted(desk.rows, key=lambda row: str(row["occurred_at"]))
    with (folder / "clocks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (folder / "clocks.toml").write_text(CONFIG, "utf-8")
    return folder / "clocks.toml"
