"""`_state/search`: segments beside the data files of `articles`."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_articles_are_found_by_their_words(built: LakeBuilder):
    """Whatever the case and the accents; headline and body alike."""
    assert found(built, "vereshnikov") == {"Éthiopie: Vereshnikov arrives", "Nothing"}
    assert found(built, "ETHIOPIE") == {"Éthiopie: Vereshnikov arrives"}
    assert found(built, "unheard") == set()


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
    segments = list(built.lake.search.iterdir())
    assert len(segments) == 2
    for path in segments:
        path.unlink()
    assert found(built, "vereshnikov") == {"Éthiopie: Vereshnikov arrives", "Nothing"}
    assert update_search(built.lake, built.snapshot) == 2
    assert {path.name for path in built.lake.search.iterdir()} == {p.name for p in segments}


def test_segments_follow_the_files(built: LakeBuilder):
    """After compaction there is one for each file that is left, and the same is found."""
    built.run(article("three", headline="Vereshnikov again"))
    compact(built.lake.root)
    files = built.snapshot.files("articles")
    assert len(list(built.lake.search.iterdir())) == len(files) == 1
    assert len(found(built, "vereshnikov")) == 3


def test_a_forgotten_article_leaves_the_segments(built: LakeBuilder):
    """Its terms are gone with it: no segment of the old file stays."""
    before = {path.name for path in built.lake.search.iterdir()}
    forget(built.lake.root, Selection((id_of("one"),)))
    after = {path.name for path in built.lake.search.iterdir()}
    assert found(built, "ethiopie") == set()
    assert len(before - after) == 1


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
