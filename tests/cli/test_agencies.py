"""`agencies --matrix` as a shell sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.article import Article
from schemas.citation import Citation
from tests.cli.conftest import Wiretrace
from tests.lake.builder import LakeBuilder, article, at, link, sighting
from tracing.country import country_of


def cites(of: Article, agency: str, kind: str = "credit", start: int = 0) -> Citation:
    return Citation(
        article_id=of.article_id, version_id=of.version_id, agency=agency, surface="x", phrase="x",
        field="body_text", start=start, end=start + 1, kind=kind, score=0.9, date=of.date,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two papers of one country print one text; others tell it in their words, or only name it."""
    builder = LakeBuilder(tmp_path_factory.mktemp("agencies") / "lake")
    a = article("a", outlet="un.fr", language="fr")
    b = article("b", outlet="deux.fr", language="fr", published=at(2))
    c = article("c", outlet="three.com", published=at(2))
    d = article("d", outlet="tass", language="ru")
    old = article("e", outlet="four\x1b.com", published=at(1))
    new = article("e", "2", outlet="four\x1b.com", published=at(1), versioncreated=at(3))
    secret = article("f", outlet="un.fr", language="fr", embargoed=at(1).replace(year=2099))
    builder.run(
        *(a, b, c, d, old, new, secret), *map(sighting, (a, b, c, d, old, new, secret)),
        cites(a, "afp"), cites(a, "afp", "attribution", 5), cites(b, "afp"), cites(b, "reuters"),
        cites(c, "afp", "via"), cites(c, "afp", "mention", 9), cites(d, "afp", "mention"),
        cites(d, "reuters", "attribution"), cites(old, "ansa"), cites(new, "dpa"),
        cites(secret, "afp"), link("b", "a"),
    )  # fmt: skip
    return builder.root


def cells(wiretrace: Wiretrace, lake: Path, *arguments: str) -> dict[tuple[str, str], int]:
    rows = wiretrace("agencies", "--lake", lake, "--matrix", "--json", *arguments).json
    assert all(set(row) == {"row", "agency", "articles"} for row in rows)
    return {(row["row"], row["agency"]): row["articles"] for row in rows}


def test_an_article_counts_once_and_so_do_copies(wiretrace: Wiretrace, lake: Path) -> None:
    """By language; what only names counts not at all, nor does a version that was replaced."""
    assert cells(wiretrace, lake) == {
        ("fr", "afp"): 1, ("fr", "reuters"): 1, ("en", "afp"): 1, ("en", "dpa"): 1,
        ("ru", "reuters"): 1,
    }  # fmt: skip


def test_rows_may_be_outlets_or_countries(wiretrace: Wiretrace, lake: Path) -> None:
    """Each outlet that prints a copy cites; an agency is of its head office's country."""
    by_outlet = cells(wiretrace, lake, "--by", "outlet", "--agency", "afp")
    assert by_outlet == {("un.fr", "afp"): 1, ("deux.fr", "afp"): 1, ("three.com", "afp"): 1}
    assert cells(wiretrace, lake, "--by", "country") == {
        ("FR", "afp"): 1, ("FR", "reuters"): 1, ("unknown", "afp"): 1, ("unknown", "dpa"): 1,
        ("RU", "reuters"): 1,
    }  # fmt: skip
    assert cells(wiretrace, lake, "--outlet", "deux.fr") == {
        ("fr", "afp"): 1, ("fr", "reuters"): 1,
    }  # fmt: skip


def test_a_table_for_people(wiretrace: Wiretrace, lake: Path) -> None:
    """The most cited first; controls in the name of an outlet do nothing."""
    done = wiretrace("agencies", "--lake", lake, "--matrix", "--by", "outlet")
    head, *rows = [line.split() for line in done.out.splitlines()]
    assert head == ["outlet", "afp", "reuters", "dpa"]
    assert rows[0] == ["deux.fr", "1", "1"]
    assert ["four\N{REPLACEMENT CHARACTER}.com", "1"] in rows
    assert done.err == "1 article under embargo left out; --embargoed includes them\n"


def test_embargoed_is_counted_when_asked_for_and_marked(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("agencies", "--lake", lake, "--matrix", "--embargoed")
    assert ["fr", "2*", "1"] in [line.split() for line in done.out.splitlines()]
    assert done.err == "* articles under embargo among them\n"
    rows = wiretrace("agencies", "--lake", lake, "--matrix", "--embargoed", "--json").json
    until = {(row["row"], row["agency"]): row["embargoed_until"] for row in rows}
    assert until["fr", "afp"] == "2099-05-01T12:00:00+00:00"
    assert until["en", "afp"] is None


def test_by_without_matrix_is_a_mistake(wiretrace: Wiretrace, lake: Path) -> None:
    done = wiretrace("agencies", "--lake", lake, "--by", "country")
    assert (done.code, done.out) == (2, "")
    assert "--matrix" in done.err


@pytest.mark.parametrize(
    ("outlet", "country"),
    [
        ("example.fr", "FR"), ("news.bbc.co.uk", "GB"), ("tass", "RU"), ("aap", "AU"),
        ("example.com", "unknown"), ("stream.tv", "unknown"), ("example.eu", "unknown"),
        ("local", "unknown"), ("fr", "unknown"), ("example.zz", "unknown"), ("", "unknown"),
        ("1.2.3.4", "unknown"), ("a.xk", "XK"), ("\udcff.\u202e", "unknown"),
    ],
)  # fmt: skip
def test_country_of_an_outlet(outlet: str, country: str) -> None:
    """The country of the host's own domain, where that is a country's and not sold as a word."""
    assert country_of(outlet) == country
