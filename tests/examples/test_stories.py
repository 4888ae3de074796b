"""The stories of the demo corpus against its labels, and again with all names changed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from lake.tables import open_lake, snapshot
from lake.views import connect
from tests.examples.corpus import LABELS, NOT_BY_NAME, Corpus
from tracing.story_model import Story

Pairs = set[tuple[str, str]]
STORIES = sorted({label["story"] for label in LABELS if label["story"]})
LANGUAGES = {"ar", "en", "es", "fr", "ru", "zh"}
# Credits of a name that is called an agency but leads to no outlet: translated into Chinese. The
# other one of `NOT_BY_NAME` is not told from a mention at all.
DANGLING = {guid for guid in NOT_BY_NAME if "nevskie" not in guid}
SEED = "mali-contacts"


def of_labels(corpus: Corpus) -> dict[str, list[dict[str, Any]]]:
    """Each article that has a row, and its labels: of a version, or of a second delivery, too."""
    by_guid = {
        (label["outlet"], label["guid"]): corpus.ids[corpus.name(label["source"])]
        for label in LABELS
        if label["guid"] and corpus.name(label["source"]) in corpus.ids
    }
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label in LABELS:
        id_ = corpus.ids.get(corpus.name(label["source"]))
        id_ = id_ or by_guid[label["outlet"], label["guid"]]
        if label["role"] != "kill":
            found[id_].append(label)
    return found


def in_story(corpus: Corpus, name: str | None) -> dict[str, dict[str, Any]]:
    """The labelled articles of a story, each with the label of its first delivery."""
    first = {
        id_: min(own, key=lambda label: label["role"] in ("duplicate", "correction"))
        for id_, own in of_labels(corpus).items()
    }
    return {id_: label for id_, label in first.items() if label["story"] == name}


def told(corpus: Corpus, name: str) -> Story:
    """The story as it is read, asked for by one of its articles."""
    return corpus.story(min(in_story(corpus, name)))


def outlet_of(corpus: Corpus) -> dict[str, str]:
    """Article to the label's outlet; a text that was dropped has its file's name."""
    return {
        id_: own[0]["source"].split("/")[-1] if own[0]["outlet"] == "local" else own[0]["outlet"]
        for id_, own in of_labels(corpus).items()
    }


def test_every_story_is_one_with_no_other_article_in_it(corpus: Corpus):
    """Six stories; whoever is in none is alone."""
    with connect(snapshot(open_lake(corpus.lake))) as connection:
        rows = connection.execute("SELECT article_id, story_id FROM members_now").fetchall()
    found: dict[str, set[str]] = defaultdict(set)
    for article_id, story_id in rows:
        found[story_id].add(article_id)
    whole = [set(in_story(corpus, name)) for name in STORIES]
    alone = [{id_} for id_ in in_story(corpus, None)]
    assert (len(whole), len(alone)) == (6, 7)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, [*whole, *alone]))
    assert len(rows) == len(dict(rows)) == 49  # every article, each in one story


@pytest.mark.parametrize("name", STORIES)
def test_a_story_has_a_part_for_each_language(corpus: Corpus, name: str):
    """As many parts as languages, each with the language's articles."""
    labels = in_story(corpus, name)
    expected: dict[str, set[str]] = defaultdict(set)
    for id_, label in labels.items():
        expected[label["language"]].add(id_)
    story = told(corpus, name)
    assert len(story.parts) == len(expected) >= 3
    assert {part.language: set(part.articles) for part in story.parts} == expected
    assert {line.article_id for line in story.lines} == labels.keys()


def test_the_stories_together_are_in_six_languages(corpus: Corpus):
    """And the one that the seed is like is in all of them by itself."""
    languages = {
        name: {label["language"] for label in in_story(corpus, name).values()} for name in STORIES
    }
    assert languages[SEED] == set().union(*languages.values()) == LANGUAGES
    assert {part.language for part in told(corpus, SEED).parts} == LANGUAGES


def credited(corpus: Corpus, name: str) -> Iterator[tuple[str, str]]:
    """Article and whom it credits: of each language of a cited outlet the latest that was before.

    A text without a date may have been after any.
    """
    labels = in_story(corpus, name)
    for id_, label in labels.items():
        latest: dict[tuple[str, str], str] = {}
        for other in sorted(labels, key=lambda id_: claim_of(labels[id_])):
            its = labels[other]
            is_before = not label["published"] or claim_of(its) <= claim_of(label)
            if its["outlet"] in label["cites"] and is_before:
                latest[its["outlet"], its["language"]] = other
        yield from ((id_, other) for other in latest.values())


def claim_of(label: dict[str, Any]) -> dt.datetime:
    """When it claims to be published; what claims nothing comes last."""
    claim = label["published"]
    return dt.datetime.fromisoformat(claim) if claim else dt.datetime.max.replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("name", STORIES)
def test_every_credit_leads_to_its_article_or_dangles(corpus: Corpus, name: str):
    """`cites` within a language, `derives` across two; only names that lead nowhere dangle."""
    labels = in_story(corpus, name)
    known = {pair for pair in credited(corpus, name) if labels[pair[0]]["guid"] not in NOT_BY_NAME}
    within = {(a, b) for a, b in known if labels[a]["language"] == labels[b]["language"]}
    story = told(corpus, name)
    assert {(one.article_id, one.cited_id) for one in story.cites} == within
    assert {(one.article_id, one.cited_id) for one in story.derives} == known - within
    assert {one.article_id for one in story.dangling} == {
        id_ for id_, label in labels.items() if label["guid"] in DANGLING
    }


@pytest.mark.parametrize("name", STORIES)
def test_every_copy_is_in_its_story_credited_as_labelled(corpus: Corpus, name: str):
    """And who credits nobody is said to lack a credit, by the original, not by a fellow copy."""
    labels = in_story(corpus, name)
    by_guid = {(label["outlet"], label["guid"]): id_ for id_, label in labels.items()}
    of = {
        id_: by_guid[label["copy_of"]["outlet"], label["copy_of"]["guid"]]
        for id_, label in labels.items()
        if label["copy_of"]
    }
    uncredited = {id_ for id_ in of if labels[id_]["role"] == "uncredited_copy"}
    story = told(corpus, name)
    copies = {
        (one.from_article_id, one.to_article_id): one.credited
        for one in story.copies
        if of.get(one.from_article_id) != of.get(one.to_article_id, "")
    }
    assert copies == {
        pair: pair[0] not in uncredited and labels[pair[0]]["guid"] not in NOT_BY_NAME
        for pair in of.items()
    }
    assert {(one.article_id, one.source_article_id) for one in story.missing_credit} == {
        (id_, of[id_]) for id_ in uncredited
    }
    assert story.updates == ()


@pytest.mark.parametrize("name", STORIES)
def test_the_agency_that_has_the_original_was_first(corpus: Corpus, name: str):
    """By what all claim; the story came from its language into each other one."""
    labels = in_story(corpus, name)
    originals = [id_ for id_, label in labels.items() if label["role"] == "original"]
    first = min(originals, key=lambda id_: claim_of(labels[id_]))
    story = told(corpus, name)
    assert story.first_claimed is not None
    assert story.first_claimed.article_id == first
    [origin] = [arrival for arrival in story.languages if arrival.is_origin]
    assert origin.language == labels[first]["language"]


def test_the_story_that_the_seed_is_like_is_traced(corpus: Corpus):
    """Written out: a Russian agency's report, in five languages under its name."""
    story = told(corpus, SEED)
    outlet = outlet_of(corpus)
    agency = "rostelegraf.example"
    assert {(outlet[one.article_id], outlet[one.cited_id], one.doubt) for one in story.derives} == {
        ("gaceta-estuario.example", agency, None),
        ("harbourgazette.example", agency, None),
        ("lavigie-du-soir.example", agency, None),
        ("mali-kretchet.txt", agency, "no time"),
        ("sada-aldifaf.example", agency, None),
        ("sahel-matin.example", agency, None),
    }
    assert [(outlet[one.article_id], outlet[one.cited_id], one.kind) for one in story.cites] == [
        ("sahel-matin.example", "lavigie-du-soir.example", "via")
    ]
    assert [outlet[one.article_id] for one in story.dangling] == ["haiqiao-daily.example"]
    assert {
        (outlet[one.from_article_id], outlet[one.to_article_id], one.credited)
        for one in story.copies
    } == {
        ("nevskie-stranitsy.example", agency, False),
        ("sahel-matin.example", "lavigie-du-soir.example", True),
        ("volzhsky-signal.example", "nevskie-stranitsy.example", False),
        ("volzhsky-signal.example", agency, False),
    }
    assert [
        (outlet[one.article_id], outlet[one.source_article_id]) for one in story.missing_credit
    ] == [("volzhsky-signal.example", agency)]
    assert story.first_claimed is not None
    assert outlet[story.first_claimed.article_id] == agency
    came = {
        one.language: ([outlet[id_] for id_ in one.from_ids], outlet[one.article_id or ""])
        for one in story.languages
    }
    assert came == {
        "ru": ([], agency),
        "ar": ([agency], "sada-aldifaf.example"),
        "en": ([agency], "harbourgazette.example"),
        "es": ([agency], "gaceta-estuario.example"),
        "fr": ([agency], "lavigie-du-soir.example"),
        "zh": ([], "haiqiao-daily.example"),  # its credit dangles
    }
    # 13:20 in Moscow; 18:42 in Paris and 19:30 in London are later by 7 h 22 min and by 9 h 10 min.
    lags = {outlet[lag.article_id]: lag.hours for lag in story.lags}
    assert lags[agency] == 0
    assert lags["lavigie-du-soir.example"] == pytest.approx(7 + 22 / 60, abs=1e-3)
    assert lags["harbourgazette.example"] == pytest.approx(9 + 10 / 60, abs=1e-3)
    assert lags["mali-kretchet.txt"] is None


@pytest.mark.parametrize("name", STORIES)
def test_every_credit_shows_the_words_that_say_so(corpus: Corpus, name: str):
    """Offsets are of the field as it stands in the lake."""
    story = told(corpus, name)
    with connect(snapshot(open_lake(corpus.lake))) as connection:
        texts = {
            (id_, field): text
            for field in ("headline", "description_text", "body_text")
            for id_, text in connection.execute(
                f"SELECT current_article_id, {field} FROM articles_now WHERE is_current"
            ).fetchall()
        }
    shown = [(one.article_id, one.words) for one in (*story.cites, *story.derives, *story.dangling)]
    assert shown
    assert [texts[id_, words.field][words.start : words.end] for id_, words in shown] == [
        words.text for _, words in shown
    ]
