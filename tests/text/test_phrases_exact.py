"""Whole messages with all the labels of the text rules they have: what is said, and that nothing else is."""

from __future__ import annotations

import pytest

from cs_audit.text.phrases import says

JUDGED = {"auto", "dismissive", "apology", "explanation", "rude", "repeats", "complaint"}
AGENT = """
auto: Благодарим за обращение! Ваш запрос принят, мы свяжемся с вами в ближайшее время.
auto: Спасибо, ваше сообщение получено. Оператор ответит в порядке очереди.
auto: Я в отпуске с 3 по 17 августа, по срочным вопросам пишите Ивану.
auto: Наш офис сейчас закрыт. Мы работаем с 9:00 до 18:00 по будням.
auto: Это автоматическое уведомление, пожалуйста, не отвечайте на него.
auto: Ваша заявка зарегистрирована под номером 8812.
auto: Вас приветствует чат-бот Смарти. Чем могу помочь?
auto: Обращение 55123 создано. Среднее время ответа 2 часа.
auto: Your request (#9911) has been received and is being reviewed by our support staff.
auto: Thanks for reaching out! Our team will get back to you within one business day.
auto: You're currently number 3 in the queue.
auto: Please do not reply to this email, this mailbox is not monitored.
auto: I am away from the office and will return on Tuesday.
auto: Hi! I'm Max, your virtual assistant. How can I help?
auto: We've got your message. Our support hours are Monday to Friday, 9 to 6.
auto: Our agents are busy right now, please hold.
-: Ваш заказ принят в работу, собираем его прямо сейчас, Елена.
-: Получила ваше письмо, договор поправила и отправила на подпись.
-: Заявку на пропуск оформил, охрана вас пропустит.
-: Hi Tom, thanks for your email. I've cancelled the second order.
-: Your request for a refund was approved, the money is on its way.
-: I'll be out of the office tomorrow, but Kate will call you.
dismissive: Это не наши проблемы, звоните перевозчику.
dismissive: Мы за это не отвечаем.
dismissive: Прочтите инструкцию.
dismissive: Надо было раньше думать.
dismissive: Ваша вина, нечего было мочить телефон.
dismissive: Просто подождите.
dismissive: Вопрос закрыт.
dismissive: Нет, нельзя.
dismissive: Обращайтесь в почту, мы ни при чём.
dismissive: Все ответы есть на сайте.
dismissive: We can't help you.
dismissive: Read the FAQ.
dismissive: It's your fault, you dropped it.
dismissive: Just be patient.
dismissive: This matter is closed.
dismissive: Nothing to do with us, ask your bank.
dismissive: Not possible.
dismissive: Please read our terms and conditions.
dismissive: You'll just have to wait.
-: Возврат денег — вопрос банка: мы отправили их 3 мая, номер операции 4411, банк зачислит за 3 дня.
-: Нет, доплачивать не нужно, доставка включена в стоимость.
-: Подождите, пожалуйста, две минуты, уточняю наличие на складе.
-: Прочитайте раздел «Возврат»: там форма, заполните её, и курьер заберёт посылку завтра.
-: No, there's no extra charge, shipping is included.
-: It's not our courier, but I've asked them to call you today.
-: Please wait while I pull up your order.
-: Have a look at section 3 of the manual: hold the button for 5 seconds and the light turns green.
apology: Извините за путаницу, второй счёт аннулировали.
apology: Прошу прощения, что не ответила вчера: была на больничном.
apology: Простите за ожидание.
apology: Примите наши извинения за неудобства.
apology: Нам искренне жаль, что товар пришёл с браком.
-: К сожалению, размера M больше нет.
apology: I apologise for the late reply.
apology: Please accept our apologies, we sent the wrong colour.
apology: We're sorry for the inconvenience caused.
-: Unfortunately the size M is sold out.
-: No need to be sorry, it happens.
explanation: Заказ задержался, так как поставщик прислал не тот цвет.
explanation: Причина отказа — неверный код CVV.
explanation: Платёж отклонён банком по причине недостатка средств.
explanation: Это произошло потому, что адрес был указан без квартиры.
explanation: В связи с ремонтом пункт выдачи закрыт до пятницы.
-: Возврат ушёл сегодня.
-: Ответим, как только появится информация.
explanation: The delay was caused by a customs inspection.
explanation: Your card was blocked because the PIN was entered wrong three times.
explanation: The reason is that the label was damaged.
-: We'll reply as soon as we can.
-: The refund left today.
rude: Вы что, издеваетесь?
rude: Русским по белому написано: возврата нет.
rude: Хватит писать глупости.
rude: Сами виноваты, сами и разбирайтесь.
rude: Не тупите, там одна кнопка.
rude: Идиотский вопрос.
rude: Вы вообще читаете, что вам пишут?
rude: Ребёнок бы справился.
rude: Что вам непонятно?!
rude: Stop bothering us.
rude: How stupid can you be?
rude: Do you even read what I write?
rude: Use your head.
rude: Don't be ridiculous.
rude: Are you deaf?
rude: Get lost.
rude: Whatever.
-: Не переживайте, вопрос не глупый, многие спрашивают.
-: Застрахуйте груз, хлебобулочные изделия бьются.
-: Тупиковая ветка закрыта, поезд идёт в объезд.
-: The assistant classes are in the basement.
-: Use the head office address, please.
-: No stupid questions here, ask away!
"""
REQUESTER = """
repeats complaint: В пятый раз пишу вам одно и то же!
repeats: Я уже говорила это вашему оператору.
repeats complaint: Сколько можно повторять один и тот же номер?
repeats: Второй раз обращаюсь, ответа так и нет.
repeats: Как я писал выше, заказ 5511.
repeats complaint: Каждому оператору объясняю заново!
repeats: Я уже присылала фото.
-: Уже второй раз беру у вас чехол, отличный.
-: Третий раз за месяц ломается замок.
-: Я уже получил заказ, спасибо.
repeats: As I mentioned before, the order is 4411.
repeats complaint: I've explained this to two different agents already.
repeats: This is my second email about the refund.
repeats complaint: How many times do I need to send the same document?
repeats: I have already provided my address.
repeats: I already gave my phone number to the last agent.
-: Third time ordering, great as always.
-: I already received the parcel, thanks.
-: It's the fifth time the app crashes today.
complaint: Отвратительное обслуживание!
complaint: Это просто кошмар, а не доставка.
complaint: Вы меня обманули, буду жаловаться.
complaint: Я крайне недовольна вашим сервисом.
complaint: Сколько можно ждать, верните деньги!
complaint: Безобразное отношение к клиентам.
-: Ужасно красивые туфли, беру!
-: Не жалуюсь, просто спрашиваю, где заказ.
-: Страшно довольна покупкой!
-: Подскажите, когда привезут?
complaint: This is unacceptable.
complaint: I'm furious, nobody ever calls back.
complaint: Your support is a joke.
complaint: I want to file a complaint about your courier.
complaint: Terrible experience, give me a refund.
complaint: I've been waiting for two weeks, this is a scam.
-: Not too shabby, thank you!
-: I'm awfully happy with the dress.
-: No complaints so far.
-: Could you tell me when it ships?
"""


def rows():
    return [
        (role, text, {*names.split()} - {"-"})
        for role, block in (("agent", AGENT), ("requester", REQUESTER))
        for names, text in (line.split(": ", 1) for line in block.strip().splitlines())
    ]


@pytest.mark.parametrize(("role", "text", "names"), rows())
def test_a_message_has_these_labels_and_no_others(role, text, names):
    assert {each.label for each in says(text, role)} & JUDGED == names
