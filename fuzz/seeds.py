"""What a target starts from: samples of ours, files of the shared data, and its dictionary."""

from __future__ import annotations

import gzip
import io
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from eval.shared import SHARED
from fuzz.targets import NORMALIZE, from_item
from transforms.parse import archive
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

ROOT: Final = Path(__file__).resolve().parent.parent
SAMPLES: Final = ROOT / "tests" / "transforms" / "parse" / "samples"
CRASHES: Final = ROOT / "tests" / "fuzz" / "crashes"
TARGETS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("targets.toml").read_text("utf-8")
)
LARGEST: Final = 1 << 14
"""Bytes of an input; libFuzzer mutates small ones faster, and our readers have no form longer."""
_MOST_SHARED: Final = 60
_EXPECTED: Final = ".expected.json"


def list_seeds(target: str) -> Iterator[bytes]:
    """The inputs that a target starts from."""
    if target == NORMALIZE:
        yield from map(from_item, _items())
    elif target == "auto":
        yield from _samples()
        yield from map(gzip.compress, _samples("jsonl"))
    else:
        yield from _samples(*(("rss", "atom", "rdf") if target == "feed" else (target,)))
    if target in archive.FORMATS:
        yield _pack(target, list(_samples("jsonl", "rss")))
    for path in _shared(target):
        yield path.read_bytes()
    for path in sorted((CRASHES / target).glob("*")):
        yield path.read_bytes()


def dictionary(target: str) -> str:
    """Lines of a dictionary for libFuzzer."""
    folders = (ROOT / "fuzz" / "dictionaries", SHARED / "hostile" / "fuzz_dicts" / "dictionaries")
    found = [
        next((path for folder in folders if (path := folder / f"{name}.dict").is_file()), None)
        for name in TARGETS[target]["dictionaries"]
    ]
    return "\n".join(path.read_text("utf-8") for path in found if path)


def _samples(*names: str) -> Iterator[bytes]:
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file() and not path.name.endswith(_EXPECTED):
            data = path.read_bytes()
            if (not names or path.parent.name in names) and len(data) <= LARGEST:
                yield data


def _items() -> Iterator[Item]:
    for data in _samples():
        for result in parse_document(data, ParseContext(source_uri="x"), None):
            if isinstance(result, Item):
                yield result


def _shared(target: str) -> list[Path]:
    """The smallest files of each folder, so that a short run is not spent on reading them."""
    found: list[Path] = []
    for folder in TARGETS[target]["shared"]:
        files = [path for path in (SHARED / folder).rglob("*") if path.is_file()]
        sized = sorted((path.stat().st_size, path) for path in files)
        found += [path for size, path in sized if size <= LARGEST][:_MOST_SHARED]
    return found


def _pack(kind: str, members: list[bytes]) -> bytes:
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            for number, data in enumerate(members):
                target.writestr(f"{number}.txt", data)
    elif kind == "tar":
        with tarfile.open(fileobj=buffer, mode="w") as packed:
            for number, data in enumerate(members):
                info = tarfile.TarInfo(f"{number}.txt")
                info.size = len(data)
                packed.addfile(info, io.BytesIO(data))
    else:
        for number, data in enumerate(members):
            head = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: application/xml\r\n"
            head += f"WARC-Target-URI: https://x.example/{number}\r\nContent-Length: {len(data)}"
            buffer.write(f"{head}\r\n\r\n".encode() + data + b"\r\n\r\n")
    return buffer.getvalue()
