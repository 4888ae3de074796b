"""What the Flex Template starts: `wiretrace stream`, with the template's parameters as options.

Dataflow gives everything as `--name=value`: the parameters of metadata.json, the runner, and what
is for Beam, such as the project. The last `stream` takes as `--runner-option name=value`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path


def to_command(given: Sequence[str], ours: Collection[str]) -> list[str]:
    """The arguments of the command; `ours` are names of options of `stream`."""
    words = ["stream"]
    for word in given:
        name = word.partition("=")[0].removeprefix("--")
        words += [word] if name in ours else ["--runner-option", word.removeprefix("--")]
    return words


def main() -> None:
    """Make the graph and hand it to Dataflow."""
    from pipeline.cli import main as wiretrace

    metadata = json.loads(Path(__file__).with_name("metadata.json").read_text("utf-8"))
    ours = {"runner", *(parameter["name"] for parameter in metadata["parameters"])}
    sys.argv[1:] = to_command(sys.argv[1:], ours)
    wiretrace()


if __name__ == "__main__":
    main()
