"""What a page says of itself: each column from each kind of source."""

import pytest

from tests.transforms.parse.pages import FIRST, article, news
from transforms.parse.page_metadata import NAMES, without_site


@pytest.mark.parametrize(
    ("column", "head", "expected"),
    [
        ("headline", news(headline="From JSON") + "<title>t</title>", "From JSON"),
        ("headline", '<meta property="og:title" content="A &amp; B">', "A & B"),
        ("headline", "<title> Over\n two lines </title>", "Over two lines"),
        ("headline", news(headline=["", 7, None, "The fourth"]), "The fourth"),
        ("description_text", news(description="Short <b>of</b> it"), "Short of it"),
        ("description_text", f'<meta name="Description" content="{FIRST[:40]}...">', None),
        ("published_raw", news(datePublished="2024-05-01"), "2024-05-01"),
        ("published_raw", '<meta name="DC.date.issued" content="2024-05-02">', "2024-05-02"),
        ("published_raw", '<meta itemprop="datePublished" content="2024-05-03">', "2024-05-03"),
        ("versioncreated_raw", news(dateModified="2024-05-04"), "2024-05-04"),
        ("authors", news(author={"@type": "Person", "name": "O. Farrow"}), ("O. Farrow",)),
        ("authors", news(author=["Farrow", {"name": "Zatonsky"}]), ("Farrow", "Zatonsky")),
        ("authors", news(author={"name": ["A", "B"]}), ("A", "B")),
        ("authors", '<meta property="article:author" content="https://social.example/x">', ()),
        ("authors", '<meta name="author" content="Nadège Kouassi">', ("Nadège Kouassi",)),
        ("canonical_url", '<link rel="x canonical" href="https://a.example/1">', "https://a.example/1"),
        ("canonical_url", '<link rel="canonical" href="/relative">', None),
        ("canonical_url", '<link rel="canonical" href="javascript:alert(1)">', None),
        ("url", news(mainEntityOfPage="https://a.example/2"), "https://a.example/2"),
        ("url", '<meta property="og:url" content="https://a.example/3">', "https://a.example/3"),
        ("language_declared", '<meta property="og:locale" content="pt_BR">', "pt-BR"),
        ("language_declared", news(inLanguage={"name": "French", "alternateName": "fr"}), "fr"),
        ("outlet_name", news(publisher={"name": "Harbour Gazette"}), "Harbour Gazette"),
        ("outlet_name", '<meta property="og:site_name" content="Gazette">', "Gazette"),
        ("keywords", news(keywords="port, ferry ,port"), ("port", "ferry")),
        ("keywords", '<meta name=news_keywords content="a,b"><meta name=keywords content=c>', ("a", "b")),  # noqa: E501
        ("subjects", news(articleSection="World"), ("World",)),
        ("genre", news(genre="Analysis"), "Analysis"),
        ("dateline", news(dateline="ALMINA, 1 May"), "ALMINA, 1 May"),
        ("creditline", news(creditText="Agence Cormoran"), "Agence Cormoran"),
        ("copyrightholder", news(copyrightHolder={"name": "Gazette"}), "Gazette"),
    ],
)  # fmt: skip
def test_metadata(column, head, expected):
    """Each column from each kind of source; nothing where nothing usable is stated."""
    assert getattr(article(head), column) == expected


def test_media_has_each_address_once_in_order():
    """Objects and strings, captions kept, relative addresses left out."""
    one = {"@type": "ImageObject", "url": "https://a.example/1.jpg", "caption": "A ferry"}
    found = article(
        news(image=[one, "https://a.example/2.jpg", "/3.jpg", "https://a.example/1.jpg"])
    )
    assert [(m.url, m.caption) for m in found.media] == [
        ("https://a.example/1.jpg", "A ferry"), ("https://a.example/2.jpg", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Ferry resumes | Gazette", "Ferry resumes"),
        ("Ferry resumes – GAZETTE", "Ferry resumes"),
        ("Ferry resumes, says Gazette", "Ferry resumes, says Gazette"),
        ("Gazette", "Gazette"),
        ("| Gazette", "| Gazette"),
    ],
)
def test_only_a_separated_site_name_goes(title, kept):
    """A headline about the outlet keeps its name."""
    assert without_site(title, "Gazette") == kept


def test_names_of_meta_are_folded_and_once():
    """The table is compared without case, so it must be written without."""
    for column, names in NAMES.items():
        assert names == [name.casefold() for name in dict.fromkeys(names)], column
    assert list(NAMES) == sorted(NAMES)
