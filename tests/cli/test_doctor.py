"""`cs-audit doctor` says what is well, what is good to know, and what keeps an audit from being made."""

import json
import os
from pathlib import Path

import pytest
from helpdesks.harness import TOKEN, running
from helpdesks.vendors import VENDORS
from helpdesks.world import world

from cs_audit.cli.guard import guarded

FILES = """
[sources.desk]
type = "csv"
path = ["{path}"]
columns = {{ ticket = "t", occurred_at = "at" }}
[schedules.office]
hours = {{ mon-fri = ["09:00-18:00"] }}
[[policies]]
name = "All"
schedule = "office"
[policies.targets]
first_reply = "1h"
"""


def examined(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, list[dict[str, str]]]:
    path = folder / "cs-audit.toml"
    path.write_text(text, "utf-8")
    code = guarded(["doctor", "-c", str(path), "--format", "json", *options])
    return code, json.loads(capsys.readouterr().out)


def test_a_sound_configuration_has_nothing_bad(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("t,at\n", "utf-8")
    code, checks = examined(tmp_path, FILES.format(path="*.csv"), capsys)
    assert code == 0
    assert {each["what"] for each in checks} >= {"configuration", "time zones", "schedule office", "source desk"}
    assert all(each["state"] == "good" for each in checks)


def test_a_missing_file_is_bad_and_ends_with_4(tmp_path, capsys):
    code, checks = examined(tmp_path, FILES.format(path="export/*.csv"), capsys)
    assert code == 4
    assert [each["told"] for each in checks if each["state"] == "bad"] == ["no file matches export/*.csv"]


def test_a_wrong_policy_is_bad_and_ends_with_2(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("t,at\n", "utf-8")
    code, checks = examined(
        tmp_path, FILES.format(path="a.csv").replace('schedule = "office"', 'schedule = "offce"'), capsys
    )
    assert code == 2
    (bad,) = (each for each in checks if each["state"] == "bad")
    assert "did you mean 'office'?" in bad["hint"]


def desk_of(url: str) -> str:
    return f'[sources.zd]\ntype = "zendesk"\nurl = "{url}"\nuser = "audit@desk.example"\ntoken = {{ env = "DESK_TOKEN" }}\n'


@pytest.fixture
def _no_proxies(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("_no_proxies")
class TestHelpdesk:
    def test_its_capabilities_and_blind_spots_are_told(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("DESK_TOKEN", TOKEN)
        with running(VENDORS["zendesk"], world(3, 4)) as desk:
            code, checks = examined(tmp_path, desk_of(desk.server.url), capsys)
        assert code == 0
        told = {each["told"] for each in checks if each["what"] == "helpdesk zd"}
        assert "Zendesk answers, and the token is good" in told
        assert "schedules: the plan has no business hours" in told
        assert any(each.startswith("waited_seconds: ") for each in told)
        assert [each["hint"] for each in checks if each["what"] == "store"] == ["run `cs-audit pull`"]

    def test_a_wrong_token_is_bad_and_not_shown(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("DESK_TOKEN", "wrong-token-X1X1")
        with running(VENDORS["zendesk"], world(3, 4)) as desk:
            code, checks = examined(tmp_path, desk_of(desk.server.url), capsys)
        assert code == 4
        (bad,) = (each for each in checks if each["state"] == "bad")
        assert "token" in bad["hint"]
        assert "wrong-token" not in json.dumps(checks)

    def test_a_token_that_is_not_there_is_bad(self, tmp_path, capsys, monkeypatch):
        monkeypatch.delenv("DESK_TOKEN", raising=False)
        code, checks = examined(tmp_path, desk_of("http://127.0.0.1:9"), capsys)
        assert code == 2
        assert any("DESK_TOKEN" in each["told"] for each in checks if each["state"] == "bad")

    def test_offline_asks_nobody(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("DESK_TOKEN", TOKEN)
        code, checks = examined(tmp_path, desk_of("http://127.0.0.1:9"), capsys, "--offline")
        assert code == 0
        assert not [each for each in checks if each["what"].startswith("helpdesk")]


def test_the_text_names_the_next_command(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("t,at\n", "utf-8")
    (tmp_path / "cs-audit.toml").write_text(FILES.format(path="a.csv"), "utf-8")
    assert guarded(["doctor", "-c", str(tmp_path / "cs-audit.toml")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("none bad. Next: cs-audit run")
