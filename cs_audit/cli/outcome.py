"""How a run ends: what is said of it, where, and with which exit code. The only place that knows where it runs."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cs_audit.cli import options
from cs_audit.cli.language import language, shown
from cs_audit.worded import joined, worded

ANNOTATIONS = ("auto", "github", "never")

Json = Mapping[str, Any]


def finish(
    audit: Json, targets: Sequence[Path], *, again: str, annotations: str = "auto", quiet: bool, verbose: bool
) -> int:
    """Say how it went on stderr, and the exit code: nothing at all if `quiet` and there is no complaint.

    Args:
        audit: the value, with its `fail_on`.
        targets: the reports that were written.
        again: options by which another command finds the same tickets.
        annotations: one of ANNOTATIONS.
        quiet: only complaints.
        verbose: all rows that could not be read.
    """
    from cs_audit.audit.gate import exit_code  # noqa: PLC0415 - start-up time

    code = exit_code(audit, audit["fail_on"])
    if code or not quiet:
        _say([*_told(audit, code, quiet=quiet, verbose=verbose), *_following(audit, targets, again, quiet=quiet)])
    if annotations == "github" or (annotations == "auto" and os.environ.get("GITHUB_ACTIONS") == "true"):
        _on_github(audit, silent=quiet and not code)
    return code


def check_annotations(word: str) -> None:
    """Demand that the option is one of its words.

    Raises:
        UsageError: it is not.
    """
    problem = worded("{word!r} is no kind of annotations", word=word)
    options.demand_one_of(ANNOTATIONS, word, problem, "--annotations")


def again(files: Sequence[Path] | None, config: Path | None, timezone: str | None) -> str:
    """The options by which another command finds the same tickets."""
    options: list[tuple[str, object]] = [("-c", config)] if config else []
    options += [("--file", each) for each in files or ()]
    options += [("--timezone", timezone)] if timezone else []
    return "".join(f" {name} {shlex.quote(str(value))}" for name, value in options)


def _told(audit: Json, code: int, *, quiet: bool, verbose: bool) -> list[str]:
    from cs_audit.audit.gate import INCOMPLETE, NOTHING  # noqa: PLC0415 - start-up time
    from cs_audit.reports import comparison, summary, telling  # noqa: PLC0415 - start-up time

    words = _words(audit, language())
    lines = [f"{audit['title']}: {telling.headline(audit, words)}" if quiet else summary(audit, language())]
    lines += comparison.beside(audit, language(), quiet=quiet)
    lines += [_reject(each, words) for each in audit["rejected"]["listed"][: 1000 if verbose else 10]]
    if code == INCOMPLETE:
        rows = audit["rejected"]["rows"]
        lines.append(shown(worded("Incomplete: {n} rows could not be read; the report lists them (exit 3).", n=rows)))
    if code == NOTHING:
        lines.append(shown(worded("Nothing was judged; the report says why (exit 5).")))
    return lines


def _following(audit: Json, targets: Sequence[Path], again: str, *, quiet: bool) -> list[str]:
    """Where the reports are, and the command to try next."""
    names = [str(target) for target in targets if str(target) != "-"]
    report = [worded("Report: {names}.", names=", ".join(names))] if names else []
    if not quiet:
        shown_first = [*audit["worst"], *audit["findings"]]
        command = f"explain {shlex.quote(shown_first[0]['ticket'])}{again}" if shown_first else "rules"
        report.append(worded("Next: {command}", command=f"cs-audit {command}"))
    return [shown(joined(report, " "))] if report else []


def _on_github(audit: Json, *, silent: bool) -> None:
    """Annotations on stderr, which GitHub reads like stdout, and the report on the page of the run."""
    from cs_audit.ci import annotations  # noqa: PLC0415 - start-up time
    from cs_audit.ci.summary import append  # noqa: PLC0415 - start-up time
    from cs_audit.reports import render  # noqa: PLC0415 - start-up time

    lines = [] if silent else annotations.lines(audit, _words(audit))
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        problem = append(render(audit, "md"), Path(page))
        lines += [f"::warning title=cs-audit::{shown(problem)}"] if problem else []
    for each in lines:
        print(each, file=sys.stderr)  # commands are meant here; what is a stranger's in them is escaped


def _words(audit: Json, language: str | None = None) -> Any:
    from cs_audit.reports.words import Words  # noqa: PLC0415 - loads Babel

    return Words(language or audit.get("language") or "en", audit["method"]["timezone"])


def _say(lines: Sequence[str]) -> None:
    from cs_audit.cli.guard import plain  # noqa: PLC0415 - no cycle at import

    if lines:
        print(plain("\n".join(lines)), file=sys.stderr)


def _reject(each: Json, words: Any) -> str:
    place = worded("{path}, row {row}", path=each["file"], row=each["row"])
    subject = [worded("{column} {value!r}", column=each["column"], value=each["value"])] if each["column"] else []
    return shown(joined([place, joined([*subject, words.problem(each["problem"])], " ")], ": "))


def preparing(targets: Sequence[Path], form: str | None, template: Path | None) -> Callable[[], None]:
    """What makes ready for the reports, unless they have templates of their own."""
    from cs_audit.reports import FORMATS, ahead  # noqa: PLC0415 - start-up time

    formats = [FORMATS.get(each.suffix, form or "md") for each in targets]
    return partial(ahead, [] if template else formats)
