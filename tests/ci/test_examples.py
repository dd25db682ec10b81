"""The examples for CI and cron are sound: parsed, checked by published schemas, their commands known to the program."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from example_commands import EXAMPLES, ROOT, all_commands, commands, jobs, parse, scripts, yaml
from small_desk import CONFIG, EVENTS

from cs_audit import __version__
from cs_audit.config import load_config

COMMANDS = [arguments for _, arguments in all_commands()]
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
HASH = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def text(name):
    return (EXAMPLES / name).read_text("utf-8")


def test_all_places_of_commands_are_found():
    assert sorted({place for place, _ in all_commands()}) == [
        "README.md",
        "action.yml",
        "crontab",
        "cs-audit.service",
        "gitlab.yml",
        "kubernetes.yaml",
    ]


@pytest.mark.parametrize("arguments", COMMANDS, ids=shlex.join)
def test_every_command_is_one_the_program_knows(arguments):
    parse(arguments)


@pytest.mark.parametrize("arguments", [["run", "--nonsense"], ["nonsense"], ["pull", "--redo"]])
def test_a_command_the_program_does_not_know_would_be_noticed(arguments):
    with pytest.raises(Exception, match=r"(?i)no such"):
        parse(arguments)


def in_range(field, least, most):
    """Whether a cron field is a list of numbers, ranges or stars, with steps, in its range."""
    for part in field.split(","):
        found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/([1-9]\d*))?", part)
        numbers = [int(each) for each in found.groups()[:2] if each] if found else [-1]
        if not all(least <= number <= most for number in numbers) or numbers != sorted(numbers):
            return False
    return True


def test_the_crontab_has_sound_times_at_odd_minutes():
    found = jobs(text("crontab"))
    assert len(found) == 2
    for fields, _ in found:
        assert all(in_range(field, *limits) for field, limits in zip(fields, RANGES, strict=True))
        assert fields[0] not in ("0", "*", "30")
    assert not in_range("61", 0, 59)
    assert not in_range("5-1", 0, 7)


def test_in_a_crontab_a_percent_sign_is_escaped_and_every_command_quiet():
    for _, job in jobs(text("crontab")):
        assert not re.search(r"(?<!\\)%", job)
        assert all("-q" in each for each in commands(job))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to check its units")
def test_systemd_takes_the_units(tmp_path):
    for name in ("cs-audit.service", "cs-audit.timer"):
        (tmp_path / name).write_text(text(name).replace("/opt/cs-audit/bin/cs-audit", "/bin/true"), "utf-8")
    told = [
        "systemd-analyze",
        "verify",
        "--man=no",
        str(tmp_path / "cs-audit.service"),
        str(tmp_path / "cs-audit.timer"),
    ]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert "cs-audit" not in done.stdout + done.stderr  # other units of this machine are none of our business


def test_the_units_have_the_parts_that_matter():
    class Unit(dict):
        """Keys of a unit file may come twice."""

        def __setitem__(self, key, value):
            super().__setitem__(key, self[key] + value if isinstance(value, list) and key in self else value)

    units = {}
    for name in ("cs-audit.service", "cs-audit.timer"):
        parser = configparser.RawConfigParser(strict=False, dict_type=Unit, delimiters=("=",), comment_prefixes=("#",))
        parser.optionxform = str
        parser.read_string(text(name))
        units[name] = parser
    service, timer = units["cs-audit.service"]["Service"], units["cs-audit.timer"]["Timer"]
    assert (service["Type"], service["DynamicUser"], service["ProtectSystem"]) == ("oneshot", "yes", "strict")
    assert re.fullmatch(r"Mon\.\.Fri \d\d:(?!00|30)\d\d", timer["OnCalendar"])


@pytest.mark.parametrize(
    ("name", "schema", "more"),
    [
        ("action.yml", "vendor.github-actions", []),
        ("github.yml", "vendor.github-workflows", []),
        ("gitlab.yml", "vendor.gitlab-ci", ["--data-transform", "gitlab-ci"]),
    ],
)
def test_pipelines_are_valid_by_the_published_schemas(name, schema, more):
    told = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more, str(EXAMPLES / name)]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_pipeline_with_a_wrong_key_would_be_noticed(tmp_path):
    (tmp_path / "github.yml").write_text(text("github.yml").replace("timeout-minutes", "timeout-hours"), "utf-8")
    told = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", "github.yml"]
    assert subprocess.run(told, capture_output=True, cwd=tmp_path, check=False).returncode == 1


def test_foreign_actions_are_pinned_by_their_full_hash():
    uses = re.findall(r"uses: (\S+)", text("action.yml") + text("github.yml"))
    foreign = [each for each in uses if not each.startswith("your-org/")]
    assert len(foreign) == 4
    assert all(HASH.fullmatch(each) for each in foreign)


def test_the_workflow_may_only_read_and_runs_alone():
    (workflow,) = yaml("github.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert all(int(each["cron"].split()[0]) % 30 for each in workflow["on"]["schedule"])


def test_no_input_is_written_into_a_script():
    for name in ("action.yml", "github.yml"):
        assert not [script for script in scripts(yaml(name)) if "${{" in script]


def test_the_workflow_gives_the_action_only_inputs_it_has():
    (action,), (workflow,) = yaml("action.yml"), yaml("github.yml")
    steps = workflow["jobs"]["audit"]["steps"]
    (ours,) = [step for step in steps if step.get("uses", "").startswith("your-org/cs-audit/examples/ci@")]
    assert set(ours["with"]) <= set(action["inputs"])


@pytest.fixture
def runner(tmp_path):
    """A folder with a small desk, and the environment in which GitHub runs a step of the action."""
    (tmp_path / "desk.csv").write_text(EVENTS, "utf-8")
    (tmp_path / "cs-audit.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "cs-audit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cs_audit "$@"\n', "utf-8")
    program.chmod(0o755)
    return {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(tmp_path / "out"), "GITHUB_STEP_SUMMARY": str(tmp_path / "sum.md"),
        "CONFIG": "cs-audit.toml", "OUTPUT": "a folder", "PING": "",
    }  # fmt: skip


@pytest.mark.parametrize(("fail_on", "code"), [("high", 1), ("never", 0)])
def test_the_action_audits_reports_and_hands_on_the_exit_code(runner, tmp_path, fail_on, code):
    (action,) = yaml("action.yml")
    (step,) = [each for each in action["runs"]["steps"] if each.get("id") == "audit"]
    assert set(step["env"]) == {"CONFIG", "FAIL_ON", "OUTPUT", "PING"}
    told = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        told, env={**runner, "FAIL_ON": fail_on}, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert (tmp_path / "out").read_text("utf-8") == f"exit-code={code}\nreport=a folder/report.html\n"
    assert {path.name for path in (tmp_path / "a folder").iterdir()} == {"report.html", "audit.json", "junit.xml"}
    assert (tmp_path / "sum.md").read_text("utf-8").startswith("# The goal is missed")
    assert ("::error title=First reply::" in done.stderr) == bool(code)


def test_gitlab_reads_the_junit_file_that_is_written():
    (pipeline,) = yaml("gitlab.yml")
    job = pipeline["support-audit"]
    assert f"-o {job['artifacts']['reports']['junit']}" in "\n".join(job["script"])
    assert job["artifacts"]["when"] == "always"


def test_the_kubernetes_configuration_is_one_the_program_takes(tmp_path):
    settings = yaml("kubernetes.yaml")[0]
    assert (settings["apiVersion"], settings["kind"]) == ("v1", "ConfigMap")
    (tmp_path / "cs-audit.toml").write_text(settings["data"]["cs-audit.toml"], "utf-8")
    config = load_config(tmp_path / "cs-audit.toml")
    assert config.sources["desk"].token.file == "/run/secrets/cs-audit/token"
    assert config.store_path == Path("/data/store.db")


def test_the_cron_job_runs_alone_locked_down_and_mounts_what_it_names():
    _, claim, job = yaml("kubernetes.yaml")
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert all(
        in_range(*each) for each in zip(job["spec"]["schedule"].split(), *zip(*RANGES, strict=True), strict=True)
    )
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert pod["securityContext"]["runAsNonRoot"] is True
    volumes = {each["name"]: each for each in pod["volumes"]}
    assert volumes["data"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    for container in (*pod["initContainers"], *pod["containers"]):
        locked = container["securityContext"]
        assert locked["readOnlyRootFilesystem"] is True
        assert locked["allowPrivilegeEscalation"] is False
        assert locked["capabilities"] == {"drop": ["ALL"]}
        assert {each["name"] for each in container["volumeMounts"]} == set(volumes)
        assert container["resources"]["limits"]["memory"]


def test_no_secret_stands_in_an_example():
    assert "Secret" not in {each["kind"] for each in yaml("kubernetes.yaml")}
    for path in EXAMPLES.iterdir():
        assert not re.search(r"(?i)(password|api_?key|secret|token) *[:=] *[\"']?\w{8}", path.read_text("utf-8")), (
            path.name
        )


def instructions():
    lines = text("Containerfile").replace("\\\n", " ").splitlines()
    return [line.split(None, 1) for line in lines if line and not line.startswith("#")]


def test_the_container_is_built_in_two_stages_from_a_pinned_base_and_runs_without_rights():
    known = instructions()
    bases = [rest for word, rest in known if word == "FROM"]
    assert len(bases) == 2
    assert all(re.match(r"python:\d+\.\d+\.\d+-slim-\w+", base) for base in bases)
    assert {word for word, _ in known} <= {
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "LABEL",
        "ENV",
        "USER",
        "ENTRYPOINT",
        "CMD",
    }
    assert [rest for word, rest in known if word == "USER"] == ["10001:10001"]
    last = [word for word, _ in known]
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert json.loads(dict(known)["ENTRYPOINT"]) == ["cs-audit"]
    assert not re.search(r"(?i)token|password|--index-url|\bADD\b", text("Containerfile"))


def test_the_container_is_given_all_that_the_wheel_is_made_of():
    copied = {
        name for word, rest in instructions() if word == "COPY" and "--from" not in rest for name in rest.split()[:-1]
    }
    assert all((ROOT / name).exists() for name in copied)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    forced = re.findall(r'^"(\S+)" = "cs_audit/', project, re.MULTILINE)
    assert copied == {"pyproject.toml", "README.md", "LICENSE", "cs_audit", *forced}


def test_images_carry_the_version_of_this_program():
    for name in ("gitlab.yml", "kubernetes.yaml", "Containerfile"):
        assert set(re.findall(r"cs-audit:([\d.]+\d)", text(name))) == {__version__}, name


def test_the_folder_tells_of_every_file():
    named = set(re.findall(r"`([\w.-]+)`", text("README.md")))
    assert {path.name for path in EXAMPLES.iterdir()} - {"README.md"} <= named
