"""Rules that look beyond one ticket, through the whole chain: what is gathered, and what changes nothing."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from audit.desk import Desk, Drawer, frame_of, standard_of

from cs_audit.audit import across, gathered
from cs_audit.audit.chain import Judged, audit
from cs_audit.audit.result import make_audit
from cs_audit.audit.spool import Spool
from cs_audit.audit.standard import Exclusion, Exemption, Standard, Window, Wording
from cs_audit.cli.guard import guarded
from cs_audit.rules import all_rules
from cs_audit.sources.ledger import Reject

NINE = dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ACROSS = {name: rule for name, rule in all_rules().items() if rule.scope != "ticket"}
TOPICS = {name for name, rule in ACROSS.items() if rule.scope == "topic"}
FACTS = Wording(facts={"refund_time": "10 days"})
STORY = "My washing machine leaks water from the door during the spin cycle since Friday."
AGAIN = "The washing machine still leaks water from the door in the spin cycle."
REFUND, LONGER = "A refund takes 10 working days.", "A refund takes 30 working days."

Event = dict[str, Any]


def said(ticket: str, author: str, hour: float, text: str, **more: Any) -> Event:
    """A public message so many hours after nine; requesters are called after their tickets unless they are named."""
    return {"ticket": ticket, "occurred_at": NINE + hour * HOUR, "kind": "message", "author": author, "public": True,
            "automatic": False, "text": text, "requester": f"of {ticket}", "channel": "email", "agent": None,
            "author_id": None, "tags": None, **more}  # fmt: skip


def answer(ticket: str, hour: float, text: str, agent: str, channel: str = "email", **more: Any) -> list[Event]:
    """A conversation: the question about refunds, and what an agent said of it."""
    asked = said(ticket, "requester", hour, "How long does a refund take?", channel=channel, **more)
    return [asked, said(ticket, "agent", hour + 0.5, text, author_id=agent, channel=channel, **more)]


TWICE = [
    said("A", "requester", 0, STORY, requester="anna"),
    said("B", "requester", 5, AGAIN, requester="anna", channel="chat"),
    said("B", "agent", 6, "An engineer comes tomorrow.", requester="anna", channel="chat", author_id="ivan"),
]
DESERTED = [said("S", "requester", 1.25, "Is anybody there?", channel="social")]
ANSWERS = [
    *answer("C", 10, REFUND, "olga"), *answer("D", 12, REFUND, "petr"), *answer("E", 14, LONGER, "ivan", "chat"),
]  # fmt: skip
WORLD = [*TWICE, *DESERTED, *ANSWERS]
FOUND = {
    ("requester_repeats_himself", "B"), ("moved_to_another_channel", "B"), ("channel_unattended", "S"),
    ("contradicting_answers", "E"), ("known_policy_violated", "E"),
}  # fmt: skip


def desk(rows: Sequence[Event], *without: str, name: str = "desk", **more: Any) -> Desk:
    """A source of its own of these rows."""
    told = [{"row": row, **{key: each[key] for key in each if key not in without}} for row, each in enumerate(rows)]
    return Desk(frame_of(told), name=name, group=more.pop("group", name), **more)


def law(**more: Any) -> Standard:
    return standard_of({}, **{"wording": FACTS, **more})


def judged(
    folder: Path, *desks: Desk, standard: Standard | None = None, **window: Any
) -> tuple[Judged, list[dict[str, Any]]]:
    """What the chain makes of the desks, and the findings of rules that look beyond one ticket."""
    drawer = Drawer()
    edges = {"as_of": NINE + 120 * HOUR, **window}
    made = audit(desks, standard or law(), Window(**edges), folder, drawer)
    return made, [row for row in drawer.marks() if row["rule"] in ACROSS]


def marks(folder: Path, *desks: Desk, **more: Any) -> list[dict[str, Any]]:
    """The findings, whatever their source is called."""
    return [{key: row[key] for key in row if key != "source"} for row in judged(folder, *desks, **more)[1]]


def names(found: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["rule"], row["ticket"]) for row in found}


@pytest.fixture
def usual(tmp_path: Path) -> list[dict[str, Any]]:
    """The findings of the whole world."""
    return marks(tmp_path / "usual", desk(WORLD))


class TestWhatIsFound:
    def test_each_of_these_rules_has_a_say(self, usual: list[dict[str, Any]]) -> None:
        assert names(usual) == FOUND
        assert len(usual) == len(FOUND)

    def test_a_finding_names_the_other_tickets(self, usual: list[dict[str, Any]]) -> None:
        related = {row["rule"]: json.loads(row["related"]) for row in usual}
        assert related["requester_repeats_himself"] == related["moved_to_another_channel"] == ["A"]
        assert related["contradicting_answers"] == ["C", "D"]
        assert related["known_policy_violated"] == related["channel_unattended"] == []

    def test_quotes_are_words_of_the_texts(self, usual: list[dict[str, Any]]) -> None:
        texts = {row["ticket"]: row["text"] for row in WORLD if row["author"] == "agent"}
        sides = [side for row in usual if row["rule"] in TOPICS for side in json.loads(row["evidence"])]
        quoted = [side for side in sides if "quote" in side]
        assert len(quoted) == 3
        for side in quoted:
            assert side["quote"] in side["sentence"]
            assert side["sentence"] in texts[side["ticket"]]

    def test_the_words_that_say_a_label_are_quoted(self, tmp_path: Path) -> None:
        text = "Hello! I have contacted you three times about this refund. Regards, Anna"
        found = marks(tmp_path, desk([said("A", "requester", 0, text)]))
        (row,) = [row for row in found if row["rule"] == "requester_repeats_himself"]
        (event,) = json.loads(row["evidence"])
        assert event["quotes"]
        assert all(quote in text for quote in event["quotes"])

    def test_the_tally_says_what_the_rows_say(self, tmp_path: Path) -> None:
        made, found = judged(tmp_path, desk(WORLD))
        for rule in ACROSS:
            own = [row for row in found if row["rule"] == rule]
            assert made.tally.found.get(rule, 0) == len(own)
            kept = made.tally.findings[rule].rows(named=True) if own else []
            assert sorted(kept, key=repr) == own
            for severity in ("high", "medium", "low"):
                graded = sum(row["severity"] == severity for row in own)
                assert made.tally.graded.get((rule, severity), 0) == graded

    def test_the_result_holds_each(self, tmp_path: Path) -> None:
        source = desk(WORLD)
        made, found = judged(tmp_path, source)
        told = make_audit(made, law(), Window(), [source], title="", language="en")  # type: ignore[list-item]
        shown = [each for each in told["findings"] if each["rule"] in ACROSS]
        assert names(shown) == names(found)

    def test_how_often_and_by_how_many_each_was_said_is_counted(self, usual: list[dict[str, Any]]) -> None:
        (row,) = [row for row in usual if row["rule"] == "contradicting_answers"]
        often, rare, why = json.loads(row["evidence"])
        assert [often[key] for key in ("conversations", "agents", "channels", "ticket")] == [2, 2, 1, "C"]
        assert [rare[key] for key in ("conversations", "agents", "channels", "ticket")] == [1, 1, 1, "E"]
        assert (row["agent"], row["channel"], row["severity"]) == ("ivan", "chat", "high")
        assert (why["kind"], why["majority"]) == ("contradiction", often["value"])


class TestWhatChangesNothing:
    @pytest.mark.parametrize("seed", range(4))
    def test_the_order_of_rows(self, tmp_path: Path, usual: list[dict[str, Any]], seed: int) -> None:
        rows = Random(seed).sample(WORLD, len(WORLD))  # noqa: S311 - the same order every time
        assert marks(tmp_path, desk(rows)) == usual

    @pytest.mark.parametrize("batch", [1, 2, 5])
    def test_batches(self, tmp_path: Path, usual: list[dict[str, Any]], batch: int) -> None:
        assert marks(tmp_path, desk(WORLD, batch=batch)) == usual

    @pytest.mark.parametrize(("held", "buckets"), [(1, 2), (3, 16), (7, 64)])
    def test_buckets_on_disk(self, tmp_path: Path, usual: list[dict[str, Any]], held: int, buckets: int) -> None:
        small = partial(Spool, rows_held=held)
        with (
            patch.object(gathered, "Spool", lambda folder, buckets: small(folder, buckets=buckets)),
            patch.object(gathered, "buckets_for", lambda _: buckets),
            patch.object(across, "ROWS_HELD", held),
        ):
            assert marks(tmp_path, desk(WORLD, batch=2)) == usual
        assert list(tmp_path.glob("by-requester-0/*.arrows"))

    @pytest.mark.parametrize("seed", range(4))
    def test_two_sources(self, tmp_path: Path, usual: list[dict[str, Any]], seed: int) -> None:
        tickets = sorted({row["ticket"] for row in WORLD})
        first = set(Random(seed).sample(tickets, 3))  # noqa: S311 - the same tickets every time
        parts = [[row for row in WORLD if (row["ticket"] in first) == own] for own in (True, False)]
        desks = [desk(rows, name=name) for rows, name in zip(parts, ("one", "two"), strict=True)]
        assert marks(tmp_path, *desks) == usual

    def test_two_sources_of_the_same_tickets(self, tmp_path: Path, usual: list[dict[str, Any]]) -> None:
        desks = [desk(WORLD[place::2], name=f"part {place}", group="desk") for place in (0, 1)]
        assert marks(tmp_path, *desks) == usual

    @pytest.mark.parametrize("held", [1, 1000])
    def test_columns_that_only_one_source_has(self, tmp_path: Path, usual: list[dict[str, Any]], held: int) -> None:
        first, second = desk(TWICE[:1], "agent", "tags", name="one"), desk(WORLD[1:], name="two")
        with patch.object(across, "ROWS_HELD", held):
            assert marks(tmp_path, first, second) == usual

    def test_the_names_of_tickets(self, tmp_path: Path, usual: list[dict[str, Any]]) -> None:
        new = {"A": "9", "B": "17", "S": "3", "C": "88", "D": "21", "E": "4"}
        other = marks(tmp_path, desk([{**row, "ticket": new[row["ticket"]]} for row in WORLD]))
        assert names(other) == {(rule, new[ticket]) for rule, ticket in names(usual)}

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("Hello Anna! ", ""),
            ("", "\n\nBest regards,\nTom"),
            ("Ticket 4821. ", ""),
            ("Good day, Ms Lee! ", " Ref: 7"),
        ],
    )
    def test_greeting_name_and_number_in_an_answer(
        self, tmp_path: Path, usual: list[dict[str, Any]], before: str, after: str
    ) -> None:
        rows = [{**row, "text": before + row["text"] + after} if row["author"] == "agent" else row for row in WORLD]
        assert _claims(marks(tmp_path, desk(rows))) == _claims(usual)

    def test_which_agent_said_what(self, tmp_path: Path, usual: list[dict[str, Any]]) -> None:
        new = {"olga": "ivan", "petr": "olga", "ivan": "petr", None: None}
        rows = [{**row, "author_id": new[row["author_id"]]} for row in WORLD]
        assert _claims(marks(tmp_path, desk(rows))) == _claims(usual)

    def test_which_of_two_was_said_first(self, tmp_path: Path) -> None:
        told = [
            marks(tmp_path / first[:30], desk([*answer("X", 1, first, "olga"), *answer("Y", 3, second, "ivan")]))
            for first, second in ((REFUND, LONGER), (LONGER, REFUND))
        ]
        assert _claims(told[0]) == _claims(told[1])
        assert [row["ticket"] for row in told[0]] == ["Y", "Y"]
        assert [row["ticket"] for row in told[1]] == ["X", "X"]


def _claims(found: Sequence[dict[str, Any]]) -> list[Any]:
    """What the findings of topic rules say: the rule, how grave, its slot, its values and how often each was said."""
    made = []
    for row in found:
        if row["rule"] in TOPICS:
            *sides, why = json.loads(row["evidence"])
            said = [[side[key] for key in ("value", "conversations", "agents", "channels")] for side in sides]
            made.append([row["rule"], row["severity"], why["slot"], why["kind"], why["score"], sorted(said)])
    return sorted(made)


class TestWhoIsOne:
    def test_a_requester_of_two_sources_is_one(self, tmp_path: Path) -> None:
        desks = [desk(TWICE[:1], name="mail"), desk(TWICE[1:], name="chat")]
        found = judged(tmp_path, *desks)[1]
        assert ("requester_repeats_himself", "B") in names(found)
        assert {row["source"] for row in found if row["ticket"] == "B"} == {"chat"}

    def test_two_requesters_are_two(self, tmp_path: Path) -> None:
        rows = [TWICE[0], *({**row, "requester": "boris"} for row in TWICE[1:])]
        assert names(marks(tmp_path, desk(rows))) == {("channel_unattended", "A")}

    def test_tickets_without_a_requester_are_each_of_someone_else(self, tmp_path: Path) -> None:
        rows = [{**row, "requester": None} for row in TWICE]
        assert names(marks(tmp_path / "null", desk(rows))) == {("channel_unattended", "A")}
        assert names(marks(tmp_path / "none", desk(TWICE, "requester"))) == {("channel_unattended", "A")}

    def test_a_requester_named_in_one_row_is_that_of_the_ticket(self, tmp_path: Path) -> None:
        rows = [*TWICE[:2], {**TWICE[2], "requester": None}]
        assert ("requester_repeats_himself", "B") in names(marks(tmp_path, desk(rows)))

    def test_one_agent_in_one_channel_is_no_sure_contradiction(self, tmp_path: Path) -> None:
        rows = [*answer("X", 1, REFUND, "olga"), *answer("Y", 3, LONGER, "olga")]
        (row,) = marks(tmp_path, desk(rows), standard=law(wording=Wording()))
        assert (row["rule"], row["severity"]) == ("contradicting_answers", "low")


class TestWhoTakesNoPart:
    @pytest.mark.parametrize(
        ("ticket", "gone"),
        [
            ("A", {("requester_repeats_himself", "B"), ("moved_to_another_channel", "B")}),
            ("B", {("requester_repeats_himself", "B"), ("moved_to_another_channel", "B")}),
            ("S", {("channel_unattended", "S")}),
            ("E", {("contradicting_answers", "E"), ("known_policy_violated", "E")}),
        ],
    )
    def test_tickets_with_rejected_rows_and_excluded_ones(
        self, tmp_path: Path, ticket: str, gone: set[tuple[str, str]]
    ) -> None:
        reject = Reject("desk.csv", 7, ticket, "at", "yesterday", "is no timestamp")
        assert names(marks(tmp_path / "rejected", desk(WORLD, rejects=[reject]))) == FOUND - gone
        spam = Exclusion("spam", match={"tags": ("spam",)})
        rows = [{**row, "tags": "|spam|"} if row["ticket"] == ticket else row for row in WORLD]
        excluded = marks(tmp_path / "excluded", desk(rows), standard=law(exclusions=(spam,)))
        assert names(excluded) == FOUND - gone

    def test_what_an_excluded_ticket_says_is_not_counted(self, tmp_path: Path) -> None:
        spam = Exclusion("spam", match={"tags": ("spam",)})
        rows = [{**row, "tags": "|spam|"} if row["ticket"] == "D" else row for row in WORLD]
        found = marks(tmp_path, desk(rows), standard=law(exclusions=(spam,)))
        (row,) = [row for row in found if row["rule"] == "contradicting_answers"]
        assert [side["conversations"] for side in json.loads(row["evidence"])[:2]] == [1, 1]
        assert json.loads(row["related"]) == ["C"]

    def test_an_exclusion_from_other_rules_leaves_them_in(self, tmp_path: Path) -> None:
        spam = Exclusion("spam", match={"tags": ("spam",)}, rules=("first_reply",))
        rows = [{**row, "tags": "|spam|"} for row in WORLD]
        assert names(marks(tmp_path, desk(rows), standard=law(exclusions=(spam,)))) == FOUND

    def test_automatic_and_internal_answers(self, tmp_path: Path) -> None:
        for name, word in (("automatic", True), ("public", False)):
            rows = [{**row, name: word} if row["text"] == LONGER else row for row in WORLD]
            found = names(marks(tmp_path / name, desk(rows)))
            assert {each for each in found if each[0] in TOPICS} == set()

    def test_what_came_after_the_cut_off(self, tmp_path: Path) -> None:
        found = names(marks(tmp_path, desk(WORLD), as_of=NINE + 4 * HOUR))
        assert found == set()

    def test_rules_that_nobody_wants(self, tmp_path: Path) -> None:
        rules = tuple(rule for name, rule in all_rules().items() if name not in ("channel_unattended", *TOPICS))
        found = names(marks(tmp_path, desk(WORLD), standard=law(rules=rules)))
        assert found == {("requester_repeats_himself", "B"), ("moved_to_another_channel", "B")}

    def test_a_source_without_texts_cannot_be_asked(self, tmp_path: Path) -> None:
        blind = desk(WORLD, "text", sees=frozenset({"messages"}))
        assert names(marks(tmp_path, blind)) == {("moved_to_another_channel", "B"), ("channel_unattended", "S")}

    def test_without_a_declared_fact_nothing_is_said_of_policies(self, tmp_path: Path) -> None:
        made, found = judged(tmp_path, desk(WORLD), standard=law(wording=Wording()))
        assert names(found) == FOUND - {("known_policy_violated", "E")}
        assert "known_policy_violated" not in made.tally.found


class TestWindow:
    def test_findings_lie_in_it_and_claims_where_they_were_said(self, tmp_path: Path) -> None:
        moments = {("requester_repeats_himself", "B"): (5, 5), ("moved_to_another_channel", "B"): (5, 5),
                   ("channel_unattended", "S"): (1.25, 1.25), ("contradicting_answers", "E"): (10.5, 14.5),
                   ("known_policy_violated", "E"): (14.5, 14.5)}  # fmt: skip
        edges = [0.0, 1.25, 5, 10.5, 14.5, 20]
        for since, until in pairwise(edges):
            window = {"since": NINE + since * HOUR, "until": NINE + until * HOUR}
            found = marks(tmp_path / f"{since}", desk(WORLD), **window)
            assert names(found) == {name for name, (first, last) in moments.items() if since <= last and first < until}


class TestExcuses:
    UNTIL = (NINE + 120 * HOUR).date()

    def excused(self, folder: Path, rule: str, **more: Any) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """What is still found with an exception, and the exceptions that were used."""
        exemption = Exemption(**{"rule": rule, "ticket": "", "reason": "known", "until": self.UNTIL, **more})
        made, found = judged(folder, desk(WORLD), standard=law(exemptions=(exemption,)))
        assert made.tally.found.get(rule, 0) == sum(row["rule"] == rule for row in found)
        return FOUND - names(found), made.tally.excused

    @pytest.mark.parametrize(("rule", "ticket"), sorted(FOUND))
    def test_a_ticket_is_excused_from_one_rule(self, tmp_path: Path, rule: str, ticket: str) -> None:
        assert self.excused(tmp_path, rule, ticket=ticket) == ({(rule, ticket)}, {(rule, ticket)})

    @pytest.mark.parametrize(("rule", "ticket"), sorted(FOUND))
    def test_not_after_its_last_day(self, tmp_path: Path, rule: str, ticket: str) -> None:
        yesterday = self.UNTIL - dt.timedelta(days=1)
        assert self.excused(tmp_path, rule, ticket=ticket, until=yesterday) == (set(), set())

    @pytest.mark.parametrize(
        "values", [(), ("10 business days", "30 business days"), ("30 business days", "10 business days")]
    )
    def test_what_was_said_is_excused_whatever_the_tickets(self, tmp_path: Path, values: tuple[str, ...]) -> None:
        rule = "contradicting_answers"
        gone, used = self.excused(tmp_path, rule, slot="refund_time", values=values)
        assert gone == {(rule, "E")}
        assert used == {(rule, " ".join(("refund_time", *values)))}

    @pytest.mark.parametrize(
        "more",
        [
            {"slot": "warranty"},
            {"slot": "refund_time", "values": ("10 business days", "31 business days")},
            {"slot": "refund_time", "until": NINE.date()},
            {"ticket": "S"},
        ],
    )
    def test_other_slots_values_days_and_tickets_excuse_nothing(self, tmp_path: Path, more: dict[str, Any]) -> None:
        assert self.excused(tmp_path, "contradicting_answers", **more) == (set(), set())

    def test_a_claim_is_excused_by_any_ticket_that_shows_it(self, tmp_path: Path) -> None:
        gone, used = self.excused(tmp_path, "contradicting_answers", ticket="D")
        assert (gone, used) == ({("contradicting_answers", "E")}, {("contradicting_answers", "D")})

    def test_a_violation_is_excused_by_what_was_said(self, tmp_path: Path) -> None:
        rule = "known_policy_violated"
        assert self.excused(tmp_path, rule, slot="refund_time", values=("30 business days",))[0] == {(rule, "E")}


class TestExplain:
    @pytest.fixture
    def files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The world as a file, with no configuration near it."""
        monkeypatch.chdir(tmp_path)
        names = ("ticket", "occurred_at", "kind", "author", "public", "author_id", "requester", "channel", "text")
        rows = [{**row, "occurred_at": row["occurred_at"].isoformat()} for row in WORLD]
        pl.DataFrame([{name: row[name] for name in names} for row in rows], infer_schema_length=None).write_csv(
            tmp_path / "events.csv"
        )
        return tmp_path / "events.csv"

    def explained(self, files: Path, capsys: pytest.CaptureFixture[str], ticket: str, rule: str) -> list[Any]:
        code = guarded(["explain", ticket, rule, "--file", str(files), "--format", "json"])
        shown = capsys.readouterr()
        assert code == 0, shown.err
        told: list[Any] = json.loads(shown.out)["findings"]
        assert {each["rule"] for each in told} <= {rule}
        return told

    @pytest.mark.parametrize(
        ("rule", "tickets", "event"),
        [
            ("requester_repeats_himself", "AB", {"B": 1}),
            ("contradicting_answers", "CDE", {"E": 2}),
            ("channel_unattended", "", {}),
        ],
    )
    def test_the_tickets_involved_show_it_and_no_others(
        self, files: Path, capsys: pytest.CaptureFixture[str], rule: str, tickets: str, event: dict[str, int]
    ) -> None:
        for ticket in "ABCDES":
            found = self.explained(files, capsys, ticket, rule)
            assert len(found) == (ticket in tickets), ticket
            assert [each["event"] for each in found] == [event.get(ticket)] * len(found)

    def test_of_all_rules_it_shows_those_that_look_beyond_the_ticket(
        self, files: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert guarded(["explain", "E", "--file", str(files)]) == 0
        text = capsys.readouterr().out
        assert "contradicting_answers (AN101" in text
        assert "requester_repeats_himself" not in text


def test_no_event_is_told_by_two_tickets_of_one_requester(tmp_path: Path) -> None:
    """Facts of one ticket are not carried to the next one of its requester."""
    rows = [
        said("A", "requester", 0, STORY, requester="anna", agent="olga"),
        said("B", "requester", 5, AGAIN, requester="anna", channel="chat"),
    ]
    found = {row["rule"]: row for row in judged(tmp_path, desk(rows))[1]}
    assert found["requester_repeats_himself"]["agent"] is None
    assert found["requester_repeats_himself"]["channel"] == "chat"


def test_options_reach_these_rules(tmp_path: Path) -> None:
    options = {"moved_to_another_channel": {"within": 4 * HOUR}, "channel_unattended": {"within": 200 * HOUR}}
    found = names(marks(tmp_path, desk(WORLD), standard=replace(law(), options=options)))
    assert found == FOUND - {("moved_to_another_channel", "B"), ("channel_unattended", "S")}
