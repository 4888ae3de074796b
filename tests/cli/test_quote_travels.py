"""`quotes --travels` as a shell sees it: who carries a quotation when, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from schemas.citation import Citation
from schemas.quote import Quote
from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of, sighting
from tests.tracing.story_rows import is_one, joins
from transforms.quotes.key import quote_key

SAID = "We will not close the harbour before the winter"
TURNED = "We will close the harbour before the winter"
CUT = "We will not close the harbour"
FRENCH = "Nous ne fermerons pas le port avant l'hiver"


def quoting(name: str, words: str, **fields: Any) -> Article:
    """An article that quotes words between two sentences of its own."""
    body = fields.pop("body", f"It rains. “{words}”, she told Reuters. The AFP was there.")
    return article(name, body_text=body, **fields)


def quoted(of: Article, words: str, speaker: str | None = "Ada Port", **fields: Any) -> Quote:
    start = (of.body_text or "").index(words)
    defaults: dict[str, Any] = {
        "article_id": of.article_id, "version_id": of.version_id, "field": "body_text",
        "start": start, "end": start + len(words), "text": words, "speaker": speaker,
        "speaker_entity_id": "person:ada", "quote_key": quote_key(words), "date": of.date,
    }  # fmt: skip
    return Quote(**{**defaults, **fields})


def cites(of: Article, name: str, kind: str = "attribution") -> Citation:
    start = (of.body_text or "").index(name)
    return Citation(
        article_id=of.article_id, version_id=of.version_id, agency=name.lower(), surface=name,
        phrase=f"by {name}", field="body_text", start=start, end=start + len(name), kind=kind,
        score=0.9, date=of.date,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One story in two languages; the turned words also stand in another story."""
    builder = LakeBuilder(tmp_path_factory.mktemp("travels") / "lake")
    first = quoting("first", SAID, outlet="one.example", published=at(1, 8))
    again = quoting("again", SAID, outlet="two\x07.example", published=at(2))
    turned = quoting("turned", TURNED, outlet="three.example", published=at(3))
    cut = quoting("cut", CUT, outlet="four.example", published=None, first_seen=at(4))
    french = quoting("french", FRENCH, outlet="cinq.example", language="fr", published=at(5))
    other = quoting("other", f"{SAID} comes", outlet="six.example", published=at(6))
    secret = quoting("secret", SAID, outlet="sept.example", embargoed=at(1).replace(year=2099))
    rows = [first, again, turned, cut, french, other, secret]
    quotes = [
        quoted(first, SAID), quoted(again, SAID, "the mayor\u202e"), quoted(turned, TURNED),
        quoted(cut, CUT, None), quoted(french, FRENCH), quoted(other, f"{SAID} comes"),
        quoted(secret, SAID),
    ]  # fmt: skip
    rain = "Il pleut à verse depuis ce matin dans le port"
    late = quoting("late", rain, outlet="huit.example", language="fr", published=at(7))
    stories = [joins(one, "s", 1) for one in (first, again, turned, cut, secret)]
    builder.run(
        *rows, late, *map(sighting, [*rows, late]), *quotes,
        quoted(late, rain, "Lea", speaker_entity_id="person:lea"), *stories,
        joins(french, "f", 1), joins(late, "f", 1), joins(other, "t", 1),
        is_one("f", "s", 1, reason="translated"),
        cites(first, "Reuters"), cites(first, "AFP"), cites(again, "Reuters", "mention"),
    )  # fmt: skip
    return builder.root


def travels(wiretrace: Wiretrace, lake: Path, *arguments: str) -> Any:
    return wiretrace("quotes", *arguments, "--travels", "--lake", lake, "--json").json


def test_each_place_by_time_with_its_evidence(wiretrace: Wiretrace, lake: Path) -> None:
    """By words or by key; the speaker as given there; the offsets are those of the words."""
    [travel] = travels(wiretrace, lake, quote_key(SAID))
    assert [place["outlet"] for place in travel["occurrences"]] == [
        "one.example", "two\x07.example",
    ]  # fmt: skip
    one, two = travel["occurrences"]
    assert (one["speaker"], two["speaker"]) == ("Ada Port", "the mayor\u202e")
    assert (one["field"], one["start"], one["end"]) == ("body_text", 11, 11 + len(SAID))
    assert (travel["text"], travel["story_ids"]) == (SAID, [id_of("s")])
    assert travels(wiretrace, lake, "NOT close the harbour before")[0] == travel


def test_whom_the_article_credits_beside_it_and_elsewhere(wiretrace: Wiretrace, lake: Path) -> None:
    """Reuters stands in its sentence, AFP in the next one; a mention is no credit."""
    [travel] = travels(wiretrace, lake, quote_key(SAID))
    one, two = travel["occurrences"]
    assert [(each["agency"], each["is_near"]) for each in one["credits"]] == [
        ("reuters", True), ("afp", False),
    ]  # fmt: skip
    assert two["credits"] == []


def test_what_became_of_the_words_in_the_story(wiretrace: Wiretrace, lake: Path) -> None:
    """A word that is gone is a change, an end that is gone is not; other stories do not count."""
    [travel] = travels(wiretrace, lake, quote_key(SAID))
    turned, cut = travel["variants"]
    assert (turned["variant"]["kind"], cut["variant"]["kind"]) == ("changed", "shorter")
    assert [(piece["kind"], piece["text"]) for piece in turned["variant"]["pieces"]] == [
        ("same", "We will"), ("removed", "not"), ("same", "close the harbour before the winter"),
    ]  # fmt: skip
    assert [place["outlet"] for place in turned["occurrences"]] == ["three.example"]


def test_a_variant_that_matches_too_is_told_once(wiretrace: Wiretrace, lake: Path) -> None:
    """With the first one; of another story it is another quotation."""
    found = travels(wiretrace, lake, "close the harbour")
    assert [travel["text"] for travel in found] == [SAID, f"{SAID} comes"]
    assert found[1]["variants"] == []


def test_another_language_is_a_question(wiretrace: Wiretrace, lake: Path) -> None:
    """What the same person says in the same story; what somebody else says there is not asked."""
    [travel] = travels(wiretrace, lake, quote_key(SAID))
    [other] = travel["translated"]
    assert (other["language"], other["text"], other["speaker_entity_id"]) == (
        "fr", FRENCH, "person:ada",
    )  # fmt: skip


def test_lines_for_people(wiretrace: Wiretrace, lake: Path) -> None:
    """Marks of a word diff, times as claimed, and no character that acts."""
    done = wiretrace("quotes", quote_key(SAID), "--travels", "--lake", lake)
    lines = done.out.splitlines()
    assert lines[0] == f"“{SAID}”  en  {quote_key(SAID)}"
    assert lines[1] == "    2024-05-01 08:00 UTC  one.example  en  said by Ada Port"
    assert lines[2] == f"        {id_of('first')}  body_text[11:58]"
    assert lines[3:5] == [
        "        attribution beside it: reuters “by Reuters”",
        "        attribution in the article: afp “by AFP”",
    ]
    bell, turn = "two\N{REPLACEMENT CHARACTER}.example", "the mayor\N{REPLACEMENT CHARACTER}"
    assert lines[5] == f"    2024-05-02 12:00 UTC  {bell}  en  said by {turn}"
    diff = "“We will [-not-] close the harbour before the winter”"
    assert f"  changed: {diff}  {quote_key(TURNED)}" in lines
    assert "    no date claimed  four.example  en  speaker not stated" in lines
    assert f"  translated?  “{FRENCH}”  fr  {quote_key(FRENCH)}" in lines
    assert done.err == "1 article under embargo left out; --embargoed includes them\n"


def test_embargoed_when_asked_for_and_marked(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("quotes", quote_key(SAID), "--travels", "--lake", lake, "--embargoed")
    assert "sept.example  en  [embargoed until 2099-05-01 12:00 UTC]  said by" in done.out


def test_speaker_chooses_whose_quotations(wiretrace: Wiretrace, lake: Path) -> None:
    """All places of what is somebody's, also where nobody, or another name, is given for it."""
    [travel] = travels(wiretrace, lake, "close the harbour before", "--speaker", "the mayor")
    assert len(travel["occurrences"]) == 2


@pytest.mark.parametrize("words", ["'; DROP TABLE quotes", "%", "\udcff", "(((", "x" * 30_000])
def test_hostile_words_are_words(wiretrace: Wiretrace, lake: Path, words: str) -> None:
    done = wiretrace("quotes", words, "--travels", "--lake", lake)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("nothing found\n")


def test_words_are_needed(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("quotes", "--travels", "--lake", lake)
    assert (done.code, done.out) == (2, "")
    assert "--travels" in done.err
