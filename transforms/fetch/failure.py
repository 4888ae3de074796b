"""`FetchFailed`: one attempt to fetch that brought nothing."""

from __future__ import annotations

from transforms.urls import redact_text


class FetchFailed(Exception):
    """Why an attempt failed; `reason` is a key of `schemas.reject.REASONS`.

    `message` says what and how to mend it. `status` is HTTP's, `retry_after` the header as
    received. The fetcher adds `url`, which failed, and `permanent_url`, where redirects that hold
    for good had led before.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        status: int | None = None,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = redact_text(message)
        self.status = status
        self.retry_after = retry_after
        self.permanent_url: str | None = None
        self.url: str | None = None

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"
