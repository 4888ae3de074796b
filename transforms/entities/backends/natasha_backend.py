"""natasha for Russian; comes with the extra `ru`."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Mapping
from typing import Any

from transforms.entities.backends.known import kind_of
from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import limits


@functools.cache
def installed() -> Mapping[str, str]:
    """`ru` to `natasha:<version>` where it is installed."""
    if importlib.util.find_spec("natasha") is None:
        return {}
    from importlib.metadata import version

    return {"ru": f"natasha:{version('natasha')}"}


def load(language: str) -> NatashaBackend:
    """The backend; ImportError where a library under it is missing."""
    from natasha import NewsEmbedding, NewsNERTagger

    return NatashaBackend(NewsNERTagger(NewsEmbedding()), installed()[language])


class NatashaBackend:
    """The news tagger of natasha."""

    def __init__(self, tagger: Any, method: str) -> None:
        self._tagger = tagger
        self._method = method

    def find(self, text: str, language: str) -> list[Mention]:
        """Persons, organizations and places."""
        return [
            Mention(
                span.start,
                span.stop,
                text[span.start : span.stop],
                kind,
                None,
                self._method,
                limits()["score"]["model"],
            )
            for span in self._tagger(text).spans
            if (kind := kind_of(span.type)) is not None
        ]
