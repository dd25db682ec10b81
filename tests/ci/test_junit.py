"""The JUnit report: what CI systems can read, and that red there means what the exit code means."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from cs_audit import reports
from cs_audit.audit.gate import exit_code
from cs_audit.reports import story

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit-10.xsd"))
HOSTILE = "T\x00\x1b]8;;x\x07<&\"']]>\ud800\ufffe\n\u202e#"


def rendered(audit, language="en"):
    return reports.render(audit, "xml", language)


def document(audit, language="en"):
    return ET.fromstring(rendered(audit, language).encode())  # noqa: S314 - our own


def kinds(root, tag):
    return {each.get("type") for each in root.iter(tag)}


def test_it_is_valid_by_the_schema_of_jenkins(big, demo, language):
    for audit in (big, demo):
        SCHEMA.validate(rendered(audit, language))


def test_texts_of_strangers_leave_it_valid(demo):
    for each in (*demo["worst"], *demo["findings"]):
        each.update(ticket=HOSTILE, team=HOSTILE, agent=HOSTILE)
    demo["title"] = HOSTILE
    SCHEMA.validate(rendered(demo))


@pytest.mark.parametrize("fail_on", ["high", "medium", "low", "never"])
def test_it_is_red_exactly_where_the_run_fails(demo, fail_on):
    root = document({**demo, "fail_on": fail_on})
    assert bool(int(root.get("failures"))) == bool(exit_code(demo, fail_on))
    assert root.get("errors") == "0"


@pytest.mark.parametrize(
    ("fail_on", "grades"),
    [("high", {"high"}), ("medium", {"high", "medium"}), ("low", {"high", "medium", "low"}), ("never", set())],
)
def test_findings_fail_from_the_severity_asked_for(demo, fail_on, grades):
    root = document({**demo, "fail_on": fail_on})
    every = {"high", "medium", "low"}
    assert kinds(root, "failure") & every == grades
    assert kinds(root, "skipped") & every == every - grades


def test_late_tickets_of_a_goal_that_is_met_do_not_fail(demo):
    suite = next(each for each in document(demo) if each.get("name") == "Next reply")
    assert suite.get("failures") == "0"
    assert {each.get("type") for each in suite.iter("skipped")} == {"breach"}


def test_a_goal_missed_by_one_policy_alone_fails_its_late_tickets_and_no_others(demo):
    for each in demo["results"]:
        each["met"] = not (each["rule"] == "next_reply" and each["policy"] == "Urgent")
    suite = next(each for each in document(demo) if each.get("name") == "Next reply")
    failed = {case.get("name").partition(" #")[0] for case in suite if case.find("failure[@type='breach']") is not None}
    urgent = {each["ticket"] for each in demo["worst"] if (each["rule"], each["policy"]) == ("next_reply", "Urgent")}
    assert failed == urgent


def test_every_goal_has_a_case_and_a_missed_one_names_both_shares(demo):
    root = document(demo)
    goals = [case for case in root.iter("testcase") if case.get("name").startswith("goal: ")]
    assert len(goals) == len(demo["results"])
    message = root.find(".//failure[@type='goal']").get("message")
    assert message == "70.2% in time, the goal is 86.4%"


def test_cases_of_one_class_have_names_of_their_own(big, demo):
    for audit in (big, demo):
        names = [(each.get("classname"), each.get("name")) for each in document(audit).iter("testcase")]
        assert len(names) == len(set(names))


def test_what_is_left_out_is_one_case_that_says_how_many(demo):
    root = document(demo)
    left = {rule["rule"]: rule["found"] - len(shown) for rule, shown in story.found(demo)}
    assert left["out_of_hours_demand"] == 132
    told = {
        case.get("classname"): case[0].get("message")
        for case in root.iter("testcase")
        if case.get("name") == "and more"
    }
    assert told == {"CV101.out_of_hours_demand": "and 132 more"}


def test_grave_findings_that_are_left_out_fail_as_well(demo):
    rule = next(each for each in demo["method"]["rules"] if each["rule"] == "out_of_hours_demand")
    rule["found_by"] = {"high": 1, "low": 231}
    case = next(each for each in document(demo).iter("testcase") if each.get("name") == "and more")
    assert case[0].tag == "failure"


def test_an_incomplete_audit_is_an_error_whatever_else_counts(big):
    root = document({**big, "fail_on": "never"})
    assert (root.get("errors"), root.get("failures")) == ("1", "0")
    assert kinds(root, "error") == {"incomplete"}


def test_an_empty_audit_is_an_error(demo):
    demo["counts"]["judged"] = 0
    assert kinds(document(demo), "error") == {"empty"}


def test_window_and_fingerprint_are_properties(demo):
    known = {each.get("name"): each.get("value") for each in document(demo).iter("property")}
    assert known["as_of"] == demo["window"]["as_of"]
    assert known["fingerprint"] == demo["fingerprint"]
    assert known["fail_on"] == "high"


def test_its_only_time_is_the_cut_off(demo):
    root = document(demo)
    assert {suite.get("timestamp") + "Z" for suite in root} == {demo["window"]["as_of"]}
    assert not [each for each in root.iter() if "time" in each.attrib]


def test_an_audit_of_before_takes_findings_from_high_on(big):
    assert "fail_on" not in big
    assert document(big).find(".//property[@name='fail_on']").get("value") == "high"
