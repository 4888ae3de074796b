"""`trace` over small lakes: who is related, and by what; how what is asked for is found."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.lake.builder import NOON, LakeBuilder, article, at, id_of
from tests.tracing.small_lake import RARE, credit, line_of, names, run, traced, why
from tracing.find_articles import NoSuchArticle
from tracing.trace import trace


@pytest.fixture
def story(builder: LakeBuilder) -> LakeBuilder:
    """An original of TASS, one that cites it, one that tells the same, one that only cites TASS."""
    original = article("original", outlet="tass.ru", published=at(2, 8))
    citing = article("citing", outlet="lejournal.example", published=at(2, 10), language="fr")
    telling = article("telling", outlet="paper.example", published=at(3, 9))
    other = article("other", outlet="another.example", published=at(2, 12))
    run(
        builder, original, citing, telling, other,
        *names(original, *RARE), *names(citing, *RARE), *names(telling, *RARE),
        *names(other, "geonames:9"), credit(citing, "tass"), credit(other, "tass"),
    )  # fmt: skip
    return builder


def test_who_cites_and_who_tells_the_same(story: LakeBuilder):
    """From the citing article: its source, and who names the same; not who only cites TASS too."""
    found = traced(story, id_of("citing"))
    assert why(found) == {
        "tass.ru": {"cited", "names"},
        "lejournal.example": {"asked"},
        "paper.example": {"names"},
    }
    assert [line.outlet for line in found.lines] == [
        "tass.ru",
        "lejournal.example",
        "paper.example",
    ]


def test_from_the_original(story: LakeBuilder):
    """The other way round: who cites it."""
    assert why(traced(story, id_of("original")))["lejournal.example"] == {"cites", "names"}


def test_a_credit_leads_to_the_article_that_it_means(story: LakeBuilder):
    """And carries its words."""
    [found] = line_of(traced(story, id_of("citing")), "lejournal.example").credits
    assert found.cited == (id_of("original"),)
    assert (found.agency, found.kind, found.phrase) == ("tass", "attribution", "according to tass")
    assert (found.words.field, found.words.start, found.words.end) == ("body_text", 0, 4)


def test_a_credit_without_an_article_dangles(story: LakeBuilder):
    """TASS wrote nothing here that has to do with it."""
    [found] = line_of(traced(story, id_of("other")), "another.example").credits
    assert found.cited == ()


def test_a_younger_article_is_not_cited(builder: LakeBuilder):
    """What TASS published an hour later is no source."""
    citing = article("citing", outlet="a.example", published=at(2, 10))
    later = article("later", outlet="tass.ru", published=at(2, 11))
    run(builder, citing, later, *names(citing, *RARE), *names(later, *RARE), credit(citing, "tass"))
    found = traced(builder, id_of("citing"))
    assert why(found)["tass.ru"] == {"names"}
    assert line_of(found, "a.example").credits[0].cited == ()


def test_a_mention_is_no_relation(builder: LakeBuilder):
    """An agency as topic leads nowhere."""
    naming = article("naming", outlet="a.example", published=at(2, 10))
    tass = article("tass", outlet="tass.ru", published=at(2, 9))
    rows = [*names(naming, RARE[0]), *names(tass, RARE[0]), credit(naming, "tass", "mention")]
    run(builder, naming, tass, *rows)
    assert why(traced(builder, id_of("naming"))) == {"a.example": {"asked"}}


def test_the_same_text_is_a_copy(builder: LakeBuilder):
    """By content, whatever the outlet, with nothing else in common."""
    text = {"headline": "Rain", "body_text": "It rains."}
    one = article("one", outlet="a.example", **text)
    two = article("two", outlet="b.example", **text)
    run(builder, one, two)
    assert why(traced(builder, id_of("one"))) == {
        "a.example": {"asked"},
        "b.example": {"same_text"},
    }


def test_what_many_name_and_countries_relate_nobody(builder: LakeBuilder):
    """Thirty articles in Paris and Lyon are thirty stories; so are two about one country."""
    crowd = [article(f"c{number}", outlet=f"c{number}.example") for number in range(30)]
    mentions = [row for one in crowd for row in names(one, "geonames:7", "geonames:8")]
    pair = [article(name, outlet=f"{name}.example") for name in ("x", "y")]
    mentions += [row for one in pair for row in names(one, "iso3166:ML", "iso3166:FR")]
    run(builder, *crowd, *pair, *mentions)
    assert why(traced(builder, id_of("c0"))) == {"c0.example": {"asked"}}
    assert why(traced(builder, id_of("x"))) == {"x.example": {"asked"}}


def test_four_days_apart_is_another_story(builder: LakeBuilder):
    """The window counts days between two articles."""
    one = article("one", outlet="a.example", published=at(2))
    near = article("near", outlet="b.example", published=at(5))
    far = article("far", outlet="c.example", published=at(6))
    run(builder, one, near, far, *[n for each in (one, near, far) for n in names(each, *RARE)])
    assert set(why(traced(builder, id_of("one")))) == {"a.example", "b.example"}


def test_an_article_without_a_date_is_near_to_all(builder: LakeBuilder):
    """A dropped text says no date: it is found, and its claimed time stays empty."""
    dated = article("dated", outlet="a.example", published=at(2))
    undated = article(
        "undated", outlet="local", published=None, first_seen=at(28), date=at(28).date()
    )
    run(builder, dated, undated, *names(dated, *RARE), *names(undated, *RARE))
    assert why(traced(builder, id_of("dated"))) == {"a.example": {"asked"}, "local": {"names"}}
    found = traced(builder, id_of("undated"))
    assert why(found) == {"a.example": {"names"}, "local": {"asked"}}
    assert line_of(found, "local").published is None
    assert line_of(found, "local").first_seen == at(28)


@pytest.mark.parametrize("words", ["верешников бамако", "Верешникова Бамако", "巴马科的军队"])
def test_words_find_articles_in_any_script(builder: LakeBuilder, words: str):
    """By exact words, Chinese by pairs of signs; one that lacks them is not found."""
    texts = ["Верешников прибыл в Бамако.", "Слова Верешникова: Бамако.", "俄军在巴马科的军队。"]
    for number, text in enumerate(texts):
        run(builder, article(f"a{number}", outlet=f"a{number}.example", body_text=text))
    run(builder, *(article(f"n{number}", body_text="Nothing at all.") for number in range(9)))
    found = traced(builder, words)
    assert found.lines
    assert all(line.outlet.startswith("a") for line in found.lines)
    assert all({r.by for r in line.reasons} == {"words"} for line in found.lines)


def test_an_address_finds_its_article(builder: LakeBuilder):
    """As received or normalized."""
    run(
        builder,
        article("one", url="https://a.example/1?utm_source=x", normalized_url="a.example/1"),
    )
    pinned = builder.snapshot
    for asked, normalized in (
        ("https://a.example/1?utm_source=x", "other"),
        ("https://a.example/1?fbclid=9", "a.example/1"),
    ):
        assert len(trace(pinned, asked, normalized).lines) == 1
    assert trace(pinned, "https://a.example/2", "a.example/2").lines == ()


def test_filters_keep_what_was_asked_for(story: LakeBuilder):
    """Time, language and outlet choose among the relatives."""
    asked = id_of("citing")
    assert set(why(traced(story, asked, since=at(3, 0)))) == {"lejournal.example", "paper.example"}
    assert set(why(traced(story, asked, until=at(2, 9)))) == {"lejournal.example", "tass.ru"}
    assert set(why(traced(story, asked, languages=frozenset({"fr"})))) == {"lejournal.example"}
    only = frozenset({"paper.example"})
    assert set(why(traced(story, asked, outlets=only))) == {"lejournal.example", "paper.example"}


def test_an_unknown_id_is_an_error(builder: LakeBuilder):
    """Words that find nothing are an empty trace; an id is a promise."""
    run(builder, article("one"))
    with pytest.raises(NoSuchArticle, match="0" * 32):
        traced(builder, "0" * 32)
    assert traced(builder, "unheard").lines == ()


def test_times_are_utc(builder: LakeBuilder):
    """Whatever the machine's zone."""
    run(builder, article("one", published=NOON))
    [line] = traced(builder, id_of("one")).lines
    assert line.published == NOON
    assert line.published is not None
    assert line.published.utcoffset() == dt.timedelta(0)
