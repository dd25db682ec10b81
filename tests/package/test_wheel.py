"""The built wheel in a clean environment: what a user installs is what was tested."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    program = folder / "bin" / "python"
    run(str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
    return program


def test_wheel_and_sdist_are_built_from_the_same_tree(wheel):
    assert len(list(wheel.parent.glob("*.tar.gz"))) == 1


def test_templates_and_demo_data_are_inside_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "cs_audit/_templates/report.html" in names
    assert "cs_audit/_templates/messages/ru.po" in names
    assert {f"cs_audit/_quickstart/{language}/messages.csv" for language in ("en", "ru")} <= names


@pytest.mark.parametrize("language", ["en", "ru"])
def test_installed_wheel_runs_the_demo_outside_the_checkout(python, language, tmp_path):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "CS_AUDIT"))}
    done = run(str(python), "-m", "cs_audit", "demo", "--language", language, "--out", "demo", cwd=tmp_path, env=clean)
    page = (tmp_path / "demo" / "report.html").read_text("utf-8")
    assert f'lang="{language}"' in page
    assert "demo/report.html" in done.stdout


def test_editable_install_finds_the_templates_beside_the_checkout(tmp_path):
    run(sys.executable, "-m", "cs_audit", "demo", "--out", str(tmp_path / "demo"), cwd=tmp_path)
    assert (tmp_path / "demo" / "report.html").is_file()
