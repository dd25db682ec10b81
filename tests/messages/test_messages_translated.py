"""Whatever cs-audit says of its own work can be said in Russian: errors, hints, notes, progress."""

import ast
import datetime as dt
import re
import string

import pytest
from babel.messages.pofile import read_po
from messages.templates_in_code import PACKAGE, called, sources, templates

from cs_audit import errors
from cs_audit.reports.files import template_dir
from cs_audit.reports.messages import MESSAGES, in_language
from cs_audit.sources.helpdesks import TYPES, connector_of
from cs_audit.worded import FOREIGN, plural, worded

PRINTERS = {"print", "echo", "write", "say"}
SHOWN_AS_IT_IS = re.compile(r"(cs-audit |error\[|(internal)?\]: |::warning title=cs-audit::|-> |\s)*")
"""What is printed in any language: the program's name, an error's slug, a command of a pipeline."""


def catalogue():
    with (template_dir() / "messages" / f"ru{MESSAGES}.po").open("rb") as file:
        return read_po(file, locale="ru")


def sentences():
    return {each for _, each in templates()} | {(each,) for each in FOREIGN}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def samples(text):
    """A value for each field of a template, as its form demands."""
    values = {}
    for _, name, form, conversion in string.Formatter().parse(text):
        if name:
            date, number = "%" in (form or ""), bool(form)
            values[name] = dt.datetime(2026, 1, 2, tzinfo=dt.UTC) if date else 3 if number else f"<{name}{conversion}>"
    return values


def test_every_sentence_is_a_literal():
    assert [place for place, each in templates() if each is None] == []
    assert len(sentences()) > 500


def test_every_sentence_has_a_russian_translation_and_no_translation_is_left_over():
    known = {}
    for message in catalogue():
        if message.id:
            translated = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(translated), message.id
            assert not message.fuzzy, message.id
            known[message.id if isinstance(message.id, tuple) else (message.id,)] = translated
    assert sentences() - set(known) == set()
    assert set(known) - sentences() == set()


def test_translations_tell_the_same_facts():
    for message in catalogue():
        if message.id:
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            original = message.id[1] if isinstance(message.id, tuple) else message.id
            assert [fields(each) for each in forms] == [fields(original)] * len(forms), message.id


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_sentence_can_be_made_in_every_language(language):
    for each in sentences():
        values = {name: value for name, value in samples(each[-1]).items() if name != "n" or len(each) == 1}
        made = worded(each[0], **values) if len(each) == 1 else plural(*each, 5, **values)
        told = in_language(made, language)
        assert not re.search(r"\{\w+[!:}]", told), each
        for value in values.values():
            assert not isinstance(value, str) or value in told, each


def test_every_error_takes_sentences_that_can_be_translated():
    """The type checker, which another test runs, then refuses bare texts where errors are raised."""
    kinds = [errors.AuditError]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        taken = kind.__init__.__annotations__
        assert (taken["message"], taken["hint"]) == ("Worded", "Worded"), kind


def test_only_defects_and_things_to_type_are_told_word_for_word():
    found = []
    for path, tree in sources():
        defects = {id(part) for node in ast.walk(tree) if called(node) == "AuditError" for part in ast.walk(node)}
        for node in ast.walk(tree):
            if called(node) == "verbatim" and id(node) not in defects:
                pieces = node.args[0].values if isinstance(node.args[0], ast.JoinedStr) else node.args
                texts = [each.value for each in pieces if isinstance(each, ast.Constant)]
                prose = [each for each in texts if re.search(r"[a-z]+ [a-z]+ [a-z]+", each)]
                found += [(path.name, each) for each in prose if "cs-audit" not in each]
    assert found == []


def test_every_line_that_a_command_prints_goes_through_the_catalogues():
    found = []
    for path, tree in sources():
        if path.parent == PACKAGE / "cli":
            for node in ast.walk(tree):
                if called(node) in PRINTERS:
                    found += [(path.name, each) for part in node.args for each in bare_texts(part)]
    assert found == []


def bare_texts(node):
    """Words printed as they are: literals that neither become a sentence nor are keys, options or file names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if not SHOWN_AS_IT_IS.fullmatch(node.value) and re.search(r"[A-Za-z]{2}", node.value):
            yield node.value
    elif called(node) in ("", "plain", "shown", "join", "ljust"):
        parts = [node.value] if isinstance(node, ast.FormattedValue | ast.Subscript) else ast.iter_child_nodes(node)
        for each in parts:
            yield from bare_texts(each)


def test_what_helpdesks_cannot_show_holds_no_fields():
    for kind in TYPES:
        assert not re.search(r"[{}]", str(dict(connector_of(kind).unseen))[1:-1])


def test_places_are_keys_options_and_files_or_sentences():
    found = []
    for path, tree in sources():
        places = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "where"]
        for place in places:
            pieces = place.values if isinstance(place, ast.JoinedStr) else [place]
            texts = [each.value for each in pieces if isinstance(each, ast.Constant)]
            found += [(path.name, each) for each in texts if re.search(r"(?<![-.\w])[a-z]{3,} ", str(each))]
    assert found == []
