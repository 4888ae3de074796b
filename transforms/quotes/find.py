"""Finds the quotations of a text: what somebody said, between marks, and who.

Not every pair of marks is one: ships, companies, titles and banners stand between marks too. A
span counts when the text says who speaks; without that only whole clauses count, and one to three
words only directly after a verb that quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.quotes.clauses import is_bound, is_company
from transforms.quotes.key import quote_key
from transforms.quotes.lexicon import speech
from transforms.quotes.marks import Span, find_spans
from transforms.quotes.people import People, names_in
from transforms.quotes.quoting import is_carried, is_told, qualifies
from transforms.quotes.scene import Attribution, Scene
from transforms.quotes.speakers import (
    attribution_after,
    attribution_at_end,
    attribution_before,
    attribution_inside,
    lead_words,
    leading_name,
)
from transforms.quotes.subjects import company_before, subject_name, subject_role, subject_told
from transforms.quotes.verb_final import is_oblique
from transforms.quotes.words import Name, Word, find_names, split_words

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_SHORT, _CLAUSE = 3, 6
_TRAILING = ",;،， \u00a0\u202f"
_NEAR = 600
_TITLE, _TITLE_WORDS = 40, 3
_GAP, _JOINT, _CONTINUES = 120, 30, 400
_FULL_STOPS, _ALONE = ".!?…。！？\u061f", ".!?…:\n—"
_NEVER_FIRST = frozenset(",;:.)]!?")
_INNER_STOP = re.compile(r"[^\W\d_]{3}[.!?;] ")
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?;][»”“\"]?[ \n]|\n")


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text[start:end]` is said by `speaker`, None where the text does not state it."""

    start: int
    end: int
    text: str
    speaker: str | None
    speaker_entity_id: str | None
    quote_key: str


def find_quotes(
    text: str,
    language: str | None,
    persons: Sequence[Name] = (),
    others: Sequence[tuple[int, int]] = (),
    agencies: Sequence[tuple[int, int]] = (),
) -> list[Quotation]:
    """The quotations of `text`, in order; never overlapping; offsets in code points.

    `persons` are the mentions of persons in it; those that are not `is_person` may be persons by
    their shape, and only stand for one whom a pronoun means. `others` are the spans of other named
    things, `agencies` of those that carry what others say.
    """
    spans = find_spans(text)
    if not spans:
        return []
    words = speech(language)
    relays = frozenset(start for start, end in agencies if not _goes_further(text, end))
    taken = relays | {start for start, end in others if not _goes_further(text, end)}
    ordered = sorted(persons, key=lambda person: person.start)
    named = tuple(one for one in ordered if one.is_person)
    possible = tuple(one for one in ordered if not one.is_person)
    scene = Scene(text, words, People(text, named, possible, taken, words), named, taken, relays)
    found: list[tuple[Span, Attribution]] = []
    for number, span in enumerate(spans):
        before = spans[number - 1].closing + 1 if number else 0
        after = spans[number + 1].opening if number + 1 < len(spans) else len(text)
        said = _attribute(scene, span, before, after, found)
        if said is not None:
            found.append((span, said))
    return [_quotation(text, span, said) for span, said in found]


def _goes_further(text: str, end: int) -> bool:
    """Whether a capitalized word follows a named thing: `Deutschen Wetterinstituts` is no place."""
    return text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()


def _attribute(
    scene: Scene, span: Span, before: int, after: int, found: list[tuple[Span, Attribution]]
) -> Attribution | None:
    """The attribution of a span that is a quotation; None if it is none."""
    inside = scene.text[span.start : span.end]
    size = _size(inside)
    lead = lead_words(scene, span, before)
    if not size or inside[0] in _NEVER_FIRST or is_carried(scene, lead):
        return None
    if not span.is_closed:
        return attribution_inside(scene, span)
    told = _is_told(scene, span, inside, lead, found)
    following: Attribution | None = None
    parted = scene.text[span.closing + 1 : span.closing + 2] in (",", "،")
    unsure = scene.speech.verb_final or (size <= _SHORT and not inside[0].isupper() and parted)
    if not told and (unsure or not scene.speech.spaced):
        following = attribution_after(scene, span, after, lead)
        if following and not scene.speech.spaced and _is_name_before(scene, span, size, following):
            following = None
        told = following is not None
    ended: Attribution | None = None
    if not told and inside[0].islower() and scene.speech.cased and lead and size <= _SHORT:
        ended = attribution_at_end(scene, span, after)
    if size <= _SHORT and not told and not ended and not _may_be_short(scene, span, inside, before):
        return None
    said = attribution_before(scene, lead) if told and following is None else None
    if said is None:
        following = following or attribution_after(scene, span, after, lead)
        said = following and replace(following, follows=True)
    said = said or (None if told else attribution_before(scene, lead))
    said = said or _by_others(scene, span, lead, found, told)
    if said is None and told:
        said = _same_subject(scene, before, lead, found)
    if said is None and inside[0].islower():
        said = ended or attribution_at_end(scene, span, after)
    said = said or _continues(scene, span, lead, found)
    if said is None:
        return _unattributed(scene, span, inside, size, lead, told)
    if told and not said.named and following is None and inside[0].isupper():
        behind = attribution_after(scene, span, after, lead)
        said = replace(behind, follows=True) if behind is not None and behind.named else said
    if told and not said.named:
        said = _same_subject(scene, before, lead, found) or said
    if said.pronoun:
        if said.speaker and is_company(said.speaker, scene.speech):
            return _of_company(scene, span, said)
        who = _who(scene, span, found, said.speaker)
        if who is not None:
            return replace(who, pronoun=False, named=True, follows=said.follows)
    return said


def _is_told(
    scene: Scene,
    span: Span,
    inside: str,
    lead: Sequence[Word],
    found: list[tuple[Span, Attribution]],
) -> bool:
    """Whether what stands before the words says that they are said: then a word is enough."""
    return (
        qualifies(scene, lead, inside[0].isupper())
        or is_told(scene, lead, inside)
        or _is_joined(scene, span, found)
        or _is_bracketed(scene, span, lead)
    )


def _by_others(
    scene: Scene,
    span: Span,
    lead: Sequence[Word],
    found: list[tuple[Span, Attribution]],
    told: bool,
) -> Attribution | None:
    """The speaker by what stands around: the quotation before, the sentence's first name."""
    if _is_joined(scene, span, found):
        return found[-1][1]
    named = leading_name(scene, lead) if told and scene.speech.cased else None
    return named or _going_on(scene, span, found) or attribution_inside(scene, span)


def _is_joined(scene: Scene, span: Span, found: list[tuple[Span, Attribution]]) -> bool:
    """Whether nothing but a word or two parts the words from those before: `“A” and “B”`."""
    if not found or span.opening - found[-1][0].closing > _JOINT:
        return False
    gap = scene.text[found[-1][0].closing + 1 : span.opening]
    small = not scene.speech.cased or scene.text[span.start].islower()
    return small and not any(sign in gap for sign in "\n.!?…。！？:：")


def _is_bracketed(scene: Scene, span: Span, lead: Sequence[Word]) -> bool:
    """Whether a verb that encloses them says the words: `hatte von „Panikmache“ gesprochen`."""
    if not scene.speech.capital_nouns or not lead:
        return False
    behind = scene.text[span.closing + 1 : span.closing + 20].split(" ")
    verb = behind[1].rstrip(".,") if len(behind) > 1 and not behind[0] else ""
    enclosing = scene.speech.auxiliaries | scene.speech.passives
    return verb in scene.speech.verbs and any(word.key in enclosing for word in lead)


def _same_subject(
    scene: Scene, before: int, lead: Sequence[Word], found: list[tuple[Span, Attribution]]
) -> Attribution | None:
    """The speaker of the quotation before, if the sentence goes on: `… and called it “…”`."""
    if not found or not lead or found[-1][0].closing + 1 != before or lead[0].capital:
        return None
    if not scene.speech.cased or scene.speech.verb_final:
        return None
    gap = scene.text[before : lead[0].start]
    goes_on = not any(sign in gap for sign in ".!?…\n")
    return found[-1][1] if goes_on and found[-1][1].speaker else None


def _going_on(
    scene: Scene, span: Span, found: list[tuple[Span, Attribution]]
) -> Attribution | None:
    """The speaker of the quotation before, which only `X said.` parts from this one."""
    if not found:
        return None
    last, said = found[-1]
    gap = scene.text[last.closing + 1 : span.opening] if span.opening - last.closing < _GAP else ""
    clause = gap.strip(" \u00a0\u202f")
    alone = (
        clause.endswith((".", ",", ";", ":")) and not _INNER_STOP.search(clause) and "\n" not in gap
    )
    return said if said.follows and alone else None


def _continues(
    scene: Scene, span: Span, lead: Sequence[Word], found: list[tuple[Span, Attribution]]
) -> Attribution | None:
    """The last speaker, of a sentence by itself in a paragraph that names nobody else since."""
    if not found or lead or not _stands_alone(scene, span):
        return None
    last, said = found[-1]
    begin = last.closing + 1
    if not said.speaker or span.opening - begin > _CONTINUES or not said.follows:
        return None
    if scene.text.find("\n", begin, span.opening) >= 0:
        return None
    named = scene.people.all_in(begin, span.opening)
    return said if all(one.text == said.speaker for one in named) else None


def _size(inside: str) -> int:
    """Words; two ideographs count as one."""
    ideographs = len(_IDEOGRAPH.findall(inside))
    return (ideographs + 1) // 2 if ideographs else len(_WORD.findall(inside))


def _is_name_before(scene: Scene, span: Span, size: int, said: Attribution) -> bool:
    """Whether a few words with no stop at their end name something: `“鲜果町”当晚发布声明称`."""
    inside = scene.text[span.end - 1] in _FULL_STOPS + "，,"
    behind = scene.text[span.closing + 1 : span.closing + 2]
    return size <= _SHORT and not inside and behind not in "，,。" and len(said.speaker or "") > 4


def _may_be_short(scene: Scene, span: Span, inside: str, before: int) -> bool:
    """Whether one to three words are a sentence of their own, or end in a comma before `said`."""
    lead = scene.text[max(before, span.opening - 3) : span.opening].strip(" \t—–-")
    opens = not lead or lead[-1] in ".!?…。\n"
    following = scene.text[span.closing + 1 : span.closing + 2]
    return opens and (
        inside[-1] in ",.!?…。！？"
        or (bool(following) and following in ",،，")
        or (_size(inside) == _SHORT and _stands_alone(scene, span))
    )


def _unattributed(
    scene: Scene, span: Span, inside: str, size: int, lead: Sequence[Word], told: bool
) -> Attribution | None:
    """Words that nobody is said to say count if they are a clause and not a title.

    A capital in the middle of a sentence opens a title: `постановление «О прекращении …»`.
    """
    if told:
        return Attribution(None)
    if not scene.speech.spaced and lead and lead[-1].key.endswith((":", "：")):
        return Attribution(None) if inside[-1] in _FULL_STOPS else None
    words = _WORD.findall(inside)
    small = sum(not word[0].isupper() for word in words)
    titled = inside[0].isupper() and bool(lead) and not lead[-1].is_sign
    least = _SHORT if not lead and _stands_alone(scene, span) else _CLAUSE
    capitals = not (_IDEOGRAPH.search(inside) or scene.speech.capital_nouns)
    if size < least or titled or (capitals and small * 2 < len(words)):
        return None
    return Attribution(None)


def _stands_alone(scene: Scene, span: Span) -> bool:
    """Whether a quotation is a sentence by itself, or a headline with what a colon introduces."""
    following = scene.text[span.closing + 1 : span.closing + 2]
    return scene.text[span.end - 1] in _FULL_STOPS or not following or following in _ALONE


def _who(
    scene: Scene, span: Span, found: list[tuple[Span, Attribution]], title: str | None
) -> Attribution | None:
    """Whom a pronoun beside a quotation means: the last speaker, else the one person named near.

    Else the one person of the whole article, if named before. A noun (`title`), as `the minister`,
    may mean any of two persons that a sentence names, and nobody with another title.
    """
    far = max(0, span.opening - _NEAR)
    if title is not None and _is_introduced(scene, far, span.opening, title):
        return None
    begin = max(far, scene.text.rfind("\n", far, span.opening) + 1)
    earlier = max(far, scene.text.rfind("\n", far, max(far, begin - 2)) + 1)
    if found and found[-1][1].pronoun and not found[-1][1].speaker and title is None:
        return None
    speakers = found and found[-1][1].speaker and found[-1][0].closing >= earlier
    if speakers and not (title and found[-1][1].pronoun and not found[-1][1].named):
        last, said = found[-1]
        ended = _SENTENCE.search(scene.text, last.closing, span.opening) if said.follows else None
        since = ended.end() if ended else span.opening if said.follows else last.closing + 1
        near = _antecedent(scene, since, span.opening, title, roles=False)
        if near is None and not said.named and _names_others(scene, since, span.opening, said):
            return None
        if near is None:
            return said if _may_be_called(scene, said.speaker, title) else None
    else:
        near = _antecedent(scene, earlier, span.opening, title, roles=title is None)
    if near is not None:
        known = _may_be_called(scene, near.text, title)
        return Attribution(near.text, near.entity_id, named=True) if known else None
    person = scene.people.only_one
    if person is not None and person.start < span.opening:
        known = _may_be_called(scene, person.text, title)
        return Attribution(person.text, person.entity_id, named=True) if known else None
    return None


def _is_introduced(scene: Scene, begin: int, end: int, title: str) -> bool:
    """Whether somebody without a name is called so before: `A soldier … the soldier said`."""
    before = scene.text[begin:end].lower()
    noun = title.lower().split()[-1]
    articles = scene.speech.indefinite & scene.speech.articles
    return any(f" {article} {noun}" in before for article in articles)


def _names_others(scene: Scene, begin: int, end: int, said: Attribution) -> bool:
    """Whether a full name that is no known thing's stands there: who spoke then may be another."""
    words = split_words(scene.text, begin, end, scene.speech)
    names = find_names(scene.text, words, scene.speech)
    full = (one for one in names if " " in one.text and one.start not in scene.relays)
    return any(one.text not in (said.speaker or "") for one in full)


def _may_be_called(scene: Scene, name: str | None, title: str | None) -> bool:
    """Whether the article gives a person no other role than this title's, before the name."""
    if title is None or name is None:
        return True
    at = scene.text.find(name)
    before = scene.text[max(0, at - _TITLE) : max(0, at)].lower().split()[-_TITLE_WORDS:]
    roles = scene.speech.honorifics - scene.speech.generic_roles
    own = {word.strip(",.") for word in before} & roles
    asked = set(title.lower().split()) & roles
    return not own or not asked or bool(own & asked)


def _of_company(scene: Scene, span: Span, said: Attribution) -> Attribution:
    """`The company` as the one that a sentence before opens with, else as written."""
    far = max(0, span.opening - _NEAR)
    starts = [far, *(m.end() for m in _SENTENCE.finditer(scene.text, far, span.opening))]
    for start, stop in reversed(list(zip(starts, [*starts[1:], span.opening], strict=True))):
        words = split_words(scene.text, start, min(stop, start + _GAP), scene.speech)
        company = company_before(scene, words)
        if company is not None:
            return replace(said, speaker=company, pronoun=False, named=True)
    return replace(said, pronoun=False)


def _antecedent(scene: Scene, begin: int, end: int, title: str | None, roles: bool) -> Name | None:
    """Whom the nearest sentence with persons is about: its subject, else the only one it names.

    With `roles`, a subject without a name too (`The home secretary is …`). In the sentence of the
    quotation itself nobody whom a preposition binds (`with his lawyer X`).
    """
    here, stop = True, end
    starts = [match.end() for match in _SENTENCE.finditer(scene.text, begin, end)]
    for start in [*reversed(starts), begin]:
        if not here and scene.speech.spaced and not scene.speech.cased:
            told = subject_told(scene, split_words(scene.text, start, stop, scene.speech))
            if told is not None:
                return told
        named = scene.people.all_in(start, stop)
        if not named and not roles and not names_in(scene.people.possible_names, start, stop):
            here, stop = False, start
            continue
        words = split_words(scene.text, start, stop, scene.speech)
        if here:
            named = [one for one in named if not _is_aside(scene, words, one)]
        subject = subject_name(scene, words)
        rivals = [one for one in named if one.is_person and subject and one.text != subject.text]
        if subject is not None and (not rivals or (subject.is_person and title is None)):
            return subject
        if named:
            return named[0] if len(named) == 1 else None
        role = subject_role(scene, words) if roles else None
        if role is not None:
            return role
        here, stop = False, start
    return None


def _is_aside(scene: Scene, words: Sequence[Word], name: Name) -> bool:
    """Whether a name is not the subject of its sentence, by a preposition or its case."""
    if scene.speech.verb_final and is_oblique(scene.text, name.end):
        return True
    return is_bound(words, name, scene.speech)


def _quotation(text: str, span: Span, said: Attribution) -> Quotation:
    end = span.end
    while end > span.start + 1 and text[end - 1] in _TRAILING:
        end -= 1
    words = text[span.start : end]
    return Quotation(span.start, end, words, said.speaker, said.entity_id, quote_key(words))
