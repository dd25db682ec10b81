"""Words of one helpdesk told apart: what a value means where the plain lists of `words` do not know it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cs_audit.sources.words import BOOLEANS, words_of

MISSING = frozenset(
    [
        "?",
        "n/a",
        "null",
        "none",
        "nan",
        "nil",
        "-",
        "--",
        "—",
        "–",
        "<null>",
        "(empty)",
        "(blank)",
        "not set",
        "unspecified",
        "нет данных",
        "не указано",
        "не указан",
        "не указана",
        "(пусто)",
        "не задано",
    ]
)
"""How exports write that there is no value, in lower case."""

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_WHO = (
    r"(customer|user|client|contact|caller|requester|reporter|reply|response|info|feedback|клиент|пользовател|заявител|"
    r"ответ|информац|уточнен)"
)
_THIRD = (
    r"(vendor|supplier|third part|3rd part|partner|problem|change|spare part|поставщик|подрядчик|партнер|"
    r"третьей сторон|сторонн)"
)
_WAITING = r"(waiting|awaiting|pending|ожида\w*|ждем)"

_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "status": {
        "new": r"^(new|to do|todo|backlog|untriaged|unassigned|новы[йе]|новая|новое|зарегистрир|создан[ао]?)\b",
        "open": r"^(open|re ?opened|in progress|work in progress|in work|active|assigned|accepted|investigating|"
        r"in review|открыт[ао]?|переоткрыт[ао]?|возобновлен[ао]?|назначен[ао]?|на исполнении|в процессе|в работе|"
        r"принят[ао]?|waiting (for|on) (support|agent|us|operator)|customer (replied|responded)|"
        r"ожида\w+ (оператора|агента|поддержки|исполнителя))\b",
        "pending": rf"^{_WAITING}\b.*\b{_WHO}",
        "on_hold": r"^(on hold|hold|stalled|suspended|paused|отложен[ао]?|приостановлен[ао]?|на паузе)\b|"
        rf"^{_WAITING}\b.*\b{_THIRD}",
        "solved": r"^(solved|resolved|done|fixed|completed?|решен[ао]?|выполнен[ао]?|исполнен[ао]?|завершен[ао]?|"
        r"готово)\b",
        "closed": r"^(closed|cancell?ed|withdrawn|rejected|declined|закрыт[ао]?|отменен[ао]?|отклонен[ао]?)\b",
    },
    "author": {
        "requester": r"^(requester|customer|client|end ?user|visitor|guest|buyer|inbound|incoming|клиент|заявител|"
        r"пользовател|абонент|посетител|покупател|гост[ья]|входящ)",
        "agent": r"^(agent|operator|staff|support|engineer|manager|employee|consultant|outbound|outgoing|оператор|"
        r"агент|сотрудник|специалист|менеджер|инженер|консультант|техподдержк|поддержк|исходящ)",
        "bot": r"^(bot|chat ?bot|ai agent|virtual|бот|чат ?бот|робот)\b",
        "system": r"^(system|automat|trigger|workflow|систем|автомат)",
    },
    "channel": {
        "email": r"\b(e ?mail|mail|почт\w*|письм\w*)\b",
        "chat": r"\b(chat|livechat|чат\w*)\b",
        "phone": r"\b(phone|call|voice|телефон\w*|звон\w*)\b",
        "web": r"\b(web|portal|website|form|сайт\w*|портал\w*|форм[аы]|кабинет\w*)\b",
        "messenger": r"\b(telegram|whatsapp|viber|sms|wechat|messenger|телеграм\w*|вотсап\w*|мессенджер\w*)\b",
        "social": r"\b(facebook|twitter|instagram|vk|вконтакте|соцсет\w*)\b",
        "api": r"\bapi\b",
    },
    "kind": {
        "message": r"\b(comment|message|reply|note|комментари\w*|сообщени\w*|ответ\w*|заметк\w*)\b",
        "status": r"\b(status|state|статус\w*|состояни\w*)\b",
        "priority": r"\b(priority|приоритет\w*)\b",
        "assignment": r"\b(assign\w*|owner|назначен\w*|исполнител\w*)\b",
        "rating": r"\b(rating|csat|survey|оценк\w*)\b",
        "call": r"\b(call|звон\w*)\b",
        "other": r"\b(created?|opened|создан\w*|открыт\w*)\b",
    },
    "priority": {
        "low": r"^(\d|p\d)?\s*(low|низк\w*)$",
        "normal": r"^(\d|p\d)?\s*(normal|medium|moderate|обычн\w*|средн\w*)$",
        "high": r"^(\d|p\d)?\s*(high|высок\w*)$",
        "urgent": r"^(\d|p\d)?\s*(urgent|critical|срочн\w*|критич\w*)$",
    },
}

INTERNAL = re.compile(r"\b(internal|private|внутренн\w*|служебн\w*)\b")
"""A kind of message the requester does not see."""

_KEPT = frozenset(
    (
        "true",
        "yes",
        "1",
        "within sla",
        "met",
        "achieved",
        "sla met",
        "ontime",
        "on time",
        "в срок",
        "да",
        "не просрочен",
    ),
)
_MISSED = frozenset(
    [
        "false",
        "no",
        "0",
        "sla violated",
        "violated",
        "breached",
        "missed",
        "overdue",
        "sla breached",
        "просрочен",
        "просрочена",
        "просрочено",
        "нет",
        "нарушен",
    ]
)


def plain_word(value: str) -> str:
    """A value in lower case without signs: `3 - Moderate` is `3 moderate`."""
    return " ".join(re.findall(r"\w+", value.casefold().replace("ё", "е").replace("_", " ")))


def is_number(value: str) -> bool:
    """Whether a value is a bare number, which says nothing by itself."""
    return bool(_NUMBER.fullmatch(value.strip()))


def is_missing(value: str) -> bool:
    """Whether a value says that there is none."""
    return value.strip().lower() in MISSING


def meaning_of(column: str, value: str) -> str | None:
    """What a value of `column` means in cs-audit's words; None where it cannot be told without a doubt."""
    known = words_of(column)
    found = known.get(value.strip()) or known.get(value.strip().lower())
    if found or column in BOOLEANS:
        return found
    if is_number(value):
        return None
    word = plain_word(value)
    same = {meaning for spelled, meaning in known.items() if plain_word(spelled) == word}
    same = same or {meaning for meaning, pattern in _PATTERNS.get(column, {}).items() if re.search(pattern, word)}
    return same.pop() if len(same) == 1 else None


def told(column: str, values: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The meaning of each value, and the values that cannot be told; missing marks are neither."""
    found: dict[str, str] = {}
    unknown = []
    for value in values:
        if is_missing(value):
            continue
        meaning = meaning_of(column, value)
        if meaning is None:
            unknown.append(value)
        else:
            found[value] = meaning
    return found, unknown


def verdicts(values: Iterable[str]) -> tuple[list[str], list[str]] | None:
    """Values that say a promise was kept, and those that say it was not; None unless every value says one of them."""
    said = {value: value.strip().lower() for value in values if not is_missing(value)}
    if not said or not set(said.values()) <= _KEPT | _MISSED:
        return None
    return [value for value, word in said.items() if word in _KEPT], [
        value for value, word in said.items() if word in _MISSED
    ]
