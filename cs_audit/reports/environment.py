"""The template engine: what templates may use, and how each format escapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cs_audit.reports import answers, charts, clean, marks, panels, promises, sentences, story, telling, wording
from cs_audit.reports.files import template_dir
from cs_audit.reports.words import Words

_OPTIONS: Mapping[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


class Literal(str):
    """Text that is Markdown already."""

    __slots__ = ()


def _html(value: object) -> object:
    return clean.line(value) if type(value) is str else value


def _markdown(value: object) -> object:
    return value if isinstance(value, Literal) else clean.markdown(str(value))


@cache
def html(words: Words) -> Environment:
    """Everything printed is escaped; nothing needs to ask for it."""
    return _made(Environment(autoescape=True, finalize=_html, loader=_loader(), **_OPTIONS), words)


@cache
def markdown(words: Words) -> Environment:
    """Everything printed is escaped for Markdown, except what the templates themselves write."""
    made = Environment(autoescape=False, finalize=_markdown, loader=_loader(), keep_trailing_newline=True, **_OPTIONS)  # noqa: S701 - `finalize` escapes
    made.filters["literal"] = Literal
    return _made(made, words)


def _loader() -> FileSystemLoader:
    return FileSystemLoader(template_dir(), encoding="utf-8")


def _made(environment: Environment, words: Words) -> Environment:
    tools: dict[str, Callable[..., Any]] = {
        "say": words.say,
        "plural": words.plural,
        "name": words.name,
        "link": clean.link,
    }
    rooms = {"story": story, "panels": panels, "telling": telling, "promises": promises, "charts": charts}
    rooms |= {"answers": answers, "marks": marks, "sentences": sentences, "wording": wording}
    environment.globals |= {**tools, "words": words, **rooms}
    return environment
