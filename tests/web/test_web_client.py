"""The client reads, within its origin and its bounds, and says plainly what stood in the way."""

from __future__ import annotations

import gzip
import inspect
import json
import socket
import ssl
import subprocess
import sys
import tracemalloc

import httpx
import pytest
from web_server import Step, Time, bad, good, reading, serving

from cs_audit.errors import AuditError, ConfigError, SourceError
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.errors import (
    ForeignLinkError,
    NotFoundError,
    NotPermittedError,
    RedirectError,
    RejectedError,
    TokenError,
    TooBigError,
    UnreachableError,
    WebError,
)
from cs_audit.sources.web.pages import shrinking, smaller
from cs_audit.sources.web.progress import Notice, Traffic, every, sentence
from cs_audit.sources.web.retries import Patience
from cs_audit.sources.web.site import Site

RENEW = "renew it"


class Recorder(httpx.BaseTransport):
    def __init__(self):
        self.requests = []

    def handle_request(self, request):
        self.requests.append((request.method, str(request.url), request.read()))
        return httpx.Response(200, stream=httpx.ByteStream(b"{}"))


class Rogue(httpx.Auth):
    """An authentication that tries to write, or to go elsewhere."""

    def __init__(self, method, url):
        self.method, self.url = method, url

    def auth_flow(self, _):
        yield httpx.Request(self.method, self.url)

    def hidden(self):
        return ()


def recorded(**site):
    network = Recorder()
    place = Site("desk", "https://desk.example/base", searches=frozenset({"/find"}), **site)
    return Client(place, outside=Time().outside(), transport=network), network


def test_the_public_surface_can_only_read():
    public = {name for name, _ in inspect.getmembers(Client) if not name.startswith("_")}
    assert public == {"get", "search", "map", "traffic", "state", "close"}
    client, network = recorded()
    with client:
        client.get("/tickets", {"page": 1})
        client.search("/find", {"query": "x"})
        assert list(client.map(lambda each: client.get(each).status, ["/a", "/b"])) == [200, 200]
    assert {method for method, _, _ in network.requests} == {"GET", "POST"}
    assert [url for method, url, _ in network.requests if method == "POST"] == ["https://desk.example/base/find"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "POST", "PURGE"])
def test_no_other_verb_leaves_whoever_sends_it(method):
    client, network = recorded()
    with client:
        with pytest.raises(AuditError, match="is not a way to read"):
            client._http.send(httpx.Request(method, "https://desk.example/base/tickets"))
        client._http.auth = Rogue(method, "https://desk.example/base/tickets")
        with pytest.raises(AuditError, match="is not a way to read") as caught:
            client.get("/tickets")
        assert caught.value.exit_code == 70
    assert network.requests == []


def test_a_search_must_be_declared():
    client, network = recorded()
    with client, pytest.raises(AuditError, match="/tickets is not declared as a search"):
        client.search("/tickets", {})
    assert network.requests == []


def test_nothing_leaves_to_another_origin_whoever_sends_it():
    client, network = recorded()
    with client:
        client._http.auth = Rogue("GET", "https://evil.example/base/tickets")
        with pytest.raises(AuditError, match="leave its origin"):
            client.get("/tickets")
    assert network.requests == []


@pytest.mark.parametrize(
    ("target", "params", "url"),
    [
        ("/tickets", None, "https://desk.example/base/tickets"),
        ("tickets", {}, "https://desk.example/base/tickets"),
        ("/tickets?page=2&per=5", {"sort": "id", "per": 7}, "https://desk.example/base/tickets?page=2&per=7&sort=id"),
        ("https://desk.example/other?cursor=a%2Bb", None, "https://desk.example/other?cursor=a%2Bb"),
        ("https://DESK.example:443/other?c=1", {"page": None}, "https://desk.example/other?c=1"),
        ("/tickets", {"ids": [1, 2], "all": True}, "https://desk.example/base/tickets?ids=1&ids=2&all=true"),
    ],
)
def test_addresses_are_put_together_without_losing_a_query(target, params, url):
    client, network = recorded()
    with client:
        client.get(target, params)
    assert network.requests[0][1] == url


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/next?cursor=1",
        "http://desk.example/next",
        "https://desk.example:8443/next",
        "//evil.example/next",
        "https://desk.example.evil.example/next",
        "https://user@desk.example/next",
        "https://desk.example@evil.example/next",
        "ftp://desk.example/next",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_a_link_to_another_origin_is_not_followed_and_both_are_named(link):
    client, network = recorded()
    with client, pytest.raises(ForeignLinkError, match=r"from https://desk\.example:443 to ") as caught:
        client.get(link)
    assert network.requests == []
    assert "cursor" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_that_says_where_it_points(status):
    with (
        serving(good()) as elsewhere,
        serving(bad(status, Location=f"{elsewhere.url}/new?token=secret")) as server,
        reading(server) as client,
    ):
        with pytest.raises(RedirectError) as caught:
            client.get("/x")
        assert f"redirects to {elsewhere.url}/new;" in caught.value.message
        assert "secret" not in str(caught.value)
        assert (len(server.seen), len(elsewhere.seen)) == (1, 0)


@pytest.mark.parametrize(
    ("status", "kind", "words", "slug"),
    [
        (400, RejectedError, "rejected with 400", "rejected"),
        (401, TokenError, "the token was refused", "token"),
        (403, NotPermittedError, "the token may not read this", "permission"),
        (404, NotFoundError, "there is nothing at this address", "not-found"),
        (410, NotFoundError, "there is nothing at this address", "not-found"),
        (422, RejectedError, "rejected with 422", "rejected"),
    ],
)
def test_a_refusal_is_told_once_with_what_the_helpdesk_said(status, kind, words, slug):
    body = "no\x1b[31m such\nthing\u202e ".encode() + b"x" * 500
    with (
        serving(bad(status, body)) as server,
        reading(server, token_hint=RENEW, permission_hint="needs admin") as client,
    ):
        with pytest.raises(kind) as caught:
            client.get("/x", {"page": 3})
        assert len(server.seen) == 1
    error = caught.value
    assert words in error.message
    assert (error.status, error.slug, error.exit_code) == (status, slug, 4)
    assert error.where == f"desk: GET {server.url}/x"
    assert isinstance(error, SourceError)
    assert error.message.isprintable()
    assert "no\ufffd[31m such thing\ufffd xxx" in error.message
    assert len(error.message) < 250
    assert error.hint
    assert {401: error.hint == RENEW, 403: error.hint == "needs admin"}.get(status, True)


def test_a_refusal_whose_body_is_broken_is_still_a_refusal():
    with (
        serving(Step(403, b"broken", (("Content-Encoding", "gzip"),)), Step(403, b"short", length=99)) as server,
        reading(server) as client,
    ):
        for _ in range(2):
            with pytest.raises(NotPermittedError):
                client.get("/x")


def test_in_mid_run_a_refusal_is_believed_when_it_is_said_twice():
    with serving(good(1), bad(403), good(2), bad(403), bad(403)) as server, reading(server) as client:
        assert [client.get("/x").json for _ in range(2)] == [1, 2]
        with pytest.raises(NotPermittedError):
            client.get("/x")
        assert len(server.seen) == 5


def test_an_error_that_says_it_came_in_mid_run_ends_with_3():
    error = TokenError("x")
    assert (TokenError.exit_code, error.midway().exit_code, error.slug) == (4, 3, "token")
    assert TokenError("y").exit_code == 4


def test_an_unknown_host_a_refused_connection_and_no_tls_are_told_apart():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        reading(None, url=f"http://127.0.0.1:{port}") as client,
        pytest.raises(UnreachableError, match="connection was refused"),
    ):
        client.get("/x")
    with (
        serving(good()) as server,
        reading(server, url=server.url.replace("http:", "https:")) as client,
        pytest.raises(UnreachableError, match="it speaks no TLS there"),
    ):
        client.get("/x")
    with (
        reading(None, url="https://no-such-host.invalid") as client,
        pytest.raises(UnreachableError, match=r"no such host|no connection|[Tt]emporary"),
    ):
        client.get("/x")


def test_a_certificate_that_is_not_trusted_is_named():
    def untrusted(_):
        error = ssl.SSLCertVerificationError(1, "x")
        error.verify_message = "self-signed certificate"
        raise httpx.ConnectError("x") from error

    with (
        Client(
            Site("desk", "https://desk.example"), outside=Time().outside(), transport=httpx.MockTransport(untrusted)
        ) as client,
        pytest.raises(UnreachableError, match=r"not trusted \(self-signed certificate\)"),
    ):
        client.get("/x")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("desk.example", "is no web address"),
        ("ftp://desk.example", "is no web address"),
        ("https://", "is no web address"),
        ("https://me:pw@desk.example", "must be the bare address"),
        ("https://desk.example/?token=1", "must be the bare address"),
        ("http://desk.example", "would send the token unencrypted"),
        ("http://127.0.0.1.evil.example", "would send the token unencrypted"),
    ],
)
def test_an_address_is_checked_before_anything_is_sent(url, words):
    with pytest.raises(ConfigError, match=words) as caught:
        Client(Site("desk", url))
    assert caught.value.where == "sources.desk.url"
    assert "pw" not in str(caught.value) + caught.value.hint


def test_http_to_another_machine_must_be_wished_for():
    Client(Site("desk", "http://desk.example", plain_http=True)).close()


def test_an_answer_above_the_cap_is_cut_off_plain_or_packed():
    bomb = gzip.compress(b" " * 50_000_000)
    packed = (("Content-Encoding", "gzip"), ("Content-Type", "application/json"))
    steps = (Step(body=b" " * 2_000_000), Step(200, bomb, packed))
    with serving(*steps) as server, reading(server, most_bytes=1_000_000) as client:
        tracemalloc.start()
        for _ in steps:
            with pytest.raises(TooBigError, match="more than 1,000,000 bytes"):
                client.get("/x")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(server.seen) == 2
    assert peak < 12_000_000


@pytest.mark.parametrize("size", [1_000, 1_001])
def test_the_cap_is_exact(size):
    body = b"1" + b" " * (size - 1)
    with (
        serving(Step(body=body), Step(200, gzip.compress(body), (("Content-Encoding", "gzip"),))) as server,
        reading(server, most_bytes=1_000) as client,
    ):
        for _ in range(2):
            if size == 1_000:
                assert client.get("/x").json == 1
            else:
                with pytest.raises(TooBigError):
                    client.get("/x")


def test_packed_answers_are_unpacked_and_asked_for():
    value = {"text": "Привет" * 5_000}
    packed = gzip.compress(json.dumps(value).encode())
    with serving(Step(200, packed, (("Content-Encoding", "gzip"),))) as server, reading(server) as client:
        assert client.get("/x").json == value
        assert server.seen[0].headers["Accept-Encoding"] == "gzip"


def test_a_reply_has_its_status_its_headers_and_its_links():
    step = Step(
        201, b"[1]", (("Link", '</a?page=2>; rel="next"'), ("Link", '</a?page=9>; rel="last"'), ("X-Total", "9"))
    )
    with serving(step, Step(204, b"")) as server, reading(server) as client:
        reply = client.get("/x")
        assert (reply.json, reply.status, reply.headers["x-total"]) == ([1], 201, "9")
        assert reply.links == {"next": "/a?page=2", "last": "/a?page=9"}
        assert client.get("/x").json is None


def test_a_byte_order_mark_is_no_trouble():
    with serving(Step(body=b'\xef\xbb\xbf{"a": 1}')) as server, reading(server) as client:
        assert client.get("/x").json == {"a": 1}


def test_a_search_is_repeated_with_the_same_body():
    with serving(bad(503), good([1])) as server, reading(server, searches=frozenset({"/find"})) as client:
        assert client.search("/find", {"q": "жалоба"}).json == [1]
        assert [(each.method, json.loads(each.body)) for each in server.seen] == [("POST", {"q": "жалоба"})] * 2


def test_cookies_are_not_kept():
    with serving(good(Set_Cookie="session=1; Path=/")) as server, reading(server) as client:
        client.get("/x")
        client.get("/x")
        assert "Cookie" not in server.seen[1].headers


def test_headers_a_vendor_asks_for_are_sent():
    with serving(good()) as server, reading(server, headers={"Intercom-Version": "2.16"}) as client:
        client.get("/x")
        assert server.seen[0].headers["Intercom-Version"] == "2.16"


@pytest.mark.parametrize(
    ("size", "next_size"), [(100, 50), (25, 5), (150, 75), (1000, 500), (7, 1), (2, 1), (1, 1), (81, 27)]
)
def test_a_page_is_halved_or_divided(size, next_size):
    assert smaller(size) == next_size


def answers_at_most(most):
    def step(seen):
        size = int(seen.path.rpartition("=")[2])
        return good([size]) if size <= most else bad(504)

    return step


def test_a_page_that_is_too_slow_is_read_smaller_from_the_same_place():
    with serving(answers_at_most(25)) as server, reading(server) as client:

        def read(size, shrinkable):
            return client.get("/x", {"cursor": "abc", "per": size}, shrinkable=shrinkable)

        reply, size = shrinking(read, 100)
        assert (reply.json, size) == ([25], 25)
        assert [each.path for each in server.seen] == [f"/x?cursor=abc&per={each}" for each in (100, 50, 25)]


def test_the_smallest_page_gets_the_full_patience():
    time = Time()
    with serving(answers_at_most(0)) as server, reading(server, time=time, patience=Patience(attempts=4)) as client:
        with pytest.raises(WebError, match="gave up after 4 attempts"):
            shrinking(lambda size, shrinkable: client.get("/x", {"per": size}, shrinkable=shrinkable), 20, least=5)
        assert [each.path for each in server.seen] == [f"/x?per={each}" for each in (20, 10, 5, 5, 5, 5)]
    assert time.waits == [1, 2, 4]


def test_a_page_above_the_cap_is_read_smaller_too_and_the_smallest_is_an_error():
    def step(seen):
        return Step(body=b"[" + b" " * int(seen.path.rpartition("=")[2]) + b"]")

    with serving(step) as server, reading(server, most_bytes=15) as client:

        def read(size, shrinkable):
            return client.get("/x", {"per": size}, shrinkable=shrinkable)

        assert shrinking(read, 40)[1] == 10
        with pytest.raises(TooBigError):
            shrinking(read, 40, least=20)


def test_progress_is_told_after_answers_and_before_waits():
    told = []
    with serving(bad(429, Retry_After="9"), good()) as server, reading(server, told=told.append) as client:
        client.get("/x")
    assert [(each.wait, each.why, each.traffic.requests, each.traffic.answers) for each in told] == [
        (9.0, "the helpdesk answered 429", 1, 0),
        (0, "", 2, 1),
    ]
    assert sentence(told[0]) == "desk: 0 answers to 1 requests, 0.0 MB; waiting 9 s: the helpdesk answered 429"
    assert sentence(told[1]) == "desk: 1 answers to 2 requests, 0.0 MB, waited 9 s"


def test_a_log_gets_a_line_in_30_seconds_and_every_long_wait():
    passed, now = [], [0.0]
    hook = every(30, lambda: now[0], passed.append)
    for second in range(100):
        now[0] = float(second)
        hook(Notice("desk", Traffic(requests=second)))
    assert [each.traffic.requests for each in passed] == [30, 60, 90]
    hook(Notice("desk", Traffic(), 29.0, "short"))
    hook(Notice("desk", Traffic(), 45.0, "long"))
    assert [each.why for each in passed[3:]] == ["long"]


def test_the_version_is_told_without_the_http_library():
    code = (
        "import sys; from cs_audit.cli import main\n"
        "sys.argv = ['cs-audit', '--version']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted(each for each in sys.modules if each in ('httpx', 'tenacity', 'keyring', 'cs_audit.sources.web')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_configuration_can_name_secrets_without_the_http_library():
    code = "import sys, cs_audit.sources.web.reference, cs_audit.sources.web.secret; print('httpx' in sys.modules, 'tenacity' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
