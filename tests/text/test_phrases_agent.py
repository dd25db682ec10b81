"""What agents say: for each label, in both languages, messages that say it and at least as many that nearly do."""

from __future__ import annotations

import pytest

from cs_audit.text.phrases import says

SAID = {
    "apology": """
        Sorry for the wait, I've just reissued your invoice.
        We apologise for the inconvenience.
        Please accept our apologies for the missed visit.
        I'm really sorry you had to go through this.
        My apologies, I misread your message.
        We deeply regret the trouble this caused.
        Извините за ожидание, проверяю ваш заказ.
        Приносим свои извинения за доставленные неудобства.
        Прошу прощения за опоздание курьера.
        Нам очень жаль, что посылка пришла повреждённой.
        Простите, пожалуйста, за путаницу с адресом.
        Сожалеем о случившемся и уже оформляем замену.
    """,
    "explanation": """
        Your parcel is late because the sorting centre was flooded.
        The payment failed due to an expired card.
        The delay was caused by a strike at the port.
        The reason for the delay is a shortage of drivers.
        There was an outage at our data centre last night, so messages were lost.
        It turned out that two orders had the same label.
        Задержка возникла из-за снегопада.
        Так как товар закончился на складе, отправка сдвинулась на среду.
        В связи с переездом склада сроки увеличились.
        Причина — сбой платёжного шлюза, деньги вернутся сами.
        Курьер попал в аварию, поэтому доставка перенесена.
        Выяснилось, что адрес был записан с ошибкой.
    """,
    "dismissive": """
        Not our responsibility, talk to your bank.
        I can't do anything about that.
        Read the terms and conditions.
        It's your own fault for typing the wrong address.
        You should have checked the size chart before ordering.
        Just wait.
        Case closed.
        Nope.
        That has nothing to do with us.
        We don't deal with such things, call the manufacturer.
        Как-нибудь без нас, это не наша проблема.
        Мы тут ни при чём.
        От нас ничего не зависит.
        Читайте правила на сайте.
        Надо было внимательнее читать договор.
        Вы сами виноваты, что указали не тот адрес.
        Ждите.
        Вам остаётся только ждать.
        Разговор окончен.
        Невозможно.
        Мы за курьеров не отвечаем, звоните в службу доставки.
    """,
    "rude": """
        Are you stupid or what?
        Learn to read before you write to us.
        Stop wasting my time.
        What part of "no" don't you understand?
        Shut up and wait.
        Any idiot can set this up.
        That's your problem, not ours.
        Вы что, слепые? Ссылка в письме.
        Хватит ныть, всё вам вернут.
        Глупый вопрос, там же всё написано.
        Отстаньте уже со своим заказом.
        Включите голову и подумайте.
        Вы совсем тупой?
        Мне плевать на ваши жалобы.
    """,
    "placeholder": """
        We are on it.
        Hello! We're looking into it and will get back to you shortly.
        Thanks for your message, I've passed it to the relevant team.
        Your request is being processed. Please wait.
        Hi Anna, our team is working on it. We appreciate your patience.
        We are checking this with our colleagues and will update you soon.
        Передали ваш вопрос специалистам.
        Здравствуйте! Мы уже работаем над вашим вопросом, ожидайте, пожалуйста.
        Принято в работу.
        Спасибо за обращение! Уточняем информацию, вернёмся с ответом.
        Ваше обращение на рассмотрении, ответим в ближайшее время.
        Мария, добрый день! Разбираемся, скоро напишем.
    """,
    "refusal": """
        Unfortunately we can't refund this order.
        We are unable to change the delivery address once the parcel has left.
        Your claim has been declined.
        This item is not eligible for return.
        We do not offer discounts on gift cards.
        I'm afraid that's not possible after 30 days.
        К сожалению, вернуть деньги мы не можем.
        Отменить заказ после отправки нельзя.
        Вам отказано в возврате.
        Обмен нижнего белья не предусмотрен.
        Не сможем продлить бронь.
        Такой возможности у нас нет.
    """,
    "alternative": """
        We can't refund this order, but you can exchange it for another size.
        I'm unable to change the address. However, I can redirect the parcel to a pickup point.
        This item is not eligible for return; as an alternative we offer store credit.
        We do not ship to Malta. Instead you could order through our partner.
        Unfortunately we can't extend the trial, but I'd be happy to give you a discount.
        Вернуть деньги не можем, но можем обменять на другой размер.
        Отменить заказ после отправки нельзя, однако вы можете отказаться от него при получении.
        К сожалению, продлить бронь нельзя. Могу предложить соседний номер.
        Такой возможности у нас нет, зато есть самовывоз.
        Доставки в этот день не будет, предлагаем перенести на четверг: в пятницу доставить невозможно.
    """,
    "introduces_himself": """
        Hi, my name is Kate and I'll be taking over your case.
        Hello, this is Tom from the billing team.
        I'm taking over from my colleague Peter.
        Your ticket has been assigned to me, I've read through the whole conversation.
        I'm your new account manager.
        Здравствуйте, меня зовут Ольга, теперь я веду ваш вопрос.
        На связи Иван из технической поддержки.
        Беру ваше обращение в работу вместо коллеги.
        Подключился к вашему вопросу, изучил переписку.
        Я ваш персональный менеджер.
    """,
    "moved_away": """
        Please write to us on WhatsApp.
        Call us at 555-0100 and we'll sort it out.
        Could you send us a DM with the details?
        Please contact our hotline.
        Let's continue this conversation by phone: call us.
        Please email us at support@shop.example.
        Напишите нам в WhatsApp, пожалуйста.
        Позвоните на горячую линию 8-800-100-00-00.
        Напишите, пожалуйста, нам в личные сообщения.
        По этому вопросу обратитесь по телефону 123-45-67.
        Отправьте документы на почту claims@shop.example.
        Обратитесь в ближайшее отделение с паспортом.
    """,
    "asks_survey": """
        Please rate our support.
        How would you rate your experience with us today?
        Could you take a short survey?
        We'd love your feedback on this conversation.
        On a scale from 1 to 5, how satisfied are you with our service?
        Оцените, пожалуйста, качество обслуживания.
        Поставьте оценку нашей работе.
        Пройдите небольшой опрос, это займёт минуту.
        Насколько вы довольны ответом?
        Будем рады вашему отзыву: оставьте отзыв на сайте.
    """,
    "auto": """
        This is an automated message, please do not reply.
        Thank you for contacting us! Your request has been received and a member of our team will be in touch.
        All our agents are currently busy. You are number 7 in the queue.
        I'm on annual leave until 12 August and will reply upon my return.
        Hi! I'm the virtual assistant of Acme. Choose a topic below.
        You have reached us outside our business hours.
        Thanks for your email. We have received your inquiry and aim to respond within one business day.
        Автоматический ответ: я в отпуске до 15 июля.
        Спасибо за обращение! Ваша заявка зарегистрирована, номер 48213.
        Сейчас нерабочее время, мы ответим вам завтра с 9:00.
        Ваше обращение принято. Специалист свяжется с вами в течение рабочего дня.
        Здравствуйте! Я чат-бот магазина. Напишите «оператор», чтобы позвать человека.
        Пожалуйста, не отвечайте на это письмо.
        Ожидайте ответа первого освободившегося оператора.
    """,
}
NOT_SAID = {
    "apology": """
        Unfortunately we can't refund this order.
        There is no need to apologise, mistakes happen.
        Better safe than sorry: keep the receipt.
        The courier company sent you an apology by post.
        No apologies needed, happy to help!
        I regret to inform you that the offer has ended.
        К сожалению, товара нет в наличии.
        Не стоит извиняться, всё в порядке.
        Увы, скидка уже не действует.
        Не извиняйтесь, мы всё поправим.
        Для этого вам не жалко времени?
        Извиняться не нужно, такое бывает.
    """,
    "explanation": """
        We will answer as soon as we can.
        Your parcel is due to arrive on Friday.
        Could you tell us the reason for the return?
        Did the payment fail because of your bank?
        We'll find out why it happened.
        The refund is on its way.
        Так, как вы описали, делать можно.
        Укажите причину возврата, пожалуйста.
        Выясняем причину задержки.
        Это случилось из-за банка?
        Вопросы, связанные с оплатой, решает бухгалтерия.
        Ответим, как только сможем.
    """,
    "dismissive": """
        It is not your fault, the form was confusing.
        You should have received an email with the link.
        No problem, I've cancelled it.
        You won't have to wait long: it ships tonight.
        Please wait a moment, I'm opening your order.
        I can't change it here, but I've forwarded it to the billing team.
        The terms are in section 4: you have 14 days and keep the receipt.
        Please contact the courier on 555-0100, your parcel 4411 is at their depot in Leeds.
        No worries, take your time.
        The bank has to confirm it, I have asked them and will call you.
        Это не ваша вина, форма была запутанной.
        Нет, комиссия не взимается, платёж бесплатный.
        Вам не нужно ждать, заказ уже готов к выдаче.
        Подождите минутку, открываю ваш заказ 4411.
        Чем я могу помочь?
        Если посылка не к нам вернулась, значит, она на почте, вот номер: 123.
        Правила возврата простые: 14 дней, чек и упаковка, деньги приходят за 3 дня.
        Обратитесь в банк с этой справкой: там указан код операции, по нему платёж найдут за час.
        Ничего не нужно делать, мы всё исправили.
        Ваш вопрос решён, деньги придут завтра, закрываю заявку 511.
        Мы отвечаем за доставку и вернём деньги.
    """,
    "rude": """
        That is not a stupid question at all.
        My stupid mistake, the invoice is corrected.
        The customer wrote: "you are idiots".
        Use the dummy data from the attachment.
        The grass assessment is attached.
        Whatever works for you is fine.
        Your problem has been solved.
        Возьмите хлебушек и застрахуйте посылку.
        Не бывает глупых вопросов, спрашивайте!
        Клиент написал: «вы идиоты».
        Ваша проблема решена, проверьте, пожалуйста.
        Рубля не хватает, доплатите, пожалуйста.
        Потребуется копия паспорта.
        Решите сами, какой цвет вам удобнее.
    """,
    "placeholder": """
        We are on it: the server was restarted, please try again.
        I've passed it to billing because your card was charged twice; the refund of 30 EUR is on its way.
        Please send the order number.
        The parcel is in Leeds and arrives tomorrow.
        We're looking into it. Could you restart the router meanwhile?
        Your refund of $20 was issued.
        Передали заявку в бухгалтерию, деньги за заказ 1182 вернутся на карту.
        Уточните, пожалуйста, номер заказа.
        Исправили, проверьте, пожалуйста.
        Разбираемся: на складе потеряли коробку, завтра соберут новую.
        Отправили вам новую ссылку на почту.
        Заказ на складе в Казани.
    """,
    "refusal": """
        We couldn't find your order, please check the number.
        You don't have to pay anything.
        If you can't open the file, tell us.
        We can refund the order today.
        I can't wait to hear how it went!
        No refund is needed, the amount was never charged.
        Не можем до вас дозвониться.
        Вам не нужно ничего оплачивать.
        Если не получится вернуть товар, напишите нам.
        Комиссия не взимается.
        Не могу найти ваш заказ, уточните номер.
        Вы можете отказаться от подписки в любой момент.
    """,
    "alternative": """
        We can't refund this order.
        You can also pay by card.
        However, the parcel is already in Leeds.
        Unfortunately it's not possible. Let me know if you have any questions.
        We do not ship to Malta, please be patient.
        Вернуть деньги не можем.
        Можете также оплатить картой.
        Но посылка уже в Казани.
        К сожалению, это невозможно. Если будут вопросы, пишите.
        Обмен не предусмотрен.
    """,
    "introduces_himself": """
        I've checked your order, it is in Leeds.
        Is the name on the account correct?
        Thanks for your patience.
        The file name is wrong.
        We'll call you tomorrow.
        Проверила ваш заказ, он в Казани.
        Как вас зовут?
        Спасибо за ожидание.
        Это новый номер вашего заказа.
        Передал вопрос в бухгалтерию.
    """,
    "moved_away": """
        We will call you tomorrow.
        If you have any questions, call us.
        I've sent the invoice to your email.
        What is your phone number?
        Thank you for calling us.
        You can change your email in the settings.
        Мы вам позвоним завтра.
        Если возникнут вопросы, звоните нам по телефону.
        Отправили чек вам на почту.
        Какой у вас номер телефона?
        Спасибо, что написали нам!
        Войдите в личный кабинет и проверьте статус.
    """,
    "asks_survey": """
        The exchange rate is 1.08.
        Thank you for your feedback!
        Your rating was saved.
        The shipping rate depends on weight.
        Please review the attached contract.
        Спасибо за высокую оценку!
        Специалист оценит масштаб повреждений.
        Дайте знать, когда получите посылку.
        Срок от 5 до 10 дней.
        Мы провели опрос и учли ваши пожелания.
    """,
    "auto": """
        I checked your request, it was received yesterday and Anna is preparing the contract.
        Thanks for reaching out! I see the parcel, it's in Leeds.
        A member of our team will be in touch.
        We received your photos, the fault is covered.
        I'll be out of the country, so Tom will call you.
        Our office in Leeds is closed on Sundays, shall I book Monday?
        The ticket you bought is valid until May.
        Спасибо за обращение! Проверил, заказ уже в пути.
        Ваша заявка на ипотеку принята, жду вас в офисе в четверг.
        Автоматическое продление отключила.
        Получили ваше письмо, деньги верну сегодня.
        Специалист свяжется с вами завтра.
        Выберите удобный день: среда или пятница?
        Магазин закрыт в воскресенье, приезжайте в понедельник, я вас встречу.
    """,
}


def rows(table):
    return [(label, line.strip()) for label, block in table.items() for line in block.strip().splitlines()]


@pytest.mark.parametrize(("label", "text"), rows(SAID))
def test_agent_says_it(label, text):
    assert label in {each.label for each in says(text, "agent")}


@pytest.mark.parametrize(("label", "text"), rows(NOT_SAID))
def test_agent_does_not_say_it(label, text):
    assert label not in {each.label for each in says(text, "agent")}


def test_near_misses_are_at_least_as_many_as_hits():
    counts = {label: (len(rows({label: SAID[label]})), len(rows({label: NOT_SAID[label]}))) for label in SAID}
    assert all(misses >= hits >= 10 for hits, misses in counts.values()), counts
