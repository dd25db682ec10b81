"""`cs-audit demo`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from cs_audit.cli.language import by_option, shown
from cs_audit.cli.language import language as spoken
from cs_audit.errors import UsageError
from cs_audit.worded import reason_of, verbatim, worded

REPORTS = ("report.html", "report.md", "audit.json")


def demo(
    out: Annotated[Path, typer.Option(help="Where to put the data, the configuration and the reports.")] = Path(
        "cs-audit-demo"
    ),
    language: Annotated[str, typer.Option(help="en or ru.", callback=by_option)] = "en",
) -> None:
    """Audit a bundled synthetic data set; needs no configuration and no network."""
    from cs_audit.audit.session import run_audit  # noqa: PLC0415 - start-up time
    from cs_audit.cli.order import make_order, say  # noqa: PLC0415 - start-up time
    from cs_audit.cli.run import write_reports  # noqa: PLC0415 - start-up time
    from cs_audit.reports import summary  # noqa: PLC0415 - start-up time

    data = bundled(language)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("messages.csv", "cs-audit.toml"):
            shutil.copyfile(data / name, out / name)
    except OSError as error:
        raise UsageError(
            worded("cannot be written: {why}", why=reason_of(error)),
            where=f"--out {out}",
            hint=worded("choose another folder"),
        ) from None
    audit = run_audit(make_order(None, out / "cs-audit.toml", quiet=True))
    write_reports(audit, [out / name for name in REPORTS])
    say([verbatim(summary(audit, spoken()))], quiet=False)
    typer.echo(shown(worded("Report: {path}", path=out / REPORTS[0])))
    ticket = audit["worst"][0]["ticket"]
    command = f"cs-audit explain {ticket} -c {out / 'cs-audit.toml'}"
    say([worded("Next: {command}", command=command)], quiet=False)
    sys.stderr.flush()


def bundled(language: str) -> Path:
    """The demo's data: inside the wheel, else beside the checkout.

    Raises:
        UsageError: no data in this language.
    """
    package = Path(__file__).parents[1]
    packaged = package / "_quickstart"
    folder = (packaged if packaged.is_dir() else package.parent / "examples" / "quickstart") / language
    if language not in ("en", "ru") or not folder.is_dir():
        raise UsageError(
            worded("there is no demo in {language!r}", language=language),
            where="--language",
            hint=worded("write en or ru"),
        )
    return folder
