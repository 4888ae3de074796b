"""How right and how fast the language of a text is told, beside langdetect alone.

    python -m eval.langid                     ../shared/eval/langid (or $WIRETRACE_SHARED)
    python -m eval.langid --errors da         what is wrong in the half that may be looked at
    python -m eval.langid --processes 100     the same answers from so many fresh processes

Accuracy is macro (the mean over languages), in per cent, over the 26 core languages: Galician,
Malay, Bosnian, Nynorsk, Serbian and Croatian are left out, as their neighbours share their texts;
beside it stands the worst of the others. zh-cn and zh-tw count as two, judged by language, and by
tag in a line of their own. `dev` and `test` are halves by the parity of the first byte of SHA-256
of the text; what decides was written against `dev`. Times are medians of rounds in turns.

Each fresh process has another PYTHONHASHSEED and asks from eight threads that start at once, so
that each voice is loaded by a race.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from eval.halves import half_of
from eval.shared import SHARED
from transforms import language
from transforms.language import LanguageVerdict, detect_language

ROOT = Path(__file__).resolve().parents[1]
KINDS = {"shorts": "fragments", "titles": "titles", "docs": "documents"}
NOT_CORE = {"bs", "gl", "hr", "ms", "nn", "sr"}
ASKED = {"fragments": 94.0, "titles": 99.3, "documents": 99.5}
ASKED_SPEED = {"titles": 6.0, "documents of 2 kB": 4.0}
TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
LONG_TEXT = 2_000
ROUNDS = 5
# What a fresh process is asked: so many of each language and kind.
SAMPLE = 1
COLD = """
import sys
from threading import Barrier, Thread
from transforms.language import detect_language
texts = sys.stdin.read().split("\\0")
found = [None] * len(texts)
start = Barrier(8)
def ask(first):
    start.wait()
    for number in range(first, len(texts), 8):
        found[number] = detect_language(texts[number])
threads = [Thread(target=ask, args=(first,)) for first in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for verdict in found: print(verdict)
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text of the set; `label` is as given (`zh-tw`)."""

    kind: str
    half: str
    label: str
    text: str

    @property
    def language(self) -> str:
        """The primary subtag of the label."""
        return self.label.split("-")[0]


def read_labelled(path: Path) -> list[Labelled]:
    """Every text of `sentences.jsonl`."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [Labelled(KINDS[r["kind"]], half_of(r["text"]), r["lang"], r["text"]) for r in rows]


def langdetect_alone(text: str) -> str:
    """langdetect on the whole text, seeded and warmed, as it would be used by itself."""
    return language.ask_langdetect(text)


def accuracies(
    rows: Iterable[Labelled], is_right: Iterable[bool]
) -> dict[tuple[str, str, str], float]:
    """Per cent by (kind, half or `all`, label)."""
    hits: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for row, right in zip(rows, is_right, strict=True):
        hits[row.kind, row.half, row.label].append(right)
        hits[row.kind, "all", row.label].append(right)
    return {group: 100 * statistics.mean(found) for group, found in hits.items()}


def macro(found: dict[tuple[str, str, str], float], kind: str, half: str) -> float:
    """The mean over the core languages."""
    return statistics.mean(
        share
        for (of_kind, of_half, label), share in found.items()
        if (of_kind, of_half) == (kind, half) and label not in NOT_CORE
    )


def print_accuracy(rows: list[Labelled], verdicts: list[LanguageVerdict]) -> None:
    """Macro accuracy by kind and half, the weakest languages, the tags of Chinese."""
    told = [verdict.language == row.language for row, verdict in zip(rows, verdicts, strict=True)]
    alone = [langdetect_alone(row.text) == row.language for row in rows]
    ours, theirs = accuracies(rows, told), accuracies(rows, alone)
    print(f"{'macro accuracy, %':22} {'asked':>6} {'dev':>7} {'test':>7} {'both':>7}  langdetect")
    for kind in KINDS.values():
        cells = " ".join(f"{macro(ours, kind, half):7.2f}" for half in ("dev", "test", "all"))
        print(f"{kind:22} {ASKED[kind]:6.1f} {cells} {macro(theirs, kind, 'all'):11.2f}")
    for kind in KINDS.values():
        shares = {label: share for (k, h, label), share in ours.items() if (k, h) == (kind, "all")}
        worst = sorted((share, label) for label, share in shares.items() if label not in NOT_CORE)
        print(f"{kind}: " + ", ".join(f"{label} {share:.0f}" for share, label in worst[:8]))
        others = ", ".join(f"{label} {shares[label]:.0f}" for label in sorted(NOT_CORE & {*shares}))
        print(f"{kind}, not core: {others}")
    for label, tag in TAGS.items():
        of_label = [v.tag for row, v in zip(rows, verdicts, strict=True) if row.label == label]
        print(f"{label} told {tag}: {100 * of_label.count(tag) / len(of_label):.1f} %")


def print_ways(rows: list[Labelled], verdicts: list[LanguageVerdict], asked: list[bool]) -> None:
    """How the answers were found: methods and the third voice, by kind, core languages."""
    for kind in KINDS.values():
        here = [n for n, row in enumerate(rows) if row.kind == kind and row.label not in NOT_CORE]
        methods = Counter(verdicts[n].method for n in here)
        shares = ", ".join(f"{m} {100 * c / len(here):.1f}" for m, c in methods.most_common())
        third = 100 * sum(asked[n] for n in here) / len(here)
        print(f"{kind}: third voice {third:.1f} %; methods, %: {shares}")


def ask_all(rows: list[Labelled]) -> tuple[list[LanguageVerdict], list[bool]]:
    """The verdict on each text, and whether the third voice was asked for it."""
    reached = [False]
    original = language.ask_langdetect

    def noting(sample: str) -> str:
        reached[0] = True
        return original(sample)

    verdicts, asked = [], []
    language.ask_langdetect = noting
    try:
        for row in rows:
            reached[0] = False
            verdicts.append(detect_language(row.text))
            asked.append(reached[0])
    finally:
        language.ask_langdetect = original
    return verdicts, asked


def long_texts(rows: list[Labelled]) -> list[str]:
    """Sentences of one language joined until they have 2,000 bytes."""
    texts, open_ones = [], defaultdict(str)
    for row in rows:
        if row.kind == "titles" and row.label not in NOT_CORE:
            open_ones[row.label] += row.text + " "
            if len(open_ones[row.label].encode()) >= LONG_TEXT:
                texts.append(open_ones.pop(row.label))
    return texts


def seconds_each(texts: list[str], ways: dict[str, Callable[[str], object]]) -> dict[str, float]:
    """Seconds a text of each way: the median of `ROUNDS` rounds, the ways in turns."""
    rounds = defaultdict(list)
    for _ in range(ROUNDS):
        for name, ask in ways.items():
            start = time.process_time()
            for text in texts:
                ask(text)
            rounds[name].append((time.process_time() - start) / len(texts))
    return {name: statistics.median(taken) for name, taken in rounds.items()}


def print_speed(rows: list[Labelled]) -> None:
    """Throughput beside langdetect and py3langid, on the same texts in the same run."""
    import py3langid

    titles = [row.text for row in rows if row.kind == "titles" and row.label not in NOT_CORE]
    ways = {"ours": detect_language, "langdetect": langdetect_alone, "py3": py3langid.classify}
    for kind, texts in {"titles": titles[::4], "documents of 2 kB": long_texts(rows)}.items():
        taken = seconds_each(texts, ways)
        print(
            f"{kind} ({len(texts)}): {1e6 * taken['ours']:.0f} µs each, "
            f"{taken['langdetect'] / taken['ours']:.1f} times langdetect's throughput "
            f"(asked {ASKED_SPEED[kind]:.0f}), {taken['ours'] / taken['py3']:.2f} times the time "
            f"of py3langid.classify"
        )


def print_errors(rows: list[Labelled], verdicts: list[LanguageVerdict], label: str) -> None:
    """What is wrong in the dev half of a language."""
    for row, verdict in zip(rows, verdicts, strict=True):
        if (row.half, row.label) == ("dev", label) and verdict.language != row.language:
            print(f"{row.kind:10} {verdict.language:4} {verdict.method:10} {row.text[:100]}")


def answers_of_fresh_process(texts: list[str], seed: int) -> list[str]:
    """What eight cold threads of a new process say, in the order of the texts."""
    done = subprocess.run(
        [sys.executable, "-c", COLD],
        input="\0".join(texts), capture_output=True, text=True, check=True, cwd=ROOT,
        env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    return done.stdout.splitlines()


def print_processes(rows: list[Labelled], count: int) -> bool:
    """Whether all fresh processes say what this warm thread says."""
    kept: Counter[tuple[str, str]] = Counter()
    texts = []
    for row in rows:
        kept[row.kind, row.label] += 1
        if kept[row.kind, row.label] <= SAMPLE:
            texts.append(row.text.replace("\0", " "))
    warm = [str(detect_language(text)) for text in texts]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda seed: answers_of_fresh_process(texts, seed), range(count))
        same = sum(found == warm for found in answers)
    print(f"fresh processes of 8 cold threads that say the same of {len(texts)} texts: "
          f"{same} of {count}")  # fmt: skip
    return same == count


def main() -> None:
    """The command line; leaves with 1 if a fresh process says otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", metavar="LANGUAGE", help="Show what is wrong in its dev half.")
    parser.add_argument("--processes", type=int, default=0, metavar="N", help="Ask N processes.")
    given = parser.parse_args()
    path = SHARED / "eval" / "langid" / "sentences.jsonl"
    if not path.is_file():
        print(f"skipped: 6,167 texts of eval/langid; no {SHARED}")
        return
    rows = read_labelled(path)
    if given.processes:
        sys.exit(not print_processes(rows, given.processes))
    verdicts, asked = ask_all(rows)
    if given.errors:
        print_errors(rows, verdicts, given.errors)
        return
    print_accuracy(rows, verdicts)
    print_ways(rows, verdicts, asked)
    print_speed(rows)


if __name__ == "__main__":
    main()
