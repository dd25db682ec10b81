"""Finding and reading the configuration; every mistake is named by its key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cs_audit.config.mistakes import first_mistake
from cs_audit.config.models import Config
from cs_audit.errors import ConfigError

FILE_NAME = "cs-audit.toml"


def find_config(folder: Path) -> Path | None:
    """The nearest `cs-audit.toml`, or pyproject.toml with `[tool.cs-audit]`, in this folder or above it.

    The search ends at a repository's root.
    """
    for place in (folder, *folder.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
        project = place / "pyproject.toml"
        if project.is_file() and "[tool.cs-audit" in project.read_text("utf-8", errors="replace"):
            return project
        if (place / ".git").exists():
            return None
    return None


def load_config(path: Path) -> Config:
    """The configuration in `path`.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or says something wrong.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"the configuration cannot be read ({error.strerror})",
            where=str(path),
            hint="give its path with -c, or make one with `cs-audit init FILE`",
        ) from None
    except UnicodeDecodeError:
        raise ConfigError("the configuration is not UTF-8 text", where=str(path), hint="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path), hint="mend the line named") from None
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("cs-audit", {})
    if not isinstance(data, dict):
        raise ConfigError("tool.cs-audit is no table", where=str(path), hint="write it as [tool.cs-audit]")
    return parse_config(data, where=str(path), folder=path.parent)


def parse_config(data: dict[str, Any], *, where: str = FILE_NAME, folder: Path = Path()) -> Config:
    """The configuration that a table says.

    Raises:
        ConfigError: with the key path of the first mistake, and the nearest known key.
    """
    if "folder" in data:
        raise ConfigError("unknown key", where=f"{where}: folder", hint="remove it")
    try:
        return Config.model_validate({**data, "folder": folder})
    except ValidationError as error:
        raise first_mistake(error, where) from None
