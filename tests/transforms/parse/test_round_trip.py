"""What a writer of ours puts into a format, its reader gives back, letter by letter.

1,000 cases each, drawn from words of several scripts with the signs that markup is made of.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.transforms.parse import writers
from tests.transforms.parse.writers import Fields
from transforms.parse.document import parse_document
from transforms.parse.iptc7901 import is_take
from transforms.parse.item import Item, ParseContext
from transforms.parse.opml import read_feeds
from transforms.parse.plaintext import is_byline

LETTERS = "abzAZéßñçĐšИжбَعبरक中日한ｶ0179"
PLAIN, MARKED = LETTERS + "’“”«»-,;:%(", LETTERS + "&<>\"'’«»-,;:%/=_^`#@{}[]\\"
MANY = settings(
    max_examples=1000,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def lines(alphabet: str) -> st.SearchStrategy[str]:
    """Words with single blanks between; the first begins with a letter."""
    word = st.text(alphabet, min_size=1, max_size=7)
    first = st.text(LETTERS[:12], min_size=2, max_size=7)
    return st.tuples(first, st.lists(word, max_size=6)).map(lambda p: " ".join([p[0], *p[1]]))


def fields(alphabet: str) -> st.SearchStrategy[Fields]:
    line = lines(alphabet)
    return st.fixed_dictionaries(
        {
            "guid": st.text("abc:/.-_0129", min_size=3, max_size=20),
            "headline": line,
            "byline": line,
            "note": line,
            "slugline": st.text("abcXY", min_size=2, max_size=9),
            "word": st.text("abcXYz", min_size=3, max_size=9),
            "urgency": st.integers(1, 9),
            "keywords": st.lists(line, min_size=2, max_size=4, unique=True),
            "paragraphs": st.lists(line, min_size=2, max_size=4),
        }
    )


def read(data: bytes) -> Item:
    (found,) = parse_document(data, ParseContext(source_uri="x"), None)
    assert isinstance(found, Item), found
    return found


KEYWORDS, NOTE, URGENCY, BYLINE = "keywords", "ednote", "urgency", "byline"
FORMATS: dict[str, tuple[Callable[[Fields], bytes], str, tuple[str, ...]]] = {
    "nitf": (writers.write_nitf, "nitf", (KEYWORDS, NOTE, URGENCY, BYLINE)),
    "newsml_g2": (writers.write_newsml_g2, "newsml_g2", (KEYWORDS, NOTE, BYLINE)),
    "newsml1": (writers.write_newsml1, "newsml1", (KEYWORDS, URGENCY, BYLINE)),
    "agency_xml": (writers.write_agency_xml, "agency_xml", (NOTE, URGENCY, BYLINE)),
    "wxr": (writers.write_wxr, "wxr", (KEYWORDS, BYLINE)),
    "ninjs 1": (writers.write_ninjs_1, "ninjs", (KEYWORDS, NOTE, URGENCY, BYLINE)),
    "ninjs 3": (writers.write_ninjs_3, "ninjs", (KEYWORDS, NOTE, URGENCY, BYLINE)),
    "warc": (writers.write_warc, "nitf", (KEYWORDS, NOTE, URGENCY, BYLINE)),
}


@pytest.mark.parametrize("name", FORMATS)
def test_all_fields_come_back(name: str) -> None:
    """Headline, id and paragraphs, and what else the format has a place for."""
    write, source_format, more = FORMATS[name]

    @MANY
    @given(fields(MARKED))
    def check(drawn: Fields) -> None:
        # A headline that opens the text again is left out of it, as whole pages in ninjs have it.
        assume(drawn["paragraphs"][0] != drawn["headline"])
        item = read(write(drawn))
        assert item.source_format == source_format
        assert (item.uri or item.guid) == drawn["guid"]
        assert item.headline == drawn["headline"]
        assert item.body_text == "\n\n".join(drawn["paragraphs"])
        expected = {
            KEYWORDS: tuple(drawn["keywords"]),
            NOTE: drawn["note"],
            URGENCY: str(drawn["urgency"]),
            BYLINE: drawn["byline"],
        }
        assert {field: getattr(item, field) for field in more} == {
            field: expected[field] for field in more
        }
        # Letters drawn by chance may look like mojibake: that is said, and changes nothing.
        assert not [word for word in item.warnings if not word.startswith("mojibake:")]

    check()


@MANY
@given(fields(MARKED))
def test_a_sitemap_comes_back(drawn: Fields) -> None:
    item = read(writers.write_sitemap_news(drawn))
    assert (item.headline, item.url) == (
        drawn["headline"],
        f"https://x.example/{drawn['urgency']}",
    )


@MANY
@given(fields(MARKED))
def test_a_list_of_feeds_comes_back(drawn: Fields) -> None:
    feeds = read_feeds(writers.write_opml(drawn))
    assert [feed.url for feed in feeds] == drawn["keywords"]
    assert {feed.title for feed in feeds} == {drawn["headline"]}
    assert {feed.categories for feed in feeds} == {((drawn["note"],),)}


@MANY
@given(fields(PLAIN))
def test_iptc7901_comes_back(drawn: Fields) -> None:
    """The headline is no take and no byline, which would be read as such."""
    assume(not is_take(drawn["headline"]) and not is_byline(drawn["headline"]))
    item = read(writers.write_iptc7901(drawn))
    assert (item.source_format, item.headline) == ("iptc7901", drawn["headline"])
    assert item.body_text == "\n\n".join(drawn["paragraphs"])
    assert (item.slugline, item.urgency) == (drawn["slugline"], str(drawn["urgency"]))
    assert item.uri == "iptc7901:abc:0417:2024-05-06"


@MANY
@given(fields(PLAIN))
def test_anpa1312_comes_back(drawn: Fields) -> None:
    item = read(writers.write_anpa1312(drawn))
    assert (item.source_format, item.headline) == ("anpa1312", drawn["headline"])
    assert item.body_text == "\n\n".join(drawn["paragraphs"])
    assert (item.slugline, item.published_raw) == (drawn["word"], "2024-05-06 10:15 GMT")


@MANY
@given(fields(PLAIN))
def test_mail_comes_back(drawn: Fields) -> None:
    item = read(writers.write_mail(drawn))
    assert (item.source_format, item.headline) == ("mail", drawn["headline"])
    assert (item.body_text or "").split() == " ".join(drawn["paragraphs"]).split()
