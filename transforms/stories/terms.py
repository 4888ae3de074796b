"""`Terms`: the words of an article, weighed, for comparison within its language.

Vectors are tf-idf of unit length: 1 + ln of the count, times what the word weighs in its language
(`term_weights`). Of a text only its beginning counts: what it reports stands there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from transforms.copies.words import find_words, has_unspaced
from transforms.stories.bulletin import bulletin_of
from transforms.stories.item import Item, Named, Stated
from transforms.stories.simplified import simplified
from transforms.stories.term_weights import bigram_weight, stem, terms_of, weight

# Words that are read, and terms that are kept, the heaviest.
HEADLINE_WORDS: Final = 40
LEAD_WORDS: Final = 60
BODY_WORDS: Final = 400
OPENING_TERMS: Final = 80
BODY_TERMS: Final = 120
NAMES: Final = 30
NUMBERS: Final = 20
QUOTES: Final = 10
# Characters that hold so many words; the rest is not looked at.
CHARACTERS_A_WORD: Final = 20
# Of the weight of two words (geometric mean), what their phrase has beside them in an opening:
# headlines that share a phrase are of one story more often than those that share words.
OF_PHRASE: Final = 0.5
# A name that only its looks make one counts half.
GUESSES: Final = frozenset({"rule:phrase", "rule:shape"})
OF_A_GUESS: Final = 0.5
# A name weighs the sum of its words, at most this.
MOST_OF_A_NAME: Final = 12.0
DECIMALS: Final = 4
# Counts of facts that say how grave an event was.
TOLLS: Final = frozenset({"killed", "injured", "missing"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What of an article is compared within its language.

    `opening`, `body`: term to weight, unit length. The opening is the headline, where there is none
    the standfirst or the body's beginning; `body` is of all texts together, empty where there is
    nothing but a headline. `names`: of entities, to what they weigh (sum of their words, 0 to 12).
    `numbers`: value and unit, to the digits that make it telling. `quotes`: keys as in
    `schemas.quote`. `named`: those of the names that stand in the headline. `bulletin`: series and
    day of the headline, if it has any.
    `tolls`: of each kind the highest. Other days are left out: measured, sharing one says nothing.
    """

    opening: Mapping[str, float]
    body: Mapping[str, float]
    names: Mapping[str, float]
    numbers: Mapping[str, float]
    quotes: tuple[str, ...]
    named: tuple[str, ...]
    bulletin: tuple[str, ...]
    tolls: Mapping[str, float]


def make_terms(item: Item) -> Terms:
    """The terms of an item."""
    headline = _read(item.headline, HEADLINE_WORDS)
    standfirst = _read(item.description_text, LEAD_WORDS)
    body = _read(item.body_text, BODY_WORDS)
    texts = [*standfirst, *body]
    return Terms(
        opening=_opening(headline or texts[:LEAD_WORDS], item.language),
        body=_body([*headline, *texts] if texts else [], item.language),
        names=_names(item),
        numbers=_numbers(item.facts),
        quotes=tuple(sorted({one.quote_key for one in item.quotes})[:QUOTES]),
        named=_named(item),
        bulletin=bulletin_of(item.headline, item.outlet, item.language, item.published) or (),
        tolls=_tolls(item.facts),
    )


def _read(text: str, words: int) -> list[str]:
    """The first folded words of a text; pairs of characters in scripts without spaces."""
    return list(islice(_words_of(text[: words * CHARACTERS_A_WORD]), words))


def _words_of(text: str) -> Iterator[str]:
    found = find_words(text)
    if not found.unspaced:
        yield from found.folded
        return
    for at, (word, (_, end)) in enumerate(zip(found.folded, found.spans, strict=True)):
        if not has_unspaced(word):
            yield word
        elif at + 1 < len(found) and found.spans[at + 1][0] == end:
            following = found.folded[at + 1]
            if has_unspaced(following):
                yield simplified(word[0] + following[0])


def _opening(words: list[str], language: str) -> dict[str, float]:
    counts, weights = _weigh(words, language)
    for one, other in pairwise(words):
        if not (has_unspaced(one) or has_unspaced(other)):
            phrase = f"{stem(one)} {stem(other)}"
            counts[phrase] += 1
            together = math.sqrt(weight(one, language) * weight(other, language))
            weights[phrase] = max(weights[phrase], OF_PHRASE * together)
    return _vector(counts, weights, OPENING_TERMS)


def _body(words: list[str], language: str) -> dict[str, float]:
    return _vector(*_weigh(words, language), BODY_TERMS)


def _weigh(words: list[str], language: str) -> tuple[Counter[str], defaultdict[str, float]]:
    """Terms of words with their counts, and what each weighs."""
    counts: Counter[str] = Counter()
    weights: defaultdict[str, float] = defaultdict(float)
    for word, count in Counter(words).items():
        unspaced = has_unspaced(word)
        of_word = bigram_weight(word, language) if unspaced else weight(word, language)
        for term, part in [(word, 1.0)] if unspaced else terms_of(word):
            counts[term] += count
            weights[term] = max(weights[term], of_word * part)
    return counts, weights


def _vector(counts: Counter[str], weights: Mapping[str, float], most: int) -> dict[str, float]:
    """The heaviest terms, unit length."""
    weighed = [(-weights[term] * (1 + math.log(counts[term])), term) for term in weights]
    kept = [(term, -value) for value, term in sorted(weighed)[:most] if value]
    length = math.sqrt(math.fsum(value * value for _, value in kept))
    return {term: round(value / length, DECIMALS) for term, value in kept}


def _named(item: Item) -> tuple[str, ...]:
    found = {
        _name(one, item.language)[0]
        for one in item.entities
        if one.field == "headline" and not (one.entity_id or "").startswith("agency:")
    }
    return tuple(sorted(found)[:NAMES])


def _names(item: Item) -> dict[str, float]:
    names: dict[str, float] = {}
    for one in item.entities:
        # An agency says who reports, not what.
        if one.entity_id is None or not one.entity_id.startswith("agency:"):
            key, value = _name(one, item.language)
            names[key] = max(value, names.get(key, 0.0))
    heaviest = sorted(names.items(), key=lambda name: (-name[1], name[0]))[:NAMES]
    return {name: value for name, value in heaviest if value}


def _name(one: Named, language: str) -> tuple[str, float]:
    words = _read(one.surface, HEADLINE_WORDS)
    # What every word weighs is taken off: a name is as rare as its words are.
    value = math.fsum(
        max(0.0, (bigram_weight if has_unspaced(word) else weight)(word, language) - 1)
        for word in words
    )
    value = min(value, MOST_OF_A_NAME) * (OF_A_GUESS if one.method in GUESSES else 1.0)
    surface = " ".join(word if has_unspaced(word) else stem(word) for word in words)
    return one.entity_id or surface, round(value, 1)


def _numbers(facts: tuple[Stated, ...]) -> dict[str, float]:
    """Value and unit to the digits that make a number telling, zeros at either end aside."""
    numbers = {}
    for one in facts:
        if one.value is not None:
            digits = len(one.value.replace(".", "").replace("-", "").strip("0"))
            numbers[f"{one.value} {one.unit or one.kind}"] = float(min(digits, 4))
    most = sorted(numbers.items(), key=lambda number: (-number[1], number[0]))[:NUMBERS]
    return {number: value for number, value in most if value}


def _tolls(facts: tuple[Stated, ...]) -> dict[str, float]:
    """Killed, injured, missing: of each the highest number stated."""
    tolls: dict[str, float] = {}
    for one in facts:
        # What is larger than a float is no count, and JSON has no infinity.
        if one.unit in TOLLS and one.value is not None and math.isfinite(float(one.value)):
            tolls[one.unit] = max(float(one.value), tolls.get(one.unit, 0.0))
    return tolls
