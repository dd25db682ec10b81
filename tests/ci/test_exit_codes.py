"""Each exit code of the interface, provoked through the program itself; and two runs over one store."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from helpdesks.commands import command, configuration
from helpdesks.harness import running
from helpdesks.vendors import VENDORS
from helpdesks.world import world
from small_desk import CONFIG, EVENTS
from web.web_server import good, serving

ROOT = Path(__file__).parents[2]
RUN = ["run", "-o", "audit.json", "--no-sensitivity"]
DEFECT = """
import importlib.abc, sys
class Broken(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "cs_audit.audit.gate":
            raise RuntimeError("a defect")
sys.meta_path.insert(0, Broken())
"""


@pytest.fixture
def desk(tmp_path):
    """A folder with three tickets, one of them late, and their configuration."""
    (tmp_path / "desk.csv").write_text(EVENTS, "utf-8")
    (tmp_path / "cs-audit.toml").write_text(CONFIG, "utf-8")
    return tmp_path


def start(folder, *arguments, **environment):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "cs_audit", *arguments],
        cwd=folder, env={**variables, "PYTHONPATH": str(ROOT), **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(folder, *arguments, **environment):
    with start(folder, *arguments, **environment) as process:
        _, told = process.communicate(timeout=120)
    return process.returncode, told


def spoil(desk):
    """One row with a date that is none."""
    (desk / "desk.csv").write_text(EVENTS.replace("2026-10-01T10:05", "2026-10-41T10:05"), "utf-8")


def remove(desk):
    (desk / "desk.csv").unlink()


def crash(desk):
    (desk / "sitecustomize.py").write_text(DEFECT, "utf-8")


def nothing(_):
    """The folder as it is."""


CODES = [
    (0, nothing, [*RUN, "--fail-on", "never"], "Report: audit.json"),
    (1, nothing, RUN, "goal is missed"),
    (2, nothing, [*RUN, "--select", "frist_reply"], "did you mean 'first_reply'?"),
    (3, spoil, [*RUN, "--fail-on", "never"], "Incomplete: 1 rows"),
    (4, remove, RUN, "desk.csv"),
    (5, nothing, [*RUN, "--since", "2030-01-01"], "Nothing was judged"),
    (70, crash, RUN, "error[internal]: RuntimeError: a defect"),
]


@pytest.mark.parametrize(("code", "prepare", "arguments", "told"), CODES, ids=[str(each[0]) for each in CODES])
def test_each_exit_code_is_reached_and_says_why(desk, code, prepare, arguments, told):
    prepare(desk)
    found, said = ended(desk, *arguments, PYTHONPATH=f"{desk}{os.pathsep}{ROOT}", TMPDIR=str(desk))
    assert found == code, said
    assert told in said
    assert "Traceback" not in said


@pytest.mark.parametrize("code", [1, 3])
def test_a_quiet_run_says_why_it_failed_and_nothing_else(desk, code):
    _, prepare, arguments, told = next(each for each in CODES if each[0] == code)
    prepare(desk)
    found, said = ended(desk, *arguments, "-q", PYTHONPATH=f"{desk}{os.pathsep}{ROOT}", TMPDIR=str(desk))
    assert found == code
    assert told in said
    assert len(said.splitlines()) <= 4


def test_an_interrupted_run_ends_with_130(tmp_path):
    asked, released = threading.Event(), threading.Event()

    def waiting(_):
        asked.set()
        released.wait(60)
        return good()

    with serving(waiting) as server:
        (tmp_path / "cs-audit.toml").write_text(
            f'[sources.desk]\ntype = "zendesk"\nurl = "{server.url}"\nuser = "a"\ntoken = {{ env = "TOKEN" }}\n',
            "utf-8",
        )
        with start(tmp_path, "pull", "-q", TOKEN="t", NO_PROXY="*", no_proxy="*") as process:  # noqa: S106 - none
            assert asked.wait(60)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        released.set()
    assert (process.returncode, told) == (130, "interrupted\n")


OPTIONS = ["--no-sensitivity", "--select", "RT", "--fail-on", "never", "-q"]
HOLDER = """
import datetime as dt, sys
from pathlib import Path
from cs_audit.store import open_store
with open_store(Path(sys.argv[1]), since=dt.datetime.now(dt.UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def audited(config, path):
    """The exit code, what was said, and the audit of a run over what was pulled."""
    code, told = ended(config.parent, "run", "-c", str(config), "-o", str(path), *OPTIONS)
    return code, told, path.read_text("utf-8")


def pulled(config, *options):
    told, environment = command(config)
    return subprocess.run([*told, *options], env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_second_pull_over_the_same_store_ends_with_75_and_a_run_reads_on(tmp_path):
    with running(VENDORS["zendesk"], world(5, 12)) as fake:
        config = configuration(fake, tmp_path)
        assert pulled(config).returncode == 0
        before = audited(config, tmp_path / "before.json")
        holder = [sys.executable, "-c", HOLDER, str(tmp_path / ".cs-audit" / "store.db")]
        with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:
            assert other.stdout.readline() == "held\n"
            second = pulled(config, "-q")
            during = audited(config, tmp_path / "during.json")
            other.stdin.close()
        assert second.returncode == 75, second.stderr
        assert "another run writes to it" in second.stderr
        assert during == before
        assert pulled(config).returncode == 0


def test_a_run_in_the_middle_of_a_pull_reads_whole_tickets_and_adds_up(tmp_path):
    amid, done = threading.Event(), threading.Event()

    def stop(step):
        amid.set()
        done.wait(60)
        return step

    with running(VENDORS["zendesk"], world(7, 24)) as fake:
        config = configuration(fake, tmp_path)
        assert pulled(config).returncode == 0
        fake.faults[len(fake.asked) * 3 // 2] = stop
        told, environment = command(config)
        with subprocess.Popen([*told, "--full", "-q"], env=environment) as pulling:
            assert amid.wait(60)
            code, said, text = audited(config, tmp_path / "a.json")
            assert pulling.poll() is None
            done.set()
        assert pulling.returncode == 0
        counts = json.loads(text)["counts"]
        after = json.loads(audited(config, tmp_path / "b.json")[2])["counts"]
    assert (code, said) == (0, "")
    assert counts["tickets"] == counts["judged"] + sum(counts["not_judged"].values())
    assert counts == after
