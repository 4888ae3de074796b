"""A story as JSON: all that `wiretrace story --json` prints, every text as it is."""

from __future__ import annotations

from dataclasses import asdict

from tracing.json_text import json_text
from tracing.story_model import Story


def story_json(story: Story) -> str:
    """One line; `tracing/story_model.py` says what each field is."""
    return json_text(asdict(story)) + "\n"
