"""One pipeline, three engines, the same rows: FnApiRunner, Prism and Flink."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bench.generate import write_articles
from pipeline.engines import EngineMissing, find_prism
from tests.e2e.command import CORPUS, assert_healthy, dump, wiretrace

pytestmark = [pytest.mark.flink, pytest.mark.timeout(900)]
# `WIRETRACE_ARTICLES=20000` for what issue 11 asks.
ARTICLES = int(os.environ.get("WIRETRACE_ARTICLES", "500"))

Options = Sequence[str | Path]


@pytest.fixture(params=["prism", "flink"])
def engine(request: pytest.FixtureRequest) -> Options:
    """Options that choose an engine; skips where there is none."""
    if request.param == "flink":
        chosen: Options = request.getfixturevalue("options")
        return chosen
    try:
        return ["--runner", "prism", "--runner-option", f"prism_location={find_prism()}"]
    except EngineMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def expect(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Options], str]:
    """The dump that FnApiRunner makes of an input, made once."""
    known: dict[str, str] = {}

    def make(name: str, source: Options) -> str:
        if name not in known:
            known[name] = dump_of(tmp_path_factory.mktemp(name) / "lake", source, [])
        return known[name]

    return make


def dump_of(lake: Path, source: Options, engine: Options) -> str:
    done = wiretrace("run", "--lake", lake, *source, *engine, timeout=800)
    assert done.returncode in (0, 3), done.stderr[-4000:]
    return dump(lake)


def feeds(paths: Sequence[Path]) -> list[str | Path]:
    return [word for path in paths for word in ("--feed", path)]


def test_the_demo_corpus(
    engine: Options, expect: Callable[[str, Options], str], tmp_path: Path
) -> None:
    """Drops and feeds in six languages."""
    source = ["--drop", CORPUS / "drops", *feeds(sorted((CORPUS / "feeds").iterdir()))]
    wanted = expect("demo", source)
    assert wanted.count("\n") > 100
    assert dump_of(tmp_path / "lake", source, engine) == wanted
    assert_healthy(tmp_path / "lake")


def test_all_wires(
    engine: Options, expect: Callable[[str, Options], str], shared: Path, tmp_path: Path
) -> None:
    """Every format, hostile feeds too."""
    source = ["--drop", shared / "wires", "--outlet", "example.org"]
    wanted = expect("wires", source)
    assert wanted.count("\n") > 1000
    assert dump_of(tmp_path / "lake", source, engine) == wanted
    assert_healthy(tmp_path / "lake")


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file for all engines: a dump names where things came from."""
    path = tmp_path_factory.mktemp("generated") / "articles.jsonl"
    write_articles(path, ARTICLES)
    return path


def test_generated_articles_in_chunks(
    engine: Options, expect: Callable[[str, Options], str], articles: Path, tmp_path: Path
) -> None:
    """Several pipelines, each against what those before it wrote, and not equally many."""
    wanted = expect("generated", ["--drop", articles, "--chunk", str(ARTICLES // 4)])
    assert wanted.count("\n") > ARTICLES
    chunks = ["--chunk", str(ARTICLES // 2)]
    assert dump_of(tmp_path / "lake", ["--drop", articles], [*engine, *chunks]) == wanted
