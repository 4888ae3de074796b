"""Who the subject of a clause is: a person, a body, a noun phrase, as the words name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.quotes.clauses import (
    BEYOND,
    FIGURE_WORDS,
    clause_before,
    first_verb,
    is_binding,
    is_bound,
    is_company,
    is_led_by_article,
    is_noun,
    is_parted,
    may_lead,
    may_open,
    phrase_beyond,
    phrase_of,
    stands_for,
    until_end,
    until_verb,
    without_times,
)
from transforms.quotes.people import names_in, title_key
from transforms.quotes.scene import Attribution, Scene
from transforms.quotes.words import Name, Word, find_names

_PHRASE_WORDS = 9


def is_full_name(scene: Scene, name: Name) -> bool:
    """Whether a capitalized run is a name: a person's, of two words, or a part of such a one."""
    before = scene.text[max(0, name.start - 20) : name.start].split()[-1:]
    known = name.is_person or " " in name.text
    known = known or any(word.lower() in scene.speech.honorifics for word in before)
    return known or scene.people.full_name(name).text != name.text


def subject_role(scene: Scene, sentence: Sequence[Word]) -> Name | None:
    """The person by the role alone with which a sentence opens: `The home secretary is …`."""
    speech = scene.speech
    if len(sentence) < 2 or sentence[0].key not in speech.definite:
        return None
    for i, word in enumerate(sentence[1 : FIGURE_WORDS + 1], 1):
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
    verb = first_verb(sentence[:FIGURE_WORDS], scene.speech)
    found = None if verb is None else subject_after(scene, sentence[verb + 1 :])
    if found is None or found.speaker is None or found.pronoun:
        return None
    start = sentence[0].start
    return Name(start, sentence[-1].end, found.speaker, found.entity_id)


def company_before(scene: Scene, sentence: Sequence[Word]) -> str | None:
    """The company with whose name a sentence opens: `La compañía aérea Iberia despedirá …`."""
    speech = scene.speech
    opening = sentence[: FIGURE_WORDS + 2]
    bound = speech.breaking
    for name in find_names(scene.text, opening, speech):
        before = [word for word in opening if word.end <= name.start]
        person = any(one.start <= name.start < one.end for one in scene.mentions)
        breaks = any(w.is_sign or w.key in bound for w in before)
        return None if person or breaks else name.text
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
    if breaks or len(before) > FIGURE_WORDS or is_bound(words, names[0], speech):
        return None
    full = scene.people.full_name(names[0])
    return full if apposed or " " in full.text else None


def subject_after(scene: Scene, words: Sequence[Word], named: bool = False) -> Attribution | None:
    """The subject that follows its verb: pronoun, name, or (not `named`) a noun phrase."""
    speech = scene.speech
    words = _without_addressee(scene, words)
    said = next((i for i, word in enumerate(words) if word.key in speech.complementizers), None)
    words = words if said is None else words[:said]
    whole = until_end(words)
    rest = words[len(whole) :]
    clause = without_times(whole, speech)
    if not clause:
        return None
    if clause[0].key in speech.pronouns:
        return Attribution(None, pronoun=True)
    phrase = phrase_of(clause, speech) or phrase_beyond(clause, speech)
    if not phrase:
        return only_mention(scene, clause)
    name = _name_in(scene, phrase)
    if name is not None:
        return person_named(scene, name)
    apposed = _apposed_name(scene, rest)
    if apposed is not None:
        return person_named(scene, apposed)
    if named or not may_lead(phrase[0], speech):
        return None
    return described(scene, phrase)


def _apposed_name(scene: Scene, rest: Sequence[Word]) -> Name | None:
    """The full name that a comma parts from a role: `said the mayor, the Socialist X, …`."""
    if not rest or rest[0].key != ",":
        return None
    inner = rest[1:]
    while inner and inner[0].key == ".":
        inner = inner[1:]
    clause = until_end(inner)
    for name in names_among(scene, clause):
        if " " not in name.text:
            continue
        before = [word for word in clause if word.end <= name.start]
        free = not any(is_binding(word, scene.speech) for word in before)
        return name if free and len(before) <= FIGURE_WORDS else None
    return None


def only_mention(scene: Scene, clause: Sequence[Word]) -> Attribution | None:
    """The one person whom a clause names, by nothing bound to another noun."""
    names = [
        name
        for name in names_among(scene, clause)
        if name.is_person and not is_bound(clause, name, scene.speech)
    ]
    distinct = {scene.people.full_name(name).text for name in names}
    return person_named(scene, names[0]) if len(distinct) == 1 else None


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
    near = until_end(words[:BEYOND])
    name = next((name for name in names_among(scene, near) if " " in name.text), None)
    if name is None:
        return None
    first, *_, last = name.text.lower().split()
    pairs = (pair.split(" ") for pair in scene.speech.datives_of_names)
    told = any(first.endswith(one) and last.endswith(other) for one, other in pairs)
    return name if told else None


def subject_between(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The subject between a quotation and its verb: `he said`, `X told`, `a-t-il ajouté`."""
    speech = scene.speech
    if any(word.key in speech.pronouns for word in words[-3:]):
        return Attribution(None, pronoun=True)
    kept = [word for word in words if word.key not in speech.auxiliaries or word.capital]
    if not kept:
        return None
    names = names_among(scene, kept, bodies=True)
    if names and names[-1].end >= kept[-1].end and not is_bound(kept, names[-1], speech):
        return person_named(scene, names[-1])
    return described(scene, kept) if kept[0].key in speech.articles else None


def subject_before(scene: Scene, words: Sequence[Word]) -> Attribution | None:
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
    clause = clause_before(kept)
    while clause and clause[0].is_sign:
        clause.pop(0)
    if not clause:
        return None
    names = names_among(scene, clause, bodies=True)
    if names[-1:] and names[-1].end == clause[-1].end and not is_bound(clause, names[-1], speech):
        return person_named(scene, names[-1])
    body = names[0] if names and names[0].start in scene.relays else None
    if body is not None and is_led_by_article(clause, body, speech):
        return Attribution(_with_complement(scene, clause, body) or body.text, named=True)
    names = [name for name in names if name.start not in scene.relays or name.is_person]
    first = next((name for name in names if not is_bound(clause, name, speech)), None)
    if first is not None and is_parted(clause, first, speech) and _is_known(scene, first, words):
        whole = _with_complement(scene, clause, first)
        return Attribution(whole, named=True) if whole else person_named(scene, first)
    if may_open(clause[0], speech):
        phrase = until_verb(phrase_of(clause, speech), speech)
        if phrase and len(phrase) <= _PHRASE_WORDS:
            return described(scene, phrase)
    titled = not speech.articles and any(w.key in speech.honorifics for w in clause)
    if titled and len(clause) <= FIGURE_WORDS and clause[0].key not in speech.genitives:
        return described(scene, clause)
    if speech.bare_nouns and len(clause) <= FIGURE_WORDS and clause[0].capital:
        return described(scene, clause)
    if not speech.cased and clause[0].key in speech.genitives and len(clause) > 1:
        return described(scene, clause[1:_PHRASE_WORDS])
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


def _is_known(scene: Scene, name: Name, words: Sequence[Word]) -> bool:
    """Whether a capitalized word is a name: not what a capital opens the sentence with (`Poi`)."""
    known = name.is_person or " " in name.text or name.start != words[0].start
    return known or scene.people.full_name(name).text != name.text


def _apposed(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The name before an apposition: `X, directeur de Y, a dit`."""
    clause = clause_before(words)
    if not words:
        return None
    rest = clause_before(words[: max(0, len(words) - len(clause) - 1)])
    inner, outer = names_among(scene, clause), names_among(scene, rest)
    opens = bool(outer) and outer[-1].end == rest[-1].end and " " in outer[-1].text
    closes = inner and inner[-1].end == clause[-1].end and " " in inner[-1].text
    relative = bool(clause) and is_binding(clause[0], scene.speech)
    if not opens and closes and not relative and not is_bound(clause, inner[-1], scene.speech):
        return person_named(scene, inner[-1])
    known = bool(outer) and outer[-1].end == rest[-1].end and _is_known(scene, outer[-1], words)
    if known and not is_bound(rest, outer[-1], scene.speech):
        return person_named(scene, outer[-1])
    if 1 < len(rest) <= _PHRASE_WORDS and rest[0].key in scene.speech.articles:
        return described(scene, rest)
    return None


def only_person(scene: Scene, words: Sequence[Word]) -> Attribution | None:
    """The only person that a sentence ending in a colon names."""
    names = [
        name
        for name in names_among(scene, words)
        if (" " in name.text or name.is_person) and not is_bound(words, name, scene.speech)
    ]
    distinct = {scene.people.full_name(name).text for name in names}
    if names:
        return person_named(scene, names[-1]) if len(distinct) == 1 else None
    speech = scene.speech
    if words[0].key in speech.stops and not words[0].is_sign:
        words = words[1:]
    alone = bool(words) and words[0].key in speech.figures
    phrase = words[: 1 if alone else 2]
    opens = alone or (len(phrase) > 1 and phrase[0].key in speech.articles | speech.indefinite)
    is_figure = opens and phrase[-1].key in speech.titles
    return described(scene, phrase) if is_figure else None


def _name_in(scene: Scene, phrase: Sequence[Word]) -> Name | None:
    """The name that a noun phrase leads to: its first that no preposition binds to another noun."""
    names = names_among(scene, phrase, bodies=True)
    free = [name for name in names if not is_bound(phrase, name, scene.speech)]
    bodies = [name for name in free if name.start in scene.relays and not name.is_person]
    if bodies and bodies[0] is free[0] and is_led_by_article(phrase, free[0], scene.speech):
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


def names_among(scene: Scene, words: Sequence[Word], bodies: bool = False) -> list[Name]:
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
        and not (scene.speech.capital_nouns and is_noun(words, run, scene.speech))
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


def person_named(scene: Scene, name: Name) -> Attribution:
    """Who is named, in the full form of the article."""
    full = scene.people.full_name(name)
    return Attribution(full.text, full.entity_id, named=True)


def described(scene: Scene, phrase: Sequence[Word]) -> Attribution | None:
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
    return Attribution(written, pronoun=stands_for(phrase, speech) or is_company(written, speech))
