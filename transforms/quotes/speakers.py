"""Who says the words between two marks: by what stands after them, else before them.

After: `« … », a déclaré X`, `"…," X said`. Before: `X dira : « … »`, `X said that "…"`, `selon X,
… « … »`. A speaker is a person's name, else the noun phrase as written; a pronoun or a title is
resolved to a person only where the article has one candidate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.quotes.lexicon import Speech
from transforms.quotes.marks import Span
from transforms.quotes.people import People, names_in, title_key
from transforms.quotes.unspaced import Told, told_after, told_before
from transforms.quotes.verb_final import is_local, is_oblique, is_participle, verb_behind
from transforms.quotes.words import Name, Word, find_names, split_words

_REACH_AFTER, _REACH_BEFORE = 130, 240
_REACH_INSIDE = 1_000
_SUBJECT_WORDS = 12
_PHRASE_WORDS = 9
_QUALIFIED_WORDS = 4
_FIGURE_WORDS = 3
_BEYOND = 6
_CARRIER_WORDS, _CARRIER_SIGNS = 6, 10
# A word right behind a comma or dash.
_INSERTED = re.compile(r"[,—–،][ \u00a0]?(\w{1,30})")
_FIRST_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}\Z")
_SENTENCE_ENDS = ".!?…;\u061f。！？；"
_LINE_ENDS = "\n" + _SENTENCE_ENDS
_CLAUSE_ENDS = frozenset('.!?…;:,-—–()\u061f\u060c。！？；：，"«“„»”')
_LEADING = frozenset(",.!?…-—–\u060c，。")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker as written, None if not stated.

    `pronoun`: by a word that stands for somebody named before; `follows`: after the words; `named`:
    by name.
    """

    speaker: str | None
    entity_id: str | None = None
    pronoun: bool = False
    follows: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What the attribution of a span may look at.

    `relays` are where other things than persons are named; those that are `agencies` carry what
    others say, the rest may speak where a verb has them as its subject (`NATO said`).
    """

    text: str
    speech: Speech
    people: People
    mentions: tuple[Name, ...]
    relays: frozenset[int]
    agencies: frozenset[int] = frozenset()
    read: dict[tuple[int, int], list[Word]] = field(default_factory=dict)

    def words_behind(self, begin: int, end: int) -> list[Word]:
        """The words behind a quotation, which is asked for more than once."""
        if (begin, end) not in self.read:
            self.read[begin, end] = split_words(self.text, begin, end, self.speech)
        return self.read[begin, end]


def attribution_after(
    scene: Scene, span: Span, limit: int, lead: Sequence[Word] = ()
) -> Attribution | None:
    """The attribution in the clause that follows the closing mark; None if there is none.

    `lead` are the words before the opening one, where a subject may stand whose verb follows.
    """
    begin = span.closing + 1
    end = min(limit, begin + _REACH_AFTER)
    line = scene.text.find("\n", begin, end)
    end = end if line < 0 else line
    if not scene.speech.spaced:
        whole = scene.text[span.end - 1] in "。！？!?…"
        told = told_after(scene.text, begin, end, scene.speech, 2 if whole and not lead else 1)
        return _unspaced(scene, told)
    words = scene.words_behind(begin, end)
    if words and words[0].key in ".!?" and scene.speech.cased:
        return None
    if scene.speech.verb_final:
        return _verb_final(scene, words, lead)
    heads = bool(words) and words[0].key == ":" and not lead
    words = words[1:] if heads else words
    parted = scene.text[span.end - 1] in _LEADING
    while words and words[0].is_sign and words[0].key in _LEADING:
        words, parted = words[1:], True
    if not (parted or heads) and words and not _may_follow(words[0], scene.speech):
        return None
    if _is_new_sentence(scene, span, words):
        return None
    if words and words[0].key in scene.speech.agents:
        passive = _qualifying_verb(lead, scene.speech) is not None
        return _subject_after(scene, words[1:]) if passive else None
    clause = _until_end(words)
    verb = _first_verb(clause, scene.speech)
    if verb is None:
        found = _according(scene, words) or _apposed_after(scene, words)
        found = found or (leading_name(scene, words) if heads and scene.speech.cased else None)
        return found or (_unknown_verb(scene, clause, words) if parted else None)
    before, after = clause[:verb], words[verb + 1 :]
    found = _subject_between(scene, before) or _within(scene, clause[verb + 1 :], clause[verb])
    found = found or _subject_after(scene, after)
    if found is None and parted and _is_bare(before, scene.speech):
        return Attribution(None, pronoun=scene.speech.drops_pronouns)
    return found


def _unknown_verb(
    scene: Scene, clause: Sequence[Word], words: Sequence[Word]
) -> Attribution | None:
    """The subject of a verb that is on no list, by its place: `», fulmine un riverain`."""
    speech = scene.speech
    at = 0
    while at < len(clause) and clause[at].key in speech.auxiliaries and not clause[at].capital:
        at += 1
    if at >= len(clause) or clause[at].capital or clause[at].is_sign:
        return None
    if clause[at].key in speech.pronouns:
        return Attribution(None, pronoun=True)
    bound = speech.stops | speech.genitives | speech.articles | speech.addressees
    if clause[at].key in bound or clause[at].key[0].isdigit():
        return None
    after = clause[at + 1 :]
    if not after:
        return Attribution(None, pronoun=True) if speech.drops_pronouns else None
    if after[0].key in speech.pronouns:
        return Attribution(None, pronoun=True)
    if (
        at
        and speech.drops_pronouns
        and (after[0].key in speech.genitives or after[0].key in speech.datives)
    ):
        return Attribution(None, pronoun=True)
    opens = speech.articles - speech.genitives | speech.indefinite | speech.honorifics
    if after[0].key in opens:
        return _subject_after(scene, words[at + 1 :])
    names = _names(scene, after)
    return _person(scene, names[0]) if names and names[0].start == after[0].start else None


def _verb_final(scene: Scene, words: Sequence[Word], lead: Sequence[Word]) -> Attribution | None:
    """The subject of a verb that follows the words: before them, or behind a participle."""
    verb = verb_behind(words, scene.speech)
    if verb is None:
        named = _subject_of(scene, lead) if lead and lead[-1].key == "," else None
        return named if named is not None and named.named else None
    stated = _stated_by(scene, lead)
    if stated is not None:
        return stated
    behind = _names(scene, _until_end(words[verb + 1 : verb + 1 + _SUBJECT_WORDS]))
    full = next((name for name in behind if " " in name.text or name.is_person), None)
    if full is not None and is_participle(words[verb]):
        return _person(scene, full)
    return _subject_of(scene, lead) or (
        _person(scene, full) if full else Attribution(None, pronoun=True)
    )


def _subject_of(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """The subject of a sentence whose verb stands at its end: its first name in no other case."""
    names = [
        name
        for name in _names(scene, lead)
        if not is_oblique(scene.text, name.end) and _is_full(scene, name)
    ]
    ended = [name for name in names if _is_ended(name, lead)]
    if ended or names:
        return _person(scene, (ended or names)[-1 if ended else 0])
    phrase = _until_end(lead)
    closed = len(phrase) < len(lead) and lead[len(phrase)].key in ",:"
    last = next((i for i, word in enumerate(phrase) if word.key == "ise"), None)
    if last is not None:
        phrase, closed = phrase[:last], True
    if not phrase or not closed or is_local(phrase[-1]):
        return None
    figure = phrase[-1].key in scene.speech.figures
    if figure and not any(word.capital for word in phrase[1:]) and len(phrase) > 1:
        return Attribution(scene.text[phrase[0].start : phrase[-1].end], pronoun=True)
    if figure and len(phrase) > _FIGURE_WORDS:
        return Attribution(scene.text[phrase[-1].start : phrase[-1].end], pronoun=True)
    return _described(scene, phrase) if len(phrase) <= _FIGURE_WORDS else None


def _stated_by(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """Whose statement it is: `X Valiliği'nden yapılan açıklamada`."""
    for i, word in enumerate(lead[1:], 1):
        stated = word.key in ("yapılan", "yayımlanan") and is_local(lead[i - 1])
        if stated or word.key == "tarafından":
            names = _names(scene, lead[:i], bodies=True)
            return _person(scene, names[-1]) if names else None
    return None


def _is_full(scene: Scene, name: Name) -> bool:
    """Whether a capitalized run is a name: a person's, of two words, or a part of such a one."""
    before = scene.text[max(0, name.start - 20) : name.start].split()[-1:]
    known = name.is_person or " " in name.text
    known = known or any(word.lower() in scene.speech.honorifics for word in before)
    return known or scene.people.full_name(name).text != name.text


def _is_ended(name: Name, lead: Sequence[Word]) -> bool:
    """Whether a comma or `ise` sets a name off as the subject."""
    behind = next((word for word in lead if word.start >= name.end), None)
    return behind is not None and behind.key in (",", "ise", "de", "da")


def _is_new_sentence(scene: Scene, span: Span, words: Sequence[Word]) -> bool:
    """Whether a full stop closes the quotation and a capital opens what follows it."""
    return (
        scene.text[span.end - 1] in (".…!?" if scene.speech.capital_nouns else ".…")
        and bool(words)
        and words[0].capital
        and not scene.text[span.closing + 1 : words[0].start].strip()
    )


def _may_follow(word: Word, speech: Speech) -> bool:
    """Whether a clause that no sign parts from the quotation may name its speaker."""
    lists = (speech.verbs, speech.auxiliaries, speech.pronouns, speech.agents)
    according = word.key in speech.according and word.key not in speech.genitives
    return word.capital or according or any(word.key in words for words in lists)


def _apposed_after(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """`the mayor, X, said`: the subject of a verb that an apposition parts from it."""
    commas = [i for i, word in enumerate(words[: 2 * _SUBJECT_WORDS]) if word.key == ","][:2]
    if len(commas) < 2 or any(word.key in ".!?;" for word in words[: commas[1]]):
        return None
    rest = [word for word in words[commas[1] + 1 :] if word.key not in scene.speech.auxiliaries]
    if not rest or rest[0].key not in scene.speech.verbs:
        return None
    inner = _names(scene, words[commas[0] + 1 : commas[1]])
    outer = _names(scene, words[: commas[0]])
    for names, end in ((outer, commas[0]), (inner, commas[1])):
        if names and names[-1].end == words[end - 1].end:
            return _person(scene, names[-1])
    return None


def _is_bare(words: Sequence[Word], speech: Speech) -> bool:
    return all(word.key in speech.auxiliaries for word in words)


def lead_words(scene: Scene, span: Span, limit: int) -> list[Word]:
    """The words of the sentence that leads to the opening mark, not before `limit`."""
    begin = _sentence_start(scene.text, span.opening, max(limit, span.opening - _REACH_BEFORE))
    if not scene.speech.spaced:
        whole = scene.text[begin : span.opening].strip()
        return [Word(begin, span.opening, whole, False)] if whole else []
    words = split_words(scene.text, begin, span.opening, scene.speech)
    while words and words[0].key in _SENTENCE_ENDS:
        words = words[1:]
    return _without_brackets(words)


def _without_brackets(words: list[Word]) -> list[Word]:
    """The words without what stands between brackets: `X (PSOE) dijo`."""
    opens = next((i for i, word in enumerate(words) if word.key == "("), None)
    closes = next((i for i, word in enumerate(words) if word.key == ")"), None)
    if opens is None or closes is None or not 0 < opens < closes < len(words) - 1:
        return words
    return words[:opens] + words[closes + 1 :]


def attribution_before(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """The attribution in the words that lead to the opening mark; None if there is none."""
    if not lead:
        return None
    if not scene.speech.spaced:
        told = told_before(scene.text, lead[0].start, lead[-1].end, scene.speech)
        return _unspaced(scene, told)
    if scene.speech.verb_final:
        named = _subject_of(scene, lead[:-1]) if lead[-1].key in ":：" else None
        return named or _according_behind(scene, lead)
    verb = _leading_verb(lead, scene.speech)
    if is_passive(lead, scene.speech):
        return _agent(scene, lead)
    found = None if verb is None else _subject_around(scene, lead, verb)
    if found is None and lead[-1].key in ":：":
        found = _only_person(scene, lead)
    found = found or _according(scene, lead)
    if found is None and verb is not None:
        found = _only_mention(scene, _main_clause(lead, verb, scene.speech))
    if found is None and verb is not None and scene.speech.drops_pronouns:
        clause = _clause_before(lead[:verb])
        dropped = _is_adverbial(clause, scene.speech)
        return Attribution(None, pronoun=True) if dropped else None
    return found


def _is_adverbial(clause: Sequence[Word], speech: Speech) -> bool:
    """Whether what stands before a verb has no subject: `All'uscita ha spiegato`."""
    if all(word.key in speech.auxiliaries or word.key in speech.stops for word in clause):
        return True
    binds = clause[0].key in speech.bound or clause[0].key in speech.datives
    short = len(clause) <= _FIGURE_WORDS + 1
    return speech.cased and binds and short and not any(word.capital for word in clause[1:])


def _leading_verb(lead: Sequence[Word], speech: Speech) -> int | None:
    """The verb of a sentence that leads to a quotation."""
    verb = _qualifying_verb(lead, speech)
    return _last_verb(lead, speech) if verb is None else verb


def _main_clause(lead: Sequence[Word], verb: int, speech: Speech) -> Sequence[Word]:
    """The words without the clause that the verb has as its object: `adding that X had …`."""
    behind = (i for i in range(verb, len(lead)) if lead[i].key in speech.complementizers)
    return lead[: next(behind, len(lead))]


def is_passive(lead: Sequence[Word], speech: Speech) -> bool:
    """Whether the sentence says of its subject what others say: `was described as “…”`."""
    if not speech.passives:
        return False
    verb = _leading_verb(lead, speech)
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


def _agent(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """Whom a passive names: `by X`, the last one before the quotation."""
    for i in range(len(words) - 1, -1, -1):
        if words[i].key in scene.speech.agents:
            return _subject_after(scene, words[i + 1 :])
    return None


def _according_behind(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """`X'e göre`: the name before the word, in whatever case."""
    for i, word in enumerate(lead):
        if word.key in scene.speech.according:
            names = _names(scene, lead[:i])
            return _person(scene, names[-1]) if names else None
    return None


def _subject_around(scene: Scene, words: Sequence[Word], verb: int) -> Attribution | None:
    """The subject of a verb that leads to a quotation; what follows must be a name or a colon."""
    after = words[verb + 1 :]
    speech = scene.speech
    begin = verb
    while begin and words[begin - 1].key in speech.auxiliaries:
        begin -= 1
    like = begin > 0 and words[begin - 1].key in speech.inverting
    inverted = like or verb == 0 or words[verb - 1].is_sign
    inserted = verb > 1 and words[verb - 1].key == "," and words[-1].key == ","
    named = _subject_after(scene, after, named=not (like or inserted)) if inverted else None
    found = named or _subject_before(scene, words[:verb])
    found = found or _within(scene, _clause_before(words[:verb]), words[verb])
    if found is None and (words[-1].key in ":：" or not scene.speech.cased):
        found = _subject_after(scene, after)
    return found


def qualifies(scene: Scene, lead: Sequence[Word], named: bool) -> bool:
    """Whether the words before the opening mark quote: by a verb close to it, or a `selon`.

    After a `selon` words that look like a name (`named`) are one.
    """
    if named and lead and lead[-1].key == ":" and scene.speech.cased:
        told = _last_verb(lead[-4:], scene.speech) is not None
        return told or attribution_before(scene, lead) is not None
    if not scene.speech.spaced:
        return False
    if lead and lead[-1].key in ":：":
        return _last_verb(lead[-4:], scene.speech) is not None
    if _qualifying_verb(lead, scene.speech) is not None:
        return True
    return not named and _according(scene, lead) is not None


def is_told(scene: Scene, lead: Sequence[Word], inside: str) -> bool:
    """Whether the sentence that leads to a few words is one of speech, and they are no name.

    Names begin with a capital: `said that the line would “close soon”`.
    """
    if not scene.speech.verbs or (scene.speech.cased and not inside[0].islower()):
        return False
    if not scene.speech.spaced:
        return attribution_before(scene, lead) is not None
    if scene.speech.verb_final:
        return _according_behind(scene, lead) is not None
    if _names_a_thing(lead, inside, scene.speech):
        return False
    if _last_verb(lead, scene.speech) is not None or _according(scene, lead) is not None:
        return True
    return " " in inside and leading_name(scene, lead, mentioned=True) is not None


def _names_a_thing(lead: Sequence[Word], inside: str, speech: Speech) -> bool:
    """Whether a word or two say which of many things is meant: `el reto del “rompe cráneo”`."""
    if len(lead) < 2 or inside.count(" ") > 1 or lead[-1].key not in speech.articles:
        return False
    if speech.capital_nouns or lead[-1].key in speech.indefinite:
        return False
    contracted = lead[-1].key in speech.genitives and lead[-1].key not in ("de", "d'")
    return contracted or lead[-2].key in speech.genitives


def leading_name(scene: Scene, lead: Sequence[Word], mentioned: bool = False) -> Attribution | None:
    """The full name with which a sentence opens, behind articles and titles alone: its subject.

    Only a person's that is known as such where it must be `mentioned`.
    """
    speech = scene.speech
    if is_passive(lead, speech):
        return None
    clause = _until_end(lead)
    for name in _names(scene, clause):
        before = [word for word in clause if word.end <= name.start]
        bound = is_bound(clause, name, speech) or len(before) > _FIGURE_WORDS
        told = any(word.key in speech.verbs or word.key in speech.stops for word in before)
        if bound or told:
            return None
        if name.is_person or (" " in name.text and not mentioned):
            return _person(scene, name)
    return None


def subject_role(scene: Scene, sentence: Sequence[Word]) -> Name | None:
    """The person by the role alone with which a sentence opens: `The home secretary is …`."""
    speech = scene.speech
    if len(sentence) < 2 or sentence[0].key not in speech.definite:
        return None
    for i, word in enumerate(sentence[1 : _FIGURE_WORDS + 1], 1):
        if word.is_sign or word.key in speech.stops or word.key in speech.verbs:
            return None
        if word.key in speech.figures or word.key in speech.honorifics:
            phrase = sentence[: i + 1]
            person = scene.people.titled(title_key(phrase, speech))
            start, end = phrase[0].start, phrase[-1].end
            return person or Name(start, end, scene.text[start:end])
    return None


def subject_told(scene: Scene, sentence: Sequence[Word]) -> Name | None:
    """The subject of a verb of speech with which a sentence opens: `قال وزير المالية X إن …`."""
    verb = _first_verb(sentence[:_FIGURE_WORDS], scene.speech)
    found = None if verb is None else _subject_after(scene, sentence[verb + 1 :])
    if found is None or found.speaker is None or found.pronoun:
        return None
    start = sentence[0].start
    return Name(start, sentence[-1].end, found.speaker, found.entity_id)


def company_before(scene: Scene, sentence: Sequence[Word]) -> str | None:
    """The company with whose name a sentence opens: `La compañía aérea Iberia despedirá …`."""
    speech = scene.speech
    opening = sentence[: _FIGURE_WORDS + 2]
    bound = speech.breaking
    for name in find_names(scene.text, opening, speech):
        before = [word for word in opening if word.end <= name.start]
        person = any(one.start <= name.start < one.end for one in scene.mentions)
        breaks = any(w.is_sign or w.key in bound for w in before)
        return None if person or breaks else name.text
    return None


def is_company(text: str, speech: Speech) -> bool:
    """Whether a speaker is but `the company`."""
    words = text.lower().replace("'", "' ").split()
    return len(words) == 2 and words[0] in speech.articles and words[1] in speech.companies


def attribution_at_end(scene: Scene, span: Span, limit: int) -> Attribution | None:
    """The attribution with which the sentence ends: `is “ready” to talk, said the envoy X.`"""
    begin = span.closing + 1
    if scene.text[span.end - 1] in ".!?…":
        return None
    words = split_words(scene.text, begin, min(limit, begin + _REACH_BEFORE), scene.speech)
    for i, word in enumerate(words):
        if word.key in ".!?;":
            break
        if word.key != ",":
            continue
        verb = i + 1
        while verb < len(words) and words[verb].key in scene.speech.auxiliaries:
            verb += 1
        if verb < len(words) and words[verb].key in scene.speech.verbs:
            return _subject_after(scene, words[verb + 1 :])
        clause = _until_end(words[i + 1 :])
        said = _first_verb(clause, scene.speech)
        if said is not None and scene.speech.bare_nouns and not scene.speech.capital_nouns:
            return _subject_between(scene, clause[:said])
    return None


def subject_name(scene: Scene, sentence: Sequence[Word]) -> Name | None:
    """The person, known or possible, with whose name a sentence opens, behind a title alone."""
    speech = scene.speech
    words = list(sentence)
    while words and words[0].is_sign:
        words.pop(0)
    if not words:
        return None
    start, end = words[0].start, words[-1].end
    known = [
        *names_in(scene.mentions, start, end),
        *names_in(scene.people.possible_names, start, end),
    ]
    if not known:
        return None
    runs = [] if speech.capital_nouns else find_names(scene.text, words, speech)
    names = sorted((_whole(name, runs) for name in known), key=lambda name: name.start)
    before = [word for word in words if word.end <= names[0].start]
    apposed = bool(before) and before[-1].key == "," and before[0].key in speech.articles
    if apposed and len(before) <= _PHRASE_WORDS:
        before = []
    breaks = any(word.is_sign or word.key in speech.breaking for word in before)
    if breaks or len(before) > _FIGURE_WORDS or is_bound(words, names[0], speech):
        return None
    full = scene.people.full_name(names[0])
    return full if apposed or " " in full.text else None


def attribution_inside(scene: Scene, span: Span) -> Attribution | None:
    """The attribution that an author put between the words, within the marks they share.

    `« Ce procès, a lancé X, n'est pas … »`: a verb right after a comma or dash, then a name.
    """
    speech = scene.speech
    if not speech.spaced or speech.verb_final or not speech.verbs:
        return None
    end = min(span.end, span.start + _REACH_INSIDE)
    for match in _INSERTED.finditer(scene.text, span.start, end):
        first = match[1].lower()
        if first not in speech.verbs and first not in speech.auxiliaries:
            continue
        reach = min(span.end, match.start(1) + _REACH_AFTER)
        words = split_words(scene.text, match.start(1), reach, speech)
        verb = 0
        while verb < len(words) - 1 and words[verb].key in speech.auxiliaries:
            verb += 1
        if words[verb].key in speech.verbs and not words[verb].capital:
            found = _subject_after(scene, words[verb + 1 :])
            if found is not None and (found.named or found.pronoun or not speech.cased):
                return found
    return None


def is_carried(scene: Scene, lead: Sequence[Word]) -> bool:
    """Whether a banner, a title or the like bears the words."""
    if not scene.speech.spaced:
        behind = lead[0].key[-_CARRIER_SIGNS:] if lead else ""
        return any(carrier in behind for carrier in scene.speech.carriers)
    near = lead[-_CARRIER_WORDS:]
    verbs = scene.speech.verbs
    return any(
        word.key in scene.speech.carriers and (word.key not in verbs or word is near[-1])
        for word in near
    ) and not (lead[-1].key == ":" and leading_name(scene, lead, mentioned=True))


def _unspaced(scene: Scene, told: Told | None) -> Attribution | None:
    """The subject in a clause without spaces."""
    if told is None:
        return None
    subject = scene.text[told.start : told.end].removeprefix("据").removeprefix("據").strip()
    if not subject or subject.startswith((*scene.speech.pronouns, *scene.speech.indefinite)):
        return Attribution(None, pronoun=True)
    persons = names_in(scene.mentions, told.start, told.end)
    if persons:
        return _person(scene, persons[0])
    return Attribution(_with_first_name(scene.text, told.start, subject))


def _with_first_name(text: str, before: int, subject: str) -> str:
    """A foreigner's surname as the full name that the text has before: `福奇` as `安东尼·福奇`."""
    at = text.find("·" + subject, max(0, before - _REACH_INSIDE), before)
    first = _FIRST_NAME.search(text, max(0, at - 6), at) if at >= 0 else None
    return f"{first[0]}·{subject}" if first else subject


def _until_end(words: Sequence[Word]) -> list[Word]:
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


def _first_verb(words: Sequence[Word], speech: Speech) -> int | None:
    limit = words[:_SUBJECT_WORDS]
    return next((i for i in range(len(limit)) if _is_verb(limit, i, speech)), None)


def _last_verb(words: Sequence[Word], speech: Speech) -> int | None:
    return next((i for i in range(len(words) - 1, -1, -1) if _is_verb(words, i, speech)), None)


def _qualifying_verb(words: Sequence[Word], speech: Speech) -> int | None:
    """A verb that quotes a word or two, no further than a few words before them."""
    for i in range(len(words) - 1, max(-1, len(words) - 1 - _QUALIFIED_WORDS), -1):
        if words[i].is_sign:
            return None
        if words[i].key in speech.qualifying:
            return i
        if words[i].key in speech.participles and _is_verb(words, i, speech):
            return i
    return None


def _subject_after(scene: Scene, words: Sequence[Word], named: bool = False) -> Attribution | None:
    """The subject that follows its verb: pronoun, name, or (not `named`) a noun phrase."""
    speech = scene.speech
    words = _without_addressee(scene, words)
    said = next((i for i, word in enumerate(words) if word.key in speech.complementizers), None)
    words = words if said is None else words[:said]
    whole = _until_end(words)
    rest = words[len(whole) :]
    clause = _without_times(whole, speech)
    if not clause:
        return None
    if clause[0].key in speech.pronouns:
        return Attribution(None, pronoun=True)
    phrase = _phrase(clause, speech) or _phrase_beyond(clause, speech)
    if not phrase:
        return _only_mention(scene, clause)
    name = _name_in(scene, phrase)
    if name is not None:
        return _person(scene, name)
    apposed = _apposed_name(scene, rest)
    if apposed is not None:
        return _person(scene, apposed)
    if named or not _may_lead(phrase[0], speech):
        return None
    return _described(scene, phrase)


def _without_times(clause: Sequence[Word], speech: Speech) -> Sequence[Word]:
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


def _apposed_name(scene: Scene, rest: Sequence[Word]) -> Name | None:
    """The full name that a comma parts from a role: `said the mayor, the Socialist X, …`."""
    if not rest or rest[0].key != ",":
        return None
    inner = rest[1:]
    while inner and inner[0].key == ".":
        inner = inner[1:]
    clause = _until_end(inner)
    for name in _names(scene, clause):
        if " " not in name.text:
            continue
        before = [word for word in clause if word.end <= name.start]
        free = not any(_is_binding(word, scene.speech) for word in before)
        return name if free and len(before) <= _FIGURE_WORDS else None
    return None


def _may_lead(word: Word, speech: Speech) -> bool:
    """Whether a noun phrase may begin with this word where subjects have articles."""
    if not speech.articles or (speech.bare_nouns and not speech.capital_nouns):
        return True
    lists = (speech.articles, speech.indefinite, speech.figures, speech.honorifics)
    return word.capital or any(word.key in words for words in lists)


def _phrase_beyond(clause: Sequence[Word], speech: Speech) -> list[Word]:
    """The noun phrase behind a prepositional one: `ha scritto su Instagram il difensore X`."""
    bound = speech.bound
    for i in range(1, min(len(clause) - 1, _BEYOND)):
        word = clause[i]
        article = word.key in speech.articles and word.key not in bound
        opens = article or word.key in speech.honorifics
        if opens and clause[i - 1].key not in bound:
            return _phrase(clause[i:], speech)
    return []


def _only_mention(scene: Scene, clause: Sequence[Word]) -> Attribution | None:
    """The one person whom a clause names, by nothing bound to another noun."""
    names = [
        name
        for name in _names(scene, clause)
        if name.is_person and not is_bound(clause, name, scene.speech)
    ]
    distinct = {scene.people.full_name(name).text for name in names}
    return _person(scene, names[0]) if len(distinct) == 1 else None


def _without_addressee(scene: Scene, words: Sequence[Word]) -> Sequence[Word]:
    """The words after `a EFE`, `à l'AFP`, `журналистам`: who was told."""
    speech = scene.speech
    if words and words[0].key in speech.addressees:
        return words[1:]
    if len(words) > 1 and words[0].start in scene.relays and not words[1].is_sign:
        lists = (speech.indefinite, speech.articles - speech.genitives, speech.honorifics)
        if words[1].key not in speech.stops and any(words[1].key in one for one in lists):
            return words[1:]
    told = _addressed(scene, words)
    if told is not None:
        return [word for word in words if word.start >= told.end]
    for i, word in enumerate(words[:4]):
        if not i or words[0].key not in speech.stops:
            continue
        if word.start in scene.relays or word.key in speech.addressees:
            i += word.key in speech.addressees
            while i < len(words) and words[i].capital and word.key not in speech.addressees:
                i += 1
            return words[i:]
    return words


def _addressed(scene: Scene, words: Sequence[Word]) -> Name | None:
    """The full name in the dative right behind a verb: `сказала депутату Семёну Круглову`."""
    if not scene.speech.datives_of_names:
        return None
    near = _until_end(words[:_BEYOND])
    name = next((name for name in _names(scene, near) if " " in name.text), None)
    if name is None:
        return None
    first, *_, last = name.text.lower().split()
    pairs = (pair.split(" ") for pair in scene.speech.datives_of_names)
    told = any(first.endswith(one) and last.endswith(other) for one, other in pairs)
    return name if told else None


def _within(scene: Scene, words: Sequence[Word], verb: Word) -> Attribution | None:
    """The body in which somebody said the words: `сообщили в министерстве`, `в МИДе заявили`."""
    speech = scene.speech
    plural = bool(speech.plural_endings) and verb.key.endswith(tuple(speech.plural_endings))
    if words and words[0].key in speech.stops and words[0].key not in speech.within:
        words = words[1:]
    if not plural or len(words) < 2 or words[0].key not in speech.within:
        return None
    short = scene.text[words[1].start : words[1].start + 2].isupper()
    if not short and not any(word.key in speech.bodies for word in words[1:4]):
        return None
    phrase = _until_verb(_phrase(words[1:], speech), speech)
    return Attribution(scene.text[phrase[0].start : phrase[-1].end])


def _subject_between(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The subject between a quotation and its verb: `he said`, `X told`, `a-t-il ajouté`."""
    speech = scene.speech
    if any(word.key in speech.pronouns for word in words[-3:]):
        return Attribution(None, pronoun=True)
    kept = [word for word in words if word.key not in speech.auxiliaries or word.capital]
    if not kept:
        return None
    names = _names(scene, kept, bodies=True)
    if names and names[-1].end >= kept[-1].end and not is_bound(kept, names[-1], speech):
        return _person(scene, names[-1])
    return _described(scene, kept) if kept[0].key in speech.articles else None


def _subject_before(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The subject that precedes its verb, an apposition between commas skipped."""
    kept = list(words)
    speech = scene.speech
    while kept and kept[-1].key in speech.auxiliaries and kept[-1].key not in speech.pronouns:
        kept.pop()
    if len(kept) > 3 and kept[-1].key == kept[-3].key == "," and kept[-2].key in speech.pronouns:
        del kept[-3:]
    if kept and kept[-1].key in speech.pronouns:
        return Attribution(None, pronoun=True)
    if kept and kept[-1].key in ",—–)":
        return _apposed(scene, kept[:-1])
    clause = _clause_before(kept)
    while clause and clause[0].is_sign:
        clause.pop(0)
    if not clause:
        return None
    names = _names(scene, clause, bodies=True)
    if names[-1:] and names[-1].end == clause[-1].end and not is_bound(clause, names[-1], speech):
        return _person(scene, names[-1])
    body = names[0] if names and names[0].start in scene.relays else None
    if body is not None and _is_led_by_article(clause, body, speech):
        return Attribution(_with_complement(scene, clause, body) or body.text, named=True)
    names = [name for name in names if name.start not in scene.relays or name.is_person]
    first = next((name for name in names if not is_bound(clause, name, speech)), None)
    if first is not None and _is_parted(clause, first, speech) and _is_known(scene, first, words):
        whole = _with_complement(scene, clause, first)
        return Attribution(whole, named=True) if whole else _person(scene, first)
    if _may_open(clause[0], speech):
        phrase = _until_verb(_phrase(clause, speech), speech)
        if phrase and len(phrase) <= _PHRASE_WORDS:
            return _described(scene, phrase)
    titled = not speech.articles and any(w.key in speech.honorifics for w in clause)
    if titled and len(clause) <= _FIGURE_WORDS and clause[0].key not in speech.genitives:
        return _described(scene, clause)
    if speech.bare_nouns and len(clause) <= _FIGURE_WORDS and clause[0].capital:
        return _described(scene, clause)
    if not speech.cased and clause[0].key in speech.genitives and len(clause) > 1:
        return _described(scene, clause[1:_PHRASE_WORDS])
    return None


def _with_complement(scene: Scene, clause: Sequence[Word], name: Name) -> str | None:
    """A body of one word behind an article with what belongs to it: `the Ministry of Fisheries`."""
    speech = scene.speech
    known = name.is_person or " " in name.text or scene.people.full_name(name).text != name.text
    behind = [word for word in clause if word.start >= name.end]
    led = clause[0].key in speech.articles and clause[0].end <= name.start
    if known or not led or not behind or behind[0].key not in speech.genitives:
        return None
    end, bound = name.end, True
    for word in behind:
        joint = word.key in speech.genitives or word.key in speech.articles
        if not joint and not bound and not word.capital:
            break
        if not joint:
            end = word.end
        bound = joint
    return scene.text[name.start : end]


def _until_verb(phrase: Sequence[Word], speech: Speech) -> Sequence[Word]:
    """A noun phrase without what follows a first verb: `the mayor praises … and insists`."""
    titles = speech.titles
    for i, word in enumerate(phrase[2:], 2):
        verbal = word.key in speech.verbs or word.key in speech.adverbs
        if verbal and word.key not in titles and not word.capital:
            return phrase[:i]
    return phrase


def _is_known(scene: Scene, name: Name, words: Sequence[Word]) -> bool:
    """Whether a capitalized word is a name: not what a capital opens the sentence with (`Poi`)."""
    known = name.is_person or " " in name.text or name.start != words[0].start
    return known or scene.people.full_name(name).text != name.text


def _is_parted(clause: Sequence[Word], name: Name, speech: Speech) -> bool:
    """Whether nothing but time and place stands between a name and its verb: `X on Monday said`."""
    behind = [word for word in clause if word.start >= name.end]
    before = [word for word in clause if word.end <= name.start]
    parted = bool(behind) and (
        behind[0].key in speech.bound
        or behind[0].key in speech.auxiliaries
        or clause[0].key in speech.articles
    )
    return parted and len(before) <= _BEYOND and not any(w.key in speech.verbs for w in before)


def _apposed(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The name before an apposition: `X, directeur de Y, a dit`."""
    clause = _clause_before(words)
    if not words:
        return None
    rest = _clause_before(words[: max(0, len(words) - len(clause) - 1)])
    inner, outer = _names(scene, clause), _names(scene, rest)
    opens = bool(outer) and outer[-1].end == rest[-1].end and " " in outer[-1].text
    closes = inner and inner[-1].end == clause[-1].end and " " in inner[-1].text
    relative = bool(clause) and _is_binding(clause[0], scene.speech)
    if not opens and closes and not relative and not is_bound(clause, inner[-1], scene.speech):
        return _person(scene, inner[-1])
    known = bool(outer) and outer[-1].end == rest[-1].end and _is_known(scene, outer[-1], words)
    if known and not is_bound(rest, outer[-1], scene.speech):
        return _person(scene, outer[-1])
    if 1 < len(rest) <= _PHRASE_WORDS and rest[0].key in scene.speech.articles:
        return _described(scene, rest)
    return None


def _clause_before(words: Sequence[Word]) -> list[Word]:
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


def _is_binding(word: Word, speech: Speech) -> bool:
    """Whether a clause that begins with this word, or has it before a name, names no subject."""
    listed = word.key in speech.bound or word.key in speech.verbs
    return listed and word.key not in speech.honorifics


def _may_open(word: Word, speech: Speech) -> bool:
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


def _according(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """`selon X`, `according to X`: only at the start of the stretch or after a comma."""
    speech = scene.speech
    for i, word in enumerate(words[:3]):
        if word.key not in speech.according_heads:
            continue
        for length in (4, 3, 2, 1):
            phrase = " ".join(word.key for word in words[i : i + length]).replace("' ", "'")
            if phrase in speech.according_pronouns:
                return Attribution(None, pronoun=True)
            if phrase in speech.according:
                return _subject_after(scene, words[i + length :])
    return None


def _only_person(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The only person that a sentence ending in a colon names."""
    names = [
        name
        for name in _names(scene, words)
        if (" " in name.text or name.is_person) and not is_bound(words, name, scene.speech)
    ]
    distinct = {scene.people.full_name(name).text for name in names}
    if names:
        return _person(scene, names[-1]) if len(distinct) == 1 else None
    speech = scene.speech
    if words[0].key in speech.stops and not words[0].is_sign:
        words = words[1:]
    alone = bool(words) and words[0].key in speech.figures
    phrase = words[: 1 if alone else 2]
    opens = alone or (len(phrase) > 1 and phrase[0].key in speech.articles | speech.indefinite)
    is_figure = opens and phrase[-1].key in speech.titles
    return _described(scene, phrase) if is_figure else None


def _phrase(words: Sequence[Word], speech: Speech) -> list[Word]:
    kept: list[Word] = []
    for word in words[:_SUBJECT_WORDS]:
        ends = word.key in speech.stops and word.key not in speech.articles
        told = word.key in speech.addressees and bool(kept) and kept[-1].key not in speech.articles
        if kept and (ends or told) and not word.capital:
            break
        kept.append(word)
    if _is_bound_from(kept[0], speech):
        return []
    return kept


def _name_in(scene: Scene, phrase: Sequence[Word]) -> Name | None:
    """The name that a noun phrase leads to: its first that no preposition binds to another noun."""
    names = _names(scene, phrase, bodies=True)
    free = [name for name in names if not is_bound(phrase, name, scene.speech)]
    bodies = [name for name in free if name.start in scene.relays and not name.is_person]
    if bodies and bodies[0] is free[0] and _is_led_by_article(phrase, free[0], scene.speech):
        return free[0]
    free = [name for name in free if name not in bodies]
    if not free:
        return None
    leads = all(
        word.key in scene.speech.articles or word.key in scene.speech.honorifics or word.is_sign
        for word in phrase
        if word.end <= free[0].start
    )
    goes_on = any(word.start >= free[0].end and not word.capital for word in phrase)
    if free[0].is_person or (leads and not goes_on):
        return free[0]
    full = next((name for name in free[1:] if " " in name.text), None)
    if leads:
        # `said Norco spokesman Tim Burke`, not `said Norco on its page`.
        return full or free[0]
    return next((name for name in free if " " in name.text), None)


def _is_led_by_article(phrase: Sequence[Word], name: Name, speech: Speech) -> bool:
    return all(word.key in speech.articles for word in phrase if word.end <= name.start)


def _names(scene: Scene, words: Sequence[Word], bodies: bool = False) -> list[Name]:
    """Persons mentioned among the words, and capitalized runs that overlap none of them.

    Organizations and places only where `bodies` may speak.
    """
    if not words:
        return []
    start, end = words[0].start, words[-1].end
    persons = [name for name in names_in(scene.mentions, start, end) if name.end <= end]
    found = find_names(scene.text, words, scene.speech)
    if not scene.speech.capital_nouns:
        persons = [_whole(name, found) for name in persons]
    runs = [
        run
        for run in found
        if run.start not in (scene.agencies if bodies else scene.relays)
        and not (scene.speech.capital_nouns and _is_noun(words, run, scene.speech))
        and run.text.lower() not in scene.speech.figures
        and not any(run.start < name.end and name.start < run.end for name in persons)
    ]
    named = sorted([*persons, *runs], key=lambda name: name.start)
    return [name for name in named if not _is_possessive(scene, name)]


def _is_possessive(scene: Scene, name: Name) -> bool:
    """Whether a name only says whose something is: `Merkel’s coalition`."""
    english = scene.speech.bare_nouns and not scene.speech.capital_nouns
    return english and scene.text[name.end : name.end + 3] in ("’s ", "'s ")


def _whole(name: Name, runs: Sequence[Name]) -> Name:
    """A person's name with the capitalized words that follow it."""
    longer = (run for run in runs if run.start == name.start and run.end > name.end)
    run = next(longer, name)
    return replace(name, end=run.end, text=run.text)


def _is_noun(words: Sequence[Word], run: Name, speech: Speech) -> bool:
    """Whether a noun has an article: `die Energieministerin`, `die Hamburger Senatorin`."""
    before = [word for word in words if word.end <= run.start]
    of_place = run.text.partition(" ")[0].endswith("er") and " " in run.text
    alone = " " not in run.text or of_place
    return alone and bool(before) and before[-1].key in speech.articles


def _person(scene: Scene, name: Name) -> Attribution:
    full = scene.people.full_name(name)
    return Attribution(full.text, full.entity_id, named=True)


def _described(scene: Scene, phrase: Sequence[Word]) -> Attribution | None:
    """A noun phrase as speaker: the person it is the title of, else as written.

    A noun for a person or a text, as `the minister`, may stand for whoever spoke last.
    """
    speech = scene.speech
    if phrase[0].key in speech.indefinite and len(phrase) == 1:
        return Attribution(None)
    if phrase[0].start in scene.agencies or all(w.key in scene.speech.articles for w in phrase):
        return None
    person = scene.people.titled(title_key(phrase, scene.speech))
    if person is None and len(phrase) == 1 and not speech.cased:
        person = scene.people.by_part(phrase[0].key)
    if person is not None:
        return Attribution(person.text, person.entity_id, named=True)
    written = scene.text[phrase[0].start : phrase[-1].end]
    return Attribution(written, pronoun=_stands_for(phrase, speech) or is_company(written, speech))


def _stands_for(phrase: Sequence[Word], speech: Speech) -> bool:
    """Whether a noun phrase may stand for a person named before: `the Swede`, `die Ärztin`.

    A noun for a person or a text; any other that an article makes definite but one for a body.
    """
    if phrase[0].key in speech.indefinite or phrase[0].key in speech.plural_articles:
        return False
    size = _FIGURE_WORDS if speech.cased else 1
    if len(phrase) <= size and any(_is_figure(word, speech) for word in phrase):
        foreign = any(word.capital and word.key not in speech.figures for word in phrase[1:])
        return not foreign or speech.capital_nouns
    if phrase[0].key not in speech.definite or not 1 < len(phrase) <= _FIGURE_WORDS:
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


def _sentence_start(text: str, end: int, limit: int) -> int:
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
