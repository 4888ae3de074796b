"""`_state/search`: segments that answer for the data files of `articles`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lake import search
from lake.check import check
from lake.compact import compact
from lake.forget import Selection, forget
from lake.search import find, update_search
from lake.search_terms import (
    TERMS_PER_ARTICLE,
    UNDATED,
    article_terms,
    fold_word,
    id_term,
    query_terms,
)
from lake.sorted_runs import FANOUT, StateDamaged
from tests.lake.builder import LakeBuilder, article, id_of


@pytest.fixture
def built(tmp_path: Path) -> LakeBuilder:
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(article("one", headline="Éthiopie: Vereshnikov arrives", body_text="Rain."))
    builder.run(article("two", headline="Nothing", body_text="Vereshnikov leaves.", published=None))
    return builder


def found(builder: LakeBuilder, words: str) -> set[str]:
    """Headlines of the articles that hold any of the words."""
    hits = find(builder.lake, builder.snapshot, query_terms(words)).hits
    rows = {
        (file.path, number): row["headline"]
        for file in builder.snapshot.files("articles")
        for number, row in enumerate(
            builder.snapshot.dataset("articles", [file]).to_table().to_pylist()
        )
    }
    return {rows[hit.path, hit.row] for hit in hits}


def segments_of(builder: LakeBuilder) -> set[Path]:
    return set(builder.lake.search.iterdir())


def postings_of(segment: Path) -> list[tuple[int, str, int]]:
    """Term, file and row of every posting of a segment."""
    table = pq.read_table(segment)
    files = json.loads(table.schema.metadata[b"wiretrace.files"])
    return [(row["term"], files[row["file"]], row["row"]) for row in table.to_pylist()]


def test_articles_are_found_by_their_words(built: LakeBuilder):
    """Whatever the case and the accents; headline and body alike."""
    assert found(built, "vereshnikov") == {"Éthiopie: Vereshnikov arrives", "Nothing"}
    assert found(built, "ETHIOPIE") == {"Éthiopie: Vereshnikov arrives"}
    assert found(built, "unheard") == set()


def test_a_look_up_that_failed_is_not_taken_for_an_empty_one(
    built: LakeBuilder, monkeypatch: pytest.MonkeyPatch
):
    """One snapshot remembers what it looked up, and no more than that."""
    pinned, terms = built.snapshot, query_terms("vereshnikov")
    with monkeypatch.context() as broken:
        broken.setattr(search, "_only", lambda rows, asked: pq.read_table("no such file"))
        with pytest.raises(StateDamaged):
            find(built.lake, pinned, terms)
    assert len(find(built.lake, pinned, terms).hits) == 2
    monkeypatch.setattr(search, "_only", None)
    assert len(find(built.lake, pinned, terms).hits) == 2


def test_a_term_that_fills_row_groups_is_found_in_all(
    built: LakeBuilder, monkeypatch: pytest.MonkeyPatch
):
    """As do the terms beside it."""
    monkeypatch.setattr(search, "_ROWS_PER_GROUP", 2)
    built.run(*(article(f"a{n}", headline="Kestrel", body_text=f"word{n}") for n in range(9)))
    hits = find(built.lake, built.snapshot, query_terms("kestrel")).hits
    assert sorted(hit.row for hit in hits) == list(range(9))
    assert all(found(built, f"word{n}") == {"Kestrel"} for n in range(9))


def test_how_many_articles_hold_a_term(built: LakeBuilder):
    """Which says how rare it is."""
    result = find(built.lake, built.snapshot, query_terms("Vereshnikov rain"))
    counts = {query_terms("Vereshnikov rain")[t]: n for t, n in result.frequencies.items()}
    assert counts == {"vereshnikov": 2, "rain": 1}
    assert result.rows == 2


def test_ids_and_undated_articles_are_terms(built: LakeBuilder):
    """An article is found by its id, and all that claim no time together."""
    assert len(find(built.lake, built.snapshot, [id_term(id_of("one"))]).hits) == 1
    assert len(find(built.lake, built.snapshot, [UNDATED]).hits) == 1


def test_a_missing_segment_is_read_from_the_file(built: LakeBuilder):
    """What a crash left unwritten costs time, and no article."""
    segments = segments_of(built)
    assert len(segments) == 2
    for path in segments:
        path.unlink()
    assert found(built, "vereshnikov") == {"Éthiopie: Vereshnikov arrives", "Nothing"}
    assert update_search(built.lake, built.snapshot) == 2
    assert found(built, "vereshnikov") == {"Éthiopie: Vereshnikov arrives", "Nothing"}
    assert update_search(built.lake, built.snapshot) == 0


def test_segments_follow_the_files(built: LakeBuilder):
    """After compaction one is left, for the one file that is left, and the same is found."""
    built.run(article("three", headline="Vereshnikov again"))
    before = segments_of(built)
    compact(built.lake.root)
    assert len(built.snapshot.files("articles")) == len(segments_of(built) - before) == 1
    assert not segments_of(built) & before
    assert len(found(built, "vereshnikov")) == 3


def test_many_segments_become_one(tmp_path: Path):
    """A look-up opens few files however many runs there were, and counts each article once."""
    builder = LakeBuilder(tmp_path / "lake")
    for number in range(FANOUT):
        builder.run(article(f"n{number}", headline=f"Vereshnikov number{number}"))
        assert len(segments_of(builder)) == (number + 1) % FANOUT + (number + 1) // FANOUT
    assert len(builder.snapshot.files("articles")) == FANOUT
    assert len(found(builder, "vereshnikov")) == FANOUT
    result = find(builder.lake, builder.snapshot, query_terms("vereshnikov number3"))
    assert sorted(result.frequencies.values()) == [1, FANOUT]


@pytest.mark.parametrize("part", [1, 2, 7])
def test_a_merge_in_parts_gives_what_a_merge_at_once_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
):
    """However few postings fit into memory; every posting comes through, in order."""
    builder = LakeBuilder(tmp_path / "lake")
    for number in range(3):
        body = " ".join(f"word{n}" for n in range(number, number + 20))
        builder.run(article(f"n{number}", headline="Vereshnikov", body_text=body))
    whole, _ = search._open(builder.lake, builder.snapshot.files("articles"))
    expected = sorted(row for one in whole for row in postings_of(one.path))
    monkeypatch.setattr(search, "_SLICE", part)
    merged = postings_of(search._merge(builder.lake, whole))
    assert sorted(merged) == expected
    assert [term for term, _, _ in merged] == sorted(term for term, _, _ in expected)
    assert len(expected) > 60


def test_a_segment_left_by_a_killed_merge_counts_nothing_twice(built: LakeBuilder):
    """Killed between writing the merged one and deleting the old ones; the next run deletes."""
    segments, _ = search._open(built.lake, built.snapshot.files("articles"))
    merged = search._merge(built.lake, segments)
    assert len(segments_of(built)) == 3
    result = find(built.lake, built.snapshot, query_terms("vereshnikov"))
    assert list(result.frequencies.values()) == [2]
    update_search(built.lake, built.snapshot)
    assert segments_of(built) == {merged}


def test_a_segment_that_vanishes_while_it_is_opened(
    built: LakeBuilder, monkeypatch: pytest.MonkeyPatch
):
    """A run merges while a trace reads: the trace looks again, and sees what was merged."""
    segments, _ = search._open(built.lake, built.snapshot.files("articles"))
    old = segments_of(built)
    listed, calls = os.listdir, []

    def merge_after_listing(folder: Path) -> list[str]:
        names = listed(folder)
        if not calls:
            calls.append(search._merge(built.lake, segments))
            for path in old:
                path.unlink()
        return names

    monkeypatch.setattr(search.os, "listdir", merge_after_listing)
    assert len(find(built.lake, built.snapshot, query_terms("vereshnikov")).hits) == 2
    assert calls
    assert segments_of(built) == set(calls)


def test_a_forgotten_article_leaves_the_segments(tmp_path: Path):
    """Its terms are gone with its file, from a segment that holds other files too."""
    builder = LakeBuilder(tmp_path / "lake")
    for number in range(FANOUT):
        builder.run(article(f"n{number}", headline=f"Vereshnikov number{number}"))
    [merged] = segments_of(builder)
    [term] = query_terms("number3")
    assert term in {one for one, _, _ in postings_of(merged)}
    forget(builder.lake.root, Selection((id_of("n3"),)))
    assert segments_of(builder)
    for path in segments_of(builder):
        assert term not in {one for one, _, _ in postings_of(path)}
    assert found(builder, "number3") == set()
    assert len(found(builder, "vereshnikov")) == FANOUT - 1


def test_doctor_finds_a_damaged_segment(built: LakeBuilder):
    """A flipped byte is state that can be rebuilt, and is named."""
    assert not [finding for finding in check(built.lake) if finding.kind == "state"]
    path = next(iter(built.lake.search.iterdir()))
    data = bytearray(path.read_bytes())
    data[8] ^= 0xFF
    path.write_bytes(bytes(data))
    [finding] = [finding for finding in check(built.lake) if finding.kind == "state"]
    assert path.name in finding.path
    assert "--rebuild-state" in finding.remedy


def test_terms_of_a_long_text_are_bounded():
    """Headline first, then what looks rare; never more than the limit."""
    body = " ".join(f"word{number}" for number in range(1_000))
    terms = article_terms("Vereshnikov in Bamako", None, body)
    assert len(terms) == TERMS_PER_ARTICLE
    assert set(query_terms("Vereshnikov Bamako")) <= set(terms)


def test_scripts_without_spaces_are_found_by_pairs():
    """A Chinese word is found inside of a sentence."""
    assert set(query_terms("巴马科")) <= set(article_terms("俄外长在巴马科", None))


def test_folding():
    """Case, accents and ё."""
    assert [fold_word(word) for word in ("Éthiopie", "ЁЛКА", "Straße")] == [
        "ethiopie",
        "елка",
        "strasse",
    ]


def test_a_snapshot_remembers_rare_terms_and_no_more_than_so_many_postings(
    built: LakeBuilder, monkeypatch: pytest.MonkeyPatch
):
    """What it remembers is what it would find; segments are opened once."""
    pinned = built.snapshot
    one, two, none = id_term(id_of("one")), id_term(id_of("two")), id_term("0" * 32)
    terms = [one, two, none, UNDATED]
    first = find(built.lake, pinned, terms)
    monkeypatch.setattr(search, "_open", lambda *args, **options: pytest.fail("opened"))
    looked_up: list[int] = []
    look_up = search._Index._postings

    def watch(self: search._Index, asked: Sequence[int]) -> Iterator[tuple[str, int, int]]:
        looked_up.extend(asked)
        return look_up(self, asked)

    monkeypatch.setattr(search._Index, "_postings", watch)
    assert find(built.lake, pinned, terms) == first
    assert find(built.lake, pinned, [one]).frequencies == {one: 1}
    assert looked_up == []
    monkeypatch.setattr(search, "_REMEMBERED", 2)
    find(built.lake, pinned, [id_term("1" * 32)])
    assert find(built.lake, pinned, [one]).frequencies == {one: 1}
    assert looked_up == [id_term("1" * 32), one]
    monkeypatch.setattr(search, "_FEW", 0)
    find(built.lake, pinned, [two])
    find(built.lake, pinned, [two])
    assert looked_up[2:] == [two, two]
