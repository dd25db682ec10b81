"""From what the configuration says of words to the values the audit works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cs_audit.audit.standard import Wording
from cs_audit.errors import ConfigError
from cs_audit.rules import find_rule
from cs_audit.worded import nearest, said, worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cs_audit.config.models import Config

_PHRASES = "phrases"


def build_wording(config: Config) -> Wording:
    """How a configuration has texts understood.

    Raises:
        ConfigError: an unknown label or concept, a phrase or a declared fact that cannot be read.
    """
    text = config.text
    wording = Wording(
        phrases=_phrases(config),
        concepts={name: each.model_dump() for name, each in text.concepts.items()},
        qualifiers=text.qualifiers,
        ignore_values=tuple(text.ignore_values),
        facts=config.policy_facts,
        semantic=text.semantic,
    )
    if wording.semantic:
        from cs_audit.answers.meaning import encoder  # noqa: PLC0415 - an extra, loaded only where it is asked for

        encoder()
    if wording.facts:
        from cs_audit.answers.known_policy import declare  # noqa: PLC0415 - a lexicon is loaded only where it is used
        from cs_audit.answers.lexicon import lexicon  # noqa: PLC0415

        words = lexicon(wording.concepts, wording.qualifiers)
        for name, fact in wording.facts.items():
            declare(name, fact, words)
    return wording


def without_phrases(options: Any) -> Any:
    """The options of a rule that are its own; `phrases` are the same for all."""
    return {key: each for key, each in options.items() if key != _PHRASES} if isinstance(options, dict) else options


def _phrases(config: Config) -> Mapping[str, tuple[str, ...]]:
    """Own phrases by label: those of `[text.phrases]`, and those of a rule for what it looks for."""
    found: dict[str, list[str]] = {label: list(phrases) for label, phrases in config.text.phrases.items()}
    places = {label: f"text.phrases.{label}" for label in found}
    for name, options in config.rules.options.items():
        if isinstance(options, dict) and _PHRASES in options:
            label, where = _label(name), f"rules.{name}.phrases"
            found.setdefault(label, []).extend(_listed(options[_PHRASES], where))
            places[label] = where
    for label, phrases in found.items():
        _check(label, phrases, places[label])
    return {label: tuple(phrases) for label, phrases in found.items()}


def _label(name: str) -> str:
    rule = find_rule(name, f"rules.{name}")
    if not rule.quotes:
        raise ConfigError(
            worded("{name} looks for no phrases", name=rule.name),
            where=f"rules.{name}.phrases",
            hint=worded("remove it, or see [text.phrases]"),
        )
    return rule.quotes[0]


def _listed(given: Any, where: str) -> list[str]:
    words = [given] if isinstance(given, str) else given
    if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
        raise ConfigError(
            worded("is no list of phrases"), where=where, hint=worded('write it like phrases = ["one", "two"]')
        )
    return words


def _check(label: str, phrases: list[str], where: str) -> None:
    from cs_audit.text.phrases.lexicon import lexicon  # noqa: PLC0415 - a lexicon is loaded only where it is used

    known = lexicon().names
    if label not in known:
        hint = nearest(label, known, worded("known: {known}", known=", ".join(known)))
        raise ConfigError(worded("there is no label {label!r}", label=label), where=where, hint=hint)
    try:
        lexicon({label: tuple(phrases)})
    except ValueError as error:
        raise ConfigError(said(error), where=where, hint=worded('write it as plain words, like "no chance"')) from None
