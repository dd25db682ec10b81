"""How the sources were read: what of their configuration, written or guessed, decides what their rows mean.

Neither where they lie nor what opens them: paths, addresses, users and tokens stay out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cs_audit.config.source_tables import FileSource

if TYPE_CHECKING:
    from cs_audit.audit.session import Reader
    from cs_audit.config.source_tables import Column, HelpdeskSource

Json = dict[str, Any]

_FILE = ("type", "rows", "date_order", "missing", "encoding", "delimiter", "sheet", "joins")
_HELPDESK = ("type", "timezone", "projects", "agents")


def readings(sources: Sequence[Reader]) -> Json:
    """By source its settings under the names of the configuration (`columns.team`), those that are not given left out;
    and what `automatic` says is no person.
    """
    known = [each for each in sources if hasattr(each, "config")]
    return {
        "sources": {each.name: _reading(each) for each in known},
        "automatic": _given(known[0].automatic.model_dump()) if known else {},
    }


def _reading(source: Reader) -> Json:
    config = source.config
    if not isinstance(config, FileSource):
        return _taken(config, _HELPDESK)
    zone = config.timezone or getattr(source, "timezone", None)
    return {
        **_taken(config, _FILE),
        **_given({"timezone": zone, "requester is": config.requester.removeprefix("column")}),
        **{f"columns.{name}": _column(each) for name, each in config.columns.items()},
        **{
            f"values.{name}": [f"{word} = {meaning}" for word, meaning in words.items()]
            for name, words in config.values.items()
        },
        **{
            f"reported.{rule}": " / ".join([each.column, *each.achieved, *each.breached])
            for rule, each in config.reported.items()
        },
        **{f"due.{rule}": column for rule, column in config.due.items()},
    }


def _taken(config: FileSource | HelpdeskSource, names: Iterable[str]) -> Json:
    return _given({name: getattr(config, name) for name in names})


def _given(settings: Mapping[str, Any]) -> Json:
    return {name: value for name, value in settings.items() if value}


def _column(column: Column) -> str:
    """A column's name, with the pattern that takes a part of it; or the one value for all rows."""
    if column.column is None:
        return f"= {column.value}"
    return f"{column.column} ~ {column.pattern}" if column.pattern else column.column
