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
        Как вам не стыдно?
    """,
    "apology": """
        We are so embarrassed about the mix-up.
        This shouldn't have happened, I've resent the keys.
        It was completely our mistake.
        Мне очень неловко за вчерашний звонок.
        Так не должно быть, сейчас поправлю.
        Виноват, забыл приложить счёт.
        Это полностью наша вина.
        Sorry for the wait, what is your order number?
        Извините за ожидание, какой у вас номер договора?
        Sorry, but we sent you the wrong size.
    """,
    "explanation": """
        That fee covers the airport transfer you booked.
        The errors started after last night's scheduled maintenance.
        Ошибка появилась во время переноса базы.
        Здесь списана комиссия за перевод в другой банк.
        The parcel came back because nobody was at home.
        Посылка вернулась, потому что адрес был без номера дома.
    """,
    "refusal": """
        We can't source that for you: we cannot get it before June.
        There are no plans to support Linux.
        Pets are not allowed in the restaurant; early check-in isn't possible on Sundays.
        Завтра привезти не получится.
        Промокод на подарочные карты не действует.
        Возвращать старый тариф не планируем.
        Вы не можете отменить билет, он невозвратный.
    """,
    "alternative": """
        We do not ship to Malta. You could order from our partner in Sicily.
        We can't refund the fee. Meanwhile we can pause the plan.
        Early check-in isn't possible on Sundays. For now you can leave your bags with us.
    """,
    "placeholder": """
        Sure, looking.
        Thank you for your patience while the developers look into it.
        Уточняем данные у перевозчика.
        I've passed your letter to our legal department.
        Передали инженерам, ждём ответа.
    """,
    "answered_elsewhere": """
        I have answered you by email.
        We just replied in WhatsApp.
        I've texted you the details.
        As agreed over the phone, the visit is on Friday.
        Написал вам в лс.
        Ответила вам на почту.
        Мы с вами договорились по телефону.
        Подробности выслали вам на электронную почту.
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
    "apology": """
        Sorry, could you tell me the order number?
        Sorry, who am I speaking with?
        Простите, а на какой адрес доставить?
        Извините, вы уже перезагружали роутер?
        Sorry, but we can't refund used tickets.
        Извините, но мы не можем вернуть деньги.
        Вам не должно быть стыдно, все путают эти кнопки.
        The mistake was in the address on the label.
    """,
    "explanation": """
        Could you send the receipt because we need to verify the amount?
        I am writing because you left a question in the app.
        Звоню, потому что вы просили перезвонить после обеда.
        Пришлите чек, так как он нужен бухгалтерии.
        The charge is still pending.
        The fee is the same for everybody.
    """,
    "refusal": """
        Нет, это не вы ошиблись: адрес перепутал склад.
        Вы не могли зайти, так как истёк пароль; сбросил его.
        There is no problem to get it in green.
        We plan to add dark mode in May.
        Сегодня приехать сможем после шести.
        Гарантия на экран распространяется.
        Скидка на этот товар действует до пятницы.
    """,
    "alternative": """
        We do not offer returns, but exchange is not possible either.
        We can't refund the ticket, though a change is no longer an option.
        Доставить завтра не получится.
    """,
    "placeholder": """
        Передали инженерам, линию восстановят завтра.
        Передали в бухгалтерию, деньги вернут в течение дня.
        Напишите нам, пожалуйста, в директ, проверим.
        Got it, the courier comes at noon.
        Запросили у вас копию договора для суда.
    """,
    "answered_elsewhere": """
        I've sent the contract to your e-mail.
        Have you replied to the message on the phone?
        If we have not answered by email, write here.
        The courier called the shop.
        Отправили ссылку вам на почту.
        Если не ответили вам на почту, проверьте спам.
        Позвонил в банк, деньги отправили.
        Ответил на ваш вопрос выше.
    """,
}
REQUESTER_SAYS = {
    "asks_why": """
        What is this extra fee for?
        What was the cause after all?
        Вы так и не объяснили, почему отменили заказ.
        Не понял, за что с меня взяли 500 рублей.
        Что это за комиссия?
        Откуда взялась такая сумма?
    """,
    "repeats": """
        We gave you the serial number last week already.
        You asked for that last week and I sent it.
        For the fourth time, my name is spelled with a K.
        Why should I tell the whole story again?
        Меня перебрасывают от оператора к оператору.
        Паспорт я вам уже присылала, он в переписке.
        Нас футболят по кругу.
    """,
    "complaint": """
        How is it possible that nobody noticed for a month?
        I paid extra for express delivery and got nothing.
        К вам невозможно дозвониться.
        Такое обслуживание - позор.
        The weather was lovely, but the room was terrible.
        My old bank was fine, yours is a nightmare.
        Какого чёрта вы списали деньги?
    """,
}
REQUESTER_DOES_NOT_SAY = {
    "asks_why": """
        Why must I repeat the same story again?
        What is the fee for a second bag, and can I pay here?
        Теперь понимаю, почему не работало, спасибо!
        Понял, за что списали, спасибо.
        Я знаю, почему так вышло.
        Что это за цвет на фото?
        What is this new payment method?
    """,
    "repeats": """
        I sent you the receipt this morning.
        You asked me for a photo, here it is.
        Is the third time slot free on Friday?
        Отправляю чек.
        Паспорт приложил.
        Ходил от дома к магазину пешком.
        Please tell me everything about the new plan.
        Please use UTC for the second time zone.
    """,
    "complaint": """
        The traffic was horrible, so I'll come at six.
        Our previous provider was a disaster, and now we want to join you.
        How can I pay for premium support?
        How is it possible to change the address?
        Погода была ужасная, а вы приехали вовремя, спасибо.
        Прежний банк был кошмар, хочу перейти к вам.
        Не могу дозвониться до курьера, какой у него номер?
        Такая работа не стыд, а радость.
    """,
}


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
