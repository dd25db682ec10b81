"""The phrase language, and the lexicons that users extend."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import polars as pl
import pytest

from cs_audit.text.phrases import labels, says, versions
from cs_audit.text.phrases.lexicon import Index, lexicon
from cs_audit.text.phrases.pattern import phrase, plain

LISTS = {"staff": ["(manager|специалист*)"]}
MATCHES = [
    ("sorry", "We are SORRY!", "sorry"),
    ("извин*", "Извиняемся за задержку", "извиняемся"),
    ("(so|very)? sorry", "I'm so sorry", "so sorry"),
    ("(so|very)? sorry", "I'm sorry", "sorry"),
    ("каждому ... отделу", "каждому вашему новому большому отделу", "каждому вашему новому большому отделу"),
    ("из-за", "из за сбоя", "из за"),
    ("из-за", "из-за сбоя", "из-за"),
    ("т.к.", "так вышло, т. к. сбой", "т. к."),
    ("don't", "I dont know", "dont"),
    ("don't", "I don’t know", "don't"),
    ("we 'll", "we’ll see", "we'll"),
    ("^ no $", "Wait. No! Go.", "no"),
    ("^ no", "no way", "no"),
    ("no $", "I said no", "no"),
    ("# hours", "in 24 hours", "24 hours"),
    ("my * name", "my first name", "my first name"),
    ("call @staff", "call manager", "call manager"),
    ("@staff ответит", "Специалисты ответит", "специалисты ответит"),
    ("so+what", "so\nwhat", "so\nwhat"),
    ("read the manual", "read - the, manual", "read - the, manual"),
    ("ёлка", "Елка", "елка"),
    ("(a b|c) d", "c d", "c d"),
]
NO_MATCHES = [
    ("sorry", "sorrytown"),
    ("sorry", "unsorry"),
    ("извин*", "неизвиняемый"),
    ("каждому ... отделу", "каждому раз два три четыре пять отделу"),
    ("каждому ... отделу", "каждому. Нашему отделу"),
    ("так+как", "так, как вам удобно"),
    ("^ no $", "No way!"),
    ("^ no", "there is no way"),
    ("no $", "no way"),
    ("# hours", "many hours"),
    ("read the manual", "read. The manual"),
    ("read the manual", "read\n\nthe manual"),
    ("we 'll", "well"),
    ("my * name", "my name"),
]
MISTAKES = [
    ("(sorry", "a bracket is not closed"),
    ("sorry)", "has no place here"),
    ("(so|)? sorry", "an alternative has no word"),
    ("...", "an alternative has no word"),
    ("(so)?", "an alternative has no word"),
    ("#", "no word that must occur"),
    ("*", "no word that must occur"),
    ("ab*", "too short a beginning"),
    ("call @nobody", "there is no list @nobody"),
    ("a{2}", "is not part of the phrase language"),
    ("(^ no|yes)", "is not part of the phrase language"),
    ("[ab]c", "is not part of the phrase language"),
    ("", "an alternative has no word"),
]


@pytest.mark.parametrize(("source", "text", "quote"), MATCHES)
def test_a_phrase_matches(source, text, quote):
    found = phrase(source, LISTS).regex.search(plain(text).replace("\n\n", "¶¶"))
    assert found
    assert found[1] == quote


@pytest.mark.parametrize(("source", "text"), NO_MATCHES)
def test_a_phrase_does_not_match(source, text):
    assert not phrase(source, LISTS).regex.search(plain(text).replace("\n\n", "¶¶"))


@pytest.mark.parametrize(("source", "problem"), MISTAKES)
def test_a_mistake_is_named_with_its_phrase(source, problem):
    with pytest.raises(ValueError, match=re.escape(problem)) as found:
        phrase(source, LISTS)
    assert repr(source) in str(found.value) or repr(source.strip()) in str(found.value)


@pytest.mark.parametrize(("source", "text", "quote"), MATCHES)
def test_what_must_occur_is_found_wherever_a_phrase_matches(source, text, quote):
    made = phrase(source, LISTS)
    words = re.findall(r"[0-9a-zа-я]+", plain(text))
    assert quote
    assert Index([made]).at_hand(words) == {made}
    assert any(anchor in f" {' '.join(words)} " for anchor in made.anchors)


def test_the_longest_words_are_looked_for():
    assert phrase("(the|our) problem is not (mine|yours)").anchors == {
        " the problem is not mine ", " the problem is not yours ", " our problem is not mine ", " our problem is not yours ",
    }  # fmt: skip


def test_own_phrases_say_a_label():
    extra = {"apology": ["oopsie daisy"], "moved_away": ["(visit|open) our kiosk"]}
    assert [(each.label, each.quote) for each in says("Oopsie, daisy! Visit our kiosk.", "agent", extra)] == [
        ("apology", "Oopsie, daisy"),
        ("moved_away", "Visit our kiosk"),
    ]
    assert says("Oopsie, daisy!", "agent") == ()
    assert labels(pl.Series(["Oopsie daisy"]), "agent", extra)["apology"].to_list() == [True]


def test_own_phrases_of_a_label_that_stands_alone_stand_alone():
    extra = {"placeholder": ["our wizards are brewing"], "thanks_only": ["kudos"]}
    assert [each.label for each in says("Hi Kate, our wizards are brewing.", "agent", extra)] == ["placeholder"]
    assert says("Our wizards are brewing, the invoice 4411 for 30 EUR was corrected.", "agent", extra) == ()
    assert [each.label for each in says("Kudos!", "requester", extra)] == ["thanks_only"]


def test_an_unknown_label_is_named_with_the_nearest():
    with pytest.raises(ValueError, match="no label 'apologies'; did you mean 'apology'"):
        says("Sorry", "agent", {"apologies": ["oops"]})


def test_a_wrong_phrase_of_the_user_is_named():
    with pytest.raises(ValueError, match="bracket is not closed"):
        says("Sorry", "agent", {"apology": ["(oops"]})


def test_other_roles_say_nothing():
    assert says("You idiots! Sorry. Thanks!", "bot") == ()
    assert says("You idiots! Sorry. Thanks!", "system") == ()


def test_every_data_file_has_a_version():
    found = versions()
    names = {each.name.removesuffix(".toml") for each in files("cs_audit.text.phrases").joinpath("data").iterdir()}
    assert set(found) == names
    assert all(re.fullmatch(r"\d+\.\d+", each) for each in found.values())


def test_every_label_has_phrases_in_both_languages():
    for name in ("anyone", "agent", "requester"):
        table = tomllib.loads(files("cs_audit.text.phrases").joinpath("data", f"{name}.toml").read_text("utf-8"))
        for label, each in table.items():
            if isinstance(each, dict):
                sections = [each[key] for key in ("says", "bare", "alone") if key in each]
                assert all(section["en"] and section["ru"] for section in sections), label
                assert sections, label


def test_every_phrase_compiles():
    words = lexicon()
    phrases = {each for label in words.labels for each in (*label.positive, *label.others)}
    assert all(each.regex.groups == 1 for each in phrases | set(words.courtesies))
