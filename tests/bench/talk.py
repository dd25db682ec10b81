"""A seeded help desk that talks: `python -m tests.bench.talk MESSAGES FILE.csv`.

Short messages in Russian and English, half a ticket's language each, put together from sentences with slots (things,
numbers, names, times), so that hardly two are the same; one message in five is a macro that says the same as ever.
Two to six messages a ticket, about two tickets a requester, often in another channel; most tickets are solved.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from pathlib import Path
from random import Random
from typing import Any

SEED = 20_261_122
START = dt.datetime(2026, 1, 5, 6, tzinfo=dt.UTC)
COLUMNS = (
    *("event", "ticket", "occurred_at", "kind", "author", "author_id", "requester", "agent", "channel", "public"),
    *("status", "text"),
)
LIVES = (
    "asked ack reply solved",
    "asked reply again reply solved",
    "asked ack reply again other solved",
    "asked again reply thanks solved",
    "asked ack again reply again reply",
    "asked macro again reply solved",
    "asked ack macro again macro solved",
)
CHANNELS = ("email", "chat", "web", "messenger", "social")
SLOTS = {
    "en": {
        "thing": "kettle|parcel|invoice|laptop|jacket|subscription|account|router|ticket|coffee machine|phone case|app|gift card|bike|desk lamp",
        "act": "refund|delivery|exchange|activation|repair|transfer|cancellation|replacement|top-up|verification",
        "place": "London|Leeds|Berlin|Boston|Austin|Riga|Dublin|Lyon|Oslo|Bath",
        "fault": "does not turn on|arrived broken|is still not here|was charged twice|shows error {n}|keeps logging me out|is the wrong size|stopped working after the update",
        "unit": "days|hours|working days|minutes|weeks",
        "doc": "order number|phone number|a screenshot|delivery address|invoice number|serial number|e-mail address",
        "who": "warehouse|courier service|billing team|bank|second line|supplier|engineers",
    },
    "ru": {
        "thing": "чайник|посылка|счёт|ноутбук|куртка|подписка|аккаунт|роутер|билет|кофемашина|чехол|приложение|карта|велосипед|лампа",
        "act": "возврат|доставка|обмен|активация|ремонт|перевод|отмена|замена|пополнение|проверка",
        "place": "Москва|Казань|Тула|Пермь|Омск|Тверь|Псков|Сочи|Уфа|Самара",
        "fault": "не включается|пришёл сломанным|до сих пор не приехал|списали дважды|пишет ошибку {n}|постоянно выкидывает|не того размера|перестал работать после обновления",
        "unit": "дней|часов|рабочих дней|минут|недель",
        "doc": "номер заказа|номер телефона|скриншот|адрес доставки|номер счёта|серийный номер|адрес почты",
        "who": "склад|курьерская служба|бухгалтерия|банк|вторая линия|поставщик|разработчики",
    },
}
ASKED = {
    "en": (
        "My {thing} {fault} and I have no idea what to do next.|How long does the {act} of a {thing} take in {place}?|Can I get a {act} for the {thing} I bought on {day} May?|I paid {sum} dollars for the order #{order} and nothing happened.|Why was my {act} refused, the {thing} was never even opened?|My order number is {order}, the phone is +1 555 {n} {m}.|I already wrote to you about this {small} days ago, nobody answered.|Is the {act} free if I pay by card?|When does your office in {place} open on Sunday?|This is outrageous, I have been waiting for {small} weeks.|Please check what happened with the payment of {sum} dollars from {day} March.|The {thing} for flat {n} should have come before noon, the courier never called."
    ),
    "ru": (
        "{thing} {fault}, и что делать дальше, непонятно.|Сколько времени занимает {act}, если {thing} куплена в городе {place}?|Можно ли оформить {act} на {thing}, которую я купил {day} мая?|Я заплатил {sum} рублей за заказ №{order}, и ничего не произошло.|Почему мне отказали, {thing} даже не распакована?|Номер заказа {order}, телефон +7 912 {n} {m} 11.|Я уже писал вам об этом {small} дня назад, никто не ответил.|{act} бесплатно, если платить картой?|Во сколько открывается ваш офис, {place}, в воскресенье?|Это безобразие, жду уже {small} недели.|Проверьте, пожалуйста, что с платежом на {sum} рублей от {day} марта.|Для квартиры {n} {thing} должна была приехать до обеда, курьер не позвонил."
    ),
}
REPLIED = {
    "en": (
        "The {act} takes up to {few} working days after the {who} confirms it.|A {thing} can be returned within {often} days if the box is whole.|The {act} of order #{order} was registered on {day} April.|The delivery to {place} costs {price} dollars, above {sum} dollars it is free.|We will call you back within {small} hours.|I will write to you tomorrow by {hour} pm.|Could you please send us your {doc}?|I am sorry for the delay, the {who} had an outage on {day} May.|Unfortunately we cannot offer a {act} for this {thing}.|Instead you can choose a voucher of {price} dollars or another {thing}.|Our office in {place} is open from {hour} am to 8 pm.|You can change the {thing} in your account under Settings, step {small}.|It happened because the {who} sent the file {n} twice.|The sum of {sum} dollars went back to your card on {day} June."
    ),
    "ru": (
        "{act} занимает до {few} рабочих дней после того, как {who} подтвердит.|{thing} можно вернуть в течение {often} дней, если коробка цела.|Заявка по заказу №{order} оформлена {day} апреля.|Доставка ({place}) стоит {price} рублей, от {sum} рублей бесплатно.|Мы перезвоним вам в течение {small} часов.|Напишу вам завтра до {hour} часов.|Пришлите, пожалуйста, {doc}.|Приносим извинения за задержку: {who} не отвечали {day} мая.|К сожалению, мы не можем оформить {act} на эту покупку.|Вместо этого можно выбрать купон на {price} рублей или другой товар.|Офис, {place}, открыт с {hour} до 20 часов.|{thing} меняется в личном кабинете в разделе «Настройки», шаг {small}.|Так вышло, потому что {who} отправили файл {n} дважды.|Сумма {sum} рублей ушла на вашу карту {day} июня."
    ),
}
THANKS = {
    "en": "Thanks, that helped, the {thing} works again.|OK, thank you {name}!|Great, got the {sum} dollars.",
    "ru": "Спасибо, помогло, {thing} снова в порядке.|Хорошо, спасибо, {name}!|Отлично, {sum} рублей пришли.",
}
ACKS = {
    "en": "Thank you for contacting us. We have received your request and it has been assigned to our team. This is an automatic message, please do not reply to it.|Your ticket has been assigned. Our working hours are Monday to Friday, we will answer in the order of arrival.",
    "ru": "Спасибо за обращение! Ваша заявка принята и передана специалистам. Это автоматическое сообщение, отвечать на него не нужно.|Ваше обращение зарегистрировано. Мы отвечаем в порядке очереди с понедельника по пятницу.",
}
MACROS = {
    "en": "Hello! A refund takes up to 10 working days after the parcel reaches our warehouse. The money goes to the card you paid with. If it is not there by then, please write to us again and add the receipt.|Good afternoon! To change the delivery address open the order in your account and press Edit. It can be changed until the parcel is handed to the courier, about 24 hours before delivery.|Hi! Please send us your order number and a photo of the damage, we will then offer an exchange or a refund within 3 days.|Hello! We are checking your question with the courier service and will be back as soon as we know more. Thank you for your patience.",
    "ru": "Здравствуйте! Возврат занимает до 10 рабочих дней после того, как посылка придёт на склад. Деньги вернутся на ту карту, которой вы платили. Если их не будет в срок, напишите нам снова и приложите чек.|Добрый день! Чтобы изменить адрес доставки, откройте заказ в личном кабинете и нажмите «Изменить». Это можно сделать, пока посылка не передана курьеру, примерно за 24 часа до доставки.|Здравствуйте! Пришлите, пожалуйста, номер заказа и фото повреждения, в течение 3 дней предложим обмен или возврат.|Здравствуйте! Уточняем ваш вопрос в службе доставки и вернёмся, как только узнаем больше. Спасибо за терпение.",
}
GREETINGS = {
    "en": "Hello!|Hi there,|Good morning,|Dear {name},|Hello {name},|",
    "ru": "Здравствуйте!|Добрый день!|{name}, здравствуйте!|Доброе утро,|Приветствую!|",
}
CLOSINGS = {
    "en": "\n\nBest regards,\n{name}|\nKind regards, {name}|\n\n--\n{name}, support|||",
    "ru": "\n\nС уважением,\n{name}|\nС уважением, {name}|\n\n--\n{name}, служба поддержки|||",
}
NAMES = {
    "en": ["Anna", "Tom", "Kate", "Ivan", "Maria", "Peter", "Olga", "John", "Emma", "Paul", "Lucy", "Mark"],
    "ru": ["Анна", "Олег", "Катя", "Иван", "Мария", "Пётр", "Ольга", "Глеб", "Эмма", "Павел", "Лида", "Марк"],
}
_SLOT = re.compile(r"\{(\w+)\}")


class Talker:
    """Fills in sentences."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311 - the same texts every time
        self.words = {lang: {slot: each.split("|") for slot, each in slots.items()} for lang, slots in SLOTS.items()}
        self.lines: dict[int, list[str]] = {}

    def line(self, lines: dict[str, str], lang: str) -> str:
        """One of these, filled in."""
        own = lines[lang]
        said = self.filled(self.dice.choice(self.lines.setdefault(id(own), own.split("|"))), lang)
        return said[:1].upper() + said[1:]

    def filled(self, text: str, lang: str) -> str:
        """The text with something in every slot; values of rules mostly agree."""
        return _SLOT.sub(lambda slot: self._word(slot[1], lang), text)

    def _word(self, slot: str, lang: str) -> str:
        dice = self.dice
        if slot in self.words[lang]:
            return self.filled(dice.choice(self.words[lang][slot]), lang)
        if slot == "name":
            return dice.choice(NAMES[lang])
        low, high = {"order": (1_000_000, 9_999_999), "sum": (11, 99_999), "n": (101, 999), "m": (10, 99),
                     "day": (1, 28), "small": (2, 4), "hour": (2, 9), "few": (8, 11), "often": (28, 31),
                     "price": (3, 9)}[slot]  # fmt: skip
        return str(dice.randint(low, high))

    def message(self, lines: dict[str, str], lang: str) -> str:
        """Greeting, one to three sentences, often a signature."""
        told = " ".join(self.line(lines, lang) for _ in range(self.dice.choice((1, 1, 1, 2, 2, 3))))
        return f"{self.line(GREETINGS, lang)} {told}{self.line(CLOSINGS, lang)}".strip()


SAYS = {
    "asked": ASKED,
    "again": ASKED,
    "thanks": THANKS,
    "reply": REPLIED,
    "other": REPLIED,
    "ack": ACKS,
    "macro": MACROS,
}


def ticket(talker: Talker, number: int, requesters: int) -> list[dict[str, Any]]:
    """The events of one ticket."""
    dice = talker.dice
    lang = dice.choice(("en", "ru"))
    now = START + dt.timedelta(seconds=dice.randrange(300 * 86_400))
    agent = f"agent-{dice.randrange(60)}"
    fixed = {
        "ticket": f"T-{number}",
        "requester": f"r{dice.randrange(requesters)}",
        "channel": dice.choice(CHANNELS),
        "public": "true",
    }
    rows = []
    for step in dice.choice(LIVES).split():
        now += dt.timedelta(seconds=4 if step == "ack" else round(dice.lognormvariate(8, 1.3)) + 1)
        asks = step in {"asked", "again", "thanks"}
        writer = fixed["requester"] if asks else "robot" if step == "ack" else agent
        if step == "other":
            writer = f"agent-{dice.randrange(60)}"
        row = {
            **fixed,
            "occurred_at": now.isoformat(),
            "agent": agent,
            "author": "requester" if asks else "agent",
            "author_id": writer,
        }
        if step == "solved":
            rows.append({**row, "kind": "status", "status": "solved"})
        else:
            text = talker.line(SAYS[step], lang) if step in {"ack", "macro"} else talker.message(SAYS[step], lang)
            rows.append({**row, "kind": "message", "text": text})
    return rows


def generate(messages: int, path: Path) -> tuple[int, int, float, float]:
    """Write a log with so many messages; rows, messages, the median number of words, and the share of macros."""
    talker, written, number, event, macros = Talker(SEED), 0, 0, 0, 0
    lengths: list[int] = []
    requesters = max(messages // 8, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        known = {text for part in (ACKS, MACROS) for each in part.values() for text in each.split("|")}
        while written < messages:
            for row in ticket(talker, number, requesters):
                if row["kind"] == "message":
                    if written == messages:
                        break
                    written += 1
                    lengths.append(len(row["text"].split()))
                    macros += row["text"] in known
                writer.writerow({"event": event, **row})
                event += 1
            number += 1
    return event, written, sorted(lengths)[len(lengths) // 2], macros / written


if __name__ == "__main__":
    print(*generate(int(float(sys.argv[1])), Path(sys.argv[2])))
