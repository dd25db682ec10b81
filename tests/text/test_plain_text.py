"""Plain text: what is left of messages of many mail programs, and what must not be taken away."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from mail_samples import bodies, files, words

from cs_audit.text.html import looks_like_html
from cs_audit.text.plain import lexicon_version, plain_text, plain_texts

REPLY = "It works, thank you"

ATTRIBUTIONS = [
    "On Thu, Jun 26, 2014 at 2:14 PM, Ann <ann@example.com> wrote:",
    "On Apr 3, 2012, at 4:19 PM, bob wrote:",
    "On 22 Aug 2015, at 19:21, Adam <adam@example.com> wrote:",
    "On Tue, 2011-03-01 at 18:02 +0530, Abhishek wrote:",
    "On Nov 30, 2011, at 12:47 PM, Somebody <\nsomebody.with.a.long.address@example.com>\nwrote:",
    '26.06.2014, 14:41, "Ann" <ann@example.com>:',
    "Thu, 26 Jun 2014 14:00:51 +0400 от Ann <ann@example.com>:",
    "Понедельник, 12 мая 2025, 10:15 +03:00 от Анна <anna@example.com>:",
    "чт, 26 июн. 2014 г. в 14:14, Анна <anna@example.com>:",
    "26 июня 2014 г., 14:14 пользователь Анна <anna@example.com> написал:",
    '02.04.2012 14:20 пользователь "anna@example.com" <\nanna@example.com> написал:',
    "12.05.2025 10:15, Иван Петров пишет:",
    "В Пн, 12/05/2025 в 10:15 +0400, Анна пишет:",
    "12 мая 2025 г., в 10:15, Иван Петров <ivan@example.com> написал(а):",
    "Le 23 janv. 2015 à 22:03, Ann <ann@example.com> a écrit :",
    "Am 12.05.2025 um 10:15 schrieb Ann <ann@example.com>:",
]

HEADERS = [
    "From: Ann [mailto:ann@example.com]\nSent: Friday, June 27, 2014 12:06 PM\nTo: Bob\nSubject: Test",
    "*From:* Ann [mailto:\n  ann@example.com]\n*Sent:* Monday, January 15, 2018\n*To:* Bob\n*Subject:* Test",
    "От: Анна\nОтправлено: четверг, 26 июня 2014 г. 15:05\nКому: Иван",
    "От: Анна <anna@example.com>\nДата: 26 июня 2014 г.\nТема: Проверка\nКому: Иван",
    "Date: Wed, 16 May 2012 00:15:02 -0600\nTo: bob@example.com",
    "-----Original Message-----\nFrom: ann@example.com\nTo: bob@example.com",
    "-------- Исходное сообщение --------\nТема: Проверка",
    "________________________________\nFrom: Ann <ann@example.com>\nSent: Monday 10:00\nTo: Bob\nSubject: Test",
    "##- Please type your reply above this line -##",
]

SIGNATURES = [
    "--\nAnn\n+1 555 0100", "-- \nAnn", "—\nАнна", "Best regards,\nAnn Lee\nSupport, Example Ltd.", "Kind regards Ann",
    "Sincerely,\nAnn", "Cheers,\nAnn", "С уважением,\nАнна Петрова\nотдел поддержки", "С уважением, Анна", "Всего доброго!",
    "Sent from my iPhone", "Sent from Mail for Windows", "Get Outlook for iOS", "Отправлено с iPhone", "Отправлено из Почты",
    "Отправлено из мобильной Яндекс Почты", "Regards,\nAnn\n\nSent from my Samsung Galaxy smartphone",
]  # fmt: skip

NO_SIGNATURES = [
    "It works.\nThanks,\nAlex",
    "Готово.\nОтправлено из Москвы 5 мая",
    "Cheers, that works",
    "Respectfully, I disagree",
    "Answer below.\nBest regards,\nAnn\n\nPS. And the invoice?",
    "Regards\nAnn\n\nHello,\nplease look at the second case too",
    "Best regards,\nAnn\nThe other case is this: the scanner stops after page ten, whatever page is put in.",
    "C -- a language -- is meant",
]


@pytest.mark.parametrize("mail", files("quotes", "*.html"), ids=lambda mail: mail.stem)
def test_of_an_html_reply_the_answer_is_left(mail: Path) -> None:
    assert words(plain_text(mail.read_text("utf-8"))) == "Hi.Iamfine.Thanks,Alex"


@pytest.mark.parametrize("mail", files("quotes", "*.eml"), ids=lambda mail: mail.stem)
def test_of_a_plain_reply_the_answer_is_left(mail: Path) -> None:
    signed = mail.with_name(mail.stem + "_reply_text")
    expected = signed.read_text("utf-8") if signed.exists() else "Hello"
    (body,) = bodies(mail)
    assert plain_text(body) == "Hello"
    assert words(plain_text(body, signature=True)) == words(expected)


@pytest.mark.parametrize("mail", files("quotes", "*.eml"), ids=lambda mail: mail.stem)
def test_both_bodies_of_a_mail_leave_the_same_answer(mail: Path) -> None:
    for body in bodies(mail, "html"):  # one of the mails has another text in HTML
        assert plain_text(body) in {plain_text(*bodies(mail)), "Allo! Follow up MIME!"}


@pytest.mark.parametrize("line", ATTRIBUTIONS)
@pytest.mark.parametrize("quoted", ["> where is it?\n> I wait", "\n> where is it?", "where is it?\nI wait"])
def test_an_attribution_and_what_it_announces_go(line: str, quoted: str) -> None:
    assert plain_text(f"{REPLY}\n\n{line}\n{quoted}\n") == REPLY


@pytest.mark.parametrize("block", HEADERS)
def test_a_block_of_headers_and_all_below_go(block: str) -> None:
    assert plain_text(f"{REPLY}\n\n{block}\n\nHello,\nwhere is it?") == REPLY


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_answer_below_the_quotation_stays(line: str) -> None:
    assert plain_text(f"{line}\n> where is it?\n\n{REPLY}") == REPLY


def test_answers_between_quoted_lines_stay() -> None:
    mail = "Hi,\nOn Apr 3, 2012, at 4:19 PM, bob wrote:\n> one?\nyes\n> > older\n> two?\n\nno\n> three?\n"
    assert plain_text(mail) == "Hi,\nyes\n\nno"


def test_html_answers_between_quotations_stay() -> None:
    mail = "<div>Hi</div><blockquote type=cite>one?</blockquote><p>yes</p><blockquote>two?</blockquote>no"
    assert plain_text(mail) == "Hi\nyes\nno"


@pytest.mark.parametrize(
    "text",
    [
        "FYI\n\n---------- Forwarded message ----------\nFrom: ann@example.com\nDate: Tue, 4 Sep 2012\nSubject: Bill\nTo: Bob\n\nText",
        "From: Moscow\nTo: Kazan\nDate: 12.05.2025 10:30\nTwo people, please",
        "Request\nFrom: Ann <ann@example.com>\nSubject: refund\nMessage: where is my money?",
        "On 12 May your operator wrote:\nwe refund you\nbut nothing came",
        "На сайте написано:\nвозврат за 3 дня",
        "See <https://example.com/a\n> for more",
        "If a > b then it fails",
        "Original message is attached",
    ],
)
def test_what_only_looks_like_history_stays(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_goes_unless_it_is_asked_for(signature: str) -> None:
    assert plain_text(f"{REPLY}\n\n{signature}") == REPLY
    assert words(plain_text(f"{REPLY}\n\n{signature}", signature=True)) == words(REPLY + signature)


@pytest.mark.parametrize("text", NO_SIGNATURES)
def test_what_only_looks_like_a_signature_stays(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("> hello\n> there", "hello\nthere"),
        ("Best regards,\nAnn", "Best regards,\nAnn"),
        ("On Apr 3, 2012, at 4:19 PM, bob wrote:\nhello", "On Apr 3, 2012, at 4:19 PM, bob wrote:\nhello"),
        ("<blockquote>Hello<p>On 11-Apr-2011, at 6:54 PM, Bob wrote:</p>Test</blockquote>", "Hello"),
        ('<div class="gmail_signature">Ann</div>', "Ann"),
        ("Sent from my iPhone", "Sent from my iPhone"),
    ],
)
def test_a_message_that_is_all_quotation_or_signature_is_not_lost(body: str, left: str) -> None:
    assert plain_text(body) == left


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>a  b\n c</p><p>d</p>", "a b c\nd"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("a<br>b<br><br>c<br>", "a\nb\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<pre>a\n  b</pre><p>c</p>", "a\n  b\nc"),
        ("<p>a<p>b<div>c</p></span>d", "a\nb\nc\nd"),
        ("<style>p {}</style><script>x</script><title>t</title><p>a</p><!-- c -->", "a"),
        ('<p>a</p><div style="display:none">preview</div><p hidden>b</p>', "a"),
        ("<p>Caf&eacute; &amp;&nbsp;bar&#8203;</p><br>", "Café & bar"),
        ('<p>a</p><div class="gmail_attr">Nå skrev noen noe</div><blockquote>b</blockquote>', "a"),
        ('<p>a</p><blockquote style="margin:0 0 0 40px;border:none">indented</blockquote>', "a\nindented"),
        ('<p>a</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Von: b</div><p>c</p>', "a"),
        ('<p>a</p><div class="moz-signature">-- <br>Ann</div>', "a"),
        ("<p>write &lt;p&gt; here</p><p>and &lt;br&gt;</p>", "write &lt;p> here\nand &lt;br>"),
    ],
)
def test_html_becomes_lines(body: str, lines: str) -> None:
    assert plain_text(body) == lines


@pytest.mark.parametrize(
    "body", ["<p>a</p>", "Hello<br>there<br>", "<!DOCTYPE html>\n<html><body>a", "\n<div>\na</div>"]
)
def test_html_is_recognised(body: str) -> None:
    assert looks_like_html(body)


@pytest.mark.parametrize(
    "body", ["", "a < b", "use <b>bold</b> text", "Ann <ann@example.com>", "two\n<br>\n<p>", "<br>"]
)
def test_other_text_is_not_taken_for_html(body: str) -> None:
    assert not looks_like_html(body)


def test_who_knows_better_says_so() -> None:
    assert plain_text("<p>one</p><p>two</p>", html=False) == "<p>one</p><p>two</p>"
    assert plain_text("one\ntwo <b>three</b>", html=True) == "one two three"


def test_a_column_is_cleaned_like_single_messages() -> None:
    column = pl.Series("text", ["Hello", None, "Hi\n> a", "", "Hi\n> a", "<p>a</p><p>b</p>", " x "])
    assert plain_texts(column).to_list() == ["Hello", None, "Hi", "", "Hi", "a\nb", " x"]


def test_the_lexicon_has_a_version() -> None:
    assert lexicon_version() == "1.0"
