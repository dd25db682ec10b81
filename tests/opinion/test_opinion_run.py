"""Whole audits with a model on loopback: what it is sent, what stands in the result, and what happens when it fails."""

import json
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opinion.desk_and_model import (
    DOUBTS,
    TALKS,
    TOKEN,
    Json,
    Model,
    agreeing,
    as_bytes,
    audit_of,
    completion,
    disagreeing,
    model,
    opinions,
    verdict,
    write_talks,
)
from typer.testing import CliRunner
from web.web_server import Step, bad

from cs_audit.audit.gate import exit_code
from cs_audit.audit.result import fingerprint
from cs_audit.cli.app import app
from cs_audit.opinion import endpoint

NONE: dict[str, int] = {}


def counted(audit: Json) -> Json:
    made: Json = audit["method"]["second_opinion"]
    return made


def without_opinions(audit: Json) -> Json:
    """The audit as if nobody had been asked, its findings in a fixed order."""
    made: Json = json.loads(json.dumps(audit))
    made["method"].pop("second_opinion", None)
    made.pop("fingerprint")
    for each in made["findings"]:
        each["evidence"][-1].pop("opinion", None)
    made["findings"].sort(key=json.dumps)
    return made


# what it says


def test_nobody_is_asked_unless_the_configuration_says_so(tmp_path: Path) -> None:
    audit = audit_of(tmp_path)
    assert "second_opinion" not in audit["method"]
    assert list(opinions(audit)) == ["R2", "V2", "P2", "G2"]
    assert set(opinions(audit).values()) == {None}


def test_an_agreeing_model_stands_beside_each_doubt_and_not_beside_what_is_sure(tmp_path: Path) -> None:
    with model() as judge:
        audit = audit_of(tmp_path, url=judge.url)
    found = opinions(audit)
    assert found.pop("R2") is None
    assert found["P2"] == {
        "model": "judge-1",
        "agrees": True,
        "reason": "Both answers are about one thing.",
        "quotes": ["Штукатурка сохнет 2 дня.", "Если идёт дождь, штукатурка сохнет 6 дней."],
    }
    assert [each and each["agrees"] for each in found.values()] == [True, True, True]
    assert counted(audit) == {
        "model": "judge-1", "prompt_version": "1", "agreed": 3, "disagreed": 0, "discarded": 0, "unanswered": {},
    }  # fmt: skip


@pytest.mark.parametrize("judge", [agreeing, disagreeing, lambda _: "no idea", lambda _: bad(401)])
def test_whatever_the_model_says_no_finding_is_lost_gained_or_graver(tmp_path: Path, judge: Any) -> None:
    alone = audit_of(tmp_path)
    with model(judge) as asked:
        audit = audit_of(tmp_path, url=asked.url)
    assert without_opinions(audit) == without_opinions(alone)
    assert [exit_code(audit, each) for each in ("high", "medium", "low", "never")] == [
        exit_code(alone, each) for each in ("high", "medium", "low", "never")
    ]
    assert audit["fingerprint"] == fingerprint(audit) != alone["fingerprint"]


def test_agreed_findings_come_first_and_disagreed_ones_last(tmp_path: Path) -> None:
    def judge(texts: Json) -> str:
        if "varnish" in texts["b"]["answer"]:
            return disagreeing(texts)
        return "no idea" if "glue" in texts["b"]["answer"] else agreeing(texts)

    with model(judge) as asked:
        audit = audit_of(tmp_path, url=asked.url)
    assert list(opinions(audit)) == ["R2", "P2", "G2", "V2"]
    assert (counted(audit)["agreed"], counted(audit)["disagreed"], counted(audit)["discarded"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("same_case", "contradict", "agrees"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_a_model_agrees_if_it_sees_one_case_and_a_contradiction(
    tmp_path: Path, *, same_case: bool, contradict: bool, agrees: bool
) -> None:  # fmt: skip
    with model(lambda texts: verdict(texts, same_case=same_case, contradict=contradict)) as judge:
        audit = audit_of(tmp_path, url=judge.url)
    assert {each["agrees"] for each in opinions(audit).values() if each} == {agrees}


@pytest.mark.parametrize(
    ("judge", "why"),
    [
        (lambda texts: verdict(texts, quote_a="A refund takes 99 days."), "quote_a does not stand in the text"),
        (lambda texts: verdict(texts, quote_b=texts["a"]["answer"]), "quote_b does not stand in the text"),
        (lambda _: "I believe they contradict each other.", "it is no JSON"),
        (lambda texts: verdict(texts)[:-20], "it is no JSON"),
    ],
)
def test_invented_quotes_and_what_is_no_json_are_discarded_and_say_so(tmp_path: Path, judge: Any, why: str) -> None:
    with model(judge) as asked:
        audit = audit_of(tmp_path, url=asked.url)
    assert [each for each in opinions(audit).values() if each] == [{"model": "judge-1", "discarded": why}] * 3
    assert counted(audit)["discarded"] == 3
    assert list(opinions(audit)) == ["R2", "V2", "P2", "G2"]


def test_a_change_of_policy_is_not_asked_about(tmp_path: Path) -> None:
    question = "How long do you keep lost umbrellas?"
    talks = [(f"T{n}", "email", "olga", question, f"Lost umbrellas are kept for {30 if n < 5 else 90} days.")
             for n in range(1, 9)]  # fmt: skip
    write_talks(tmp_path, talks)
    with model() as judge:
        audit = audit_of(tmp_path, url=judge.url)
    assert [(each["severity"], each["evidence"][-1]["kind"]) for each in audit["findings"]] == [("low", "change")]
    assert not judge.requests
    assert sum(counted(audit)[name] for name in ("agreed", "disagreed", "discarded")) == 0


def test_a_dismissed_contradiction_is_not_asked_about(tmp_path: Path) -> None:
    write_talks(tmp_path)
    with model() as judge:
        config = CONFIG.format(url=judge.url) + (
            '[[ignore]]\nrule = "contradicting_answers"\nticket = "G2"\nreason = "known"\nuntil = 2999-01-01\n'
        )
        (tmp_path / "cs-audit.toml").write_text(config, "utf-8")
        run_command(tmp_path)
    assert len(judge.requests) == 2
    assert "glue" not in judge.everything


# what is sent


def test_a_request_is_a_chat_completion_as_even_as_can_be(tmp_path: Path) -> None:
    with model() as judge:
        audit_of(tmp_path, url=judge.url + "/")
    assert {(seen.method, seen.path) for seen in judge.server.seen} == {("POST", "/v1/chat/completions")}
    for each in judge.requests:
        assert set(each) == {"model", "messages", "temperature", "seed", "stream", "response_format"}
        assert (each["model"], each["temperature"], each["seed"], each["stream"]) == ("judge-1", 0, 0, False)
        assert each["response_format"] == {"type": "json_object"}
        assert [message["role"] for message in each["messages"]] == ["system", "user"]
        assert "JSON" in each["messages"][0]["content"]


def test_only_channel_question_and_answer_are_sent(tmp_path: Path) -> None:
    with model() as judge:
        audit_of(tmp_path, url=judge.url)
    assert len(judge.texts) == len(DOUBTS)
    glue = next(each for each in judge.texts if "glue" in each["a"]["answer"])
    question = "How long does the glue harden?"
    assert glue == {
        "a": {"channel": "email", "question": question, "answer": "The glue hardens in 3 hours."},
        "b": {"channel": "chat", "question": question, "answer": "If it rains, the glue hardens in 9 hours."},
    }
    assert "refund" not in judge.everything


def test_no_address_number_or_agent_leaves(tmp_path: Path) -> None:
    with model() as judge:
        audit_of(tmp_path, url=judge.url)
    sent = judge.everything
    for secret in ("ann.lee", "mail.example", "345", "912", "olga", "petrova", "ivan", "smirnov", "V1", "V2"):
        assert secret.lower() not in sent.lower(), secret
    varnish = next(each for each in judge.texts if "varnish" in each["a"]["answer"])
    assert varnish["a"]["question"] == "[agent], how long does the varnish dry? [number 1], [e-mail 1]"
    assert varnish["b"]["question"] == "[agent], how long does the varnish dry? [number 1]"


def test_of_a_long_question_only_the_end_is_sent(tmp_path: Path) -> None:
    long = "Once upon a time. " * 2_000 + "How long does the varnish dry?"
    write_talks(tmp_path, [(*talk[:3], long, talk[4]) if talk[0] in ("V1", "V2") else talk for talk in TALKS])
    with model() as judge:
        audit_of(tmp_path, url=judge.url)
    (varnish,) = (each for each in judge.texts if "varnish" in each["a"]["answer"])
    assert len(varnish["a"]["question"]) == 400
    assert varnish["a"]["question"].endswith("How long does the varnish dry?")


@pytest.mark.parametrize("judge", [agreeing, lambda _: bad(401, b"wrong key: " + TOKEN.encode())])
def test_the_token_goes_into_the_request_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, judge: Any
) -> None:
    monkeypatch.setenv("LLM_TOKEN", TOKEN)
    caplog.set_level(logging.DEBUG)
    with model(judge) as asked:
        audit = audit_of(tmp_path, url=asked.url, token={"env": "LLM_TOKEN"})
    assert {seen.headers["Authorization"] for seen in asked.server.seen} == {f"Bearer {TOKEN}"}
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    logged = caplog.text + "".join(repr(record.args) for record in caplog.records)
    assert TOKEN not in as_bytes(audit).decode() + logged + b"".join(written).decode() + asked.everything


def test_without_a_token_no_authorization_is_sent(tmp_path: Path) -> None:
    with model() as judge:
        audit_of(tmp_path, url=judge.url)
    assert not any("Authorization" in seen.headers for seen in judge.server.seen)


# again


def test_a_re_run_gives_the_same_bytes_without_any_request(tmp_path: Path) -> None:
    with model(lambda texts: agreeing(texts) if "glue" in texts["a"]["answer"] else "no idea") as judge:
        first = as_bytes(audit_of(tmp_path, url=judge.url))
        asked = len(judge.requests)
        assert as_bytes(audit_of(tmp_path, url=judge.url)) == first
        assert len(judge.requests) == asked == 3
    assert as_bytes(audit_of(tmp_path, url=judge.url, offline=True)) == first
    assert as_bytes(audit_of(tmp_path, url=judge.url)) == first, "the server is gone, and is not missed"


def test_in_whatever_order_answers_come_the_bytes_are_the_same(tmp_path: Path) -> None:
    made = set()
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        waits = iter([0.05 * (number == each) for each in range(3)])

        def judge(texts: Json, waits: Iterator[float] = waits) -> str:
            time.sleep(next(waits))
            return agreeing(texts)

        with model(judge) as asked:
            audit = audit_of(folder, url=asked.url)
        made.add(re.sub(r"[^\"]*/log\.csv", "log.csv", as_bytes(audit).decode()))
    assert len(made) == 1


def test_another_model_address_or_question_is_asked_anew(tmp_path: Path) -> None:
    with model() as judge, model() as other:
        audit_of(tmp_path, url=judge.url)
        audit_of(tmp_path, url=judge.url, model="judge-2")
        assert len(judge.requests) == 6
        audit_of(tmp_path, url=other.url)
        assert len(other.requests) == 3
        write_talks(tmp_path, [(*talk[:3], f"{talk[3]} Please.", talk[4]) for talk in TALKS])
        audit_of(tmp_path, url=other.url)
        assert len(other.requests) == 6


def test_offline_only_what_is_known_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with model() as judge:
        audit = audit_of(tmp_path, url=judge.url, offline=True)
        assert not judge.requests
    assert counted(audit)["unanswered"] == {"offline": 3}
    assert set(opinions(audit).values()) == {None}
    assert caplog.messages == ["second opinion: 3 of 3 findings are without one"]


def test_at_most_so_many_are_asked_and_a_re_run_asks_no_more(tmp_path: Path) -> None:
    with model() as judge:
        first = audit_of(tmp_path, url=judge.url, most=2)
        assert as_bytes(audit_of(tmp_path, url=judge.url, most=2)) == as_bytes(first)
        assert len(judge.requests) == 2
    assert (counted(first)["agreed"], counted(first)["unanswered"]) == (2, {"most": 1})
    assert opinions(first)["G2"] is None


def test_a_damaged_answer_is_ignored_with_a_note_and_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with model() as judge:
        first = as_bytes(audit_of(tmp_path, url=judge.url))
        kept = sorted((tmp_path / ".cs-audit/opinions").iterdir())
        assert [path.suffix for path in kept] == [".json"] * 3
        kept[0].write_bytes(kept[0].read_bytes()[:-9])
        kept[1].write_bytes(kept[2].read_bytes())
        assert as_bytes(audit_of(tmp_path, url=judge.url)) == first
        assert len(judge.requests) == 5
    assert sorted(caplog.messages) == [f"second opinion: {path} is damaged; it was ignored" for path in kept[:2]]


def test_a_cache_that_cannot_be_written_loses_no_opinion(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "taken").write_text("a file, no folder", "utf-8")
    with model() as judge:
        audit = audit_of(tmp_path, url=judge.url, cache="taken")
    assert counted(audit)["agreed"] == 3
    assert len([each for each in caplog.messages if "cannot be written" in each]) == 1


# trouble


def test_too_many_requests_are_asked_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with model(agreeing, bad(429, Retry_After="0"), bad(503), Step(fault="reset")) as judge:
        audit = audit_of(tmp_path, url=judge.url)
    assert counted(audit)["agreed"] == 3
    assert len(judge.requests) == 6
    assert caplog.messages == []


def test_a_refused_token_ends_the_asking_and_not_the_audit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    many_doubts(tmp_path, 30)
    with model(lambda _: bad(401, b'{"error": "bad key"}')) as judge:
        audit = audit_of(tmp_path, url=judge.url)
    assert len(judge.requests) <= endpoint.PARALLEL
    assert counted(audit)["unanswered"] == {"token": 30}
    assert "the token was refused" in caplog.text
    assert "second opinion: 30 of 30 findings are without one" in caplog.messages
    assert not (tmp_path / ".cs-audit").exists()


@pytest.mark.parametrize("trouble", [bad(500), bad(429), bad(400), completion(None), Step(body=b"{}")])
def test_after_some_failures_the_rest_is_not_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, trouble: Step
) -> None:
    many_doubts(tmp_path, 30)
    with model(lambda _: trouble) as judge:
        audit = audit_of(tmp_path, url=judge.url)
    slug = "rejected" if trouble.status == 400 else "gave-up"
    assert counted(audit)["unanswered"] == {slug: 30}
    assert len(judge.requests) <= 3 * (endpoint.PARALLEL + 2)
    assert "helpdesk answered" not in caplog.text


def test_one_prompt_that_is_refused_leaves_the_others_their_opinion(tmp_path: Path) -> None:
    with model(lambda texts: bad(400) if "varnish" in texts["a"]["answer"] else agreeing(texts)) as judge:
        audit = audit_of(tmp_path, url=judge.url)
    assert (counted(audit)["agreed"], counted(audit)["unanswered"]) == (2, {"rejected": 1})
    assert list(opinions(audit)) == ["R2", "P2", "G2", "V2"]


def test_a_silent_server_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "SECONDS", 0.05)
    with model(lambda _: Step(fault="silent")) as judge:
        audit = audit_of(tmp_path, url=judge.url)
    assert counted(audit)["unanswered"] == {"gave-up": 3}


def test_where_nobody_listens_the_audit_is_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    audit = audit_of(tmp_path, url="http://127.0.0.1:1/v1")
    assert counted(audit)["unanswered"] == {"unreachable": 3}
    assert "second_opinion: POST http://127.0.0.1:1/v1/chat/completions: cannot be reached" in caplog.text


def test_a_token_that_cannot_be_read_is_said_and_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("LLM_TOKEN", raising=False)
    with model() as judge:
        audit = audit_of(tmp_path, url=judge.url, token={"env": "LLM_TOKEN"})
    assert not judge.requests
    assert counted(audit)["unanswered"] == {"config": 3}
    assert "second_opinion.token: the environment variable LLM_TOKEN is not set" in caplog.text


def test_what_failed_once_is_asked_by_the_next_run(tmp_path: Path) -> None:
    refuses = [True]
    with model(lambda texts: bad(401) if refuses else agreeing(texts)) as judge:
        first = audit_of(tmp_path, url=judge.url)
        refuses.clear()
        second = audit_of(tmp_path, url=judge.url)
    assert counted(first)["unanswered"] == {"token": 3}
    assert counted(second)["agreed"] == 3


def many_doubts(folder: Path, number: int) -> None:
    """So many contradictions that are not sure, each of a thing of its own."""
    talks = []
    for thing in range(number):
        name = f"{'bcdfghjklmnpqrstvwz'[thing % 19]}{'aeiou'[thing // 19]}lorium"
        asked = f"How long does the {name} dry?"
        talks += [
            (f"A{thing:02}", "email", "olga", asked, f"The {name} dries in 2 days."),
            (f"B{thing:02}", "chat", "ivan", asked, f"If it rains, the {name} dries in 6 days."),
        ]
    write_talks(folder, talks)


# the command


CONFIG = """
[sources.desk]
type = "csv"
path = "log.csv"
timezone = "UTC"
columns = {{ ticket = "id", occurred_at = "at", author = "who", channel = "channel", author_id = "by", text = "text" }}
[[policies]]
name = "Standard"
targets = {{ first_reply = "2h" }}
[second_opinion]
url = "{url}"
model = "judge-1"
token = {{ env = "LLM_TOKEN" }}
"""


def run_command(folder: Path) -> Any:
    options = ["-c", str(folder / "cs-audit.toml"), "-o", str(folder / "audit.json"), "-o", str(folder / "report.html")]
    return CliRunner(env={"LLM_TOKEN": TOKEN}).invoke(app, ["run", *options, "--select", "contradicting_answers"])


def test_the_command_writes_the_same_reports_twice_and_tells_no_token(tmp_path: Path) -> None:
    write_talks(tmp_path)
    with model() as judge:
        (tmp_path / "cs-audit.toml").write_text(CONFIG.format(url=judge.url), "utf-8")
        made = []
        for _ in range(2):
            done = run_command(tmp_path)
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            made.append([(tmp_path / name).read_bytes() for name in ("audit.json", "report.html")])
            assert TOKEN not in done.output + b"".join(made[-1]).decode()
        assert made[0] == made[1]
        assert len(judge.requests) == 3
    assert json.loads(made[0][0])["method"]["second_opinion"]["agreed"] == 3


def test_a_prompt_says_the_same_to_any_model(tmp_path: Path) -> None:
    with model() as one, model() as other:
        audit_of(tmp_path, url=one.url)
        audit_of(tmp_path, url=other.url, response_format="text")
    assert said(one) == said(other)
    assert {each["response_format"]["type"] for each in other.requests} == {"text"}


def said(judge: Model) -> list[str]:
    return sorted(json.dumps(each["messages"]) for each in judge.requests)
