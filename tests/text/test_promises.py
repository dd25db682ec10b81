"""Dated promises of agents: what is promised, by when, and what only looks like a promise."""

from __future__ import annotations

import pytest

from cs_audit.text.phrases import (
    AtTime,
    EndOfDay,
    EndOfWeek,
    EndOfWeekday,
    OnDate,
    Within,
    WithinWorkingDays,
    promises,
)

HOUR, DAY = 3600, 86_400
PROMISED = [
    ("We will call you back within an hour.", "call", Within(HOUR)),
    ("I'll send it tomorrow.", "do", EndOfDay(1)),
    ("I'll send you the invoice tomorrow morning.", "message", AtTime(1, 12)),
    ("We'll get back to you within 24 hours.", "message", Within(DAY)),
    ("Our technician will call you at 10:30 tomorrow.", "call", AtTime(1, 10, 30)),
    ("I will update you by 5 pm.", "message", AtTime(0, 17)),
    ("You'll hear from us by Friday.", "message", EndOfWeekday(4)),
    ("You will have an answer in 2 business days.", "message", WithinWorkingDays(2)),
    ("Your refund will be processed by the end of the week.", "do", EndOfWeek(0)),
    ("We're going to fix this next week.", "do", EndOfWeek(1)),
    ("I'll look into it and call you back today.", "call", EndOfDay(0)),
    ("Hi Kate, we'll reply by the end of the business day.", "message", EndOfDay(0, "working")),
    ("I'll get back to you in half an hour.", "message", Within(HOUR // 2)),
    ("We will ship the replacement on March 15th.", "do", OnDate(15, 3)),
    ("We'll respond by Monday 9am.", "message", EndOfWeekday(0, at=(9, 0))),
    ("Someone from our team will contact you within 3 working hours.", "message", Within(3 * HOUR, "working")),
    ("Will get back to you by Monday.", "message", EndOfWeekday(0)),
    ("Expect a call within 15 minutes.", "call", Within(15 * 60)),
    ("I will check it and let you know by tomorrow.", "message", EndOfDay(1)),
    ("We'll send the documents by the 15th.", "message", OnDate(15)),
    ("We will definitely resolve this in 1-2 days.", "do", Within(2 * DAY)),
    ("By noon tomorrow we will send you an update.", "message", AtTime(1, 12)),
    ("Tomorrow I'll call you.", "call", EndOfDay(1)),
    ("We'll answer you next Tuesday.", "message", EndOfWeekday(1, next_week=True)),
    ("I'm shipping it today.", "do", EndOfDay(0)),
    ("We will respond before 5:30pm.", "message", AtTime(0, 17, 30)),
    ("Ответим до конца дня.", "message", EndOfDay(0)),
    ("Завтра пришлём.", "message", EndOfDay(1)),
    ("Перезвоним вам в течение часа.", "call", Within(HOUR)),
    ("Мы ответим в течение 24 часов.", "message", Within(DAY)),
    ("Вышлю договор до пятницы.", "message", EndOfWeekday(4)),
    ("Позвоню вам завтра в 10:00.", "call", AtTime(1, 10)),
    ("Деньги вернём в течение 3 рабочих дней.", "do", WithinWorkingDays(3)),
    ("Специалист свяжется с вами до 15:00.", "message", AtTime(0, 15)),
    ("Исправим на следующей неделе.", "do", EndOfWeek(1)),
    ("Сегодня проверю и перезвоню.", "call", EndOfDay(0)),
    ("Ольга, добрый день! Отвечу до конца рабочего дня.", "message", EndOfDay(0, "working")),
    ("Через полчаса напишу.", "message", Within(HOUR // 2)),
    ("Заказ будет отправлен 15 марта.", "do", OnDate(15, 3)),
    ("Вернёмся с ответом в понедельник до 12:00.", "message", EndOfWeekday(0, at=(12, 0))),
    ("Ответ направим вам до 15 числа.", "message", OnDate(15)),
    ("Вам перезвонят в ближайшие 15 минут.", "call", Within(15 * 60)),
    ("Курьера закажу завтра утром.", "do", AtTime(1, 12)),
    ("Решим вопрос за 1-2 дня.", "do", Within(2 * DAY)),
    ("Ожидайте звонка в течение двух часов.", "call", Within(2 * HOUR)),
    ("Послезавтра пришлём чек.", "message", EndOfDay(2)),
    ("Отправлю до завтра.", "do", EndOfDay(1)),
    ("К вечеру всё починим.", "do", EndOfDay(0)),
    ("Сообщим результат до конца недели.", "message", EndOfWeek(0)),
    ("Свяжусь с вами в следующий вторник.", "message", EndOfWeekday(1, next_week=True)),
    ("Не позднее пятницы вернём деньги.", "do", EndOfWeekday(4)),
    ("Позвоню завтра в 3 часа.", "call", AtTime(1, 15)),
    ("Вечером отпишусь.", "message", AtTime(0, 23, 59)),
    ("We'll call you tomorrow at 4.", "call", AtTime(1, 16)),
    ("Обязательно ответим вам в течение рабочего дня.", "message", WithinWorkingDays(1)),
]
NOT_PROMISED = [
    "If you send the receipt today, we will refund you tomorrow.",
    "As soon as we receive the parcel, we'll refund you within 3 days.",
    "Once the bank confirms, we will call you within an hour.",
    "Refunds take 5 days.",
    "We usually answer within 24 hours.",
    "Shall we call you tomorrow?",
    "Will you send it tomorrow?",
    "You said you would call me yesterday.",
    "We called you yesterday.",
    "I sent it on Monday.",
    "We'll get back to you soon.",
    "We will call you back.",
    "It may take up to 3 days.",
    "We won't be able to answer before Friday.",
    "We will try to reply today.",
    "The courier will arrive tomorrow.",
    "You will need to send the form by Friday.",
    "Our office is open until 5 pm.",
    "We'll be closed tomorrow.",
    "We will check the order you placed today.",
    'The customer wrote: "we will call you within an hour".',
    "Hopefully we'll fix it this week.",
    "Please call us by 5 pm.",
    "The offer ends on Friday.",
    "We hope to answer tomorrow.",
    "We'll see tomorrow.",
    "Если пришлёте чек сегодня, вернём деньги завтра.",
    "Как только получим посылку, вернём деньги в течение 3 дней.",
    "После оплаты отправим заказ в течение дня.",
    "Возврат занимает 5 дней.",
    "Обычно отвечаем в течение 24 часов.",
    "Вам перезвонить завтра?",
    "Пришлёте завтра?",
    "Вы обещали перезвонить вчера.",
    "Мы звонили вам вчера.",
    "Отправил в понедельник.",
    "Скоро ответим.",
    "Мы вам перезвоним.",
    "Это может занять до 3 дней.",
    "До пятницы не ответим.",
    "Постараемся ответить сегодня.",
    "Курьер привезёт заказ завтра.",
    "Вам нужно прислать форму до пятницы.",
    "Мы работаем до 17:00.",
    "Завтра мы не работаем.",
    "Проверим заказ, который вы оформили сегодня.",
    "Клиент написал: «перезвоним в течение часа».",
    "Надеемся исправить на этой неделе.",
    "Позвоните нам до 17:00.",
    "Акция действует до пятницы.",
    "Возможно, ответим завтра.",
    "Ответим, как обычно.",
    "We'll answer at once.",
    "Ответим в час ночи или днём, не знаю когда?",
    "Ответим в ближайшее время.",
]


@pytest.mark.parametrize(("text", "what", "deadline"), PROMISED)
def test_a_promise_says_what_and_by_when(text, what, deadline):
    found = promises(text)
    assert [(each.what, each.deadline) for each in found] == [(what, deadline)]
    assert all(text[each.start : each.end] == each.quote for each in found)


@pytest.mark.parametrize("text", NOT_PROMISED)
def test_no_promise(text):
    assert promises(text) == ()


def test_near_misses_are_at_least_as_many_as_promises():
    assert len(NOT_PROMISED) >= len(PROMISED)


def test_each_time_has_its_own_promise():
    found = promises("We'll call you within an hour. Your refund will be sent by Friday. Have a nice day!")
    assert [(each.what, each.deadline) for each in found] == [("call", Within(HOUR)), ("do", EndOfWeekday(4))]


def test_the_quote_runs_from_what_is_promised_to_its_time():
    (found,) = promises("Добрый день, Анна! Проверили заказ: завтра до 12:00 пришлём чек.")
    assert found.quote == "завтра до 12:00 пришлём"
    assert found.deadline == AtTime(1, 12)


def test_the_upper_end_of_a_range_counts():
    (found,) = promises("Отправим в течение 2–3 рабочих дней.")
    assert found.deadline == WithinWorkingDays(3)


@pytest.mark.parametrize(
    "text", ["We'll answer by 03/04/2026.", "We will answer in a few hours.", "Ответим через несколько часов."]
)
def test_a_time_that_nobody_can_tell_is_no_deadline(text):
    assert promises(text) == ()
