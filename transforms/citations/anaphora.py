"""Words that stand for an agency named before: « la même source », “the agency said”.

One candidate must be near (in the same paragraph or the one before), or nothing is claimed. Where
the words say the agency's country (« l'agence russe »), agencies of others are no candidates.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from transforms.citations.find import Crediting
from transforms.citations.lexicon import Lexicon
from transforms.citations.sources import Source
from transforms.entities.lexicon import read_named

REFERRED = 0.5
_MOST = 100
_COUNTRY = "iso3166:"
_OPENS_A_NAME = re.compile(r",? ?[«„“\"]? ?[^\W\d_a-zß-öø-ÿа-яё\u0600-\u06ff\u4e00-\u9fff]")


def find_anaphora(
    text: str,
    named: Sequence[Crediting],
    places: Sequence[tuple[int, str]],
    lexicon: Lexicon,
) -> list[Crediting]:
    """Attributions to agencies of `named` by words that stand for them.

    `places` are (offset, entity id): where the text names countries.
    """
    credited = [one for one in named if one.kind != "mention"]
    if not credited or not any(map(text.__contains__, lexicon.anaphora_needs)):
        return []
    countries = [(at, place) for at, place in places if place.startswith(_COUNTRY)]
    plain = text.replace("’", "'")
    found = []
    for pattern in lexicon.anaphora:
        for hit in itertools.islice(pattern.finditer(plain), _MOST):
            start, end = hit.span()
            country = next((place for at, place in countries if start <= at < end), None)
            if country is None and hit.groupdict().get("nationality"):
                end = hit.start("nationality") - 1
            if any(start < one.source.end and one.source.start <= end + 2 for one in named):
                continue  # « l'agence russe, Tass »: the name itself stands there
            if _OPENS_A_NAME.match(plain, end):
                continue  # « l'agence russe Cormoran »: somebody else
            agency = _antecedent(text, start, credited, country)
            if agency is not None:
                source = Source(start, end, agency, REFERRED)
                found.append(Crediting(source, "attribution", start, end, REFERRED))
    return found


def _antecedent(
    text: str, start: int, credited: Sequence[Crediting], country: str | None
) -> str | None:
    """The only agency credited in this paragraph or the one before, and before `start`."""
    paragraph = text.rfind("\n", 0, start)
    before = text[: max(paragraph, 0)].rstrip("\n")
    since = before.rfind("\n") if paragraph >= 0 else 0
    near = {one.source.agency for one in credited if since <= one.source.start < start}
    if country is not None:
        near = {agency for agency in near if _country(agency) in (None, country)}
    return near.pop() if len(near) == 1 else None


def _country(agency: str) -> str | None:
    """`iso3166:RU`, where the agency table says."""
    return _countries().get(agency)


@functools.cache
def _countries() -> dict[str, str]:
    rows = read_named("agencies.toml", "agency")
    return {row["id"]: f"{_COUNTRY}{row['country']}" for row in rows}
