"""Natural messages that look like what a label says and are not, and ones that say it in other words."""

from __future__ import annotations

import pytest

from cs_audit.text.phrases import says

AGENT_SAYS = {
    "dismissive": """
        Please wait.
        Wait, please.
        Подождите, пожалуйста.
        Просто ждите, вам ответят.
        As we said.
        If you don't like our prices, you can always go elsewhere.
        Ваша заявка закрыта.
        Дальнейшее обсуждение бессмысленно.
        Поищите сами в гугле.
        Если не нравится тариф, переходите в другой банк.
        Ваша вина, возврата не будет.
        Take it up with the carrier.
        It works as designed.
    """,
    "rude": """
        Just shut it, will you.
        Get lost.
        Ты тупой?
        Старый козёл, отстаньте от нас.
        You idiot, read the letter.
        Вы вообще адекватные?
        Включите голову и прочитайте письмо.
        Your claim is utter rubbish.
        What the hell do you want from me?
        Какого хрена вы опять звоните?
    """,
}
AGENT_DOES_NOT_SAY = {
    "dismissive": """
        I can't wait to hear how the party goes!
        Please wait for the engineer, he is on his way to you.
        Wait a couple of hours and restart the router.
        Подождите десять минут и перезагрузите роутер.
        Ждите курьера завтра.
        Ожидайте письмо со ссылкой на оплату.
        You can just wait in the car, we will bring it out.
        Обращение закрываем, благодарим за терпение!
        As I said, the engineer comes tomorrow with the part.
        Export works as expected again.
        It is not our policy to keep deposits, so you get it back.
        We will take it up with the bank today.
        Ваша ошибка исключена, система записала не тот адрес.
        Вашей вины здесь нет, мы перепутали коробки.
        Теперь у вас всё работает.
    """,
    "rude": """
        We have The Idiot in paperback and hardcover.
        Shut it off, unplug the cable and shut it down again if needed.
        Some messages get lost between the two servers.
        Parcels sometimes get lost.
        Хрен тёртый есть на складе.
        Козёл строительный, складной, 2 шт.
        Ножницы оказались тупые, заменим.
        Роман «Идиот» и книга Идиот в твёрдой обложке есть.
        Включите роутер и подождите минуту.
        У вас нормальный сигнал.
    """,
}
REQUESTER_SAYS: dict[str, str] = {}
REQUESTER_DOES_NOT_SAY: dict[str, str] = {}


def rows(role, table):
    return [(role, label, line.strip()) for label, block in table.items() for line in block.strip().splitlines()]


@pytest.mark.parametrize(("role", "label", "text"), [*rows("agent", AGENT_SAYS), *rows("requester", REQUESTER_SAYS)])
def test_message_says_it(role, label, text):
    assert label in {each.label for each in says(text, role)}


@pytest.mark.parametrize(
    ("role", "label", "text"), [*rows("agent", AGENT_DOES_NOT_SAY), *rows("requester", REQUESTER_DOES_NOT_SAY)]
)
def test_message_does_not_say_it(role, label, text):
    assert label not in {each.label for each in says(text, role)}
