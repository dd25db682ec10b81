"""What can be checked before an audit: the configuration, the data it rests on, the store, and every helpdesk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cs_audit.errors import AuditError, ConfigError, HolidayError, SourceError
from cs_audit.worded import NOTHING, Worded, joined, plural, verbatim, worded

if TYPE_CHECKING:
    from cs_audit.config import Config
    from cs_audit.sources.web.client import Client

State = Literal["good", "note", "bad"]
SKEW = 60.0
"""Seconds by which clocks may differ without a note."""

_OLD = dt.timedelta(days=2)
_CONFIGURATION, _STORE = worded("configuration"), worded("store")


@dataclass(frozen=True)
class Check:
    """One thing looked at. `bad` keeps an audit from being made; a `note` is good to know."""

    what: Worded
    state: State
    told: Worded
    hint: Worded = NOTHING
    exit_code: int = 0


def examine(config: Config, now: dt.datetime, *, online: bool = True) -> Iterator[Check]:
    """Every check, in the order in which things are needed; `online` asks the helpdesks, too."""
    yield from _standard(config)
    yield from _calendars(config, now)
    yield from _files(config)
    if config.helpdesks:
        yield from _store(config, now)
    for name in config.helpdesks if online else ():
        yield from _helpdesk(name, config)


def _standard(config: Config) -> Iterator[Check]:
    from cs_audit.config.build import build_standard  # noqa: PLC0415 - loads the rules

    try:
        standard = build_standard(config)
    except ConfigError as error:
        yield _bad(_CONFIGURATION, error)
    else:
        counts = (
            plural("{n} source", "{n} sources", len(config.sources)),
            plural("{n} policy", "{n} policies", len(standard.policies)),
            plural("{n} rule selected", "{n} rules selected", len(standard.rules)),
        )
        yield Check(_CONFIGURATION, "good", joined(counts))


def _calendars(config: Config, now: dt.datetime) -> Iterator[Check]:
    """Time zones, and the holidays of this year and the next: the calendars an audit of today would use."""
    import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415 - carries no types

    from cs_audit.config.build import build_schedules  # noqa: PLC0415 - loads much
    from cs_audit.schedules import Horizon  # noqa: PLC0415

    yield Check(worded("time zones"), "good", worded("data of {version}", version=tzdata.IANA_VERSION))
    try:
        schedules = build_schedules(config)
    except ConfigError as error:
        yield _bad(worded("schedules"), error)
        return
    known = {"year": now.year, "next": now.year + 1}
    for name, schedule in schedules.items():
        what = worded("schedule {name}", name=name)
        try:
            schedule.timetable(Horizon(now.year, now.year + 1))
        except HolidayError as error:
            yield Check(what, "note", error.told, error.hint)
        except ConfigError as error:
            yield _bad(what, error)
        else:
            yield Check(what, "good", worded("{zone}, {year} and {next} are known", zone=schedule.timezone, **known))


def _files(config: Config) -> Iterator[Check]:
    for name, source in config.files.items():
        for path in source.path:
            found = sorted(config.folder.glob(path)) if not (config.folder / path).exists() else [config.folder / path]
            if found:
                files = plural("{n} file", "{n} files", len(found))
                yield Check(_source(name), "good", joined([path, files], ": "))
            else:
                hint = worded("check the pattern; it is taken relative to the configuration file")
                told = worded("no file matches {path}", path=path)
                yield Check(_source(name), "bad", told, hint, SourceError.exit_code)


def _store(config: Config, now: dt.datetime) -> Iterator[Check]:
    from cs_audit.sources.helpdesks.pulling import TICKETS  # noqa: PLC0415 - only where a helpdesk is configured
    from cs_audit.store import read_store  # noqa: PLC0415

    if not config.store_path.exists():
        told = worded("there is none at {path} yet", path=config.store_path)
        yield Check(_STORE, "note", told, worded("run `cs-audit pull`"))
        return
    try:
        with read_store(config.store_path) as store:
            store.check()
            yield Check(_STORE, "good", worded("{path} is whole", path=config.store_path))
            for name in config.helpdesks:
                yield _held(name, store.cursor(name, TICKETS), store.counts(name).live, now)
            for each in store.completeness():
                if each.missing:
                    told = worded(
                        "the helpdesk counts {expected} tickets, the store holds {held}",
                        expected=each.expected, held=each.held,
                    )  # fmt: skip
                    yield Check(_source(each.source), "note", told, worded("run `cs-audit pull --full`"))
    except AuditError as error:
        yield _bad(_STORE, error)


def _held(name: str, cursor: object, live: int, now: dt.datetime) -> Check:
    as_of: dt.datetime | None = getattr(cursor, "as_of", None)
    pull = worded("run `cs-audit pull {name}`", name=name)
    if as_of is None:
        return Check(_source(name), "note", worded("was not pulled to the end yet"), pull)
    tickets = plural("{n} ticket", "{n} tickets", live)
    told = worded("{tickets} up to {as_of:%Y-%m-%d %H:%M} UTC", tickets=tickets, as_of=as_of)
    old = now - as_of > _OLD
    return Check(_source(name), "note" if old else "good", told, pull if old else NOTHING)


def _source(name: str) -> Worded:
    return worded("source {name}", name=name)


def _helpdesk(name: str, config: Config) -> Iterator[Check]:
    """Whether it can be reached with the token, what it can give, whether clocks agree, and what its limit leaves."""
    from cs_audit.sources.helpdesks import connector_of  # noqa: PLC0415 - loads the HTTP client
    from cs_audit.sources.helpdesks.session import client_for  # noqa: PLC0415
    from cs_audit.sources.web.progress import silent  # noqa: PLC0415

    declared, source = connector_of(config.helpdesks[name].type), config.helpdesks[name]
    what = worded("helpdesk {name}", name=name)
    try:
        with client_for(name, declared, config, silent) as client:
            found = list(declared.capabilities(client, source)) if declared.capabilities else []
            yield Check(what, "good", worded("{title} answers, and the token is good", title=declared.title))
            for each in found:
                told = worded("there") if each.there else each.note
                yield Check(what, "good" if each.there else "note", joined([each.name, told], ": "))
            yield from _manners(what, client)
    except (SourceError, ConfigError) as error:
        yield _bad(what, error)
    for topic, why in declared.unseen.items():
        yield Check(what, "note", verbatim(f"{topic}: {why}"))


def _manners(what: Worded, client: Client) -> Iterator[Check]:
    ahead, left = client.state.ahead, client.state.left
    if ahead is not None and abs(ahead) > SKEW:
        hint = worded(
            "set the clock of this machine; pulls ask for an hour more than they need, so nothing is lost yet"
        )
        before = worded("its clock is {seconds:.0f} s ahead of ours", seconds=abs(ahead))
        behind = worded("its clock is {seconds:.0f} s behind ours", seconds=abs(ahead))
        yield Check(what, "note", before if ahead > 0 else behind, hint)
    if left is not None:
        yield Check(what, "good", worded("its limit leaves {left:.0f} requests", left=left))


def _bad(what: Worded, error: AuditError) -> Check:
    return Check(what, "bad", error.told, error.hint, error.exit_code)
