"""Laws of plain text: once is enough, nothing is invented, columns agree with messages, time is linear."""

from __future__ import annotations

import html

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.text.plain import plain_text, plain_texts
from tests.patience import comes_to_an_end

PIECES = [
    "Hello", "Спасибо, всё пришло.", "a  b", "> quoted", "> > deep", ">a <https://x", "See <https://example.com", "", "  ",
    "-- ", "—", "Best regards", "Best regards, Bob", "Cheers, that works", "С уважением,", "Иван", "Sent from my iPhone",
    "On Mon, Apr 2, 2012 at 6:26 PM, Bob <b@x.y> wrote:", "On Nov 30, 2011, at 12:47 PM, Some <", "b@x.y>", "wrote:",
    "John wrote:", "From: a@b.c", "Sent: Monday 12:00", "To: x", "Subject: y", "Date: 12.05.2024", "_______", "P.S. x?",
    "-----Original Message-----", "---------- Forwarded message ----------", '26.06.2014, 14:41, "A" <a@b.c>:', "?",
    "<p>hi</p>", "<blockquote>q</blockquote>", "<br>", "&lt;div&gt;x&lt;/div&gt;", "<div class=gmail_quote>", "</div>",
    "<pre>a", "&gt; x", "&amp;lt;br&amp;gt;", "\u200b> x", "\xa0", "<div id=appendonsend></div>", "<div class=gmail_signature>",
    "> wrote:", "<style>", "<![CDATA[", "&nbsp;-- ", "<blockquote", "<span style='display:none'>z", "x\x0cy", "\x1c", "\u2028",
]  # fmt: skip
messages = st.builds(
    lambda end, lines: end.join(lines),
    st.sampled_from(["\n", "\n", "\r\n", "<br>", ""]),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=14),
)


@given(messages, st.booleans())
def test_plain_text_of_plain_text_is_the_same(body: str, signature: bool) -> None:  # noqa: FBT001 - drawn
    once = plain_text(body, signature=signature)
    assert plain_text(once, signature=signature) == once


@given(messages)
def test_nothing_is_invented_and_the_order_stays(body: str) -> None:
    left = plain_text(body)
    for form in (left, left.replace("&lt;", "<")):
        for source in (body, html.unescape(body), html.unescape(html.unescape(body))):
            rest = iter(source)
            if all(letter in rest for letter in form if letter.isalnum()):
                return
    pytest.fail(left)


@given(st.lists(messages | st.none(), max_size=6), st.booleans())
def test_a_column_agrees_with_its_messages(bodies: list[str | None], signature: bool) -> None:  # noqa: FBT001 - drawn
    expected = [None if body is None else plain_text(body, signature=signature) for body in bodies]
    assert plain_texts(pl.Series(bodies, dtype=pl.String), signature=signature).to_list() == expected


@given(st.lists(st.sampled_from(["Hello", "one answer", "Готово", "see > below", "a. b. c!"]), min_size=1, max_size=6))
def test_text_without_marks_stays_as_it_is(lines: list[str]) -> None:
    assert plain_text("\n".join(lines)) == "\n".join(lines)


ADVERSARIES = {
    "quotations": "> a\n",
    "attributions": "x wrote:\n",
    "wrapped attributions": "On Mon, Apr 2, 2012 at 6:26 PM, Bob\n",
    "labels": "From: a\n\n",
    "sign-offs": "Best regards\n",
    "delimiters": "--\n",
    "devices": "Sent from my iPhone\n",
    "open addresses": "See <https://x\n>y\n",
    "forwards": "Begin forwarded message:\n\n",
    "one long line": "wrote: On 1 @",
    "spaces": " ",
    "blank lines": "\n",
    "blocks": "<div>",
    "blockquotes": "<blockquote>x",
    "links in blocks": "<a>x<div>",
    "crossed tags": "<b><i></b>",
    "open tags": "<",
    "entities": "&lt;div&gt;",
    "signatures": "<div class=gmail_signature>x",
}


@pytest.mark.parametrize("piece", ADVERSARIES.values(), ids=ADVERSARIES)
def test_long_nonsense_is_read_in_linear_time(piece: str) -> None:
    start = "<p>x</p>" if "<" in piece and "//" not in piece else ""
    with comes_to_an_end():
        plain_text(start + piece * (800_000 // len(piece)))
