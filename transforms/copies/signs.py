"""How agencies and their editors sign: `AFP`, `dpa/lni`, `avec Reuters`, `Reuters, Jane Doe`."""

from __future__ import annotations

import functools
import re
from typing import Final

from transforms.copies.phrases import CREDITING, DATA, WITH
from transforms.entities.agencies import agency_by_name

LONGEST_SIGN: Final = 80
_TAGS: Final = frozenset(DATA["tags"])
_LONGEST_FIRST_NAME: Final = 3
INITIALS: Final = re.compile(r"[a-z]{2,4}(?:[/-][a-z]{2,4}){0,5}/?")
_BETWEEN_SIGNS: Final = re.compile(r"\s*[/,;&+|–—-]\s*| (?:and|et|und|y|e|и|و) ")


@functools.lru_cache(maxsize=4096)
def names_agency(sign: str) -> bool:
    """Whether agencies sign so: `AFP`, `dpa/lni`, `avec Reuters`, `Reuters, Jane Doe`."""
    return any(map(_is_agency, [sign, *_signers(sign)]))


def is_signature(sign: str) -> bool:
    """Whether it is nothing but agencies' signs and initials: `dpa abc`, `AFP, Reuters`."""
    signers = _signers(sign)
    return any(map(_is_signer, signers)) and all(
        _is_signer(one) or one.casefold() in CREDITING or all(map(_is_initials, one.split()))
        for one in signers
    )


def _is_signer(sign: str) -> bool:
    if len(sign) <= _LONGEST_FIRST_NAME and sign.istitle():  # « Sid » is a man, SID an agency
        return False
    first, *others = sign.split() or [""]
    return _is_agency(sign) or (_is_agency(first) and all(map(_is_initials, others)))


def _is_initials(word: str) -> bool:
    return INITIALS.fullmatch(word) is not None


def _signers(sign: str) -> list[str]:
    found = WITH.match(sign)
    return _BETWEEN_SIGNS.split(sign[found.end() if found else 0 :].strip(" .…*_"))


@functools.lru_cache(maxsize=4096)
def _is_agency(sign: str) -> bool:
    return sign.casefold() in _TAGS or agency_by_name(sign) is not None
