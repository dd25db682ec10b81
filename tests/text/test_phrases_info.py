"""What agents ask for and requesters give."""

from __future__ import annotations

import pytest

from cs_audit.text.phrases import info_asked, info_given

ASKED = [
    ("Could you please provide your order number?", {"order_number"}),
    ("Please send us a screenshot of the error.", {"screenshot"}),
    ("May I have your name and phone number, please?", {"name", "phone"}),
    ("What is your email address?", {"email"}),
    ("We need your delivery address and postcode.", {"address", "postcode"}),
    ("Which order is it about?", {"order_number"}),
    ("Your order number, please?", {"order_number"}),
    ("Hi Kate! Let me know your tracking number and I'll check it.", {"tracking_number"}),
    ("To verify your account we need your date of birth.", {"birth_date"}),
    ("Can you tell me the serial number of the device?", {"serial_number"}),
    ("Please attach photos of the damage and the receipt.", {"photo", "receipt"}),
    ("ok, may I have your username, email address and order ID please?", {"account_number", "email", "order_number"}),
    ("I'd just need your phone number.", {"phone"}),
    ("When did you buy the kettle?", {"purchase_date"}),
    ("Подскажите, пожалуйста, номер заказа.", {"order_number"}),
    ("Уточните ваш номер телефона и электронную почту.", {"phone", "email"}),
    ("Пришлите скриншот ошибки, пожалуйста.", {"screenshot"}),
    ("Как к вам можно обращаться?", {"name"}),
    ("Номер заказа?", {"order_number"}),
    ("Какой у вас адрес доставки?", {"address"}),
    ("Для проверки нужны ваши ФИО и дата рождения.", {"name", "birth_date"}),
    ("Напишите серийный номер устройства.", {"serial_number"}),
    ("Приложите, пожалуйста, фото товара и чек.", {"photo", "receipt"}),
    ("Не могли бы вы прислать лицевой счёт?", {"account_number"}),
    ("На какую почту оформлен аккаунт?", {"email"}),
    ("Сообщите ИНН организации.", {"tax_id"}),
]
NOT_ASKED = [
    "We have sent the invoice to your email address.",
    "Your order number is in the confirmation letter.",
    "You can find the order number on the receipt.",
    "Please send another phone number, this one is not valid.",
    "Please confirm the last four digits of your card number.",
    "Never share your account number with anyone.",
    "I've updated your delivery address.",
    "Your tracking number will be sent tomorrow.",
    "The parcel went to the address you gave.",
    "Please check your email.",
    "We'll call you on your phone number +44 20 7946 0018.",
    "Where can I find my order number?",
    "Thank you for the screenshot!",
    "The courier has your name.",
    "Отправили чек на вашу электронную почту.",
    "Номер заказа указан в письме.",
    "Где найти номер заказа?",
    "Пришлите другой номер телефона, этот не отвечает.",
    "Назовите последние четыре цифры номера карты.",
    "Никому не сообщайте номер карты.",
    "Адрес доставки изменён.",
    "Трек-номер придёт завтра.",
    "Спасибо за скриншот!",
    "Не нужно присылать чек.",
    "Мы позвоним вам на номер телефона +7 921 123-45-67.",
    "Проверьте почту, пожалуйста.",
]
GIVEN = [
    ("My order number is 48213.", {"order_number": "48213"}),
    ("Order #A-58211 has not arrived.", {"order_number": "A-58211"}),
    ("You can reach me at kate.smith@mail.example", {"email": "kate.smith@mail.example"}),
    ("My phone is +44 20 7946 0018.", {"phone": "+44 20 7946 0018"}),
    ("My name is Crystal Minh", {"name": "Crystal Minh"}),
    ("Screenshot attached.", {"screenshot": "Screenshot attached"}),
    ("My address is 5 Baker Street, London", {"address": "5 Baker Street, London"}),
    ("Date of birth: 12/05/1990", {"birth_date": "12/05/1990"}),
    ("serial number SN-998-123", {"serial_number": "SN-998-123"}),
    ("Please see the attached photos.", {"photo": "see the attached photos"}),
    ("account number: 00412345", {"account_number": "00412345"}),
    ("tracking number RR123456789CN", {"tracking_number": "RR123456789CN"}),
    ("Номер заказа 58211.", {"order_number": "58211"}),
    ("Заказ №58211 не пришёл", {"order_number": "58211"}),
    ("Мой телефон 8 921 123-45-67", {"phone": "8 921 123-45-67"}),
    ("Почта ivan@mail.example", {"email": "ivan@mail.example"}),
    ("Меня зовут Иван Петров.", {"name": "Иван Петров"}),
    ("Прикладываю скриншот.", {"screenshot": "Прикладываю скриншот"}),
    ("Живу на ул. Ленина, д. 5", {"address": "ул. Ленина, д. 5"}),
    ("Дата рождения 12.05.1990", {"birth_date": "12.05.1990"}),
    ("Серийный номер: AB12345", {"serial_number": "AB12345"}),
    ("Чек во вложении", {"receipt": "Чек во вложении"}),
    ("Лицевой счёт 1234567890", {"account_number": "1234567890"}),
    ("Фото прикрепила ниже", {"photo": "Фото прикрепила"}),
]
NOT_GIVEN = [
    "Where do I find my order number?",
    "My order has not arrived.",
    "I want to change my phone number.",
    "I bought 2 items for 300 EUR.",
    "What is your email?",
    "My name is wrong on the card.",
    "I can't attach a screenshot.",
    "Should I send a photo?",
    "My address has changed.",
    "I don't know the serial number.",
    "It happened in 2023.",
    "I will send the screenshot later.",
    "Где посмотреть номер заказа?",
    "Заказ не пришёл.",
    "Хочу сменить номер телефона.",
    "Купил 2 товара за 300 рублей.",
    "Какая у вас почта?",
    "Имя на карте с ошибкой.",
    "Не могу приложить скриншот.",
    "Нужно ли прислать фото?",
    "Адрес изменился.",
    "Серийный номер не знаю.",
    "Это было в 2023 году.",
    "Жду 5 дней.",
]


@pytest.mark.parametrize(("text", "kinds"), ASKED)
def test_what_is_asked_for(text, kinds):
    assert info_asked(text) == kinds


@pytest.mark.parametrize("text", NOT_ASKED)
def test_nothing_is_asked_for(text):
    assert info_asked(text) == frozenset()


@pytest.mark.parametrize(("text", "values"), GIVEN)
def test_what_is_given_and_where(text, values):
    found = info_given(text)
    assert {kind: each.quote for kind, each in found.items()} == values
    assert all(text[each.start : each.end] == each.quote for each in found.values())


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_nothing_is_given(text):
    assert info_given(text) == {}


def test_near_misses_are_at_least_as_many_as_hits():
    assert len(NOT_ASKED) >= len(ASKED)
    assert len(NOT_GIVEN) >= len(GIVEN)
