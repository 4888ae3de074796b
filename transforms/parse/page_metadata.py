"""What an HTML page says about its article: one function for each column, sources in order.

JSON-LD comes first, since it speaks of the article, then `meta` elements (`page_metadata.toml`),
then the page's own markup. Relative addresses are left out: where the page was is not known.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schemas.article import Media
from transforms.parse.json_ld import JsonLd, read_json_ld
from transforms.parse.markup import html_to_text

_TABLE: Final = tomllib.loads(Path(__file__).with_name("page_metadata.toml").read_text("utf-8"))
NAMES: Final[dict[str, list[str]]] = _TABLE["names"]
_LD_JSON: Final = "application/ld+json"
_NAMING: Final = ("property", "name", "itemprop", "http-equiv")
# Between a title and the name of the site.
_SEPARATORS: Final = "|-–—·•:«»"
_MAX_VALUES: Final = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its tree, JSON-LD, and the contents of `meta` elements by name."""

    tree: Any
    json_ld: JsonLd
    meta: dict[str, list[str]]

    def named(self, column: str) -> Iterator[str]:
        """Contents of the `meta` elements for a column, most trusted first."""
        for name in NAMES[column]:
            yield from self.meta.get(name, ())


def read_page(tree: Any) -> Page:
    """The metadata of an lxml tree, which is left as it is."""
    meta: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta", "time"):
        content = (element.get("content") or element.get("datetime") or "").strip()
        for name in {element.get(attribute) for attribute in _NAMING}:
            if name and content:
                meta[to_meta_name(name)].append(content)
    scripts = (s.text for s in tree.iter("script") if _is_json_ld(s) and s.text)
    without_json = Page(tree, JsonLd(), meta)
    return Page(tree, read_json_ld(scripts, find_canonical_url(without_json)), meta)


def to_meta_name(name: str) -> str:
    """A name as the table spells it: `og:article:author` and `Article:Author` are one."""
    folded = name.strip().casefold()
    return folded.removeprefix("og:") if folded.startswith("og:article:") else folded


def _is_json_ld(script: Any) -> bool:
    return (script.get("type") or "").split(";")[0].strip().casefold() == _LD_JSON


def states_article(page: Page) -> bool:
    """Does it say so, by JSON-LD, by `og:type`, or by a date of publication?"""
    kinds = (kind.casefold() for kind in page.meta.get("og:type", ()))
    return bool(page.json_ld.article) or "article" in kinds or any(page.named("published_raw"))


def find_headline(page: Page) -> str | None:
    """`headline`, `og:title` without the site's name, the only `h1`, `title`."""
    tops = [heading.text_content() for heading in page.tree.iter("h1")]
    titles = [element.text_content() for element in page.tree.iter("title")][:1]
    site = find_outlet_name(page)
    return _first(
        *page.json_ld.values("headline"),
        *(without_site(title, site) for title in page.named("headline")),
        *(tops if len(tops) == 1 else ()),
        *(without_site(title, site) for title in titles),
    )


def without_site(title: str, site: str | None) -> str:
    """A title without the name of the site at its end, where a separator stands before it."""
    stripped = title.strip()
    if not site or not stripped.casefold().endswith(site.casefold()):
        return title
    rest = stripped[: len(stripped) - len(site)].rstrip()
    kept = rest.rstrip(_SEPARATORS).rstrip()
    return kept if kept and len(kept) < len(rest) else title


def find_descriptions(page: Page) -> tuple[str, ...]:
    """All that may be a standfirst: `description`, `og:description`, `description` of HTML."""
    stated = (*page.json_ld.values("description"), *page.named("description_text"))
    return tuple(dict.fromkeys(_lines(stated)))


def find_body(page: Page) -> str | None:
    """`articleBody`, where the publisher states the text itself."""
    stated = (v for v in page.json_ld.values("articleBody") if isinstance(v, str))
    return next((text for value in stated if (text := _to_paragraphs(value))), None)


def _to_paragraphs(value: str) -> str:
    # Plain text has a paragraph a line; marked-up text says itself where they end.
    parts = [value] if "</" in value else value.splitlines()
    return "\n\n".join(text for part in parts if (text := html_to_text(part)))


def find_published(page: Page) -> str | None:
    """`datePublished`, `article:published_time` and its like, the only `time`."""
    times = {e.get("datetime") for e in page.tree.iter("time") if e.get("datetime")}
    only = times if len(times) == 1 else ()
    return _first(
        *page.json_ld.values("datePublished"),
        *page.json_ld.values("dateCreated"),
        *page.named("published_raw"),
        *only,
    )


def find_versioncreated(page: Page) -> str | None:
    """`dateModified`, `article:modified_time` and its like."""
    return _first(*page.json_ld.values("dateModified"), *page.named("versioncreated_raw"))


def find_authors(page: Page) -> tuple[str, ...]:
    """Names of `author` or `creator`, else of `meta`; addresses of profiles are no names."""
    for name in ("author", "creator"):
        if found := _names(page.json_ld.values(name)):
            return found
    stated = next((s for n in NAMES["authors"] if (s := _names(page.meta.get(n, ())))), ())
    return tuple(name for name in stated if name)


def find_canonical_url(page: Page) -> str | None:
    """`link rel=canonical` (RFC 6596), `og:url`."""
    links = (link for link in page.tree.iter("link") if _has_rel(link, "canonical"))
    return _address(*(link.get("href") for link in links), *page.named("canonical_url"))


def find_url(page: Page) -> str | None:
    """`url`, `mainEntityOfPage`, else the canonical address."""
    stated = (*page.json_ld.values("url"), *page.json_ld.values("mainEntityOfPage"))
    pages = (v.get("@id") or v.get("url") if isinstance(v, dict) else v for v in stated)
    return _address(*pages) or find_canonical_url(page)


def find_language(page: Page) -> str | None:
    """`inLanguage`, `lang` of the root, `meta`; `og:locale` as a language tag."""
    named = (
        v.get("alternateName") or v.get("name") if isinstance(v, dict) else v
        for v in page.json_ld.values("inLanguage")
    )
    roots = (page.tree.get("lang"), page.tree.get("xml:lang"))
    language = _first(*named, *roots, *page.named("language_declared"))
    return language.replace("_", "-") if language else None


def find_outlet_name(page: Page) -> str | None:
    """`og:site_name` and its like, else the name of the `publisher`."""
    return _first(*page.named("outlet_name"), *_names(page.json_ld.values("publisher")))


def find_keywords(page: Page) -> tuple[str, ...]:
    """`keywords`, else those of `meta`; a string holds several, separated by commas."""
    stated = tuple(page.json_ld.values("keywords"))
    named = next((v for n in NAMES["keywords"] if (v := page.meta.get(n))), ())
    words = _split(stated) or _split(named)
    return tuple(dict.fromkeys(words))[:_MAX_VALUES]


def find_subjects(page: Page) -> tuple[str, ...]:
    """`articleSection`, else `article:section`: the desk, as the site names it."""
    return _names(page.json_ld.values("articleSection")) or _names(page.named("subjects"))


def find_genre(page: Page) -> str | None:
    """`genre`, a name and no address."""
    return next(iter(_names(page.json_ld.values("genre"))), None)


def find_dateline(page: Page) -> str | None:
    """`dateline` of NewsArticle."""
    return _first(*page.json_ld.values("dateline"))


def find_creditline(page: Page) -> str | None:
    """`creditText`."""
    return _first(*page.json_ld.values("creditText"))


def find_copyrightholder(page: Page) -> str | None:
    """`copyrightHolder`, else the notice in `meta`."""
    names = (*page.json_ld.values("copyrightHolder"), *page.named("copyrightholder"))
    return next(iter(_names(names)), None)


def find_media(page: Page) -> tuple[Media, ...]:
    """Pictures of `image`, with caption and credit, else `og:image`; each address once."""
    caption = _first(*page.named("media_caption"))
    addresses = filter(None, map(_address, page.named("media")))
    stated = [medium for value in page.json_ld.values("image") if (medium := to_media(value))]
    media: dict[str | None, Media] = {}
    for medium in stated or [Media("image", url, caption, None) for url in addresses]:
        media.setdefault(medium.url, medium)
    return tuple(media.values())[:_MAX_VALUES]


def to_media(value: Any) -> Media | None:
    """A picture from its address or from an ImageObject; None without an absolute address."""
    if not isinstance(value, dict):
        url = _address(value)
        return Media("image", url, None, None) if url else None
    url = _address(value.get("url"), value.get("contentUrl"), value.get("@id"))
    credit = _first(value.get("creditText"), *_names([value.get("creator")]))
    return Media("image", url, _first(value.get("caption")), credit) if url else None


def _has_rel(link: Any, rel: str) -> bool:
    return rel in (link.get("rel") or "").casefold().split()


def _lines(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        line = " ".join(html_to_text(value).split()) if isinstance(value, str) else ""
        if line:
            yield line


def _first(*values: Any) -> str | None:
    return next(_lines(values), None)


def _address(*values: Any) -> str | None:
    strings = (value.strip() for value in values if isinstance(value, str))
    return next((v for v in strings if v.casefold().startswith(("http://", "https://"))), None)


def _names(values: Iterable[Any]) -> tuple[str, ...]:
    named = (v.get("name") if isinstance(v, dict) else v for v in values)
    flat = (n for v in named for n in (v if isinstance(v, list) else [v]))
    names = (name for name in _lines(flat) if "://" not in name)
    return tuple(dict.fromkeys(names))[:_MAX_VALUES]


def _split(values: Iterable[Any]) -> list[str]:
    return [word for name in _names(values) for part in name.split(",") if (word := part.strip())]
