"""Precision and recall of persons and organizations on labelled news, exact typed spans.

    python -m eval.entities                   ../shared/eval/ner (or $WIRETRACE_SHARED)
    python -m eval.entities --errors ru       what is wrong in the half that may be looked at

Sets: UNER English (mails, reviews, few news) and Portuguese, GermEval 2014 German (Wikipedia),
FactRuEval 2016 Russian. The French one of the shared data (Europeana) has no content. `dev` and
`test` are halves by the parity of the first byte of SHA-256 of a text. Places are left out: the
sets count them otherwise than we do.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.citations import article_of, figures
from transforms.entities.tag import tag_article

ROOT = Path(__file__).resolve().parents[1]
KINDS = {
    "PER": "person", "ORG": "organization", "Person": "person", "Org": "organization",
}  # fmt: skip
Span = tuple[int, int, str]
Labelled = tuple[str, str, list[Span]]
SENTENCES_A_TEXT = 20
NO_SPACE_BEFORE = set(".,;:!?)%»”…'’")
NO_SPACE_AFTER = set("(«„“")


def read_iob(path: Path, language: str, word: int, label: int) -> Iterator[Labelled]:
    """Texts of some sentences each, from a column file with one token a line."""
    tokens: list[tuple[str, str]] = []
    sentences = 0
    for line in [*path.read_text("utf-8", "replace").splitlines(), ""]:
        cells = line.split("\t") if "\t" in line else line.split(" ")
        if line.strip() and not line.startswith("#") and len(cells) > label:
            tokens.append((cells[word], cells[label]))
            continue
        if not line.strip() and tokens:
            tokens.append(("\n", "O"))
            sentences += 1
            if sentences == SENTENCES_A_TEXT:
                yield (language, *_joined(tokens))
                tokens, sentences = [], 0
    if tokens:
        yield (language, *_joined(tokens))


def _joined(tokens: Iterable[tuple[str, str]]) -> tuple[str, list[Span]]:
    text, spans, last = "", [], "\n"
    opened: tuple[int, str] | None = None
    for word, label in tokens:
        glued = word in NO_SPACE_BEFORE or word == "\n" or last in NO_SPACE_AFTER or last == "\n"
        end = len(text)
        text += ("" if glued else " ") + word
        if opened and not label.startswith("I-"):
            spans.append((opened[0], end, opened[1]))
            opened = None
        if label.startswith("B-"):
            opened = (len(text) - len(word), label[2:])
        last = word
    return text, [(a, b, KINDS[kind]) for a, b, kind in spans if kind in KINDS]


def read_factrueval(folder: Path) -> Iterator[Labelled]:
    """Russian news: an object is the stretch of its name's words."""
    named = {"name", "surname", "patronymic", "nickname", "org_name"}
    for path in sorted(folder.glob("*.txt")):
        words = {}
        for line in path.with_suffix(".spans").read_text("utf-8").splitlines():
            cells = line.split()
            if cells and cells[1] in named:
                words[cells[0]] = (int(cells[2]), int(cells[2]) + int(cells[3]))
        spans = []
        for line in path.with_suffix(".objects").read_text("utf-8").splitlines():
            cells = line.split("#")[0].split()
            parts = [words[one] for one in cells[2:] if one in words]
            if cells and cells[1] in KINDS and parts:
                spans.append((min(parts)[0], max(end for _, end in parts), KINDS[cells[1]]))
        yield "ru", path.read_text("utf-8"), sorted(set(spans))


def read_all(folder: Path) -> Iterator[Labelled]:
    """Every text of every set."""
    yield from read_iob(folder / "uner_en" / "en_ewt-ud-test.iob2", "en", 1, 2)
    yield from read_iob(folder / "uner_pt" / "pt_bosque-ud-test.iob2", "pt", 1, 2)
    yield from read_iob(folder / "germeval2014_de" / "NER-de-test.tsv", "de", 1, 2)
    yield from read_factrueval(folder / "factrueval2016_ru")


def score(texts: Iterable[Labelled], errors: str | None) -> None:
    """Print figures by language, half and kind, and the time that it took."""
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    tag_article(article_of("Paris", "fr"))  # builds what is built once
    characters, begin = 0, time.process_time()
    for language, text, labels in texts:
        half = "test" if hashlib.sha256(text.encode()).digest()[0] % 2 else "dev"
        characters += len(text)
        rows = tag_article(article_of(text, language)).entities
        found = {(row.start, row.end, row.kind) for row in rows}
        for kind in ("person", "organization"):
            ours = {span for span in found if span[2] == kind}
            theirs = {span for span in labels if span[2] == kind}
            counts[language, half, kind].update(
                right=len(ours & theirs),
                spurious=len(ours - theirs),
                missed=len(theirs - ours),
            )
            if errors == language and half == "dev":
                for sign, spans in (("+", ours - theirs), ("-", theirs - ours)):
                    for start, end, _ in sorted(spans):
                        around = text[max(0, start - 40) : end + 30].replace("\n", "¶")
                        print(f"{sign} {kind} [{text[start:end]}] …{around}…")
    taken = time.process_time() - begin
    for (language, half, kind), figure in sorted(counts.items()):
        print(f"{language} {half:5}{kind:13} {figures(figure)}")
    print(f"{1e6 * taken / (characters / 3000):.0f} µs CPU for 3,000 characters, all entities")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", metavar="LANGUAGE", help="Show what is wrong in its dev half.")
    asked = parser.parse_args()
    shared = Path(os.environ.get("WIRETRACE_SHARED") or ROOT.parent / "shared")
    if not (shared / "eval" / "ner").is_dir():
        print(f"skipped: 4 labelled sets of eval/ner; no {shared}")
        return
    score(read_all(shared / "eval" / "ner"), asked.errors)


if __name__ == "__main__":
    main()
