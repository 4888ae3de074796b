"""JSON-LD as templates write it, and as attackers would."""

import json
import time

import pytest

from tests.transforms.parse.pages import FIRST, SECOND, article, ld, news
from transforms.parse.json_ld import load_script, read_json_ld
from transforms.parse.messages import encode_results


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('<!--\n{"a": "b\nc"}\n-->', {"a": "b\nc"}),
        ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
        ("/*<![CDATA[*/{}/*]]>*/", None),
        ('{"a": 1', None),
        ("[" * 100_000, None),
        ("", None),
        ('{"a": NaN', None),
    ],
)
def test_scripts_are_read_leniently(script, value):
    """As templates write them; what is no JSON is nothing."""
    assert load_script(script) == value


def test_the_article_is_that_of_the_page():
    """Of several, the one at the canonical address; never one in a list; news before others."""
    here, other = {"@type": "NewsArticle", "url": "https://a.example/1", "headline": "here"}, {
        "@type": "NewsArticle", "url": "https://a.example/2", "headline": "other",
    }  # fmt: skip
    listed = {"@type": "ItemList", "itemListElement": [other]}
    plain = {"@type": "Article", "headline": "plain"}

    def chosen(value, address=None):
        return read_json_ld([json.dumps(value)], address).article.get("headline")

    assert chosen([other, here], "https://a.example/1") == "here"
    assert chosen([listed]) is None
    assert chosen([plain, listed, here]) == "here"
    assert chosen({"@graph": [{"@type": "WebPage", "mainEntity": plain}]}) == "plain"
    assert chosen({"@type": "http://schema.org/NewsArticle", "headline": "long"}) == "long"


HOSTILE_LD = {
    "types everywhere": news(
        headline={"@value": 1}, author=[[["x"]]], publisher=7, image={"url": {"a": 1}}, keywords={},
        datePublished=["x", None], inLanguage=[{}], mainEntityOfPage=[[]], articleSection=1.5,
    ),
    "references in a circle": ld([
        {"@type": "NewsArticle", "@id": "#a", "author": {"@id": "#b"}, "image": {"@id": "#a"}},
        {"@id": "#b", "author": {"@id": "#a"}, "name": {"@id": "#b"}},
    ]),
    "ids that are no strings": ld([{"@type": "NewsArticle", "@id": [1], "author": {"@id": {}}}]),
    "types that are no strings": ld([{"@type": [7, None, {"a": 1}]}, {"@type": {}}]),
    "deep": ld("[" * 200_000 + "]" * 200_000),
    "deep graph": ld('{"@graph":' * 900 + "1" + "}" * 900),
    "wide": ld({"@graph": [{"@type": "NewsArticle", "author": ["x"] * 1000}] * 100}),
    "many scripts": ld({"@type": "NewsArticle"}) * 5_000,
    "surrogates": ld('{"@type": "NewsArticle", "headline": "\\ud800x"}'),
    "huge number": ld('{"@type": "NewsArticle", "headline": 1' + "0" * 5000 + "}"),
    "spaces": ld(" " * 500_000 + "x"),
    "open comments": ld("<!--" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_LD)
def test_hostile_json_ld_costs_no_page(name):
    """The text is there whatever the metadata is, in little time."""
    start = time.process_time()
    found = article(HOSTILE_LD[name])
    assert time.process_time() - start < 5
    assert found.body_text == f"{FIRST}\n\n{SECOND}"
    encode_results([found])
