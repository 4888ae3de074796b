"""Accuracy and speed of language detection on labelled sentences, beside langdetect alone.

    python bench/langid.py                    ../shared/eval/langid (or $WIRETRACE_SHARED)
    python bench/langid.py FOLDER             a folder with `sentences.jsonl`: lang, kind, text

Accuracy is macro (the mean over languages), in per cent, over the 26 core languages: Galician,
Malay, Bosnian, Nynorsk, Serbian and Croatian are left out, as their neighbours share their texts.
The set is split in halves by a hash of the text: `tune` is the half that may be looked at while
changing the cascade, `test` the half that says whether a change holds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from transforms import language
from transforms.language import cut_sample, detect_language

ROOT = Path(__file__).resolve().parents[1]
KINDS = {"shorts": "fragments", "titles": "titles", "docs": "documents"}
NOT_CORE = {"bs", "gl", "hr", "ms", "nn", "sr"}
LONG_TEXT = 2_000


def read_sentences(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """(kind, half, language, text) of the core languages."""
    for line in (folder / "sentences.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] not in NOT_CORE:
            half = "tune" if hashlib.sha256(row["text"].encode()).digest()[0] % 2 == 0 else "test"
            yield KINDS[row["kind"]], half, row["lang"], row["text"]


def langdetect_alone(text: str) -> str:
    """The third voice on the whole text, as it would be used by itself."""
    return language._ask_langdetect(text).split("-")[0]


def cascade(text: str) -> str:
    """The product's answer."""
    return detect_language(text).language


def macro_accuracy(
    rows: list[tuple[str, str, str, str]], ask: Callable[[str], str]
) -> dict[tuple[str, str], float]:
    """Per cent by (kind, half), `all` included."""
    right: dict[tuple[str, str], dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for kind, half, label, text in rows:
        hit = ask(text) == label.split("-")[0]
        for group in (half, "all"):
            right[kind, group][label].append(hit)
    return {
        group: 100 * statistics.mean(statistics.mean(hits) for hits in by_language.values())
        for group, by_language in right.items()
    }


def seconds_each(texts: list[str], ask: Callable[[str], object], at_least: float = 1.0) -> float:
    """Mean seconds a text, over as many rounds as fill `at_least` seconds."""
    start, asked = time.perf_counter(), 0
    while time.perf_counter() - start < at_least:
        for text in texts:
            ask(text)
        asked += len(texts)
    return (time.perf_counter() - start) / asked


def third_voice_share(texts: list[str]) -> float:
    """Share of texts, in per cent, for which langdetect was asked."""
    asked: Counter[bool] = Counter()
    original = language._ask_langdetect

    def counting(sample: str) -> str:
        asked[True] += 1
        return original(sample)

    language._ask_langdetect = counting
    try:
        for text in texts:
            detect_language(text)
    finally:
        language._ask_langdetect = original
    return 100 * asked[True] / len(texts)


def main() -> None:
    """Print accuracy, throughput and memory."""
    shared = Path(os.environ.get("WIRETRACE_SHARED") or ROOT.parent / "shared")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "eval" / "langid")
    rows = list(read_sentences(parser.parse_args().folder))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours, alone = macro_accuracy(rows, cascade), macro_accuracy(rows, langdetect_alone)
    print(f"{'':10} {'half':5} {'cascade':>8} {'langdetect':>10}")
    for kind in KINDS.values():
        for half in ("tune", "test", "all"):
            print(f"{kind:10} {half:5} {ours[kind, half]:8.2f} {alone[kind, half]:10.2f}")
    for kind in KINDS.values():
        texts = [text for found, _, _, text in rows if found == kind]
        ratio = seconds_each(texts, langdetect_alone) / seconds_each(texts, cascade)
        share = third_voice_share(texts)
        print(f"{kind:10} {ratio:5.1f} times langdetect's speed, third voice asked {share:.1f} %")
    print_steps([text[:LONG_TEXT] for _, _, _, text in rows if len(text) >= LONG_TEXT])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak / 1024:.0f} MB, {(peak - before) / 1024:.0f} MB above the start")


def print_steps(texts: list[str]) -> None:
    """Microseconds of each step on texts of 2,000 characters."""
    samples = [cut_sample(text) for text in texts]
    steps: dict[str, tuple[list[str], Callable[[str], object]]] = {
        "cut_sample": (texts, cut_sample),
        "py3langid": (samples, language._ask_langid),
        "pycld2": (samples, language._ask_cld2),
        "langdetect": (samples, language._ask_langdetect),
        "langdetect, whole text": (texts, langdetect_alone),
        "detect_language": (texts, detect_language),
    }
    print(f"microseconds a text of {LONG_TEXT} characters ({len(texts)} texts)")
    for name, (given, ask) in steps.items():
        print(f"  {name:24} {1e6 * seconds_each(given, ask):8.0f}")


if __name__ == "__main__":
    main()
