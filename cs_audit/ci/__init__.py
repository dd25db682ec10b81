"""At home in CI and cron: what a host is told of an audit, beside its reports.

`annotations` and `summary` are views of the audit value for GitHub Actions; `ping` tells a dead man's switch.
Nothing here reads the environment: `cs_audit.cli` does, and hands in what it found.
"""
