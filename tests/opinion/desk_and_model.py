"""A desk whose agents contradict each other, and a model on loopback that is asked about it."""

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from web.web_server import Server, Step, serving

from cs_audit.audit.session import Order, run_audit
from cs_audit.audit.standard import Window
from cs_audit.config.load import parse_config

TOKEN = "marked-token-Zq7Zq7Zq7"  # noqa: S105 - a made-up one, to be looked for
Json = dict[str, Any]

DOUBTS = ("varnish", "plaster", "glue")
TALKS = (
    ("R1", "email", "olga.petrova", "How long does a refund take?", "A refund takes 5 working days."),
    ("R2", "chat", "ivan.smirnov", "When will I get my refund?", "A refund takes 14 working days."),
    ("V1", "email", "olga.petrova",
     "Olga, how long does the varnish dry? +7 (912) 345-67-89, ann.lee@mail.example",
     "Hello Ann! The varnish dries in 2 days. Kind regards, Olga Petrova"),
    ("V2", "chat", "ivan.smirnov", "Ivan, how long does the varnish dry? 8 912 345 67 89",
     "If it rains, the varnish dries in 6 days."),
    ("P1", "email", "olga.petrova", "Сколько сохнет штукатурка?", "Штукатурка сохнет 2 дня."),
    ("P2", "chat", "ivan.smirnov", "Сколько сохнет штукатурка?", "Если идёт дождь, штукатурка сохнет 6 дней."),
    ("G1", "email", "olga.petrova", "How long does the glue harden?", "The glue hardens in 3 hours."),
    ("G2", "chat", "ivan.smirnov", "How long does the glue harden?", "If it rains, the glue hardens in 9 hours."),
)  # fmt: skip
"""Ticket, channel, agent, question, answer: one contradiction that is sure (R) and three that are not."""


def write_talks(folder: Path, talks: Any = TALKS) -> None:
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "at", "who", "channel", "by", "text"])
        for day, (ticket, channel, agent, question, answer) in enumerate(talks, 1):
            at = dt.datetime(2024, 5, 1, 9) + dt.timedelta(days=day)  # noqa: DTZ001 - the source says it is UTC
            rows.writerow([ticket, at, "requester", channel, "", question])
            rows.writerow([ticket, at + dt.timedelta(hours=1), "agent", channel, agent, answer])


def config_of(folder: Path, **opinion: Any) -> Any:
    columns = {
        "ticket": "id", "occurred_at": "at", "author": "who", "channel": "channel", "author_id": "by", "text": "text",
    }  # fmt: skip
    desk = {"type": "csv", "path": "log.csv", "timezone": "UTC", "columns": columns}
    policy = {"name": "Standard", "targets": {"first_reply": "2h"}}
    more = {"second_opinion": {"model": "judge-1", **opinion}} if opinion else {}
    rules = {"select": ["contradicting_answers", "first_reply"]}
    return parse_config({"sources": {"desk": desk}, "policies": [policy], "rules": rules, **more}, folder=folder)


def audit_of(folder: Path, **opinion: Any) -> Json:
    if not (folder / "log.csv").exists():
        write_talks(folder)
    return run_audit(Order(config_of(folder, **opinion), Window(), sensitivity=False))


def as_bytes(audit: Json) -> bytes:
    return json.dumps(audit, ensure_ascii=False).encode()


def opinions(audit: Json) -> dict[str, Json | None]:
    """What stands beside each finding, by its ticket, in the order of the result."""
    return {each["ticket"]: each["evidence"][-1].get("opinion") for each in audit["findings"]}


Judge = Callable[[Json], Any]
"""From the two texts sent to what the model writes."""


def verdict(texts: Json, **other: Any) -> str:
    """What a good model writes of these texts."""
    told = {
        "same_case": True,
        "contradict": True,
        "quote_a": texts["a"]["answer"],
        "quote_b": texts["b"]["answer"],
        "reason": "Both answers are about one thing.",
        **other,
    }
    return json.dumps(told, ensure_ascii=False)


def agreeing(texts: Json) -> str:
    return verdict(texts)


def disagreeing(texts: Json) -> str:
    return verdict(texts, same_case=False, reason="One is about rain.")


def completion(content: Any) -> Step:
    """A chat completion with this content, as the interface has it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    whole = {"id": "c-1", "object": "chat.completion", "created": 0, "model": "judge-1", "choices": [choice]}
    return Step(body=json.dumps(whole).encode())


@dataclass
class Model:
    """The server, and what it was sent."""

    server: Server
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.server.url}/v1"

    @property
    def requests(self) -> list[Json]:
        return [json.loads(seen.body) for seen in self.server.seen]

    @property
    def texts(self) -> list[Json]:
        return [json.loads(each["messages"][-1]["content"]) for each in self.requests]

    @property
    def everything(self) -> str:
        return "".join(seen.body.decode() for seen in self.server.seen)


@contextmanager
def model(judge: Judge = agreeing, *first: Step) -> Iterator[Model]:
    """A model that writes what `judge` says, after the scripted answers `first`."""
    before = list(first)

    def step(seen: Any) -> Step:
        if before:
            return before.pop(0)
        texts = json.loads(json.loads(seen.body)["messages"][-1]["content"])
        said = judge(texts)
        return said if isinstance(said, Step) else completion(said)

    with serving(step) as server:
        yield Model(server)
