"""Which characters are between marks."""

from __future__ import annotations

import re

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.quotes.find import find_quotes
from transforms.quotes.marks import find_spans
from transforms.quotes.words import Name


def between(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text) if span.is_closed]


PAIRED = {
    "guillemets": ("il dit « un deux » puis", ["un deux"]),
    "narrow no-break spaces": ("il dit «\u202fun deux\u202f» puis", ["un deux"]),
    "inward chevrons": ("er sagt »eins zwei« dann", ["eins zwei"]),
    "low and high": ("er sagt „eins zwei“ dann", ["eins zwei"]),
    "low and closing": ("mówi „jeden dwa” potem", ["jeden dwa"]),
    "curly": ("he says “one two” then", ["one two"]),
    "straight": ('he says "one two" then', ["one two"]),
    "single": ("he says ‘it’s one’ then", ["it’s one"]),
    "corner": ("他说：「一二」然后", ["一二"]),
    "white corner": ("他说：『一二』然后", ["一二"]),
    "curly after an ideograph": ("车厢“一二”。", ["一二"]),
    "after an elision": ("l’« un deux » est", ["un deux"]),
    "nested, same": ("он: «один «два» три» и", ["один «два» три"]),
    "nested, other": ("he: “one ‘two’ three” and", ["one ‘two’ three"]),
    "straight, doubled": ('ответ: ""один два"", - сказал он', ["один два"]),
    "straight, doubled in single": ('"A. ""b c"", he said. D."', ["b c"]),
    "two in a row": ('"one," he said, "two"', ["one,", "two"]),
}


@pytest.mark.parametrize("case", PAIRED)
def test_pairs(case: str) -> None:
    """The outermost span, without marks and the spaces inside them."""
    text, expected = PAIRED[case]
    assert between(text) == expected


UNBALANCED = {
    "forgotten closing": ("a « b c\n\nd « e » f", ["e"]),
    "forgotten closing, straight": ('a "b c\n\nd "e" f', ["e"]),
    "forgotten closing, same paragraph": ('a "b c. "d e" f', ["d e"]),
    "closing only": ("a b » c « d » e", ["d"]),
    "nothing inside": ("a «» b “ ” c", []),
    "apostrophes": ("the miners’ wives’ o’clock", []),
}


@pytest.mark.parametrize("case", UNBALANCED)
def test_a_forgotten_mark_costs_its_paragraph_at_most(case: str) -> None:
    """What follows is read as if nothing had happened."""
    text, expected = UNBALANCED[case]
    assert between(text) == expected


def test_a_quotation_goes_on_in_the_paragraph_that_opens_again():
    """Each paragraph opens with the mark, the last one closes: one span."""
    text = "She said: “One two.\n\n“Three four.\n\n“Five six.” Then “seven”."
    assert between(text) == ["One two.\n\n“Three four.\n\n“Five six.", "seven"]


def test_a_paragraph_that_does_not_open_again_ends_it():
    """The mark was forgotten."""
    assert between("She said: “One two.\n\nThree four.\n\n“Five six.” Then.") == ["Five six."]


def test_a_span_is_bounded():
    """A closing mark thousands of characters on belongs to something else."""
    assert between("« " + "mot " * 600 + "»") == []


HOSTILE = {
    "opening": "«",
    "opening, spaced": " «a",
    "straight": '"',
    "straight, spaced": ' "a b',
    "alternating": "«a» “b” ",
    "nested kinds": "«“„‘",
    "paragraphs": "“a\n\n",
    "verbs": "« a b c d e f g », dit M. Untel, ",
    "pronouns": "Un Deux « a b c d e f g », dit-il. ",
    "titles": "Un Deux « a b c d e f g », dit le chef. ",
    "capitals": "Un Deux « a b c d e f g » ",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_time_is_linear(case: str) -> None:
    """Eight times the text takes about eight times the time, never sixty-four."""

    def cost(times: int) -> float:
        text = HOSTILE[case] * times
        persons = [Name(m.start(), m.end(), m[0]) for m in re.finditer("Un Deux", text)]
        return least_cpu_seconds(lambda: find_quotes(text, "fr", persons))

    assert cost(8_000) < 24 * max(cost(1_000), 0.005)
