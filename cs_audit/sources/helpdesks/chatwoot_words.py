"""What Chatwoot writes into a conversation when something changes, by language: its own templates, read backwards.

Templates are those of the server's translations; where versions differ, all forms are here. Names are not quoted in
them, so a name that itself holds a template's words (" by ") is not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Activity:
    """What an activity says: its meaning, and the names in it (`by`, `agent`, `team`, `priority`).

    Meanings: `resolved`, `open`, `pending`, `snoozed`, each also with `/system`, `/contact` or `/bot` for who did it;
    `priority`, `assigned` (to an agent or a team), `self` (assigned), `both` (an agent of a team).
    """

    meaning: str
    names: dict[str, str]


_TEMPLATES = {
    "en": (
        ("resolved/system", "Conversation was marked resolved by system due to {why}"),
        ("resolved/bot", "Conversation was marked resolved by {by} due to inactivity"),
        ("resolved/contact", "Conversation was resolved by {by}"),
        ("resolved", "Conversation was marked resolved by {by}"),
        ("open/system", "Conversation was marked open by system due to {why}"),
        ("open/system", "Conversation was marked open automatically after {why}"),
        ("open/system", "System reopened the conversation due to a new incoming message."),
        ("open/bot", "Conversation was marked open by {by}"),
        ("open", "Conversation was reopened by {by}"),
        ("pending", "Conversation was marked as pending by {by}"),
        ("snoozed", "Conversation was snoozed by {by}"),
        ("priority", "{by} set the priority to {priority}"),
        ("priority", "{by} changed the priority from {old} to {priority}"),
        ("self", "{by} self-assigned this conversation"),
        ("both", "Assigned to {agent} via {team} by {by}"),
        ("assigned", "Assigned to {to} by {by}"),
    ),
    "ru": (
        ("resolved/system", "Разговор был помечен системой решённым из-за неактивности в течение {why}"),
        ("resolved/contact", "Разговор был закрыт {by}"),
        ("resolved", "{by} завершил диалог"),
        ("open/system", "Система переоткрыла разговор из-за нового входящего сообщения."),
        ("open", "{by} открыл заново диалог"),
        ("pending", "Разговор был помечен как ожидающий {by}"),
        ("snoozed", "Разговор был помечен как отложенный {by}"),
        ("priority", "{by} установил приоритет на {priority}"),
        ("priority", "{by} изменил приоритет с {old} на {priority}"),
        ("self", "{by} назначил(а) разговор себе"),
        ("assigned", "{by} назначил {to} ответственным"),
        ("both", "{by} назначил {agent} в {team}"),
    ),
    "de": (
        ("resolved/system", "Das Gespräch wurde vom System aufgrund von {why} gelöst"),
        ("resolved/contact", "Konversation wurde von {by} gelöst"),
        ("resolved", "Das Gespräch wurde von {by} gelöst"),
        ("open/system", "Das System hat die Unterhaltung aufgrund einer neuen eingehenden Nachricht wieder geöffnet."),
        ("open", "Das Gespräch wurde von {by} wieder eröffnet"),
        ("pending", "Das Gespräch wurde von {by} als ausstehend markiert"),
        ("snoozed", "Das Gespräch wurde von {by} zur Erinnerung markiert"),
        ("priority", "{by} hat die Priorität auf {priority} gesetzt"),
        ("priority", "{by} hat die Priorität von {old} zu {priority} geändert"),
        ("self", "{by} hat sich dieses Gespräch selbst zugewiesen"),
        ("both", "Zugewiesen an {agent} über {team} von {by}"),
        ("assigned", "Zugewiesen an {to} von {by}"),
        ("assigned", "{by} von {to} zugewiesen"),
    ),
    "es": (
        ("resolved/system", "La conversación fue marcada por el sistema debido a {why}"),
        ("resolved/contact", "Conversación fue resuelta por {by}"),
        ("resolved", "La conversación fue marcada por {by}"),
        ("open/system", "El sistema reabrió la conversación debido a un nuevo mensaje entrante."),
        ("open", "La conversación fue reabierta por {by}"),
        ("pending", "La conversación fue marcada como pendiente por {by}"),
        ("snoozed", "La conversación fue pospuesta por {by}"),
        ("priority", "{by} estableció la prioridad a {priority}"),
        ("priority", "{by} cambió la prioridad de {old} a {priority}"),
        ("self", "{by} auto-asignado a esta conversación"),
        ("both", "Asignado a {agent} via {team} por {by}"),
        ("assigned", "Asignado a {to} por {by}"),
    ),
    "pt_BR": (
        ("resolved/system", "A conversa foi marcada como resolvida pelo sistema por {why}"),
        ("resolved/bot", "A conversa foi marcada como resolvida por {by}"),
        ("resolved/contact", "A conversa foi resolvida por {by}"),
        ("resolved", "Conversa foi marcada como resolvida por {by}"),
        ("open/system", "A conversa foi marcada como aberta pelo sistema {why}"),
        ("open/system", "A conversa foi marcada como aberta automaticamente {why}"),
        ("open/system", "O sistema reabriu a conversa devido a uma nova mensagem recebida."),
        ("open/bot", "A conversa foi aberta por {by}"),
        ("open", "Conversa foi reaberta por {by}"),
        ("pending", "Conversa foi marcada como pendente por {by}"),
        ("snoozed", "Conversa foi adiada por {by}"),
        ("priority", "{by} definiu a prioridade para {priority}"),
        ("priority", "{by} mudou a prioridade de {old} para {priority}"),
        ("self", "{by} atribuiu a si mesmo essa conversa"),
        ("both", "Atribuído a {agent} via {team} por {by}"),
        ("assigned", "Atribuído a {to} por {by}"),
    ),
}

LANGUAGES = frozenset(_TEMPLATES)
"""Languages of accounts, as Chatwoot names them, whose activities are understood."""

_SHAPES = [(meaning, _NAME.split(text)) for texts in _TEMPLATES.values() for meaning, text in texts]


def read(text: str) -> Activity | None:
    """What an activity says; None for one that says nothing of the service, or in words not known here."""
    for meaning, shape in _SHAPES:
        names = _filled(shape, text)
        if names is not None:
            return Activity(meaning, names)
    return None


def _filled(shape: list[str], text: str) -> dict[str, str] | None:
    """The names in a text of this shape: fixed words at even places, names at odd ones. Linear in the text."""
    first, last = shape[0], shape[-1]
    if len(shape) == 1:
        return {} if text == first else None
    if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
        return None
    rest, found = text[len(first) : len(text) - len(last)], {}
    for name, words in zip(shape[1:-2:2], shape[2:-1:2], strict=True):
        found[name], there, rest = rest.partition(words)
        if not there:
            return None
    found[shape[-2]] = rest
    return found if all(found.values()) else None
