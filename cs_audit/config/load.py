"""Finding and reading the configuration; every mistake is named by its key."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

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
        raise _first_error(error, where) from None


def _first_error(error: ValidationError, where: str) -> ConfigError:
    first = min(error.errors(), key=lambda each: (each["type"] != "extra_forbidden", len(error.errors())))
    path = _key_path(first["loc"])
    if first["type"] == "extra_forbidden":
        return ConfigError("unknown key", where=f"{where}: {path}", hint=_nearest(first["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        return ConfigError(f"{path} is missing", where=where, hint=f"add {first['loc'][-1]} = ...")
    return ConfigError(message, where=f"{where}: {path}", hint="see the section Configuration of the README")


def _key_path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not part.startswith(("function-", "literal[")) and part not in ("Duration", "ShortDays"):
            path += f".{part}" if path else part
    return path


def _nearest(location: tuple[int | str, ...]) -> str:
    known = _known_keys(Config, location[:-1])
    near = get_close_matches(str(location[-1]), known, n=1, cutoff=0.4)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        field = model.model_fields.get(str(part))
        found = _models_in(field.annotation) if field is not None else []
        if found:
            model = found[0]
    return [field.alias or name for name, field in model.model_fields.items() if name not in ("folder", "options")]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for each in get_args(annotation) for model in _models_in(each)]
