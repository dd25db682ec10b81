"""One audit from configuration to result: sources are opened, judged, and let go."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from cs_audit.audit.chain import audit
from cs_audit.audit.derived import DERIVED_FROM
from cs_audit.audit.result import Json, make_audit
from cs_audit.audit.standard import TEXTS, Window
from cs_audit.config.build import build_standard
from cs_audit.config.source_tables import FileSource
from cs_audit.rules import select_rules
from cs_audit.sources.files import FileReader
from cs_audit.sources.known import Outdated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cs_audit.audit.chain import Judged
    from cs_audit.audit.export import Export
    from cs_audit.audit.kept import Shelf
    from cs_audit.audit.standard import Standard
    from cs_audit.config import Config
    from cs_audit.redact.redaction import Redaction
    from cs_audit.sources.pulled import PulledReader

    Reader = FileReader | PulledReader

ALWAYS_READ = frozenset({"channel", "team", "agent", "author_id", "requester", "priority", "url", "direction",
                         "answered", "voicemail", "waited_seconds", "score", "scale"})  # fmt: skip
"""Columns of events that results show, besides those that decide."""


@dataclass(frozen=True)
class Order:
    """What is asked for: the configuration, the window, and the zone of timestamps that name none; whether messages
    are shown, whether people are to be known in order to be hidden, and what judges (`local` or `spark`).
    """

    config: Config
    window: Window
    timezone: str | None = None
    sensitivity: bool | None = None
    show_text: bool = False
    redact: bool = False
    cache: bool | None = None
    """Whether events are kept for the next audit; None: those of helpdesks."""
    engine: str = "local"
    """What judges."""
    meanwhile: Callable[[], None] = lambda: None
    """What may begin when files are read, which leaves Python little to do."""

    @property
    def needs(self) -> frozenset[str]:
        """Columns of events to be read."""
        config = self.config
        tables = [*(each.match for each in config.policies), *(each.match for each in config.exclude)]
        matched = {key for match in tables for key, words in match if words}
        matched |= {fact for policy in config.policies for fact in policy.schedule_by}
        rules = select_rules(config.rules.select, config.rules.ignore)
        reads = {each for rule in rules for each in rule.reads}
        text = {"text", "author_id"} if config.automatic.text or reads & TEXTS or self.show_text else set()
        text |= {"organization"} if self.redact else set()
        derived = {column for each in reads for column in DERIVED_FROM.get(each, ())}
        return ALWAYS_READ | matched | text | derived


@contextmanager
def readers(order: Order, needs: frozenset[str]) -> Iterator[tuple[list[Reader], Path]]:
    """The configured sources, ready to read, and a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cs-audit-") as name, ThreadPoolExecutor(1) as hashes:
        folder = Path(name)
        (folder / "copies").mkdir()
        yield [_reader(each, order, needs, folder / "copies", hashes) for each in order.config.sources], folder


def _reader(name: str, order: Order, needs: frozenset[str], copies: Path, hashes: Executor) -> Reader:
    config = order.config
    source = config.sources[name]
    if not isinstance(source, FileSource):
        from cs_audit.sources.pulled import PulledReader  # noqa: PLC0415 - only where a helpdesk is configured

        return PulledReader(name, source, config.store_path, config.automatic)
    return FileReader(
        name=name,
        config=source,
        folder=config.folder,
        copies=copies,
        automatic=config.automatic,
        needs=needs,
        timezone=order.timezone,
        hashes=hashes,
    )


def cut_off(window: Window, sources: Sequence[Reader]) -> Window:
    """The window; where nothing else says so, what happened after the earliest pull is not known.

    Raises:
        SourceError: a source was not pulled yet.
    """
    pulled = [each.as_of for each in sources if not isinstance(each, FileReader)]
    return window if window.as_of or not pulled else replace(window, as_of=min(pulled))


def run_audit(order: Order, export: Export | None = None, redaction: Redaction | None = None) -> Json:
    """The result of an audit; every verdict and finding also goes to `export`.

    Where the configuration asks for a second opinion, it stands beside the findings of the result. With a `redaction`
    nobody is named in either.

    Raises:
        AuditError: whatever keeps the audit from being made.
    """
    standard = replace(build_standard(order.config), shows_texts=order.show_text)
    made = _heard(order, standard, export, redaction)
    if redaction is None:
        return made
    from cs_audit.redact.values import redacted  # noqa: PLC0415 - only where it is asked for

    return redacted(made, redaction)


def _heard(order: Order, standard: Standard, export: Export | None, redaction: Redaction | None) -> Json:
    table = order.config.second_opinion
    if table is None:
        return _made(order, standard, export, redaction)
    from cs_audit.opinion.heard import Heard  # noqa: PLC0415 - only where it is asked for
    from cs_audit.opinion.second import second_opinion  # noqa: PLC0415

    heard = Heard()
    made = _made(order, heard.listening(standard), export, redaction)
    return second_opinion(made, heard, table, order.config.folder)


def _made(order: Order, standard: Standard, export: Export | None, redaction: Redaction | None) -> Json:
    try:
        made = _judged(order, standard, export, redaction)
    except Outdated:
        if export is not None:
            export.clear()
        made = _judged(order, standard, export, redaction, anew=True)
    if export is not None:
        export.close(redaction)
    return made


def _judged(
    order: Order, standard: Standard, export: Export | None, redaction: Redaction | None, *, anew: bool = False
) -> Json:
    with readers(order, order.needs) as (opened, folder), _engine(order, opened, anew=anew) as judge:
        window = cut_off(order.window, opened)
        judged = judge(opened, standard, window, folder, export, redaction, sensitivity=order.sensitivity)
        audited = order.config.audit
        return make_audit(judged, standard, window, opened, title=audited.title, language=audited.language)


@contextmanager
def _engine(order: Order, opened: Sequence[Reader], *, anew: bool) -> Iterator[Callable[..., Judged]]:
    """What judges the sources."""
    if order.engine == "local":
        yield partial(_here, order, anew=anew)
        return
    from cs_audit.spark.chain import cluster  # noqa: PLC0415 - only where it is asked for

    with cluster(opened) as made:
        yield made.audit


def _here(
    order: Order, opened: list[Reader], standard: Standard, window: Window, folder: Path, export: Export | None,
    redaction: Redaction | None, *, sensitivity: bool | None, anew: bool,
) -> Judged:  # fmt: skip
    shelves = {} if redaction else _shelves(order, standard, opened, anew=anew)
    sources = watched(opened, redaction)
    order.meanwhile()
    return audit(sources, standard, window, folder, export, sensitivity=sensitivity, shelves=shelves)


def _shelves(order: Order, standard: Standard, sources: Sequence[Reader], *, anew: bool) -> dict[str, Shelf]:
    """Where the events of each source are kept, as far as they are. With `anew` nothing kept before is used.

    Sources that tell of the same tickets together are not kept, nor with a redaction, which must see everyone.
    """
    wanted = [each for each in sources if order.cache or (order.cache is None and not isinstance(each, FileReader))]
    if not wanted:
        return {}
    from cs_audit.audit.kept import Shelf, key_of  # noqa: PLC0415 - only where events are kept

    groups = [each.group for each in sources]
    folder = order.config.store_path.parent / "events"
    return {
        each.name: Shelf(folder / f"{quote(each.name, safe='')}.kept", key_of(each.basis, standard.reading), anew=anew)
        for each in wanted
        if groups.count(each.group) == 1
    }


def watched(sources: list[Reader], redaction: Redaction | None) -> list[Reader]:
    """The sources; a redaction knows everyone whom they name, once they are read."""
    if redaction is None:
        return sources
    from cs_audit.redact.watching import Watched  # noqa: PLC0415 - only where it is asked for

    return [cast("Reader", Watched(each, redaction)) for each in sources]
