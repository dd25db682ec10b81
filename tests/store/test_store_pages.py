"""Which of several versions is held, whatever order, overlap or repetition they come in."""

import datetime as dt
import hashlib
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulled import START, minute, page, pull, store_in_memory

from cs_audit.errors import AuditError
from cs_audit.store import Bundle, Counts, Record, StoreError, Tombstone, canonical, digest, open_store, read_store

CALLED = {"source": "desk", "stream": "tickets"}


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.db", since=START) as opened:
        opened.begin(**CALLED, started_at=START)
        yield opened


def put(store, *things, cursor=1):
    sorts = {Bundle: "bundles", Record: "records", Tombstone: "tombstones"}
    named = {name: [thing for thing in things if type(thing) is sort] for sort, name in sorts.items()}
    return store.put_page(**CALLED, cursor=cursor, **named)


def ticket(version, at=0, payload="a", name="1"):
    return Bundle(name, version, minute(at), payload)


def deleted(version, at=0, name="1"):
    return Tombstone(name, "deleted", version, minute(at))


names, versions, minutes = st.sampled_from(["1", "2", "10"]), st.integers(0, 3), st.integers(0, 3)
bundles = st.builds(ticket, versions, minutes, st.sampled_from(["a", "b", {"c": [1]}]), names)
records = st.builds(Record, st.just("user"), names, versions, minutes.map(minute), st.sampled_from(["x", "y"]))
stones = st.builds(
    Tombstone, names, st.sampled_from(["deleted", "merged"]), versions, minutes.map(minute), st.sampled_from(["", "9"])
)
worlds = st.lists(bundles | records | stones, min_size=1, max_size=12)


def pages_of(draw, world):
    """The world in some order, some of it more than once, cut into pages."""
    things = draw(st.permutations(world + draw(st.lists(st.sampled_from(world), max_size=6))))
    cuts = sorted(draw(st.lists(st.integers(0, len(things)), max_size=3)))
    return [things[start:end] for start, end in zip([0, *cuts], [*cuts, len(things)], strict=True)]


def latest(things, key):
    found = {}
    for thing in things:
        name = (type(thing).__name__, getattr(thing, "ticket", None) or thing.id)
        found[name] = max(found.get(name, thing), thing, key=key)
    return {name: found[name] for name in sorted(found)}


def age(thing):
    return thing.version, thing.fetched_at, hashlib.sha256(canonical(thing.payload)).digest()


def expected_state(world):
    """By the definition: the greatest version, then the latest, then the greatest hash; gone if buried no earlier."""
    held = latest([thing for thing in world if not isinstance(thing, Tombstone)], age)
    graves = latest(
        [thing for thing in world if isinstance(thing, Tombstone)],
        lambda stone: (stone.version, stone.fetched_at, stone.reason, stone.merged_into),
    )
    standing = {}
    for (_, name), stone in graves.items():
        bundle = held.get(("Bundle", name))
        if bundle is None or (stone.version, stone.fetched_at) >= (bundle.version, bundle.fetched_at):
            standing[name] = stone
    tickets = {name: bundle for (sort, name), bundle in held.items() if sort == "Bundle"}
    return tickets, standing, [record for (sort, _), record in held.items() if sort == "Record"]


def state(store):
    """Tickets, tombstones and records as read; what a ticket says of its tombstone agrees with the list of them."""
    tickets, stones = list(store.bundles("desk")), {stone.ticket: stone for stone in store.tombstones("desk")}
    assert [each.tombstone for each in tickets] == [stones.get(each.bundle.ticket) for each in tickets]
    assert [store.bundle("desk", each.bundle.ticket) for each in tickets] == tickets
    return {each.bundle.ticket: each.bundle for each in tickets}, stones, list(store.records("desk", "user"))


@settings(max_examples=400)
@given(st.data(), worlds)
def test_any_order_overlap_and_repetition_of_pages_gives_the_store_of_the_definition(data, world):
    seen = set()
    for _ in range(2):
        with store_in_memory() as store:
            store.begin(**CALLED, started_at=START)
            for things in pages_of(data.draw, world):
                put(store, *things)
            assert state(store) == expected_state(world)
            seen.add(digest(store))
    assert len(seen) == 1


@settings(max_examples=200)
@given(st.lists(worlds, min_size=1, max_size=5))
def test_every_ticket_that_differs_from_an_earlier_revision_is_named_as_changed(pages):
    def told(store):
        return {
            each.bundle.ticket: (each.bundle.version, each.bundle.payload, each.tombstone and each.tombstone.reason)
            for each in store.bundles("desk")
        } | {f"never held {stone.ticket}": stone.reason for stone in store.tombstones("desk")}

    with store_in_memory() as store:
        store.begin(**CALLED, started_at=START)
        history = [(store.revision, told(store))]
        for things in pages:
            written = put(store, *things)
            assert written.revision == store.revision == history[-1][0] + 1
            history.append((store.revision, told(store)))
        now = history[-1][1]
        for revision, then in history:
            differing = {name.split()[-1] for name in then.keys() | now.keys() if then.get(name) != now.get(name)}
            assert differing <= set(store.changed_since("desk", revision))
        assert list(store.changed_since("desk", store.revision)) == []


def test_an_older_version_never_replaces_a_newer_one_even_if_fetched_later(store):
    put(store, ticket(5, payload="new"))
    assert put(store, ticket(4, at=60, payload="old")).changed == 0
    assert store.bundle("desk", "1").bundle.payload == "new"


def test_of_one_version_with_two_contents_the_later_fetched_is_held(store):
    put(store, ticket(5, at=2, payload="later"))
    put(store, ticket(5, at=1, payload="earlier"))
    assert store.bundle("desk", "1").bundle.payload == "later"


def test_the_same_content_again_is_no_news_and_writes_no_content(store):
    put(store, ticket(5), deleted(5, name="2"))
    before = store._link.execute("SELECT * FROM payload").fetchall(), store.revision
    assert put(store, ticket(5, at=9), deleted(5, at=9, name="2")).changed == 0
    assert store._link.execute("SELECT * FROM payload").fetchall() == before[0]
    assert list(store.changed_since("desk", before[1])) == []
    assert store.bundle("desk", "1").bundle.fetched_at == minute(9)


def test_a_deletion_keeps_what_was_pulled(store):
    put(store, ticket(5, payload="evidence"))
    put(store, deleted(6, at=1))
    held = store.bundle("desk", "1")
    assert (held.bundle.payload, held.tombstone.reason) == ("evidence", "deleted")
    assert store.counts("desk") == Counts(live=0, gone=1)


def test_a_merge_says_into_what_and_a_ticket_never_pulled_may_be_gone(store):
    stone = Tombstone("7", "merged", 3, START, merged_into="8")
    put(store, stone)
    assert list(store.tombstones("desk")) == [stone]
    assert store.counts("desk") == Counts(live=0, gone=0, never_pulled=1)


@pytest.mark.parametrize("again", [ticket(7, at=1), ticket(6, at=3), ticket(5, at=2)])
def test_a_ticket_given_again_in_a_greater_version_or_later_in_the_same_lifts_its_tombstone(store, again):
    put(store, ticket(5))
    put(store, deleted(min(again.version, 6), at=1))
    buried = store.revision
    put(store, again)
    assert store.bundle("desk", "1").tombstone is None
    assert list(store.tombstones("desk")) == []
    assert list(store.changed_since("desk", buried)) == ["1"]


def test_a_ticket_deleted_again_in_the_same_version_is_news(store):
    put(store, ticket(5), deleted(5, at=1))
    put(store, ticket(5, at=2))
    restored = store.revision
    assert put(store, deleted(5, at=3)).changed == 1
    assert list(store.changed_since("desk", restored)) == ["1"]


def test_given_and_deleted_in_one_version_at_one_time_is_deleted(store):
    put(store, ticket(5), deleted(5))
    assert store.counts("desk") == Counts(live=0, gone=1)
    assert [each.tombstone for each in store.bundles("desk")] == list(store.tombstones("desk")) == [deleted(5)]


def test_an_overlapping_page_from_before_the_deletion_lifts_nothing(store):
    put(store, deleted(6, at=1))
    put(store, ticket(5, at=9))
    assert store.bundle("desk", "1").tombstone is not None


def test_a_ticket_deleted_restored_and_deleted_is_gone_whichever_the_log_tells_first(store):
    put(store, deleted(9, at=1))
    put(store, ticket(7, at=2))
    put(store, deleted(5, at=3))
    assert store.bundle("desk", "1").tombstone.version == 9


def test_versions_of_a_source_are_of_one_sort(store):
    put(store, ticket(5), Record("user", "u", "2026-01-01", START, {}))
    with pytest.raises(StoreError, match="were numbers and are text now"):
        put(store, deleted("2026-01-01", name="other"))
    with pytest.raises(StoreError, match="were text and are numbers now"):
        put(store, Record("user", "v", 1, START, {}))


@pytest.mark.parametrize(
    "thing",
    [
        ticket(version=True),
        ticket(1.5),
        ticket(None),
        ticket(1 << 63),
        ticket("\ud800"),
        ticket(1, name=""),
        ticket(1, name=7),
        ticket(1, name="\udfff"),
        Bundle("1", 1, dt.datetime(2026, 1, 1), "a"),  # noqa: DTZ001 - that is the mistake
    ],
)
def test_what_cannot_be_ordered_or_named_is_refused_and_its_page_with_it(store, thing):
    with pytest.raises(AuditError):
        put(store, ticket(1, name="before"), thing)
    assert list(store.bundles("desk")) == []


@pytest.mark.parametrize("payload", [float("nan"), float("inf"), {"a": {1}}, {1: 2, "b": 3}])
def test_a_payload_without_json_form_is_refused(store, payload):
    with pytest.raises(StoreError, match="no JSON form"):
        put(store, ticket(1, payload=payload))


def test_a_source_that_fails_in_mid_page_leaves_nothing_of_the_page(store):
    def failing():
        yield ticket(1)
        raise ValueError("the connection broke")

    put(store, ticket(1, name="earlier"), cursor="one")
    with pytest.raises(ValueError, match="the connection broke"):
        store.put_page(**CALLED, cursor="two", bundles=failing())
    assert [each.bundle.ticket for each in store.bundles("desk")] == ["earlier"]
    assert store.cursor(**CALLED).value == "one"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_any_json_comes_back_as_it_was(value):
    with store_in_memory() as store:
        store.begin(**CALLED, started_at=START)
        put(store, ticket(1, payload=value), cursor={"any": value})
        assert store.bundle("desk", "1").bundle.payload == value
        assert store.cursor(**CALLED).value == {"any": value}


def test_canonical_json_ignores_the_order_of_keys_and_keeps_letters_and_halved_emoji():
    assert canonical({"b": 1, "a": "ё"}) == canonical({"a": "ё", "b": 1}) == '{"a":"ё","b":1}'.encode()
    assert canonical("cut \ud83d") == b'"cut \\ud83d"'


def test_digest_knows_content_and_cursor_but_not_times_and_revisions(tmp_path):
    def told(name, *, at=0, payload="a", cursor=1, times=1):
        with open_store(tmp_path / name, since=minute(at)) as store:
            store.begin(**CALLED, started_at=minute(at))
            for _ in range(times):
                put(store, ticket(1, at, payload), cursor=cursor)
            return digest(store)

    same = told("one")
    assert told("later", at=5) == told("twice", times=2) == same
    assert same not in {told("content", payload="b"), told("cursor", cursor=2)}


def test_ten_thousand_tickets_take_seconds_and_no_memory(tmp_path):
    path = tmp_path / "store.db"
    with open_store(path, since=START) as store:
        store.begin(**CALLED, started_at=START)
        pages = (
            (number, [bundle for part in range(5) for bundle in page(number * 5 + part, 21)["bundles"][:20]])
            for number in range(100)
        )
        tracemalloc.start()
        for number, tickets in pages:
            store.put_page(**CALLED, cursor=number, bundles=tickets)
        assert sum(1 for _ in store.bundles("desk")) == store.counts("desk").live == 10_000
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 3_000_000


def test_a_page_of_any_size_is_one_transaction_and_need_not_fit_in_memory(tmp_path):
    with open_store(tmp_path / "store.db", since=START) as store:
        store.begin(**CALLED, started_at=START)
        tracemalloc.start()
        store.put_page(
            **CALLED, cursor=1, bundles=(ticket(1, payload="x" * 5000, name=str(each)) for each in range(3000))
        )
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (store.revision, store.counts("desk").live) == (1, 3000)
    assert peak < 3_000_000


def test_tickets_come_in_the_order_of_their_ids_as_text(tmp_path):
    pull(tmp_path / "store.db", 5)
    with read_store(tmp_path / "store.db") as store:
        names = [each.bundle.ticket for each in store.bundles("desk")]
    assert names == sorted(names)
    assert len(names) == 16
