"""The metrics that `--metrics FILE` writes, each with its sentence.

One list for the writer (`pipeline/metrics.py`), the page docs/metrics.md, the dashboard and the
alert rules in deploy/.
"""

from __future__ import annotations

from typing import Final

PREFIX: Final = "wiretrace_"
WATCH: Final = {
    "last_round_timestamp_seconds": "End of the last round.",
    "last_success_timestamp_seconds": "End of the last round without a problem.",
    "last_new_item_timestamp_seconds": "When a feed last had something new.",
    "feeds": "Feeds of the list.",
    "feeds_failing": "Feeds whose last request failed.",
    "feeds_retired": "Feeds that are gone for good.",
    "feed_lag_seconds": "How long the feed that waits longest has been due.",
    "dropped_files_left": "Complete files that wait for the next round.",
}
STREAM: Final = {
    "stream_up": "1 while the engine says that the stream runs.",
    "stream_watermark_timestamp_seconds": "End of the newest committed window.",
    "stream_lag_seconds": "How long ago that was.",
    "stream_windows": "Windows since the stream began, also those that held nothing.",
    "stream_repeated_arrivals": "What the engine sent again, and was left out.",
}
COUNTERS: Final = {
    "items_total": "Items by outcome.",
    "runs_total": "Committed runs.",
}
