"""The demo corpus keeps what its labels promise; read without any parser of ours."""

from __future__ import annotations

import datetime as dt
import difflib
import gzip
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CORPUS = EXAMPLES / "corpus"
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
LABELS: list[dict[str, Any]] = EXPECTED["articles"]
BY_SOURCE = {label["source"]: label for label in LABELS}
COPIES = [
    label for label in LABELS if label["role"] in ("credited_copy", "uncredited_copy", "round_up")
]
# Real agencies, outlets and persons that the seed's story could have let slip in: whole words where
# words are set apart, anywhere in Arabic and Chinese, where they carry prefixes or no spaces.
REAL_WORDS = (
    "AFP", "ANSA", "AP", "Al Jazeera", "Anadolu", "Associated Press", "BBC", "Bloomberg", "DPA",
    "EFE", "El País", "Interfax", "Kyodo", "Lavrov", "Le Figaro", "Le Monde", "Lusa", "RFI",
    "RIA Novosti", "Reuters", "TASS", "Tass", "Wagner", "Xinhua", "dpa",
    "Вагнер", "Интерфакс", "Лавров", "РИА", "Рейтер", "ТАСС",
)  # fmt: skip
REAL_STRINGS = (
    "رويترز", "فاغنر", "فرانس برس", "لافروف", "وكالة تاس",
    "塔斯社", "法新社", "瓦格纳", "拉夫罗夫", "路透社", "新华社", "美联社",
)  # fmt: skip
MIN_RUN = 40
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_FIELDS = {
    "guid": ("guid", "uri", "id", "{http://www.w3.org/2005/Atom}id"),
    "url": ("url", "link", "{http://purl.org/rss/1.0/}link"),
    "published": (
        "published", "date_published", "pubDate", "{http://www.w3.org/2005/Atom}published",
        "{http://purl.org/dc/elements/1.1/}date",
    ),
}  # fmt: skip
_TEXTS = (
    "headline", "title", "byline", "body_text", "text", "content_html", "content_text", "author",
    "description", "{http://www.w3.org/2005/Atom}title", "{http://www.w3.org/2005/Atom}content",
    "{http://www.w3.org/2005/Atom}author", "{http://purl.org/rss/1.0/}title",
    "{http://purl.org/dc/elements/1.1/}creator",
    "{http://purl.org/rss/1.0/modules/content/}encoded",
)  # fmt: skip


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _json_record(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"author": " ".join(a["name"] for a in record.get("authors", ()))}


def _xml_record(element: etree._Element) -> dict[str, Any]:
    record = {str(child.tag): "".join(child.itertext()) for child in element}
    for child in element.findall("{*}link[@href]"):
        record["link"] = child.get("href")
    if about := element.get(_RDF_ABOUT):
        record["id"] = about
    return record


def _records(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """The records of one file under the name of its format."""
    head = data.lstrip()[:1]
    if head == b"<":
        root = etree.fromstring(data)
        kind = {"rss": "rss", "feed": "atom", "RDF": "rdf"}[etree.QName(root).localname]
        return {kind: [_xml_record(e) for e in root.iter("{*}item", "{*}entry")]}
    if head != b"{":
        return {"text": [{"text": data.decode("utf-8")}]}
    lines = data.decode("utf-8").splitlines()
    if lines[0] == "{":
        return {"jsonfeed": [_json_record(item) for item in json.loads(data)["items"]]}
    return {"jsonl": [_json_record(json.loads(line)) for line in lines]}


@cache
def _items() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every item of the corpus by its source: format and fields."""
    found = {}
    for path in sorted(p for p in CORPUS.rglob("*") if p.is_file()):
        name = path.relative_to(CORPUS).as_posix()
        ((kind, records),) = _records(_bytes(path)).items()
        for number, record in enumerate(records, 1):
            found[name if kind == "text" else f"{name}#{number}"] = (kind, record)
    return found


def _field(record: dict[str, Any], name: str) -> str | None:
    return next((record[key] for key in _FIELDS[name] if record.get(key)), None)


def _text(source: str) -> str:
    """What a reader of the item sees, bylines included, without markup."""
    record = _items()[source][1]
    parts = [str(record[key]) for key in _TEXTS if record.get(key)]
    plain = [html.fromstring(p).text_content() if "<p>" in p else p for p in parts]
    return "\n".join(plain)


def _words(source: str) -> list[str]:
    return _WORD.findall(_text(source).casefold())


def _common_run(one: list[str], other: list[str]) -> int:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match().size


def _published(label: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(label["published"])


def _original_of(label: dict[str, Any]) -> list[dict[str, Any]]:
    wanted = label["copy_of"]
    return [
        other
        for other in LABELS
        if (other["outlet"], other["guid"]) == (wanted["outlet"], wanted["guid"])
        and other["role"] not in ("kill", "duplicate")
    ]


def _recount() -> Counter[str]:
    """Outcomes after the identity rule: same guid, same article; same text, same version."""
    outcomes: Counter[str] = Counter()
    versions: dict[tuple[str, str], set[str]] = {}
    for source, (_, record) in _items().items():
        if record.get("pubstatus") == "canceled":
            outcomes["control"] += 1
            continue
        article = (BY_SOURCE[source]["outlet"], _field(record, "guid") or source)
        known = versions.setdefault(article, set())
        text = _text(source)
        outcomes["duplicate" if text in known else "revised" if known else "new"] += 1
        known.add(text)
    return outcomes


def test_every_label_resolves_to_one_item() -> None:
    """Labels and items are the same set, and only input lies in the dropped folder."""
    assert sorted(BY_SOURCE) == sorted(_items())
    assert len(BY_SOURCE) == len(LABELS)


@pytest.mark.parametrize("source", sorted(BY_SOURCE))
def test_label_matches_item(source: str) -> None:
    """Format, guid, address and date of a label are those of its item."""
    kind, record = _items()[source]
    label = BY_SOURCE[source]
    assert kind == label["format"]
    assert _field(record, "guid") == label["guid"]
    assert _field(record, "url") == label["url"]
    stated = _field(record, "published")
    if kind == "rss":
        stated = dt.datetime.strptime(str(stated), "%a, %d %b %Y %H:%M:%S %z").isoformat()
    assert stated == label["published"]


def test_outlet_is_stated_by_record_or_address() -> None:
    """An item's outlet follows from its record or its address; only plain texts have none."""
    for source, label in BY_SOURCE.items():
        record = _items()[source][1]
        host = re.sub(r"^https://www\.|/.*$", "", str(label["url"]))
        stated = record.get("outlet") or (host if label["url"] else "local")
        assert stated == label["outlet"], source


def test_variety() -> None:
    """The corpus is as large and as varied as issue 3 asks."""
    articles = {(label["outlet"], label["guid"] or label["source"]) for label in LABELS}
    outlets = {label["outlet"] for label in LABELS} - set(EXPECTED["agencies"]) - {"local"}
    languages = {label["language"] for label in LABELS} - {None}
    assert len(articles) >= 44
    assert outlets == set(EXPECTED["outlets"])
    assert len(outlets) >= 12
    assert languages == {"ar", "en", "es", "fr", "ru", "zh"}
    assert {label["story"] for label in LABELS} - {None} == set(EXPECTED["stories"])
    assert len(EXPECTED["stories"]) == 6
    assert sum(label["role"] == "duplicate" for label in LABELS) >= 2
    assert {label["format"] for label in LABELS} == {
        "rss", "atom", "rdf", "jsonfeed", "jsonl", "text",
    }  # fmt: skip


def test_totals_are_those_of_the_items() -> None:
    """The ledger that an ingest must show, recounted from guids and texts, balances."""
    totals = EXPECTED["totals"]["items"]
    outcomes = _recount()
    assert totals == {"seen": len(_items()), "rejected": 0, **outcomes}
    assert totals["seen"] == sum(count for name, count in totals.items() if name != "seen")
    for key, total in totals.items():
        assert total == sum(counts[key] for counts in EXPECTED["totals"]["by_format"].values()), key
    assert Counter(label["outcome"] for label in LABELS) == outcomes


def test_windows_1251_feeds_declare_it() -> None:
    """The Russian RSS feeds are windows-1251 in fact, not only in name."""
    feeds = [p for p in CORPUS.rglob("*.xml") if b'encoding="windows-1251"' in p.read_bytes()[:80]]
    assert len(feeds) == 3
    for feed in feeds:
        assert re.search("[а-я]{5}", feed.read_bytes().decode("cp1251")), feed.name
        with pytest.raises(UnicodeDecodeError):
            feed.read_bytes().decode("utf-8")


def test_dates_lie_in_the_window_and_know_their_zone() -> None:
    """Dates are of 2024-03-01 to 2024-03-20, with a zone; plain texts and the kill have none."""
    undated = {label["format"] for label in LABELS if not label["published"]}
    assert undated == {"text", "jsonl"}
    for label in LABELS:
        if label["published"]:
            when = dt.datetime.fromisoformat(label["published"])
            assert when.utcoffset() is not None, label["source"]
            assert dt.date(2024, 3, 1) <= when.date() <= dt.date(2024, 3, 20), label["source"]


@pytest.mark.parametrize("source", sorted(s for s in BY_SOURCE if BY_SOURCE[s]["role"] != "kill"))
def test_text_is_an_article_without_real_names(source: str) -> None:
    """Every text is of an article's length and names no real agency, outlet or person."""
    words = len(_words(source))
    assert 50 <= words <= 320, words
    text = _text(source)
    assert not [n for n in REAL_WORDS if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)]
    assert not [name for name in REAL_STRINGS if name in text]


@pytest.mark.parametrize("label", COPIES, ids=lambda label: label["source"])
def test_copy_shares_a_long_run_with_its_original(label: dict[str, Any]) -> None:
    """A copy repeats at least 40 words (characters in Chinese) of an earlier article, in order."""
    originals = _original_of(label)
    assert originals
    assert _published(label) > min(map(_published, originals))
    words = _words(label["source"])
    assert max(_common_run(words, _words(o["source"])) for o in originals) >= MIN_RUN


def test_round_up_embeds_the_whole_wire() -> None:
    """The round-up holds every word of the short wire's body, dateline included."""
    (round_up,) = [label for label in LABELS if label["role"] == "round_up"]
    (wire,) = _original_of(round_up)
    assert _items()[wire["source"]][1]["body_text"] in _text(round_up["source"])


def test_cited_agencies_are_those_named() -> None:
    """An article names an agency, in its own script, if and only if its label says so."""
    for source, label in BY_SOURCE.items():
        if label["role"] == "kill":
            continue
        text = _text(source)
        named = {a for a, names in EXPECTED["agencies"].items() if any(n in text for n in names)}
        agencies = {cited for cited in label["cites"] if cited in EXPECTED["agencies"]}
        assert named - {label["outlet"]} == agencies, source
        for outlet in set(label["cites"]) - agencies:
            assert EXPECTED["outlets"][outlet] in text, source


def test_credit_follows_the_role() -> None:
    """Credited copies and translations cite; uncredited copies cite nobody."""
    for label in LABELS:
        if label["role"] in ("credited_copy", "translation", "round_up"):
            assert label["cites"], label["source"]
        if label["role"] in ("uncredited_copy", "unrelated", "original"):
            assert label["cites"] == [], label["source"]


def test_translations_are_in_another_language_than_their_agency() -> None:
    """A translation's story has an agency original, and none in the translation's language."""
    originals: dict[str, set[str]] = {}
    for label in LABELS:
        if label["role"] == "original":
            originals.setdefault(label["story"], set()).add(label["language"])
    for label in LABELS:
        if label["role"] == "translation":
            assert label["language"] not in originals[label["story"]], label["source"]


def test_corrections_revise_an_earlier_version() -> None:
    """A correction keeps its guid, changes words, and is created later; the wire's says so."""
    corrections = [label for label in LABELS if label["role"] == "correction"]
    assert len(corrections) == 2
    for label in corrections:
        earlier = [
            other
            for other in LABELS
            if (other["outlet"], other["guid"]) == (label["outlet"], label["guid"])
            and other is not label
        ]
        assert len(earlier) == 1
        # Headline and first paragraph both.
        assert _text(label["source"]).count("1.020 ") >= 2
        assert "1.020" not in _text(earlier[0]["source"])
        record = _items()[label["source"]][1]
        created = record.get("versioncreated") or record["{http://www.w3.org/2005/Atom}updated"]
        assert dt.datetime.fromisoformat(created) > dt.datetime.fromisoformat(label["published"])
    wire = _items()["drops/agence-cormoran.jsonl#2"][1]
    assert (wire["signals"], wire["version"]) == (["correction"], "2")


def test_kill_names_an_earlier_article_and_has_no_text() -> None:
    """The kill is a control message: no text, canceled, the uri of the wire it takes back."""
    (label,) = [label for label in LABELS if label["role"] == "kill"]
    record = _items()[label["source"]][1]
    assert (record["pubstatus"], record["signals"]) == ("canceled", ["kill"])
    assert not {"headline", "title", "body_text", "text"} & record.keys()
    (killed,) = [
        other
        for other in LABELS
        if (other["outlet"], other["guid"], other["role"])
        == (label["outlet"], label["guid"], "original")
    ]
    assert dt.datetime.fromisoformat(record["versioncreated"]) > dt.datetime.fromisoformat(
        killed["published"]
    )


def test_duplicates_repeat_an_item_of_another_file() -> None:
    """An exact re-delivery: same outlet, guid and text, in another file."""
    for label in LABELS:
        if label["role"] != "duplicate":
            continue
        (first,) = [
            other
            for other in LABELS
            if (other["outlet"], other["guid"]) == (label["outlet"], label["guid"])
            and other["role"] != "duplicate"
        ]
        assert first["source"].split("#")[0] != label["source"].split("#")[0]
        assert _text(first["source"]) == _text(label["source"])
