"""Bytes to text: byte order mark, transport charset, XML prolog, UTF-8, then a detector.

Order of RFC 7303 §3 and WHATWG Encoding §6: a mark beats what the transport declares, that beats
the prolog. A declaration that the bytes contradict is repaired and warned about. Names that are
not in `charsets.toml` (utf-7, Python's transforms) are refused, and count as undeclared.
"""

from __future__ import annotations

import codecs
import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cchardet

_TABLES = tomllib.loads(Path(__file__).with_name("charsets.toml").read_text("utf-8"))
CODECS: Final[dict[str, str]] = {
    **_TABLES["single_byte"],
    **_TABLES["multibyte"],
    **_TABLES["unicode"],
}
_SINGLE_BYTE = frozenset(_TABLES["single_byte"].values())
# UTF-32 before UTF-16: the mark of UTF-32-LE begins with that of UTF-16-LE.
MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0 appendix F: how `<?` or `<` and a first ASCII letter look without a mark.
_UNMARKED = (
    (re.compile(rb"<\x00\x00\x00[?!a-zA-Z]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<\x00\x00\x00[?!a-zA-Z]"), "utf-32-be"),
    (re.compile(rb"[<{\[]\x00[?!a-zA-Z\"\s]\x00"), "utf-16-le"),
    (re.compile(rb"\x00[<{\[]\x00[?!a-zA-Z\"\s]"), "utf-16-be"),
)
_PROLOG = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_META = re.compile(
    rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE
)
# WHATWG HTML §13.2.3.2 looks at 1,024 bytes; pages that put scripts first need more.
_META_BYTES = 4096
_LABEL = re.compile(r"[A-Za-z0-9._:-]{1,40}")
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_DETECTOR_BYTES = 1 << 18
# A few bad bytes in UTF-8 are damage; more than a tenth of its non-ASCII is another encoding.
_DAMAGE_SHARE = 0.1


class Undecodable(Exception):
    """No encoding gives text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without its mark, the codec that was used, and what was odd."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def find_codec(label: str | None) -> str | None:
    """The codec for a declared name, or None where it is unknown or refused."""
    if label is None or not _LABEL.fullmatch(label):
        return None
    try:
        return CODECS.get(codecs.lookup(label).name)
    except LookupError:
        return None


def find_prolog(data: bytes) -> str | None:
    """The encoding that an XML declaration names (XML 1.0 §4.3.3)."""
    match = _PROLOG.match(data.removeprefix(codecs.BOM_UTF8)[:512])
    return match[1].decode("ascii") if match else None


def find_meta_charset(data: bytes) -> str | None:
    """The encoding that an HTML page names in `meta`, by `charset` or `http-equiv`.

    UTF-16 means UTF-8 there, since the name itself could be read (WHATWG HTML §13.2.3.2, step 14).
    """
    match = _META.search(data[:_META_BYTES])
    label = match[1].decode("ascii") if match else None
    return "utf-8" if (find_codec(label) or "").startswith(("utf-16", "utf-32")) else label


def find_mark(data: bytes) -> tuple[str, int] | None:
    """Codec and length of a byte order mark, or of UTF-16/32 recognizable without one."""
    for mark, codec in MARKS:
        if data.startswith(mark):
            return codec, len(mark)
    return next(((codec, 0) for form, codec in _UNMARKED if form.match(data)), None)


def decode(data: bytes, charset: str | None = None) -> Decoded:
    """Text of `data`; `charset` is what the transport declared.

    Raises:
        Undecodable: a marked UTF-16 or UTF-32 document without any valid character.
    """
    marked = find_mark(data)
    if marked:
        return _decode_marked(data, *marked)
    label = charset or find_prolog(data)
    declared = find_codec(label)
    refused = (f"encoding_refused:{label[:40]}",) if label and declared is None else ()
    decoded = _decode_declared(data, declared) or _decode_undeclared(data, declared)
    return Decoded(decoded.text, decoded.encoding, refused + decoded.warnings)


def _decode_marked(data: bytes, codec: str, length: int) -> Decoded:
    body = data[length:]
    try:
        return Decoded(body.decode(codec), codec)
    except UnicodeDecodeError:
        text = body.decode(codec, "replace")
    if text.count("�") * 2 > len(text):
        raise Undecodable(f"the bytes are not {codec}, though a byte order mark says so")
    return Decoded(text, codec, (f"encoding_damaged:{codec}",))


def _decode_declared(data: bytes, declared: str | None) -> Decoded | None:
    if declared is None:
        return None
    if declared.startswith(("utf-16", "utf-32")) and b"\0" not in data:
        # Half of all markup would be zeros; any other text of even length decodes to nonsense.
        return None
    if declared in _SINGLE_BYTE and not data.isascii():
        # A single-byte codec accepts anything, whereas other text is hardly ever valid UTF-8.
        utf8 = _strictly(data, "utf-8")
        if utf8 is not None:
            return Decoded(utf8, "utf-8", (f"encoding_repaired:{declared}>utf-8",))
    text = _strictly(data, declared)
    if text is None and declared == "cp1252":
        # WHATWG maps the five bytes that cp1252 leaves open to C1 controls, as ISO 8859-1 does.
        return Decoded(data.decode("latin-1"), "latin-1")
    return None if text is None else Decoded(text, declared)


def _decode_undeclared(data: bytes, declared: str | None) -> Decoded:
    text = _strictly(data, "utf-8")
    if text is not None:
        repaired = (f"encoding_repaired:{declared}>utf-8",) if declared else ()
        return Decoded(text, "utf-8", repaired)
    text = data.decode("utf-8", "replace")
    if text.count("�") <= _DAMAGE_SHARE * len(_NON_ASCII.findall(data)):
        return Decoded(text, "utf-8", ("encoding_damaged:utf-8",))
    codec, text = _detect(data)
    warning = f"encoding_repaired:{declared}>{codec}" if declared else f"encoding_guessed:{codec}"
    return Decoded(text, codec, (warning,))


def _detect(data: bytes) -> tuple[str, str]:
    first = _NON_ASCII.search(data)
    start = max(0, (first.start() if first else 0) - 1024)
    guess = cchardet.detect(data[start : start + _DETECTOR_BYTES])["encoding"]
    for codec in (find_codec(guess), "cp1252"):
        text = _strictly(data, codec) if codec else None
        if codec and text is not None:
            return codec, text
    return "latin-1", data.decode("latin-1")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


# Every reader asks it of the same head.
@functools.lru_cache(4)
def decode_head(head: bytes) -> str:
    """The first bytes as text, only to look at their form: ASCII is right, the rest may not be."""
    marked = find_mark(head)
    codec, length = marked or ("utf-8", 0)
    return head[length:].decode(codec, "replace")
