"""Every number in the page's tiles and tables is the audit's value, formatted once."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from cs_audit import reports
from cs_audit.reports import course, story, telling
from cs_audit.reports.words import Words


@pytest.fixture(params=["audit", "clocks"])
def told(request, language):
    """An audit, its words, and its page."""
    audit = request.getfixturevalue(request.param)
    page = LexborHTMLParser(reports.render(audit, "html", language))
    return audit, Words(language, audit["method"]["timezone"]), page


def text(node):
    return " ".join(node.text(deep=True, separator=" ").split())


def flat(value):
    return " ".join(value.split())


def rows(table):
    return [[text(cell) for cell in row.css("td")] for row in table.css("tbody tr")]


def share(each, goal, words):
    return "–" if each["percent"] is None else words.percent(each["percent"], goal)


def interval(each, words):
    return "–" if each["interval"] is None else words.interval(each["interval"])


def test_tiles(told):
    audit, words, page = told
    tiles = page.css(".tile")
    assert len(tiles) == len(story.wholes(audit)) > 1
    for tile, each in zip(tiles, story.wholes(audit), strict=True):
        assert text(tile.css_first(".big")) == flat(share(each, each["goal"], words))
        facts = [text(fact) for fact in tile.css("dd")]
        assert facts[0] == flat(interval(each, words))
        late = words.plural("%(n)s of %(total)s", "%(n)s of %(total)s", each["breached"], total=story.decided(each))
        assert facts[1] == flat(late)
        assert facts[2] == flat(words.number(each["active"]))
        assert facts[3] == flat(telling.length(each["p50_seconds"], words))
        assert flat(words.goal(each["goal"])) in text(tile)


def test_results_by_rule_and_policy(told):
    audit, words, page = told
    known = [one for whole in story.wholes(audit) for one in (whole, *story.parts(audit, whole["rule"]))]
    table = rows(page.css_first("table.results"))
    assert len(table) == len(known)
    for cells, each in zip(table, known, strict=True):
        numbers = [words.number(each[name]) for name in ("judged", "achieved", "breached")]
        assert cells[:3] == [flat(number) for number in numbers]
        assert cells[3] == flat(telling.budget_left(each, words))
        assert cells[4] == flat(words.number(each["active"]))
        assert cells[-4:-1] == [
            flat(share(each, each["goal"], words)),
            flat(interval(each, words)),
            flat(words.goal(each["goal"])),
        ]


def test_weeks(told):
    audit, words, page = told
    tables = page.css("#trend table")
    known = [each for each in story.wholes(audit) if story.by(each, "week")]
    assert len(tables) == len(known) > 0
    for table, each in zip(tables, known, strict=True):
        left = dict(course.budget(each))
        expected = [
            [
                words.week(week), words.number(story.decided(one)), words.number(one["breached"]),
                share(one, each["goal"], words), interval(one, words),
                words.signed(left[week]) if "budget" in each else "–",
            ]
            for week, one in story.by(each, "week").items()
        ]  # fmt: skip
        assert rows(table) == [[flat(cell) for cell in row] for row in expected]


def test_groups(told):
    audit, words, page = told
    known = [
        (each, part)
        for each in story.wholes(audit)
        for dimension in ("channel", "team", "agent")
        for part in story.parted(each, dimension)
        if part
    ]
    tables = page.css("#groups table.sort")
    assert len(tables) == len(known) > 0
    for table, (each, groups) in zip(tables, known, strict=True):
        for row, (_, one) in zip(table.css("tbody tr"), groups, strict=True):
            decided, percent, edges = row.css("td")
            assert text(decided) == flat(words.number(story.decided(one)))
            assert text(percent).startswith(flat(share(one, each["goal"], words)))
            assert text(edges) == flat(interval(one, words))
            assert decided.attributes["data-v"] == str(story.decided(one))


def test_how_long_people_wait(told):
    audit, words, page = told
    known = [one for whole in story.wholes(audit) for one in (whole, *story.parts(audit, whole["rule"]))]
    table = rows(page.css_first("#waits table"))
    for cells, each in zip(table, known, strict=True):
        lengths = [each[name] for name in ("p50_seconds", "p90_seconds", "max_seconds")]
        assert cells[:3] == [flat(telling.length(each, words)) for each in lengths]


def test_messages_by_hour_and_day(told):
    audit, words, page = told
    cells = [text(cell) for cell in page.css("#when table.heat")[0].css("td")]
    demand = audit["hours"]["demand"][0]
    assert cells == [flat(words.number(n)) if n else "·" for n in demand]
    if "staffed" in audit:
        on = ["on" in (cell.attributes["class"] or "").split() for cell in page.css("#when table.heat")[0].css("td")]
        assert on == [each >= story.STAFFED for each in audit["staffed"]]
        days = rows(page.css_first("#when table.narrow"))
        assert [row[0] for row in days] == [flat(words.number(sum(demand[n * 24 : n * 24 + 24]))) for n in range(7)]


def test_counts_of_tickets_add_up_on_the_page(told):
    audit, words, page = told
    counts = audit["counts"]
    line = text(page.css("main section p")[0])
    assert line.startswith(flat(telling.account(audit, words)))
    assert counts["tickets"] == counts["judged"] + sum(counts["not_judged"].values())
