"""Made-up help desks as Parquet, in several files whose rows are in no order, each with its configuration."""

import datetime as dt
from pathlib import Path
from random import Random

import polars as pl
from bench.talk import generate

SCHEDULES = """
[schedules.office]
timezone = "Europe/Moscow"
hours = { mon-fri = ["09:00-13:00", "14:00-18:00"] }
holidays = ["RU"]

[[policies]]
name = "Email"
match = { channel = ["email"] }
schedule = "office"
targets = { first_reply = "60m", next_reply = "90m", resolution = "1wd", promise_kept = "promised" }

[[policies]]
name = "Everything else"
schedule = "office"
targets = { first_reply = "2h", next_reply = "4h", resolution = "16h" }
"""


def spread(frame: pl.DataFrame, folder: Path, name: str, files: int) -> None:
    """Write the rows shuffled over so many files; the first has its times as instants, the others as they are."""
    parts = frame.sample(fraction=1, shuffle=True, seed=7).with_row_index("__place")
    for number in range(files):
        part = parts.filter(pl.col("__place") % files == number).drop("__place")
        if number == 0 and "occurred_at" in part.columns:
            part = part.with_columns(pl.col("occurred_at").str.to_datetime(time_zone="UTC", strict=False))
        part.write_parquet(folder / f"{name} {number}.parquet", row_group_size=200)


def talk(folder: Path) -> Path:
    """A desk that talks, judged by every rule: of tickets, requesters, channels and topics; machines repeat themselves."""
    generate(700, folder / "talk.csv")
    rows = pl.read_csv(folder / "talk.csv", infer_schema=False)
    greeting = "Dear customer, all our lines are busy, and the first free colleague will write to you at once."
    start = dt.datetime(2026, 1, 14, 9, tzinfo=dt.UTC)
    for ticket in range(8):  # one text to eight tickets within a minute
        asked, told = start, start + dt.timedelta(seconds=2 * ticket)
        common = {
            "ticket": f"B{ticket}",
            "kind": "message",
            "requester": f"r{ticket}",
            "channel": "chat",
            "public": "true",
        }
        rows = pl.concat(
            [
                rows,
                pl.DataFrame(
                    [
                        {**common, "event": f"b{ticket}", "occurred_at": asked.isoformat(), "author": "requester",
                         "author_id": f"r{ticket}", "text": "Hello? Is anybody there? I wrote to you on Monday."},
                        {**common, "event": f"c{ticket}", "occurred_at": told.isoformat(), "author": "agent",
                         "author_id": "anna", "text": greeting},
                    ]
                ),
            ],
            how="diagonal",
        )  # fmt: skip
    spread(rows, folder, "talk", 3)
    path = folder / "talk.toml"
    columns = ", ".join(f'{name} = "{name}"' for name in rows.columns)
    path.write_text(
        f"""
[audit]
sensitivity = true
timezone = "Europe/Moscow"

[sources.desk]
type = "parquet"
path = "talk *.parquet"
columns = {{ {columns} }}

[rules]
select = ["ALL"]

[policy_facts]
refund_time = "10 days"
{SCHEDULES}""",
        "utf-8",
    )
    return path


def broken(folder: Path) -> Path:
    """Messages in one source and statuses in another of the same tickets; rows that cannot be read, and blank ones."""
    dice = Random(5)  # noqa: S311 - made-up data
    start = dt.datetime.fromisoformat("2026-03-02T06:00")
    messages, statuses = [], []
    for ticket in range(90):
        at = start + dt.timedelta(minutes=dice.randrange(20_000))
        name, channel = f"T-{ticket}", dice.choice(["email", "chat", "fax"])
        for number in range(dice.randrange(1, 6)):
            at += dt.timedelta(minutes=dice.choice([0, 3, 40, 200, 2000]))
            author = "customer" if number == 0 else dice.choice(["customer", "agent", "martian"])
            messages.append(
                [name, at.strftime("%d.%m.%Y %H:%M"), author, channel, str(number), "x" if number else None]
            )
        if ticket % 3:
            at += dt.timedelta(minutes=dice.choice([0, 90]))
            statuses.append([name, at.strftime("%d.%m.%Y %H:%M"), dice.choice(["solved", "pending", "gone"]), "Solved"])
    messages += [
        ["T-1", "soon", "agent", "email", "9", "x"],
        ["T-2", "31.02.2026 10:00", "agent", "email", "nine", "x"],
        [None, "05.03.2026 10:00", "agent", "email", "1", "x"],
        ["T-900", "never", "customer", "chat", "1", None],
        [None, None, None, None, None, "a remark in a column that nobody reads"],
        *[[None] * 6] * 5,
        *[[""] * 6] * 2,
    ]
    kinds = dict.fromkeys(["Ticket", "When", "Who", "By", "No.", "Rest"], pl.String)
    spread(pl.DataFrame(messages, kinds, orient="row"), folder, "messages", 2)
    kinds = dict.fromkeys(["Ticket", "When", "State", "SLA"], pl.String)
    spread(pl.DataFrame(statuses, kinds, orient="row"), folder, "statuses", 1)
    path = folder / "broken.toml"
    path.write_text(
        f"""
[sources.messages]
type = "parquet"
path = ["messages 0.parquet", "messages 1.parquet"]
timezone = "Europe/Moscow"
columns = {{ ticket = "Ticket", occurred_at = "When", author = "Who", channel = "By", seq = "No." }}
values.author = {{ customer = "requester" }}

[sources.statuses]
type = "parquet"
path = "statuses*.parquet"
timezone = "Europe/Moscow"
joins = "messages"
columns = {{ ticket = "Ticket", occurred_at = "When", status = "State" }}
{SCHEDULES}""",
        "utf-8",
    )
    return path


def export(folder: Path) -> Path:
    """One row a ticket with typed columns, as a warehouse has them, and the helpdesk's own verdict and due time."""
    dice = Random(9)  # noqa: S311 - made-up data
    start = dt.datetime.fromisoformat("2026-03-02T00:00")
    made = [start + dt.timedelta(minutes=dice.randrange(30_000)) for _ in range(120)]
    replied = [None if dice.random() < 0.2 else each + dt.timedelta(minutes=dice.randrange(500)) for each in made]
    solved = [each and each + dt.timedelta(minutes=dice.randrange(5000)) for each in replied]
    frame = pl.DataFrame(
        {
            "id": range(1000, 1120),
            "created": pl.Series(made).dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Almaty"),
            "replied": pl.Series(replied, dtype=pl.Datetime("ns")),
            "solved.at": pl.Series(solved, dtype=pl.Datetime("ms")),
            "channel": pl.Series([dice.choice(["email", "chat"]) for _ in made], dtype=pl.Categorical),
            "kept?": [dice.choice(["yes", "no", ""]) for _ in made],
            "due": pl.Series(made) + dt.timedelta(hours=2),
            "spent": pl.Series([dt.timedelta(minutes=5)] * 120),
        }
    )
    frame[:70].write_parquet(folder / "export-1.parquet")
    frame[70:].write_parquet(folder / "export-2.parquet")
    path = folder / "export.toml"
    path.write_text(
        f"""
[sources.tickets]
type = "parquet"
path = "export-*.parquet"
rows = "tickets"
timezone = "Europe/Moscow"
columns = {{ ticket = "id", created_at = "created", first_reply_at = "replied", solved_at = "solved.at", channel = "channel" }}
due.first_reply = "due"
[sources.tickets.reported.first_reply]
column = "kept?"
achieved = ["yes"]
breached = ["no"]
{SCHEDULES}""",
        "utf-8",
    )
    return path


WORLDS = {"talk": talk, "broken": broken, "export": export}
