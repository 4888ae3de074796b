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
        ("1.200,50 or 1,200.50 or 1 200.50", ("1200.50", "or", "1200.50", "or", "1200.50")),
        ("4.2 or 42 or 1\u202f200\u202f000", ("4.2", "or", "42", "or", "1200000")),
        (
            "€5, $5, 5 %, -3 or 2019-20",
            ("€", "5", "$", "5", "5", "%", "-", "3", "or", "2019", "20"),
        ),
        ("हिन्दी दिन दान", ("हिन्दी", "दिन", "दान")),
        ("Haupt\u00adstadt مُحَمَّد محـــمد שָׁלוֹם", ("hauptstadt", "محمد", "محمد", "שלום")),
        ("😀 🎉", ("😀", "🎉")),
        ("ـ", ()),
        ("ГАЗЕТА.ru", ("газета", "ru")),
        ("", ()),
    ],
)
def test_what_is_a_word(text: str, words: tuple[str, ...]) -> None:
    assert find_words(text).folded == words


@given(st.text())
def test_spans_are_in_order_and_hold_the_words(text: str) -> None:
    """A word alone is the word again."""
    found = find_words(text)
    ends = [0]
    for word, (start, end) in zip(found.folded, found.spans, strict=True):
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)
        assert find_words(text[start:end]).folded in ((word,), ("-", word[1:]), ())


PLAIN = [*range(0x530), *range(0x2010, 0x203B), 0x20AC]


@pytest.mark.parametrize("around", ["{}", "a{}b", "1{}2", "-{}", " {} ", "1{}200", "{}5"])
def test_plain_texts_have_the_same_words_as_all_others(around: str) -> None:
    """The short way for plain letters against the long one, which a letter of Thai makes it go."""
    for code in PLAIN:
        text = around.format(chr(code))
        long = find_words(f"{text} ก")
        assert find_words(text).folded == long.folded[:-1], hex(code)
        assert find_words(text).spans == long.spans[:-1], hex(code)
