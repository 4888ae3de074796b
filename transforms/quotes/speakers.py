"""Who says the words between two marks: by what stands after them, else before them.

After: `« … », a déclaré X`, `"…," X said`. Before: `X dira : « … »`, `X said that "…"`, `selon X,
… « … »`. A speaker is a person's name, else the noun phrase as written; a pronoun or a title is
resolved to a person only where the article has one candidate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.quotes.clauses import (
    FIGURE_WORDS,
    SENTENCE_ENDS,
    SUBJECT_WORDS,
    clause_before,
    first_verb,
    is_adverbial,
    is_bare,
    is_bound,
    is_passive,
    leading_verb,
    main_clause,
    may_follow,
    phrase_of,
    qualifying_verb,
    sentence_start,
    until_end,
    until_verb,
    without_brackets,
)
from transforms.quotes.marks import Span
from transforms.quotes.people import names_in
from transforms.quotes.scene import Attribution, Scene
from transforms.quotes.subjects import (
    described,
    is_full_name,
    names_among,
    only_mention,
    only_person,
    person_named,
    subject_after,
    subject_before,
    subject_between,
)
from transforms.quotes.unspaced import Told, told_after, told_before
from transforms.quotes.verb_final import is_local, is_oblique, is_participle, verb_behind
from transforms.quotes.words import Name, Word, split_words

_REACH_AFTER, _REACH_BEFORE = 130, 240
_REACH_INSIDE = 1_000
# A word right behind a comma or dash.
_INSERTED = re.compile(r"[,—–،][ \u00a0]?(\w{1,30})")
_FIRST_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}\Z")
_LEADING = frozenset(",.!?…-—–\u060c，。")


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
    if not (parted or heads) and words and not may_follow(words[0], scene.speech):
        return None
    if _is_new_sentence(scene, span, words):
        return None
    if words and words[0].key in scene.speech.agents:
        passive = qualifying_verb(lead, scene.speech) is not None
        return subject_after(scene, words[1:]) if passive else None
    clause = until_end(words)
    verb = first_verb(clause, scene.speech)
    if verb is None:
        found = according(scene, words) or _apposed_after(scene, words)
        found = found or (leading_name(scene, words) if heads and scene.speech.cased else None)
        return found or (_unknown_verb(scene, clause, words) if parted else None)
    before, after = clause[:verb], words[verb + 1 :]
    found = subject_between(scene, before) or _within(scene, clause[verb + 1 :], clause[verb])
    found = found or subject_after(scene, after)
    if found is None and parted and is_bare(before, scene.speech):
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
        return subject_after(scene, words[at + 1 :])
    names = names_among(scene, after)
    return person_named(scene, names[0]) if names and names[0].start == after[0].start else None


def _verb_final(scene: Scene, words: Sequence[Word], lead: Sequence[Word]) -> Attribution | None:
    """The subject of a verb that follows the words: before them, or behind a participle."""
    verb = verb_behind(words, scene.speech)
    if verb is None:
        named = _subject_of(scene, lead) if lead and lead[-1].key == "," else None
        return named if named is not None and named.named else None
    stated = _stated_by(scene, lead)
    if stated is not None:
        return stated
    behind = names_among(scene, until_end(words[verb + 1 : verb + 1 + SUBJECT_WORDS]))
    full = next((name for name in behind if " " in name.text or name.is_person), None)
    if full is not None and is_participle(words[verb]):
        return person_named(scene, full)
    return _subject_of(scene, lead) or (
        person_named(scene, full) if full else Attribution(None, pronoun=True)
    )


def _subject_of(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """The subject of a sentence whose verb stands at its end: its first name in no other case."""
    names = [
        name
        for name in names_among(scene, lead)
        if not is_oblique(scene.text, name.end) and is_full_name(scene, name)
    ]
    ended = [name for name in names if _is_ended(name, lead)]
    if ended or names:
        return person_named(scene, (ended or names)[-1 if ended else 0])
    phrase = until_end(lead)
    closed = len(phrase) < len(lead) and lead[len(phrase)].key in ",:"
    last = next((i for i, word in enumerate(phrase) if word.key == "ise"), None)
    if last is not None:
        phrase, closed = phrase[:last], True
    if not phrase or not closed or is_local(phrase[-1]):
        return None
    figure = phrase[-1].key in scene.speech.figures
    if figure and not any(word.capital for word in phrase[1:]) and len(phrase) > 1:
        return Attribution(scene.text[phrase[0].start : phrase[-1].end], pronoun=True)
    if figure and len(phrase) > FIGURE_WORDS:
        return Attribution(scene.text[phrase[-1].start : phrase[-1].end], pronoun=True)
    return described(scene, phrase) if len(phrase) <= FIGURE_WORDS else None


def _stated_by(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """Whose statement it is: `X Valiliği'nden yapılan açıklamada`."""
    for i, word in enumerate(lead[1:], 1):
        stated = word.key in ("yapılan", "yayımlanan") and is_local(lead[i - 1])
        if stated or word.key == "tarafından":
            names = names_among(scene, lead[:i], bodies=True)
            return person_named(scene, names[-1]) if names else None
    return None


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


def _apposed_after(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """`the mayor, X, said`: the subject of a verb that an apposition parts from it."""
    commas = [i for i, word in enumerate(words[: 2 * SUBJECT_WORDS]) if word.key == ","][:2]
    if len(commas) < 2 or any(word.key in ".!?;" for word in words[: commas[1]]):
        return None
    rest = [word for word in words[commas[1] + 1 :] if word.key not in scene.speech.auxiliaries]
    if not rest or rest[0].key not in scene.speech.verbs:
        return None
    inner = names_among(scene, words[commas[0] + 1 : commas[1]])
    outer = names_among(scene, words[: commas[0]])
    for names, end in ((outer, commas[0]), (inner, commas[1])):
        if names and names[-1].end == words[end - 1].end:
            return person_named(scene, names[-1])
    return None


def lead_words(scene: Scene, span: Span, limit: int) -> list[Word]:
    """The words of the sentence that leads to the opening mark, not before `limit`."""
    begin = sentence_start(scene.text, span.opening, max(limit, span.opening - _REACH_BEFORE))
    if not scene.speech.spaced:
        whole = scene.text[begin : span.opening].strip()
        return [Word(begin, span.opening, whole, False)] if whole else []
    words = split_words(scene.text, begin, span.opening, scene.speech)
    while words and words[0].key in SENTENCE_ENDS:
        words = words[1:]
    return without_brackets(words)


def attribution_before(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """The attribution in the words that lead to the opening mark; None if there is none."""
    if not lead:
        return None
    if not scene.speech.spaced:
        told = told_before(scene.text, lead[0].start, lead[-1].end, scene.speech)
        return _unspaced(scene, told)
    if scene.speech.verb_final:
        named = _subject_of(scene, lead[:-1]) if lead[-1].key in ":：" else None
        return named or according_behind(scene, lead)
    verb = leading_verb(lead, scene.speech)
    if is_passive(lead, scene.speech):
        return _agent(scene, lead)
    found = None if verb is None else _subject_around(scene, lead, verb)
    if found is None and lead[-1].key in ":：":
        found = only_person(scene, lead)
    found = found or according(scene, lead)
    if found is None and verb is not None:
        found = only_mention(scene, main_clause(lead, verb, scene.speech))
    if found is None and verb is not None and scene.speech.drops_pronouns:
        clause = clause_before(lead[:verb])
        dropped = is_adverbial(clause, scene.speech)
        return Attribution(None, pronoun=True) if dropped else None
    return found


def _agent(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """Whom a passive names: `by X`, the last one before the quotation."""
    for i in range(len(words) - 1, -1, -1):
        if words[i].key in scene.speech.agents:
            return subject_after(scene, words[i + 1 :])
    return None


def according_behind(scene: Scene, lead: Sequence[Word]) -> Attribution | None:
    """`X'e göre`: the name before the word, in whatever case."""
    for i, word in enumerate(lead):
        if word.key in scene.speech.according:
            names = names_among(scene, lead[:i])
            return person_named(scene, names[-1]) if names else None
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
    named = subject_after(scene, after, named=not (like or inserted)) if inverted else None
    found = named or subject_before(scene, words[:verb])
    found = found or _within(scene, clause_before(words[:verb]), words[verb])
    if found is None and (words[-1].key in ":：" or not scene.speech.cased):
        found = subject_after(scene, after)
    return found


def leading_name(scene: Scene, lead: Sequence[Word], mentioned: bool = False) -> Attribution | None:
    """The full name with which a sentence opens, behind articles and titles alone: its subject.

    Only a person's that is known as such where it must be `mentioned`.
    """
    speech = scene.speech
    if is_passive(lead, speech):
        return None
    clause = until_end(lead)
    for name in names_among(scene, clause):
        before = [word for word in clause if word.end <= name.start]
        bound = is_bound(clause, name, speech) or len(before) > FIGURE_WORDS
        told = any(word.key in speech.verbs or word.key in speech.stops for word in before)
        if bound or told:
            return None
        if name.is_person or (" " in name.text and not mentioned):
            return person_named(scene, name)
    return None


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
            return subject_after(scene, words[verb + 1 :])
        clause = until_end(words[i + 1 :])
        said = first_verb(clause, scene.speech)
        if said is not None and scene.speech.bare_nouns and not scene.speech.capital_nouns:
            return subject_between(scene, clause[:said])
    return None


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
            found = subject_after(scene, words[verb + 1 :])
            if found is not None and (found.named or found.pronoun or not speech.cased):
                return found
    return None


def _unspaced(scene: Scene, told: Told | None) -> Attribution | None:
    """The subject in a clause without spaces."""
    if told is None:
        return None
    subject = scene.text[told.start : told.end].removeprefix("据").removeprefix("據").strip()
    if not subject or subject.startswith((*scene.speech.pronouns, *scene.speech.indefinite)):
        return Attribution(None, pronoun=True)
    persons = names_in(scene.mentions, told.start, told.end)
    if persons:
        return person_named(scene, persons[0])
    return Attribution(_with_first_name(scene.text, told.start, subject))


def _with_first_name(text: str, before: int, subject: str) -> str:
    """A foreigner's surname as the full name that the text has before: `福奇` as `安东尼·福奇`."""
    at = text.find("·" + subject, max(0, before - _REACH_INSIDE), before)
    first = _FIRST_NAME.search(text, max(0, at - 6), at) if at >= 0 else None
    return f"{first[0]}·{subject}" if first else subject


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
    phrase = until_verb(phrase_of(words[1:], speech), speech)
    return Attribution(scene.text[phrase[0].start : phrase[-1].end])


def according(scene: Scene, words: Sequence[Word]) -> Attribution | None:
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
                return subject_after(scene, words[i + length :])
    return None
