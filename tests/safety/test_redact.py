"""With --redact nobody can be told from any output, and no number changes."""

import csv
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout

import pytest

from cs_audit.audit.export import Export
from cs_audit.cli.guard import guarded
from cs_audit.errors import UsageError
from cs_audit.redact.key import VARIABLE, find_key
from cs_audit.redact.masks import luhn, masked
from cs_audit.redact.names import Names
from cs_audit.redact.redaction import Redaction
from tests.patience import comes_to_an_end

KEY = "a key that nobody guesses"
AGENTS = ("Olga Markedova", "ivan.quixote@marked.example", "agent-zelda")
REQUESTERS = ("Пётр Ламанчский", "sancho@marked.example", "+7 912 345-67-89", "Teresa Panzaro")
COMPANY = "Dulcinea Ltd"
NUMBERS = "Card 4111 1111 1111 1111, passport 45 10 123456, call +7 (912) 345-67-89 or 8-800-555-35-35."
MARKS = re.compile(
    r"markedov|quixote|zelda|ламанч|sancho|panzar|teresa|dulcinea|marked\.example|tolosa|4111 ?1111|123456|912.{0,3}345|555-35",
    re.IGNORECASE,
)
COLUMNS = ("ticket", "occurred_at", "kind", "author", "author_id", "channel", "channel_detail", "status", "team", "agent",
           "requester", "organization", "account_manager", "tags", "subject", "text", "url")  # fmt: skip
CONFIG = """
[audit]
title = "Desk of Olga Markedova"
[sources.desk]
type = "jsonl"
path = "olga markedova.jsonl"
rows = "events"
columns = { COLUMNS }
values.author = { "Olga Markedova" = "agent", "system" = "system" }
[automatic]
author_ids = ["quixote-bot"]
text = ["Olga Markedova is away", "Teresa Panzaro liest"]
[schedules.office]
hours = { mon-fri = ["09:00-18:00"] }
[[policies]]
name = "For Dulcinea Ltd"
match = { organization = ["Dulcinea Ltd"] }
schedule = "office"
targets = { first_reply = "1h", resolution = "2h" }
[[exclude]]
name = "Tests of Teresa Panzaro"
match = { requester = ["Teresa Panzaro"] }
[[ignore]]
rule = "first_reply"
ticket = "sancho@marked.example/3"
reason = "Olga Markedova was ill"
until = 2027-12-31
[text.phrases]
rude = ["do not write to me"]
"""
SAID = f"Olga, do not write to me about {COMPANY}! Передайте Петру Ламанчскому. {NUMBERS} Mail sancho@marked.example"


def rows():
    for number in range(24):
        agent, requester = AGENTS[number % 3], REQUESTERS[number % 4]
        ticket = f"{requester}/{number}" if number % 8 in (1, 3) else f"INC-2026-{number:06}"
        days = 14 if number % 2 else 30
        base = {"ticket": ticket, "channel": "email", "channel_detail": requester, "team": f"Team of {agent}",
                "agent": agent, "requester": requester, "organization": COMPANY, "account_manager": "La Tolosa", "tags": requester,
                "subject": SAID, "url": f"https://desk.example/{requester}"}  # fmt: skip
        at = f"2026-03-{2 + number:02}T"
        asked = f"How many days do I have to return an item? {NUMBERS} {requester}"
        answer = f"You can return an item within {days} days, dear {requester} of {COMPANY}."
        yield {
            **base,
            "occurred_at": at + "09:00:00Z",
            "kind": "message",
            "author": "requester",
            "author_id": requester,
            "text": asked,
        }
        yield {
            **base,
            "occurred_at": at + "15:00:00Z",
            "kind": "message",
            "author": "agent",
            "author_id": agent,
            "text": f"{answer} {SAID}",
        }
        yield {
            **base,
            "occurred_at": at + "16:00:00Z",
            "kind": "status",
            "author": "agent",
            "author_id": agent,
            "status": "solved",
        }
        yield {
            **base,
            "occurred_at": at + "17:00:00Z",
            "kind": "message",
            "author": "requester",
            "author_id": requester,
            "text": SAID,
        }
        if number == 23:
            yield {**base, "occurred_at": "Olga Markedova", "kind": "Teresa Panzaro", "author": "requester"}


def said(*arguments):
    """The exit code, and all that a command prints."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = guarded([str(each) for each in arguments])
    return code, out.getvalue() + err.getvalue()


def run(folder, name, *options):
    made = folder / name
    reports = [part for end in ("html", "md", "csv", "json", "xml") for part in ("-o", made / f"a.{end}")]
    files = ["--verdicts", made / "v.csv", "--findings", made / "f.jsonl"]
    code, told = said("run", "-c", folder / "cs-audit.toml", "-v", *reports, *files, *options)
    assert code == 3, told
    (made / "terminal.txt").write_text(told, "utf-8")
    return {path.name: path.read_text("utf-8") for path in sorted(made.iterdir())}


@pytest.fixture(scope="module")
def desk_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    lines = [json.dumps(row, ensure_ascii=False) for row in rows()]
    (folder / "olga markedova.jsonl").write_text("\n".join(lines), "utf-8")
    columns = ", ".join(f'{name} = "{name}"' for name in COLUMNS)
    (folder / "cs-audit.toml").write_text(CONFIG.replace("COLUMNS", columns), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(desk_folder):
    """What a run writes and prints: as it is, with all texts; the same redacted, twice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, KEY)
        hidden = [run(desk_folder, name, "--show-text", "--redact") for name in ("one", "two")]
    return run(desk_folder, "plain", "--show-text"), *hidden


OUTPUTS = ("a.html", "a.md", "a.csv", "a.json", "a.xml", "v.csv", "f.jsonl", "terminal.txt")


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_names_anybody(made, name):
    plain, hidden, _ = made
    assert MARKS.search(plain[name]) or name in ("a.xml", "terminal.txt")
    assert not MARKS.findall(hidden[name])


def test_every_output_of_another_run_is_the_same(made):
    _, one, two = made
    for name in OUTPUTS[:-1]:
        assert one[name] == two[name], name


def test_pseudonyms_are_the_same_in_all_outputs(made):
    _, hidden, _ = made
    olga = Redaction(KEY.encode()).person(AGENTS[0])
    for name in ("a.html", "a.md", "a.csv", "a.json", "v.csv", "f.jsonl"):
        assert olga in hidden[name], name
    agents = {row["agent"] for row in csv.DictReader(io.StringIO(hidden["v.csv"]))}
    assert agents == {Redaction(KEY.encode()).person(each) for each in AGENTS}
    assert set(json.loads(hidden["a.json"])["results"][0]["by"]["agent"]) == agents


def test_reports_say_that_people_are_hidden_and_by_which_key(made):
    _, hidden, _ = made
    shown = Redaction(KEY.encode()).shown
    key = shown["key"]
    assert json.loads(hidden["a.json"])["redacted"] == shown
    assert f"pseudonyms of the key {key}" in hidden["a.html"]
    assert f"pseudonyms of the key {key}" in hidden["a.md"]


def numbers(value):
    """All that is no text, with the number of things in every group."""
    if isinstance(value, dict):
        return sorted((numbers(each) for each in value.values()), key=repr)
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return None if isinstance(value, str) or value is None else value


def test_no_number_and_no_verdict_changes(made):
    plain, hidden, _ = (json.loads(each["a.json"]) for each in made)
    assert hidden.pop("redacted")
    assert numbers(plain) == numbers(hidden)
    names = ("rule", "outcome", "began_at", "ended_at", "due_at", "elapsed_seconds", "limit_seconds", "reason")
    told = [
        sorted(tuple(row[each] for each in names) for row in csv.DictReader(io.StringIO(each["v.csv"])))
        for each in made[:2]
    ]
    swapped = [[tuple(cell.partition(":")[0] for cell in row[-1:]) + row[:-1] for row in each] for each in told]
    assert sorted(swapped[0]) == sorted(swapped[1])


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize("ticket", ["INC-2026-000000", "sancho@marked.example/1"])
def test_an_explanation_names_nobody(desk_folder, ticket, form, monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    arguments = ("explain", ticket, "-c", desk_folder / "cs-audit.toml", "--format", form)
    assert MARKS.search(said(*arguments)[1])
    code, told = said(*arguments, "--redact")
    assert code == 0
    assert not MARKS.findall(told)
    assert Redaction(KEY.encode()).person(REQUESTERS[0 if "INC" in ticket else 1]) in told


def test_no_ticket_is_offered_whose_number_names_somebody(desk_folder, monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    arguments = ("explain", "sancho@marked.example/99", "-c", desk_folder / "cs-audit.toml")
    assert "did you mean 'sancho@marked.example/9'" in said(*arguments)[1]
    assert "did you mean" not in said(*arguments, "--redact")[1]


@pytest.mark.parametrize("form", ["html", "md", "csv", "json", "xml"])
@pytest.mark.usefixtures("made")
def test_a_finished_audit_can_be_redacted_when_it_is_rendered_again(desk_folder, form, monkeypatch):
    monkeypatch.setenv(VARIABLE, KEY)
    told = said("report", desk_folder / "plain" / "a.json", "--redact", "-o", "-", "-f", form)
    assert not MARKS.findall(told[1])
    again = said("report", desk_folder / "one" / "a.json", "--redact", "-o", "-", "-f", form)
    assert again == said("report", desk_folder / "one" / "a.json", "-o", "-", "-f", form)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_tables_of_nothing_are_written_redacted_too(tmp_path, suffix):
    files = [tmp_path / f"{name}{suffix}" for name in "vf"]
    Export(tmp_path, *files).close(Redaction(KEY.encode()))
    assert all(file.exists() for file in files)


def test_a_key_is_made_once_for_its_owner_alone_and_then_kept(tmp_path):
    key, note = find_key(tmp_path, {})
    assert str(tmp_path) in note
    assert find_key(tmp_path, {}) == (key, "")
    assert len(key) >= 32
    assert (tmp_path / ".cs-audit" / "redact.key").stat().st_mode & 0o077 == 0
    assert find_key(tmp_path, {VARIABLE: KEY}) == (KEY.encode(), "")


def test_runs_that_make_a_key_at_once_have_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: find_key(tmp_path, {})[0], range(32)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / ".cs-audit").iterdir()] == ["redact.key"]


def test_a_key_that_cannot_be_kept_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / ".cs-audit").write_text("a file", "utf-8")
    with pytest.raises(UsageError, match="key of pseudonyms") as caught:
        find_key(tmp_path, {})
    assert VARIABLE in caught.value.hint


@pytest.mark.usefixtures("made")
def test_a_short_key_is_refused(desk_folder, monkeypatch):
    monkeypatch.setenv(VARIABLE, "secret")
    code, told = said("report", desk_folder / "plain" / "a.json", "--redact")
    assert code == 2
    assert VARIABLE in told


def test_another_key_gives_other_pseudonyms():
    one, other = Redaction(KEY.encode()), Redaction(b"another key, as long")
    assert one.person("Olga") != other.person("Olga")
    assert one.person("Olga") == Redaction(KEY.encode()).person("Olga") != one.person("olga")
    assert re.fullmatch("person-[0-9a-f]{10}", one.person("Olga"))
    assert one.person(one.person("Olga")) == one.person("Olga")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4111 1111 1111 1111", "[card]"), ("5500-0000-0000-0004", "[card]"), ("378282246310005", "[card]"),
        ("45 10 123456", "[passport]"), ("4510 123456", "[passport]"), ("AB1234567", "[passport]"), ("C 1234567", "[passport]"),
        ("+7 912 345-67-89", "[phone]"), ("8 (800) 555-35-35", "[phone]"), ("020 7946 0958", "[phone]"),
        ("a.b+c@mail.example", "[e-mail]"), ("1 000 000", "1 000 000"), ("2026-03-02 09:00", "2026-03-02 09:00"),
        ("10.00-19.00", "10.00-19.00"), ("No. 48213", "No. 48213"),
    ],
)  # fmt: skip
def test_numbers_that_give_people_away_are_masked_by_kind(text, shown):
    assert masked(f"It is {text} here.", lambda kind, _: f"[{kind}]") == f"It is {shown} here."


@pytest.mark.parametrize(("digits", "good"), [("4111111111111111", True), ("4111111111111112", False), ("0", True)])
def test_the_last_digit_checks_a_card(digits, good):
    assert luhn(digits) is good


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Olga Petrova", "Olga said so"), ("Olga Petrova", "ask olga petrova"), ("Olga Petrova", "Petrova, Olga"),
        ("olga.petrova@shop.example", "Thank you, Olga"), ("Ольга Петрова", "спросите Ольгу Петрову"),
        ("Иван Петров", "с Иваном Петровым"), ("agent_7x", "agent_7x wrote"), ("4583921", "number 4583921"),
        ("Пётр", "у Петра"),
    ],
)  # fmt: skip
def test_known_people_are_found_in_any_case_and_by_parts_of_their_names(name, text):
    hidden = Names([name], lambda _: "[X]").without(text)
    assert "[X]" in hidden
    assert not re.search("(?i)olga|petrova|ольг|иван|петр|agent_7x|4583921", hidden)


def test_words_that_are_no_names_and_small_numbers_stay():
    names = Names(["Returns Desk", "ann", "12", "Li"], lambda _: "[X]")
    assert names.without("All returns within 12 days. Cannot. Li") == "All returns within 12 days. Cannot. Li"


@pytest.mark.parametrize("piece", ["Anna ", "anna anna", "1 ", "AB1", "a@", "Анна-", "x" * 50 + " ", "4111 "])
def test_long_texts_take_linear_time(piece):
    redaction = Redaction(KEY.encode())
    redaction.see("person", [f"Anna {chr(65 + n % 26)}{n}" for n in range(3000)] + ["Анна", "Anna Anna Anna B"])
    redaction.text("")
    with comes_to_an_end():
        redaction.text(piece * (400_000 // len(piece)))
