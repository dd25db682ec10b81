"""Strangers' texts that try to act, and audits that hold one of them in every place a stranger can write to."""

import copy
import json
import os
from itertools import cycle, islice
from pathlib import Path

HARMLESS = "harmless"

FIELDS = {"ticket", "author_id", "agent", "team", "requester", "source", "url", "sentence", "quote", "quotes", "related",
          "text", "subject", "channel_detail", "file", "column", "value", "problem", "path", "model"}  # fmt: skip
"""Keys of the audit value under which strangers' words stand."""


def payloads():
    """Every text that tries to act: each seed in each frame of its group."""
    groups = json.loads((Path(__file__).parent / "payloads.json").read_text("utf-8"))
    made = (frame.replace("§", seed) for each in groups.values() for frame in each["frames"] for seed in each["seeds"])
    return list(dict.fromkeys(made))


def some(texts, share):
    """One of so many texts, for what takes long; all of them with CS_AUDIT_EVERY_TEXT=1 in the environment."""
    return texts if os.environ.get("CS_AUDIT_EVERY_TEXT") == "1" else texts[::share]


def filled(value, text):
    """A part of an audit with `text` in every field of a stranger."""
    if isinstance(value, list):
        return [filled(each, text) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: said(each, text) if key in FIELDS else filled(each, text) for key, each in value.items()}


def said(value, text):
    if isinstance(value, str):
        return text
    return [said(each, text) for each in value] if isinstance(value, list) else value


def poisoned(audit, texts):
    """The audit with these texts in every place of strangers, each in a row of its own where there are rows.

    Whatever the texts, the audits of as many different ones have the same shape.
    """
    made = copy.deepcopy(audit)
    made["title"] = texts[0]
    event = [each for history in audit["histories"].values() for each in history if each.get("team")]
    made["histories"] = {text: [{**filled(each, text), "text": text} for each in event[:3]] for text in texts}
    for part in ("worst", "findings", "inputs", "exceptions"):
        made[part] = [filled(each, text) for each, text in zip(cycle(audit[part]), texts, strict=False)]
    for each, text in zip(made["exceptions"], texts, strict=False):
        each.update(reason=text, slot="", values=[])
    for each, text in zip(made["worst"], texts, strict=False):
        each.update(policy=text, schedule=text)
    listed = {"file": "f", "row": 1, "ticket": "t", "column": "c", "value": "v", "problem": "p"}
    made["rejected"] = {"rows": 9, "listed": [filled(listed, text) for text in texts]}
    _results(made, texts)
    _method(made, texts)
    return made


def _results(made, texts):
    whole = next(each for each in made["results"] if each["policy"] is None)
    part = next(each for each in made["results"] if each["policy"] and each["rule"] == whole["rule"])
    made["results"] = [whole, *({**part, "policy": text} for text in texts)]
    group = {"judged": 40, "achieved": 30, "breached": 10, "percent": 75.0, "interval": [60.0, 86.0]}
    for dimension in ("channel", "team", "agent"):
        whole["by"][dimension] = dict.fromkeys(texts, group)
    whole["excluded"] = {text: {"achieved": 1, "percent_with": 50.0} for text in texts}
    whole["not_judged"] = {f"excluded:{text}": 1 for text in texts}
    made["counts"]["not_judged"] = {f"excluded:{text}": 1 for text in texts}
    counts = ("agree", "differ", "reported_achieved", "recomputed_achieved", "only_reported", "only_recomputed")
    whole["reported"] = {**dict.fromkeys(counts, 1), "percent": 50.0, "tickets": texts}


def _method(made, texts):
    method = made["method"]
    policy, schedule = method["policies"][-1], next(iter(method["schedules"].values()))
    matches = ({"match": {"team": [text], "tags": [text], "organization": [text]}} for text in texts)
    rows = zip(texts, matches, strict=True)
    method["policies"] = [
        {**policy, "name": text, "schedule": text, "schedule_by": {"team": {text: text}}, **match}
        for text, match in rows
    ]
    method["schedules"] = {text: {**schedule, "holidays": [text]} for text in texts}
    method["exclusions"] = [
        {"name": text, "match": {"tags": [text]}, "own_tickets": False, "rules": []} for text in texts
    ]
    made["unseen"] = {text: {"texts": text} for text in texts}
    if method["wording"]:
        method["wording"].update(phrases={"rude": texts}, ignore_values=texts, policy_facts=dict.fromkeys(texts, "x"))


def harmless(number):
    """As many texts that try nothing."""
    return list(islice((f"{HARMLESS} {n}" for n in range(number)), number))
