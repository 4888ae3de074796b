"""Properties that a sample cannot show: bombs, depth, damage, and the public hostile corpora."""

import gzip
import os
import time

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.parse.child import ParserChild, SourceBytes
from transforms.parse.decoding import find_codec
from transforms.parse.document import MAX_TEXT, parse_document
from transforms.parse.gunzip import DecompressionFailed, gunzip
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.markup import html_to_text
from transforms.parse.messages import encode_results

ITEM = "<item><title>T</title><link>https://x.example/1</link>{}</item>"
RSS = '<?xml version="1.0"?>{}<rss version="2.0"><channel><title>F</title>{}</channel></rss>'


def results(data, forced=None):
    return list(parse_document(data, ParseContext(source_uri="x"), forced))


def timed(data):
    start = time.monotonic()
    found = results(data)
    return found, time.monotonic() - start


def test_a_name_of_100_kilobytes_takes_no_37_seconds():
    """feedparser's quadratic search never sees it; the item lives, with a warning."""
    feed = RSS.format("", ITEM.format(f"<author>{'a' * 100_000}</author>")).encode()
    found, seconds = timed(feed)
    assert [item.headline for item in found] == ["T"]
    assert found[0].warnings == ("oversize_name_dropped",)
    assert seconds < 2


def test_entity_bomb_does_not_expand():
    """Billion laughs: little time, little text."""
    lines = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    doctype = '<!DOCTYPE rss [<!ENTITY l0 "lol">' + "".join(lines) + "]>"
    feed = RSS.format(doctype, ITEM.format("<description>&l9;</description>")).encode()
    found, seconds = timed(feed)
    assert len(found) == 1
    assert len(encode_results(found)) < 5000
    assert seconds < 2


def test_external_entity_is_not_read(tmp_path):
    """A file that an entity names does not get into an item."""
    (tmp_path / "secret").write_text("CANARY")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    feed = RSS.format(doctype, ITEM.format("<description>a &x; b</description>")).encode()
    assert b"CANARY" not in encode_results(results(feed))


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_deep_json_is_a_reject(opening):
    """200,000 levels are `too_deep`, not a RecursionError."""
    (found,) = results(opening * 200_000, "json")
    assert found.reason == "too_deep"


def test_deep_xml_ends():
    """Elements nested 20,000 deep give a result in bounded time."""
    body = "<description>" + "<b>" * 20_000 + "x" + "</b>" * 20_000 + "</description>"
    found, seconds = timed(RSS.format("", ITEM.format(body)).encode())
    assert len(found) == 1
    assert seconds < 10


def test_gzip_is_read_by_content():
    """A gzipped record is an item; positions in unpacked bytes are not claimed."""
    (found,) = results(gzip.compress(b'{"headline":"a"}'))
    assert (found.headline, found.raw_span) == ("a", None)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (gzip.compress(bytes(100 << 20)), "unpacks to more than"),
        (gzip.compress(b'{"headline":"a"}')[:-9], "cut short"),
        (gzip.compress(os.urandom(999))[:500] + b"\0" * 600, "damaged"),
    ],
    ids=["bomb", "truncated", "damaged"],
)
def test_bad_gzip_is_a_reject(data, says):
    """Bombs, truncation and damage each say what they are."""
    (found,) = results(data)
    assert found.reason == "decompression_failed"
    assert says in found.message


def test_gunzip_joins_members_and_drops_padding():
    """RFC 1952 §2.2: members follow one another; tape padding after them is no content."""
    assert gunzip(gzip.compress(b"a") + gzip.compress(b"b") + b"\0" * 512) == b"ab"


def test_gunzip_ratio_is_capped():
    """8 MiB of zeros are under the size limit and over the ratio."""
    with pytest.raises(DecompressionFailed, match="unpacks to more"):
        gunzip(gzip.compress(bytes(8 << 20)))


def test_gzip_in_gzip_is_not_unpacked():
    """One level only."""
    (found,) = results(gzip.compress(gzip.compress(b'{"headline":"a"}')))
    assert (found.reason, "gzip within gzip" in found.message) == ("unknown_format", True)


def test_huge_line_is_that_records_reject():
    """A line beyond 8 MiB is rejected; the next one lives."""
    line = b'{"headline":"' + b"a" * (9 << 20) + b'"}\n{"headline":"b"}'
    first, second = results(line)
    assert (first.reason, first.record, second.headline) == ("too_large", 1, "b")


def test_too_much_text_ends_the_container():
    """Beyond the limit one reject says so, after the items that fitted."""
    line = b'{"headline":"' + b"a" * (7 << 20) + b'"}\n'
    *items, last = results(line * 12)
    assert all(isinstance(item, Item) for item in items)
    assert len(items) == MAX_TEXT // ((7 << 20) + 10)
    assert last.reason == "too_large"


@pytest.mark.parametrize(
    "piece", ["<a ", "<a '", '<a="', "<!--", "<![CDATA[", "</", "&#", '<a ="x" ']
)
def test_markup_is_linear(piece):
    """Eight times the input takes at most about eight times as long (20: noise)."""

    def cost(times: int) -> float:
        return least_cpu_seconds(lambda: html_to_text(piece * times))

    assert cost(160_000) < max(20 * cost(20_000), 0.05)


def test_unclosed_quote_swallows_no_text():
    """A quote that never closes ends with its tag; the text after it stays."""
    assert html_to_text('<a href="x>text</a> more') == "text more"


def test_character_reference_of_5000_digits():
    """`int` would raise on it (PEP 678 of 3.11: 4,300 digits)."""
    assert html_to_text("a&#" + "9" * 5000 + ";b") == "a�b"


@pytest.mark.parametrize(
    "label", ["utf-7", "rot13", "base64", "unicode_escape", "idna", "zip", "\0"]
)
def test_codec_tricks_are_refused(label):
    """Only encodings of text count as declared."""
    assert find_codec(label) is None


@pytest.mark.parametrize("cut", range(1, 400, 7))
def test_truncation_anywhere_gives_a_result(cut):
    """Cut at any byte, a feed gives an item or a reject, and no exception."""
    feed = RSS.format("", ITEM.format("<description>Fermé — 中文</description>") * 2).encode()
    found = results(feed[:cut])
    assert found
    encode_results(found)


def corpus(shared, name):
    return sorted(path for path in (shared / "hostile" / name).rglob("*") if path.is_file())


CORPORA = (
    "blns", "feedparser_tests", "feedvalidator", "fuzz_dicts", "html5lib_tests", "jsontestsuite",
    "libxml2", "parquet_bad", "payloads",
)  # fmt: skip
FAULTS = {"unexpected", "timeout", "out_of_memory", "parser_crashed"}


@pytest.mark.parametrize("name", CORPORA)
def test_hostile_corpus_raises_and_hangs_nowhere(name, shared):
    """Every file gives results within five seconds and 512 MiB; no reader is killed or fails.

    In the bounded child, as in a run: what it answers for a reader that failed is looked for.
    """
    files = corpus(shared, name)
    with ParserChild(deadline_seconds=5, memory_bytes=512 << 20) as child:
        for path in files:
            found = answer(child, path.read_bytes())
            assert found, path
            assert reasons(found).isdisjoint(FAULTS), (path, found)
    assert files


def answer(child, data):
    """What the child makes of the bytes; a timeout may be the machine's, so it is asked again."""
    for _ in range(3):
        (found,) = child.parse([SourceBytes(data, ParseContext(source_uri="x"))])
        if "timeout" not in reasons(found):
            break
    return found


def reasons(found):
    return {result.reason for result in found if isinstance(result, ItemReject)}


def test_no_corpus_is_left_out(shared):
    """Every folder of hostile inputs is one of those above."""
    folders = sorted(path.name for path in (shared / "hostile").iterdir() if path.is_dir())
    assert folders == list(CORPORA)


def test_json_that_must_fail_fails(shared):
    """JSONTestSuite: of `n_` nothing is read as JSON, of `y_` nothing is refused as malformed."""
    tried = 0
    for path in corpus(shared, "jsontestsuite"):
        kind = path.name[:2]
        if kind not in ("n_", "y_") or path.suffix != ".json":
            continue
        reasons = {
            result.reason
            for result in results(path.read_bytes(), "json")
            if isinstance(result, ItemReject) and "was expected" not in result.message
        }
        refused = bool(reasons & {"malformed", "too_deep", "undecodable"}) or reasons == {"empty"}
        tried += 1
        if kind == "n_":
            assert refused, path.name
        else:
            assert not reasons & {"malformed", "too_deep", "undecodable"}, path.name
    assert tried > 250
