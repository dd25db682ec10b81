"""In which language people are spoken to, and how sentences carry what they were made of."""

import copy
import json
import pickle
import re
import subprocess
import sys
import tomllib

import pytest
from bad_input.cases import CONFIG, EVENTS, put
from sources.runner import run

from cs_audit.cli.language import of_environment
from cs_audit.reports.messages import in_language
from cs_audit.worded import joined, nearest, plural, reason_of, said, verbatim, worded


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put("desk.csv", EVENTS)
    put("cs-audit.toml", CONFIG)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LC_MESSAGES": "ru_RU.UTF-8", "LANG": "en_GB.UTF-8"}, "ru"),
        ({"LC_ALL": "C", "LC_MESSAGES": "ru_RU.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "RU"}, "ru"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(variables, language):
    assert of_environment(variables) == language


def of_configuration(language):
    put("cs-audit.toml", f'[audit]\nlanguage = "{language}"\ngoal = 200\n')


@pytest.mark.usefixtures("desk")
def test_an_option_beats_the_configuration_which_beats_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    of_configuration("en")
    assert "hint: write a number" in run(capsys, "run").err
    assert "подсказка: напишите число" in run(capsys, "run", "--language", "ru").err
    monkeypatch.setenv("LC_ALL", "C")
    of_configuration("ru")
    assert "подсказка: напишите число" in run(capsys, "run").err
    assert "hint: write a number" in run(capsys, "run", "--language", "en").err


@pytest.mark.usefixtures("desk")
def test_the_environment_speaks_where_nothing_else_does_and_for_one_command_only(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert "подсказка:" in run(capsys, "run", "nowhere.csv").err
    monkeypatch.setenv("LC_ALL", "C")
    assert "hint:" in run(capsys, "run", "nowhere.csv").err


@pytest.mark.usefixtures("desk")
def test_an_option_that_is_no_language_chooses_none(capsys):
    assert "hint: write en or ru" in run(capsys, "run", "--language", "de").err


@pytest.mark.usefixtures("desk")
def test_results_and_reports_do_not_depend_on_the_environment(capsys, monkeypatch, tmp_path):
    made = []
    for locale in ("C", "ru_RU.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        names = [tmp_path / f"{locale}.{form}" for form in ("json", "html", "md", "csv", "xml")]
        outputs = [part for name in names for part in ("-o", name)]
        ran = run(capsys, "run", "desk.csv", *outputs)
        made.append([name.read_bytes() for name in names])
        assert ("Дальше: cs-audit" in ran.err) == (locale != "C")
    assert made[0] == made[1]
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert json.loads(run(capsys, "doctor", "--format", "json").out)[0]["what"] == "configuration"
    assert run(capsys, "rules", "RT101", "--format", "md").out.startswith(
        "# first_reply (RT101, high)\n\nA requester waits"
    )


def test_english_needs_no_catalogue():
    program = (
        "import sys; from cs_audit.cli.guard import guarded; code = guarded(['run', 'nowhere.csv', '-f', 'x']);"
        "print('babel.messages' in sys.modules); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (2, ["False"]), done.stderr


def test_a_sentence_is_its_english_text_and_can_be_sent_to_another_process():
    made = worded("{n} of {name!r}", n=2, name="x")
    sent = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own
    for each in (made, sent, copy.deepcopy(made)):
        assert each == "2 of 'x'"
        assert json.dumps(each) == "\"2 of 'x'\""
        assert (each.template, each.fields) == ("{n} of {name!r}", {"n": 2, "name": "x"})


@pytest.mark.parametrize("data", ["{name}", "{0.__class__}", "{", "}}", "%(x)s", "\n{known}"])
def test_braces_in_data_mean_nothing(data):
    made = worded("there is no rule {name!r}", name=data)
    assert made == f"there is no rule {data!r}"
    assert in_language(made, "ru") == f"нет правила «{repr(data)[1:-1]}»"
    assert in_language(verbatim(data), "ru") == data
    assert in_language(joined([data, made], data), "ru").startswith(data * 2)


def test_a_quotation_stays_on_its_line():
    assert "\n" not in in_language(worded("there is no rule {name!r}", name="a\nerror[x]: b"), "ru")


def test_parts_of_a_sentence_are_told_in_its_language():
    inner = nearest("frist_reply", ["first_reply"], worded("known: {known}", known="x"))
    assert in_language(joined([inner, worded("unknown key")], "; "), "ru") == (
        "возможно, имелось в виду «first_reply»; неизвестный ключ"
    )
    assert in_language(said(ValueError(inner)), "ru") == "возможно, имелось в виду «first_reply»"
    assert (
        in_language(reason_of(FileNotFoundError(2, "No such file or directory")), "ru") == "нет такого файла или папки"
    )
    assert in_language(reason_of(OSError(99999, "Strange")), "ru") == "Strange"


@pytest.mark.parametrize(
    ("n", "ru"), [(1, "1 обращение"), (2, "2 обращения"), (5, "5 обращений"), (21, "21 обращение")]
)
def test_numbers_take_their_form(n, ru):
    assert in_language(plural("{n} ticket", "{n} tickets", n), "ru") == ru


def test_great_numbers_are_grouped_as_the_language_does():
    assert (
        worded("the answer has more than {most:,} bytes", most=1_000_000) == "the answer has more than 1,000,000 bytes"
    )
    assert in_language(worded("the answer has more than {most:,} bytes", most=1_000_000), "ru") == (
        "в ответе больше 1\xa0000\xa0000 байт"
    )


@pytest.mark.parametrize("files", [[], ["desk.csv"], ["asked.csv"]])
@pytest.mark.usefixtures("desk")
def test_init_drafts_the_same_configuration_in_either_language(capsys, monkeypatch, files):
    put("asked.csv", EVENTS.replace("Z", ""))
    drafts = {}
    for locale in ("C", "ru_RU.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        drafts[locale] = run(capsys, "init", *files, "--stdout").out
    english, russian = (tomllib.loads(each) for each in drafts.values())
    assert (english["audit"].pop("language"), russian["audit"].pop("language")) == ("en", "ru")
    assert (english["audit"].pop("title"), russian["audit"].pop("title")) == ("Support audit", "Аудит поддержки")
    assert english == russian
    comments = [line.partition("# ")[2] for line in drafts["ru_RU.UTF-8"].splitlines() if re.search("# .*[а-яё]", line)]
    assert len(comments) > 8
    assert not [each for each in comments if re.search(r"\b(the|is|are|not|write|like|it|what|of)\b", each)]
