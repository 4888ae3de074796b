"""docs/scale.md: what it takes from the code is what the code says, and its sums are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lake import compact, sorted_runs
from lake.keys import KeyEntry, VersionEntry, pack_keys, pack_versions
from pipeline import commit_window, committer, stream_sources
from pipeline.options import StreamOptions

TEXT = (Path(__file__).parents[1] / "docs" / "scale.md").read_text("utf-8")
DAY = 86_400
MODULES = (commit_window, committer, stream_sources, compact, sorted_runs)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def row(first: str) -> list[float]:
    """The numbers of the row of a table that begins so, behind its first cell."""
    (line,) = re.findall(rf"^\| {re.escape(first)}[^|]*\| (.*) \|$", TEXT, re.MULTILINE)
    return [number(found) for found in re.findall(r"\d[\d,]*(?:\.\d+)?|\.\d+", line)]


@pytest.mark.parametrize("name", re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE))
def test_a_constant_is_the_codes(name: str) -> None:
    """Another bound in the code moves the rates that the page names."""
    (said,) = re.findall(rf"^\| `{name}` \| ([\d,]+) \| `([\w/.]+)` \|$", TEXT, re.MULTILINE)
    (module,) = [one for one in MODULES if str(one.__file__).endswith(said[1])]
    assert number(said[0]) == getattr(module, name)


def test_records_of_keys_have_the_sizes_that_are_said() -> None:
    """Two keys, a version and a mark are what an article leaves in the key state."""
    entry = KeyEntry("0" * 32, 1, 1)
    version = VersionEntry("0" * 32, "0" * 32, "0" * 32, 1, 1, 1, 1, False, (), ())
    key = len(pack_keys([("0" * 32, entry)]))
    whole = len(pack_versions([("0" * 32, version)], 1))
    assert f"key record {key} B, version record {whole} B" in TEXT
    assert f"a mark if it came alone: {3 * key + whole} B" in TEXT
    assert row("kept of keys")[0] == pytest.approx((3 * key + whole) / 1_000)


MOVED = [line for line in TEXT.splitlines() if re.search(r"\| [\d.]+ kB \| [\d.]+ GB \|", line)]


@pytest.mark.parametrize("line", MOVED)
def test_what_a_million_move_is_a_million_times_what_one_does(line: str) -> None:
    """And a hundred million a hundred times that."""
    each, million, hundred = map(number, re.findall(r"([\d.,]+) [kG]B", line)[-3:])
    assert million == each
    assert hundred == pytest.approx(100 * each)


def test_what_an_article_moves_is_the_sum_of_its_steps() -> None:
    """A feed's six deliveries each but for the tags, which a text needs once."""
    dropped, with_bytes = row("arrival, from one place")
    (text,), received, (tagged,) = row("text, to its"), row("`Received`"), row("`TaggedArticle`")
    packed = received[0]
    commit = packed + tagged
    assert row("from drops")[0] == pytest.approx(dropped + text + commit)
    assert row("from messages")[0] == pytest.approx(with_bytes + text + commit)
    assert row("from feeds")[0] == pytest.approx(6 * (with_bytes + text + packed) + tagged)
    assert row("of these into the one place")[0] == pytest.approx(commit)
    assert row("… from feeds")[0] == pytest.approx(6 * packed + tagged)


def test_the_window_that_commits_is_added_up() -> None:
    """In windows of the length that a stream has by default."""
    window = StreamOptions(lake=Path()).window
    for column, articles in enumerate((1e6, 1e8)):
        each = articles * window / DAY
        assert row("articles in it")[column] == round(each)
        assert row("settle and link,")[column] == pytest.approx(0.005 * each, rel=0.01)
        read = row("fingerprints of the seven days")[2 * column :][:2]
        assert read == pytest.approx([share * 1e-6 * 7 * articles for share in (0.3, 0.8)])
        together = [1 + 0.005 * each + seconds for seconds in read]
        said = row("**together**")[2 * column :][:2]
        assert said == pytest.approx(together, rel=0.01)
    assert row("windows of 60 s, so commits")[0] == DAY / window
