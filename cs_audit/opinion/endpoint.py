"""The network: prompts out, what the model wrote back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_audit.errors import AuditError, ConfigError
from cs_audit.opinion.replies import Unanswered
from cs_audit.sources.web.auth import Credentials, bearer
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.errors import GaveUpError, RejectedError, TooBigError, WebError
from cs_audit.sources.web.retries import Patience
from cs_audit.sources.web.secret import Secret
from cs_audit.sources.web.site import Site, base_address, origin
from cs_audit.worded import NOTHING, Worded, worded

if TYPE_CHECKING:
    from cs_audit.config.opinion_table import OpinionTable
    from cs_audit.opinion.prompts import Prompt

PATH = "chat/completions"
SECONDS = 120.0
"""The longest wait for one answer: models on a desk are slow."""
PATIENCE = Patience(attempts=3, first=1.0, longest=8.0, granted=30.0, total=60.0)
PARALLEL = 4
_OF_ONE_PROMPT = (GaveUpError, RejectedError, TooBigError)
"""Failures that another prompt may be spared."""
_ENOUGH = 3
_MOST_BYTES = 4 * 1024 * 1024


@dataclass
class Trouble:
    """What went wrong so far. It is over at the first failure that all requests would meet, or after some of others."""

    errors: list[AuditError] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be asked."""
        return len(self.errors) >= _ENOUGH or any(not isinstance(each, _OF_ONE_PROMPT) for each in self.errors)

    @property
    def worst(self) -> AuditError:
        """The failure that ended it, else the first."""
        return next((each for each in self.errors if not isinstance(each, _OF_ONE_PROMPT)), self.errors[0])


def site_of(table: OpinionTable) -> Site:
    """The endpoint as a place to read from: its one POST changes nothing."""
    return Site(
        "second_opinion", table.url, searches=frozenset({PATH}), trouble=_without_text, parallel=PARALLEL,
        called=worded("the endpoint"),
        most_bytes=_MOST_BYTES, read_seconds=SECONDS, answer_seconds=SECONDS, plain_http=table.plain_http,
    )  # fmt: skip


def origin_of(table: OpinionTable) -> str:
    """Scheme, host and port of the endpoint."""
    return origin(base_address(site_of(table)))


def ask(
    prompts: Sequence[Prompt], table: OpinionTable, folder: Path, told: Callable[[Worded], None]
) -> Iterator[str | Unanswered]:
    """What the model wrote to each prompt, in their order; no failure is raised.

    Args:
        prompts: what is put to it, a few at a time.
        table: the endpoint.
        folder: what a token's relative path starts from.
        told: is given, at the end, why answers are missing.
    """
    trouble = Trouble()
    with Client(site_of(table), _credentials(table, folder), patience=PATIENCE) as client:

        def one(prompt: Prompt) -> str | Unanswered:
            if trouble.over:
                return Unanswered(trouble.worst.slug)
            try:
                return text_of(client.search(PATH, _body(prompt, table)).json) or ""
            except (WebError, ConfigError) as error:
                trouble.errors.append(error)
                return Unanswered(error.slug)

        yield from client.map(one, prompts)
    if trouble.errors:
        told(trouble.worst.told)


def _credentials(table: OpinionTable, folder: Path) -> Credentials | None:
    """The token, if there is one: servers on the same machine want none."""
    if table.token is None:
        return None
    return bearer(Secret(table.token, where="second_opinion.token", user="second_opinion", folder=folder))


def _body(prompt: Prompt, table: OpinionTable) -> dict[str, Any]:
    return {
        "model": table.model,
        "messages": prompt.messages,
        "temperature": 0,
        "seed": 0,
        "stream": False,
        "response_format": {"type": table.response_format},
    }


def text_of(value: Any) -> str | None:
    """What the model wrote, in the first choice of a chat completion; None if the value is none."""
    try:
        content = value["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return None
    return content if isinstance(content, str) else None


def _without_text(value: Any) -> Worded:
    return worded("answered with nothing that a model wrote") if text_of(value) is None else NOTHING
