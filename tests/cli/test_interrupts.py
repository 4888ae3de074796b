"""`pipeline/cli/interrupts.py`: whoever is asked to stop leaves with the signal's exit code."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from pipeline.cli.interrupts import as_exit_codes


@pytest.fixture(autouse=True)
def deaf_to_no_signal() -> Iterator[None]:
    """Whatever started the tests, Ctrl-C is heard in them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    time.sleep(5)
    pytest.fail("the signal did not come")


def interrupt_step(number: signal.Signals) -> None:
    try:
        interrupt(number)
    except BaseException as error:
        raise RuntimeError(f"{error!r} [while running 'Parse']") from error


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_interrupted_command_leaves_with_its_code(number: signal.Signals, code: int) -> None:
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as left, as_exit_codes():
        interrupt(number)
    assert left.value.code == code
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_also_where_beam_makes_another_error_of_it(number: signal.Signals, code: int) -> None:
    with pytest.raises(SystemExit) as left, as_exit_codes():
        interrupt_step(number)
    assert left.value.code == code


def test_errors_of_other_causes_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="ours"), as_exit_codes():
        raise RuntimeError("ours")


def test_a_command_in_the_background_stays_deaf_to_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with as_exit_codes():
        os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
