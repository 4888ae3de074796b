"""`rejects`: what could not be processed, with the original bytes, so that it can be replayed.

The same failure met again (same address, reason and bytes) is counted by its run's ledger and has
no second row, until a replay has taken the first one up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

# Closed lists: a reason is a promise to whoever filters on it, so it is never a class name.
STAGES = ("read", "parse", "normalize", "identify", "tag", "write")
REASONS = {
    "not_found": "The source does not exist, or the glob matches nothing.",
    "permission_denied": "The operating system refused to open it.",
    "not_regular": "A FIFO, socket, device or broken or escaping link, not a file.",
    "io_error": "The operating system failed while reading.",
    "too_large": "Larger than the limit for one container or one record.",
    "changed_while_reading": "The file was written to while it was read.",
    "decompression_failed": "Packed bytes are damaged, or unpack beyond the limit.",
    "encrypted": "A member of an archive that a password locks.",
    "unsafe_name": "A member of an archive with an absolute name, or one with `..`.",
    "duplicate_name": "A member of an archive whose name an earlier one has.",
    "overlapping_member": "A member of an archive whose bytes another one uses too.",
    "bad_attribute": "A Pub/Sub message with an `outlet` or a `source_uri` that cannot be stored.",
    "unknown_format": "No reader recognizes the content.",
    "binary": "The content is not text in any encoding.",
    "malformed": "The reader of that format cannot make sense of it.",
    "too_deep": "Nested deeper than the limit.",
    "no_items": "A well-formed container without any item.",
    "no_article": "An HTML page without the text of an article.",
    "empty": "The item has neither headline nor text.",
    "undecodable": "The text cannot be decoded, or holds no valid characters.",
    "timeout": "Parsing took longer than its deadline; the child was killed.",
    "out_of_memory": "Parsing needed more memory than its limit.",
    "parser_crashed": "The parsing child died.",
    "bad_url": "No address that is fetched: not http(s), no host, a password in it.",
    "denied_address": "The host is an address of this machine, an inner or a reserved network.",
    "no_credential": "The secret that a feed's `credential` names is not set.",
    "dns_failed": "The name of the host does not resolve.",
    "connect_failed": "The host does not accept connections.",
    "tls_failed": "No TLS with a certificate that is trusted.",
    "too_slow": "The host did not answer in time, or slower than the minimum rate.",
    "bad_redirect": "A redirect in a circle, to no web address, or after too many others.",
    "http_status": "The host answered with a status that is no success.",
    "bad_response": "The answer breaks HTTP, or is none to what was asked.",
    "truncated": "The answer ended before its announced length.",
    "no_feed": "A feed's address answered with a page or plain text.",
    "robots_denied": "The host's robots.txt asks not to fetch this page.",
    "robots_unreachable": "The host's robots.txt could not be read, so no page of it was asked.",
    "paywalled": "A fetched page that shows a part of its article only, the rest to subscribers.",
    "consent_page": "A fetched page that asks for consent or a log-in in place of the article.",
    "other_article": "A fetched page that says nothing of what its feed's entry is about.",
    "forgotten": "A tombstone keeps it out (`wiretrace forget`); no bytes are kept.",
    "unexpected": "A fault of wiretrace itself; please report it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One delivery, or one container, that could not be processed."""

    stage: A[str, C("Where it failed: " + ", ".join(STAGES) + ".", "DESIGN §1")]
    reason: A[str, C("Why, from a closed list.", "docs/schema.md")]
    message: A[str, C("What, where, and how to mend it, for people.", "DESIGN §1")]
    source_uri: A[str, C("Container, then `!member`, then `#n`.", "DESIGN §3")]
    raw: A[bytes | None, C("The original bytes, up to 1 MiB.", "DESIGN §3")] = None
    raw_uri: A[str | None, C("Where larger bytes are kept in the lake.", "DESIGN §3")] = None
    raw_sha256: A[str | None, C("SHA-256 of the original bytes.", "FIPS 180-4")] = None
    seen_at: A[dt.datetime, C("When it was seen.", "DESIGN §3")]
    run_id: A[str, C("The run that rejected it.", "DESIGN §3")]
    outlet: A[str | None, C("Outlet the run was told (`--outlet`), for replay.", "DESIGN §4.1")] = (
        None
    )
    month: A[str, C("Month of the run, YYYY-MM.", "DESIGN §3")]


REJECTS = Table(
    name="rejects",
    row=Reject,
    version=1,
    partition_by=("month",),
    sort_by=("source_uri", "stage", "reason"),
)
