"""Statistical models for `--entities best`: one small interface, and which of them are installed.

A model is loaded when a text of its language first comes, once per process. Where there is none for
a language, the rules stand alone.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from transforms.entities.backends import natasha_backend, spacy_backend
from transforms.entities.gazetteer import Mention

# A model's cost is linear, but a hundred times that of the rules.
LONGEST_TEXT = 20_000
_LOADING = threading.Lock()


class Backend(Protocol):
    """Finds persons, organizations and places in a text of one language."""

    def find(self, text: str, language: str) -> list[Mention]:
        """The model's mentions in order, `entity_id` None; may raise whatever the model raises."""


def installed() -> Mapping[str, str]:
    """Language to the name of its model and version, of what is installed; loads none."""
    return {**spacy_backend.installed(), **natasha_backend.installed()}


def find_by_model(text: str, language: str) -> list[Mention]:
    """What the language's model finds in the first `LONGEST_TEXT` characters; [] without one."""
    text = text[:LONGEST_TEXT]
    if language not in installed() or not text.strip():  # natasha raises on blank text
        return []
    with _LOADING:
        backend = _load(language)
    return backend.find(text, language)


@functools.cache
def _load(language: str) -> Backend:
    loaders: tuple[tuple[Mapping[str, str], Callable[[str], Backend]], ...] = (
        (natasha_backend.installed(), natasha_backend.load),
        (spacy_backend.installed(), spacy_backend.load),
    )
    return next(load(language) for languages, load in loaders if language in languages)
