"""Whether agencies named in running news are credited: 150 mentions taken at random.

    python -m eval.agency_mentions             texts of ../shared (or $WIRETRACE_SHARED)
    python -m eval.agency_mentions --errors    also what is wrong in the half that may be looked at

`eval/citations/mentions.jsonl` says where each stands and whether the text credits it there, and
whom; the texts stay in `../shared`. A claim is right if it meets the place of a mention that is
credited and names its agency. Rows about which two readers disagreed (`unsure`) are not scored.
Halves by the parity of the first byte of the text's SHA-256: odd is `test`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.citations import SENTENCES, Counts, article_of, citations_of, figures
from eval.halves import half_of_digest
from eval.shared import SHARED

MENTIONS = SENTENCES / "mentions.jsonl"
CONTEXT = 60


def read_mentions() -> Iterator[dict[str, Any]]:
    """The rows of `mentions.jsonl`."""
    for line in MENTIONS.read_text("utf-8").splitlines():
        yield json.loads(line)


def text_of(shared: Path, mention: Mapping[str, Any], lines: dict[str, list[str]]) -> str:
    """The text that a mention stands in; ValueError if it is not the one that was judged."""
    path = shared / "eval" / mention["file"]
    if mention["file"] not in lines:
        data = path.read_bytes()
        raw = gzip.decompress(data) if path.suffix == ".gz" else data
        lines[mention["file"]] = raw.decode("utf-8").split("\n")
    row = json.loads(lines[mention["file"]][mention["line"] - 1])
    side = mention["side"]
    text: str = row[side] if side in row else row[f"text{side}"]
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != mention["sha256"]:
        raise ValueError(f"{mention['file']}:{mention['line']} is another text than was judged")
    return text


def judge(mention: Mapping[str, Any], text: str) -> tuple[Counts, str]:
    """Right, spurious and missed of one mention, and what is wrong, in words."""
    claims = [
        row
        for row in citations_of(article_of(text, mention["lang"]))
        if row.kind != "mention"
        and row.field == "body_text"
        and mention["start"] < row.end
        and row.start < mention["end"]
    ]
    asked = mention["agency"] if mention["credited"] else None
    right = any(row.agency == asked for row in claims)
    counts: Counts = Counter(
        right=right,
        spurious=sum(row.agency != asked for row in claims),
        missed=asked is not None and not right,
    )
    said = ", ".join(f"{row.kind} {row.agency}" for row in claims) or "nothing"
    return counts, "" if counts["spurious"] + counts["missed"] == 0 else f"{asked} but {said}"


def main() -> None:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="Show what is wrong in dev.")
    asked = parser.parse_args()
    if not (SHARED / "eval" / "pairs").is_dir():
        print(f"skipped: 150 agency mentions in running news; no {SHARED}")
        return
    totals: dict[str, Counts] = defaultdict(Counter)
    lines: dict[str, list[str]] = {}
    for mention in read_mentions():
        half = half_of_digest(mention["sha256"])
        totals[half]["mentions"] += 1
        if mention.get("unsure"):
            totals[half]["unsure"] += 1
            continue
        text = text_of(SHARED, mention, lines)
        counts, wrong = judge(mention, text)
        totals[half] += counts
        if asked.errors and wrong and half == "dev":
            start, end = mention["start"], mention["end"]
            before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
            name = f"{before}⟦{text[start:end]}⟧{after}".replace("\n", " ⏎ ")
            print(f"{mention['id']} {mention['lang']} {wrong}: {name}")
    for half in ("dev", "test"):
        counts = totals[half]
        print(
            f"agency mentions {half}: {counts['mentions']} ({counts['unsure']} unsure)"
            f"  {figures(counts)}"
        )
    print(f"agency mentions both: {figures(totals['dev'] + totals['test'])}")


if __name__ == "__main__":
    main()
