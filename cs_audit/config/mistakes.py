"""Mistakes in a configuration in plain words: what is wrong, where, and what to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from cs_audit.config.models import Config
from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.errors import ConfigError, ValueRefused
from cs_audit.sources.helpdesks import TYPES
from cs_audit.worded import Worded, joined, nearest, said, verbatim, worded

_README = worded("the README's section Configuration shows every key")
_NUMBER = (worded("must be a number"), worded("write it without quotes, like 90"))
_TRUTH = (worded("must be true or false"), worded("write it without quotes"))
_TABLE = (worded("must be a table"), worded('write it like {{ key = "value" }} or as [its.own.section]'))
_PLAIN: Mapping[str, tuple[Worded, Worded]] = {
    "string_type": (worded("must be a text"), worded('write it in quotes, like "..."')),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": (worded("must be a valid integer"), _README),
    "int_parsing": (worded("must be a valid integer, unable to parse string as an integer"), _README),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "list_type": (
        worded("must be a list"),
        worded('write it in brackets, like ["..."]; tables that repeat are written [[name]]'),
    ),
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "date": (worded("must be a date"), worded("write it without quotes, like 2026-12-31")),
    "datetime": (
        worded("must be a time with its offset"),
        worded("write it without quotes, like 2026-10-31T23:59:59+03:00"),
    ),
    "string_too_short": (worded("must not be empty"), worded("write a few words")),
}


def first_mistake(error: ValidationError, where: str) -> ConfigError:
    """The first mistake: a source of a type that is not read before anything else, then an unknown key."""
    first = min(error.errors(), key=lambda each: (each["loc"][-1:] != ("type",), each["type"] != "extra_forbidden"))
    path = _key_path(first["loc"])
    if first["type"] == "extra_forbidden":
        return ConfigError(worded("unknown key"), where=f"{where}: {path}", hint=_nearest(first["loc"]))
    if first["type"] == "missing":
        return ConfigError(
            worded("{path} is missing", path=path),
            where=where,
            hint=worded("add {key} = ...", key=first["loc"][-1]),
        )
    if first["loc"][:2] == ("rules", "options"):
        return _no_rule_option(str(first["loc"][2]), where)
    message, hint = _said(first["type"], first["msg"], first.get("input"), first.get("ctx", {}))
    return ConfigError(message, where=f"{where}: {path}", hint=hint)


def _no_rule_option(name: str, where: str) -> ConfigError:
    hint = nearest(name, ("select", "ignore"), worded("options of a rule are a table, [rules.NAME]"), cutoff=0.5)
    return ConfigError(worded("unknown key"), where=f"{where}: rules.{name}", hint=hint)


def _said(kind: str, text: str, given: Any, facts: Mapping[str, Any]) -> tuple[Worded, Worded]:
    """A mistake of this kind, and its remedy."""
    if kind == "value_error":
        error = facts["error"]
        return (error.message, error.hint or _README) if isinstance(error, ValueRefused) else (said(error), _README)
    if kind == "literal_error":
        expected = str(facts.get("expected", ""))
        return _no_choice(given, f"{expected}, {', '.join(TYPES)}" if "xlsx" in expected else expected)
    if "le" in facts:
        most = f"{facts['le']:g}"
        return worded("{given!r} must be at most {most}", given=given, most=most), worded(
            "write a number that is at most {most}", most=most
        )
    if "ge" in facts:
        least = f"{facts['ge']:g}"
        return worded("{given!r} must be at least {least}", given=given, least=least), worded(
            "write a number that is at least {least}", least=least
        )
    family = next((name for name in ("datetime", "date") if kind.startswith(name)), kind)
    message, hint = (
        _PLAIN.get(kind)
        or _PLAIN.get(family)
        or (
            verbatim(text.replace("Input should be", "must be")),
            _README,
        )
    )
    return joined([_shown(given), message], " ") if isinstance(given, (str, int, float)) else message, hint


def _shown(given: object) -> Worded:
    return verbatim(str(given).lower()) if isinstance(given, bool) else worded("{given!r}", given=given)


def _no_choice(given: Any, expected: str) -> tuple[Worded, Worded]:
    choices = expected.replace(" or ", ", ").replace("'", "").split(", ")
    known = ", ".join(choices)
    hint = nearest(str(given), choices, worded("write one of: {known}", known=known), cutoff=0.5)
    return worded("{given} is none of: {known}", given=_shown(given), known=known), hint


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


def _nearest(location: tuple[int | str, ...]) -> Worded:
    known = _known_keys(Config, location[:-1])
    return nearest(str(location[-1]), known, worded("known here: {known}", known=", ".join(known)), cutoff=0.5)


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
