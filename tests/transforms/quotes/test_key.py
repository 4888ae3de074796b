"""`quote_key` is blind to punctuation and case, and to nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.quotes.key import quote_key


@pytest.mark.parametrize(
    "other",
    [
        "la digue, dit-on, cédera !",
        "LA DIGUE DIT ON CÉDERA",
        "« La digue… dit – on : cédera. »",
        "La\u00a0digue\n\ndit‐on ce\u0301de\u0301ra".replace("ce\u0301de\u0301ra", "ce\u0301dera"),
        "la digue — dit/on — cédera",
    ],
)
def test_punctuation_case_and_form_do_not_matter(other: str) -> None:
    """The same words in another print have the same key."""
    assert quote_key(other) == quote_key("La digue, dit-on, cédera")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the dam will hold", "the dam will not hold"),
        ("the dam will hold", "will the dam hold"),
        ("cease fire", "ceasefire"),
        ("37 morts", "39 morts"),
        ("мост закроют", "мост закроют все"),
    ],
)
def test_other_words_have_another_key(one: str, other: str) -> None:
    """Order, number and limits of words count."""
    assert quote_key(one) != quote_key(other)


def test_it_is_a_lake_id():
    """32 lower-case hexadecimal digits, like every id."""
    assert re.fullmatch("[0-9a-f]{32}", quote_key("Straße"))


@given(st.lists(st.from_regex(r"\A[a-zäéжя]{1,6}\Z"), min_size=1, max_size=6), st.data())
def test_any_signs_between_words_are_the_same(words: list[str], data: st.DataObject) -> None:
    """Whatever stands between the words, if it is no word."""
    signs = st.text(alphabet=" ,.;:!?…—–-«»“”„\"'’\u202f\u00a0\n", min_size=1, max_size=4)
    joined = "".join(word + data.draw(signs) for word in words)
    assert quote_key(joined) == quote_key(" ".join(words))
