"""The words that show an edge: both sides, what is the same, what was rewritten, the credit."""

from __future__ import annotations

import dataclasses

from schemas.link import Aligned
from tests.tracing.page.told_story import COPY, WIRE, citing, copying, told_story
from tracing.page.edges import Edge, edges_of
from tracing.page.passages import Passage, Piece, names_source, passages_of
from tracing.trace_model import Words

TEXTS = {"v-thief": {"body_text": COPY}, "v-tass": {"body_text": WIRE}}


def copy_edge(**fields: object) -> Edge:
    [edge] = edges_of(
        told_story(derives=(), copies=(copying("thief", "tass", **fields),), missing_credit=())
    )
    return edge


def text_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def marked(pieces: tuple[Piece, ...], mark: str) -> list[str]:
    return [piece.text.strip() for piece in pieces if piece.mark == mark]


def test_both_sides_whole_with_what_was_rewritten() -> None:
    [passage] = passages_of(copy_edge(), TEXTS, around=True)
    assert (text_of(passage.source), text_of(passage.taker)) == (WIRE, COPY[:83])
    assert marked(passage.source, "changed") == ["company,"]
    assert marked(passage.taker, "changed") == ["firm,"]
    assert marked(passage.taker, "same")[0].startswith("The army of Mali talks with a private")


def test_without_texts_nothing_is_shown() -> None:
    assert passages_of(copy_edge(), {}, around=True) == ()
    assert passages_of(copy_edge(), {"v-thief": {"body_text": COPY}}, around=True) == ()


def test_at_most_three_passages_the_longest_first_none_within_another() -> None:
    spans = (
        Aligned(0, 10, 0, 10), Aligned(2, 8, 2, 8), Aligned(11, 30, 11, 30),
        Aligned(31, 60, 31, 60), Aligned(61, 70, 61, 70),
    )  # fmt: skip
    found = passages_of(copy_edge(evidence=spans), TEXTS, around=True)
    assert [text_of(one.taker) for one in found] == [COPY[31:60], COPY[11:30], COPY[0:10]]


def test_a_page_for_disk_has_the_beginning_of_a_long_passage_only() -> None:
    long = "word " * 200
    edge = copy_edge(evidence=(Aligned(0, 1000, 0, 1000),))
    texts = {"v-thief": {"body_text": long}, "v-tass": {"body_text": long}}
    [short] = passages_of(edge, texts, around=False)
    [whole] = passages_of(edge, texts, around=True)
    assert len(text_of(short.taker)) <= 322
    assert text_of(short.taker).endswith("…")
    assert text_of(whole.taker) == long


def credit_edge(phrase: str, start: int, name: str) -> Edge:
    words = Words("body_text", start, start + len(name), name)
    [edge] = edges_of(
        told_story(derives=(citing("matin", "tass", phrase=phrase, words=words),), copies=())
    )
    return edge


def test_a_credit_stands_in_its_sentence_where_the_page_may_show_it() -> None:
    text = "a" * 300 + " selon l’agence Tass, " + "b" * 300
    edge = credit_edge("selon l’agence Tass", text.index("Tass"), "Tass")
    texts = {"v-matin": {"body_text": text}}
    [shown] = passages_of(edge, texts, around=True)
    assert marked(shown.taker, "credit") == ["selon l’agence Tass"]
    assert text_of(shown.taker).startswith("…a")
    assert text_of(shown.taker).endswith("b…")
    assert len(text_of(shown.taker)) < 360
    [bare] = passages_of(edge, texts, around=False)
    assert bare == Passage((), (Piece("selon l’agence Tass", "credit"),))


def test_of_two_equal_credits_the_right_one_is_marked() -> None:
    """The phrase stands twice; the evidence is the second."""
    text = "selon Tass, " + "x" * 500 + " puis selon Tass"
    edge = credit_edge("selon Tass", text.rindex("Tass"), "Tass")
    [shown] = passages_of(edge, {"v-matin": {"body_text": text}}, around=True)
    assert text_of(shown.taker).endswith("puis selon Tass")


def test_a_credit_without_its_text_is_its_own_words() -> None:
    edge = credit_edge("selon Tass", 6, "Tass")
    [shown] = passages_of(edge, {}, around=True)
    assert shown.taker == (Piece("selon Tass", "credit"),)


def test_a_name_anywhere_in_the_takers_text_is_noticed() -> None:
    edge = copy_edge()
    named = {"v-thief": {"body_text": "сообщает Ростелеграф."}}
    assert names_source(edge, named, "rostelegraf.example", "Ростелеграф")
    assert not names_source(edge, {"v-thief": {"body_text": COPY}}, "tass.example", "ТАСС")
    assert not names_source(edge, {}, "tass.example", "ТАСС")


def test_edges_are_numbered_by_kind_and_say_why() -> None:
    story = told_story(cites=(citing("soir", "matin", is_exact=False),))
    edges = edges_of(story)
    assert [(edge.number, edge.kind, edge.taker_id) for edge in edges] == [
        (1, "cites", "soir"),
        (2, "derives", "matin"),
        (3, "derives", "plain"),
        (4, "copies", "thief"),
    ]
    assert [len(edge.doubts) for edge in edges] == [1, 0, 1, 0]
    assert edges[3].is_uncredited
    assert "time" in edges[3].why
    unknown = dataclasses.replace(story.copies[0], direction="unknown", direction_reason="no time")
    [edge] = edges_of(told_story(derives=(), copies=(unknown,)))
    assert not edge.is_directed
