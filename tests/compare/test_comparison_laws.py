"""What holds of every comparison of two audits."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_audits import at, audit, audits, claim, finding, result, wait

from cs_audit.compare import compare, reasons
from cs_audit.reports import changes
from cs_audit.reports import comparison as told

MIRROR = {"new": "fixed", "fixed": "new", "came": "left", "left": "came"}
PAIRS = st.tuples(audits(), audits())
sampled = settings(max_examples=150)  # each example is two audits


def listings(made):
    return [*made["breaches"], *(each for each in made["findings"] if each["in"] == "both")]


@sampled
@given(audits())
def test_an_audit_compared_with_itself_has_no_change(one):
    made = compare(one[0], one[0])
    assert made["differences"] == made["only"] == []
    assert all(each["direction"] in ("same", "unknown") and not each["fails"] for each in made["results"])
    assert not [row for each in listings(made) for row in each["rows"]]
    assert reasons(made, "low") == []
    assert "same audit" in told.summary({"comparison": made, "fail_on": "low"})


@sampled
@given(PAIRS)
def test_the_other_way_round_new_is_fixed_and_signs_are_flipped(pair):
    (old, *_), (new, *_) = pair
    there, back = compare(old, new), compare(new, old)
    for one, other in zip(there["results"], back["results"], strict=True):
        if one["difference"] is not None:
            assert one["difference"] == pytest.approx(-other["difference"])
            assert one["interval"] == pytest.approx([-edge for edge in reversed(other["interval"])], abs=2e-4)
        else:
            assert other["difference"] is None
    for one, other in zip(listings(there), listings(back), strict=True):
        assert {name: one[name] for name in MIRROR} == {name: other[MIRROR[name]] for name in MIRROR}
        assert (one["same"], one["untold_now"], one["untold_before"]) == (
            other["same"],
            other["untold_before"],
            other["untold_now"],
        )
        assert places(one) == sorted((*place, MIRROR[state]) for *place, state in places(other))
    flipped = [{**each, "old": each["new"], "new": each["old"]} for each in back["differences"]]
    assert there["differences"] == flipped


def places(listing):
    return sorted(
        (row["ticket"], row["occurred_at"], str(row.get("slot")), str(row.get("values")), row["state"])
        for row in listing["rows"]
    )


@sampled
@given(PAIRS)
def test_the_numbers_of_every_rule_add_up(pair):
    (old, *_), (new, *_) = pair
    made = compare(old, new)
    for each in listings(made):
        assert each["now"] == each["same"] + each["new"] + each["came"] + each["untold_now"]
        assert each["before"] == each["same"] + each["fixed"] + each["left"] + each["untold_before"]
        assert min(each[name] for name in ("same", "new", "came", "fixed", "left", "untold_now", "untold_before")) >= 0
        assert len(each["rows"]) == sum(each[name] for name in ("new", "came", "fixed", "left"))


def keys(rows, rule):
    return {identity(row) for row in rows if row["rule"] == rule}


def identity(row):
    if "began_at" in row:
        return row["ticket"], row["began_at"]
    last = row["evidence"][-1]
    return (
        (last["slot"], tuple(sorted(side["value"] for side in row["evidence"][:-1])))
        if "slot" in last
        else (row["ticket"], row["occurred_at"])
    )


@sampled
@given(PAIRS)
def test_nothing_is_called_new_or_fixed_that_both_audits_found_however_short_their_lists_are(pair):
    (old, old_late, old_found), (new, new_late, new_found) = pair
    made = compare(old, new)
    for each in listings(made):
        before, now = (keys(rows, each["rule"]) for rows in ((*old_late, *old_found), (*new_late, *new_found)))
        for row in each["rows"]:
            key = (row["slot"], tuple(row["values"])) if "slot" in row else (row["ticket"], row["occurred_at"])
            assert (key in before, key in now) == (row["state"] in ("fixed", "left"), row["state"] in ("new", "came"))


@sampled
@given(PAIRS, st.sampled_from(["high", "medium", "low"]))
def test_the_gate_counts_no_finding_that_was_there_before_and_with_whole_lists_every_other(pair, fail_on):
    (old, _, old_found), (new, _, new_found) = pair
    grave = [row for row in new_found if fail_on != "high" or row["severity"] == "high"]
    counted = {
        each["rule"]: each["number"] for each in reasons(compare(old, new), fail_on) if each["why"] == "findings"
    }
    for rule in ("unanswered", "contradicting_answers"):
        true = len(keys(grave, rule) - keys(old_found, rule))
        assert counted.get(rule, 0) <= true
        if len(old["findings"]) == len(old_found) and len(new["findings"]) == len(new_found):
            assert counted.get(rule, 0) == true


@sampled
@given(PAIRS)
def test_neither_audit_is_changed(pair):
    (old, *_), (new, *_) = pair
    kept = copy.deepcopy((old, new))
    compare(old, new)
    assert (old, new) == kept


def test_a_late_ticket_of_a_time_the_older_audit_does_not_cover_is_told_apart_from_a_new_one():
    old = audit(10, [wait("T-1", 5)], last=20, sha="a" * 64)
    new = audit(10, [wait("T-1", 5), wait("T-2", 6), wait("T-3", 30)], last=50, sha="b" * 64)
    late = compare(old, new)["breaches"][0]
    assert {row["ticket"]: row["state"] for row in late["rows"]} == {"T-2": "new", "T-3": "came"}
    assert late["same"] == 1


def test_what_leaves_the_period_is_not_called_fixed():
    old = audit(10, [wait("T-1", 5), wait("T-2", 40)], last=50)
    new = audit(10, [], first=30, last=80)
    states = {row["ticket"]: row["state"] for row in compare(old, new)["breaches"][0]["rows"]}
    assert states == {"T-1": "left", "T-2": "fixed"}


def test_what_falls_out_of_a_list_that_is_not_whole_is_not_called_fixed():
    old = audit(10, [wait("T-1", 5, over=10)])
    new = audit(10, [wait("T-2", 5, over=90), wait("T-3", 5, over=80)], listed=1)
    late = compare(old, new)["breaches"][0]
    assert (late["fixed"], late["untold_before"], late["new"], late["untold_now"]) == (0, 1, 1, 1)


def test_what_is_listed_by_ticket_and_time_is_compared_though_it_is_not_kept_whole():
    late = [wait(f"T-{number}", number, over=100 - number) for number in range(6)]
    old, new = (
        audit(90, rows, listed=2, latest=100, sha=sha * 64) for rows, sha in ((late[:-1], "a"), (late[1:], "b"))
    )
    told_of = compare(old, new)["breaches"][0]
    assert (told_of["same"], told_of["new"], told_of["fixed"]) == (4, 1, 1)
    assert (told_of["untold_now"], told_of["untold_before"]) == (0, 0)
    short = next(row for row in told_of["rows"] if row["state"] == "new")
    assert (short["ticket"], short["over_seconds"], short["agent"], short["policy"]) == ("T-5", 95, None, None)


def test_what_is_later_than_the_last_one_listed_is_known_to_be_new_or_fixed_and_what_is_earlier_is_not():
    late = [wait(f"T-{number}", number, over=1) for number in range(8)]
    old = audit(90, late, listed=1, latest=4)  # T-0 whole, T-4 to T-7 by name
    new = audit(90, [wait("T-8", 8), wait("T-9", 2)], sha="b" * 64)
    states = {row["ticket"]: row["state"] for row in compare(old, new)["breaches"][0]["rows"]}
    assert states == {"T-8": "new", **{f"T-{number}": "fixed" for number in (0, 4, 5, 6, 7)}}
    assert compare(old, new)["breaches"][0]["untold_now"] == 1  # T-9 may have been late before


def test_a_wait_listed_without_its_due_time_is_not_called_new_in_a_period_of_due_times():
    late = [wait(f"T-{number}", number, over=1) for number in range(4)]
    new = audit(90, late, listed=1, latest=100, sha="b" * 64)
    old = audit(90, late[:2], sha="a" * 64)
    old["window"] |= {"by": "due", "until": at(3)}
    told_of = compare(old, new)["breaches"][0]
    assert (told_of["same"], told_of["new"], told_of["came"], told_of["untold_now"]) == (2, 0, 1, 1)


def test_new_findings_that_are_only_listed_fail_a_run():
    old, new = (
        audit(found=[finding(f"T-{n}", n) for n in range(*span)], listed=2, latest=100) for span in ((0, 6), (2, 8))
    )
    assert reasons(compare(old, new), "medium") == [{"why": "findings", "rule": "unanswered", "number": 2}]


def test_the_page_names_as_many_tickets_as_can_be_read_and_counts_the_others():
    old, new = audit(90), audit(90, [wait(f"T-{n:03}", n % 90) for n in range(300)], listed=2, latest=400, sha="b" * 64)
    shown = told.render(compare(old, new), "html")
    assert shown.count('<th scope="row"><bdi>T-') == 200
    assert "100 more are in the JSON." in shown


def test_a_finding_that_would_stand_before_the_last_one_listed_is_known_to_be_gone():
    old = audit(10, found=[finding("T-1", 5)])
    new = audit(10, found=[finding("T-2", 6), finding("T-3", 7)], listed=1)
    assert compare(old, new)["findings"][0]["fixed"] == 1


def test_of_two_findings_of_one_moment_the_one_not_listed_is_not_called_gone():
    twice = [finding("T-1", 5), finding("T-1", 5)]
    found = compare(audit(found=twice), audit(found=twice, listed=1))["findings"][0]
    assert (found["same"], found["fixed"], found["untold_before"]) == (1, 0, 1)


def test_findings_that_grew_beyond_what_is_listed_fail_by_the_least_there_can_be():
    old = audit(found=[finding("T-1", 1), finding("T-2", 2)])
    new = audit(found=[finding(f"T-{number}", number) for number in range(1, 8)], listed=3)
    assert reasons(compare(old, new), "medium") == [{"why": "findings", "rule": "unanswered", "number": 5}]


def test_a_ticket_whose_rows_could_not_be_read_is_neither_fixed_nor_the_same():
    old = audit(10, [wait("T-1", 5)])
    new = audit(10, complete=False, rejected={"rows": 1, "listed": [{"ticket": "T-1"}]})
    late = compare(old, new)["breaches"][0]
    assert (late["fixed"], late["untold_before"]) == (0, 1)


def test_a_contradiction_is_the_same_whatever_tickets_show_it():
    old = audit(found=[claim("fee", ("3 EUR", "4 EUR"), "T-1", 2)])
    new = audit(found=[claim("fee", ("4 EUR", "3 EUR"), "T-9", 8), claim("fee", ("3 EUR", "5 EUR"), "T-1", 2)])
    found = next(each for each in compare(old, new)["findings"] if each["rule"] == "contradicting_answers")
    assert (found["same"], found["new"]) == (1, 1)


def test_a_rule_that_one_audit_did_not_ask_is_neither_new_nor_fixed_in_it():
    old, new = audit(), audit(found=[finding("T-1", 1)])
    old["method"]["rules"] = [each for each in old["method"]["rules"] if each["rule"] != "unanswered"]
    made = compare(old, new)
    alone = next(each for each in made["findings"] if each["rule"] == "unanswered")
    assert (alone["in"], alone["now"]) == ("new", 1)
    assert {"area": "rules", "place": ["unanswered"], "old": None, "new": "medium"} in made["differences"]
    assert [each["in"] for each in compare(new, old)["findings"] if each["rule"] == "unanswered"] == ["old"]


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        ((95, 5), (80, 20), "missed"),  # met, now missed
        ((80, 20), (79, 21), ""),  # missed before, and not clearly worse
        ((80, 20), (50, 50), "worse"),  # missed before, and clearly worse
        ((99, 1), (91, 9), ""),  # clearly worse, and still met
        ((80, 20), (95, 5), ""),  # met again
        ((0, 0), (80, 20), "missed"),  # nothing was decided before
    ],
)
def test_a_goal_fails_only_if_it_got_worse(before, now, why):
    late = [[wait(f"T-{number}", number) for number in range(numbers[1])] for numbers in (before, now)]
    old, new = audit(before[0], late[0], sha="a" * 64), audit(now[0], late[1], sha="b" * 64)
    assert compare(old, new)["results"][0]["fails"] == why


def test_a_missed_goal_that_the_baseline_does_not_have_fails():
    old, new = audit(99), audit(99)
    new["results"].append(result(1, 9, rule="next_reply"))
    made = compare(old, new)
    assert reasons(made, "high") == [{"why": "missed", "rule": "next_reply", "policy": None}]
    assert reasons(made, "never") == []


def test_the_policy_that_changed_is_told_before_any_number():
    old, new = audit(10, limit="3600s"), audit(5, [wait("T-1", 1)], limit="1800s")
    shown = told.summary({"comparison": compare(old, new), "fail_on": "high"}).splitlines()
    assert shown[1].startswith("The method changed")
    assert shown[2] == "  Policy Standard, first reply, limit: 1\xa0h → 30\xa0min"


def test_the_same_data_judged_by_two_methods_is_compared_in_pairs():
    late = [wait(f"T-{number}", number) for number in range(17)]
    old, new = audit(50, late[:10], limit="3600s"), audit(43, late, limit="1800s")
    made = compare(old, new)
    whole, part = made["results"]
    assert (made["overlap"], whole["basis"], part["basis"]) == ("same", "paired", "overlapping")
    low, high = whole["interval"]
    assert (part["interval"][0] < low, high < part["interval"][1]) == (True, True)
    assert whole["significant"]
    assert not part["significant"]


def test_periods_that_share_time_are_said_to_overlap():
    kinds = [
        compare(audit(first=0, last=50, sha="a" * 64), audit(first=first, last=90))["overlap"] for first in (20, 60)
    ]
    assert kinds == ["part", "none"]


def test_a_goal_that_turned_is_in_the_headline_though_no_share_changed_clearly():
    late = [wait(f"T-{number}", number) for number in range(10)]
    old, new = audit(90, late, goal=80.0), audit(90, late, goal=95.0)
    shown = told.summary({"comparison": compare(old, new), "fail_on": "high"}).splitlines()[1]
    assert shown == "The method changed; goal no longer met: first reply; no share in time changed clearly"


def test_rules_that_only_one_audit_asked_stand_in_one_line():
    old, new = audit(version="0.0.9"), audit()
    old["method"]["rules"] = old["method"]["rules"][:1]
    shown = told.summary({"comparison": compare(old, new), "fail_on": "high"}).splitlines()
    assert shown[2] == "  Rules not asked before: unanswered, contradicting answers"
    shown = told.summary({"comparison": compare(new, old), "fail_on": "high"}, "ru").splitlines()
    assert shown[2] == "  Больше не проверяются правила: без ответа, противоречивые ответы"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_kind_of_difference_is_told_with_what_it_was_and_is(language):
    old, new = audit(), audit(title="Desk again")
    new["method"]["policies"] = [{"name": "VIP", "targets": {}}, *new["method"]["policies"]]
    new["method"]["schedules"] = {"office": {"hours": {"mon": ["09:00-18:00"]}}}
    new["method"]["options"] = {"reopened": {"within": "7d"}}
    new["method"]["second_opinion"] = {"model": "judge-1"}
    new |= {"version": "0.2.0", "complete": False}
    new["exceptions"] = [
        {"rule": "first_reply", "ticket": "T-1", "slot": "", "values": [], "until": "2026-12-31", "state": "used"}
    ]
    new["window"] = {**new["window"], "by": "due", "since": at(1)}
    made = compare(old, new)
    notes = list(changes.notes(made, told.words_of(made, language)))
    known = {
        "en": ["Policy VIP: added", "Schedule office: added", "Exception first_reply: T-1: added", "Version of cs-audit: 0.1.0 → 0.2.0",
               "Model of the second opinion: none → judge-1", "The newer audit is incomplete."],
        "ru": ["Политика VIP: добавлено", "График office: добавлено", "Исключение first_reply: T-1: добавлено", "Версия cs-audit: 0.1.0 → 0.2.0",
               "Модель второго мнения: нет → judge-1", "Новый аудит неполон."],
    }  # fmt: skip
    assert set(known[language]) <= set(notes)
    assert len(notes) == len(made["differences"]) - 1 + 2  # of the window only what a wait belongs to, and both periods
