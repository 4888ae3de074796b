"""Every format is fuzzed, from seeds and words of its own, and what breaks is seen."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from fuzz import targets
from fuzz.__main__ import PYTHON, read_outcome
from fuzz.seeds import ROOT, TARGETS, dictionary, list_seeds
from fuzz.targets import CHECKS, FIELDS, NORMALIZE, from_item, to_item
from schemas.article import Media, Station
from transforms.parse.item import Item
from transforms.parse.sniff import FORMATS

NEEDS_ATHERIS = pytest.mark.skipif(
    not PYTHON.exists(), reason="no atheris: `make fuzz` installs it"
)


def test_every_format_is_a_target() -> None:
    """What `--format` takes, and normalization; each says in targets.toml what it starts from."""
    assert set(TARGETS) == set(CHECKS) == {*FORMATS, NORMALIZE}


@pytest.mark.parametrize("target", sorted({*FORMATS, NORMALIZE}))
def test_a_target_has_seeds_that_hold_and_words(target: str) -> None:
    """Fuzzing starts in the format, not at nothing: some seed is read whole, whatever is shared."""
    seeds = list(list_seeds(target))
    for seed in seeds:
        CHECKS[target](seed)
    assert len(seeds) >= 2
    assert dictionary(target).count('"') >= 2 * 6


def test_own_words_are_enough_where_nothing_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ../shared the wire formats keep their dictionaries, and all targets their seeds."""
    monkeypatch.setattr("fuzz.seeds.SHARED", Path("/nowhere"))
    without = {target for target in TARGETS if not dictionary(target)}
    assert without == {"agency_xml", "atom", "auto", "feed", "html", "rdf", "rss"}
    assert all(any(True for _ in list_seeds(target)) for target in TARGETS)


def test_an_item_comes_back_from_its_bytes() -> None:
    """Every field that a seed of `normalize` states is one that the check reads."""
    given = {name: f"of {name}" for name in FIELDS if isinstance(_default(name), str | None)}
    given |= {"signals": ("kill",), "authors": ("A", "B"), "subjects": ("S",), "keywords": ("K",)}
    item = Item(
        **{
            **given, "record": 1, "places": ("P",),
            "media": (Media("k", "u", "c", "r"),),
            "provenance": (Station("hop", "n", "u", "t"),),
        }
    )  # fmt: skip
    assert to_item(from_item(item)) == item


def _default(name: str) -> object:
    (field,) = (field for field in dataclasses.fields(Item) if field.name == name)
    return field.default if field.default is not dataclasses.MISSING else None


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda *_: iter(()), "without any result"),
        (lambda *_: iter([targets.ItemReject(reason="oops", message="")]), "oops"),
        (
            lambda *_: iter([Item(source_format="text", record=None, raw_span=(0, 9))]),
            r"\(0, 9\)",
        ),
    ],
    ids=["nothing", "open reason", "span"],
)
def test_a_broken_promise_is_seen(monkeypatch: pytest.MonkeyPatch, broken, says) -> None:
    """A check can fail."""
    monkeypatch.setattr(targets, "parse_document", broken)
    with pytest.raises(AssertionError, match=says):
        CHECKS["text"](b"text")


# A process begins with the peak of memory of whoever starts it, which libFuzzer holds against the
# limit; that of a worker of pytest is a gigabyte by then, and that of a shell is none.
FROM_A_SMALL_PARENT = ("sh", "-c", '"$@"; exit $?', "sh")
FAULTS = {
    "raises": ("raise KeyError(data)", 0, "KeyError-<string>-"),
    "hangs": ("while True: pass", 70, "timeout-"),
    # libFuzzer looks at the memory once a second.
    "wants memory": ("kept.append(b'x' * (700 << 20)); time.sleep(3)", 71, "oom-"),
}


@NEEDS_ATHERIS
@pytest.mark.parametrize("fault", FAULTS)
def test_what_breaks_is_found(fault: str, tmp_path: Path) -> None:
    """An exception, a hang of 5 seconds, more than 512 MiB: each leaves its input."""
    body, code, name = FAULTS[fault]
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one").write_bytes(b"FAULT")
    program = (
        f"import time, fuzz.harness\nkept = []\ndef check(data):\n    if b'FAULT' in data:\n"
        f"        {body}\nfuzz.harness.CHECKS['text'] = check\nfuzz.harness.main()"
    )
    options = [tmp_path, tmp_path / "seeds", "-runs=2"]
    done = subprocess.run(
        [*FROM_A_SMALL_PARENT, PYTHON, "-c", program, "text", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")},
        capture_output=True,
        timeout=200,
    )
    artifacts = [path for path in tmp_path.iterdir() if path.is_file()]
    assert done.returncode == code, done.stderr[-2000:]
    assert [path.name[: len(name)] for path in artifacts] == [name]
    assert artifacts[0].read_bytes() == b"FAULT"


def test_a_target_that_tried_nothing_has_failed() -> None:
    """So has one that left with an error, or left something behind."""
    tried = "#9\tNEW    cov: 5 ft: 7 corp\nstat::number_of_executed_units: 12\nstat::peak_rss_mb: 3"
    good = read_outcome("text", 0, tried, ())
    assert (good.executions, good.edges, good.features, good.peak_mib) == (12, 5, 7, 3)
    assert not good.failed
    assert read_outcome("text", 0, "", ()).failed
    assert read_outcome("text", 70, tried, ()).failed
    assert read_outcome("text", 0, tried, ("found/x",)).failed
