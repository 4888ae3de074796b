"""Every store keeps the same promises, those in memory that other tests use as well."""

from __future__ import annotations

import contextlib
import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lake import store_gs, store_s3
from lake.store import (
    PutConflict,
    Store,
    StoreRefused,
    StoreUnavailable,
    is_plain,
    open_store,
    parse_address,
    put_once,
)
from tests.gcs_fake import BUCKET as GS_BUCKET
from tests.gcs_fake import gcs
from tests.lake.memory_store import Around, MemoryStore
from tests.object_store import BUCKET, ObjectStore

KINDS = ("memory", "s3", "gs")


@pytest.fixture(params=KINDS)
def store(
    request: pytest.FixtureRequest, s3: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """An empty one."""
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "s3":
        s3.use(monkeypatch)
        yield open_store(s3.fresh_url())
    else:
        with gcs() as endpoint:
            monkeypatch.setenv("STORAGE_EMULATOR_HOST", endpoint)
            yield open_store(f"gs://{GS_BUCKET}/some/prefix")


def test_what_was_put_is_there(store: Store, tmp_path: Path) -> None:
    """From bytes and from a file, to bytes and to a file; and nothing is there before."""
    assert store.get("a/b=1/c") is None
    assert not store.download("a/b=1/c", tmp_path / "out")
    tag = store.put("a/b=1/c", b"one")
    found = store.get("a/b=1/c")
    assert found is not None
    assert (found.data, found.tag) == (b"one", tag)
    assert abs((found.now - found.modified).total_seconds()) < 60
    (tmp_path / "in").write_bytes(b"two" * 1000)
    assert store.put("a/b=1/c", tmp_path / "in") != tag
    assert store.download("a/b=1/c", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"two" * 1000


def test_put_if_absent(store: Store) -> None:
    """The first one stays."""
    store.put("x", b"1", if_absent=True)
    with pytest.raises(PutConflict):
        store.put("x", b"2", if_absent=True)
    found = store.get("x")
    assert found is not None
    assert found.data == b"1"


def test_put_if_match(store: Store) -> None:
    """Only over the very object that was seen; what is not there matches nothing."""
    first = store.put("x", b"1")
    second = store.put("x", b"2", if_match=first)
    with pytest.raises(PutConflict):
        store.put("x", b"3", if_match=first)
    found = store.get("x")
    assert found is not None
    assert (found.data, found.tag) == (b"2", second)
    store.delete(["x"])
    with pytest.raises(PutConflict):
        store.put("x", b"4", if_match=second)


def test_listing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order of name, over any number of pages, with sizes and tags."""
    monkeypatch.setattr(store_s3, "_BATCH", 4)
    monkeypatch.setattr(store_gs, "_BATCH", 4)
    tags = {f"p/{n:02}": store.put(f"p/{n:02}", b"x" * n) for n in range(11)}
    store.put("q", b"")
    assert [(f.name, f.size, f.tag) for f in store.list("p/")] == [
        (f"p/{n:02}", n, tags[f"p/{n:02}"]) for n in range(11)
    ]
    assert [f.name for f in store.list()][-1] == "q"
    assert [f.name for f in store.list("p/", at_most=6)] == [f"p/{n:02}" for n in range(6)]
    store.delete([f"p/{n:02}" for n in range(1, 11)] + ["never"])
    assert [f.name for f in store.list()] == ["p/00", "q"]


def test_a_put_whose_answer_was_lost_knows_itself_again() -> None:
    """It is repeated, and what is in the way is its own work; another's is not."""
    store = MemoryStore()
    tag = store.put("x", b"mine")
    assert put_once(store, "x", b"mine", if_absent=True) == tag
    with pytest.raises(PutConflict):
        put_once(store, "x", b"other", if_absent=True)
    with pytest.raises(PutConflict):
        put_once(store, "y", b"mine", if_match="7")


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("s3://bucket/a/b", ("s3", "bucket", "a/b")),
        ("s3://bucket", ("s3", "bucket", "")),
        ("gs://my.bucket/x=1/", ("gs", "my.bucket", "x=1")),
    ],
)
def test_addresses(url: str, parts: tuple[str, str, str]) -> None:
    """Scheme, bucket, prefix."""
    assert parse_address(url) == parts


@pytest.mark.parametrize("url", ["s3:/b", "s3://", "ftp://b/x", "s3://b/../c", "s3://b//c", "b/c"])
def test_what_is_no_address(url: str) -> None:
    """It is refused with what would be one."""
    with pytest.raises(StoreRefused, match=r"s3://BUCKET/PREFIX|prefix") as refused:
        parse_address(url)
    assert refused.value.exit_code == 2


def test_names_that_lead_elsewhere() -> None:
    """A bucket may hold any name; none of these becomes a path."""
    assert is_plain("articles/date=2024-05-01/part-1.parquet")
    for name in ("../x", "a/../b", "/etc/passwd", "a//b", "a/", ".", "a\0b", "a\nb", ""):
        assert not is_plain(name)


def test_no_such_bucket(s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which one, and that it has to be made."""
    s3.use(monkeypatch)
    store = open_store("s3://nobody-made-this/lake")
    with pytest.raises(StoreRefused, match="there is no bucket nobody-made-this"):
        list(store.list())
    with pytest.raises(StoreRefused, match="there is no bucket nobody-made-this"):
        store.put("x", b"1", if_absent=True)


def test_no_credentials(s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which variables to set."""
    s3.use(monkeypatch)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    with pytest.raises(StoreRefused, match="AWS_ACCESS_KEY_ID"):
        open_store(f"s3://{BUCKET}/x").get("y")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "lake.store_s3")
    with pytest.raises(StoreRefused, match=r"pip install 'wiretrace\[s3\]'"):
        open_store("s3://bucket/x")


def test_google_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bucket, no credentials, forbidden, nobody there, and what passes when tried again."""
    with gcs() as endpoint:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", endpoint)
        nobodys = open_store("gs://nobody-made-this/lake")
        for ask in (lambda: nobodys.get("x"), lambda: nobodys.put("x", b"", if_absent=True)):
            with pytest.raises(StoreRefused, match="there is no bucket nobody-made-this"):
                ask()
    monkeypatch.setattr(store_gs.time, "sleep", lambda seconds: None)
    with answering(503, 429, 200) as (endpoint, given):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", endpoint)
        assert open_store("gs://b/x").download("y", Path("/dev/null"))
    assert given == [503, 429, 200]
    with answering(403) as (endpoint, _):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", endpoint)
        with pytest.raises(StoreRefused, match="forbidden"):
            open_store("gs://b/x").get("y")
    monkeypatch.setattr(store_gs, "_ATTEMPTS", 2)
    with answering(503) as (endpoint, given):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", endpoint)
        with pytest.raises(StoreUnavailable, match="answers 503"):
            open_store("gs://b/x").get("y")
    assert len(given) == 2
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_store("gs://b/x").get("y")
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")
    with pytest.raises(StoreRefused, match="GOOGLE_APPLICATION_CREDENTIALS"):
        open_store("gs://b/x")


@contextlib.contextmanager
def answering(*statuses: int) -> Iterator[tuple[str, list[int]]]:
    """A server that answers one request after the other with these, then with the last for ever."""
    left, given = list(statuses), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = left.pop(0) if len(left) > 1 else left[0]
            given.append(status)
            body = b"<Error><Code>Told</Code></Error>" if status != 200 else b"fine"
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"1"')
            self.send_header("Last-Modified", "Wed, 01 May 2024 12:00:00 GMT")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", given
    finally:
        server.shutdown()
        server.server_close()


def test_what_passes_is_tried_again(s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two refusals for want of capacity, then the answer."""
    s3.use(monkeypatch)
    with answering(503, 429, 200) as (endpoint, given):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        found = open_store("s3://bucket/x").get("y")
    assert found is not None
    assert found.data == b"fine"
    assert given == [503, 429, 200]


@pytest.mark.parametrize(
    ("status", "kind", "code", "says"),
    [(503, StoreUnavailable, 75, "answers 503"), (403, StoreRefused, 2, "forbidden")],
)
def test_what_does_not_pass(
    status: int,
    kind: type[Exception],
    code: int,
    says: str,
    s3: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Temporary or not is told by the exit code."""
    s3.use(monkeypatch)
    monkeypatch.setattr(store_s3, "_ATTEMPTS", 2)
    with answering(status) as (endpoint, given):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        with pytest.raises(kind, match=says) as raised:
            open_store("s3://bucket/x").get("y")
    assert raised.value.exit_code == code  # type: ignore[attr-defined]
    assert len(given) == (2 if code == 75 else 1)


def test_nobody_answers(s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network is temporary."""
    s3.use(monkeypatch)
    monkeypatch.setattr(store_s3, "_ATTEMPTS", 1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreUnavailable, match="cannot be reached") as raised:
        open_store("s3://bucket/x").get("y")
    assert raised.value.exit_code == 75


def test_a_race_that_s3_wants_repeated(s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """409 is no answer yet: whoever was faster decides."""
    from botocore.exceptions import ClientError

    s3.use(monkeypatch)
    store = open_store(s3.fresh_url())
    inner = store._put  # type: ignore[attr-defined]
    raced = []

    def racing(*arguments: object) -> str:
        if not raced:
            raced.append(True)
            answer = {"Error": {"Code": "ConditionalRequestConflict"}}
            raise ClientError(
                {**answer, "ResponseMetadata": {"HTTPStatusCode": 409}},  # type: ignore[arg-type]
                "PutObject",
            )
        tag: str = inner(*arguments)
        return tag

    monkeypatch.setattr(store, "_put", racing)
    store.put("x", b"1", if_absent=True)
    assert raced
    found = store.get("x")
    assert found is not None
    assert found.data == b"1"


def test_around_counts() -> None:
    """The store that other tests put around one passes every request on."""
    seen: list[tuple[str, str]] = []
    store = Around(MemoryStore(), lambda kind, name: seen.append((kind, name)))
    store.put("x", b"1")
    assert [found.name for found in store.list()] == ["x"]
    assert seen == [("put", "x"), ("list", "")]
