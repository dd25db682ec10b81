"""The second opinion of one audit: what is known already, what must be asked, and where it is put."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_audit.opinion.cache import Cache
from cs_audit.opinion.endpoint import ask, origin_of
from cs_audit.opinion.prompts import prompt_of
from cs_audit.opinion.replies import Unanswered, read
from cs_audit.opinion.review import reviewed, with_opinions
from cs_audit.worded import Worded, worded

if TYPE_CHECKING:
    from cs_audit.config.opinion_table import OpinionTable
    from cs_audit.opinion.heard import Heard
    from cs_audit.opinion.prompts import Prompt

_log = logging.getLogger(__name__)


def second_opinion(audit: Mapping[str, Any], heard: Heard, table: OpinionTable, folder: Path) -> dict[str, Any]:
    """The audit with a model's opinions on its contradictions of tier B; without some where they cannot be had.

    Args:
        audit: the result; see `review.with_opinions` for what changes.
        heard: what the requesters asked.
        table: whom to ask.
        folder: the configuration's, which holds the cache.
    """
    origin = origin_of(table)
    prompts = {index: prompt_of(audit["findings"][index]["evidence"], heard.asked) for index in reviewed(audit)}
    keys = {index: prompt.key(table.model, origin) for index, prompt in prompts.items()}
    wanted = dict(zip(keys.values(), prompts.values(), strict=True))
    answers = _answers(wanted, table, folder)
    verdicts = {
        index: answer if isinstance(answer := answers[key], Unanswered) else read(answer, prompts[index])
        for index, key in keys.items()
    }
    silent = sum(isinstance(each, Unanswered) for each in verdicts.values())
    if silent:
        _tell(worded("{silent} of {n} findings are without one", silent=silent, n=len(verdicts)))
    return with_opinions(audit, table.model, verdicts)


def _answers(wanted: Mapping[str, Prompt], table: OpinionTable, folder: Path) -> dict[str, str | Unanswered]:
    """What the model wrote, by key: from the cache, else from the endpoint.

    The first `most` count, known or not: a re-run would otherwise ask further, and give another result.
    """
    cache = Cache(folder / table.cache, _tell)
    keys = list(wanted)
    known = {key: cache.read(key) for key in keys[: table.most]}
    missing = [key for key, content in known.items() if content is None]
    if table.offline:
        gained: dict[str, str | Unanswered] = dict.fromkeys(missing, Unanswered("offline"))
    else:
        gained = _gained({key: wanted[key] for key in missing}, cache, table, folder)
    beyond = dict.fromkeys(keys[table.most :], Unanswered("most"))
    return {**{key: content for key, content in known.items() if content is not None}, **gained, **beyond}


def _gained(
    missing: Mapping[str, Prompt], cache: Cache, table: OpinionTable, folder: Path
) -> dict[str, str | Unanswered]:
    if not missing:
        return {}
    gained: dict[str, str | Unanswered] = {}
    keeps = True
    for key, answer in zip(missing, ask(list(missing.values()), table, folder, _tell), strict=True):
        gained[key] = answer
        if isinstance(answer, str) and keeps:
            keeps = cache.keep(key, answer)  # said once: the others would fail alike
    return gained


def _tell(note: Worded) -> None:
    _log.warning(worded("second opinion: {note}", note=note))
