"""Every mistake in cs-audit.toml is named by its key, with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from bad_input.cases import CONFIG, Case, check, config, put


def _sheet() -> None:
    with xlsxwriter.Workbook("desk.xlsx") as book:
        book.add_worksheet("First").write(0, 0, "x")
    put("cs-audit.toml", CONFIG.replace('"csv"', '"xlsx"').replace("desk.csv", "desk.xlsx") + "")
    text = Path("cs-audit.toml").read_text()
    put("cs-audit.toml", text.replace('path = "desk.xlsx"', 'path = "desk.xlsx"\nsheet = "Second"'))


CONFIGS = [
    config("an unknown table", "", "[sorces.x]\ntype = 'csv'", "cs-audit.toml: sorces", "did you mean 'sources'?"),
    config("an unknown key of a source", 'type = "csv"', 'type = "csv"\ntimezon = "UTC"', "sources.desk.timezon", "did you mean 'timezone'?"),
    config("an unknown key of a schedule", "hours =", "ours = 1\nhours =", "schedules.office.ours", "did you mean 'hours'?"),
    config("an unknown key of a policy", 'name = "Standard"', 'name = "Standard"\nschedul = "x"', "policies[0].schedul", "did you mean 'schedule'?"),
    config("an unknown key of audit", "", "[audit]\ntitel = 'x'", "audit.titel", "did you mean 'title'?"),
    config("an unknown key of a match", 'name = "Standard"', 'name = "Standard"\nmatch = { prioriti = "high" }', "policies[0].match.prioriti", "did you mean 'priority'?"),
    config("a key that belongs elsewhere", "", "goal = 1\n", "goal"),
    config("the folder set by hand", "[sources.desk]", "folder = 'x'\n[sources.desk]", "folder", "remove it"),
    config("a text for a number", "", "[audit]\ngoal = 'ninety'", "audit.goal", "hint:"),
    config("a number beyond its range", "", "[audit]\ngoal = 120", "audit.goal", "hint:"),
    config("a number for a text", "", "[audit]\ntitle = 5", "audit.title", "hint:"),
    config("a text for a table", "[sources.desk]", "automatic = 'x'\n[sources.desk]", "automatic", "must be a table", "hint: write it like"),
    config("a table for a list", "[sources.desk]", "ignore = 'x'\n[sources.desk]", "ignore", "must be a list", "hint:"),
    config("an unknown language", "", "[audit]\nlanguage = 'de'", "audit.language", "en", "ru"),
    config("a cut-off without a zone", "", "[audit]\nas_of = 2026-10-31T23:59:59", "audit.as_of", "has no UTC offset", "2026-10-31T23:59:59+03:00"),
    config("an unknown type of source", 'type = "csv"', 'type = "cvs"', "sources.desk.type", "csv"),
    config("a source without columns", 'columns = { ticket = "ticket", occurred_at = "occurred_at", author = "author", text = "text" }', "", "sources.desk.columns is missing", "add columns"),
    config("a source without a path", 'path = "desk.csv"', "", "sources.desk.path is missing"),
    config("a path that is a folder", 'path = "desk.csv"', 'path = "../"', "is a folder", "hint: name the files in it", code=4),
    config("a path that is not there", 'path = "desk.csv"', 'path = "desc.csv"', "desc.csv", "there is no such file", "hint:", code=4),
    config("a pattern without files", 'path = "desk.csv"', 'path = "export/*.csv"', "sources.desk.path: export/*.csv", "no file matches", code=4),
    config("a column that the file lacks", 'author = "author"', 'author = "autor"', "sources.desk.columns.author", "has no column 'autor'", "did you mean 'author'?"),
    config("a column of events that is none", 'author = "author"', 'athor = "author"', "sources.desk.columns.athor", "did you mean 'author'?"),
    config("no ticket column", 'ticket = "ticket", ', "", "ticket is missing", "sources.desk.columns", "hint: add ticket"),
    config("a column both read and given", 'author = "author"', 'author = { column = "author", value = "agent" }', "sources.desk.columns.author", "give either column = or value ="),
    config("a time that is a constant", 'occurred_at = "occurred_at"', 'occurred_at = { value = "2026-01-01" }', "occurred_at", "hint:"),
    config("a pattern that is none", 'author = "author"', 'author = { column = "author", pattern = "(" }', "sources.desk.columns.author", "pattern", "hint:"),
    config("a pattern that looks around", 'author = "author"', 'author = { column = "author", pattern = "(?<=x)y" }', "sources.desk.columns.author", "pattern", "hint:"),
    config("a word that means nothing", 'path = "desk.csv"', 'path = "desk.csv"\nvalues.author = { customer = "klient" }', "sources.desk.values: values.author", "'customer' cannot mean 'klient'", "requester"),
    config("words for a column that has none", 'path = "desk.csv"', 'path = "desk.csv"\nvalues.autor = { customer = "requester" }', "values.autor explains no column of words", "did you mean 'author'?"),
    config("a verdict on no rule", 'path = "desk.csv"', 'path = "desk.csv"\nreported.resolutoin = { column = "text", achieved = "x" }', "resolutoin", "did you mean 'resolution'?"),
    config("a promise of no rule", 'path = "desk.csv"', 'path = "desk.csv"\ndue.resolutoin = "text"', "resolutoin", "did you mean 'resolution'?"),
    config("an unknown encoding", 'path = "desk.csv"', 'path = "desk.csv"\nencoding = "cp-1251x"', "there is no encoding 'cp-1251x'", "hint:", code=4),
    config("a delimiter of two characters", 'path = "desk.csv"', 'path = "desk.csv"\ndelimiter = ";;"', "sources.desk.delimiter", "one character", "hint:"),
    Case("a sheet that is not there", 4, ("desk.xlsx", "Second", "First"), _sheet),
    config("an unknown zone of a schedule", "Europe/Moscow", "Europe/Moskow", "schedules.office.timezone", "'Europe/Moscow'"),
    config("an unknown zone of a source", 'path = "desk.csv"', 'path = "desk.csv"\ntimezone = "Mars"', "sources.desk.timezone", "not a time zone"),
    config("an unknown country", "hours =", 'holidays = ["XX"]\nhours =', "no holidays are known for 'XX'", "schedules.office", "hint:"),
    config("an unknown region", "hours =", 'holidays = ["DE-XX"]\nhours =', "'DE-XX'", "schedules.office"),
    config("a holiday file that is not there", "hours =", 'holidays = ["days.csv"]\nhours =', "days.csv", "cannot be read", "schedules.office"),
    config("overlapping hours", '["09:00-18:00"]', '["09:00-13:00", "12:00-18:00"]', "schedules.office.hours", "overlap"),
    config("a time of day past midnight", '["09:00-18:00"]', '["09:00-25:00"]', "schedules.office.hours", "'25:00' is not a time of day"),
    config("hours without an end", '["09:00-18:00"]', '["09:00"]', "schedules.office.hours", "not a range of hours"),
    config("hours of no length", '["09:00-18:00"]', '["09:00-09:00"]', "schedules.office.hours", "opens and closes at the same time"),
    config("an unknown day", "mon-fri", "mon-fry", "schedules.office.hours", "not a day"),
    config("a day with its hours twice", 'hours = { mon-fri = ["09:00-18:00"] }', 'hours = { mon-fri = ["09:00-18:00"], fri = ["10:00-11:00"] }', "schedules.office.hours", "fri has its hours twice"),
    config("hours that are no table", 'hours = { mon-fri = ["09:00-18:00"] }', "hours = 5", "schedules.office.hours", "hint:"),
    config("a schedule that never opens", 'hours = { mon-fri = ["09:00-18:00"] }', "hours = {}", "schedules.office", "never open"),
    config("an exception on no date", "[[policies]]", "[schedules.office.exceptions]\n2026-02-30x = []\n\n[[policies]]", "schedules.office.exceptions", "hint:"),
    config("a missing schedule", 'schedule = "office"', 'schedule = "ofice"', "policies[0].schedule", "did you mean 'office'?"),
    config("a policy without a name", 'name = "Standard"', "", "policies[0].name is missing"),
    config("two policies of one name", "", '[[policies]]\nname = "Standard"', "policies[1].name", "hint: rename one"),
    config("a policy that ends before it begins", 'name = "Standard"', 'name = "Standard"\nfrom = 2026-02-01\nuntil = 2026-01-01', "policies[0].until", "ends before it begins"),
    config("a priority that is none", 'name = "Standard"', 'name = "Standard"\nmatch = { priority = "top" }', "policies[0].match.priority", "'top' is none of: low normal high urgent"),
    config("a pause in no status", 'first_reply = "60m"', 'first_reply = { limit = "60m", pause = ["waiting"] }', "policies[0].targets.first_reply.pause", "pending", "hint:"),
    config("a pause of a promised time", 'first_reply = "60m"', 'first_reply = { limit = "recorded", pause = ["pending"] }', "policies[0].targets.first_reply", "a recorded time holds whatever pauses there were"),
    config("the end of a day that is none", 'first_reply = "60m"', 'first_reply = { limit = "60m", end_of_day = true }', "policies[0].targets.first_reply", "end_of_day needs a limit in working days"),
    config("a schedule of a team that is not there", 'name = "Standard"', 'name = "Standard"\nschedule_by = { team = { Berlin = "berlin" } }', "policies[0].schedule_by.team.Berlin", "there is no schedule 'berlin'", "known:"),
    config("a schedule by a fact that has none", 'name = "Standard"', 'name = "Standard"\nschedule_by = { colour = { red = "office" } }', "policies[0].schedule_by", "hint:"),
    config("an exclusion of everything", "", '[[exclude]]\nname = "all"', "exclude[0]", "would leave out every ticket", "own_tickets"),
    config("an exclusion without a name", "", "[[exclude]]\nown_tickets = true", "exclude[0].name is missing"),
    config("two exclusions of one name", "", '[[exclude]]\nname = "x"\nown_tickets = true\n[[exclude]]\nname = "x"\nown_tickets = true', "exclude[1].name", "hint: rename one"),
    config("an exclusion from no rule", "", '[[exclude]]\nname = "x"\nown_tickets = true\nrules = ["first_replie"]', "exclude[0].rules", "did you mean 'first_reply'?"),
    config("a period by nothing", "", "[audit]\nperiod_by = 'closed'", "audit.period_by", "began", "due"),
    config("an option that is none of its choices", "", "[rules.call_answer]\nabandoned = 'lost'", "rules.call_answer.abandoned", "'left out'"),
    config("an option that is neither true nor false", "", "[rules.resolution]\ngaps_count = 'maybe'", "rules.resolution.gaps_count", "write true or false"),
    config("a target for no rule", "first_reply =", "first_replie =", "policies[0].targets.first_replie", "did you mean 'first_reply'?"),
    config("a target for a rule that measures nothing", 'first_reply = "60m"', 'reopened = "60m"', "policies[0].targets.reopened", "measures no time"),
    config("a limit without a unit", '"60m"', '"60"', "policies[0].targets.first_reply", "write '60m' or '60h'"),
    config("a limit that is a number", '"60m"', "60", "policies[0].targets.first_reply", "write '60m' or '60h'"),
    config("a limit in no unit", '"60m"', '"1 fortnight"', "policies[0].targets.first_reply", "not a duration"),
    config("a limit of days on the working clock", '"60m"', '"2d"', "policies[0].targets.first_reply", "calendar"),
    config("working days on the calendar clock", '"60m"', '{ limit = "2wd", clock = "calendar" }', "policies[0].targets.first_reply", "working clock"),
    config("an unknown clock", '"60m"', '{ limit = "2h", clock = "wall" }', "policies[0].targets.first_reply.clock", "working", "calendar"),
    config("a goal beyond a hundred", '"60m"', '{ limit = "2h", goal = 101 }', "policies[0].targets.first_reply.goal", "100"),
    config("a target without a limit", '"60m"', "{ goal = 80 }", "policies[0].targets.first_reply.limit is missing"),
    config("no target at all", 'first_reply = "60m"', "", "no target for the rule: 2", "exit 5", code=5),
    config("an unknown rule selected", "", "[rules]\nselect = ['ALL', 'frist_reply']", "rules.select", "did you mean 'first_reply'?"),
    config("an unknown rule ignored", "", "[rules]\nignore = ['frist_reply']", "rules.ignore", "did you mean 'first_reply'?"),
    config("options of an unknown rule", "", "[rules.repened]\nwithin = '7d'", "rules.repened", "did you mean 'reopened'?"),
    config("an unknown option of a rule", "", "[rules.reopened]\nwithn = '7d'", "rules.reopened.withn", "known options: within"),
    config("a bad value of an option", "", "[rules.reopened]\nwithin = 'soon'", "rules.reopened.within", "like 7d"),
    config("an unknown key of rules", "", "[rules]\nselekt = ['ALL']", "rules.selekt", "did you mean 'select'?"),
    config("an exception without a reason", "", '[[ignore]]\nrule = "first_reply"\nticket = "1"\nuntil = 2026-12-31', "ignore[0].reason is missing"),
    config("an exception with an empty reason", "", '[[ignore]]\nrule = "first_reply"\nticket = "1"\nreason = ""\nuntil = 2026-12-31', "ignore[0].reason", "hint:"),
    config("an exception without an end", "", '[[ignore]]\nrule = "first_reply"\nticket = "1"\nreason = "x"', "ignore[0].until is missing"),
    config("an exception to no rule", "", '[[ignore]]\nrule = "frist_reply"\nticket = "1"\nreason = "x"\nuntil = 2026-12-31', "ignore[0].rule", "did you mean 'first_reply'?"),
    config("an exception until no date", "", '[[ignore]]\nrule = "first_reply"\nticket = "1"\nreason = "x"\nuntil = "someday"', "ignore[0].until", "hint:"),
    config("a source of a helpdesk not built yet", 'type = "csv"', 'type = "salesforce"', "sources.desk.type", "zendesk"),
    config("a token written into the file", "[schedules.office]", '[sources.zd]\ntype = "zendesk"\ntoken = "s3cret"\n[schedules.office]', "sources.zd"),
    config("TOML that is broken", "[sources.desk]", "[sources.desk", "cs-audit.toml: not valid TOML", "line 2", "hint:"),
    Case("TOML that is no UTF-8", 2, ("cs-audit.toml: the configuration is not UTF-8 text", "hint: save it as UTF-8"), lambda: put("cs-audit.toml", '[audit]\ntitle = "Отчёт"\n'.encode("cp1251"))),
    Case("an empty configuration", 2, ("cs-audit.toml: the configuration has no [sources]", "hint:"), lambda: put("cs-audit.toml", "")),
    Case("no configuration and no file", 2, ("there is nothing to read", "cs-audit init"), lambda: None),
]  # fmt: skip


@pytest.mark.parametrize("case", CONFIGS, ids=lambda case: case.name)
def test_a_mistake_is_named_by_its_key(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    check(case, capsys)
