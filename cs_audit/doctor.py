"""What can be checked before an audit: the configuration, the data it rests on, the store, and every helpdesk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cs_audit.errors import AuditError, ConfigError, HolidayError, SourceError

if TYPE_CHECKING:
    from cs_audit.config import Config
    from cs_audit.sources.web.client import Client

State = Literal["good", "note", "bad"]
SKEW = 60.0
"""Seconds by which clocks may differ without a note."""

_OLD = dt.timedelta(days=2)


@dataclass(frozen=True)
class Check:
    """One thing looked at. `bad` keeps an audit from being made; a `note` is good to know."""

    what: str
    state: State
    told: str
    hint: str = ""
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
        yield _bad("configuration", error)
    else:
        told = f"{len(config.sources)} sources, {len(standard.policies)} policies, {len(standard.rules)} rules selected"
        yield Check("configuration", "good", told)


def _calendars(config: Config, now: dt.datetime) -> Iterator[Check]:
    """Time zones, and the holidays of this year and the next: the calendars an audit of today would use."""
    import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415 - carries no types

    from cs_audit.config.build import build_schedules  # noqa: PLC0415 - loads much
    from cs_audit.schedules import Horizon  # noqa: PLC0415

    yield Check("time zones", "good", f"data of {tzdata.IANA_VERSION}")
    try:
        schedules = build_schedules(config)
    except ConfigError as error:
        yield _bad("schedules", error)
        return
    for name, schedule in schedules.items():
        try:
            schedule.timetable(Horizon(now.year, now.year + 1))
        except HolidayError as error:
            yield Check(f"schedule {name}", "note", str(error), error.hint)
        except ConfigError as error:
            yield _bad(f"schedule {name}", error)
        else:
            yield Check(f"schedule {name}", "good", f"{schedule.timezone}, {now.year} and {now.year + 1} are known")


def _files(config: Config) -> Iterator[Check]:
    for name, source in config.files.items():
        for path in source.path:
            found = sorted(config.folder.glob(path)) if not (config.folder / path).exists() else [config.folder / path]
            if found:
                yield Check(f"source {name}", "good", f"{path}: {len(found)} files")
            else:
                hint = "check the pattern; it is taken relative to the configuration file"
                yield Check(f"source {name}", "bad", f"no file matches {path}", hint, SourceError.exit_code)


def _store(config: Config, now: dt.datetime) -> Iterator[Check]:
    from cs_audit.sources.helpdesks.pulling import TICKETS  # noqa: PLC0415 - only where a helpdesk is configured
    from cs_audit.store import read_store  # noqa: PLC0415

    if not config.store_path.exists():
        yield Check("store", "note", f"there is none at {config.store_path} yet", "run `cs-audit pull`")
        return
    try:
        with read_store(config.store_path) as store:
            store.check()
            yield Check("store", "good", f"{config.store_path} is whole")
            for name in config.helpdesks:
                yield _held(name, store.cursor(name, TICKETS), store.counts(name).live, now)
            for each in store.completeness():
                if each.missing:
                    told = f"the helpdesk counts {each.expected} tickets, the store holds {each.held}"
                    yield Check(f"source {each.source}", "note", told, "run `cs-audit pull --full`")
    except AuditError as error:
        yield _bad("store", error)


def _held(name: str, cursor: object, live: int, now: dt.datetime) -> Check:
    as_of: dt.datetime | None = getattr(cursor, "as_of", None)
    if as_of is None:
        return Check(f"source {name}", "note", "was not pulled to the end yet", f"run `cs-audit pull {name}`")
    told = f"{live} tickets up to {as_of:%Y-%m-%d %H:%M} UTC"
    old = now - as_of > _OLD
    return Check(f"source {name}", "note" if old else "good", told, f"run `cs-audit pull {name}`" if old else "")


def _helpdesk(name: str, config: Config) -> Iterator[Check]:
    """Whether it can be reached with the token, what it can give, whether clocks agree, and what its limit leaves."""
    from cs_audit.sources.helpdesks import connector_of  # noqa: PLC0415 - loads the HTTP client
    from cs_audit.sources.helpdesks.session import client_for  # noqa: PLC0415
    from cs_audit.sources.web.progress import silent  # noqa: PLC0415

    declared, source = connector_of(config.helpdesks[name].type), config.helpdesks[name]
    what = f"helpdesk {name}"
    try:
        with client_for(name, declared, config, silent) as client:
            found = list(declared.capabilities(client, source)) if declared.capabilities else []
            yield Check(what, "good", f"{declared.title} answers, and the token is good")
            for each in found:
                yield Check(
                    what, "good" if each.there else "note", f"{each.name}: {'there' if each.there else each.note}"
                )
            yield from _manners(what, client)
    except (SourceError, ConfigError) as error:
        yield _bad(what, error)
    for topic, why in declared.unseen.items():
        yield Check(what, "note", f"{topic}: {why}")


def _manners(what: str, client: Client) -> Iterator[Check]:
    ahead, left = client.state.ahead, client.state.left
    if ahead is not None and abs(ahead) > SKEW:
        hint = "set the clock of this machine; pulls ask for an hour more than they need, so nothing is lost yet"
        yield Check(what, "note", f"its clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} ours", hint)
    if left is not None:
        yield Check(what, "good", f"its limit leaves {left:.0f} requests")


def _bad(what: str, error: AuditError) -> Check:
    return Check(what, "bad", str(error), error.hint, error.exit_code)
