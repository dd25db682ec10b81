"""Make the bundled data: a small support desk's October 2026, invented, in English and in Russian.

    python examples/quickstart/make.py

writes en/messages.csv and ru/messages.csv beside this file, always the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
TICKETS = 260
FIELDS = ("ticket", "occurred_at", "kind", "author", "author_id", "channel", "public", "automatic", "status", "priority",
          "team", "subject", "text")  # fmt: skip

WORDS = {
    "en": {
        "zone": "Europe/Berlin",
        "agents": ["Anna", "Ben", "Clara", "David", "Eva"],
        "teams": ["First line", "Billing"],
        "subjects": ["Parcel has not arrived", "Refund for order {n}", "Cannot log in", "Invoice {n} is wrong",
                     "Where is my order {n}?", "Promo code does not work"],
        "question": ["Hello, order {n} was due on Monday and is not here. Can you check?",
                     "I sent the shoes back two weeks ago. When will I get my money?",
                     "The site says my password is wrong, but it is not.", "You charged me twice for order {n}."],
        "answer": ["Hello, the parcel is at your local post office; you can collect it with your ID.",
                   "Your refund of order {n} was sent today. Banks need up to 5 days.",
                   "I have reset your password. Please try the link I sent you.", "You are right, we corrected the invoice."],
        "more": ["And how long will that take?", "It still does not work.", "Thank you. One more question about order {n}."],
        "auto": "We have received your request and will answer as soon as we can.",
        "note": "Asked the warehouse, waiting for their answer.",
    },
    "ru": {
        "zone": "Europe/Moscow",
        "agents": ["Анна", "Борис", "Вера", "Глеб", "Дарья"],
        "teams": ["Первая линия", "Расчёты"],
        "subjects": ["Посылка не пришла", "Возврат за заказ {n}", "Не могу войти", "Ошибка в счёте {n}",
                     "Где мой заказ {n}?", "Промокод не работает"],
        "question": ["Здравствуйте, заказ {n} обещали в понедельник, его нет. Проверьте, пожалуйста.",
                     "Две недели назад вернул обувь. Когда придут деньги?",
                     "Сайт пишет, что пароль неверный, но это не так.", "За заказ {n} списали деньги дважды."],
        "answer": ["Здравствуйте! Посылка в вашем отделении, возьмите с собой паспорт.",
                   "Деньги за заказ {n} отправили сегодня, банк зачисляет их до 5 дней.",
                   "Пароль сброшен, попробуйте войти по ссылке из письма.", "Вы правы, счёт исправлен."],
        "more": ["А сколько это займёт?", "Всё равно не работает.", "Спасибо. Ещё вопрос по заказу {n}."],
        "auto": "Ваше обращение зарегистрировано, мы ответим в рабочее время.",
        "note": "Спросил склад, ждём ответа.",
    },
}  # fmt: skip
CHANNELS = (("email", 0.45), ("chat", 0.3), ("messenger", 0.15), ("social", 0.1))


class Desk:
    """One language's desk, with its own dice."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        self.zone = ZoneInfo(str(self.words["zone"]))
        self.dice = random.Random(f"cs-audit {language}")  # noqa: S311 - invented data
        self.rows: list[dict[str, object]] = []

    def ticket(self, number: int) -> None:
        """One ticket's life."""
        dice, words = self.dice, self.words
        channel = dice.choices([name for name, _ in CHANNELS], [share for _, share in CHANNELS])[0]
        priority = dice.choices(["low", "normal", "high", "urgent"], [0.1, 0.65, 0.2, 0.05])[0]
        team = dice.choices(words["teams"], [0.7, 0.3])[0]
        agent = dice.choice(words["agents"])
        self.base = {"ticket": f"T-{number}", "channel": channel, "priority": priority, "team": team,
                     "subject": dice.choice(words["subjects"]).format(n=number * 7)}  # fmt: skip
        now = self.arrival()
        self.add(now, "message", "requester", f"c{number}", text=dice.choice(words["question"]).format(n=number * 7))
        if channel == "email" or dice.random() < 0.3:
            self.add(
                now + dt.timedelta(seconds=dice.randint(2, 20)),
                "message",
                "system",
                "",
                automatic="true",
                text=words["auto"],
            )
        if dice.random() < 0.03:
            return
        if dice.random() < 0.05:
            self.add(self.working(now, 200), "status", "agent", agent, status="solved")
            return
        slow = 2.5 if channel in ("email", "social") else 1.0
        if dice.random() < 0.2:
            self.add(
                now + dt.timedelta(minutes=dice.randint(3, 50)),
                "message",
                "agent",
                agent,
                public="false",
                text=words["note"],
            )
        for turn in range(dice.choices([1, 2, 3, 4], [0.5, 0.3, 0.15, 0.05])[0]):
            if turn:
                now += dt.timedelta(minutes=dice.expovariate(1 / 600))
                self.add(
                    now, "message", "requester", f"c{number}", text=dice.choice(words["more"]).format(n=number * 7)
                )
            now = self.working(now, 14 * slow)
            self.add(now, "message", "agent", agent, text=dice.choice(words["answer"]).format(n=number * 7))
        self.finish(now, agent, number)

    def finish(self, now: dt.datetime, agent: str, number: int) -> None:
        """Most tickets are solved, some come back."""
        dice = self.dice
        if dice.random() < 0.08:
            return
        self.add(now, "status", "agent", agent, status="solved")
        if dice.random() < 0.1:
            now += dt.timedelta(hours=dice.expovariate(1 / 20))
            self.add(
                now, "message", "requester", f"c{number}", text=dice.choice(self.words["more"]).format(n=number * 7)
            )
            self.add(now, "status", "system", "", status="open")
            now = self.working(now, 90)
            self.add(now, "message", "agent", agent, text=dice.choice(self.words["answer"]).format(n=number * 7))
            self.add(now, "status", "agent", agent, status="solved")

    def arrival(self) -> dt.datetime:
        """Mostly by day, some at night and at weekends, in the weeks around the end of summer time."""
        day = dt.date(2026, 9, 28) + dt.timedelta(days=self.dice.randrange(33))
        hour = self.dice.choices(
            range(24), [1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 16, 13, 15, 16, 15, 13, 11, 8, 7, 6, 5, 3, 2]
        )[0]
        return dt.datetime(
            day.year, day.month, day.day, hour, self.dice.randrange(60), self.dice.randrange(60), tzinfo=self.zone
        )

    def working(self, now: dt.datetime, median: float) -> dt.datetime:
        """Some working minutes later: the team answers on weekdays from 9 to 18."""
        left = self.dice.lognormvariate(0, 1.1) * median
        while left > 0 or not self.open(now):
            now += dt.timedelta(minutes=1)
            if self.open(now):
                left -= 1
        return now

    def open(self, now: dt.datetime) -> bool:
        local = now.astimezone(self.zone)
        return local.weekday() < 5 and 9 <= local.hour < 18

    def add(self, now: dt.datetime, kind: str, author: str, author_id: str, **more: object) -> None:
        stamp = now.astimezone(self.zone).replace(microsecond=0).isoformat()
        self.rows.append({**self.base, "occurred_at": stamp, "kind": kind, "author": author, "author_id": author_id,
                          "public": "true", "automatic": "false", **more})  # fmt: skip


def make(language: str) -> None:
    """Write one language's file, in the order things happened."""
    desk = Desk(language)
    for number in range(1, TICKETS + 1):
        desk.ticket(1000 + number)
    rows = sorted(desk.rows, key=lambda row: dt.datetime.fromisoformat(str(row["occurred_at"])))
    (HERE / language).mkdir(exist_ok=True)
    with (HERE / language / "messages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    for each in WORDS:
        make(each)
