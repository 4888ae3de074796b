"""Samples of ours: `samples/<format>/<oddity>.*`, `<oddity>.expected.json` beside each."""

import dataclasses
import json
from pathlib import Path

import pytest

from schemas.parse_warning import is_known
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = ".expected.json"
FILES = sorted(
    path for path in SAMPLES.rglob("*") if path.is_file() and not path.name.endswith(EXPECTED)
)


def to_plain(result):
    """Fields that differ from their defaults, as JSON knows them."""
    plain = {
        field.name: getattr(result, field.name)
        for field in dataclasses.fields(result)
        if getattr(result, field.name) not in (None, ())
    }
    kind = "item" if isinstance(result, Item) else "reject"
    return json.loads(json.dumps({kind: plain}, default=dataclasses.asdict))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_gives_its_expected_results(path):
    """Every field of every item and reject is what the file beside the sample says."""
    beside = path.with_name(path.stem + EXPECTED)
    assert beside.exists(), f"{path.name} has no expectation: write {beside.name}"
    expected = json.loads(beside.read_text("utf-8"))
    context = ParseContext(source_uri=path.name)
    found = [to_plain(result) for result in parse_document(path.read_bytes(), context, None)]
    assert found == expected
    warnings = [w for one in found for w in one.get("item", {}).get("warnings", ())]
    assert [warning for warning in warnings if not is_known(warning)] == []


def test_no_expectation_without_its_sample():
    """An expectation whose sample is gone would look like a test and check nothing."""
    stems = {path.with_suffix("") for path in FILES}
    orphans = [
        path.name
        for path in SAMPLES.rglob("*" + EXPECTED)
        if path.with_name(path.name.removesuffix(EXPECTED)) not in stems
    ]
    assert orphans == []
    assert len(FILES) >= 45
