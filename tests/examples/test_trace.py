"""Traces and copies of the demo corpus against its labels, and again with all names changed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lake.tables import open_lake, snapshot
from lake.views import connect
from pipeline.cli.uncredited import command as uncredited
from tests.examples.corpus import EXAMPLES, LABELS, NOT_BY_NAME, Corpus
from tests.examples.renamed import NAMES


def test_every_credited_relation_is_found_and_none_invented(corpus: Corpus):
    """Each cited outlet is a line, known as the source of the words; no other outlet is."""
    found, missed, invented = set(), set(), set()
    for label, result in corpus.traces:
        cited = {
            line.outlet
            for line in result.lines
            if any(reason.by == "cited" for reason in line.reasons)
        }
        asked = {corpus.name(outlet) for outlet in label["cites"]}
        found |= {(label["guid"], outlet) for outlet in asked & cited}
        missed |= {label["guid"] for _ in asked - cited}
        invented |= {(label["guid"], outlet) for outlet in cited - asked}
    assert invented == set()
    assert missed == NOT_BY_NAME
    assert len(found) == 24  # of 29: a revision counts with its article


def test_the_cited_article_is_a_line_of_the_trace(corpus: Corpus):
    """Also where the source's name could not be recognized, with the credit left dangling.

    One shares but a place with its original, and is with it as both tell one story.
    """
    absent = set()
    for label, result in corpus.traces:
        outlets = {line.outlet for line in result.lines}
        absent |= {label["guid"] for one in label["cites"] if corpus.name(one) not in outlets}
    assert absent == set()


def test_a_trace_holds_one_story_only(corpus: Corpus):
    """No line of another story, in any of the traces."""
    story = {
        corpus.ids[corpus.name(x["source"])]: x["story"]
        for x in LABELS
        if corpus.name(x["source"]) in corpus.ids
    }
    lines = [
        (label["source"], line.headline)
        for label, result in corpus.traces
        for line in result.lines
        if story[line.article_id] != label["story"]
        and not any(reason.by == "asked" for reason in line.reasons)
    ]
    assert lines == []


def originals(corpus: Corpus) -> dict[str, tuple[str, str]]:
    """Article to the article that it copied, and its role, by the labels."""
    ids = {
        (label["outlet"], label["guid"]): corpus.ids.get(corpus.name(label["source"]))
        for label in reversed(LABELS)
    }
    found = {}
    for label in LABELS:
        copied, id_ = label["copy_of"], corpus.ids.get(corpus.name(label["source"]))
        if copied and id_:
            original = ids[copied["outlet"], copied["guid"]]
            assert original
            found[id_] = (original, label["role"])
    return found


def test_every_copy_is_found_from_either_end_and_none_invented(corpus: Corpus):
    """Two copies of one original are copies of each other."""
    of = originals(corpus)
    assert len(of) == 15
    labelled = {frozenset((id_, original)) for id_, (original, _) in of.items()}
    siblings = {frozenset((one, other)) for one in of for other in of if of[one][0] == of[other][0]}
    found = {(id_, line.article_id) for id_, lines in corpus.copies.items() for line in lines}
    assert {frozenset(pair) for pair in found} - siblings == labelled
    assert {pair for pair in found if pair[::-1] not in found} == set()


def test_a_copy_is_later_and_credited_as_labelled(corpus: Corpus):
    """One credit is not found, as its words do not say that they name an agency.

    Who is later is asserted where a credit has the outlet's own name; else the times tell, but for
    one that has a wire's text which the wire corrected after it.
    """
    uncredited, untold = set(), set()
    for id_, (original, role) in originals(corpus).items():
        [line] = [line for line in corpus.copies[original] if line.article_id == id_]
        assert line.is_later is not False
        assert line.credit is not None or line.direction == "likely"
        if line.is_later is None:
            untold.add(line.outlet)
        assert line.credit is None or role != "uncredited_copy", (line.outlet, line.credit)
        if line.credit is None and role != "uncredited_copy":
            uncredited.add(line.outlet)
    assert uncredited == {corpus.name("nevskie-stranitsy.example")}
    assert untold == {corpus.name("lequotidien-rhodanien.example")}


def test_the_table_of_links_says_what_comparing_all_texts_does(corpus: Corpus):
    """Pairs found by fingerprints while the lake was made, and pairs found by reading it all."""
    compared = {
        (frozenset((id_, line.article_id)), line.kind)
        for id_, lines in corpus.copies.items()
        for line in lines
    }
    with connect(snapshot(open_lake(corpus.lake))) as connection:
        rows = connection.execute("SELECT from_article_id, to_article_id, kind FROM links_now")
        linked = {(frozenset((one, other)), kind) for one, other, kind in rows.fetchall()}
        turned = connection.execute(
            "SELECT count(*) FROM links_now JOIN articles_now AS later ON later.version_id ="
            " from_version_id JOIN articles_now AS earlier ON earlier.version_id = to_version_id"
            " WHERE later.published < earlier.published"
        ).fetchall()
    assert linked == compared
    assert turned == [(0,)]


@pytest.mark.e2e
def test_who_is_listed_as_uncredited_is_labelled_so(corpus: Corpus):
    """All that are, and none with a credit in words that no rule recognizes."""
    listed = {}
    for outlet in sorted({corpus.name(label["outlet"]) for label in LABELS}):
        arguments = ["--lake", str(corpus.lake), "--outlet", outlet, "--json"]
        result = CliRunner().invoke(uncredited, arguments, catch_exceptions=False)
        for row in json.loads(result.stdout):
            listed[row["article_id"]] = row["source_article_id"]
    labelled = {
        id_: original
        for id_, (original, role) in originals(corpus).items()
        if role == "uncredited_copy"
    }
    assert len(labelled) >= 5
    assert listed == labelled


def test_no_new_name_stands_in_the_corpus():
    """The renaming changes something, and brings in nothing that was there."""
    text = "".join(
        path.read_text("utf-8", "replace")
        for path in (EXAMPLES / "corpus").rglob("*")
        if path.is_file() and path.suffix != ".gz"
    )
    assert [new for new in NAMES.values() if new in text] == []
