"""The template engine: what templates may use, and how each format escapes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from cs_audit.reports import (
    answers,
    changes,
    charts,
    clean,
    course,
    fates,
    marks,
    panels,
    promises,
    sentences,
    story,
    telling,
    wording,
)
from cs_audit.reports.files import template_dir
from cs_audit.reports.own import overriding
from cs_audit.reports.words import Words

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

_OPTIONS: Mapping[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


class Literal(str):
    """Text that is Markdown already."""

    __slots__ = ()


def _html(value: object) -> object:
    return clean.line(value) if type(value) is str else value


def _markdown(value: object) -> object:
    return value if isinstance(value, Literal) else clean.markdown(str(value))


@cache
def html(words: Words, own: Path | None = None) -> Environment:
    """Everything printed is escaped; nothing needs to ask for it."""
    return _made(words, own, autoescape=True, finalize=_html)


@cache
def markdown(words: Words, own: Path | None = None) -> Environment:
    """Everything printed is escaped for Markdown, except what the templates themselves write."""
    made = _made(words, own, autoescape=False, finalize=_markdown, keep_trailing_newline=True)
    made.filters["literal"] = Literal
    return made


class _Compiled(BytecodeCache):
    """Our templates are compiled once in a process."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def compile_ahead(form: str) -> None:
    """Compile the templates of one format, whatever the language: no report finds that undone."""
    made = {"html": html, "md": markdown}[form](Words("en", "UTC"))
    for name in made.list_templates(filter_func=lambda each: each.startswith(("_", "report.")) and each.endswith(form)):
        made.get_template(name)


def script_hash() -> str:
    """What the page's policy allows by: the SHA-256 of its own script, as it stands in the page."""
    text = (template_dir() / "_page.js").read_text("utf-8").removesuffix("\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _made(words: Words, own: Path | None, **options: Any) -> Environment:
    """Templates of the user's `own` folder run in a sandbox and see data and functions, but no module."""
    loader = FileSystemLoader(template_dir(), encoding="utf-8") if own is None else overriding(own)
    environment = (SandboxedEnvironment if own else Environment)(loader=loader, **_OPTIONS, **options)
    if own is None:
        environment.bytecode_cache = _COMPILED
    tools: dict[str, Callable[..., Any]] = {
        "say": words.say,
        "plural": words.plural,
        "name": words.name,
        "link": clean.link,
    }
    environment.globals |= {**tools, "words": words, "script_hash": script_hash(), **_ROOMS}
    return environment


def _open(module: ModuleType) -> SimpleNamespace:
    """What a module itself defines and names without an underscore: no module it imports, and so no file."""
    known = vars(module).items()
    mine = {
        name: value
        for name, value in known
        if not name.startswith("_") and (getattr(value, "__module__", None) == module.__name__ or type(value) in _PLAIN)
    }
    return SimpleNamespace(**mine)


_PLAIN = (int, float, str, tuple)
_MODULES = (answers, changes, charts, course, fates, marks, panels, promises, sentences, story, telling, wording)
_ROOMS = {module.__name__.rpartition(".")[2]: _open(module) for module in _MODULES}
