"""Words as copies are compared by: restyling changes none, and offsets are those of the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.copies.words import find_words

SAID = "L’Été — « à Zürich », dit-il : 1.200,5 %."


@pytest.mark.parametrize(
    "restyled",
    [
        'L\'été - "à Zürich", dit-il: 1.200,5 %.',
        "L‘ÉTÉ – „à ZÜRICH“, DIT-IL : 1.200,5 %…",
        unicodedata.normalize("NFD", SAID),
        SAID.replace(" ", "\u00a0\n"),
        "L’Été — « à Ｚürich », dit-il : １.200,5 %.",
    ],
    ids=["quotes and dashes", "case", "NFD", "spaces", "full width"],
)
def test_restyling_changes_no_word(restyled: str) -> None:
    assert find_words(restyled).folded == find_words(SAID).folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("东京电力3月", ("东", "京", "电", "力", "3", "月")),
        ("กินข้าว", ("กิ", "น", "ข้", "า", "ว")),
        ("Straße STRASSE", ("strasse", "strasse")),
        ("1.200,50 or 1,200.50", ("120050", "or", "120050")),
        ("ГАЗЕТА.ru", ("газета", "ru")),
        ("", ()),
    ],
)
def test_what_is_a_word(text: str, words: tuple[str, ...]) -> None:
    assert find_words(text).folded == words


@given(st.text())
def test_spans_are_in_order_and_hold_the_words(text: str) -> None:
    found = find_words(text)
    ends = [0]
    for word, (start, end) in zip(found.folded, found.spans, strict=True):
        assert ends[-1] <= start < end <= len(text)
        written = unicodedata.normalize("NFKC", text[start:end]).casefold()
        assert word in (written, written.replace(".", "").replace(",", ""))
        ends.append(end)
