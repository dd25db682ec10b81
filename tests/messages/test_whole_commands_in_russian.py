"""What commands print from beginning to end, with a Russian locale: no line of it is left in English."""

import re

import pytest
from bad_input.cases import CONFIG, EVENTS, put
from helpdesks.commands import configuration, pull
from helpdesks.harness import TOKEN, running
from helpdesks.vendors import VENDORS
from helpdesks.world import world
from sources.runner import run

from cs_audit.cli import guard
from cs_audit.reports.messages import in_language
from cs_audit.sources.web.errors import Transient
from cs_audit.sources.web.progress import Notice, Traffic, sentence
from cs_audit.sources.web.refusals import gave_up
from cs_audit.sources.web.retries import Spent
from cs_audit.sources.web.site import Site
from cs_audit.worded import worded

ENGLISH = re.compile(r"\b(the|is|are|no|not|and|of|to|with|has|have|was|Next|Report|hint|hours|known|closed|only)\b")
OWN_WORDS = re.compile(r"`[^`]*`|cs-audit .*|\"[^\"]*\"|\S*[./=_]\S*|\([^()]*\)|START END")
"""What is typed or quoted as it is."""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    put("desk.csv", EVENTS)
    put("cs-audit.toml", CONFIG)


def english_in(text):
    return [line for line in text.splitlines() if ENGLISH.search(OWN_WORDS.sub("", line))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "-o", "a.json"), "Дальше: cs-audit"),
        (("run", "desk.csv", "-o", "a.json"), "так сказано в [sources.desk]"),
        (("run", "-o", "a.json", "--until", "2020-01-01"), "Ничего не оценено"),
        (("init", "desk.csv", "--force"), "Записано: cs-audit.toml. Дальше:"),
        (("init", "--stdout"), "запишет это в cs-audit.toml"),
        (("doctor",), "с ошибкой: нет."),
        (("explain", "T-1"), "Дальше: cs-audit rules"),
        (("rules",), "Дальше: cs-audit rules"),
        (("rules", "RT101"), "Почему это важно"),
        (("schedule", "show", "office", "--year", "2026"), "рабочего времени"),
        (("schedule", "between", "office", "2026-01-12T08:00", "2026-01-12T12:30"), "пн 2026-01-12"),
        (("schedule", "add", "office", "2026-01-12T08:00", "60m"), "Дальше: cs-audit schedule show"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_a_command_says_nothing_in_english(arguments, said, capsys):
    ran = run(capsys, *arguments)
    assert said in ran.out + ran.err
    drafted = arguments == ("init", "--stdout")  # commented keys stay as they are
    assert english_in(ran.err if drafted else ran.err + ran.out) == []


@pytest.mark.usefixtures("desk")
def test_a_finished_audit_is_shown_and_compared_in_its_own_language(capsys):
    put("cs-audit.toml", CONFIG + '\n[audit]\nlanguage = "ru"\n')
    run(capsys, "run", "-o", "a.json")
    for arguments in (("report", "a.json", "-o", "a.md"), ("compare", "a.json", "a.json", "-o", "c.md")):
        ran = run(capsys, *arguments)
        assert (ran.code, english_in(ran.err)) == (0, [])
        assert "Дальше: cs-audit" in ran.err


def test_a_pull_and_a_doctor_who_asks_a_helpdesk_say_nothing_in_english(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    with running(VENDORS["zammad"], world(5)) as desk:
        config = configuration(desk, tmp_path)
        done = pull(config)
        assert re.search(r": прочитано \d+ обращени\w+, новых или изменённых: \d+", done.stderr)
        assert english_in(done.stderr) == []
        monkeypatch.setenv("DESK_TOKEN", TOKEN)
        told = run(capsys, "doctor", "-c", config).out
        assert "токен принят" in told
        assert english_in(told) == []
        monkeypatch.delenv("DESK_TOKEN")
        assert "переменная среды DESK_TOKEN не задана" in run(capsys, "doctor", "-c", config).out


def test_a_pull_that_waits_and_gives_up_says_so():
    trouble = Transient(worded("answered {status}{said}", status=503, said=" (busy)"), status=503, asked=60)
    error = gave_up(Spent(8, 61.4, trouble), Site("desk", "https://desk.example"), "desk: GET x", shrinkable=False)
    assert str(error.message) == (
        "gave up after 8 attempts and 61 s of waiting: the helpdesk answered 503 (busy) and asked to wait 60 s"
    )
    assert in_language(error.told, "ru") == (
        "desk: GET x: загрузка прекращена (8 попыток, ожидание 61 с): система поддержки ответила кодом 503 (busy) "
        "и попросила подождать 60 с"
    )
    notice = Notice("desk", Traffic(3, 2, 2_500_000, 4.0), 61.0, error.message)
    assert in_language(sentence(notice), "ru").startswith("desk: запросов 3, ответов 2, 2,5 МБ; ждём 61 с: загрузка")
    assert sentence(Notice("desk", Traffic(3, 2, 2_500_000))) == "desk: 2 answers to 3 requests, 2.5 MB"


@pytest.mark.parametrize(
    ("ends", "said", "code"), [(KeyboardInterrupt(), "прервано", 130), (RuntimeError("x"), "подсказка: это ошибка", 70)]
)
def test_an_interruption_and_a_defect_are_told(ends, said, code, monkeypatch, capsys):
    def broken(*_, **__):
        raise ends

    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    monkeypatch.setattr(guard, "app", broken)
    ran = run(capsys, "run")
    assert ran.code == code
    assert said in ran.err
