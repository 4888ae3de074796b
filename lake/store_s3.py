"""S3 and what speaks its language (MinIO, R2 …), through boto3.

Credentials, region and endpoint come from where every AWS tool takes them: environment, files, the
machine's role; `AWS_ENDPOINT_URL` names another endpoint than Amazon's.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from lake.store import Fetched, PutConflict, Stored, StoreRefused, StoreUnavailable

_BATCH = 1_000  # objects that one request lists or deletes
_ATTEMPTS = 6
_BLOCK = 1 << 20
# Two conditional puts at once: S3 asks the loser to try again.
_RACED = 409
_ABSENT = ("NoSuchKey", "404")
_MISCONFIGURED = (NoCredentialsError, PartialCredentialsError, NoRegionError, ProfileNotFound)


class S3Bucket:
    """A bucket below a prefix; see `lake.store.Store`."""

    def __init__(self, url: str, bucket: str, prefix: str) -> None:
        self.url = url
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        with self._told():
            self._client: Any = boto3.session.Session().client(
                "s3",
                config=Config(
                    connect_timeout=10,
                    read_timeout=60,
                    max_pool_connections=16,
                    retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
                ),
            )

    def list(self, prefix: str = "", *, at_most: int | None = None) -> Iterator[Stored]:
        """See `lake.store.Store`."""
        options: dict[str, Any] = {"Bucket": self._bucket, "Prefix": self._prefix + prefix}
        options["MaxKeys"] = min(at_most or _BATCH, _BATCH)
        left = at_most
        while True:
            with self._told():
                page = self._client.list_objects_v2(**options)
            for entry in page.get("Contents", ()):
                if left == 0:
                    return
                left = None if left is None else left - 1
                name = entry["Key"][len(self._prefix) :]
                yield Stored(name, entry["Size"], entry["ETag"])
            if not page["IsTruncated"] or left == 0:
                return
            options["ContinuationToken"] = page["NextContinuationToken"]

    def get(self, name: str) -> Fetched | None:
        """See `lake.store.Store`."""
        answer = self._open(name)
        if answer is None:
            return None
        with self._told():
            data = answer["Body"].read()
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        now = email.utils.parsedate_to_datetime(headers["date"])
        return Fetched(data, answer["ETag"], answer["LastModified"].astimezone(dt.UTC), now)

    def download(self, name: str, target: Path) -> bool:
        """See `lake.store.Store`."""
        answer = self._open(name)
        if answer is None:
            return False
        with self._told(), open(target, "wb") as file:
            for block in answer["Body"].iter_chunks(_BLOCK):
                file.write(block)
        return True

    def put(
        self, name: str, data: bytes | Path, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """See `lake.store.Store`."""
        condition = {"IfNoneMatch": "*"} if if_absent else {}
        if if_match is not None:
            condition = {"IfMatch": if_match}
        for attempt in range(_ATTEMPTS):
            try:
                return self._put(name, data, condition)
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if condition and status == _RACED and attempt + 1 < _ATTEMPTS:
                    time.sleep(0.1 * 2**attempt)
                elif condition and (status in (_RACED, 412) or _code(error) in _ABSENT):
                    raise PutConflict(name) from error
                else:
                    raise self._explain(error) from error
        raise AssertionError("the last attempt returns or raises")

    def delete(self, names: Sequence[str]) -> None:
        """See `lake.store.Store`."""
        for start in range(0, len(names), _BATCH):
            keys = [{"Key": self._prefix + name} for name in names[start : start + _BATCH]]
            with self._told():
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True}
                )
            for failed in answer.get("Errors", ()):
                raise StoreRefused(
                    f"{self.url}: cannot delete {failed['Key']} ({failed['Code']}); "
                    "s3:DeleteObject is needed"
                )

    def _put(self, name: str, data: bytes | Path, condition: dict[str, str]) -> str:
        key = self._prefix + name
        try:
            if isinstance(data, bytes):
                answer = self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=data, **condition
                )
            else:
                with open(data, "rb") as file:
                    answer = self._client.put_object(
                        Bucket=self._bucket, Key=key, Body=file, **condition
                    )
        except BotoCoreError as error:
            raise self._explain(error) from error
        tag: str = answer["ETag"]
        return tag

    def _open(self, name: str) -> Any:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise self._explain(error) from error
        except BotoCoreError as error:
            raise self._explain(error) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise self._explain(error) from error

    def _explain(self, error: Exception) -> Exception:
        """What, where, how to mend."""
        if isinstance(error, _MISCONFIGURED):
            return StoreRefused(
                f"{self.url}: {error}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                "or AWS_PROFILE (docs/object-stores.md)"
            )
        if not isinstance(error, ClientError):
            return StoreUnavailable(f"{self.url} cannot be reached: {error}; try again later")
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code = _code(error)
        if code == "NoSuchBucket":
            return StoreRefused(f"{self.url}: there is no bucket {self._bucket}; make it first")
        if status in (401, 403):
            return StoreRefused(
                f"{self.url}: forbidden ({code}); docs/object-stores.md lists the rights it needs"
            )
        if status == 429 or status >= 500:
            return StoreUnavailable(f"{self.url} answers {status} ({code}); try again later")
        return StoreRefused(f"{self.url}: {error}")


def open_bucket(url: str, bucket: str, prefix: str) -> S3Bucket:
    """The bucket at an address; asks nothing of the network.

    Raises:
        StoreRefused: the configuration names a profile that is not there.
    """
    return S3Bucket(url, bucket, prefix)


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))
