"""Which story goes by which name when days are told again."""

from __future__ import annotations

from transforms.stories.naming import follow, name_stories


def names(told: dict[str, str], stood: dict[str, str], *, given: str = "", used: str = "") -> dict:
    """Stories `new x` would get the id `x`."""
    minted = {story: story.removeprefix("new ") for story in told.values()}
    return dict(name_stories(told, stood, given=given.split(), used=used.split(), minted=minted))


def test_of_a_story_that_fell_apart_the_larger_part_keeps_the_name() -> None:
    """Whatever sorts first: of `x` one came over, of `y` two."""
    told = {"a": "new x", "b": "new y", "c": "new y"}
    assert names(told, dict.fromkeys("abc", "S")) == {"new x": "x", "new y": "S"}


def test_of_two_that_are_one_now_the_name_of_most_stays() -> None:
    told = dict.fromkeys("abc", "new x")
    assert names(told, {"a": "S", "b": "T", "c": "T"}) == {"new x": "T"}


def test_equals_go_by_id() -> None:
    assert names({"a": "new x", "b": "new y"}, dict.fromkeys("ab", "S")) == {
        "new x": "S",
        "new y": "y",
    }


def test_a_given_name_is_nobody_elses() -> None:
    told = {"a": "S", "b": "new x", "c": "new x"}
    assert names(told, dict.fromkeys("abc", "S"), given="S") == {"new x": "x"}


def test_an_id_that_is_in_use_is_not_minted() -> None:
    found = names({"a": "new x"}, {}, used="x")
    assert found["new x"] != "x"
    assert found == names({"a": "new x"}, {}, used="x")


def test_aliases_are_followed_to_their_end_and_never_for_ever() -> None:
    assert follow("a", {"a": "b", "b": "c"}) == "c"
    assert follow("c", {"a": "b", "b": "c"}) == "c"
    assert follow("a", {"a": "b", "b": "a"}) in "ab"
    assert follow("a", {"a": "a"}) == "a"
