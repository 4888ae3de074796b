"""What is forgotten is nowhere under the lake, what is not stays, and the hashes keep it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lake.check import check
from lake.commit import recover
from lake.compact import compact
from lake.forget import Selection, UnknownArticle, forget
from lake.keys import KeyState, committed_state
from schemas.article import Article
from schemas.article_alias import ArticleAlias
from schemas.citation import Citation
from schemas.control import Control
from schemas.fact import Fact
from schemas.ids import content_tombstone
from schemas.quote import Quote
from schemas.reject import Reject
from tests.lake.builder import (
    NOON,
    LakeBuilder,
    article,
    at,
    id_of,
    key_of,
    link,
    place,
    sighting,
)

SECRET = "Zanzibarine"  # in every text that is to be forgotten, and nowhere else


def secret(name: str = "a", version: str = "1", **fields: object) -> Article:
    return article(
        name, version, headline=f"{SECRET} {name} {version}",
        body_text=f"{SECRET} walked to Paris, {version}.", **fields,
    )  # fmt: skip


def rows_about(of: Article) -> list[object]:
    """A row of every table that can hold words of an article."""
    mention = place(of, SECRET)
    span = {"article_id": of.article_id, "version_id": of.version_id, "field": "body_text",
            "start": 0, "end": len(SECRET), "date": of.date}  # fmt: skip
    return [
        of, sighting(of), place(of, "Paris"), mention,
        Citation(agency="x", surface=SECRET, phrase=SECRET, kind="mention", score=1.0, **span),
        Quote(text=SECRET, quote_key="0" * 32, **span),
        Fact(surface=SECRET, kind="number", value="12", **span),
        Control(uri=of.source_uri, article_id=of.article_id, kind="correction", reason=SECRET,
                source_uri="c.xml", run_id="", month="2024-05"),
        Reject(stage="parse", reason="malformed", message="cut", source_uri="other.jsonl#3",
               raw=SECRET.encode(), raw_sha256=of.raw_sha256, seen_at=NOON, run_id="",
               month="2024-05"),
        Reject(stage="parse", reason="malformed", message="cut", source_uri=of.source_uri,
               raw=SECRET.encode(), raw_sha256="0" * 64, seen_at=NOON, run_id="",
               month="2024-05"),
        link("x", "y", from_article_id=of.article_id, from_version_id=of.version_id,
             to_article_id=id_of("b"), to_version_id=id_of("b 1"), credit=SECRET),
        link("x", "y", to_article_id=of.article_id, to_version_id=of.version_id,
             from_article_id=id_of("b"), from_version_id=id_of("b 1"), credit=SECRET),
    ]  # fmt: skip


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    """One article to forget, one of the same day and files to keep; older files from compaction."""
    kept = article("b")
    builder.run(*rows_about(secret()))
    builder.run(kept, sighting(kept), place(kept, "Paris"))
    compact(builder.root)
    return builder


def words_under(root: Path) -> Iterator[str]:
    """Every file as text; Parquet files decompressed, referenced or not."""
    for path in root.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
            if path.suffix == ".parquet":
                yield str(pq.ParquetFile(path).read().to_pylist())


def is_somewhere(root: Path, word: str) -> bool:
    return any(word in text for text in words_under(root))


def test_no_byte_is_left(lake: LakeBuilder) -> None:
    """Neither in live files nor in those of older versions, in staging, plans or logs."""
    assert is_somewhere(lake.root, SECRET)
    done = forget(lake.root, Selection(article_ids=(id_of("a"),)))
    assert not is_somewhere(lake.root, SECRET)
    assert done.rows == {
        "articles": 1, "sightings": 1, "controls": 1, "entities": 2, "citations": 1, "quotes": 1,
        "facts": 1, "links": 2, "rejects": 2,
    }  # fmt: skip


def test_the_others_stay(lake: LakeBuilder) -> None:
    """Rows and keys of other articles are as before, and the lake is sound."""
    forget(lake.root, Selection(article_ids=(id_of("a"),)))
    assert [row["headline"] for row in lake.rows("articles")] == ["Headline of b 1"]
    assert (len(lake.rows("sightings")), len(lake.rows("entities"))) == (1, 1)
    state = KeyState(committed_state(lake.lake, lake.snapshot.sequence))
    key = key_of(article("b"))
    assert state.articles([key])[key].article_id == id_of("b")
    assert [v.version_id for v in state.versions([id_of("b")])[id_of("b")]] == [id_of("b 1")]
    assert check(lake.lake) == []


def test_keys_leave_the_state_and_become_tombstones(lake: LakeBuilder) -> None:
    """The hash of every key, and of outlet and content, keeps it out; the state knows it not."""
    version = secret()
    forget(lake.root, Selection(article_ids=(version.article_id,)))
    hashes = {row["key_hash"] for row in lake.rows("tombstones")}
    assert hashes == {key_of(version), content_tombstone(version.outlet, version.content_hash)}
    state = KeyState(committed_state(lake.lake, lake.snapshot.sequence))
    assert state.articles([key_of(version)]) == {}
    assert state.versions([version.article_id]) == {}


def test_a_file_that_returns_is_not_purged(builder: LakeBuilder) -> None:
    """Merged and then less the forgotten rows, a file can be one again that was merged away."""
    builder.run(secret())
    builder.run(article("b"))
    compact(builder.root)
    # The rows of b alone were a file before; its name is that of the rewritten one.
    forget(builder.root, Selection(article_ids=(id_of("a"),)))
    assert [row["headline"] for row in builder.rows("articles")] == ["Headline of b 1"]
    assert check(builder.lake) == []


def test_all_versions_and_aliases_go(builder: LakeBuilder) -> None:
    """Any id of an article names the whole of it."""
    joined = ArticleAlias(
        article_id=id_of("c"), alias_of=id_of("a"), reason="url", run_id="", month="2024-05"
    )
    builder.run(secret("a"), secret("a", "2"), secret("c"), article("b"), joined)
    forget(builder.root, Selection(article_ids=(id_of("c"),)))
    assert [row["headline"] for row in builder.rows("articles")] == ["Headline of b 1"]
    assert builder.rows("article_aliases") == []
    assert not is_somewhere(builder.root, SECRET)


def test_an_outlet_goes_with_its_rejects(builder: LakeBuilder) -> None:
    """Everything of that outlet, and what was rejected while it was named."""
    rejected = Reject(
        stage="parse", reason="malformed", message="cut", source_uri="x", raw=SECRET.encode(),
        seen_at=NOON, run_id="", outlet="gone.example", month="2024-05",
    )  # fmt: skip
    builder.run(secret(outlet="gone.example"), article("b"), rejected, rejected=1)
    forget(builder.root, Selection(outlet="gone.example"))
    assert {row["outlet"] for row in builder.rows("articles")} == {"example.org"}
    assert not is_somewhere(builder.root, SECRET)


def test_before_a_day_goes_by_the_newest_version(builder: LakeBuilder) -> None:
    """An article revised on or after the day stays whole."""
    builder.run(
        secret("a", published=at(1)), article("b", published=at(1)),
        article("b", "2", published=at(3)), article("c", published=at(3)),
    )  # fmt: skip
    forget(builder.root, Selection(before=dt.date(2024, 5, 3)))
    assert sorted(row["headline"] for row in builder.rows("articles")) == [
        "Headline of b 1", "Headline of b 2", "Headline of c 1",
    ]  # fmt: skip


def test_an_unknown_id_changes_nothing(lake: LakeBuilder) -> None:
    """A mistyped id among good ones: nothing is forgotten."""
    sequence = lake.snapshot.sequence
    with pytest.raises(UnknownArticle, match="nosuch"):
        forget(lake.root, Selection(article_ids=(id_of("a"), "nosuch")))
    assert lake.snapshot.sequence == sequence


def test_nothing_to_forget_writes_nothing(lake: LakeBuilder) -> None:
    """An outlet without articles: no run."""
    sequence = lake.snapshot.sequence
    assert forget(lake.root, Selection(outlet="nobody.example")).articles == 0
    assert lake.snapshot.sequence == sequence


def test_a_killed_forget_is_finished_by_the_next_writer(
    lake: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dead between two tables: recovery removes the rest, bytes included."""

    def die(*_: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr("lake.commit.commit_runs", die)
        with pytest.raises(SystemExit):
            forget(lake.root, Selection(article_ids=(id_of("a"),)))
    assert len(lake.rows("articles")) == 2
    recover(lake.lake)
    assert not is_somewhere(lake.root, SECRET)
    assert check(lake.lake) == []
