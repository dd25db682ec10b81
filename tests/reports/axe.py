"""axe-core (https://github.com/dequelabs/axe-core, MPL-2.0), the judge of accessibility, from npm."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

VERSION = "4.14.1"
_SECONDS = 300


def source():
    """The script, put once into a temporary folder of this user. Skips the test where that cannot be."""
    home = Path(tempfile.gettempdir()) / f"cs-audit-axe-{VERSION}-{os.getuid()}"
    script = home / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("axe-core comes with npm, which is not on PATH")
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            _install(npm, Path(folder) / "whole")
            with suppress(OSError):  # another test was quicker
                (Path(folder) / "whole").rename(home)
    return script.read_text("utf-8")


def _install(npm, place):
    """In CI it must succeed; elsewhere there may be no network."""
    place.mkdir(mode=0o700)
    quiet = ("--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error")
    done = subprocess.run(
        [npm, "install", f"--prefix={place}", *quiet, f"axe-core@{VERSION}"],
        cwd=place, capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        why = f"axe-core could not be installed with npm: {done.stderr.strip()[-300:]}"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
