"""A full or broken disk is said in one sentence, with 75; damage with 6; the rest stays a bug."""

from __future__ import annotations

import errno

import pytest

import pipeline.cli
from pipeline.cli import main
from pipeline.cli.refusals import find_refusal

FULL = "No space left on device"
TOLD = {
    "Python": OSError(errno.ENOSPC, FULL, "/lake/x"),
    "Arrow": OSError(f"[Errno 28] Error writing bytes to file. Detail: [errno 28] {FULL}"),
    "delta-rs": OSError(f"Generic LocalFileSystem error: {FULL} (os error 28)"),
    "Beam": RuntimeError(f'Traceback …\n  File "x.py"\nOSError: [Errno 28] {FULL}: \'/lake/x\'\n'),
}  # fmt: skip


@pytest.mark.parametrize("who", TOLD)
def test_a_full_disk_is_told_whoever_met_it(who: str) -> None:
    refusal = find_refusal(TOLD[who])
    assert refusal is not None
    assert (FULL in refusal.sentence, refusal.exit_code) == (True, 75)


def test_damage_found_in_a_step_of_beam_keeps_its_sentence_and_code() -> None:
    error = RuntimeError("Traceback …\nlake.tables.LakeDamaged: x.parquet has changed\n\nmore")
    refusal = find_refusal(error)
    assert refusal is not None
    assert (refusal.sentence, refusal.exit_code) == ("x.parquet has changed", 6)


@pytest.mark.parametrize(
    "told", ["can't start new thread", "Traceback …\nlake.in_time.OutOfThreads: delta-rs …\n"]
)
def test_a_thread_that_the_system_refused_is_no_bug(told: str) -> None:
    refusal = find_refusal(RuntimeError(told))
    assert refusal is not None
    assert ("ulimit -u" in refusal.sentence, refusal.exit_code) == (True, 75)


@pytest.mark.parametrize("error", [RuntimeError("no"), OSError("CRC"), FileNotFoundError(2, "no")])
def test_what_nobody_refused_is_a_bug(error: Exception) -> None:
    assert find_refusal(error) is None


def test_the_command_leaves_with_75_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TOLD["Python"]

    monkeypatch.setattr(pipeline.cli.wiretrace, "main", refuse)
    with pytest.raises(SystemExit) as left:
        main(["version"])
    assert left.value.code == 75
    assert capsys.readouterr().err == (
        f"wiretrace: the system refused: {FULL}: /lake/x; try again when that is mended\n"
    )
