"""Pulling the configured helpdesks, one after the other; what breaks one does not stop the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cs_audit.errors import ConfigError, SourceError, UsageError
from cs_audit.sources.helpdesks import connector_of
from cs_audit.sources.helpdesks.pulling import Run, pull
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.secret import Secret
from cs_audit.store import open_store
from cs_audit.worded import nearest, worded

if TYPE_CHECKING:
    from cs_audit.config import Config
    from cs_audit.sources.helpdesks.connector import Connector
    from cs_audit.sources.web.progress import Hook

Told = Callable[[str, int], None]
"""Hears the name of a source and how many of its tickets were given so far."""


@dataclass(frozen=True)
class Outcome:
    """What became of a pull: the runs that ended, and the error of each that did not."""

    runs: list[Run] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, else that of the worst error."""
        return max((each.exit_code for each in self.errors), default=0)


def pull_all(
    config: Config,
    names: Sequence[str],
    now: dt.datetime,
    *,
    full: bool = False,
    since: dt.datetime | None = None,
    told: Told = lambda *_: None,
    heard: Hook = lambda _: None,
) -> Outcome:
    """Bring what changed at the named helpdesks, or at all, into the store.

    Raises:
        UsageError: there is no such source, or none at all.
        StoreError: the store cannot be used, or another run holds it.
    """
    chosen = _chosen(config, names)
    outcome = Outcome()
    config.store_path.parent.mkdir(parents=True, exist_ok=True)
    with open_store(config.store_path, since=now) as store:
        for name in chosen:
            declared, source = connector_of(config.helpdesks[name].type), config.helpdesks[name]
            try:
                with client_for(name, declared, config, heard) as client:
                    run = pull(
                        name, declared, source, client, store,
                        now=now, full=full, since=since, told=lambda number, name=name: told(name, number),  # type: ignore[misc] # the name is bound at once
                    )  # fmt: skip
            except SourceError as error:
                outcome.errors.append(error)
            else:
                outcome.runs.append(run)
    return outcome


def client_for(name: str, declared: Connector, config: Config, heard: Hook) -> Client:
    """The client that reads a configured helpdesk.

    Raises:
        ConfigError: its table lacks a key that its type needs, or its address is none.
    """
    source = config.helpdesks[name]
    for key in declared.needs:
        if not getattr(source, key):
            raise ConfigError(
                worded("{title} needs {key}", title=declared.title, key=key),
                where=f"sources.{name}",
                hint=worded("add {key} = ... to [sources.{name}]", key=key, name=name),
            )
    if source.account_manager and not declared.managers:
        raise ConfigError(
            worded("{title} has no field that tells account managers", title=declared.title),
            where=f"sources.{name}.account_manager",
            hint=worded("leave it out"),
        )
    secret = Secret(source.token, where=f"sources.{name}.token", user=name, folder=config.folder)
    return Client(declared.site(name, source), declared.credentials(source, secret), told=heard)


def _chosen(config: Config, names: Sequence[str]) -> list[str]:
    known = list(config.helpdesks)
    if not known:
        hint = worded('add [sources.NAME] with type = "zendesk" or the like')
        raise UsageError(worded("the configuration has no helpdesk to pull"), hint=hint)
    for name in names:
        if name not in known:
            hint = nearest(name, known, worded("helpdesks there are: {known}", known=", ".join(known)))
            raise UsageError(worded("no helpdesk is called {name!r}", name=name), where="SOURCE", hint=hint)
    return list(names) or known
