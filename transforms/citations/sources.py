"""What a text names that could be a source: known agencies, known outlets, names by their form."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.citations.lexicon import DATA, Lexicon
from transforms.citations.names import ANY, CREDITED, find_names
from transforms.entities.agencies import agency_by_name
from transforms.entities.fold import fold_name
from transforms.entities.inflection import name_forms
from transforms.spans import Spans

AGENCY = "agency:"
_BY_FORM = 0.75
# How sure a name of `names.py` is.
OTHER_NAME = 0.95
# Of each form; every name is then looked for in the whole text.
_MOST_INTRODUCED = 50
_BESIDE = 40
_LONGEST_ACRONYM = 5
# The first letters of capitalized words.
_WORD_OF_A_NAME = re.compile(r"(?<![^\W_])([A-Z])[\w’']+")
_OF_NEWS = re.compile(r"(?i:press|agen[ctz]|agên|news|nachricht|wire|telegra|notic|notíc|notiz)")
_NOUN_BEFORE = re.compile(r"(?:agence|agencia|agenzia|agência|агентств\w+|وكالة(?! فرانس)) ")
_NOUN_AFTER = re.compile(r" (?:news agency|agency|للأنباء)$")
_TIED_TO_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯЁ][^\W\d_A-ZÀ-ÖØ-ÞА-ЯЁ]+-$")
# « трансадриатического газопровода (TAP) »: the short form of what stands before.
_GLOSSED = re.compile(r"[^\W\d_A-ZÀ-ÖØ-ÞА-ЯЁ]{4,} \($")
_GLOSS_END = re.compile(r"\)(?! ?[-–—:：]|\s*(?:\n|\Z))")
_DASHED = re.compile(r"\) [–—] [^\W\d_A-ZÀ-ÖØ-ÞА-ЯЁ]")
_SURNAME_AFTER = re.compile(r" [A-ZÀ-ÖØ-ÞĞİŞ][a-zà-öø-ÿğış]+")
# At the start of a sentence, where any word has a capital.
_FIRST_NAME = re.compile(r"(?:^|[.!?\n»”\"] *)([A-Z][a-zà-öø-ÿ]+) $")
_TIED_BEFORE = re.compile(r"\w-$")
_TIED_AFTER = re.compile(r"-[^\W\d_A-ZÀ-ÖØ-ÞА-ЯЁ]| of [A-Z]")
# A capitalized word inside the sentence: `Ortiz Mena`, unless it says what the name is.
_LAST_WORD = re.compile(r"(?<=[^\W_,;:)»”\"'’.!?] )[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'-]*[^\W\d_A-ZÀ-ÖØ-ÞА-ЯЁ] $")


@dataclass(frozen=True, slots=True)
class Source:
    """A name in a text that may be credited; `text[start:end]` is the name, in code points.

    `score`: how sure it is that the name means this source. `kinds`: as what it may be cited.
    `certain`: it counts as named even where no word credits it; `is_agency`: a news agency that
    the gazetteer found.
    """

    start: int
    end: int
    agency: str
    score: float
    kinds: frozenset[str] = ANY
    certain: bool = True
    is_agency: bool = False


def find_sources(
    text: str, known: Iterable[Source], others: Sequence[tuple[int, int]], lexicon: Lexicon
) -> list[Source]:
    """The possible sources in `text`, in order, never overlapping.

    `known` are the agencies that the gazetteer found, `others` the spans that it holds for
    something else: no name by form is made of those. A name that its form has introduced once
    (« l'agence Cormoran ») is found everywhere in the text.
    """
    introduced = dict(_introduced(_without_han(text, others), Spans(sorted(others)), lexicon))
    known = without_other_meanings(text, [bare(text, one) for one in known])
    agencies = sorted(
        (
            replace(one, kinds=CREDITED, certain=False, is_agency=False)
            if not lexicon.homonyms.isdisjoint((one.agency, text[one.start : one.end]))
            else one
            for one in known
        ),
        key=lambda source: source.start,
    )
    named = [
        Source(name.start, name.end, name.agency, OTHER_NAME, name.kinds, certain)
        for name in find_names(text, lexicon.language)
        for certain in [name.certain or introduced.get(text[name.start : name.end], False)]
    ]
    spelt_out = {(one.end + len(" ("), one.agency) for one in agencies}
    chosen = longest(
        one
        for one in (*agencies, *named)
        if (one.start, one.agency) in spelt_out or stands_alone(text, one, lexicon)
    )
    by_form = _apart(_by_form(text, introduced), Spans.of(chosen), Spans(sorted(others)))
    return sorted((*chosen, *by_form), key=lambda source: source.start)


def bare(text: str, source: Source) -> Source:
    """The source without what is no part of its name: « агентство САНА », “Tasnim news agency”."""
    name = text[source.start : source.end]
    if name.startswith("لل") and agency_by_name(f"ال{name[2:]}") == source.agency:
        return replace(source, start=source.start + 2)
    noun = _NOUN_BEFORE.match(name)
    if noun is not None and agency_by_name(name[noun.end() :]) == source.agency:
        return replace(source, start=source.start + noun.end())
    noun = _NOUN_AFTER.search(name)
    if noun is not None and agency_by_name(name[: noun.start()]) == source.agency:
        return replace(source, end=source.start + noun.start())
    return source


def without_other_meanings(text: str, known: Sequence[Source]) -> list[Source]:
    """`known` without names that the text itself uses for something else."""
    names = {text[one.start : one.end] for one in known}
    elsewhere = {name for name in names if any(map(text.__contains__, _meanings().get(name, ())))}
    elsewhere |= {
        text[one.start : one.end]
        for one, before in zip(known, (None, *known), strict=False)
        if _is_short_for_another(text, one, before)
    }
    return [one for one in known if text[one.start : one.end] not in elsewhere]


def _is_short_for_another(text: str, source: Source, before: Source | None) -> bool:
    """« Armed Forces of the Philippines (AFP) »: the letters are those of other words before it."""
    name = text[source.start : source.end]
    if not (name.isupper() and name.isascii() and 2 < len(name) <= _LONGEST_ACRONYM):
        return False
    if text[source.start - 1 : source.start] != "(" or text[source.end : source.end + 1] != ")":
        return False
    if before is not None and before.agency == source.agency and source.start - before.end <= 2:
        return False
    spelt = text[max(0, source.start - _BESIDE * 2) : source.start - 1]
    words = _WORD_OF_A_NAME.findall(spelt)[-len(name) :]
    return "".join(words) == name and not _OF_NEWS.search(spelt)


@functools.cache
def _meanings() -> Mapping[str, Sequence[str]]:
    return tomllib.loads((DATA / "other_meanings.toml").read_text("utf-8"))


def stands_alone(text: str, source: Source, lexicon: Lexicon) -> bool:
    """Whether it is no part of another name; one that is a word too, nor a word in capitals."""
    before = text[max(0, source.start - _BESIDE) : source.start]
    after = text[source.end : source.end + _BESIDE]
    name = text[source.start : source.end]
    if name in lexicon.no_sources:
        return False
    if name.endswith("社") and after[:1] in ("区", "區", "会", "會", "保", "科"):
        return False
    if name in lexicon.persons and _LAST_WORD.search(before):
        return False
    if source.certain:
        return name.isupper() or not _TIED_TO_NAME.search(before)
    if name.istitle() and (source.agency in lexicon.homonyms or name in lexicon.homonyms):
        first = _FIRST_NAME.search(before)
        if _SURNAME_AFTER.match(after) or (first and first[1] not in lexicon.no_names):
            return False
    if _TIED_BEFORE.search(before) or _TIED_AFTER.match(after):
        return False
    if _GLOSSED.search(before):
        in_dateline = source.start <= _BESIDE or "\n" in before
        if _GLOSS_END.match(after) or (not in_dateline and _DASHED.match(after)):
            return False
    if name.isupper():
        around = (before.rpartition("\n")[2], after.partition("\n")[0])
        return not " ".join(around).isupper()
    last = _LAST_WORD.search(before)
    return last is None or lexicon.source_nouns.search(last[0]) is not None


def source_slug(name: str) -> str:
    """The id of a source that no table knows: its name, folded, words joined by `-`."""
    if _IS_HOST.fullmatch(name):
        return name.lower()
    return fold_name(name).replace(" ", "-")


def _introduced(text: str, places: Spans, lexicon: Lexicon) -> Iterator[tuple[str, bool]]:
    """Names with the form of a source, and whether the form leaves no doubt; the surest last."""
    for introduction in sorted(lexicon.introductions, key=lambda one: one.certain):
        if introduction.needed.search(text) is None:
            continue
        for found in itertools.islice(introduction.pattern.finditer(text), _MOST_INTRODUCED):
            foreign = found.groupdict().get("nationality")
            name = found["name"].strip()
            if (not foreign or places.meet(*found.span("nationality"))) and _is_name(name, lexicon):
                yield name, introduction.certain


def _is_name(name: str, lexicon: Lexicon) -> bool:
    """Not only the article of a noun, nor with an adjective (« The English-language daily »)."""
    first, *rest = name.split()
    return first not in lexicon.no_names or bool(
        rest and not lexicon.no_names_ends.fullmatch(rest[0])
    )


def _without_han(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The text with places in Chinese blotted out: no space parts them from the name after them."""
    pieces, done = [], 0
    for start, end in sorted(places):
        if _IS_HAN.match(text, start):
            pieces += [text[done:start], " " * (end - start)]
            done = end
    return "".join((*pieces, text[done:]))


def _by_form(text: str, introduced: Mapping[str, bool]) -> Iterator[Source]:
    forms = {form: name for name in introduced for form in _forms(name)}
    if not forms:
        return
    longest_first = "|".join(map(_bounded, sorted(forms, key=len, reverse=True)))
    for found in re.finditer(longest_first, text):
        name = forms[found[0]]
        slug = source_slug(name)
        certain = introduced[name]
        if slug:
            kinds = ANY if certain else CREDITED
            yield Source(found.start(), found.end(), slug, _BY_FORM, kinds, certain)


def _forms(name: str) -> Iterator[str]:
    yield name
    if name[:1].isupper():
        yield from (form.title() for form in name_forms(name, "ru") if form != name.lower())


def _bounded(name: str) -> str:
    if _IS_HOST.fullmatch(name):  # not as a part of an address, which credits nobody
        return rf"(?<![\w/@.-]){re.escape(name)}(?![\w/@-])"
    return re.escape(name) if _IS_HAN.match(name) else rf"(?<!\w){re.escape(name)}(?!\w)"


_IS_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}", re.IGNORECASE)
_IS_HAN = re.compile("[\u4e00-\u9fff]")


def longest(sources: Iterable[Source]) -> list[Source]:
    """Of those that overlap the one that starts first, then the longest, then the first given."""
    chosen: list[Source] = []
    for source in sorted(sources, key=lambda one: (one.start, -one.end)):
        if not chosen or source.start >= chosen[-1].end:
            chosen.append(source)
    return chosen


def _apart(sources: Iterable[Source], *taken: Spans) -> list[Source]:
    return [s for s in sources if not any(spans.meet(s.start, s.end) for spans in taken)]
