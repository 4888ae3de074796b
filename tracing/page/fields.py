"""What fields of an article are called on a page."""

from __future__ import annotations

from typing import Final

FIELDS: Final = {
    "headline": "Headline",
    "description_text": "Summary",
    "body_text": "Text",
    "dateline": "Dateline",
    "byline": "Byline",
    "creditline": "Credit line",
    "ednote": "Note to editors",
    "provenance": "Sources stated beside the text",
}
