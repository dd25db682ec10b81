"""A pull that is killed at any moment: one more run makes the store an undisturbed one makes.

`KILLS=100 pytest tests/helpdesks/test_killed.py` kills as many pulls, the same number of each connector; otherwise two
of each.
"""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from helpdesks.commands import command, configuration, pull
from helpdesks.harness import NAME, TOKEN, content_of, running
from helpdesks.vendors import VENDORS
from helpdesks.world import world

DESK = world(5, 24)
SMALL = world(5, 5)
"""For UseDesk, whose limit lets a request through every 0.4 s."""
KILLED = "pulls that were killed and ended like an undisturbed one after one re-run"
KILLS = -(-int(os.environ.get("KILLS", "22")) // len(VENDORS))
"""Of each connector."""


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)
def test_a_killed_pull_is_gone_on_with(vendor, tmp_path, counted):
    dice = random.Random(vendor.type)  # noqa: S311 - fixed moments
    with running(vendor, SMALL if vendor.type == "usedesk" else DESK) as desk:
        calm = tmp_path / "calm"
        calm.mkdir()
        whole = pull(configuration(desk, calm))
        requests, killed = len(desk.asked), 0
        assert whole.returncode == 0, whole.stderr
        expected = content_of(calm / ".cs-audit" / "store.db", desk)
        for number in range(KILLS):
            folder = tmp_path / f"killed-{number}"
            folder.mkdir()
            config = configuration(desk, folder)
            told, environment = command(config)
            moment = len(desk.asked) + dice.randrange(requests * 9 // 10)
            with subprocess.Popen(told, env=environment, stderr=subprocess.DEVNULL) as running_pull:
                while len(desk.asked) < moment and running_pull.poll() is None:
                    time.sleep(0.001)
                time.sleep(dice.uniform(0, 0.02))
                running_pull.kill()
            killed += running_pull.returncode == -signal.SIGKILL
            again = pull(config)
            assert again.returncode == 0, again.stderr
            assert content_of(folder / ".cs-audit" / "store.db", desk) == expected
        counted(KILLED, killed)


def test_a_pull_says_what_it_did_and_what_is_next_and_shows_no_token(tmp_path):
    with running(VENDORS["zendesk"], DESK) as desk:
        told = pull(configuration(desk, tmp_path))
    assert told.stdout == ""
    assert f"{NAME}: " in told.stderr
    assert "Next: cs-audit run" in told.stderr
    assert TOKEN not in told.stderr


def test_a_wrong_token_is_told_with_what_to_do_and_ends_with_4(tmp_path):
    with running(VENDORS["zendesk"], DESK) as desk:
        config = configuration(desk, tmp_path)
        told, environment = command(config)
        wrong = {**environment, "DESK_TOKEN": "wrong-token-W1W1"}
        ended = subprocess.run(told, env=wrong, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 4
    assert "hint:" in ended.stderr
    assert "wrong-token" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_audit_before_the_first_pull_says_so(tmp_path):
    with running(VENDORS["zendesk"], DESK) as desk:
        config = configuration(desk, tmp_path)
        told = [sys.executable, "-m", "cs_audit", "run", "-c", str(config), "-o", str(tmp_path / "r.json")]
        ended = subprocess.run(told, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 4
    assert f"cs-audit pull {NAME}" in ended.stderr


def test_what_was_pulled_is_audited_as_of_the_pull(tmp_path):
    with running(VENDORS["zendesk"], DESK) as desk:
        config = configuration(desk, tmp_path)
        assert pull(config).returncode == 0
        told = [
            sys.executable,
            "-m",
            "cs_audit",
            "run",
            "-c",
            str(config),
            "-o",
            str(tmp_path / "r.json"),
            "--fail-on",
            "never",
        ]
        ended = subprocess.run(told, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "Report:" in ended.stderr
