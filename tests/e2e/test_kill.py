"""SIGKILL anywhere: one more run, and ledger and dump are those of an undisturbed lake."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import command
from tests.e2e.command import CORPUS, Done, assert_healthy, drops, dump, ledger_of
from tests.e2e.warm import Warm

pytestmark = pytest.mark.e2e

KILL_AT = Path(__file__).with_name("kill_at.py")
# Those in English, whose lexicons the process has that is forked.
DROPS = [
    CORPUS / "drops" / "rostelegraf-en.jsonl",
    CORPUS / "feeds" / "harbourgazette.example.json",
    CORPUS / "feeds" / "meridian-observer.example.atom",
    CORPUS / "feeds" / "meridian-observer.example-2.atom.gz",
]

MOMENTS = {
    "reading the first container": "transforms.read.containers:read_segment:1",
    "reading a later container": "transforms.read.containers:read_segment:3",
    "parsing": "transforms.parse.containers:to_parsed:3",
    "normalizing": "transforms.normalize:normalize:7",
    "staging deliveries": "transforms.stage:write_deliveries:1",
    "identifying": "transforms.identify_outlets:identify:2",
    "picking articles": "transforms.identify_outlets:articles_at:1",
    "tagging language": "transforms.tag_language:with_language:7",
    "tagging entities": "transforms.entities.tag:find_mentions:6",
    "tagging citations": "transforms.tag_citations:cite:5",
    "tagging quotes": "transforms.tag_quotes:quote:5",
    "tagging facts": "transforms.tag_facts:state_facts:5",
    "staging rows": "transforms.stage:write_blocks:2",
    "writing the first data file": "transforms.write:write_data_file:1",
    "writing a later data file": "transforms.write:write_data_file:8",
    "writing key state": "lake.keys:write_run:1",
    "naming the key state": "lake.keys:write_manifest:1",
    "flushing staged files": "lake.commit:sync_staged:1",
    "writing the plan": "lake.commit:write_durably:1",
    "moving files": "lake.commit:install:1",
    "before the first table": "lake.commit:commit_table:1",
    "between articles and sightings": "lake.commit:commit_table:2",
    "between sightings and controls": "lake.commit:commit_table:3",
    "between controls and entities": "lake.commit:commit_table:4",
    "between tables and runs": "lake.commit:commit_runs:1",
    "writing the search state": "lake.search:_write_segment:1",
    "after runs": "lake.commit:finish:1",
}
COMPACT_MOMENTS = {
    "compact: flushing": "lake.commit:sync_staged:1",
    "compact: writing the plan": "lake.commit:write_durably:1",
    "compact: moving files": "lake.commit:install:1",
    "compact: first table": "lake.commit:commit_table:1",
    "compact: between tables and runs": "lake.commit:commit_runs:1",
    "compact: after runs": "lake.commit:finish:1",
}


# Killed in processes of their own, as users start them; the others in forks of one.
WHOLE = ("parsing", "writing the plan", "between tables and runs")


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm() as one:
        yield one


def whole(*arguments: str | Path, kill: str | None = None) -> Done:
    return command.wiretrace(
        *arguments, start=(str(KILL_AT), kill) if kill else ("-m", "pipeline.cli")
    )


def run(lake: Path) -> tuple[str | Path, ...]:
    return ("run", "--lake", lake, *drops(DROPS), "--json")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A lake with one run, and its dump."""
    lake = tmp_path_factory.mktemp("undisturbed") / "lake"
    result = whole(*run(lake))
    assert result.returncode == 0, result.stderr
    return lake, dump(lake)


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_more_run_mends_a_killed_run(
    moment: str, undisturbed: tuple[Path, str], warm: Warm, tmp_path: Path
) -> None:
    """Nothing is lost and nothing is doubled, whenever the run was killed."""
    lake = tmp_path / "lake"
    start = whole if moment in WHOLE else warm.wiretrace
    killed = start(*run(lake), kill=MOMENTS[moment])
    assert killed.returncode == -9, f"the fault did not fire: {killed.stderr[-2000:]}"
    ledger_of(start(*run(lake)))
    assert warm.wiretrace("dump", "--lake", lake).stdout == undisturbed[1]
    found = warm.wiretrace("doctor", "--lake", lake)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("moment", COMPACT_MOMENTS)
def test_killed_compact_changes_nothing(
    moment: str, undisturbed: tuple[Path, str], tmp_path: Path
) -> None:
    """Readers see the lake before or after, and one more compact finishes."""
    lake = tmp_path / "lake"
    shutil.copytree(undisturbed[0], lake)
    whole(*run(lake))  # a second run, so that there are small files to merge
    killed = whole("compact", "--lake", lake, kill=COMPACT_MOMENTS[moment])
    assert killed.returncode == -9, f"the fault did not fire: {killed.stderr[-2000:]}"
    assert dump(lake) == undisturbed[1]
    again = whole("compact", "--lake", lake)
    assert again.returncode == 0, again.stderr
    assert dump(lake) == undisturbed[1]
    assert_healthy(lake)
