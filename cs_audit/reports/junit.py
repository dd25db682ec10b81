"""JUnit XML: a suite for each rule, a case for each goal, and one for each of the worst breaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cs_audit.reports import clean, story, telling
from cs_audit.reports.words import Words

_WORST = 20

Json = Mapping[str, Any]


def render(audit: Json, words: Words) -> str:
    """The document."""
    root = _element(None, "testsuites", name=audit["title"])
    for result in story.wholes(audit):
        _suite(root, audit, result, words)
    if not story.wholes(audit):
        _nothing(root, words)
    for name in ("tests", "failures", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, audit: Json, result: Json, words: Words) -> None:
    suite = _element(
        root, "testsuite", name=words.name("rule", result["rule"]), timestamp=audit["window"]["as_of"].rstrip("Z")
    )
    for each in (result, *story.parts(audit, result["rule"])):
        _goal(suite, each, words)
    for _, breach in story.breaches(audit, result["rule"])[:_WORST]:
        _breach(suite, breach, words)
    for name, kind in (("tests", "testcase"), ("failures", "testcase/failure"), ("skipped", "testcase/skipped")):
        suite.set(name, str(len(suite.findall(kind))))
    suite.set("errors", "0")


def _goal(suite: Element, result: Json, words: Words) -> None:
    name = words.say("goal: %(policy)s", policy=result["policy"] or words.say("all policies"))
    case = _element(suite, "testcase", classname=f"{result['code']}.{result['rule']}", name=name)
    if result["met"] is None:
        _element(case, "skipped", message=words.say("nothing was judged"))
    elif not result["met"]:
        shown = words.percent(result["percent"], result["goal"])
        message = words.say("%(percent)s in time, the goal is %(goal)s", percent=shown, goal=words.goal(result["goal"]))
        told = words.say(
            "in time: %(achieved)s, late: %(breached)s", achieved=result["achieved"], breached=result["breached"]
        )
        lines = [each for each in (told, telling.budget(result, words)) if each]
        _element(case, "failure", message=message, type="goal").text = "\n".join(lines)


def _breach(suite: Element, breach: Json, words: Words) -> None:
    case = _element(suite, "testcase", classname=f"{breach['code']}.{breach['rule']}", name=breach["ticket"])
    failure = _element(case, "failure", message=telling.lateness(breach, words), type="breach")
    failure.text = words.say("began %(moment)s", moment=words.moment(breach["began_at"]))


def _nothing(root: Element, words: Words) -> None:
    suite = _element(root, "testsuite", name="cs-audit", tests="1", failures="1", errors="0", skipped="0")
    case = _element(suite, "testcase", classname="cs-audit", name=words.say("Nothing was judged"))
    _element(case, "failure", message=words.say("Nothing was judged"), type="goal")


def _element(parent: Element | None, tag: str, **attributes: str) -> Element:
    told = {key: clean.line(value) for key, value in attributes.items()}
    return Element(tag, told) if parent is None else SubElement(parent, tag, told)
