"""The program itself as people run it against a fake helpdesk."""

import os
import subprocess
import sys
from pathlib import Path

from helpdesks.harness import NAME, TOKEN


def configuration(desk, folder: Path) -> Path:
    keys = {"type": desk.vendor.type, "url": desk.server.url, **desk.vendor.table}
    lines = [f"{key} = {_toml(value)}" for key, value in keys.items()]
    path = folder / "cs-audit.toml"
    path.write_text("\n".join([f"[sources.{NAME}]", *lines, 'token = { env = "DESK_TOKEN" }', ""]), "utf-8")
    return path


def _toml(value: object) -> str:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else repr(value).lower() if isinstance(value, bool) else repr(value)  # fmt: skip


def command(config: Path) -> tuple[list[str], dict[str, str]]:
    quiet = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return [sys.executable, "-m", "cs_audit", "pull", "-c", str(config)], {**quiet, "DESK_TOKEN": TOKEN}


def pull(config: Path) -> subprocess.CompletedProcess[str]:
    told, environment = command(config)
    return subprocess.run(told, env=environment, capture_output=True, text=True, timeout=120, check=False)
