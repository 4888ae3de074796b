"""What the system refused a command, or what is damaged, found in errors that came a long way.

A full disk is no bug of ours, and to be tried again. But delta-rs tells of it in words alone, and
Beam makes a `RuntimeError` of whatever was raised in a step, with the traceback as its text.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass

from lake.in_time import ADVICE

_TEMPORARY, _DAMAGED = 75, 6
_REFUSED = frozenset(
    {
        errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM,
        errno.EMFILE, errno.ENFILE, errno.EBUSY,
    }
)  # fmt: skip
# As Python and Arrow, and as Rust, write it.
_NUMBER = re.compile(r"\[errno (\d+)\]|\(os error (\d+)\)", re.IGNORECASE)
# As Python says it, and as we do.
_NO_THREAD = re.compile(r"can't start new thread|\bOutOfThreads\b")
_DAMAGE = re.compile(r"\b(?:LakeDamaged|StateDamaged): ([^\n]+)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence for people, and the exit code."""

    sentence: str
    exit_code: int


def find_refusal(error: BaseException) -> Refusal | None:
    """The refusal or the damage that an error tells of; None if it is an error of ours."""
    text = str(error)
    if damage := _DAMAGE.search(text):
        return Refusal(damage[1], _DAMAGED)
    if _NO_THREAD.search(text):
        return Refusal(f"no thread could be started; {ADVICE}", _TEMPORARY)
    numbers = {int(one or other) for one, other in _NUMBER.findall(text)}
    refused = sorted(numbers & _REFUSED)
    if not refused:
        return None
    name = getattr(error, "filename", None)
    what = f"{os.strerror(refused[0])}{f': {name}' if name else ''}"
    return Refusal(f"the system refused: {what}; try again when that is mended", _TEMPORARY)
