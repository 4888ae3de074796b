"""The search for many names at once."""

from __future__ import annotations

from transforms.entities.name_search import NameSearch


def test_every_name_is_found_with_offsets_in_code_points():
    """Overlapping ones too, behind characters of one to four bytes."""
    search = NameSearch({"мали": "ML", "али": "person", "é": "letter"})
    assert list(search.find("é😀мали")) == [(0, 1, "letter"), (2, 6, "ML"), (3, 6, "person")]


def test_a_lone_surrogate_moves_no_offset():
    """It fits in no UTF-8, and stands in texts all the same."""
    search = NameSearch({"mali": "ML"})
    assert list(search.find("\ud800 mali \udfff")) == [(2, 6, "ML")]


def test_no_name_is_found_where_none_stands():
    """Nor in nothing."""
    assert list(NameSearch({"mali": "ML"}).find("")) == []
    assert list(NameSearch[str]({}).find("mali")) == []
