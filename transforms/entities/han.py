"""Chinese names by rule: transcribed persons, places by their suffix, organizations at a place."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import DATA
from transforms.entities.person_names import plain_id

_PERSON, _PLACE, _LOCAL, _ORGANIZATION = (
    ("dotted", 0.75),
    ("place", 0.7),
    ("place", 0.6),
    ("phrase", 0.6),
)
_HAN = "\u3400-\u9fff"
# A space between words; in a text cut into words at least every twelfth sign is one.
_CUT = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_MOST_TO_A_SPACE = 12
_LONGEST_SUFFIX = 6
_LONGEST_ORGANIZATION = 12


@dataclass(frozen=True, slots=True)
class _Patterns:
    dotted: re.Pattern[str]
    foreign_place: re.Pattern[str]
    local: re.Pattern[str]
    suffix: re.Pattern[str]
    same: frozenset[str]
    no_names: frozenset[str]
    organization: re.Pattern[str]


def find_han_names(text: str, known: Sequence[Mention]) -> list[Mention]:
    """Names in a Chinese text that `known` does not hold, or holds only a part of."""
    patterns = _patterns()
    found = [
        _mention(text, one.start(), one.end(), "person", _PERSON)
        for one in patterns.dotted.finditer(text)
    ]
    for mention in known:
        if mention.kind == "place" and mention.method != "gazetteer:demonym":
            longer = _longer(text, mention, patterns)
            if longer is not None:
                found.append(longer)
    for one in patterns.foreign_place.finditer(text):
        found.append(_mention(text, one.start(), one.end(), "place", _PLACE))
    for one in patterns.local.finditer(text):
        if one[1] in patterns.no_names:
            continue
        found.append(_mention(text, one.start(1), one.end(1), "place", _LOCAL))
    return _outermost(found, known)


def join_words(text: str) -> tuple[str, list[int]] | None:
    """A Chinese text that was cut into words, put together again, and where each sign stood.

    None for any other: few of its Han characters have a space between them.
    """
    spaces = [found.start() for found in _CUT.finditer(text)]
    if len(spaces) * _MOST_TO_A_SPACE < len(text):
        return None
    dropped = frozenset(spaces)
    origin = [place for place in range(len(text)) if place not in dropped]
    return "".join(text[place] for place in origin), origin


def _longer(text: str, mention: Mention, patterns: _Patterns) -> Mention | None:
    """A known place with what makes it a longer name: 山东省, 北京大学, 桂林路."""
    end = min(len(text), mention.end + _LONGEST_ORGANIZATION)
    organization = patterns.organization.match(text, mention.end, end)
    if organization is not None:
        return _mention(text, mention.start, organization.end(), "organization", _ORGANIZATION)
    suffix = patterns.suffix.match(text, mention.end, mention.end + _LONGEST_SUFFIX)
    if suffix is None or suffix[0] == text[mention.end - 1]:
        return None
    longer = _mention(text, mention.start, suffix.end(), "place", _PLACE)
    if suffix[0] in patterns.same:
        return replace(
            longer, entity_id=mention.entity_id, method=mention.method, score=mention.score
        )
    return longer


def _mention(text: str, start: int, end: int, kind: str, rule: tuple[str, float]) -> Mention:
    surface = text[start:end]
    entity_id = None if kind == "place" else plain_id(surface)
    return Mention(start, end, surface, kind, entity_id, f"rule:{rule[0]}", rule[1])


def _outermost(found: list[Mention], known: Sequence[Mention]) -> list[Mention]:
    """The longest of what overlaps; nothing that cuts a name of the gazetteer in two."""
    fixed = [one for one in known if one.kind != "place" and one.method != "gazetteer:name"]
    chosen: list[Mention] = []
    same = frozenset((one.start, one.end) for one in known if one.entity_id)
    borders = sorted({place for one in known for place in range(one.start + 1, one.end)})
    inner = frozenset(borders)
    held = frozenset(place for one in fixed for place in range(one.start, one.end))
    for mention in sorted(found, key=lambda one: (one.start, -one.end)):
        if mention.start in inner or mention.end in inner or mention.start in held:
            continue
        if (mention.start, mention.end) in same:
            continue
        if chosen and mention.start < chosen[-1].end:
            continue
        chosen.append(mention)
    return chosen


@functools.cache
def _patterns() -> _Patterns:
    words = tomllib.loads((DATA / "names" / "zh.toml").read_text("utf-8"))
    foreign, dots, never = words["foreign"], words["dots"], words["never"]
    dotted = foreign + words["foreign_beside_dot"]
    places = _any(words["same"] + words["part"])
    end = f"(?![{words['goes_on']}])"
    plain = rf"(?:(?![{never}])[{_HAN}])"
    return _Patterns(
        dotted=re.compile(rf"[{dotted}]{{1,8}}(?:[{dots}][{dotted}]{{1,8}}){{1,3}}"),
        foreign_place=re.compile(rf"[{foreign}]{{2,8}}(?:-[{foreign}]{{2,8}})?{places}{end}"),
        local=re.compile(rf"(?:{_any(words['before'])})({plain}{{2,3}}{_any(words['local'])})"),
        suffix=re.compile(places + end),
        same=frozenset(words["same"]),
        no_names=frozenset(words["no_names"]),
        organization=re.compile(
            rf"(?!{_any(words['kinds_of_firms'])}){plain}{{0,6}}?{_any(words['organizations'])}"
        ),
    )


def _any(alternatives: Sequence[str]) -> str:
    return f"(?:{'|'.join(sorted(alternatives, key=len, reverse=True))})"
