"""Mistakes in a configuration in plain words: what is wrong, where, and what to write."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from cs_audit.config.models import Config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import ConfigError
from cs_audit.sources.helpdesks import TYPES

_README = "the README's section Configuration shows every key"
_PLAIN: Mapping[str, tuple[str, str]] = {
    "string_type": ("must be a text", 'write it in quotes, like "..."'),
    "float_type": ("must be a number", "write it without quotes, like 90"),
    "float_parsing": ("must be a number", "write it without quotes, like 90"),
    "bool_type": ("must be true or false", "write it without quotes"),
    "bool_parsing": ("must be true or false", "write it without quotes"),
    "list_type": ("must be a list", 'write it in brackets, like ["..."]; tables that repeat are written [[name]]'),
    "dict_type": ("must be a table", 'write it like { key = "value" } or as [its.own.section]'),
    "model_type": ("must be a table", 'write it like { key = "value" } or as [its.own.section]'),
    "date": ("must be a date", "write it without quotes, like 2026-12-31"),
    "datetime": ("must be a time with its offset", "write it without quotes, like 2026-10-31T23:59:59+03:00"),
    "string_too_short": ("must not be empty", "write a few words"),
}


def first_mistake(error: ValidationError, where: str) -> ConfigError:
    """The first mistake: a source of a type that is not read before anything else, then an unknown key."""
    first = min(error.errors(), key=lambda each: (each["loc"][-1:] != ("type",), each["type"] != "extra_forbidden"))
    path = _key_path(first["loc"])
    if first["type"] == "extra_forbidden":
        return ConfigError("unknown key", where=f"{where}: {path}", hint=_nearest(first["loc"]))
    if first["type"] == "missing":
        return ConfigError(f"{path} is missing", where=where, hint=f"add {first['loc'][-1]} = ...")
    if first["loc"][:2] == ("rules", "options"):
        return _no_rule_option(str(first["loc"][2]), where)
    message, hint = _said(first["type"], first["msg"], first.get("input"), first.get("ctx", {}))
    return ConfigError(message, where=f"{where}: {path}", hint=hint)


def _no_rule_option(name: str, where: str) -> ConfigError:
    near = get_close_matches(name, ("select", "ignore"), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "options of a rule are a table, [rules.NAME]"
    return ConfigError("unknown key", where=f"{where}: rules.{name}", hint=hint)


def _said(kind: str, text: str, given: Any, facts: Mapping[str, Any]) -> tuple[str, str]:
    """A mistake of this kind, and its remedy."""
    if kind == "value_error":
        message, _, remedy = text.removeprefix("Value error, ").partition("; ")
        return message, remedy or _README
    if kind == "literal_error":
        expected = str(facts.get("expected", ""))
        return _no_choice(given, f"{expected}, {', '.join(TYPES)}" if "xlsx" in expected else expected)
    for bound, words in (("le", "at most"), ("ge", "at least")):
        if bound in facts:
            return f"{given!r} must be {words} {facts[bound]:g}", f"write a number that is {words} {facts[bound]:g}"
    family = next((name for name in ("datetime", "date") if kind.startswith(name)), kind)
    message, hint = _PLAIN.get(kind) or _PLAIN.get(family) or (text.replace("Input should be", "must be"), _README)
    return f"{_shown(given)} {message}" if isinstance(given, (str, int, float)) else message, hint


def _shown(given: object) -> str:
    return str(given).lower() if isinstance(given, bool) else repr(given)


def _no_choice(given: Any, expected: str) -> tuple[str, str]:
    choices = expected.replace(" or ", ", ").replace("'", "").split(", ")
    near = get_close_matches(str(given), choices, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"write one of: {', '.join(choices)}"
    return f"{_shown(given)} is none of: {', '.join(choices)}", hint


_TAGS = ("file", "helpdesk")
"""What pydantic puts into the place of a mistake to say which kind of source it is in."""


def _key_path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not part.startswith(("function-", "literal[")) and part not in ("Duration", "ShortDays", "[key]", *_TAGS):
            path += f".{part}" if path else part
    return path


def _nearest(location: tuple[int | str, ...]) -> str:
    known = _known_keys(Config, location[:-1])
    near = get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        field = model.model_fields.get(str(part))
        found = _models_in(field.annotation) if field is not None else []
        if found:
            model = found[0]
        if part == "helpdesk":
            model = HelpdeskSource
    return [field.alias or name for name, field in model.model_fields.items() if name not in ("folder", "options")]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for each in get_args(annotation) for model in _models_in(each)]
