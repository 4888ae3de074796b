"""What tagging costs: each tagger beside `py3langid.classify` over the same texts of 2 kB.

    PYTHONPATH=. .venv/bin/python bench/tagging.py             fast; --best adds the models
    PYTHONPATH=. .venv/bin/python bench/tagging.py --profile   where the time goes

Texts are made of the articles of ../shared/eval/pairs (or $WIRETRACE_SHARED), those of one language
joined and cut into 2,000 characters, 60 of each language. CPU of one process on one core, taggers
and yardstick in turns, medians of five rounds (least to most). `facts` stands apart: it is no
part of `together`.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import py3langid

from eval.citations import article_of
from eval.shared import SHARED
from transforms.entities.backends import installed
from transforms.entities.tag import tag_article
from transforms.language import detect_language
from transforms.tag_citations import tag_citations
from transforms.tag_facts import tag_facts
from transforms.tag_quotes import tag_quotes
from transforms.tagged import TaggedArticle

ROOT = Path(__file__).resolve().parents[1]
LENGTH, TEXTS_A_LANGUAGE, ROUNDS = 2_000, 60, 5
_APART = "facts"
TELEGRAM, SEMEVAL = "telegram_pairs.jsonl", "semeval_pairs.jsonl"
Text = tuple[str, str]


def read_texts(folder: Path) -> list[Text]:
    """Language and text of 2,000 characters."""
    articles: dict[str, list[str]] = {}
    for name in (SEMEVAL, TELEGRAM):
        for line in (folder / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            for side in ("1", "2"):
                language = row.get(f"lang{side}") or row["lang"]
                articles.setdefault(language, []).append(row[f"text{side}"])
    texts = []
    for language, found in sorted(articles.items()):
        joined = "\n".join(dict.fromkeys(found))
        starts = range(0, len(joined) - LENGTH + 1, LENGTH)
        texts += [(language, joined[at : at + LENGTH]) for at in starts[:TEXTS_A_LANGUAGE]]
    return texts


def one_round(texts: Sequence[Text], level: str) -> dict[str, float]:
    """Microseconds a text of every step."""
    cost: dict[str, float] = {}

    def timed(name: str, step: Callable[[], list[TaggedArticle]]) -> list[TaggedArticle]:
        begin = time.process_time()
        result = step()
        cost[name] = 1e6 * (time.process_time() - begin) / len(texts)
        return result

    timed("py3langid", lambda: [py3langid.classify(text) for _, text in texts] and [])
    timed("language", lambda: [detect_language(text) for _, text in texts] and [])
    articles = [article_of(text, language) for language, text in texts]
    tagged = timed("entities", lambda: [tag_article(one, level) for one in articles])
    tagged = timed("citations", lambda: [tag_citations(one) for one in tagged])
    timed("quotes", lambda: [tag_quotes(one) for one in tagged])
    timed(_APART, lambda: [tag_facts(one) for one in tagged])
    return cost


def report(rounds: Sequence[dict[str, float]]) -> None:
    """Print medians, ratios to the yardstick and shares of the whole."""
    names = [name for name in rounds[0] if name not in ("py3langid", _APART)]
    wholes = [sum(one[name] for name in names) for one in rounds]
    for name in rounds[0]:
        costs = [one[name] for one in rounds]
        ratios = [one[name] / one["py3langid"] for one in rounds]
        share = statistics.median(one[name] / w for one, w in zip(rounds, wholes, strict=True))
        tail = f"  {share:4.0%} of the whole" if name in names else ""
        print(f"{name:10} {_spread(costs, 0)} µs  {_spread(ratios, 2)} times{tail}")
    ratios = [whole / one["py3langid"] for one, whole in zip(rounds, wholes, strict=True)]
    print(f"{'together':10} {_spread(wholes, 0)} µs  {_spread(ratios, 2)} times (asked: 3)")
    print(f"{1e6 / statistics.median(wholes):.0f} texts a second on one core")


def _spread(values: Sequence[float], places: int) -> str:
    middle = statistics.median(values)
    return f"{middle:7.{places}f} ({min(values):.{places}f} to {max(values):.{places}f})"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--best", action="store_true", help="With the models that are installed.")
    parser.add_argument("--profile", action="store_true", help="Where the time of tagging goes.")
    asked = parser.parse_args()
    shared = SHARED / "eval" / "pairs"
    if not shared.is_dir():
        print(f"skipped: 1 bench; no {shared}")
        return
    texts, level = read_texts(shared), "best" if asked.best else "fast"
    one_round(texts, level)  # builds what is built once
    if asked.profile:
        profile = cProfile.Profile()
        profile.runcall(one_round, texts, level)
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)
        return
    languages = sorted({language for language, _ in texts})
    print(f"{len(texts)} texts of {LENGTH} characters: {' '.join(languages)}; --entities {level}")
    models = ", ".join(installed().values()) if asked.best else "no models"
    print(f"Python {platform.python_version()}, py3langid {version('py3langid')}, {models}")
    report([one_round(texts, level) for _ in range(ROUNDS)])


if __name__ == "__main__":
    main()
