"""Plays fixture.json, in the order of time, against a running Request Tracker whose clock is the file STATE/clock.

    python3 load.py fixture.json STATE http://127.0.0.1:PORT

Mails go through the real mail gateway, the rest through REST 2.0 as the person who acts; Request Tracker writes all
times, fires its own rules and computes its due dates itself. STATE/ids.json tells the id of each ticket.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

PASSWORDS = {"root": "root-secret-1", "agent.anna": "secret-anna", "agent.bert": "secret-bert"}
LAST = "/tickets?query=id%3E0&orderby=id&order=DESC&per_page=1&fields=Subject"


class Desk:
    """A running server, and what was played so far."""

    def __init__(self, state: Path, url: str) -> None:
        self.clock, self.url = state / "clock", url
        self.ids: dict[str, int] = {}
        self.subjects: dict[str, str] = {}
        self.mails = 0

    def turn(self, moment: str) -> None:
        """Set the server's clock, by renaming: it is read all the time."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(moment + "\n", "utf-8")
        fresh.replace(self.clock)
        with urllib.request.urlopen(f"{self.url}/static/images/favicon.png", timeout=60) as answer:  # noqa: S310 - loopback
            seen = parsedate_to_datetime(answer.headers["Date"])
        if f"{seen:%Y-%m-%d %H:%M:%S}" != moment:
            sys.exit(f"the server's clock says {seen}, not {moment}: was it started with RT_FAKE=1?")

    def rest(self, who: str, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/REST/2.0{path}", method=method, data=data)  # noqa: S310 - loopback
        request.add_header("Authorization", "Basic " + b64encode(f"{who}:{PASSWORDS[who]}".encode()).decode())
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path} as {who}: {error.code} {error.read().decode()}")
        return json.loads(text) if text.strip() else None

    def mail(self, sender: str, queue: str, subject: str, text: str, *, attachment: bool = False) -> None:
        self.mails += 1
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "support@example.test", subject
        message["Message-ID"] = f"<mail-{self.mails}@client.example>"
        message.set_content(text)
        if attachment:
            message.add_attachment(b"%PDF-1.4 tiny\n", maintype="application", subtype="pdf", filename="rechnung.pdf")
        gate = ["rt-mailgate-5", "--queue", queue, "--action", "correspond", "--url", f"{self.url}/"]
        ended = subprocess.run(gate, input=message.as_bytes(), capture_output=True, check=False)
        if ended.returncode:
            sys.exit(f"{gate}: {ended.returncode} {ended.stdout!r} {ended.stderr!r}")

    def play(self, ticket: dict[str, Any], number: int, event: dict[str, Any]) -> None:
        self.turn(event["at"])
        key, who, said = ticket["key"], event["actor"], f"[{ticket['key']}] event {number}: "
        if event["do"] == "mail_create":
            self.mail(
                who,
                ticket["queue"],
                event["subject"],
                f"{said}first message\n",
                attachment=event.get("attachment", False),
            )
            (newest,) = self.rest("root", "GET", LAST)["items"]
            assert newest["Subject"] == event["subject"], newest
            self.ids[key], self.subjects[key] = int(newest["id"]), event["subject"]
        elif event["do"] == "rest_create":
            told = {
                "Queue": ticket["queue"],
                "Subject": event["subject"],
                "Requestor": event["requestor"],
                "Content": f"{said}noted by phone",
                "ContentType": "text/plain",
                **event.get("fields", {}),
            }
            self.ids[key] = int(self.rest(who, "POST", "/ticket", told)["id"])
            self.subjects[key] = event["subject"]
        elif event["do"] == "mail_reply":
            subject = f"Re: [rt.example.test #{self.ids[key]}] {self.subjects[key]}"
            self.mail(who, ticket["queue"], subject, f"{said}customer writes\n")
        else:
            self.work(key, who, said, event)

    def work(self, key: str, who: str, said: str, event: dict[str, Any]) -> None:
        """What an agent does with a ticket that is there."""
        do, path = event["do"], f"/ticket/{self.ids[key]}"
        if do in ("reply", "comment"):
            taken = {"TimeTaken": str(event["time_taken"])} if event.get("time_taken") else {}
            way = "correspond" if do == "reply" else "comment"
            self.rest(who, "POST", f"{path}/{way}", {"Content": f"{said}{do}", "ContentType": "text/plain", **taken})
        elif do in ("take", "steal"):
            self.rest(who, "PUT", f"{path}/{do}")
        else:
            changes = {
                "give": lambda: {"Owner": event["owner"]},
                "status": lambda: {"Status": event["status"]},
                "move": lambda: {"Queue": event["queue"]},
                "put": lambda: event["fields"],
                "merge": lambda: {"MergeInto": self.ids[event["into"]]},
            }
            told = self.rest(who, "PUT", path, changes[do]())
            assert do not in ("status", "move") or "changed" in told[0], (key, told)


def main() -> None:
    """Play it all."""
    fixture, state, url = sys.argv[1:4]
    tickets = json.loads(Path(fixture).read_text("utf-8"))["tickets"]
    desk = Desk(Path(state), url)
    order = sorted(
        (event["at"], place, number)
        for place, ticket in enumerate(tickets)
        for number, event in enumerate(ticket["events"])
    )
    for _, place, number in order:
        desk.play(tickets[place], number, tickets[place]["events"][number])
    (Path(state) / "ids.json").write_text(json.dumps(desk.ids, indent=1), "utf-8")
    os.write(1, f"{len(order)} events of {len(tickets)} tickets\n".encode())


if __name__ == "__main__":
    main()
