"""What replies say, as values: every form of a value is read, and equal values are equal however they are written."""

import pytest

from cs_audit.answers import statements
from cs_audit.answers.compare import differ
from cs_audit.answers.values import alike

FORMS = [
    ("Delivery takes 3 days.", "duration", "3 days"),
    ("Delivery takes 3-5 business days.", "duration", "3-5 business days"),
    ("Delivery takes one to two days.", "duration", "1-2 days"),
    ("Delivery takes from 1 day to 2 weeks.", "duration", "1-14 days"),
    ("Delivery takes up to 72 hours.", "duration", "up to 3 days"),
    ("Delivery takes half an hour.", "duration", "30 minutes"),
    ("Delivery takes an hour and a half.", "duration", "90 minutes"),
    ("Delivery takes 3+ days.", "duration", "at least 3 days"),
    ("Delivery takes about 2 weeks.", "duration", "about 2 weeks"),
    ("Delivery is possible within a fortnight.", "duration", "up to 2 weeks"),
    ("Please notify us at least 48 hours before arrival.", "duration", "2 days"),
    ("A 14-day trial is included.", "duration", "2 weeks"),
    ("Доставка занимает полтора часа.", "duration", "90 minutes"),
    ("Доставка занимает полчаса.", "duration", "30 minutes"),
    ("Ответим в течение рабочего дня или за 3 рабочих дня.", "duration", "up to 3 business days"),
    ("Срок — от 3 до 30 рабочих дней.", "duration", "3-30 business days"),
    ("Доставка занимает не более 10-ти дней.", "duration", "up to 10 days"),
    ("Гарантия действует полгода.", "duration", "6 months"),
    ("Отмена возможна за 24 часа до вылета.", "duration", "1 day"),
    ("Parking costs €15 per night.", "money", "15 EUR per night"),
    ("Parking costs $1,240.50.", "money", "1240.5 USD"),
    ("A taxi is between $40 and $60.", "money", "40-60 USD"),
    ("Курс стоит 12 000 рублей.", "money", "12000 RUB"),
    ("Курс стоит 5 тыс. руб. в месяц.", "money", "5000 RUB per month"),
    ("Shipping is free of charge.", "money", "free"),
    ("Комиссия за перевод не взимается.", "money", "free"),
    ("There is no fee for returns.", "money", "free"),
    ("Скидка пятнадцать процентов.", "percent", "15%"),
    ("The fee is 2.5%.", "percent", "2.5%"),
    ("We are open from 9 am to 5:30 pm.", "hours", "09:00-17:30"),
    ("Работаем с 9 до 18.", "hours", "09:00-18:00"),
    ("Our support works 24/7.", "hours", "00:00-24:00"),
    ("Клуб работает круглосуточно.", "hours", "00:00-24:00"),
    ("Показания принимаем до 25 числа.", "date", "day 25"),
    ("Salaries are paid by the 5th of each month.", "date", "day 5"),
    ("The promotion ends on 31 December.", "date", "12-31"),
    ("Документы принимаем до 20 августа.", "date", "08-20"),
    ("You may check in one bag of up to 23 kg.", "amount", "up to 23 kg"),
    ("The plan includes 30 GB.", "amount", "30000 MB"),
    ("You can make 1,000 API calls a day.", "count", "1000 call per day"),
    ("Classes have at most 12 students.", "count", "up to 12 student"),
    ("Call us on +7 (495) 123-45-67.", "phone", "4951234567"),
    ("Звоните: 8 800 555-35-35.", "phone", "8005553535"),
    ("Write to claims@shop.example.", "email", "claims@shop.example"),
    ("See https://shop.example/Return-Form.", "url", "shop.example/return-form"),
]


@pytest.mark.parametrize(("sentence", "kind", "words"), FORMS)
def test_a_value_is_read_and_its_quote_stands_in_the_answer(sentence, kind, words):
    answer = f"Hello Anna!\n{sentence}\nBest regards, Tom"
    said = [each for each in statements("", answer) if each.type == kind]
    assert words in [each.value.words for each in said]
    for each in said:
        assert answer[each.start : each.end] == each.quote
        assert answer[each.sentence_start :].startswith(each.sentence)
        assert each.quote in each.sentence


EQUAL = [
    ("72 hours", "3 days"), ("3 дня", "72 часа"), ("2 weeks", "14 days"), ("14 days", "a fortnight"), ("one month", "30 days"),
    ("12 months", "1 year"), ("1 год", "12 месяцев"), ("полгода", "6 месяцев"), ("half an hour", "30 minutes"), ("90 minutes", "an hour and a half"),
    ("60 minutes", "1 hour"), ("полтора часа", "90 минут"), ("5 business days", "7 days"), ("5 рабочих дней", "неделя"), ("3 суток", "72 часа"),
    ("2 года", "24 месяца"), ("1 quarter", "3 months"), ("48 hours", "two days"), ("10 days", "10 days"), ("4 недели", "28 дней"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_durations_never_clash(one, other):
    mine, theirs = (duration(f"It lasts {each}." if each.isascii() else f"Срок {each}.", each) for each in (one, other))
    assert differ(mine, theirs) is None
    assert differ(theirs, mine) is None


def duration(sentence, written):
    values = [each.value for each in statements("", sentence) if each.type == "duration"]
    if not values:  # a bare unit says one only after a preposition
        values = [each.value for each in statements("", f"Ответ через {written}") if each.type == "duration"]
    return values[0]


WORDS = {"days": 24, "дней": 24, "hours": 1, "часов": 1, "weeks": 168, "недель": 168}


@pytest.mark.parametrize("unit", WORDS)
@pytest.mark.parametrize("count", [2, 5, 6, 7, 10, 12, 14, 24, 30, 36, 48, 72])
def test_a_duration_equals_itself_in_hours_and_no_other(unit, count):
    in_unit = duration(f"It takes {count} {unit}.", "")
    in_hours = duration(f"It takes {count * WORDS[unit]} hours.", "")
    longer = duration(f"It takes {count * WORDS[unit] * 2} hours.", "")
    assert differ(in_unit, in_hours) is None
    assert alike(in_unit) == alike(in_hours)
    assert differ(in_unit, longer) is not None


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        ("3-5 days", "about 4 days", False),
        ("3-5 days", "up to 14 days", True),  # the upper ends are 2.8 times apart
        ("5-10 days", "up to 14 days", False),
        ("10 to 14 days", "within 14 days", False),
        ("within 10 days", "within 14 days", True),
        ("3 days", "10 days", True),
        ("at least 2 days", "5 days", False),
        ("at least 5 days", "2 days", True),
        ("2-3 days", "7-10 days", True),
    ],
)
def test_ranges_inside_ranges_refine_and_limits_clash(one, other, clashes):
    mine, theirs = (duration(f"It takes {each}.", "") for each in (one, other))
    assert (differ(mine, theirs) is not None) is clashes
    assert (differ(theirs, mine) is not None) is clashes


@pytest.mark.parametrize(
    "sentence",
    [
        "Your ticket number is 48213.", "Обращение №58211 зарегистрировано.", "Fill in form 8843.", "Error 403 means no permission.",
        "The rules of 2024 apply.", "Level 20 opens the map.", "Re: 893 604", "Version 3.2 is out.",
    ],
)  # fmt: skip
def test_numbers_that_name_something_are_no_values(sentence):
    assert [each for each in statements("", sentence) if each.type not in {"ability", "need"}] == []


def test_a_number_of_the_requester_is_not_the_answers():
    said = statements("I was told 3 days", "I see you were told 3 days. Refunds take 10 days.")
    assert [each.value.words for each in said if each.type == "duration"] == ["10 days"]


def test_greeting_quoted_lines_and_signature_are_left_out():
    answer = "Dear Anna, \n> It takes 9 days\nIt takes 5 days.\nKind regards,\nTom, 20 years with you, +7 495 555-35-41"
    assert [each.value.words for each in statements("", answer) if each.type in {"duration", "phone"}] == ["5 days"]
