"""The words sources use for kinds, authors, channels, statuses, priorities and truth, in English and Russian.

Only words with one meaning are listed. A bare number means different things in different helpdesks (priority 1
is critical in one and low in another), so numbers must be explained by `values.*`.
"""

from __future__ import annotations

import polars as pl

from cs_audit.events.columns import AUTHORS, CHANNELS, DIRECTIONS, KINDS, PRIORITIES, STATUSES

_STATUS = {
    "new": "new|created|submitted|registered|новый|новая|новое|зарегистрирован|зарегистрирована",
    "open": "open|opened|reopened|active|assigned|in_progress|in progress|work in progress|в работе|открыт|открыта|"
    "открыто|назначен|назначена|возобновлена|возобновлён|переоткрыта|processing|waiting for support|in review|"
    "escalated",
    "pending": "pending|awaiting user info|awaiting customer|waiting for customer|waiting on customer|pending reminder|"
    "awaiting caller|pending customer|ожидает клиента|ожидание клиента|ожидание ответа клиента|ожидает ответа|snoozed|"
    "awaiting evidence|waiting|pending close",
    "on_hold": "on_hold|on hold|on-hold|hold|awaiting vendor|awaiting problem|awaiting change|waiting on third party|"
    "waiting for third party|stalled|отложен|отложена|приостановлен|приостановлена|ожидает поставщика",
    "solved": "solved|resolved|done|fixed|completed|решен|решена|решено|решён|решённый|выполнен|выполнена|выполнено",
    "closed": "closed|closed successful|closed unsuccessful|закрыт|закрыта|закрыто|cancelled|canceled|отменена|отменён",
}
_PRIORITY = {
    "low": "low|lowest|minor|trivial|низкий|низкая|4 - low|planning|5 - planning",
    "normal": "normal|medium|moderate|обычный|обычная|средний|средняя|нормальный|3 - moderate|3 - medium|3 normal",
    "high": "high|major|important|высокий|высокая|2 - high",
    "urgent": "urgent|critical|highest|blocker|immediate|срочный|срочная|критический|критичный|критическая|"
    "1 - critical",
}
_AUTHOR = {
    "requester": "requester|customer|client|user|end_user|end-user|end user|reporter|contact|visitor|lead|enduser|"
    "клиент|заявитель|пользователь|абонент|incoming",
    "agent": "agent|admin|operator|staff|support|employee|assignee|teammate|team_member|light_agent|owner|outgoing|"
    "оператор|агент|сотрудник|специалист|менеджер|администратор|поддержка",
    "bot": "bot|chatbot|ai|ai_agent|assistant|бот|робот|agent_bot|virtual agent",
    "system": "system|automation|trigger|workflow|automatic|система|автоматически|auto|mailer-daemon",
    "unknown": "unknown|other|неизвестно",
}
_CHANNEL = {
    "email": "email|e-mail|mail|почта|эл. почта|электронная почта|письмо",
    "chat": "chat|live chat|livechat|web_widget|widget|чат|native_messaging|чат на сайте|онлайн-чат",
    "web": "web|web form|webform|portal|self-service|self service|form|сайт|форма|портал|личный кабинет|help center|"
    "constituent call web|web_form",
    "phone": "phone|call|voice|telephone|телефон|звонок|phone call|телефонный звонок|aircall|constituent call",
    "social": "social|facebook|twitter|x|instagram|vk|вконтакте|соцсети|одноклассники|ok|facebook post",
    "messenger": "messenger|telegram|whatsapp|viber|sms|wechat|line|мессенджер|телеграм|facebook messenger|вотсап|max",
    "api": "api|rest|integration|апи|интеграция",
    "other": "other|другое|иное",
}
_KIND = {
    "message": "message|comment|reply|note|email|conversation|article|post|сообщение|комментарий|ответ|question|answer|"
    "description",
    "status": "status|status_change|status change|state|статус|state_change",
    "priority": "priority|приоритет|priority_change",
    "assignment": "assignment|assign|assigned|assignee|назначение|assignee_change|owner_change",
    "team": "team|group|команда|группа|group_change|team_change",
    "call": "call|phone_call|звонок",
    "rating": "rating|csat|satisfaction|survey|оценка",
    "merge": "merge|merged|объединение",
    "deleted": "deleted|delete|удаление|удалено",
    "other": "other|created|create|opened|другое|создано",
}
_DIRECTION = {
    "inbound": "inbound|incoming|in|входящий|входящая|входящее|вход",
    "outbound": "outbound|outgoing|out|исходящий|исходящая|исходящее|исход|callback",
}
_TRUE = "true|1|yes|y|t|1.0|да|истина|public|on"
_FALSE = "false|0|no|n|f|0.0|нет|ложь|private|internal|off"

_TABLES = {
    "status": (STATUSES, _STATUS),
    "priority": (PRIORITIES, _PRIORITY),
    "author": (AUTHORS, _AUTHOR),
    "channel": (CHANNELS, _CHANNEL),
    "kind": (KINDS, _KIND),
    "direction": (DIRECTIONS, _DIRECTION),
}
BOOLEANS = ("public", "automatic", "answered", "voicemail")


def words_of(column: str, values: dict[str, str] | None = None) -> dict[str, str]:
    """Every spelling of every word of `column`, with its meaning; `values` of the configuration win."""
    if column in BOOLEANS:
        known = {word: meaning for meaning, words in (("true", _TRUE), ("false", _FALSE)) for word in words.split("|")}
    else:
        meanings, table = _TABLES[column]
        known = {word: meaning for meaning in meanings for word in table[meaning].split("|")}
    spelled = {form: meaning for word, meaning in known.items() for form in _cases(word)}
    own = {form: meaning for word, meaning in (values or {}).items() for form in _cases(word)}
    return {**spelled, **own, **(values or {})}


def _cases(word: str) -> tuple[str, ...]:
    cases = (word, word.lower(), word.upper(), word.capitalize(), word.title())
    return tuple(dict.fromkeys((*cases, word.replace("_", " "), word.replace(" ", "_"))))


def meanings_of(column: str) -> tuple[str, ...]:
    """The words of cs-audit for `column`."""
    return ("true", "false") if column in BOOLEANS else _TABLES[column][0]


def word_columns() -> tuple[str, ...]:
    """The columns whose words have fixed meanings."""
    return (*_TABLES, *BOOLEANS)


def is_word_column(column: str) -> bool:
    """Whether the words of this column have fixed meanings."""
    return column in word_columns()


def translated(raw: pl.Expr, column: str, values: dict[str, str] | None = None) -> pl.Expr:
    """The column in cs-audit's words; null where a word is not known."""
    words = words_of(column, values)
    codes = raw.cast(pl.Enum(list(words)), strict=False).to_physical()
    if column in BOOLEANS:
        return pl.lit(pl.Series([meaning == "true" for meaning in words.values()])).gather(codes)
    meanings = pl.Series(list(words.values()), dtype=pl.Enum(meanings_of(column)))
    return pl.lit(meanings).gather(codes)
