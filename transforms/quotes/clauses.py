"""Words of a sentence by what they do: where clauses and phrases end, which word is the verb."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.quotes.lexicon import Speech
from transforms.quotes.words import Name, Word

SUBJECT_WORDS = 12
_QUALIFIED_WORDS = 4
FIGURE_WORDS = 3
BEYOND = 6
SENTENCE_ENDS = ".!?…;\u061f。！？；"
_LINE_ENDS = "\n" + SENTENCE_ENDS
_CLAUSE_ENDS = frozenset('.!?…;:,-—–()\u061f\u060c。！？；：，"«“„»”')


def may_follow(word: Word, speech: Speech) -> bool:
    """Whether a clause that no sign parts from the quotation may name its speaker."""
    lists = (speech.verbs, speech.auxiliaries, speech.pronouns, speech.agents)
    according = word.key in speech.according and word.key not in speech.genitives
    return word.capital or according or any(word.key in words for words in lists)


def is_bare(words: Sequence[Word], speech: Speech) -> bool:
    """Whether nothing but auxiliaries is there."""
    return all(word.key in speech.auxiliaries for word in words)


def without_brackets(words: list[Word]) -> list[Word]:
    """The words without what stands between brackets: `X (PSOE) dijo`."""
    opens = next((i for i, word in enumerate(words) if word.key == "("), None)
    closes = next((i for i, word in enumerate(words) if word.key == ")"), None)
    if opens is None or closes is None or not 0 < opens < closes < len(words) - 1:
        return words
    return words[:opens] + words[closes + 1 :]


def is_adverbial(clause: Sequence[Word], speech: Speech) -> bool:
    """Whether what stands before a verb has no subject: `All'uscita ha spiegato`."""
    if all(word.key in speech.auxiliaries or word.key in speech.stops for word in clause):
        return True
    binds = clause[0].key in speech.bound or clause[0].key in speech.datives
    short = len(clause) <= FIGURE_WORDS + 1
    return speech.cased and binds and short and not any(word.capital for word in clause[1:])


def leading_verb(lead: Sequence[Word], speech: Speech) -> int | None:
    """The verb of a sentence that leads to a quotation."""
    verb = qualifying_verb(lead, speech)
    return last_verb(lead, speech) if verb is None else verb


def main_clause(lead: Sequence[Word], verb: int, speech: Speech) -> Sequence[Word]:
    """The words without the clause that the verb has as its object: `adding that X had …`."""
    behind = (i for i in range(verb, len(lead)) if lead[i].key in speech.complementizers)
    return lead[: next(behind, len(lead))]


def is_passive(lead: Sequence[Word], speech: Speech) -> bool:
    """Whether the sentence says of its subject what others say: `was described as “…”`."""
    if not speech.passives:
        return False
    verb = leading_verb(lead, speech)
    if speech.capital_nouns:
        begin = 0 if verb is None else verb + 1
        return any(word.key in speech.passives for word in lead[begin:])
    if verb is None or lead[verb].key.endswith("ing"):
        return False
    at = verb - 1
    while at > 0 and (lead[at].key.endswith("ly") or _is_between(lead[at], speech)):
        at -= 1
    if at < 0 or lead[at].key not in speech.passives:
        return verb + 1 < len(lead) and lead[verb + 1].key in speech.agents
    return at == 0 or lead[at - 1].key not in speech.reflexives


def _is_between(word: Word, speech: Speech) -> bool:
    return word.key in speech.auxiliaries and word.key not in speech.passives


def is_company(text: str, speech: Speech) -> bool:
    """Whether a speaker is but `the company`."""
    words = text.lower().replace("'", "' ").split()
    return len(words) == 2 and words[0] in speech.articles and words[1] in speech.companies


def until_end(words: Sequence[Word]) -> list[Word]:
    """The words up to the first sign that ends a clause."""
    kept: list[Word] = []
    for word in words:
        if word.is_sign and word.key in _CLAUSE_ENDS and not _is_abbreviation(kept, word):
            break
        kept.append(word)
    return kept


def _is_abbreviation(kept: Sequence[Word], sign: Word) -> bool:
    return (
        sign.key == "."
        and bool(kept)
        and kept[-1].end == sign.start
        and kept[-1].capital
        and len(kept[-1].key) <= 2
    )


def _is_verb(words: Sequence[Word], at: int, speech: Speech) -> bool:
    """Whether a word is a verb of speech here: not behind an article where that makes it a noun.

    `The claims` is one in English; in Romance languages the article may be a pronoun.
    """
    key = words[at].key
    if key in speech.verbs:
        nouns = speech.bare_nouns and not speech.capital_nouns and at > 0
        return not (nouns and words[at - 1].key in speech.articles and words[at - 1].key != "that")
    return key in speech.participles and at > 0 and words[at - 1].key in speech.auxiliaries


def first_verb(words: Sequence[Word], speech: Speech) -> int | None:
    """The number of the first verb of saying near the start, if any."""
    limit = words[:SUBJECT_WORDS]
    return next((i for i in range(len(limit)) if _is_verb(limit, i, speech)), None)


def last_verb(words: Sequence[Word], speech: Speech) -> int | None:
    """The number of the last verb of saying, if any."""
    return next((i for i in range(len(words) - 1, -1, -1) if _is_verb(words, i, speech)), None)


def qualifying_verb(words: Sequence[Word], speech: Speech) -> int | None:
    """A verb that quotes a word or two, no further than a few words before them."""
    for i in range(len(words) - 1, max(-1, len(words) - 1 - _QUALIFIED_WORDS), -1):
        if words[i].is_sign:
            return None
        if words[i].key in speech.qualifying:
            return i
        if words[i].key in speech.participles and _is_verb(words, i, speech):
            return i
    return None


def without_times(clause: Sequence[Word], speech: Speech) -> Sequence[Word]:
    """The words behind adverbs and days: `ha dichiarato ieri X`, `sagte am Montag X`."""
    while clause:
        if clause[0].key in speech.times or clause[0].key in speech.adverbs:
            clause = clause[1:]
        elif len(clause) > 1 and clause[1].key in speech.times and _may_date(clause[0], speech):
            clause = clause[2:]
        else:
            break
    return clause


def _may_date(word: Word, speech: Speech) -> bool:
    return word.key in speech.stops or word.key in speech.articles


def may_lead(word: Word, speech: Speech) -> bool:
    """Whether a noun phrase may begin with this word where subjects have articles."""
    if not speech.articles or (speech.bare_nouns and not speech.capital_nouns):
        return True
    lists = (speech.articles, speech.indefinite, speech.figures, speech.honorifics)
    return word.capital or any(word.key in words for words in lists)


def phrase_beyond(clause: Sequence[Word], speech: Speech) -> list[Word]:
    """The noun phrase behind a prepositional one: `ha scritto su Instagram il difensore X`."""
    bound = speech.bound
    for i in range(1, min(len(clause) - 1, BEYOND)):
        word = clause[i]
        article = word.key in speech.articles and word.key not in bound
        opens = article or word.key in speech.honorifics
        if opens and clause[i - 1].key not in bound:
            return phrase_of(clause[i:], speech)
    return []


def until_verb(phrase: Sequence[Word], speech: Speech) -> Sequence[Word]:
    """A noun phrase without what follows a first verb: `the mayor praises … and insists`."""
    titles = speech.titles
    for i, word in enumerate(phrase[2:], 2):
        verbal = word.key in speech.verbs or word.key in speech.adverbs
        if verbal and word.key not in titles and not word.capital:
            return phrase[:i]
    return phrase


def is_parted(clause: Sequence[Word], name: Name, speech: Speech) -> bool:
    """Whether nothing but time and place stands between a name and its verb: `X on Monday said`."""
    behind = [word for word in clause if word.start >= name.end]
    before = [word for word in clause if word.end <= name.start]
    parted = bool(behind) and (
        behind[0].key in speech.bound
        or behind[0].key in speech.auxiliaries
        or clause[0].key in speech.articles
    )
    return parted and len(before) <= BEYOND and not any(w.key in speech.verbs for w in before)


def clause_before(words: Sequence[Word]) -> list[Word]:
    """The words behind the last sign that ends a clause."""
    kept: list[Word] = []
    for word in reversed(words):
        if word.is_sign and word.key in _CLAUSE_ENDS and word.key != ".":
            break
        kept.append(word)
    return kept[::-1]


def is_bound(clause: Sequence[Word], name: Name, speech: Speech) -> bool:
    """Whether a preposition binds a name to another word: `de su abogada X`."""
    before = [word for word in clause if word.end <= name.start]
    while before and _is_of_title(before[-1], speech):
        before.pop()
    return bool(before) and before[-1].key in speech.genitives


def is_binding(word: Word, speech: Speech) -> bool:
    """Whether a clause that begins with this word, or has it before a name, names no subject."""
    listed = word.key in speech.bound or word.key in speech.verbs
    return listed and word.key not in speech.honorifics


def may_open(word: Word, speech: Speech) -> bool:
    """Whether a noun phrase may open with the word: an article or a number."""
    lists = (speech.articles, speech.indefinite, speech.figures)
    return any(word.key in words for words in lists)


def _is_bound_from(word: Word, speech: Speech) -> bool:
    bound = word.key in speech.bound and word.key not in speech.articles
    return bound or word.key in speech.datives


def _is_of_title(word: Word, speech: Speech) -> bool:
    """Whether a word may stand between a preposition and the name it binds: `de su abogada X`."""
    if word.key in speech.genitives or (word.capital and not speech.capital_nouns):
        return False
    return word.key in speech.articles or word.key in speech.titles


def phrase_of(words: Sequence[Word], speech: Speech) -> list[Word]:
    """The noun phrase that the words open with; nothing if its first word hangs on another."""
    kept: list[Word] = []
    for word in words[:SUBJECT_WORDS]:
        ends = word.key in speech.stops and word.key not in speech.articles
        told = word.key in speech.addressees and bool(kept) and kept[-1].key not in speech.articles
        if kept and (ends or told) and not word.capital:
            break
        kept.append(word)
    if _is_bound_from(kept[0], speech):
        return []
    return kept


def is_led_by_article(phrase: Sequence[Word], name: Name, speech: Speech) -> bool:
    """Whether nothing but articles stands before the name in its phrase."""
    return all(word.key in speech.articles for word in phrase if word.end <= name.start)


def is_noun(words: Sequence[Word], run: Name, speech: Speech) -> bool:
    """Whether a noun has an article: `die Energieministerin`, `die Hamburger Senatorin`."""
    before = [word for word in words if word.end <= run.start]
    of_place = run.text.partition(" ")[0].endswith("er") and " " in run.text
    alone = " " not in run.text or of_place
    return alone and bool(before) and before[-1].key in speech.articles


def stands_for(phrase: Sequence[Word], speech: Speech) -> bool:
    """Whether a noun phrase may stand for a person named before: `the Swede`, `die Ärztin`.

    A noun for a person or a text; any other that an article makes definite but one for a body.
    """
    if phrase[0].key in speech.indefinite or phrase[0].key in speech.plural_articles:
        return False
    size = FIGURE_WORDS if speech.cased else 1
    if len(phrase) <= size and any(_is_figure(word, speech) for word in phrase):
        foreign = any(word.capital and word.key not in speech.figures for word in phrase[1:])
        return not foreign or speech.capital_nouns
    if phrase[0].key not in speech.definite or not 1 < len(phrase) <= FIGURE_WORDS:
        return False
    capital = not speech.capital_nouns and any(word.capital for word in phrase[1:])
    bodies = speech.institutions - speech.companies
    if len(phrase) > 2:
        bodies = speech.institutions
    return not capital and not any(_is_one_of(word, bodies) for word in phrase[1:])


def _is_one_of(word: Word, nouns: frozenset[str]) -> bool:
    """Whether a noun is in a list, as it is, in the plural or at the end of a compound."""
    key = word.key.rpartition("-")[2]
    return key in nouns or key.removesuffix("s") in nouns


def _is_figure(word: Word, speech: Speech) -> bool:
    """Whether a noun stands for a person: one of the list, or an age (`der 52-Jährige`)."""
    return word.key in speech.figures or (word.key[0].isdigit() and "-" in word.key)


def sentence_start(text: str, end: int, limit: int) -> int:
    """Where the sentence that holds `end` begins, not before `limit`."""
    stretch = end - 1
    while stretch > limit:
        at = max(text.rfind(sign, limit, stretch) for sign in _LINE_ENDS)
        if at <= limit:
            return limit
        if text[at] == "\n" or _ends_sentence(text, at):
            return at + 1
        stretch = at
    return limit


def _ends_sentence(text: str, at: int) -> bool:
    if text[at] != ".":
        return True
    return text[at + 1 : at + 2].isspace() and not (text[at - 1 : at].isupper())
