"""What a message says: labels with the words that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from cs_audit.text.phrases.index import Phrases
from cs_audit.text.phrases.lexicon import Extra, Label, Lexicon, lexicon
from cs_audit.text.phrases.reading import WORDS, Near, Reading, Span, read


@dataclass(frozen=True, order=True)
class Said:
    """A label and the words that say so: `text[start:end] == quote`."""

    start: int
    end: int
    label: str
    quote: str


def says(text: str, role: str, extra: Extra | None = None) -> tuple[Said, ...]:
    """What a message says, in the order of its words.

    Args:
        text: the author's own words, quoted history removed. Words in quotation marks say nothing.
        role: `agent` or `requester`; messages of others say nothing.
        extra: own phrases for labels, in the phrase language (see `pattern`).

    Raises:
        ValueError: `extra` names an unknown label, or has a phrase that is not in the phrase language.
    """
    spans = _said(text, role, lexicon(extra))
    return tuple(sorted(Said(*span, name, text[slice(*span)]) for name, each in spans.items() for span in each))


def said_labels(text: str, role: str, words: Lexicon) -> list[str]:
    """The labels of `says` alone."""
    return list(_said(text, role, words))


def _said(text: str, role: str, words: Lexicon) -> dict[str, tuple[Span, ...]]:
    said: dict[str, tuple[Span, ...]] = {}
    if role not in words.saying:
        return said
    reading = read(text)
    near = reading.near | reading.near_of(words.own) if words.own else reading.near
    saying = words.saying[role]
    found = _Found(reading, near, words)
    for place in sorted({place for each in near.all if each in saying for place in saying[each]}):
        label = words.labels[place]
        if _fits(label, said):
            spans = found.spans(label, said.get(label.needs, ()))
            if spans:
                said[label.name] = _outer((*said.get(label.name, ()), *spans))
    return said


def _fits(label: Label, said: Mapping[str, tuple[Span, ...]]) -> bool:
    return (not label.needs or label.needs in said) and label.yields_to not in said


@dataclass(frozen=True)
class _Found:
    reading: Reading
    near: Near
    lexicon: Lexicon

    def spans(self, label: Label, near: tuple[Span, ...]) -> tuple[Span, ...]:
        """Where a message says a label, if `near` is not empty within two sentences of it; nowhere if taken back."""
        spans = {*self._of(label.says), *self._alone(label), *self._signs(label)}
        if not spans or any(self._of(label.unless_message)):
            return ()
        if label.statements_only:
            spans = {each for each in spans if not self.reading.asks(each[0])}
        if near:
            close = {self.reading.place(low) + step for low, _ in near for step in (-1, 0, 1, 2)}
            spans = {each for each in spans if self.reading.place(each[0]) in close}
        sentences = (self.reading.sentence(low) for low, _ in self._of(label.unless_sentence))
        asked = (each for each in self._of(label.unless_question) if self.reading.asks(each[0]))
        taken = self._mask((*self._of(label.unless), *asked, *sentences))
        return _outer(each for each in spans if taken.find(1, *each) < 0)

    def _mask(self, spans: Iterable[Span]) -> bytearray:
        mask = bytearray(len(self.reading.plain))
        for low, high in spans:
            mask[low:high] = b"\1" * (high - low)
        return mask

    def _of(self, *groups: Phrases) -> Iterator[Span]:
        at_hand = (each for group in groups if group for each in self.near.all & group)
        return (span for each in at_hand for span in self.reading.spans(each, self.near))

    def _alone(self, label: Label) -> list[Span]:
        bare, alone = list(self._of(label.bare)), list(self._of(label.alone))
        if (not bare and not alone) or "?" in self.reading.plain:
            return []
        empty = self._of(label.says, label.covers, self.lexicon.courtesies)
        covered = self._mask((*bare, *alone, *empty))
        words = (each.span() for each in WORDS.finditer(self.reading.plain))
        content = (1 for low, high in words if not covered[low] and self._is_content(low, high))
        beside = sum(islice(content, label.beside + 1))
        return (bare if beside == 0 else []) + (alone if beside <= label.beside else [])

    def _is_content(self, low: int, high: int) -> bool:
        """Whether a word says something: no function word, and no capital letter within a sentence, as names have."""
        if self.reading.plain[low:high] in self.lexicon.stop_words:
            return False
        begins = not WORDS.search(self.reading.plain, self.reading.sentence(low)[0], low)
        return begins or not self.reading.text[low].isupper()

    def _signs(self, label: Label) -> list[Span]:
        groups = [spans for group in label.signs if (spans := list(self._of(group)))]
        return [each for spans in groups for each in spans] if len(groups) > 1 else []


def _outer(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans without those that lie inside or overlap an earlier one."""
    kept: list[Span] = []
    for low, high in sorted(spans, key=lambda each: (each[0], -each[1])):
        if not kept or low >= kept[-1][1]:
            kept.append((low, high))
    return tuple(kept)
