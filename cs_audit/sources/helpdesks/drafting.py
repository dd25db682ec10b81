"""A helpdesk's own working hours and SLA policies as tables of cs-audit.toml."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cs_audit.config.toml import comment, key, toml
from cs_audit.errors import SourceError, UsageError
from cs_audit.sources.helpdesks import connector_of
from cs_audit.store import TICKET, read_store
from cs_audit.worded import Worded, worded

if TYPE_CHECKING:
    from cs_audit.config import Config

Json = Any


def from_helpdesk(config: Config, name: str, tell: Callable[[Worded], str] = str) -> str:
    """The schedules and policies that a pulled helpdesk tells, but for those the configuration has by the same name.

    Comments are told by `tell`.

    Raises:
        UsageError: there is no such helpdesk, or it tells neither.
        SourceError: it was not pulled yet.
    """
    if name not in config.helpdesks:
        known = ", ".join(config.helpdesks) or worded("none")
        raise UsageError(
            worded("no helpdesk is called {name!r}", name=name),
            where="--from",
            hint=worded("helpdesks there are: {known}", known=known),
        )
    declared = connector_of(config.helpdesks[name].type)
    if declared.schedules is None and declared.policies is None:
        raise UsageError(
            worded("{title} tells neither working hours nor SLA policies", title=declared.title),
            where=f"--from {name}",
            hint=worded("write [schedules] and [[policies]] yourself; the README shows how"),
        )  # fmt: skip
    records = _records(config, name)
    schedules = declared.schedules(records) if declared.schedules else {}
    policies = declared.policies(records) if declared.policies else []
    had = {each.name for each in config.policies}
    parts = [_schedule(each, table) for each, table in schedules.items() if each not in config.schedules]
    parts += [_policy(each, next(iter(schedules), None), tell) for each in policies if each["name"] not in had]
    told = worded(
        "From {title} ({name}), as it told when it was pulled. Read it and correct it.", title=declared.title, name=name
    )
    return "\n".join([f"# {comment(tell(told))}\n", *parts]) if parts else ""


def _records(config: Config, name: str) -> dict[str, dict[str, Json]]:
    if not config.store_path.exists():
        raise SourceError(
            worded("has not been pulled yet"),
            where=f"sources.{name}",
            hint=worded("run `cs-audit pull {name}` first", name=name),
        )
    with read_store(config.store_path) as store:
        return {
            kind: {each.id: each.payload for each in store.records(name, kind)}
            for kind in store.kinds(name)
            if kind != TICKET
        }


def _schedule(name: str, table: Mapping[str, Json]) -> str:
    lines = [f"[schedules.{key(name)}]", f"timezone = {toml(table['timezone'])}"]
    lines.append(f"hours = {toml(table['hours'])}")
    exceptions = table.get("exceptions") or {}
    if exceptions:
        lines.append(f"[schedules.{key(name)}.exceptions]")
        lines += [f"{day} = {toml(hours)}" for day, hours in sorted(exceptions.items())]
    return "\n".join([*lines, ""])


def _policy(table: Mapping[str, Json], schedule: str | None, tell: Callable[[Worded], str]) -> str:
    return "\n".join([*_policy_lines(table, schedule, tell), ""])


def _policy_lines(table: Mapping[str, Json], schedule: str | None, tell: Callable[[Worded], str]) -> Iterator[str]:
    yield "[[policies]]"
    yield f"name = {toml(table['name'])}"
    if table.get("note"):
        conditions = worded("its conditions there: {note}", note=json.dumps(table["note"], ensure_ascii=False))
        yield f"# {comment(tell(conditions))}"
    if table.get("match"):
        yield f"match = {toml(table['match'])}"
    used = table.get("schedule") or schedule
    if used:
        yield f"schedule = {toml(used)}"
    yield "[policies.targets]"
    for rule, target in table["targets"].items():
        yield f"{rule} = {toml(target)}"
