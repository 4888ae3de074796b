"""Why one of two texts is held to be the later one, told from outside of both."""

from __future__ import annotations

from typing import Final

# By `direction_reason` of a link.
WHY: Final = {
    "credit": "the later one names the earlier one’s outlet",
    "time": "their claimed times are further apart than either may be wrong",
    "shape": "the text stands within a longer piece, or calls itself a correction",
    "contradiction": "credit and claimed times contradict each other",
    "times overlap": "the claimed times are too close to tell",
    "no time": "one of them claims no time",
    "revised": "one of them was revised, and does not say when",
}
# By `direction`: how sure that is.
CERTAIN: Final = {
    "asserted": "Direction asserted", "likely": "Direction likely", "unknown": "Direction unknown",
}  # fmt: skip
# By `kind` of a link.
KINDS: Final = {
    "resend": "the same text, sent again",
    "reprint": "a reprint: four fifths of both texts are the same",
    "embedded": "most of the shorter text stands within the other",
    "excerpt": "a passage of one stands in the other",
    "updates": "another state of the same outlet’s report",
    "form": "the same form, filled with other data",
}
