"""Words of names as written in several alphabets."""

from __future__ import annotations

import pytest

from transforms.stories.name_keys import NameKey, likeness, name_key


def _alike(one: tuple[str, str], other: tuple[str, str]) -> float:
    left, right = name_key(*one), name_key(*other)
    assert left is not None
    assert right is not None
    return likeness(left, right, heard="zh" in (one[1], other[1]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("лукьяненко", "ru"), ("loukianenko", "fr")),
        (("лукьяненко", "ru"), ("لوكيانينكو", "ar")),
        (("卢基扬年科", "zh"), ("lukyanenko", "en")),
        (("卢基扬年科", "zh"), ("لوكيانينكو", "ar")),
        (("лазаревым", "ru"), ("lasarew", "de")),
        (("trzaskowskiego", "pl"), ("trzaskowski", "en")),
        (("拉扎列夫", "zh"), ("лазарев", "ru")),
    ],
)
def test_spellings_of_one_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert _alike(one, other) >= 0.7
    assert _alike(one, other) == _alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("лукьяненко", "ru"), ("lavrov", "en")),
        # The same consonants, other vowels.
        (("marino", "it"), ("муренаи", "ru")),
        (("拉扎列夫", "zh"), ("lukyanenko", "en")),
        (("دبي", "ar"), ("dobbs", "en")),
    ],
)
def test_other_names(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert _alike(one, other) == 0


def test_few_consonants_alone_say_little() -> None:
    assert _alike(("كوناتي", "ar"), ("konaté", "fr")) < _alike(("конате", "ru"), ("konaté", "fr"))
    assert likeness(NameKey("", "kn"), NameKey("kane", "kn"), heard=False) == 0


def test_a_script_without_a_table_has_no_key() -> None:
    assert name_key("ソウル", "ja") is None
