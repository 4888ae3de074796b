"""A store in memory whose clock the test sets; and stores around it that die, pause or lie."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lake.store import Fetched, PutConflict, Store, Stored


class MemoryStore:
    """See `lake.store.Store`; tests of the real ones hold it against them."""

    def __init__(self, url: str = "s3://memory/lake") -> None:
        self.url = url
        self.now = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
        self.objects: dict[str, tuple[bytes, str, dt.datetime]] = {}
        self._lock = threading.Lock()

    def list(self, prefix: str = "", *, at_most: int | None = None) -> Iterator[Stored]:
        with self._lock:
            found = sorted(name for name in self.objects if name.startswith(prefix))[:at_most]
            listed = [Stored(n, len(self.objects[n][0]), self.objects[n][1]) for n in found]
        yield from listed

    def get(self, name: str) -> Fetched | None:
        with self._lock:
            if name not in self.objects:
                return None
            data, tag, modified = self.objects[name]
            return Fetched(data, tag, modified, self.now)

    def download(self, name: str, target: Path) -> bool:
        found = self.get(name)
        if found is not None:
            target.write_bytes(found.data)
        return found is not None

    def put(
        self, name: str, data: bytes | Path, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        content = data if isinstance(data, bytes) else data.read_bytes()
        with self._lock:
            there = self.objects.get(name)
            if (if_absent and there) or (if_match and (there is None or there[1] != if_match)):
                raise PutConflict(name)
            tag = uuid.uuid4().hex
            self.objects[name] = (content, tag, self.now)
            return tag

    def delete(self, names: Sequence[str]) -> None:
        with self._lock:
            for name in names:
                self.objects.pop(name, None)

    def pass_time(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


class Around:
    """A store that tells `before` and `after` of each request: its kind and name."""

    def __init__(
        self,
        inner: Store,
        before: Callable[[str, str], None] = lambda kind, name: None,
        after: Callable[[str, str], None] = lambda kind, name: None,
    ) -> None:
        self.inner, self.before, self.after = inner, before, after

    @property
    def url(self) -> str:
        return self.inner.url

    def list(self, prefix: str = "", *, at_most: int | None = None) -> Iterator[Stored]:
        self.before("list", prefix)
        found = list(self.inner.list(prefix, at_most=at_most))
        self.after("list", prefix)
        return iter(found)

    def get(self, name: str) -> Fetched | None:
        self.before("get", name)
        found = self.inner.get(name)
        self.after("get", name)
        return found

    def download(self, name: str, target: Path) -> bool:
        self.before("download", name)
        found = self.inner.download(name, target)
        self.after("download", name)
        return found

    def put(
        self, name: str, data: bytes | Path, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        self.before("put", name)
        tag = self.inner.put(name, data, if_absent=if_absent, if_match=if_match)
        self.after("put", name)
        return tag

    def delete(self, names: Sequence[str]) -> None:
        self.before("delete", names[0] if names else "")
        self.inner.delete(names)
        self.after("delete", names[0] if names else "")
