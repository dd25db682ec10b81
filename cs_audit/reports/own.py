"""Templates of the user's own: files in a folder that take the place of ours, or of single blocks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    TemplateError,
    TemplateNotFound,
)

from cs_audit.errors import UsageError
from cs_audit.reports.files import template_dir
from cs_audit.worded import verbatim, worded

OURS = "cs-audit"
"""What stands before the name of a template that is ours whatever the folder holds: `cs-audit/report.html`."""

REPORTS = ("report.html", "report.md")


class _Inside(FileSystemLoader):
    """Files that lie in the folder, and no others that links in it lead to."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        found = super().get_source(environment, template)
        folder = Path(self.searchpath[0]).resolve()
        if not Path(found[1]).resolve().is_relative_to(folder):
            raise TemplateNotFound(template, f"{template} leads out of the folder {folder}")
        return found


def overriding(folder: Path) -> BaseLoader:
    """The folder's files first, then ours."""
    ours = FileSystemLoader(template_dir(), encoding="utf-8")
    return ChoiceLoader([PrefixLoader({OURS: ours}), _Inside(folder, encoding="utf-8"), ours])


def check(folder: Path) -> None:
    """Demand a folder that changes a report.

    Raises:
        UsageError: it is none, or nothing in it has the name of a template.
    """
    html, markdown = REPORTS
    hint = worded(
        'give a folder with a {html} or {markdown} that begins with {{% extends "{ours}/{html}" %}}',
        html=html, markdown=markdown, ours=OURS,
    )  # fmt: skip
    if not folder.is_dir():
        raise UsageError(worded("is no folder"), where=f"--template {folder}", hint=hint)
    if not any((folder / each.name).is_file() for each in template_dir().iterdir() if each.is_file()):
        raise UsageError(worded("holds no template"), where=f"--template {folder}", hint=hint)


@contextmanager
def blaming(folder: Path | None) -> Iterator[None]:
    """Whatever a template of the folder does wrong becomes an error that names its file and line.

    Raises:
        UsageError: the template cannot be read or run.
    """
    try:
        yield
    except Exception as error:
        place = _place(error, folder) if folder else ""
        if not place:
            raise
        raise UsageError(
            worded("the template fails: {told}", told=verbatim(_told(error))),
            where=place,
            hint=worded("see the README on --template"),
        ) from None


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"


def _place(error: Exception, folder: Path) -> str:
    """The folder's file and the line that the error comes from, or nothing if it is not of the folder."""
    places = [(getattr(error, "filename", None), getattr(error, "lineno", 0))]
    trace = error.__traceback__
    while trace:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    inside = [f"{name}:{line}" for name, line in places if name and Path(name).is_relative_to(folder)]
    return inside[-1] if inside else ""
