"""The lower layer of the rules: what a capitalized run is by its own words and its neighbours.

A phrase around a word such as `University`, `Ministério` or `Straße` is one name, the place in it
included (`Bank of England`). What no surer rule names gets the kind for which most evidence adds up
over all its places in the text, by the weights of `data/names/shared.toml`; scores are low.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from transforms.entities.name_words import NameWords, particles
from transforms.entities.openings import opens
from transforms.entities.runs import Found, Run, Word, without_opener
from transforms.entities.traits import (
    ARTICLE,
    ATTRIBUTE,
    COMMON,
    FOREIGN,
    GIVEN,
    HEAD_CUE,
    IN,
    NEAR,
    NEVER,
    OPENER,
    ORG_WORD,
    PERSON_NOUN,
    PLACE_END,
    PLACE_NOUN,
    PLACE_WORD,
    SAY_CUE,
    SURNAME,
    TEAM,
    TITLE,
    TITLE_CUE,
)

_HEAD = ORG_WORD | TEAM | PLACE_WORD
_PHRASE = ("phrase", 0.55)
_HEADED = ("phrase", 0.65)
_SHAPE = ("shape", 0.5)
_WEAK_SHAPE = ("shape", 0.4)
_KINDS = ("person", "organization", "place")
_MOST_JOINED = 12
_LONGEST_HEAD = 30
_MOST_WORDS = 6
_MOST_IN_PHRASE = 10
_LONGEST_ACRONYM = 7
_QUOTES = tuple("\"'«»„“”‘’")
_GLUE = tuple("@_=&#\\/")


def find_phrases(text: str, runs: Sequence[Run], words: NameWords) -> list[Found]:
    """Names of several words that one of their words makes an organization or a place."""
    found = []
    for number, run in enumerate(runs):
        headed = _headed(text, run, words)
        if headed is not None:
            found.append(headed)
            continue
        if len(run) == 2 and (person := _person_at(run)) is not None:
            found.append(person)
            continue
        if not any(word.bits & _HEAD for word in run):
            continue
        for part in _parts(text, run, words):
            if words.nouns_are_capital:
                part = _from_head(part)
            bits = [word.bits for word in part]
            if not any(bit & _HEAD for bit in bits):
                continue
            if part[-1] is run[-1]:
                part = _extended(text, part, bits, runs[number + 1 : number + 4], words)
            one = _phrase(part, words)
            if one is not None:
                found.append(one)
    return found


def _parts(text: str, run: Run, words: NameWords) -> Iterator[Run]:
    """A run between titles, known persons and known organizations; single words are no phrase."""
    part: list[Word] = []
    for number, word in enumerate(without_opener(text, run)):
        if (
            part
            and word.start - part[-1].end > 1
            and (
                words.nouns_are_capital
                or (word.bits & GIVEN and any(one.bits & _HEAD for one in part))
            )
        ):
            yield tuple(part)  # FC Nantes de Pedro Alvarenga
            part = []
        title = word.bits & TITLE and not (number == 0 and len(run) > 1 and run[1].bits & ORG_WORD)
        if title or is_fixed(word) or (words.openers_part and word.bits & OPENER):
            if part:
                yield tuple(part)
            part = []
        else:
            part.append(word)
    if part:
        yield tuple(part)


def _headed(text: str, run: Run, words: NameWords) -> Found | None:
    """`rue des Lilas`, `lycée Victor-Hugo`: a small word before a name that is a part of it."""
    if words.heads is None or run[0].known is not None:
        return None
    before = text[max(0, run[0].start - _LONGEST_HEAD) : run[0].start]
    if not before[-1:].isspace() and before[-1:] not in ("'", "’"):
        return None
    if not any(words.cues[cue] & HEAD_CUE for cue in before.lower().split()[-3:]):
        return None
    head = words.heads.search(before)
    if head is None:
        return None
    start = run[0].start - len(before) + head.start("head")
    first = Word(start, start + len(head["head"]), head["head"], 0)
    kind = "place" if head["place"] else "organization"
    part = tuple(word for word in run if not is_fixed(word))
    return Found((first, *part), kind, _HEADED, True) if part == run else None


def _person_at(run: Run) -> Found | None:
    """A first name that is a place too, before a rare word: Milan Jovanović."""
    first, last = run
    plain = COMMON | FOREIGN | NEVER | TITLE | _HEAD
    if (
        first.known is not None
        and last.known is None
        and first.known.kind == "place"
        and first.bits & GIVEN
        and " " not in first.text
        and not (last.bits & plain or last.text.isupper())
    ):
        return Found(run, "person", _SHAPE, True)
    return None


def is_fixed(word: Word) -> bool:
    """Whether the gazetteer's name stands whatever is around it: a person's, an agency's."""
    known = word.known
    return known is not None and known.kind != "place" and known.method != "gazetteer:name"


def _from_head(part: Run) -> Run:
    """A German phrase without the common nouns before it."""
    for number, word in enumerate(part):
        after = part[number + 1].bits if number + 1 < len(part) else 0
        if (
            word.known is not None
            or not word.bits & COMMON
            or word.bits & (ORG_WORD | TEAM)
            or (word.text.endswith("er") and after & ORG_WORD)  # Kölner Stadt-Anzeiger
        ):
            return part[number:]
    return ()


def _extended(
    text: str, part: Run, bits: Sequence[int], following: Sequence[Run], words: NameWords
) -> Run:
    """`Bank` with `of England`: what joiners join to a phrase whose head opens or ends it."""
    if not (bits[0] | bits[-1]) & (ORG_WORD | TEAM):
        return part
    for run in following:
        gap = text[part[-1].end : run[0].start]
        joiner = gap[1:-1]
        if not (len(gap) <= _MOST_JOINED and gap == f" {joiner} " and joiner in words.joiners):
            break
        added = []
        for word in run:
            trait = word.bits
            if trait & (TITLE | NEVER) or is_fixed(word):
                break
            added.append(word)
        part += tuple(added)
        if len(added) < len(run) or len(part) > _MOST_IN_PHRASE:
            break
    return part


def _phrase(part: Run, words: NameWords) -> Found | None:
    if not 2 <= len(part) <= _MOST_IN_PHRASE:
        return None
    bits = [word.bits for word in part]
    if bits[0] & GIVEN and not any(bit & _HEAD for bit in bits[:3]):
        part, bits = part[2:], bits[2:]
    if all(word.text.isupper() and len(word.text) > _LONGEST_ACRONYM for word in part):
        return None
    own = [bit for bit, word in zip(bits, part, strict=True) if word.known or not bit & COMMON]
    if words.nouns_are_capital and not own:
        return None
    if any(bit & TEAM for bit in bits) or (bits[0] | bits[-1]) & ORG_WORD:
        return Found(part, "organization", _PHRASE, True)
    if any(bit & ORG_WORD for bit in bits[1:-1]) and not bits[0] & GIVEN:
        return Found(part, "organization", _PHRASE, True)
    if (bits[0] | bits[-1]) & PLACE_WORD and not bits[0] & GIVEN:
        return Found(part, "place", _PHRASE, True)
    return None


def find_by_shape(text: str, runs: Sequence[Run], words: NameWords) -> list[Found]:
    """Names of which nothing but the sum of small evidence says what they are."""
    if words.nouns_are_capital:
        runs = [run for run in runs if len(run) > 1 or not _is_noun(run[0])]
    pieces = [piece for run in runs for piece in _pieces(text, run, words)]
    weights = words.evidence
    seen: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    if words.nouns_are_capital:
        pieces = [_from_first_name(piece) for piece in pieces]
    pieces = [piece for piece in pieces if len(piece) <= _MOST_WORDS]
    for piece in pieces:
        person = organization = place = 0.0
        for name in _evidence(text, piece, words):
            weight = weights[name]
            person += weight[0]
            organization += weight[1]
            place += weight[2]
        seen[text[piece[0].start : piece[-1].end]].append((person, organization, place))
    judged = {surface: _judge(places, weights) for surface, places in seen.items()}
    found = []
    for piece in pieces:
        kind, rule = judged[text[piece[0].start : piece[-1].end]]
        if rule is not None:
            found.append(Found(piece, kind, rule, kind != "person" or len(piece) > 1))
    return found


def _judge(
    places: Sequence[tuple[float, ...]], weights: Mapping[str, Sequence[float]]
) -> tuple[str, tuple[str, float] | None]:
    """Kind and rule for a name, by the mean of its places and how many there are."""
    repeated, most = weights["repeated"][:2]
    sums = [sum(place[kind] for place in places) / len(places) for kind in range(len(_KINDS))]
    best = max(sums)
    kind = _KINDS[sums.index(best)]
    second = sorted(sums)[-2]
    total = best + min(repeated * (len(places) - 1), most)
    least, likely, ahead = weights["least"]
    if best <= 0 or total < least:
        return kind, None
    return kind, _SHAPE if total >= likely and best - second >= ahead else _WEAK_SHAPE


def _is_noun(word: Word) -> bool:
    """Whether a word is common as written; acronyms and Goethe-Institut are not."""
    bits = word.bits
    return bool(bits & COMMON) and not (
        (word.text.isupper() and len(word.text) > 1) or (bits & ORG_WORD and "-" in word.text)
    )


def _pieces(text: str, run: Run, words: NameWords) -> Iterator[Run]:
    """A run without common words: at its start where it opens a sentence, in German anywhere."""
    piece: list[Word] = []
    opening = opens(text, run[0].start)
    for word in run:
        bits = word.bits
        plain = bits & (NEVER | TITLE) or (bits & OPENER and not piece) or _is_glued(text, word)
        if not plain and _is_noun(word):
            plain = words.nouns_are_capital or (opening and not piece)
        if not plain or _is_called(piece, bits):
            piece.append(word)
        elif piece:
            yield tuple(piece)
            piece = []
    if piece:
        yield tuple(piece)


def _from_first_name(piece: Run) -> Run:
    """`Dirigent Yehudi Menuhin` without what stands before the first name."""
    for number, word in enumerate(piece[:-1]):
        if word.bits & GIVEN:
            return piece[number:]
    return piece


def _is_called(piece: Sequence[Word], bits: int) -> bool:
    """Whether a common word is the surname after a first name: Stefani Korn."""
    if len(piece) != 1 or bits & (NEVER | TITLE | OPENER):
        return False
    first = piece[0].bits
    return bool(first & GIVEN) and not first & COMMON


def _is_glued(text: str, word: Word) -> bool:
    """Whether signs or digits make a word part of an address, a file's name, a number."""
    before, after = text[word.start - 1 : word.start], text[word.end : word.end + 1]
    return (
        before in _GLUE
        or after in _GLUE
        or before.isdigit()
        or after.isdigit()
        or ("." in word.text and not word.text.isupper())
    ) and before != ""


def _evidence(text: str, piece: Run, words: NameWords) -> Iterator[str]:
    """The names in `shared.toml` of what speaks for a kind."""
    known = words.cues
    start, end = piece[0].start, piece[-1].end
    bits = [word.bits for word in piece]
    before = text[max(0, start - 24) : start]
    opening = opens(text, start)
    cues = before.lower().split()[-2:] if before.endswith((" ", "’", "'")) else []
    last = known[cues[-1]] if cues else 0
    second = known[cues[0]] if len(cues) > 1 else 0
    if words.after_say.match(text, end) or last & SAY_CUE:
        yield "says"
    if not opening:
        if last & IN:
            yield "in"
        elif last & NEAR:
            yield "near"
        elif last & ARTICLE:
            yield "in" if second & IN else "article"
    if text.startswith(("'s", "’s", " 's"), end):
        yield "possessive"
    if text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n", ",", ":"):
        yield "line"
    after = text[end : end + 20]
    if after[:1] == " " and (led := after.split(None, 1)) and words.traits[led[0].lower()] & TITLE:
        yield "led"
    if second & TITLE_CUE and cues[-1] in particles():
        yield "office"
    if last & PLACE_NOUN:
        yield "place_noun"
    elif last & PERSON_NOUN:
        yield "person_noun"
    elif words.nouns_are_capital and cues and before[before.rfind(" ", 0, -1) + 1].isupper():
        yield "noun"
    elif last & ATTRIBUTE and not last & (IN | NEAR | ARTICLE | SAY_CUE):
        yield "attribute"
    if before[-2:].strip()[-1:] in _QUOTES and text[end : end + 2].strip()[:1] in _QUOTES:
        yield "quoted"
    if len(piece) == 1:
        yield from _of_one(piece[0].text, bits[0], words, opening)
    else:
        yield from _of_several(piece, bits)


def _of_one(word: str, bits: int, words: NameWords, opening: bool) -> Iterator[str]:
    if word.isupper():
        yield "acronym" if 1 < len(word) <= _LONGEST_ACRONYM else "shouted"
        return
    if bits & COMMON:
        yield "common"
    if bits & FOREIGN and not bits & GIVEN:
        yield "foreign"
    if bits & ORG_WORD and "-" in word:
        yield "org_word"
    if bits & GIVEN:
        yield "given"
    elif bits & SURNAME:
        yield "surname"
    elif bits & PLACE_END:
        yield "place_end"
    if word[1:] != word[1:].lower() and "-" not in word and not word.startswith(("Mc", "Mac")):
        yield "camel"
    if words.lone:
        yield f"lone_{words.lone}"
    if opening:
        yield "opening"


def _of_several(piece: Run, bits: Sequence[int]) -> Iterator[str]:
    shouted = [word.text.isupper() and len(word.text) > 1 for word in piece]
    if bits[0] & GIVEN:
        yield "given_first"
    if all(shouted):
        yield "shouted"
    elif any(shouted):
        yield "with_acronym"
    common = sum(bit & COMMON for bit in bits)
    if bits[-1] & SURNAME:
        yield "surname"
    if all(bit & (FOREIGN | COMMON) for bit in bits):
        yield "foreign"
    if common == 0:
        yield "all_rare"
    elif common == len(bits):
        yield "all_common"
    if bits[-1] & PLACE_END and not bits[0] & GIVEN:
        yield "place_end"
    if len(piece) > 3:
        yield "long"
