"""What requesters say: for each label, in both languages, messages that say it and at least as many that nearly do."""

from __future__ import annotations

import pytest

from cs_audit.text.phrases import says

SAID = {
    "complaint": """
        This is ridiculous, I've been waiting for three weeks.
        Your service is terrible.
        I want to speak to a manager right now.
        Nobody answers my emails!
        I am very disappointed with how this was handled.
        What a joke, you charged me twice.
        I will never buy from you again.
        How much longer do I have to wait?
        You people are useless.
        Give me my money back!
        Отвратительный сервис, больше к вам не обращусь.
        Вы меня обманули.
        Никто не отвечает уже неделю!
        Сколько можно ждать?
        Это просто издевательство.
        Буду жаловаться в Роспотребнадзор.
        Верните деньги немедленно.
        Третью неделю жду посылку, это ненормально!
        Очень разочарована вашей поддержкой.
        Что за бардак у вас творится?
    """,
    "asks_why": """
        Why was my card declined?
        What caused the delay?
        Can you explain what happened with my order?
        What is the reason for this charge?
        How did this happen?
        I'd like to know why my account is blocked.
        Почему заказ отменили?
        По какой причине мне отказали?
        Объясните, за что списали деньги.
        Что случилось с доставкой?
        В чём причина задержки?
        На каком основании заблокировали карту?
    """,
    "thanks_only": """
        Thanks!
        Thank you so much for your help.
        Ok, thanks a lot, have a nice day!
        Thanks, Kate!
        Great, thank you very much.
        Perfect, thanks for the quick reply.
        Спасибо!
        Большое спасибо за помощь!
        Хорошо, спасибо.
        Понял, благодарю.
        Спасибо большое, Мария, хорошего дня!
        Отлично, спасибо за оперативный ответ!
    """,
    "repeats": """
        I have already sent you the photos twice.
        As I said in my previous email, the parcel is damaged.
        This is the fourth time I contact you about this.
        How many times do I have to explain this?
        I have to repeat the whole story to every agent.
        I've already told this to your colleague.
        Please read my previous messages.
        I keep being asked the same questions again.
        Third email about the same issue.
        Я уже объяснял это вашему оператору.
        Сколько раз можно повторять?
        Каждому оператору рассказываю одно и то же.
        Как я уже писала, заказ не пришёл.
        Звоню вам уже четвёртый раз.
        Второй раз пишу об этом.
        Опять всё заново объяснять?
        Уже отправляла вам скриншот.
        Мне снова просят прислать документы, которые я уже высылал.
    """,
    "rude": """
        You idiots lost my parcel.
        Shut up and give me my money.
        What the fuck is going on?
        You are a bunch of morons.
        Вы там совсем идиоты?
        Заткнитесь и верните деньги.
        Ваш курьер — хам и дебил.
        Мудаки, а не поддержка.
    """,
    "auto": """
        I am out of the office until 3 May and will reply on my return.
        Automatic reply: out of office.
        I'm on vacation with limited access to email.
        Я в отпуске с 1 по 14 июня, отвечу по возвращении.
        Автоответ: меня нет в офисе до понедельника.
        Это письмо отправлено автоматически.
    """,
}
NOT_SAID = {
    "complaint": """
        Where is my order?
        I'd like to return a dress.
        No complaints, everything was great.
        Not bad at all, thank you!
        How do I change my address?
        My card was stolen yesterday, please block it.
        How long does delivery take?
        I want to upgrade my plan.
        Can I speak to someone about a mortgage?
        It's the third time I order here and it is always perfect.
        Где мой заказ?
        Хочу вернуть платье.
        Претензий нет, всё отлично.
        Неплохо, спасибо!
        Как изменить адрес?
        У меня вчера украли карту, заблокируйте, пожалуйста.
        Сколько идёт доставка?
        Ужасно рада, что нашла ваш магазин!
        Сколько можно снять с карты за день?
        Третий раз покупаю у вас, всё супер.
    """,
    "asks_why": """
        That's why I chose your shop.
        Why not send it by post?
        I know why it failed, the card expired.
        Please send me the invoice.
        When will my order arrive?
        For security reasons I changed the password.
        Вот почему я выбрала вас.
        Почему бы не отправить почтой?
        Понятно, почему не прошло, спасибо.
        Не за что!
        Когда привезут заказ?
        Пришлите счёт, пожалуйста.
    """,
    "thanks_only": """
        Thanks, but it still doesn't work.
        No, thanks.
        Thank you, when will it arrive?
        Thanks in advance, please send the invoice.
        Thanks for nothing.
        Ok.
        Спасибо, но так и не работает.
        Нет, спасибо.
        Спасибо, а когда придёт?
        Заранее спасибо, пришлите счёт.
        Спасибо за испорченный праздник.
        Хорошо.
    """,
    "repeats": """
        I already paid for the order.
        I have already sent the parcel back.
        It's the fourth time it breaks.
        This is the third time I buy from you.
        Can you repeat that, please?
        You already told me about the discount, great.
        I already tried restarting it.
        As mentioned in your FAQ, returns are free.
        Third order this month, love it.
        Я уже оплатила заказ.
        Уже отправил посылку обратно.
        Четвёртый раз ломается экран.
        Третий раз заказываю, всё хорошо.
        Можно ли повторно отправить код?
        Вы уже говорили про скидку, спасибо.
        Я уже перезагружал роутер.
        Как указано на сайте, возврат бесплатный.
        Каждому клиенту дают подарок?
    """,
    "rude": """
        The assistant was very helpful.
        Sorry for the stupid question, where is the button?
        He said "shut up" to me.
        The class starts on Monday.
        Извините за глупый вопрос, где кнопка?
        Он сказал мне «заткнись».
        Хлебушек был свежий.
        Застрахуйте посылку, пожалуйста.
    """,
    "auto": """
        Is your office open on Sunday?
        I'll be on vacation next week, please deliver before Friday.
        Please do not call me, write instead.
        Вы работаете в воскресенье?
        Уезжаю в отпуск, доставьте до пятницы.
        Не звоните мне, пожалуйста, пишите.
    """,
}


def rows(table):
    return [(label, line.strip()) for label, block in table.items() for line in block.strip().splitlines()]


@pytest.mark.parametrize(("label", "text"), rows(SAID))
def test_requester_says_it(label, text):
    assert label in {each.label for each in says(text, "requester")}


@pytest.mark.parametrize(("label", "text"), rows(NOT_SAID))
def test_requester_does_not_say_it(label, text):
    assert label not in {each.label for each in says(text, "requester")}


def test_near_misses_are_at_least_as_many_as_hits():
    counts = {label: (len(rows({label: SAID[label]})), len(rows({label: NOT_SAID[label]}))) for label in SAID}
    assert all(misses >= hits >= 6 for hits, misses in counts.values()), counts
