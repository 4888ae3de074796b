"""Which names may be spellings of one: a candidate signal, so both ways matter."""

from __future__ import annotations

import time

import pytest

from transforms.entities.transliterate import may_be_one

SAME = [
    ("Сергей Рогов", "Sergueï Rogov"),
    ("Сергей Рогов", "Sergej Rogow"),
    ("Sergey Rogov", "Sergej Rogow"),
    ("Сергей Викторович Рогов", "Sergei Rogov"),
    ("Александр Жуков", "Alexandre Joukov"),
    ("Олександр Жуков", "Alexander Schukow"),
    ("Никита Щукин", "Nikita Shchukin"),
    ("Никита Щукин", "Nikita Schtschukin"),
    ("Никита Щукин", "Nikita Chtchoukine"),
    ("Игорь Чехонин", "Igor Tschechonin"),
    ("Игорь Чехонин", "Igor Tchekhonine"),
    ("Юлия Захарова", "Ioulia Zakharova"),
    ("Юлия Захарова", "Julia Sacharowa"),
    ("Мария Захарова", "María Zajárova"),
    ("Богдан Гнатюк", "Bohdan Hnatiuk"),
    ("Алексей Кузнецов", "Alexej Kusnezow"),
    ("Мохаммед Салех", "محمد صالح"),
    ("Mohamed Saleh", "محمد صالح"),
    ("Сергей Лавров", "سيرغي لافروف"),
    ("Alexander Dorin", "ألكسندر دورين"),
    ("Samir Saleh", "سمير الصالح"),
]
OTHERS = [
    ("John Major", "John Muir"),
    ("John Major", "John Mayer"),
    ("John Muir", "John Mayer"),
    ("Джон Мейджор", "Джон Майер"),
    ("Джон Мюир", "John Major"),
    ("Sergei Ivanov", "Viktor Ivanov"),
    ("S. Ivanov", "Sergei Ivanov"),
    ("S. Ivanov", "V. Ivanov"),
    ("Ivanov", "Иванов"),
    ("Анна Иванова", "Anna Ivanov"),
    ("Ilya Sokhatsky", "Илья Сохатинский"),
    ("Odarka Verbyshchuk", "Одарка Вербищенко"),
    ("Тимур Гласунов", "Timur Glasanov"),
    ("习近平", "Xi Jinping"),
    ("王毅", "王怡"),
    ("Ким Чен Ир", "Kim Jong Un"),
    ("", "John Major"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name(one: str, other: str):
    """Across alphabets and orthographies, either way round."""
    assert may_be_one(one, other)
    assert may_be_one(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_names_that_are_not_one(one: str, other: str):
    """Near misses, initials, single words, and what no alphabet spells."""
    assert not may_be_one(one, other)
    assert not may_be_one(other, one)


@pytest.mark.parametrize("piece", ["щ", "tsch", "aa ", "ou", "ل", "'"])
def test_hostile_names_cost_little(piece: str):
    """A long string takes no longer than its words."""
    begin = time.process_time()
    may_be_one(piece * (100_000 // len(piece)), piece * (90_000 // len(piece)))
    assert time.process_time() - begin < 1
