"""JUnit XML, valid against Jenkins' schema: one suite for each rule, one case for each goal, late ticket and finding.

What makes the run fail is a failure: a missed goal with the late tickets behind it, and findings at or above the
severity asked for (`fail_on` of the audit value). The rest is told as skipped, so that nothing reads as passed that is
not; a goal that is met passes. What makes an audit incomplete or empty is an error. Times are those of the audit's
cut-off: the document is the same whenever it is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cs_audit.compare.gate import failing_findings, finding_fails, goal_fails
from cs_audit.reports import answers, clean, marks, story, telling
from cs_audit.reports.words import Words

MOST = 100
"""Late tickets, and findings, of each rule; the audit value holds no more."""

_COUNTED = (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error"))

Json = Mapping[str, Any]


def render(audit: Json, words: Words) -> str:
    """The document."""
    root = _element(None, "testsuites", name=audit["title"])
    _audit(_suite(root, audit, "cs-audit"), audit, words)
    for result in story.wholes(audit):
        suite = _suite(root, audit, words.name("rule", result["rule"]))
        _goals(suite, audit, result, words)
        _breaches(suite, audit, result, words)
    for rule, shown in story.found(audit):
        _findings(_suite(root, audit, words.name("rule", rule["rule"])), audit, rule, shown, words)
    _count(root)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, audit: Json, name: str) -> Element:
    return _element(root, "testsuite", name=name, timestamp=audit["window"]["as_of"].rstrip("Z"))


def _count(root: Element) -> None:
    """The numbers that the schema demands of each suite and of all together; skipped ones only of suites."""
    for suite in root:
        for name, kind in (*_COUNTED, ("skipped", "testcase/skipped")):
            suite.set(name, str(len(suite.findall(kind))))
    for name, _ in _COUNTED:
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))


def _audit(suite: Element, audit: Json, words: Words) -> None:
    """What the audit is about, and whether it is whole."""
    window = audit["window"]
    known = {
        "since": window["since"], "until": window["until"], "as_of": window["as_of"],
        "fingerprint": audit["fingerprint"], "version": audit["version"], "fail_on": _fail_on(audit),
    }  # fmt: skip
    properties = _element(suite, "properties")
    for name, value in known.items():
        if value is not None:
            _element(properties, "property", name=name, value=value)
    whole = _case(suite, "cs-audit", words.say("All of the data could be read"))
    if not audit["complete"]:
        _element(whole, "error", type="incomplete", message=telling.rejected(audit, words))
    judged = _case(suite, "cs-audit", words.say("There was something to judge"))
    if not audit["counts"]["judged"] or not story.wholes(audit):
        _element(judged, "error", type="empty", message=words.say("Nothing was judged"))


def _goals(suite: Element, audit: Json, whole: Json, words: Words) -> None:
    for result in (whole, *story.parts(audit, whole["rule"])):
        name = words.say("goal: %(policy)s", policy=result["policy"] or words.say("all policies"))
        case = _case(suite, _class(result), name)
        if result["met"] is None:
            _element(case, "skipped", message=words.say("nothing was judged"))
        elif not result["met"]:
            told = words.say(
                "in time: %(achieved)s, late: %(breached)s", achieved=result["achieved"], breached=result["breached"]
            )
            text = "\n".join(each for each in (told, telling.budget(result, words)) if each)
            _told(case, "goal", telling.missed(result, words), text, fails=goal_fails(audit, result))


def _breaches(suite: Element, audit: Json, whole: Json, words: Words) -> None:
    """Late tickets fail with the goal they spoil: that of all policies or that of their own."""
    spoiled = {each["policy"] for each in (whole, *story.parts(audit, whole["rule"])) if goal_fails(audit, each)}
    shown = [breach for _, breach in story.breaches(audit, whole["rule"])][:MOST]
    for name, breach in _named(shown):
        fails = bool(spoiled & {None, breach["policy"]})
        text = words.say("began %(moment)s", moment=words.moment(breach["began_at"]))
        _told(_case(suite, _class(breach), name), "breach", telling.lateness(breach, words), text, fails=fails)
    _more(suite, whole, whole["breached"] - len(shown), words, fails=None in spoiled)


def _findings(suite: Element, audit: Json, rule: Json, found: Sequence[Json], words: Words) -> None:
    shown, failing = found[:MOST], 0
    for name, finding in _named(shown):
        place = telling.place(finding, words)
        text = " · ".join(each for each in (words.moment(finding["occurred_at"]), place) if each)
        fails = finding_fails(audit, finding)
        failing += fails
        _told(_case(suite, _class(rule), name), finding["severity"], _sentence(finding, words), text, fails=fails)
    _more(suite, rule, rule["found"] - len(shown), words, fails=failing_findings(audit, rule) > failing)


def _sentence(finding: Json, words: Words) -> str:
    if answers.is_claim(finding):
        return f"{answers.slot(finding, words)}: {answers.difference(finding, words)}"
    return marks.sentence(finding, words) or words.prose(finding["message"])


def _more(suite: Element, rule: Json, left: int, words: Words, *, fails: bool) -> None:
    """What the audit value does not hold, as one case whose name does not change with its number."""
    if left > 0:
        case = _case(suite, _class(rule), words.say("and more"))
        _told(case, "more", words.plural("and %(n)s more", "and %(n)s more", left), "", fails=fails)


def _named(shown: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    """Each with its ticket as a name of its own: CI systems tell cases apart by nothing else."""
    seen: Counter[str] = Counter()
    for each in shown:
        seen[each["ticket"]] += 1
        again = seen[each["ticket"]]
        yield each["ticket"] if again == 1 else f"{each['ticket']} #{again}", each


def _class(rule: Json) -> str:
    return f"{rule['code']}.{rule['rule']}"


def _case(suite: Element, about: str, name: str) -> Element:
    return _element(suite, "testcase", classname=about, name=name)


def _told(case: Element, kind: str, message: str, text: str, *, fails: bool) -> None:
    element = _element(case, "failure" if fails else "skipped", type=kind, message=message)
    element.text = "\n".join(clean.line(each) for each in text.split("\n")) or None


def _fail_on(audit: Json) -> Any:
    return audit.get("fail_on", "high")


def _element(parent: Element | None, tag: str, **attributes: str) -> Element:
    told = {key: clean.line(value) for key, value in attributes.items()}
    return Element(tag, told) if parent is None else SubElement(parent, tag, told)
