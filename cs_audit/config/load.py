"""Finding and reading the configuration; every mistake is named by its key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cs_audit.config.mistakes import first_mistake
from cs_audit.config.models import Config
from cs_audit.errors import ConfigError
from cs_audit.worded import Worded, joined, reason_of, verbatim, worded

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
    return config_of(tables_in(path), path)


def config_of(tables: dict[str, Any], path: Path) -> Config:
    """The configuration that the tables in `path` say.

    Raises:
        ConfigError: they say something wrong.
    """
    return parse_config(tables, where=str(path), folder=path.parent)


def tables_in(path: Path) -> dict[str, Any]:
    """The tables of the configuration in `path`, as they stand there.

    Raises:
        ConfigError: the file cannot be read, or is no TOML.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            worded("the configuration cannot be read ({why})", why=reason_of(error)),
            where=str(path),
            hint=worded("give its path with -c, or make one with `cs-audit init FILE`"),
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(
            worded("the configuration is not UTF-8 text"), where=str(path), hint=worded("save it as UTF-8")
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            worded("not valid TOML: {problem}", problem=_placed(str(error))),
            where=str(path),
            hint=worded("mend the line named"),
        ) from None
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("cs-audit", {})
    if not isinstance(data, dict):
        raise ConfigError(
            worded("tool.cs-audit is no table"), where=str(path), hint=worded("write it as [tool.cs-audit]")
        )
    return data


def _placed(problem: str) -> Worded:
    """What the parser says, and where: at a line and column, or at the end."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", problem, re.DOTALL)
    if not found:
        return verbatim(problem)
    if found[2]:
        place = worded("(at line {line}, column {column})", line=found[2], column=found[3])
    else:
        place = worded("(at end of document)")
    return joined([verbatim(found[1]), place], " ")


def parse_config(data: dict[str, Any], *, where: str = FILE_NAME, folder: Path = Path()) -> Config:
    """The configuration that a table says.

    Raises:
        ConfigError: with the key path of the first mistake, and the nearest known key.
    """
    if "folder" in data:
        raise ConfigError(worded("unknown key"), where=f"{where}: folder", hint=worded("remove it"))
    try:
        return Config.model_validate({**data, "folder": folder})
    except ValidationError as error:
        raise first_mistake(error, where) from None
