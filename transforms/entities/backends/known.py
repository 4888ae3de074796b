"""Which models there are, by `models.toml`: what is installed, what is missing, how to get it."""

from __future__ import annotations

import functools
import importlib.util
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Model:
    """The model of a language; `installed` is its mentions' method, None where it is missing."""

    language: str
    name: str
    licence: str
    installed: str | None
    get: str


def list_models(installed: Mapping[str, str]) -> list[Model]:
    """One model for each language that has one, by language.

    `installed` is language to method; what is installed stands in place of what we would name.
    """
    known = _table()["models"]
    models = []
    for language in sorted(known.keys() | installed.keys()):
        named = known.get(language, {"name": "", "licence": "", "extra": None})
        method = installed.get(language)
        name = method.partition(":")[2].rpartition("-")[0] if method else named["name"]
        ours = not name or name == named["name"]
        models.append(
            Model(
                language,
                name or named["name"],
                named["licence"] if ours else "",
                method,
                "" if method else _how_to_get(named),
            )
        )
    return models


def kind_of(label: str) -> str | None:
    """`person`, `organization` or `place` by a model's own label; None for anything else."""
    return _kinds().get(label)


def our_code(language: str) -> str:
    """A model's language as articles have it."""
    return str(_table()["same"].get(language, language))


def _how_to_get(model: Mapping[str, Any]) -> str:
    if "extra" in model:
        return f"pip install 'wiretrace[{model['extra']}]'"
    download = f"python -m spacy download {model['name']}"
    if importlib.util.find_spec("spacy") is not None:
        return download
    return f"pip install 'spacy{_table()['spacy']}' && {download}"


@functools.cache
def _kinds() -> dict[str, str]:
    return {label: kind for kind, labels in _table()["kinds"].items() for label in labels}


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "models.toml").read_text("utf-8"))
