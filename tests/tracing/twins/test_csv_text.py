"""`csv_text`: what a spreadsheet would run begins with an apostrophe, and comes back without it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest

from tests.tracing.twins.told import HOSTILE, naughty_strings
from tracing.harmless import strip_controls
from tracing.twins.csv_text import csv_text, guard, unguard


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("-30 % on all", "'-30 % on all"),
        ("+1", "'+1"),
        ("@home", "'@home"),
        ("＝1", "'＝1"),
        ('  "=1', "  \"'=1"),
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ('a; "@b', "a; \"'@b"),
        ("\t=1", " '=1"),
        ("'tis", "'tis"),
        ("a=1, b-2", "a=1, b-2"),
        ("– 5", "– 5"),
        ("", ""),
    ],
)
def test_what_would_be_a_formula_is_guarded_and_comes_back(text: str, guarded: str) -> None:
    assert guard(text) == guarded
    assert unguard(guarded) == strip_controls(text)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_is_a_formula_whatever_the_separator(shared: Path, separator: str) -> None:
    """A spreadsheet of Europe splits at semicolons, also within our quotes."""
    for text in (*HOSTILE, *naughty_strings(shared)):
        file = csv_text(("a", "b"), [("x", text), (f"y;{text}", f'z;"{text}')])
        for row in csv.reader(io.StringIO(file[1:]), delimiter=separator):
            for cell in row:
                assert not cell.lstrip('" ').startswith(tuple("=+-@＝＋－＠")), text


def test_types_are_those_that_a_library_guesses() -> None:
    """No value is no text; a text that is empty is one."""
    time = dt.datetime(2024, 5, 1, 8, tzinfo=dt.UTC)
    row = (None, "", 'a "b"', True, False, 3, -0.5, float("nan"), time, ("one", "two"))
    assert csv_text(("n",), [row]) == (
        '\ufeff"n"\r\n,"","a ""b""",true,false,3,-0.5,,"2024-05-01T08:00:00+00:00","one two"\r\n'
    )
