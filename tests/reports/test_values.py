"""Normalised values of answers in the reader's language."""

import pytest

from cs_audit.answers.lexicon import lexicon
from cs_audit.answers.reading import read
from cs_audit.reports import lexis, values
from cs_audit.reports.words import Words


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("5 business days", "5 business days", "5 рабочих дней"),
        ("2 business days", "2 business days", "2 рабочих дня"),
        ("21 days", "21 days", "21 день"),
        ("1 business day", "1 business day", "1 рабочий день"),
        ("3-5 days", "3–5 days", "3–5 дней"),
        ("up to 1 day", "up to 1 day", "до 1 дня"),
        ("up to 3 days", "up to 3 days", "до 3 дней"),
        ("at least 21 days", "at least 21 days", "не менее 21 дня"),
        ("about 2 weeks", "about 2 weeks", "около 2 недель"),
        ("1.5 hours", "1.5 hours", "1,5 часа"),
        ("up to 0.5 hours", "up to 0.5 hours", "до 0,5 часа"),
        ("2 years", "2 years", "2 года"),
        ("11 months", "11 months", "11 месяцев"),
        ("up to 10 kg", "up to 10 kg", "до 10 кг"),
        ("100 Mbit/s", "100 Mbit/s", "100 Мбит/с"),
        ("1500 RUB", "1,500 RUB", "1 500 RUB"),
        ("500 RUB per month", "500 RUB per month", "500 RUB за месяц"),
        ("2.5%", "2.5%", "2,5 %"),
        ("5-10%", "5–10%", "5–10 %"),
        ("09:00-18:00", "09:00–18:00", "09:00–18:00"),
        ("free", "free of charge", "бесплатно"),
        ("cannot", "cannot be done", "нельзя"),
        ("not required", "not required", "не требуется"),
        ("only by an agent", "done only by an agent", "только через сотрудника"),
    ],
)
def test_values_take_the_form_of_the_language(text, english, russian):
    assert plain(values.shown(text, Words("en"))) == english
    assert plain(values.shown(text, Words("ru"))) == russian


@pytest.mark.parametrize(
    "text", ["8005553535", "help@shop.example", "shop.example/a-b", "1e+20 RUB", "up to", "", "%s%(n)s"]
)
def test_a_value_of_an_unknown_form_is_shown_as_it_is(text):
    assert values.shown(text, Words("ru")) == text


def test_what_is_counted_has_a_name_where_the_lexicon_knows_it():
    assert values.shown("5 device", Words("ru")) == "5 (устройство)"
    assert values.shown("up to 5 device", Words("ru")) == "до 5 (устройство)"
    assert values.shown("5 gizmo", Words("ru")) == "5 gizmo"


def test_only_a_date_is_read_as_one():
    assert values.shown("12-31", Words("ru"), "date") == "31 декабря"
    assert values.shown("day 25", Words("ru"), "date") == "25-е число месяца"
    assert values.shown("12-31", Words("ru")) == "12-31"
    assert values.shown("13-45", Words("ru"), "date") == "13-45"


@pytest.mark.parametrize(
    ("sentence", "russian"),
    [
        ("Возврат занимает до 10 рабочих дней.", "до 10 рабочих дней"),
        ("Мы работаем с 9:00 до 18:00.", "09:00–18:00"),
        ("A parcel may weigh up to 25 kg.", "до 25 кг"),
        ("The fee is 3%.", "3 %"),
        ("Доставка бесплатная.", "бесплатно"),
        ("Возврат оформляется в течение месяца.", "до 1 месяца"),
    ],
)
def test_what_is_read_in_answers_is_told_in_russian(sentence, russian):
    told = {plain(values.shown(fact.value.words, Words("ru"))) for fact in read(sentence, lexicon()).facts}
    assert russian in told


def test_slots_are_told_in_words():
    assert lexis.slot("refund_time", Words("en")) == "refund time"
    assert lexis.slot("refund_time", Words("ru")) == "срок возврата денег"
    assert lexis.slot("amount: courier parcel", Words("ru")) == "сколько: курьер, посылка"
    assert lexis.slot("my_own_slot", Words("ru")) == "my own slot"
    assert lexis.slot("ability", Words("en")) == "whether it can be done"


def test_a_word_cut_to_its_stem_ends_in_an_ellipsis():
    assert lexis.listed("refund кресл place=moscow", Words("ru")) == "возврат денег, кресл…, место: Москва"
    assert lexis.listed("ivan", Words("en")) == "ivan"
