"""What may leave in a prompt, and what may not."""

import pytest

from cs_audit.opinion.masks import Mask
from tests.patience import comes_to_an_end


@pytest.mark.parametrize(
    "number",
    [
        "+7 912 345-67-89", "+7 (912) 345-67-89", "8 800 555-35-35", "88005553535", "8-800-555-35-35", "(495) 123-45-67",
        "495 123 45 67", "123-45-67", "555-1234", "+1 555 0100 200", "+44 20 7946 0958", "020 7946 0958", "01.23.45.67.89",
        "(555) 123-4567", "5551234567", "900 123 456", "4276 1234 5678 9012", "+49\u00a030\u00a0901820", "123\u2011456\u20117890",
        "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    ],
)  # fmt: skip
def test_phone_and_other_long_numbers_are_hidden(number: str) -> None:
    assert Mask()(f"Call {number}, please.") == "Call [number 1], please."


@pytest.mark.parametrize(
    "kept",
    [
        "2 days", "10-14 days", "24/7", "9:00-18:00", "10.00-19.00", "10.00 – 19.00", "1 000 000 roubles", "12.5%",
        "31.12.2024", "2024-12-31", "31.12.2024 - 15.01.2025", "ISO 9001", "No. 48213", "15000", "from 9 to 18",
    ],
)  # fmt: skip
def test_what_answers_are_about_is_left(kept: str) -> None:
    assert Mask()(f"It is {kept} here.") == f"It is {kept} here."


@pytest.mark.parametrize(
    "address", ["ann.lee@mail.example", "ann+lee@sub.mail.example", "анна@почта.рф", "a@b", "Ann_Lee-1@mail.co.example"]
)
def test_e_mail_addresses_are_hidden(address: str) -> None:
    assert Mask()(f"Write to {address}.") == "Write to [e-mail 1]."


def test_the_same_address_or_number_has_the_same_name_in_all_texts() -> None:
    mask = Mask()
    assert mask("+7 912 345-67-89 or a@b.example") == "[number 1] or [e-mail 1]"
    assert mask("8 (912) 3456789, A@B.EXAMPLE, +7 495 111-22-33") == "[number 1], [e-mail 1], [number 2]"


def test_links_keep_their_path_alone() -> None:
    told = Mask()("See https://shop.example/returns?mail=ann%40mail.example&id=7#top now")
    assert told == "See https://shop.example/returns now"


@pytest.mark.parametrize("agent", ["olga.petrova", "Olga Petrova", "PETROVA OLGA", "olga.petrova@shop.example"])
def test_agents_are_hidden_by_any_of_their_names(agent: str) -> None:
    told = Mask([agent])("Olga said so. So did olga.petrova@shop.example and Petrova.")
    assert "lga" not in told
    assert "etrova" not in told


def test_a_word_that_is_no_name_in_the_text_is_left() -> None:
    assert Mask(["Returns Desk"])("All returns take 5 days at the desk.") == "All returns take 5 days at the desk."
    assert Mask(["ann"])("Cannot be planned. Annual fee.") == "Cannot be planned. Annual fee."
    assert Mask(["", " "])("All as it was.") == "All as it was."


@pytest.mark.parametrize(
    "piece", ["1 ", "1-", "a@", "a.", "(1", "+1", "https://a?", "1.1.2024 ", "1" * 7, "w" * 9 + "@"]
)
def test_long_texts_take_linear_time(piece: str) -> None:
    with comes_to_an_end():
        Mask(["olga.petrova"])(piece * (400_000 // len(piece)))
