"""A small desk whose agents contradict each other, as events and as a configuration, in both languages."""

import csv
import datetime as dt

AGENTS = ("olga", "ivan", "petra")
SAID = {
    "en": {
        "refund": ("How long does a refund take?", "Hello! A refund takes {} working days."),
        "return": ("How many days do I have to return an item?", "You can return an item within {} days."),
        "fee": ("Is there a fee for a transfer?", "The transfer fee is {}%."),
        "first": "My order 4583921 with the blue winter coat has not arrived at the pick-up point.",
        "again": "Order 4583921, the blue winter coat, is not at the pick-up point, I already told you this twice!",
    },
    "ru": {
        "refund": ("Сколько ждать возврат денег?", "Здравствуйте! Возврат денег занимает {} рабочих дней."),
        "return": ("Сколько дней на возврат товара?", "Вернуть товар можно в течение {} дней."),
        "fee": ("Какая комиссия за перевод?", "Комиссия за перевод {}%."),
        "first": "Мой заказ 4583921 с синим зимним пальто не пришёл в пункт выдачи.",
        "again": "Заказ 4583921, синее зимнее пальто, так и не пришёл в пункт выдачи, я уже второй раз вам пишу!",
    },
}
FIELDS = ("ticket", "occurred_at", "kind", "author", "author_id", "requester", "channel", "status", "agent", "text",
          "score", "scale", "automatic")  # fmt: skip
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)

CONFIG = """
[audit]
title = "Words"
language = "{language}"
timezone = "UTC"

[sources.desk]
type = "csv"
path = ["messages.csv"]
rows = "events"
columns = {{ {columns} }}

[automatic]
ai_agents = ["fin"]

[schedules.office]
timezone = "UTC"
hours = {{ mon-fri = ["09:00-18:00"] }}

[[policies]]
name = "Standard"
schedule = "office"
targets = {{ first_reply = "60m", resolution = "2wd" }}

[policy_facts]
refund_time = "10 days"

[text]
ignore_values = ["7 days"]

[text.concepts.coat_price]
types = "money"
all = "coat"

[text.phrases]
rude = ["go away"]

[[ignore]]
rule = "contradicting_answers"
slot = "transfer_fee"
values = ["3%", "5%"]
reason = "two plans"
until = 2027-01-01
"""


def write(folder, language="en"):
    """The configuration, with its data beside it."""
    with (folder / "messages.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, FIELDS, restval="")
        table.writeheader()
        table.writerows(_rows(SAID[language]))
    config = folder / "cs-audit.toml"
    columns = ", ".join(f'{name} = "{name}"' for name in FIELDS)
    config.write_text(CONFIG.format(language=language, columns=columns), "utf-8")
    return config


def _rows(said):
    answers = [("refund", 5)] * 6 + [("refund", 14)] * 2 + [("fee", 3), ("fee", 5)]
    told = [(*each, day % 7) for day, each in enumerate(answers)]
    told += [("return", 14, day) for day in range(6)] + [("return", 30, day) for day in range(20, 26)]
    for number, (topic, value, day) in enumerate(told, 1):
        question, answer = said[topic]
        yield from _ticket(number, question, answer.format(value), START + dt.timedelta(days=day, minutes=number))
    yield _row("X-1", START, "message", "requester", "rx", "email", text=said["first"])
    yield _row("X-2", START + dt.timedelta(hours=11), "message", "requester", "rx", "chat", text=said["again"])


def _ticket(number, question, answer, began):
    ticket, channel, agent = f"T-{number}", ("email", "chat", "social")[number % 3], AGENTS[number % 3]
    own = {"requester": f"r{number}"}
    yield _row(ticket, began, "message", "requester", f"r{number}", channel, text=question)
    if number % 4 == 0:
        at = began + dt.timedelta(seconds=20)
        yield _row(ticket, at, "message", "bot", "auto", channel, text="-", automatic="true", **own)
    if number % 5 == 0:
        at = began + dt.timedelta(minutes=1)
        yield _row(ticket, at, "message", "agent", "fin", channel, text=f"{question} -", agent="fin", **own)
    slow = dt.timedelta(minutes=300 if number % 6 == 0 else 15)
    yield _row(ticket, began + slow, "message", "agent", agent, channel, text=answer, agent=agent, **own)
    yield _row(ticket, began + slow * 2, "status", "agent", agent, channel, status="solved", agent=agent, **own)
    if number <= 8:
        at = began + slow * 3
        yield _row(ticket, at, "rating", "requester", f"r{number}", channel, score=1 + number % 5, scale=5)


def _row(ticket, at, kind, author, author_id, channel, **more):
    told = {"ticket": ticket, "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "kind": kind, "author": author}
    return {**told, "author_id": author_id, "requester": author_id, "channel": channel, **more}
