"""Canaries: secrets in addresses are in no table, no log, no state, no output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.e2e.command import dump, ledger_of, wiretrace

pytestmark = pytest.mark.e2e

CANARY = "k4n4ry"
USER, TOKEN, SIGNED = f"{CANARY}user", f"{CANARY}token", f"{CANARY}signed"
FEED = f"""<rss version="2.0"><channel><title>t</title>
<link>https://{USER}:{CANARY}pw@news.example/feed?access_token={TOKEN}</link>
<item><guid isPermaLink="true">https://news.example/1?api_key={TOKEN}</guid>
<title>One</title><link>https://{USER}:{CANARY}pw@news.example/1?api_key={TOKEN}</link>
<enclosure url="https://cdn.news.example/a.jpg?X-Amz-Signature={SIGNED}" type="image/jpeg"/>
<description>&lt;a href="https://{USER}:{CANARY}pw@news.example/2?sig={SIGNED}"&gt;more&lt;/a&gt;
&lt;img src="https://cdn.news.example/b.jpg?token={TOKEN}"&gt;</description></item>
<item><title></title><link>https://news.example/3?access_token={TOKEN}</link></item>
</channel></rss>"""
RECORD = {
    "guid": "7",
    "headline": "Two",
    "body_text": "Text.",
    "url": f"https://news.example/7?signature={SIGNED}",
    "source": f"https://{USER}:{CANARY}pw@news.example/feed",
}


def everything_under(lake: Path) -> Iterator[tuple[Path, str]]:
    """Every file as text, Parquet decoded but for rejects' bytes, which are kept untouched."""
    for path in sorted(path for path in lake.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            table = pq.ParquetFile(path).read()
            if "raw" in table.column_names:
                table = table.drop_columns(["raw"])
            yield path, str(table.to_pylist())
        else:
            yield path, path.read_bytes().decode("latin-1")


def test_no_canary_leaves_the_feed(tmp_path: Path) -> None:
    """Neither the run's output and logs, nor the lake, nor its dump know them."""
    lake = tmp_path / "lake"
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    (tmp_path / "record.jsonl").write_text(json.dumps(RECORD), "utf-8")
    (tmp_path / "broken.xml").write_text(FEED[: FEED.index("<item>") + 90], "utf-8")
    done = wiretrace(
        "run", "--lake", lake, "--json",
        "--feed", tmp_path / "feed.xml", "--drop", tmp_path / "record.jsonl",
        "--feed", tmp_path / "broken.xml",
    )  # fmt: skip
    assert ledger_of(done, code=done.returncode)["new"] >= 2
    said = {"output": done.stdout, "log": done.stderr, "dump": dump(lake)}
    assert [name for name, text in said.items() if CANARY in text] == []
    found = [str(path) for path, text in everything_under(lake) if CANARY in text]
    assert found == []


@pytest.mark.parametrize("source", [f"https://{USER}:{CANARY}pw@news.example/feed?key={TOKEN}"])
def test_a_refused_address_is_not_repeated(source: str, tmp_path: Path) -> None:
    """An error message that shows the address must not show what is secret in it."""
    done = wiretrace("run", "--lake", tmp_path / "lake", "--feed", source)
    assert done.returncode == 2
    assert CANARY not in done.stdout + done.stderr


def test_a_source_that_is_absent_is_not_repeated(tmp_path: Path) -> None:
    """A bucket's address with a signed query ends as a reject without the signature."""
    lake = tmp_path / "lake"
    done = wiretrace("run", "--lake", lake, "--drop", f"nosuch://bucket/a?sig={SIGNED}", "--json")
    assert done.returncode in (2, 7)
    assert CANARY not in done.stdout + done.stderr
    if lake.exists():
        assert [str(path) for path, text in everything_under(lake) if CANARY in text] == []
