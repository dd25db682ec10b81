"""Three tickets, one of them late, and their configuration."""

CONFIG = """
[audit]
title = "A small desk"
[sources.desk]
type = "csv"
path = ["desk.csv"]
rows = "events"
columns = { ticket = "ticket", occurred_at = "at", kind = "kind", author = "author" }
[[policies]]
name = "All"
schedule = "24/7"
targets = { first_reply = "1h" }
[rules]
select = ["RT"]
"""
EVENTS = """ticket,at,kind,author
T-1,2026-10-01T09:00:00Z,message,requester
T-1,2026-10-01T09:10:00Z,message,agent
T-2,2026-10-01T09:00:00Z,message,requester
T-2,2026-10-01T15:00:00Z,message,agent
T-3,2026-10-01T10:00:00Z,message,requester
T-3,2026-10-01T10:05:00Z,message,agent
"""
