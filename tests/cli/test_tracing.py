"""`trace`, `entity`, `quotes`, `agencies` as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.citation import Citation
from schemas.quote import Quote
from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, id_of, place, sighting
from transforms.entities.person_names import plain_id


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """An original of TASS and a paper that cites it; both quote and name."""
    builder = LakeBuilder(tmp_path / "lake")
    body = "In Paris and Lyon, Ivan said: All is well today, Reuters."
    original = article("original", outlet="tass.ru", published=at(1, 8), body_text=body)
    citing = article(
        "citing", outlet="paper.example", published=at(1, 9), body_text=body + " TASS said.",
        headline="Ferries\x07 stop",
    )  # fmt: skip
    rows: list[object] = []
    for one in (original, citing):
        rows += [place(one, "Paris"), place(one, "Lyon", entity_id="test:2")]
        rows.append(
            Quote(
                article_id=one.article_id, version_id=one.version_id, field="body_text", start=30,
                end=47, text="All is well today", speaker="Ivan", quote_key="a" * 32, date=one.date,
            )
        )  # fmt: skip
    rows.append(
        Citation(
            article_id=citing.article_id, version_id=citing.version_id, agency="tass",
            surface="TASS", phrase="TASS said", field="body_text", start=58, end=62,
            kind="attribution", score=0.9, date=citing.date,
        )
    )  # fmt: skip
    builder.run(original, citing, sighting(original), sighting(citing), *rows)
    return builder.root


def test_trace_shows_time_outlet_credit_and_why(wiretrace: Wiretrace, lake: Path):
    """Claimed and seen apart, the crediting words, the reason; controls made harmless."""
    done = wiretrace("trace", id_of("citing"), "--lake", lake)
    assert (done.code, done.err) == (0, "")
    first, second = done.out.split("2024-05-01 09:00 UTC  ")
    assert first.startswith("2024-05-01 08:00 UTC  tass.ru  en  Headline of original 1")
    assert "seen 2024-05-01 12:00 UTC" in first
    assert "because: cited there as tass" in first
    assert second.startswith("paper.example  en  Ferries\N{REPLACEMENT CHARACTER} stop")
    assert "attribution: tass “TASS said” → tass.ru" in second
    assert "because: what you asked for" in second


def test_trace_by_words_and_by_file(wiretrace: Wiretrace, lake: Path, tmp_path: Path):
    """Words on the command line or in a file."""
    text = tmp_path / "asked.txt"
    text.write_text("Ferries stop")
    for what in ("ferries stop", text):
        done = wiretrace("trace", what, "--lake", lake, "--jsonl")
        rows = [json.loads(line) for line in done.out.splitlines()]
        assert {row["outlet"] for row in rows} == {"tass.ru", "paper.example"}


def test_trace_as_json(wiretrace: Wiretrace, lake: Path):
    """One object with the evidence and its offsets."""
    done = wiretrace("trace", id_of("citing"), "--lake", lake, "--json")
    [original, citing] = done.json["lines"]
    [credit] = citing["credits"]
    assert credit["cited"] == [original["article_id"]]
    assert credit["words"] == {"field": "body_text", "start": 58, "end": 62, "text": "TASS"}


def test_nothing_found_is_said(wiretrace: Wiretrace, lake: Path):
    """An empty answer is an answer, with advice on stderr; an unknown id is a mistake."""
    done = wiretrace("trace", "unheard", "--lake", lake)
    assert (done.code, done.out) == (0, "")
    assert "nothing found" in done.err
    done = wiretrace("trace", "0" * 32, "--lake", lake)
    assert done.code == 2
    assert "no article" in done.err


def test_a_day_as_limit_counts_whole(wiretrace: Wiretrace, lake: Path):
    """`--until` a day includes its evening."""
    for until, count in (("2024-05-01", 2), ("2024-04-30", 1)):
        done = wiretrace("trace", id_of("citing"), "--lake", lake, "--until", until, "--jsonl")
        assert len(done.out.splitlines()) == count


def test_agencies_counts_who_cites_whom(wiretrace: Wiretrace, lake: Path):
    """By agency, outlet and kind."""
    [row] = wiretrace("agencies", "--lake", lake, "--json").json
    assert (row["agency"], row["outlet"], row["kind"], row["articles"]) == (
        "tass", "paper.example", "attribution", 1,
    )  # fmt: skip
    assert wiretrace("agencies", "--lake", lake, "--agency", "afp", "--json").json == []


def test_entity_by_name_or_id(wiretrace: Wiretrace, lake: Path):
    """A written name leads to its id, and that to every outlet."""
    for name in ("paris", "test:1"):
        rows = wiretrace("entity", name, "--lake", lake, "--json").json
        assert {(row["entity_id"], row["outlet"]) for row in rows} == {
            ("test:1", "tass.ru"),
            ("test:1", "paper.example"),
        }


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien; DROP TABLE entities", '"', "%", "p_ris", "par.*", "(((", "\u202epar\u200fis",
        "a-" * 5_000, "name:" + "й" * 10_000, "\udcff", "",
    ],
)  # fmt: skip
def test_entity_by_a_hostile_name(wiretrace: Wiretrace, lake: Path, name: str):
    """No sign of a name is a pattern or part of a query: nobody is called so, nothing breaks."""
    assert wiretrace("entity", name, "--lake", lake, "--json").json == []


def test_quotes_once_with_their_carriers(wiretrace: Wiretrace, lake: Path):
    """The same words of two outlets are one row."""
    for arguments in ((), ("all is WELL",), ("--speaker", "ivan"), ("a" * 32,)):
        [row] = wiretrace("quotes", *arguments, "--lake", lake, "--json").json
        assert row["outlets"] == ["paper.example", "tass.ru"]
        assert (row["speaker"], row["text"]) == ("Ivan", "All is well today")
    assert wiretrace("quotes", "nothing of it", "--lake", lake, "--json").json == []


@pytest.fixture
def two_scripts(tmp_path: Path) -> Path:
    """One man in Russian and in German, both times with one firm; his namesake with another."""
    builder = LakeBuilder(tmp_path / "two_scripts")
    rows: list[object] = []
    named = {
        "ru": ("Сергей Рогов", "Krechet"),
        "de": ("Sergej Rogow", "Krechet"),
        "en": ("Sergey Rogov", "Bellavia"),
    }
    for key, (person, firm) in named.items():
        one = article(key, outlet=f"{key}.example", body_text=f"{person}, {firm}.")
        rows += [one, sighting(one)]
        rows.append(place(one, person, entity_id=plain_id(person), kind="person"))
        rows.append(place(one, firm, entity_id=plain_id(firm), kind="organization"))
    for number in range(60):
        one = article(f"x{number}", outlet="x.example", body_text="Paris.")
        rows += [one, sighting(one), place(one, "Paris")]
    builder.run(*rows)
    return builder.root


def test_entity_joins_spellings_and_says_why(wiretrace: Wiretrace, two_scripts: Path):
    """The other spelling of the same company follows with score and evidence, no namesake."""
    rows = wiretrace("entity", "Сергей Рогов", "--lake", two_scripts, "--json").json
    asked, other = rows
    assert (asked["entity_id"], asked["joined"]) == ("name:сергеи-рогов", None)
    assert (other["entity_id"], other["outlet"]) == ("name:sergej-rogow", "de.example")
    assert other["joined"]["with_id"] == "name:сергеи-рогов"
    assert [each["entity_id"] for each in other["joined"]["shared"]] == ["name:krechet"]
    shown = wiretrace("entity", "Сергей Рогов", "--lake", two_scripts).out
    assert "as name:сергеи-рогов, both with name:krechet (2)" in shown
