"""HTML mail as lines: blocks become lines, quoted and signed elements are marked as such."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cs_audit.text.lexicon import lexicon
from cs_audit.text.lines import Line, marked, readable

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_TAGS = "html|head|meta|style|body|div|p|span|br|hr|table|tr|td|font|ul|ol|li|blockquote|pre|h[1-6]|o:p"
"""Tags of mail; people write <b> and code of their own in plain text."""
_TAG = re.compile(rf"</?(?:{_TAGS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset({"td", "th"})
_NESTABLE = re.compile(
    r"<(/?)(?!(?:style|script|title|head|p|br|hr|img|li|td|th|tr|meta|link|input|col)\b)[a-z][^<>]*>", re.IGNORECASE
)
_MANY_TAGS, _DEEPEST = 5_000, 500


def looks_like_html(body: str) -> bool:
    """Whether a text is HTML: its first line with text has a tag, and it is not the only one."""
    first = body.lstrip().partition("\n")[0]
    found = _TAG.search(first) or first.lower().startswith(("<!doctype html", "<?xml"))
    return bool(found) and len(_TAG.findall(body)) > 1


def shown(text: str) -> str:
    """Text that is not taken for HTML when it is read again: code that a mail showed keeps its `&lt;`."""
    return _TAG.sub(lambda tag: "&lt;" + tag[0][1:], text) if looks_like_html(text) else text


def html_lines(body: str) -> list[Line]:
    """The lines of an HTML mail.

    White space is folded as a browser does. Elements that mail programs quote in raise the depth of their
    lines; from Outlook's divider on all lines are quoted.
    """
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - only mail in HTML needs it

    tree = LexborHTMLParser(_unnested(body))
    if tree.body is None:
        return []
    writer = _Writer(_Marks.of(tree))
    _walk(tree.body, writer)
    return writer.finished()


def _unnested(body: str) -> str:
    """The same text; nesting deeper than any browser shows is given up, for it would take quadratic time to parse."""
    if body.count("<") < _MANY_TAGS:
        return body
    depths = accumulate(-1 if tag[1] else 1 for tag in _NESTABLE.finditer(body))
    return _NESTABLE.sub("<br>", body) if max(depths, default=0) > _DEEPEST else body


class _Marks(NamedTuple):
    """Elements of one document with a meaning, by address."""

    quoted: frozenset[int]
    history: frozenset[int]
    signed: frozenset[int]
    hidden: frozenset[int]

    @classmethod
    def of(cls, tree: LexborHTMLParser) -> _Marks:
        selectors = lexicon("quotes")["html"]
        return cls(*(frozenset(node.mem_id for node in tree.css(selectors[name])) for name in cls._fields))


class _State(NamedTuple):
    depth: int = 0
    signed: bool = False
    verbatim: bool = False


@dataclass
class _Writer:
    """Gathers text into lines while the document is walked."""

    marks: _Marks
    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    states: list[_State] = field(default_factory=lambda: [_State()])
    history: int = 0

    def enter(self, node: LexborNode) -> bool:
        """Begin an element or take a text; whether to go into it."""
        if node.is_text_node:
            self._take(node.text_content or "")
            return False
        if node.mem_id in self.marks.hidden or not node.is_element_node:
            return False
        if node.tag in _BLOCKS:
            self._end_line(forced=node.tag == "br")
        if node.mem_id in self.marks.history:
            self.history = 1
        old = self.states[-1]
        quoted, signed = node.mem_id in self.marks.quoted, node.mem_id in self.marks.signed
        self.states.append(_State(old.depth + quoted, old.signed or signed, old.verbatim or node.tag == "pre"))
        return True

    def leave(self, node: LexborNode) -> None:
        """End an element."""
        if node.tag in _BLOCKS and node.tag != "br":
            self._end_line()
        elif node.tag in _CELLS:
            self.pieces.append(" ")
        self.states.pop()

    def finished(self) -> list[Line]:
        """All lines."""
        self._end_line()
        return self.lines

    def _take(self, text: str) -> None:
        if not self.states[-1].verbatim:
            self.pieces.append(text)
            return
        *whole, rest = text.splitlines() or [""]
        for each in whole:
            self.pieces.append(each)
            self._end_line(forced=True)
        self.pieces.append(rest)

    def _end_line(self, *, forced: bool = False) -> None:
        """Close the line begun; an empty one only counts if `forced` or if it held a space the mail insists on."""
        raw = "".join(self.pieces)
        self.pieces.clear()
        state = self.states[-1]
        text = readable(raw).rstrip() if state.verbatim else " ".join(readable(raw).split())
        if text or forced or "\N{NO-BREAK SPACE}" in raw:
            self.lines.append(marked(text, state.depth + self.history, signed=state.signed))


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Visit every node in the order of the document, without recursion: mail may be nested deeply."""
    node: LexborNode | None = root
    path: list[LexborNode] = []
    while node is not None:
        entered = writer.enter(node)
        child = node.first_child if entered else None
        if child is not None:
            path.append(node)
            node = child
            continue
        if entered:
            writer.leave(node)
        while path and node.next is None:
            node = path.pop()
            writer.leave(node)
        node = node.next if path else None
