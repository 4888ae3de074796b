"""Precision and recall of persons, organizations and places on labelled texts, exact typed spans.

    python -m eval.entities                    rules alone; ../shared or $WIRETRACE_SHARED
    python -m eval.entities --level best       with the models that are installed
    python -m eval.entities --errors ru        what is wrong in the half that may be looked at
    python -m eval.entities --europeana FILE   also Europeana's French; the shared file is empty

Sets: UNER English (mails, reviews, few news), Portuguese (news) and Chinese (encyclopaedia),
GermEval 2014 German (Wikipedia, outer names), FactRuEval 2016 Russian (news; an object is the
stretch of its name's words, a state is a place), WNUT 2017 English (social media), French sentences
of our own (`eval/entities`), Europeana French (newspapers of 1870 to 1945 as a machine read them).
`dev` and `test` are halves by the parity of the first byte of SHA-256 of a text. Demonyms and
places within a longer name are left out: no set counts « français », or the place in a bank's name.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.citations import article_of, figures
from eval.halves import half_of
from eval.shared import SHARED
from transforms.entities.tag import tag_article
from transforms.entities.trust import WITHIN

ROOT = Path(__file__).resolve().parents[1]
KINDS = {
    "PER": "person", "ORG": "organization", "LOC": "place", "Person": "person",
    "Org": "organization", "Location": "place", "LocOrg": "place", "person": "person",
    "location": "place", "corporation": "organization", "group": "organization",
}  # fmt: skip
Span = tuple[int, int, str]
Labelled = tuple[str, list[Span]]
SENTENCES_A_TEXT = 20
TOKENS_A_TEXT = 400  # where a set marks no sentences
NOT_COUNTED = frozenset({"gazetteer:demonym", WITHIN})
NO_SPACE_BEFORE = set(".,;:!?)%»”…'’")
NO_SPACE_AFTER = set("(«„“")


def read_iob(path: Path, word: int, label: int, spaced: bool = True) -> Iterator[Labelled]:
    """Texts of some sentences each, from a column file with one token a line."""
    tokens: list[tuple[str, str]] = []
    sentences = 0
    for line in [*path.read_text("utf-8", "replace").splitlines(), ""]:
        cells = line.split("\t") if "\t" in line else line.split(" ")
        if line.strip() and not line.startswith("#") and len(cells) > label:
            tokens.append((cells[word], cells[label]))
        elif not line.strip() and tokens:
            tokens.append(("\n", "O"))
            sentences += 1
        if sentences == SENTENCES_A_TEXT or (not sentences and len(tokens) >= TOKENS_A_TEXT):
            yield _joined(tokens, spaced)
            tokens, sentences = [], 0
    if tokens:
        yield _joined(tokens, spaced)


def _joined(tokens: Iterable[tuple[str, str]], spaced: bool) -> Labelled:
    """The text of the tokens and its spans; labels in the form IOB or, without any B, IO."""
    text, spans, last = "", [], "\n"
    opened: tuple[int, str] | None = None
    for word, label in tokens:
        glued = word in NO_SPACE_BEFORE or word == "\n" or last in NO_SPACE_AFTER or last == "\n"
        end = len(text)
        text += ("" if glued or not spaced else " ") + word
        if opened and label != f"I-{opened[1]}":
            spans.append((opened[0], end, opened[1]))
            opened = None
        if label.startswith(("B-", "I-")) and not opened:
            opened = (len(text) - len(word), label[2:])
        last = word
    return text, [(a, b, KINDS[kind]) for a, b, kind in spans if kind in KINDS]


def read_factrueval(folder: Path) -> Iterator[Labelled]:
    """Russian news: an object is the stretch of its name's words; the outermost ones count."""
    named = {"name", "surname", "patronymic", "nickname", "org_name", "loc_name"}
    for path in sorted(folder.glob("*.txt")):
        words = {}
        for line in path.with_suffix(".spans").read_text("utf-8").splitlines():
            cells = line.split()
            if cells and cells[1] in named:
                words[cells[0]] = (int(cells[2]), int(cells[2]) + int(cells[3]))
        spans = set()
        for line in path.with_suffix(".objects").read_text("utf-8").splitlines():
            cells = line.split("#")[0].split()
            parts = [words[one] for one in cells[2:] if one in words]
            if cells and cells[1] in KINDS and parts:
                spans.add((min(parts)[0], max(end for _, end in parts), KINDS[cells[1]]))
        outer = [span for span in spans if not any(_is_inside(span, one) for one in spans)]
        yield path.read_text("utf-8"), sorted(outer)


def _is_inside(span: Span, other: Span) -> bool:
    return span[:2] != other[:2] and other[0] <= span[0] and span[1] <= other[1]


def read_sentences(path: Path) -> Iterator[Labelled]:
    """Our own sentences: `text` and `spans` of `start`, `end`, `kind`."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], [(one["start"], one["end"], one["kind"]) for one in row["spans"]]


def read_all(shared: Path | None, europeana: Path | None) -> Iterator[tuple[str, str, Labelled]]:
    """Name of the set, language and text, of every text of every set that is there."""
    ours = ROOT / "eval" / "entities"
    for path in sorted(ours.glob("fr_*.jsonl")):
        yield from (("French news", "fr", one) for one in read_sentences(path))
    if europeana is not None:
        yield from (("Europeana", "fr", one) for one in read_iob(europeana, 0, 1))
    if shared is None:
        return
    for name, language, file, spaced in (
        ("UNER", "en", "uner_en/en_ewt-ud-test.iob2", True),
        ("UNER", "pt", "uner_pt/pt_bosque-ud-test.iob2", True),
        ("UNER", "zh", "uner_zh/zh_gsdsimp-ud-test.iob2", False),
        ("GermEval", "de", "germeval2014_de/NER-de-test.tsv", True),
    ):
        yield from ((name, language, one) for one in read_iob(shared / file, 1, 2, spaced))
    yield from (
        ("WNUT", "en", one) for one in read_iob(shared / "wnut17_en/emerging.test.annotated", 0, 1)
    )
    yield from (("FactRuEval", "ru", one) for one in read_factrueval(shared / "factrueval2016_ru"))


def score(texts: Iterable[tuple[str, str, Labelled]], level: str, errors: str | None) -> None:
    """Print figures by set, half and kind, and the time that it took."""
    counts: dict[tuple[str, str, str, str], Counter[str]] = defaultdict(Counter)
    tag_article(article_of("Paris", "fr"), level)  # builds what is built once
    characters, begin = 0, time.process_time()
    for name, language, (text, labels) in texts:
        half = half_of(text)
        characters += len(text)
        rows = tag_article(article_of(text, language), level).entities
        found = {(r.start, r.end, r.kind) for r in rows if r.method not in NOT_COUNTED}
        for kind in ("all", "person", "organization", "place"):
            ours = {span for span in found if kind in ("all", span[2])}
            theirs = {span for span in labels if kind in ("all", span[2])}
            counts[f"{language} {name}", half, kind, ""].update(
                right=len(ours & theirs),
                spurious=len(ours - theirs),
                missed=len(theirs - ours),
            )
        if errors == language and half == "dev":
            _print_errors(text, found, set(labels))
    taken = time.process_time() - begin
    for (name, half, kind, _), figure in counts.items():
        print(f"{name:15} {half:5}{kind:13} {figures(figure)}")
    print(
        f"{1e6 * taken / (characters / 3000):.0f} µs CPU for 3,000 characters, --entities {level}"
    )


def _print_errors(text: str, ours: set[Span], theirs: set[Span]) -> None:
    for sign, spans in (("+", ours - theirs), ("-", theirs - ours)):
        for start, end, kind in sorted(spans):
            around = text[max(0, start - 40) : end + 30].replace("\n", "¶")
            print(f"{sign} {kind} [{text[start:end]}] …{around}…")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--level", choices=["fast", "best"], default="fast")
    parser.add_argument("--errors", metavar="LANGUAGE", help="Show what is wrong in its dev half.")
    parser.add_argument("--europeana", metavar="FILE", type=Path, help="enp_FR.bnf.bio, whole.")
    asked = parser.parse_args()
    shared = SHARED / "eval" / "ner"
    if not shared.is_dir():
        print(f"skipped: 6 labelled sets of eval/ner; no {shared}")
    if asked.europeana is None:
        print("skipped: 1 set, Europeana; the shared file is empty, give --europeana FILE")
    score(read_all(shared if shared.is_dir() else None, asked.europeana), asked.level, asked.errors)


if __name__ == "__main__":
    main()
