"""Ours on the steps that datatrove does too: languages and near-copies of texts, without Beam.

    PYTHONPATH=. python bench/wire_steps.py --texts TEXTS.jsonl --out FOLDER

The functions of a run's link phase (fingerprints, pairs, texts compared word by word) and its
language step, in one process; links are written as JSONL, texts with their language as well.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import orjson
from copies import Document, find_links

from transforms.language import detect_language


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True)
    documents = []
    with given.texts.open("rb") as lines, (given.out / "heard.jsonl").open("wb") as out:
        for line in lines:
            record = orjson.loads(line)
            text, known = record["text"], record["metadata"]
            record["language"] = detect_language(text).language
            out.write(orjson.dumps(record) + b"\n")
            published = dt.datetime.fromisoformat(known["published"])
            documents.append(Document(record["id"], known["outlet"], published, text))
    with (given.out / "links.jsonl").open("wb") as out:
        for link in find_links(documents):
            row = {"from": link.from_article_id, "to": link.to_article_id, "kind": link.kind}
            out.write(orjson.dumps(row) + b"\n")


if __name__ == "__main__":
    main()
