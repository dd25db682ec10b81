"""The table `[second_opinion]`."""

from typing import Any

import pytest

from cs_audit.config.load import parse_config
from cs_audit.errors import ConfigError

GOOD = {"url": "https://llm.example.com/v1", "model": "judge-1"}


def table(**given: Any) -> Any:
    return parse_config({"second_opinion": {**GOOD, **given}}).second_opinion


def test_it_is_off_unless_written() -> None:
    assert parse_config({}).second_opinion is None


def test_an_address_and_a_model_are_enough() -> None:
    made = table()
    assert (made.token, made.cache, made.offline, made.most) == (None, ".cs-audit/opinions", False, 200)


def test_a_token_written_out_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError, match="must not stand in the configuration") as caught:
        table(token="sk-sekrit")  # noqa: S106 - a made-up one
    assert caught.value.where == "cs-audit.toml: second_opinion.token"
    assert "sekrit" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"url": "llm.example.com"}, "no web address"),
        ({"url": "http://llm.example.com/v1"}, "unencrypted"),
        ({"url": "https://llm.example.com/v1?key=1"}, "bare address"),
        ({"url": "https://me:pw@llm.example.com/v1"}, "bare address"),
        ({"model": ""}, "empty"),
        ({"cache": ""}, "empty"),
        ({"most": 0}, "at least 1"),
        ({"offline": "maybe"}, "true or false"),
        ({"response_format": "xml"}, "none of"),
        ({"modell": "x"}, "unknown key"),
    ],
)
def test_mistakes_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        table(**given)
    assert "second_opinion" in caught.value.where
    assert caught.value.hint


@pytest.mark.parametrize("missing", ["url", "model"])
def test_what_is_missing_is_named(missing: str) -> None:
    given = {key: value for key, value in GOOD.items() if key != missing}
    with pytest.raises(ConfigError, match=rf"second_opinion\.{missing} is missing"):
        parse_config({"second_opinion": given})


@pytest.mark.parametrize("url", ["http://localhost:11434/v1", "http://127.0.0.1:8080/v1"])
def test_this_machine_may_be_asked_unencrypted(url: str) -> None:
    assert table(url=url).url == url


def test_another_machine_may_be_asked_unencrypted_only_if_one_says_so() -> None:
    assert table(url="http://10.0.0.5:8000/v1", plain_http=True).plain_http
