"""Secrets come from their places and go nowhere but into the request."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import sys
from base64 import b64encode
from types import ModuleType
from urllib.parse import quote_plus

import httpx
import pytest
from pydantic import BaseModel, ValidationError
from web_server import (
    TOKEN,
    Step,
    Time,
    a_secret,
    bad,
    everything_about,
    good,
    loud,
    reading,
    reading_with_token,
    serving,
    silence,
)

from cs_audit.errors import AuditError, ConfigError
from cs_audit.sources.web import auth
from cs_audit.sources.web.errors import RedirectError, WebError
from cs_audit.sources.web.reference import SecretReference
from cs_audit.sources.web.retries import Patience
from cs_audit.sources.web.secret import Secret

WHERE = "sources.desk.token"


def secret(**place):
    return Secret(SecretReference(**place), where=WHERE, user="desk")


def test_a_secret_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("DESK_TOKEN", TOKEN + "\n")
    assert secret(env="DESK_TOKEN").reveal() == TOKEN


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_a_secret_comes_from_a_file_without_its_line_end(tmp_path, end):
    (tmp_path / "token").write_bytes((TOKEN + end).encode())
    assert secret(file=str(tmp_path / "token")).reveal() == TOKEN
    relative = Secret(SecretReference(file="token"), where=WHERE, folder=tmp_path)
    assert relative.reveal() == TOKEN


def test_a_secret_comes_from_a_command_run_once_when_needed(tmp_path):
    script = f"import pathlib; pathlib.Path('ran').open('a').write('x'); print({TOKEN!r})"
    found = Secret(SecretReference(command=(sys.executable, "-c", script)), where=WHERE, folder=tmp_path)
    assert not (tmp_path / "ran").exists()
    assert [found.reveal(), found.reveal()] == [TOKEN, TOKEN]
    assert (tmp_path / "ran").read_text() == "x"


@pytest.mark.parametrize(("user", "asked"), [({}, "desk"), ({"user": "me"}, "me")])
def test_a_secret_comes_from_the_keyring(monkeypatch, user, asked):
    ring = ModuleType("keyring")
    ring.get_password = lambda service, name: TOKEN if (service, name) == ("cs-audit", asked) else None
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert secret(keyring="cs-audit", **user).reveal() == TOKEN


def failing_ring():
    ring = ModuleType("keyring")

    def get_password(*_):
        raise RuntimeError(TOKEN)

    ring.get_password = get_password
    return ring


def empty_ring():
    ring = ModuleType("keyring")
    ring.get_password = lambda *_: None
    return ring


PYTHON = sys.executable
FAILURES = {
    "no such variable": ({"env": "DESK_TOKEN_MISSING"}, "DESK_TOKEN_MISSING is not set"),
    "an empty variable": ({"env": "DESK_TOKEN_EMPTY"}, "DESK_TOKEN_EMPTY is empty"),
    "no such file": ({"file": "missing"}, "missing cannot be read"),
    "a folder": ({"file": "."}, "cannot be read"),
    "an empty file": ({"file": "empty"}, "empty is empty"),
    "a file that is no text": ({"file": "binary"}, "is not UTF-8 text"),
    "several lines": ({"file": "lines"}, "has 2 lines"),
    "a blank at the end": ({"file": "blank"}, "begins or ends with a blank"),
    "a control character": ({"file": "control"}, "cannot be printed"),
    "no such command": ({"command": ("no-such-command-here",)}, "cannot be run"),
    "a command that fails": (
        {"command": (PYTHON, "-c", f"import sys; print({TOKEN!r}); sys.exit({TOKEN!r})")},
        "ended with 1",
    ),
    "a command that prints nothing": ({"command": (PYTHON, "-c", "print()")}, "printed nothing"),
    "a command that prints no text": (
        {"command": (PYTHON, "-c", "import os; os.write(1, b'\\xff" + TOKEN + "')")},
        "printed no UTF-8",
    ),
    "a keyring that fails": ({"keyring": "failing"}, "keyring cannot be read .RuntimeError"),
    "a keyring without it": ({"keyring": "none"}, "holds no none for desk"),
    "no keyring": ({"keyring": "uninstalled"}, "keyring is not installed"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_secret_that_cannot_be_had_is_explained_without_its_value(name, tmp_path, monkeypatch, caplog):
    place, words = FAILURES[name]
    monkeypatch.setenv("DESK_TOKEN_EMPTY", "\n")
    files = {
        "empty": b"\n",
        "binary": b"\xff" + TOKEN.encode(),
        "lines": f"{TOKEN}\nuser: me".encode(),
        "blank": f"{TOKEN} ".encode(),
        "control": f"{TOKEN}\x01".encode(),
    }
    for file, content in files.items():
        (tmp_path / file).write_bytes(content)
    monkeypatch.setitem(
        sys.modules, "keyring", {"failing": failing_ring(), "none": empty_ring()}.get(place.get("keyring"))
    )
    found = Secret(SecretReference(**place), where=WHERE, user="desk", folder=tmp_path)
    loud(caplog)
    with serving(good()) as server, reading(server, auth.bearer(found)) as client:
        with pytest.raises(ConfigError, match=words) as caught:
            client.get("/x")
        assert server.seen == []
    assert (caught.value.where, caught.value.exit_code) == (WHERE, 2)
    assert caught.value.hint
    # the command's own text holds the token in this test, and belongs to the configuration
    told = everything_about(caught.value, caplog).replace(repr(place), "").replace(repr(found._reference), "")
    assert place.get("command") or TOKEN not in told
    assert TOKEN not in str(caught.value) + caught.value.hint


def test_no_text_form_of_a_secret_shows_it(tmp_path):
    found = a_secret(tmp_path)
    found.reveal()
    holder = dataclasses.make_dataclass("Holder", ["token"])(found)
    shown = [
        repr(found),
        str(found),
        f"{found}",
        f"{found:>40}",
        f"{found!r:>40}",
        repr([found]),
        repr(holder),
        repr(dataclasses.asdict(holder)),
        repr(auth.bearer(found)),
        repr(vars(auth.bearer(found))),
    ]
    shown.append(json.dumps({"token": found}, default=str))
    assert not [each for each in shown if TOKEN in each]
    assert not hasattr(found, "__dict__")
    for attempt in (pickle.dumps, json.dumps, copy.copy, copy.deepcopy):
        try:
            made = attempt(found)
        except TypeError as error:
            made = str(error)
        assert made is found or TOKEN not in made


class Place(BaseModel):
    token: SecretReference


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (TOKEN, "must not stand in the configuration; write token = { env ="),
        (12345, "must not stand in the configuration"),
        ([TOKEN], "must not stand in the configuration"),
        ({}, "a secret has one place"),
        ({"env": "A", "file": "b"}, "a secret has one place"),
        ({"env": "A", "user": "b"}, "user belongs to keyring"),
        ({"value": TOKEN}, "Extra inputs are not permitted"),
        ({"env": ""}, "at least 1 character"),
        ({"command": []}, "at least 1 item"),
        ({"command": "pass show desk"}, "valid tuple"),
    ],
)
def test_a_reference_that_is_none_is_refused_and_never_repeated(value, words):
    with pytest.raises(ValidationError, match=words) as caught:
        SecretReference.model_validate(value)
    assert TOKEN not in str(caught.value)
    with pytest.raises(ValidationError) as nested:
        Place.model_validate({"token": value})
    assert words in nested.value.errors()[0]["msg"]


def test_references_are_read_from_a_configuration():
    assert Place.model_validate({"token": {"command": ["pass", "show", "desk"]}}).token.command == (
        "pass",
        "show",
        "desk",
    )
    assert Place.model_validate({"token": {"keyring": "cs-audit", "user": "me"}}).token.user == "me"


WAYS = {
    "bearer": auth.bearer,
    "header": lambda found: auth.header("api_access_token", found),
    "zammad": lambda found: auth.header("Authorization", found, "Token token="),
    "basic": lambda found: auth.basic("audit@desk.example/token", found),
    "basic user": auth.basic_user,
    "query": lambda found: auth.in_query("api_token", found),
    "body": lambda found: auth.in_body("api_token", found),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_show_a_secret_arrives(way, tmp_path):
    value = TOKEN + "+ж/="
    with (
        serving(good()) as server,
        reading(server, WAYS[way](a_secret(tmp_path, value)), searches=frozenset({"/find"})) as client,
    ):
        client.search("/find", {"page": 1}) if way == "body" else client.get("/x?page=1", {"size": 2})
        seen = server.seen[0]
    coded = {
        "bearer": lambda: seen.headers["Authorization"].encode("latin-1").decode() == f"Bearer {value}",
        "header": lambda: seen.headers["api_access_token"].encode("latin-1").decode() == value,
        "zammad": lambda: seen.headers["Authorization"].encode("latin-1").decode() == f"Token token={value}",
        "basic": lambda: (
            seen.headers["Authorization"] == "Basic " + b64encode(f"audit@desk.example/token:{value}".encode()).decode()
        ),
        "basic user": lambda: seen.headers["Authorization"] == "Basic " + b64encode(f"{value}:X".encode()).decode(),
        "query": lambda: seen.path == f"/x?page=1&size=2&api_token={quote_plus(value)}",
        "body": lambda: json.loads(seen.body) == {"page": 1, "api_token": value},
    }
    assert coded[way]()


def echo(status):
    """A server that repeats all it was sent: in its body, its headers, and where it redirects to."""

    def step(seen):
        said = " ".join([seen.path, *seen.headers.values(), seen.body.decode()])
        return Step(
            status,
            said.encode(),
            (
                ("Location", f"/elsewhere{seen.path}"),
                ("X-Echo", said),
                ("Set-Cookie", f"a={said.split()[0]}"),
                ("Content-Type", "text/plain"),
            ),
        )

    return step


OUTCOMES = {
    "good": good(),
    "401": echo(401),
    "403": echo(403),
    "404": echo(404),
    "400": echo(400),
    "301": echo(301),
    "429": echo(429),
    "500": echo(500),
    "200 that is no JSON": echo(200),
    "reset": Step(fault="reset"),
    "silence": Step(fault="silent"),
    "short body": Step(length=50),
    "bad gzip": Step(200, b"x", (("Content-Encoding", "gzip"),)),
    "too big": Step(body=b" " * 5_000),
    "broken headers": Step(200, b"{}", (("X", "a\r\n\x00b: c"),)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_marked_token_stands_in_no_error_log_or_variable(outcome, way, tmp_path, caplog):
    loud(caplog)
    credentials = WAYS[way](a_secret(tmp_path))
    forms = [TOKEN, *(form for form in credentials.hidden())]
    told = []
    more = {"searches": frozenset({"/find"}), "most_bytes": 4_000, "read_seconds": silence(OUTCOMES[outcome])}
    with (
        serving(OUTCOMES[outcome]) as server,
        reading(server, credentials, patience=Patience(attempts=2), told=told.append, **more) as client,
    ):
        try:
            client.search("/find", {"page": 1}) if way == "body" else client.get("/x")
        except AuditError as error:
            found, kind = everything_about(error, caplog), type(error)
        else:
            kind = None
            found = "\n".join(record.getMessage() for record in caplog.records)
        found += repr(told) + repr(client) + repr(credentials)
        assert any(
            TOKEN in f"{seen.path} {seen.headers} {seen.body}" or forms[-1] in str(seen.headers) for seen in server.seen
        )
    assert kind is None if outcome == "good" else issubclass(kind, WebError)
    forms = forms if "basic" in way else [TOKEN]
    assert not [form for form in forms if form in found]


def test_the_librarys_own_log_is_silent_for_this_client_only(tmp_path, caplog):
    loud(caplog)
    with serving(good()) as server:
        with reading(server, auth.in_query("api_token", a_secret(tmp_path))) as client:
            client.get("/x")
        assert not [record for record in caplog.records if record.name.startswith("http")]
        httpx.get(f"{server.url}/other")
        assert [record for record in caplog.records if record.name == "httpx"]


def test_a_token_in_a_redirect_is_struck_from_its_path_too(tmp_path):
    with (
        serving(bad(302, Location=f"https://elsewhere.example/{TOKEN}/x")) as server,
        reading_with_token(server, tmp_path) as client,
        pytest.raises(RedirectError, match=r"redirects to https://elsewhere\.example/\*\*\*/x;"),
    ):
        client.get("/x")


def test_an_error_inside_the_library_does_not_bring_its_frames_along(tmp_path, monkeypatch):
    with serving(good()) as server, reading_with_token(server, tmp_path, time=Time()) as client:

        def broken(*_, **__):
            authorization = f"Bearer {TOKEN}"
            raise ValueError(authorization)

        monkeypatch.setattr(client._http, "send", broken)
        with pytest.raises(AuditError, match="a request could not be made") as caught:
            client.get("/x")
    assert TOKEN not in everything_about(caught.value)


def test_a_request_stopped_at_the_last_look_leaves_no_token_behind(tmp_path):
    def rogue(request, value):
        return httpx.Request("DELETE", request.url.copy_set_param("key", value))

    credentials = auth.Credentials(a_secret(tmp_path), rogue)
    with serving(good()) as server, reading(server, credentials) as client:
        with pytest.raises(AuditError, match="DELETE is not a way to read") as caught:
            client.get("/x")
        assert server.seen == []
    assert TOKEN not in everything_about(caught.value)
