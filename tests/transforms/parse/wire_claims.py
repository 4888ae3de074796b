"""The claims of `wires/index.tsv` about a file, as checks of the articles that come of it.

The column `asserted_by_peer_test` is prose with a grammar of its own: claims separated by `;`, then
the peer's test in brackets. `find_claims` reads all of it; a claim of a form that it does not know
is an error, so that none can be dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schemas.article import Article
from transforms.dates import parse_date

Articles = Sequence[Article]
Check = Callable[[Articles], bool]


@dataclass(frozen=True)
class Claim:
    """One value that a peer's test asserts."""

    text: str
    check: Check


# Which of our columns holds what the peers call so.
COLUMNS = {
    "anpa_take_key": "takekey",
    "byline": "byline",
    "dateline": "dateline",
    "description_text": "description_text",
    "ednote": "ednote",
    "embargoed": "embargoed",
    "expiry": "expires",
    "firstcreated": "published",
    "guid": "guid",
    "language": "language_declared",
    "priority": "urgency",
    "provider_sequence": "provider_sequence",
    "pubstatus": "pubstatus",
    "slugline": "slugline",
    "uri": "uri",
    "urgency": "urgency",
    "usageterms": "usageterms",
    "version": "version_stated",
    "versioncreated": "versioncreated",
    "word_count": "word_count",
}
TIMES = ("embargoed", "expires", "published", "versioncreated")
LISTS = {"author": "authors", "subject": "subjects", "keyword": "keywords"}
# About the file, or about what the peer's program does with it, rather than a value of it.
NOTES = (
    r"FRENCH",
    r"NITF body inside inlineXML",
    r"second ingest of same file: 0 saved, 69 duplicates",  # tests/e2e/test_real_feeds.py
    r"all saved",
    r"gold for .*",
    r"gold body text of .*",
    r"body in .* key V1",  # tests/transforms/parse/test_html_page.py
    r"body = yna_co_kr.txt",
    r"intended headline as title.*",  # it is `title_expected`
    r"format=HTML",
    r"management-status=embargoed in file",
    r"must NOT be detected as a sitemap.*",  # tests/transforms/parse/test_wires.py
    r"detected as NEWS sitemap",
    r"0 links kept because.*outdated",  # we keep what is old
)
_END = re.compile(r"\s*\[[^\[\]]+\]$")
_QUOTED = re.compile(r'"([^"]*)"')


def find_claims(asserted: str) -> list[Claim]:
    """Every claim of a row; raises ValueError on one that cannot be read."""
    claims = []
    for part in _END.sub("", asserted).split("; "):
        text = part.strip()
        if text and not any(re.fullmatch(note, text) for note in NOTES):
            claims += _read(text)
    return claims


def _read(text: str) -> Iterator[Claim]:
    for form, build in _FORMS:
        found = re.match(form, text)
        if found:
            yield from (Claim(text, check) for check in build(*found.groups()))
            return
    raise ValueError(f"a claim of an unknown form: {text!r}")


def _equal(column: str, expected: str) -> Check:
    """Whether some article's column has the value; times as times, None as null."""

    def check(articles: Articles) -> bool:
        return any(_is_value(column, one, expected) for one in articles)

    return check


def _is_value(column: str, article: Article, expected: str) -> bool:
    found = getattr(article, column)
    expected = expected.strip('"')
    if expected == "None":
        # What states no first creation is published by its version's date.
        return found is None or (column == "published" and found == article.versioncreated)
    if column in TIMES:
        return found == parse_date(expected, None).value
    if column == "word_count":
        return expected in (str(found), str(article.wordcount_stated))
    if column == "ednote":
        return expected in (found, *str(found).split("\n"))  # a wire may carry several notes
    if column == "guid":
        # The peer appends the version to an id that has none.
        return expected in (found, f"{found}:{article.version_stated}")
    if column == "dateline":
        return str(found).rstrip(" -–—") == expected.rstrip(" -–—")
    return str(found) == expected


def _keys(names: str, value: str) -> list[Check]:
    """`firstcreated=versioncreated=2014…`: each of the columns has the value."""
    columns = dict.fromkeys(COLUMNS[name] for name in names.rstrip("=").split("="))
    return [_equal(column, value) for column in columns]


def _count(number: str, kind: str) -> list[Check]:
    def check(articles: Articles) -> bool:
        return any(len([*_counted(a, kind)]) == int(number) for a in articles)

    return [check]


def _counted(article: Article, kind: str) -> Iterator[str]:
    """The peers keep a category apart, as a value that is asserted by itself."""
    values = getattr(article, LISTS[kind])
    return (one for one in values if not one.startswith("anpa-category:"))


def _has_codes(codes: str) -> list[Check]:
    def holds(code: str) -> Check:
        return lambda articles: any(code.strip() in a.subjects or _coded(a, code) for a in articles)

    return [holds(code) for code in codes.split(",")]


def _coded(article: Article, code: str) -> bool:
    """The code alone, or with its name; with or without the prefix of a scheme."""
    wanted = code.strip()
    form = re.compile(rf"(?:^|[:/]){re.escape(wanted)}(?: |$)", re.IGNORECASE)
    return any(form.search(subject) for subject in article.subjects)


def _items(number: str) -> list[Check]:
    return [lambda articles: len(articles) == int(number)]


def _contains(column: str, words: str) -> list[Check]:
    quoted = _QUOTED.findall(words) or [words.strip()]
    wanted = quoted[0].removesuffix(" ...")
    return [lambda articles: any(wanted in (getattr(a, column) or "") for a in articles)]


def _starts(words: str) -> list[Check]:
    wanted = (_QUOTED.findall(words) or [words])[0]
    return [lambda articles: any((a.body_text or "").startswith(wanted) for a in articles)]


def _place(name: str) -> list[Check]:
    def check(articles: Articles) -> bool:
        return any(name in " ".join((*a.places, a.dateline or "")) for a in articles)

    return [check]


def _item_titled(number: str, title: str) -> list[Check]:
    index = int(number) - 1
    return [lambda articles: len(articles) > index and articles[index].headline == title]


def _is_picture(title: str) -> list[Check]:
    wanted = title.strip('"')
    kinds = ("picture", "image")
    return [
        lambda found: any(
            a.headline == wanted and any(medium.kind in kinds for medium in a.media) for a in found
        )
    ]


def _equals(column: str, written: str) -> list[Check]:
    """A list as Python writes it, cut where the index cuts a long one."""
    wanted = re.findall(r"'([^']+)'", written)
    return [lambda found: any(list(getattr(a, column)) == wanted for a in found)]


def _topics(written: str) -> list[Check]:
    """Each of the topics is a keyword or a subject."""
    wanted = set(re.findall(r"'([^']+)'", written))
    return [lambda found: any(wanted <= {*a.keywords, *a.subjects} for a in found)]


_FORMS: tuple[tuple[str, Callable[..., list[Check]]], ...] = (
    (r"authors=(\[.+\])$", lambda names: _equals("authors", names)),
    (r"publish(?:ing)?_date=(\S+)(?: (\S+))?$",
     lambda day, clock: [_equal("published", f"{day} {clock}" if clock else day)]),
    (r"topics=(\[.+)$", _topics),
    (r"item1 firstcreated=(\S+) versioncreated=(\S+)$",
     lambda a, b: [_equal("published", a), _equal("versioncreated", b)]),
    (r"item0 id=(\S+) title=(\S+) date_published=(\S+)$",
     lambda i, t, d: [_equal("guid", i), _equal("headline", t), _equal("published", d)]),
    (r"item(\d)=(.+)$", _item_titled),
    (r"items\[0\] is a picture (\S.*)$",
     _is_picture),
    (r"items\[1\] text with abstract (.+)$", lambda t: _contains("description_text", t)),
    (r"bodies \"([^\"]+)\"", lambda t: _contains("body_text", t)),
    (r"(?:items=)?(\d+)(?: items?| entries)?(?:, all saved)?$", _items),
    (r"parses to exactly (\d+) item$", _items),
    (r"0 (subject|keyword)s$", lambda kind: _count("0", kind)),
    (r"(\d+) (author|subject)s?(?: John/writer)?$", _count),
    (r"(\d+) (subject)s incl (.+)$", lambda n, kind, codes: [*_count(n, kind), *_has_codes(codes)]),
    (r"subject\[0\]=(.+)$", _has_codes),
    (r"(?:anpa_)?category=(\S+)$", _has_codes),
    (r"keywords=(.+)$",
     lambda words: [lambda found: any(list(a.keywords) == words.split(",") for a in found)]),
    (r"keyword (.+)$", lambda word: [lambda found: any(word in a.keywords for a in found)]),
    (r"original_source=(.+)$",
     lambda n: [lambda found: any(n in [s.name for s in a.provenance] for a in found)]),
    (r"dateline\.source=(\w+), city=(\w+)$",
     lambda source, city: [*_contains("dateline", source), *_place(city)]),
    (r"dateline\.city=(.+)$", _place),
    (r"place=(\w+)/(\w+)$", lambda a, b: [*_place(a), *_place(b)]),
    (r"place=(\w+)$", _place),
    (r"no (byline|urgency)$", lambda name: [_equal(name, "None")]),
    (r"body starts (.+?)(?: \(charset\))?$", _starts),
    (r"body (?:contains|says) (.+)$", lambda words: _contains("body_text", words)),
    (r"test intends body to contain (.+?) \(", lambda words: _contains("body_text", words)),
    (r"ednote (?:contains|has) (.+)$", lambda words: _contains("ednote", words)),
    (r"PA parser maps it to pubstatus=(usable), keeps note (.+)$",
     lambda status, words: [_equal("pubstatus", status), *_contains("ednote", words)]),
    (r"expiry=None although", lambda: [_equal("expires", "None")]),
    (r"(pubstatus)=(canceled) \(KILL case\)$", lambda name, value: _keys(name, value)),
    (r"(slugline)=(.+) via PA parser$", lambda name, value: _keys(name, value)),
    (rf"((?:(?:{'|'.join(COLUMNS)})=)+)(.+)$", _keys),
)  # fmt: skip
