"""Bytes to an XML tree that no document can use against us, and reading it by local names.

Encoding is decided by `decoding.py` (a declaration that lies is repaired there), so the parser gets
UTF-8. Nothing is loaded, no entity is expanded in text, depth (256) and text (10 MB) are libxml2's
own bounds. What is not well-formed is read as far as it goes, with the warning `xml_ill_formed`.
"""

from __future__ import annotations

import codecs
import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from transforms.parse.decoding import Decoded, Undecodable, decode
from transforms.parse.markup import (
    BLOCK,
    BLOCKS,
    BREAK,
    CELLS,
    DROPPED,
    html_to_text,
    join_pieces,
    space,
)

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
WARNING: Final = "xml_ill_formed"
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
# XML 1.0 §2.2: characters that no document may hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Names of NITF 3.6 (block content, headlines, table parts) beside those of HTML.
_NITF_BLOCKS = frozenset(("hedline", "hl1", "hl2", "media-caption", "bq", "block", "note", "fn"))
_TEXT_BLOCKS: Final = BLOCKS | _NITF_BLOCKS

Element = Any


class BadXml(Exception):
    """No tree: `reason` is a key of `schemas.reject.REASONS`, `message` says what is wrong."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class Tree:
    """The root element, the encoding that was used, and what was odd."""

    root: Element
    encoding: str
    warnings: tuple[str, ...]


def parse_xml(data: bytes, charset: str | None) -> Tree:
    """The tree of a document; `charset` is what the transport declared.

    Raises:
        BadXml: bytes that are no text, or not one element can be made out.
    """
    try:
        decoded = decode(data, charset)
    except Undecodable as error:
        raise BadXml("undecodable", str(error)) from None
    root, problem = None, None
    try:
        root = etree.fromstring(_to_utf8(data, decoded), _parser(recover=False))
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        root, problem = _recovered(_without_declaration(decoded)), str(error)
    if root is None:
        raise BadXml("malformed", f"no XML element can be made out: {str(problem)[:200]}")
    warnings = decoded.warnings if problem is None else (*decoded.warnings, WARNING)
    return Tree(root, decoded.encoding, warnings)


def _to_utf8(data: bytes, decoded: Decoded) -> bytes:
    # Most documents are UTF-8 already: two copies of a large one take as long as its parse.
    if decoded.encoding == "utf-8" and not decoded.warnings:
        return data.removeprefix(codecs.BOM_UTF8).lstrip()
    return _without_declaration(decoded).encode()


def _without_declaration(decoded: Decoded) -> str:
    return _DECLARATION.sub("", decoded.text, count=1).strip()


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )


def _recovered(text: str) -> Element | None:
    cleaned = _ILLEGAL.sub("", text).encode("utf-8", "replace")
    try:
        return etree.fromstring(cleaned, _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def local_name(element: Element) -> str:
    """The name without its namespace; empty for an entity reference."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@functools.lru_cache(4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Child elements of a local name, in order; none of None."""
    return iter(()) if element is None else element.iterchildren(f"{{*}}{name}")


def firsts(element: Element | None) -> dict[str, Element]:
    """The first child of each local name: for records, of which nearly all fields are asked for."""
    found: dict[str, Element] = {}
    for child in element if element is not None else ():
        tag = child.tag
        if isinstance(tag, str):
            found.setdefault(_local(tag), child)
    return found


def find(element: Element | None, path: str) -> Element | None:
    """The first element at `path`, local names with `/` between; None if there is none."""
    for name in path.split("/"):
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def line(element: Element | None) -> str | None:
    """All text of an element on one line; None if there is none."""
    if element is None:
        return None
    # Most elements that hold a line hold nothing else.
    text = (element.text or "") if len(element) == 0 else "".join(_texts(element))
    return " ".join(text.split()) or None


def find_line(element: Element | None, path: str) -> str | None:
    """The text of the first element at `path`, on one line."""
    return line(find(element, path))


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute without a namespace, stripped; None if absent or empty."""
    value = None if element is None else element.get(name)
    return (value.strip() or None) if value else None


def to_text(element: Element | None, skip: frozenset[str] = frozenset()) -> str | None:
    """Plain text of XHTML or NITF content: paragraphs with a blank line between.

    Elements with a local name in `skip` are left out, as scripts and styles are.
    """
    if element is None:
        return None
    dropped = DROPPED | skip
    name = local_name(element)
    if name in dropped:
        return None
    pieces: list[str] = []
    _collect(element, pieces, dropped, preformatted=name == "pre")
    return join_pieces(pieces) or None


def to_plain(element: Element) -> str | None:
    """Paragraphs of an element; character data may be HTML, though it calls itself plain."""
    if len(element):
        return to_text(element)
    text = element.text or ""
    return (html_to_text(text) if "</" in text else text.strip()) or None


def _collect(
    element: Element, pieces: list[str], dropped: frozenset[str], *, preformatted: bool
) -> None:
    """What is in an element. Depth is bounded by libxml2, so recursion is."""
    text = element.text
    if text:
        pieces.append(space(text, preformatted))
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            name, before, after = _form(tag)
            if name not in dropped:
                pieces.append(before)
                within = preformatted or name == "pre"
                if len(child):
                    _collect(child, pieces, dropped, preformatted=within)
                elif text := child.text:  # most paragraphs: no call for what is within
                    pieces.append(space(text, within))
                pieces.append(after)
        else:
            pieces.append(_entity(child))
        tail = child.tail
        if tail:
            pieces.append(space(tail, preformatted))


@functools.lru_cache(4096)
def _form(tag: str) -> tuple[str, str, str]:
    """Local name, and the marks that stand before and after the element's text."""
    name = _local(tag)
    if name in _TEXT_BLOCKS:
        return name, BLOCK, BLOCK
    return name, BREAK if name == "br" else " " if name in CELLS else "", ""


def _texts(element: Element) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts(child)
        else:
            yield _entity(child)
        if child.tail:
            yield child.tail


def _entity(reference: Element) -> str:
    """What HTML means by a named entity; nothing for a document's own, which are not expanded."""
    text: str = reference.text or ""
    found = html.unescape(text)
    return "" if found == text else found
