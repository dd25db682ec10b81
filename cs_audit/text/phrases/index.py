"""Which phrases are worth trying on a text: a tree of the words that must occur in a match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cs_audit.text.phrases.parts import STEM
from cs_audit.text.phrases.pattern import Phrase

Phrases = frozenset[Phrase]

_KEPT = 1 << 15
"""How many words are remembered with what they begin."""


class Index:
    """Phrases by what must occur in a text for them to match: a tree of words."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._first: dict[str, list[tuple[str, Phrase]]] = {}
        self._stems: dict[str, list[tuple[str, Phrase]]] = {}
        self._begun: dict[str, tuple[Phrases, _Node | None]] = {}
        self._depth = 0
        for each in dict.fromkeys(phrases):
            for anchor in each.anchors:
                self._depth = max(self._depth, anchor.strip().count(" ") + 1)
                first, *rest = anchor.split(maxsplit=1)
                if rest or anchor.endswith(" "):
                    self._first.setdefault(first, []).append(("".join(rest), each))
                else:
                    self._stems.setdefault(first[:STEM], []).append((first, each))

    def at_hand(self, words: Sequence[str]) -> set[Phrase]:
        """The phrases that can match a text of these words; few others are worth trying."""
        found: set[Phrase] = set()
        begun = self._begun
        for place, word in enumerate(words):
            ended, node = begun.get(word) or self._begin(word)
            if ended:
                found |= ended
            if node is not None:
                node.follow(words[place + 1 : place + self._depth], found)
        return found

    def _begin(self, word: str) -> tuple[Phrases, _Node | None]:
        """The phrases a word ends that begins a text, and how it goes on; kept for the next time it is met.

        The tree of a word is only made when the word is met: most never are.
        """
        if len(self._begun) >= _KEPT:
            self._begun.clear()
        node = _Node()
        for rest, each in self._first.get(word, ()):
            node.add(rest, each)
        ended = {each for stem, each in self._stems.get(word[:STEM], ()) if word.startswith(stem)}
        found = self._begun[word] = (frozenset(ended.union(node.here)), node if node.goes_on else None)
        return found


class _Node:
    __slots__ = ("here", "next", "stems")

    def __init__(self) -> None:
        self.here: list[Phrase] = []
        self.next: dict[str, _Node] = {}
        self.stems: dict[str, list[tuple[str, Phrase]]] = {}

    @property
    def goes_on(self) -> bool:
        """Whether any phrase has more words."""
        return bool(self.next or self.stems)

    def add(self, anchor: str, phrase: Phrase) -> None:
        """Note a phrase by the words that must follow."""
        node, words = self, anchor.split()
        stem = words.pop() if words and not anchor.endswith(" ") else ""
        for word in words:
            if word not in node.next:
                node.next[word] = _Node()
            node = node.next[word]
        if stem:
            node.stems.setdefault(stem[:STEM], []).append((stem, phrase))
        else:
            node.here.append(phrase)

    def follow(self, words: Sequence[str], found: set[Phrase]) -> None:
        """Go on by words as far as there is a way, and note the phrases that end on it; most have none at all."""
        node = self
        for word in words:
            if word not in node.next and word[:STEM] not in node.stems:
                return
            following = node.take(word, found)
            if following is None:
                return
            node = following

    def take(self, word: str, found: set[Phrase]) -> _Node | None:
        """Go on by a word, and note the phrases that end with it."""
        if self.stems:
            for stem, phrase in self.stems.get(word[:STEM], ()):
                if word.startswith(stem):
                    found.add(phrase)
        node = self.next.get(word)
        if node is not None and node.here:
            found.update(node.here)
        return node
