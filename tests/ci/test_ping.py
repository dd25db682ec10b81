"""A dead man's switch hears of every success, of failures if its address has a place for them, and stays secret."""

import subprocess
import threading
from pathlib import Path

import pytest
from helpdesks.commands import command, configuration
from helpdesks.harness import running
from helpdesks.vendors import VENDORS
from helpdesks.world import world
from web.web_server import bad, good, serving

from cs_audit.ci import ping as pings
from cs_audit.cli import run as run_command
from cs_audit.cli.guard import guarded

DEMO = Path(__file__).parents[2] / "examples" / "quickstart" / "en" / "cs-audit.toml"
SECRET = "uuid-Kx8Kx8Kx8"  # noqa: S105 - a made-up one, to be looked for


@pytest.fixture(autouse=True)
def _direct(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def service():
    with serving(good()) as server:
        yield server


def run(tmp_path, *options):
    return guarded(["run", "-q", "-c", str(DEMO), "-o", str(tmp_path / "a.json"), "--no-sensitivity", *options])


def asked(service):
    return [(seen.method, seen.path) for seen in service.seen]


def test_success_is_told_with_one_get(service, tmp_path, capsys):
    assert run(tmp_path, "--fail-on", "never", "--ping", f"{service.url}/{SECRET}") == 0
    assert asked(service) == [("GET", f"/{SECRET}")]
    assert capsys.readouterr() == ("", "")


def test_a_failure_is_not_told_to_a_plain_address(service, tmp_path):
    assert run(tmp_path, "--ping", f"{service.url}/{SECRET}") == 1
    assert asked(service) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--fail-on", "never"], 0), ([], 1), (["--engine", "none"], 2), (["--since", "2030-01-01"], 5)],
)
def test_an_address_with_a_place_for_it_gets_every_exit_code(service, tmp_path, options, code):
    assert run(tmp_path, *options, "--ping", f"{service.url}/{SECRET}/{{code}}") == code
    assert asked(service) == [("GET", f"/{SECRET}/{code}")]


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (RuntimeError("a defect"), 70)])
def test_it_is_told_of_interruptions_and_defects_too(service, tmp_path, monkeypatch, error, code):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(run_command, "_judged", broken)
    assert run(tmp_path, "--ping", f"{service.url}/?s={{code}}") == code
    assert asked(service) == [("GET", f"/?s={code}")]


@pytest.mark.parametrize("place", ["env", "file"])
def test_the_address_may_stand_where_other_secrets_do(service, tmp_path, monkeypatch, place):
    monkeypatch.setenv("WATCHDOG", f"{service.url}/{SECRET}")
    (tmp_path / "watchdog").write_text(f"{service.url}/{SECRET}\n", "utf-8")
    where = {"env": "env:WATCHDOG", "file": f"file:{tmp_path / 'watchdog'}"}[place]
    assert run(tmp_path, "--fail-on", "never", "--ping", where) == 0
    assert asked(service) == [("GET", f"/{SECRET}")]


@pytest.mark.parametrize("answer", [bad(404), bad(500), bad(302, Location="http://elsewhere.invalid/")])
def test_a_refused_ping_is_told_without_its_address_and_changes_nothing(tmp_path, capsys, answer):
    with serving(answer) as service:
        assert run(tmp_path, "--fail-on", "never", "--ping", f"{service.url}/{SECRET}") == 0
        assert len(service.seen) == 1
    told = capsys.readouterr().err
    assert f"the ping failed: 127.0.0.1 answered {answer.status}" in told
    assert SECRET not in told


def test_nobody_there_is_told_without_the_address(tmp_path, capsys):
    assert run(tmp_path, "--fail-on", "never", "--ping", f"http://user:{SECRET}@127.0.0.1:9/{SECRET}") == 0
    told = capsys.readouterr().err
    assert "127.0.0.1 could not be reached" in told
    assert SECRET not in told


def test_a_service_that_does_not_answer_is_left_after_its_time(monkeypatch):
    monkeypatch.setattr(pings, "SECONDS", 0.2)
    released = threading.Event()

    def waiting(_):
        released.wait(10)
        return good()

    with serving(waiting) as service:
        told = pings.ping(f"{service.url}/{SECRET}")
        released.set()
    assert told == "127.0.0.1 did not answer within 0 s"


@pytest.mark.parametrize(
    "address", ["", "hc-ping.com/x", "ftp://a.example/x", "http://", "https://[::1", "env:NOT_SET"]
)
def test_what_is_no_address_is_a_usage_error_before_any_work(tmp_path, capsys, address):
    code = run(tmp_path, "--ping", address)
    if address:
        assert code == 2
        assert not (tmp_path / "a.json").exists()
        assert "--ping" in capsys.readouterr().err
    else:
        assert code == 1


def test_a_wrong_address_is_not_repeated(tmp_path, capsys):
    assert run(tmp_path, "--ping", f"ftp://a.example/{SECRET}") == 2
    assert SECRET not in capsys.readouterr().err


def test_a_pull_is_told_as_well(service, tmp_path):
    with running(VENDORS["zendesk"], world(5, 4)) as desk:
        told, environment = command(configuration(desk, tmp_path))
        told += ["-q", "--ping", f"{service.url}/{SECRET}"]
        done = subprocess.run(told, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert asked(service) == [("GET", f"/{SECRET}")]
