"""Laws of the rules about words, through the whole chain: what is dressed otherwise is found all the same.

Desks are made of sentences from the tests of the phrases and of labelled answers, so that every rule finds something.
"""

import datetime as dt
import html
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from audit.desk import Desk, Drawer, all_targets, frame_of, standard_of
from bench.talk import generate
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_audit.audit import chain, texts
from cs_audit.audit.session import Order, run_audit
from cs_audit.audit.standard import TEXTS, Standard, Target, Window, Wording
from cs_audit.config import parse_config
from cs_audit.rules import all_rules

HERE = Path(__file__).parent
START = dt.datetime(2024, 3, 4, 8, tzinfo=dt.UTC)
RULES = tuple(rule for rule in all_rules().values() if rule.reads & TEXTS)
TOPICS = {rule.name for rule in RULES if rule.scope == "topic"}
FEW = settings(max_examples=max(settings.default.max_examples // 10, 10), deadline=None)

AGENT = """
We are checking your question and will be back soon.
Принято в работу, ответим в ближайшее время.
Unfortunately we can't refund this order.
Вернуть деньги мы не можем.
We do not ship to Malta, instead you could order through our partner.
I am sorry for the delay, the courier had an accident.
Не знаю, это не ко мне.
You should read the manual before you ask stupid questions.
Could you please send us your order number?
Пришлите, пожалуйста, номер телефона.
Please call our hotline.
Напишите нам в WhatsApp, пожалуйста.
We will call you back within an hour.
Завтра до 15:00 пришлём вам счёт.
A refund takes 5 working days.
A refund takes 14 working days.
Возврат денег занимает 10 дней.
Возврат денег занимает 30 дней.
Delivery costs 5 dollars.
Delivery costs 9 dollars.
You can return the shoes within 14 days.
You can return the shoes within 30 days.
The cause was a bug in the update of our server.
The parcel was sent yesterday.
""".strip().splitlines()
REQUESTER = """
How long does a refund take?
Сколько идёт возврат денег?
How much is the delivery?
Within how many days can I return the shoes?
Why was my payment declined?
This is outrageous, I have been waiting for three weeks!
Безобразие, третью неделю не могу добиться ответа!
I already told your colleague about this twice.
Я уже писал вам об этом вчера.
My order number is 4583921.
Мой телефон +7 912 345-67-89, звоните.
The kettle from order 7712345 leaks from the lid and smells of burnt plastic after boiling.
Стиральная машина из заказа 5512345 шумит при отжиме и течёт из-под дверцы.
Thanks!
The screen of my phone flickers when I open the camera.
""".strip().splitlines()
ACKNOWLEDGED = (
    "Thank you for contacting us. We have received your request. This is an automatic message, please do not reply."
)
GREETINGS = ("Hello!\n\n", "Good morning,\n\n", "Hi there,\n", "Здравствуйте!\n\n", "Добрый день!\n")
NAMES = ("Anna", "Tom", "Ольга", "Пётр", "Maria Petrova")
SIGNED = ("\n\nBest regards,\n{name}", "\n\nС уважением,\n{name}", "\n\n-- \n{name}")
HISTORY = (
    "\n\nOn Mon, 4 Mar 2024 at 09:12, Support <help@shop.example> wrote:\n> A refund takes 99 days, you idiots.\n> Sorry!",
    "\n\n-----Original Message-----\nFrom: Olga <olga@shop.example>\nSent: Monday, 4 March 2024 09:12\nTo: Ivan\nSubject: Re: order\n\nA refund takes 99 days. I already told you this twice!",
    "\n\nпн, 4 мар. 2024 г. в 09:12, Поддержка <help@shop.example>:\n> Возврат занимает 99 дней. Безобразие!",
)

Rows = list[dict[str, Any]]


def ticket(number: int, drawn: list[tuple[int, int, int]], asked: int, hour: int) -> Rows:
    """One ticket: what is asked first, then messages in turns of anybody, then solved."""
    now = START + dt.timedelta(hours=hour)
    fixed = {
        "ticket": f"T{number}",
        "requester": f"r{asked % 3}",
        "channel": ("email", "chat", "web")[asked % 3 - number % 2],
    }
    rows = [_said(fixed, now, REQUESTER[asked % len(REQUESTER)], "requester", fixed["requester"])]
    for who, what, gap in drawn:
        now += dt.timedelta(minutes=gap)
        if who == 0:
            rows.append(_said(fixed, now, REQUESTER[what % len(REQUESTER)], "requester", fixed["requester"]))
        elif who == 4:
            rows.append(_said(fixed, now, ACKNOWLEDGED, "agent", "robot"))
        else:
            rows.append(_said(fixed, now, AGENT[what % len(AGENT)], "agent", f"agent{who}"))
    last = {"kind": "status", "status": "solved", "author": "agent", "author_id": "agent1", "public": True}
    return [*rows, {**fixed, **last, "occurred_at": now + dt.timedelta(minutes=5)}]


def _said(fixed: dict[str, Any], now: dt.datetime, text: str, author: str, who: str) -> dict[str, Any]:
    told = {"author": author, "author_id": who, "public": True, "automatic": False, "text": text}
    return {**fixed, "occurred_at": now, "kind": "message", **told}


_MESSAGE = st.tuples(st.integers(0, 4), st.integers(0, 23), st.integers(1, 3000))
_TICKET = st.tuples(st.lists(_MESSAGE, max_size=6), st.integers(0, 14), st.integers(0, 200))
desks = st.lists(_TICKET, min_size=2, max_size=8).map(
    lambda drawn: [ticket(number, *each) for number, each in enumerate(drawn)]
)
randoms = st.randoms(use_true_random=False)
Desks = list[Rows]


def standard() -> Standard:
    """All rules that read texts, with a declared fact, and promises judged."""
    targets = {**all_targets(dt.timedelta(hours=8)), "promise_kept": Target(recorded=True)}
    return standard_of(targets, rules=RULES, wording=Wording(facts={"refund_time": "10 days"}))


def audited(desk: Desks) -> Drawer:
    """Everything the chain says of a desk."""
    rows = [{**row, "row": place} for place, row in enumerate(itertools.chain(*desk))]
    drawer = Drawer()
    with TemporaryDirectory() as folder:
        chain.audit(
            [Desk(frame_of(rows))], standard(), Window(as_of=START + dt.timedelta(days=60)), Path(folder), drawer
        )
    return drawer


def told(drawer: Drawer, names: dict[str, str] | None = None) -> tuple[list[Any], list[Any], list[Any]]:
    """What is found, however it is quoted: rule, ticket and time; slot, values and counts; the verdicts."""
    names = names or {}
    marks = drawer.marks()
    found = [
        (row["rule"], names.get(row["ticket"], row["ticket"]), row["occurred_at"])
        for row in marks
        if row["rule"] not in TOPICS
    ]
    claims = [(row["rule"], *_claimed(json.loads(row["evidence"]))) for row in marks if row["rule"] in TOPICS]
    spans = [
        (
            row["rule"],
            names.get(row["ticket"], row["ticket"]),
            row["began_at"],
            row["ended_at"],
            row["due_at"],
            row["outcome"],
        )
        for row in drawer.rows()
    ]
    return sorted(found), sorted(claims, key=repr), sorted(spans, key=repr)


def _claimed(evidence: Rows) -> tuple[Any, ...]:
    *sides, why = evidence
    counted = sorted(
        (each["value"], each["conversations"], each["agents"], each["channels"], each["first_at"], each["last_at"])
        for each in sides
    )
    return why["slot"], why["kind"], counted


def rewritten(desk: Desks, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Desks:
    """The desk with every message changed."""
    return [[change(row) if row["kind"] == "message" else row for row in each] for each in desk]


def with_text(row: dict[str, Any], text: str) -> dict[str, Any]:
    return {**row, "text": text}


@FEW
@given(desks, randoms)
def test_a_greeting_changes_no_finding_about_a_ticket_or_a_requester(desk: Desks, random: Random) -> None:
    greeted = rewritten(desk, lambda row: with_text(row, random.choice(GREETINGS) + row["text"]))
    (found, _, spans), (others, _, other_spans) = told(audited(greeted)), told(audited(desk))
    assert (found, spans) == (others, other_spans)


@FEW
@given(desks, st.sampled_from(GREETINGS))
def test_one_greeting_everywhere_changes_no_finding(desk: Desks, greeting: str) -> None:
    greeted = rewritten(desk, lambda row: with_text(row, greeting + row["text"]))
    assert told(audited(greeted)) == told(audited(desk))


def test_greetings_that_sort_replies_otherwise_change_no_contradiction() -> None:
    """Two agents say five days, one when nobody asked for it; which of them is compared depends on their greetings."""
    answers = [(REQUESTER[10], "A refund takes 5 working days."),
               ("Сколько идёт возврат денег?", "A refund takes 5 working days."),
               (REQUESTER[6], "A refund takes 14 working days.")]  # fmt: skip

    def greeted(*greetings: str) -> list[Any]:
        desk = []
        for place, ((question, answer), greeting) in enumerate(zip(answers, greetings, strict=True)):
            fixed = {"ticket": f"T{place}", "requester": f"r{place}", "channel": "email"}
            asked = _said(fixed, START, question, "requester", f"r{place}")
            desk.append([asked, _said(fixed, START + dt.timedelta(hours=1), greeting + answer, "agent", f"a{place}")])
        return told(audited(desk))[1]

    plain = greeted("", "", "")
    assert all(greeted(*each) == plain for each in itertools.product(GREETINGS, repeat=3))


def signed(desk: Desks, how: list[str], names: list[str]) -> Desks:
    """The desk, its people's messages signed with these names in turn."""
    turns = zip(itertools.cycle(how), itertools.cycle(names), strict=False)
    return rewritten(
        desk,
        lambda row: row if row["author_id"] == "robot" else with_text(row, row["text"] + _signature(*next(turns))),
    )


def _signature(how: str, name: str) -> str:
    return how.format(name=name)


SIGNATURES = st.lists(st.sampled_from(SIGNED), min_size=1, max_size=3)
OTHER_NAMES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4)


@FEW
@given(desks, SIGNATURES, OTHER_NAMES, OTHER_NAMES)
def test_another_name_in_the_signature_changes_no_finding(
    desk: Desks, how: list[str], one: list[str], other: list[str]
) -> None:
    assert told(audited(signed(desk, how, one))) == told(audited(signed(desk, how, other)))


@FEW
@given(desks, SIGNATURES, OTHER_NAMES)
def test_a_signature_introduces_who_takes_over_and_changes_nothing_else(
    desk: Desks, how: list[str], names: list[str]
) -> None:
    found, *rest = told(audited(desk))
    assert told(audited(signed(desk, how, names))) == (
        [each for each in found if each[0] != "handed_over_without_introduction"],
        *rest,
    )


@FEW
@given(desks, st.permutations(["agent1", "agent2", "agent3"]))
def test_other_names_of_agents_change_no_finding(desk: Desks, names: list[str]) -> None:
    new = dict(zip(["agent1", "agent2", "agent3"], [f"{each} Smith" for each in names], strict=True))
    renamed = [[{**row, "author_id": new.get(row["author_id"], row["author_id"])} for row in each] for each in desk]
    assert told(audited(renamed)) == told(audited(desk))


@FEW
@given(desks, st.sets(st.integers(100, 999), min_size=8, max_size=8).map(sorted), st.integers(10_000, 99_999))
def test_other_numbers_of_tickets_change_no_finding(desk: Desks, numbers: list[int], step: int) -> None:
    """In the same order: of what one person says in two tickets at one instant, the ticket's name says what came first.

    Names sort as text, so all numbers of one desk have as many digits.
    """

    def other_number(place: int) -> int:
        return 100_000_000 + numbers[place] * step

    def numbered(number: Callable[[int], int]) -> Desks:
        return [
            [
                {**row, "ticket": f"T{number(place)}", "text": f"Ticket #{number(place)}: {row['text']}"}
                if row["kind"] == "message"
                else {**row, "ticket": f"T{number(place)}"}
                for row in each
            ]
            for place, each in enumerate(desk)
        ]

    plain, other = numbered(lambda place: 50_000 + place), numbered(other_number)
    back = {f"T{other_number(place)}": f"T{50_000 + place}" for place in range(len(desk))}
    assert told(audited(other), back) == told(audited(plain))


@FEW
@given(desks, randoms)
def test_the_order_of_tickets_changes_no_finding(desk: Desks, random: Random) -> None:
    assert told(audited(random.sample(desk, len(desk)))) == told(audited(desk))


def put(desk: Desks, event: dict[str, Any], random: Random) -> Desks:
    """The desk with one more event somewhere after a ticket's first, at the instant of an earlier one."""
    place = random.randrange(len(desk))
    at = random.randrange(1, len(desk[place]) + 1)
    before = desk[place][at - 1]
    same = {name: before[name] for name in ("ticket", "requester", "channel", "occurred_at")}
    return [*desk[:place], [*desk[place][:at], {**same, **event}, *desk[place][at:]], *desk[place + 1 :]]


@FEW
@given(desks, st.sampled_from([*AGENT, *REQUESTER]), st.sampled_from(["agent", "bot", "requester"]), randoms)
def test_an_automatic_message_changes_no_finding(desk: Desks, text: str, author: str, random: Random) -> None:
    event = {"kind": "message", "author": author, "author_id": "machine", "public": True, "text": text}
    more = put(desk, {**event, "automatic": True, "automatic_reason": "source"}, random)
    assert told(audited(more)) == told(audited(desk))


@FEW
@given(desks, st.sampled_from(AGENT), randoms)
def test_an_internal_note_changes_no_finding(desk: Desks, text: str, random: Random) -> None:
    note = {"kind": "message", "author": "agent", "author_id": "agent9", "public": False, "automatic": False}
    assert told(audited(put(desk, {**note, "text": text}, random))) == told(audited(desk))


@FEW
@given(desks, randoms)
def test_quoted_history_below_changes_no_finding(desk: Desks, random: Random) -> None:
    quoting = rewritten(desk, lambda row: with_text(row, row["text"] + random.choice(HISTORY)))
    assert told(audited(quoting)) == told(audited(desk))


def as_html(text: str) -> str:
    """The text as mail programs write it."""
    lines = "".join(f"<p>{html.escape(line) or '&nbsp;'}</p>" for line in text.split("\n"))
    return f'<html><head><style>p {{margin: 0}}</style></head><body><div class="x">{lines}</div></body></html>'


@FEW
@given(desks, randoms)
def test_html_changes_no_finding(desk: Desks, random: Random) -> None:
    dressed = rewritten(desk, lambda row: with_text(row, random.choice(GREETINGS) + row["text"]))
    marked = rewritten(dressed, lambda row: with_text(row, as_html(row["text"])))
    assert told(audited(marked)) == told(audited(dressed))


def test_desks_of_the_laws_have_findings_of_every_rule() -> None:
    random = Random(5)  # noqa: S311 - the same desk every time
    drawn = [
        (
            [(random.randrange(5), random.randrange(24), random.randrange(1, 3000)) for _ in range(5)],
            random.randrange(15),
            random.randrange(200),
        )
        for _ in range(60)
    ]
    found, claims, spans = told(audited([ticket(number, *each) for number, each in enumerate(drawn)]))
    seen = {each[0] for each in (*found, *claims)} | {each[0] for each in spans if each[-1] == "breached"}
    assert seen == {rule.name for rule in RULES}


# The same bytes, however it is run.

CHAIN = """
import json, sys
from pathlib import Path
from cs_audit.audit import chain, gathered, spool
from cs_audit.audit.session import Order, run_audit
from cs_audit.audit.standard import Window
from cs_audit.config import load_config
config, buckets, held, out = sys.argv[1:]
def small(folder, rows_held=0, buckets=0, *, key="ticket", number=int(buckets), rows=int(held)):
    return spool.Spool(folder, rows, number, key=key)
gathered.Spool = small
import cs_audit.audit.across as across
across.Spool = small
made = run_audit(Order(load_config(Path(config)), Window()))
Path(out).write_text(json.dumps(made, ensure_ascii=False), "utf-8")
"""
CONFIG = """
[sources.desk]
type = "csv"
path = "log.csv"
rows = "events"
columns = { event = "event", ticket = "ticket", occurred_at = "occurred_at", kind = "kind", author = "author", author_id = "author_id", requester = "requester", agent = "agent", channel = "channel", public = "public", status = "status", text = "text" }
[[policies]]
name = "All"
schedule = "24/7"
targets = { first_reply = "60m", promise_kept = "promised" }
[policy_facts]
refund_time = "10 days"
"""


@cache
def talk() -> str:
    with TemporaryDirectory() as folder:
        generate(1500, Path(folder) / "log.csv")
        return (Path(folder) / "log.csv").read_text("utf-8")


def audits(tmp_path: Path, *runs: tuple[int, int, int]) -> list[bytes]:
    """audit.json under these hash seeds, with these numbers of buckets and of rows held in memory."""
    (tmp_path / "log.csv").write_text(talk(), "utf-8")
    (tmp_path / "cs-audit.toml").write_text(CONFIG, "utf-8")
    made = []
    for seed, buckets, held in runs:
        out = tmp_path / f"{seed}.json"
        command = [sys.executable, "-c", CHAIN, str(tmp_path / "cs-audit.toml"), str(buckets), str(held), str(out)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": str(seed)}, cwd=HERE.parents[1])
        made.append(out.read_bytes())
    return made


def test_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    made = audits(tmp_path, (0, 3, 400), (1, 3, 400), (4242, 3, 400))
    assert made[0] == made[1] == made[2]
    found = {each["rule"] for each in json.loads(made[0])["findings"]}
    assert {"contradicting_answers", "requester_repeats_himself", "rude_reply", "unmarked_automatic"} & found


def test_buckets_change_nothing_but_which_histories_are_shown(tmp_path: Path) -> None:
    """Tickets shown with their events are still those that some part of the input had among its own worst."""
    made = [json.loads(each) for each in audits(tmp_path, (0, 1, 10**6), (1, 3, 400), (4242, 7, 100))]
    for each in made:
        assert each.pop("histories")
    assert made[0] == made[1] == made[2]


# Texts that nobody asks for.


def configured(folder: Path, **tables: Any) -> dict[str, Any]:
    """Two rules that read no text, on a log with texts."""
    (folder / "log.csv").write_text(talk(), "utf-8")
    columns = {name: name for name in talk().partition("\n")[0].strip().split(",")}
    made = run_audit(
        Order(
            parse_config(
                {
                    "sources": {"desk": {"type": "csv", "path": "log.csv", "rows": "events", "columns": columns}},
                    "policies": [{"name": "All", "schedule": "24/7", "targets": {"first_reply": "60m"}}],
                    **tables,
                },
                folder=folder,
            ),
            Window(),
        )
    )
    return {name: made[name] for name in ("counts", "results", "findings")}


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("a text was read")


def test_without_a_rule_that_reads_texts_none_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unread = [name for name, rule in all_rules().items() if not rule.reads & TEXTS]
    expected = configured(tmp_path, rules={"select": unread})
    for name in ("read_texts", "own_words", "plain_texts", "repetition"):
        monkeypatch.setattr(texts, name, _refuse)
    assert configured(tmp_path, rules={"select": unread}) == expected
    for reading in ("rude_reply", "unmarked_automatic", "contradicting_answers"):
        with pytest.raises(AssertionError, match="a text was read"):
            configured(tmp_path, rules={"select": [*unread, reading]})


def test_without_a_rule_that_reads_texts_their_column_is_not_taken_from_the_file(tmp_path: Path) -> None:
    config = parse_config(
        {
            "sources": {"desk": {"type": "csv", "path": "log.csv", "columns": {"ticket": "ticket", "text": "text"}}},
            "rules": {"select": [name for name, rule in all_rules().items() if not rule.reads & TEXTS]},
        },
        folder=tmp_path,
    )
    assert "text" not in Order(config, Window()).needs
