"""Google Cloud Storage through its JSON API, with google-auth for who we are.

Credentials are Application Default Credentials: `GOOGLE_APPLICATION_CREDENTIALS`, gcloud's login,
or the machine's service account. `STORAGE_EMULATOR_HOST` names another endpoint, which is asked
without credentials.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import google.auth
import requests
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

from lake.store import Fetched, PutConflict, Stored, StoreRefused, StoreUnavailable

_ENDPOINT = "https://storage.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
_BATCH = 1_000  # objects that one request lists
_ATTEMPTS = 6
_BLOCK = 1 << 20
_TIMEOUT = (10, 60)  # seconds to connect, and between bytes
_TRY_AGAIN = (408, 429, 500, 502, 503, 504)


class GcsBucket:
    """A bucket below a prefix; see `lake.store.Store`. A tag is an object's generation."""

    def __init__(self, url: str, bucket: str, prefix: str) -> None:
        self.url = url
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        emulator = os.environ.get("STORAGE_EMULATOR_HOST")
        self._endpoint = (emulator or _ENDPOINT).rstrip("/")
        self._session: requests.Session = requests.Session() if emulator else _session(url)

    def list(self, prefix: str = "", *, at_most: int | None = None) -> Iterator[Stored]:
        """See `lake.store.Store`."""
        options: dict[str, Any] = {
            "prefix": self._prefix + prefix,
            "maxResults": min(at_most or _BATCH, _BATCH),
            "fields": "items(name,size,generation),nextPageToken",
        }
        left = at_most
        while True:
            page = self._ask("GET", self._objects(), params=options).json()
            for entry in page.get("items", ()):
                if left == 0:
                    return
                left = None if left is None else left - 1
                name = entry["name"][len(self._prefix) :]
                yield Stored(name, int(entry["size"]), str(entry["generation"]))
            if "nextPageToken" not in page or left == 0:
                return
            options["pageToken"] = page["nextPageToken"]

    def get(self, name: str) -> Fetched | None:
        """See `lake.store.Store`."""
        answer = self._ask("GET", self._object(name), params={"alt": "media"}, absent=True)
        if answer is None:
            return None
        headers = answer.headers
        tag = headers["x-goog-generation"]
        now = _parse(headers["Date"])
        if "Last-Modified" in headers:
            return Fetched(answer.content, tag, _parse(headers["Last-Modified"]), now)
        options = {"generation": tag, "fields": "updated"}
        told = self._ask("GET", self._object(name), params=options, absent=True)
        if told is None:  # replaced since
            return self.get(name)
        updated = dt.datetime.fromisoformat(told.json()["updated"])
        return Fetched(answer.content, tag, updated, now)

    def download(self, name: str, target: Path) -> bool:
        """See `lake.store.Store`."""
        options = {"alt": "media"}
        answer = self._ask("GET", self._object(name), params=options, absent=True, stream=True)
        if answer is None:
            return False
        try:
            with answer, open(target, "wb") as file:
                for block in answer.iter_content(_BLOCK):
                    file.write(block)
        except requests.RequestException as error:
            raise self._unreachable(error) from error
        return True

    def put(
        self, name: str, data: bytes | Path, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """See `lake.store.Store`."""
        options = {"uploadType": "media", "name": self._prefix + name}
        if if_absent or if_match is not None:
            options["ifGenerationMatch"] = "0" if if_match is None else if_match
        path = f"/upload/storage/v1/b/{quote(self._bucket, safe='')}/o"
        content = data if isinstance(data, bytes) else data.read_bytes()
        answer = self._ask("POST", path, params=options, data=content, conflict=name)
        return str(answer.json()["generation"])

    def delete(self, names: Sequence[str]) -> None:
        """See `lake.store.Store`."""
        for name in names:
            self._ask("DELETE", self._object(name), absent=True)

    def _objects(self) -> str:
        return f"/storage/v1/b/{quote(self._bucket, safe='')}/o"

    def _object(self, name: str) -> str:
        return f"{self._objects()}/{quote(self._prefix + name, safe='')}"

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        absent: bool = False,
        conflict: str | None = None,
        **more: Any,
    ) -> Any:
        """An answer of success; None for an object that is not there, if it may be `absent`.

        A 404 that tells of the bucket and one that tells of an object differ in their text only.
        """
        answer = self._try(method, path, params=params, **more)
        if answer.ok:
            return answer
        if conflict is not None and answer.status_code == 412:
            raise PutConflict(conflict)
        told = answer.text
        if answer.status_code == 404 and "bucket does not exist" not in told:
            if absent:
                return None
            if conflict is not None:
                raise PutConflict(conflict)
        raise self._explain(answer.status_code, told)

    def _try(self, method: str, path: str, **options: Any) -> requests.Response:
        for attempt in range(_ATTEMPTS):
            try:
                answer = self._session.request(
                    method, self._endpoint + path, timeout=_TIMEOUT, **options
                )
                if answer.status_code not in _TRY_AGAIN or attempt + 1 == _ATTEMPTS:
                    return answer
            except DefaultCredentialsError as error:
                raise _no_credentials(self.url, error) from error
            except (requests.ConnectionError, requests.Timeout, GoogleAuthError) as error:
                if attempt + 1 == _ATTEMPTS:
                    raise self._unreachable(error) from error
            time.sleep(0.2 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _unreachable(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(f"{self.url} cannot be reached: {error}; try again later")

    def _explain(self, status: int, told: str) -> Exception:
        """What, where, how to mend."""
        if status == 404:
            return StoreRefused(f"{self.url}: there is no bucket {self._bucket}; make it first")
        if status in (401, 403):
            return StoreRefused(
                f"{self.url}: forbidden ({status}); docs/object-stores.md lists the rights it needs"
            )
        if status in _TRY_AGAIN:
            return StoreUnavailable(f"{self.url} answers {status}; try again later")
        return StoreRefused(f"{self.url}: answer {status}: {told[:300]}")


def open_bucket(url: str, bucket: str, prefix: str) -> GcsBucket:
    """The bucket at an address; asks nothing of it yet.

    Raises:
        StoreRefused: there are no credentials.
    """
    return GcsBucket(url, bucket, prefix)


def _session(url: str) -> requests.Session:
    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
    except DefaultCredentialsError as error:
        raise _no_credentials(url, error) from error
    session: requests.Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return session


def _no_credentials(url: str, error: Exception) -> StoreRefused:
    return StoreRefused(
        f"{url}: no credentials ({error}); set GOOGLE_APPLICATION_CREDENTIALS, or "
        "`gcloud auth application-default login` (docs/object-stores.md)"
    )


def _parse(header: str) -> dt.datetime:
    return email.utils.parsedate_to_datetime(header).astimezone(dt.UTC)
