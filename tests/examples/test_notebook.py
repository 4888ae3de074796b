"""The notebook runs over the demo's lake, and finds what the labels of the corpus say."""

from __future__ import annotations

import ast
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from examples.run_notebook import code_cells, run_notebook
from tests.examples.corpus import EXAMPLES, LABELS, Corpus

pytestmark = pytest.mark.e2e
NOTEBOOK = EXAMPLES / "notebook.ipynb"


@pytest.fixture(scope="module")
def names(corpus: Corpus) -> dict[str, Any]:
    """What its cells leave."""
    return run_notebook(NOTEBOOK, str(corpus.lake))


def claimed(label: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(label["published"])


def test_it_says_who_was_first(names: dict[str, Any], corpus: Corpus) -> None:
    """The outlet of the earliest original, in each of the six stories."""
    earliest: dict[str, dict[str, Any]] = {}
    for label in LABELS:
        if label["role"] == "original":
            known = earliest.setdefault(label["story"], label)
            earliest[label["story"]] = min(known, label, key=claimed)
    expected = sorted(corpus.name(label["outlet"]) for label in earliest.values())
    assert sorted(names["first"]["outlet"]) == expected
    assert names["first"]["in_doubt"].sum() >= 1


def test_it_names_only_who_credits_nobody(names: dict[str, Any], corpus: Corpus) -> None:
    """Those that the labels call uncredited copies, all of them and nobody else."""
    expected = {
        corpus.ids[corpus.name(label["source"])]
        for label in LABELS
        if label["role"] == "uncredited_copy"
    }
    assert set(names["uncredited"]["article_id"]) == expected
    assert expected <= set(names["copies"]["article_id"])


def test_it_counts_who_cites_whom(names: dict[str, Any], corpus: Corpus) -> None:
    """Two articles of harbourgazette.example credit Rostelegraf, as their labels say."""
    labels = [
        label
        for label in LABELS
        if label["outlet"] == "harbourgazette.example" and "rostelegraf" in str(label["cites"])
    ]
    row = names["matrix"].loc[corpus.name("harbourgazette.example")]
    assert row[corpus.name("rostelegraf")] == len(labels) == 2


def test_it_is_stored_without_outputs() -> None:
    """Outputs of a lake go stale, and hide what a change changes; cells are plain Python."""
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)
    assert {cell["execution_count"] for cell in cells} == {None}
    for source in code_cells(NOTEBOOK):
        ast.parse(source)


def test_an_error_names_its_cell(tmp_path: Path) -> None:
    """Where a reader has to look."""
    path = tmp_path / "broken.ipynb"
    cell = {"cell_type": "code", "source": ["1 / 0"]}
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": []}, cell]}))
    with pytest.raises(ZeroDivisionError) as error:
        run_notebook(path, "lake")
    assert "broken.ipynb, code cell 1" in str(error.traceback[-1])
