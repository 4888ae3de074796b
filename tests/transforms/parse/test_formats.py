"""What the readers say of themselves, held against what they do with every sample."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from transforms.parse import html_page
from transforms.parse.document import parse_document
from transforms.parse.formats import COLUMN_OF, ITEM_FIELDS, kept_by_column, list_formats
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.messages import decode_results, encode_results
from transforms.parse.sniff import READERS, forced_reader

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(
    path
    for path in SAMPLES.rglob("*")
    if path.is_file() and not path.name.endswith(".expected.json")
)
# Of every format one sample, the largest that is tried at every byte in a second or two.
MAX_TRUNCATED = 4000
CONTEXT = ParseContext(source_uri="x")


def largest_short(name: str) -> bytes:
    sizes = [path.read_bytes() for path in FILES if path.parent.name == name]
    # A page takes trafilatura ten milliseconds, as often as it has bytes.
    most = MAX_TRUNCATED // 2 if name == html_page.FORMAT else MAX_TRUNCATED
    fitting = [data for data in sizes if len(data) <= most]
    return max(fitting, key=len)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.FORMAT)
def test_a_reader_says_what_it_keeps(reader):
    """Names of fields that an item has, each with a place; the versions; a text on itself."""
    assert set(reader.KEPT) <= set(ITEM_FIELDS)
    assert all(place.strip() for place in reader.KEPT.values())
    assert reader.VERSIONS
    assert len(reader.__doc__) > 40
    assert len(kept_by_column(reader)) >= len(reader.KEPT) - 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_sample_gives_a_field_that_its_reader_hides(path):
    """What an item holds, its reader's `KEPT` names: docs/formats.md is printed from it."""
    for result in parse_document(path.read_bytes(), CONTEXT, None):
        if isinstance(result, Item):
            reader = forced_reader(result.source_format)
            stated = {name for name in ITEM_FIELDS if getattr(result, name) not in (None, ())}
            assert stated - set(reader.KEPT) == set()


def test_columns_are_of_items():
    """No renamed column stands for a field that is gone."""
    assert set(COLUMN_OF) <= {field.name for field in fields(Item)}
    assert [one["format"] for one in list_formats()][-3:] == ["tar", "warc", "zip"]


@pytest.mark.parametrize("name", [reader.FORMAT for reader in READERS if reader.FORMAT != "feed"])
def test_cut_at_every_byte(name):
    """Items or rejects, which can be sent, and never an exception (`raise` would end the test)."""
    data = largest_short(name)
    for cut in range(len(data)):
        found = list(parse_document(data[:cut], CONTEXT, None))
        assert found
        assert all(isinstance(one, Item | ItemReject) for one in found)
        assert decode_results(bytearray(encode_results(found))) == found
