"""HTML fragments to plain text: paragraphs separated by a blank line, `br` as a line break.

A tokenizer of our own, one pass, linear whatever the input: html5lib takes 18 s on 4.8 kB
(DESIGN §7), and a tree is not needed to drop tags. Follows the tokenization of WHATWG HTML §13.2.5
where it matters (quoted attributes, comments, raw-text elements); an unclosed tag is text.
"""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path

_ELEMENTS = tomllib.loads(Path(__file__).with_name("html_elements.toml").read_text("utf-8"))
BLOCKS = frozenset(_ELEMENTS["blocks"])
CELLS = frozenset(_ELEMENTS["cells"])
DROPPED = frozenset(_ELEMENTS["dropped"])

_TAG_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]*+)")
_QUOTE = re.compile(r"=\s*+([\"'])")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_SPACES = re.compile(r" {2,}")
_BLANK_LINES = re.compile(r"\n{3,}")
# `int()` refuses more than 4,300 digits with a ValueError, which html.unescape lets through.
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
_ENDS = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in DROPPED}
BREAK = "\n"
BLOCK = "\v"


def unescape(text: str) -> str:
    """Character references (WHATWG HTML §13.5) to characters; absurd ones to U+FFFD."""
    return html.unescape(_LONG_REFERENCE.sub("�", text)) if "&" in text else text


def html_to_text(fragment: str) -> str:
    """Plain text of an HTML fragment, without scripts and styles; time linear in its length."""
    return join_pieces(_Tokenizer(fragment).pieces())


def join_pieces(pieces: list[str]) -> str:
    """Text pieces between `BREAK` and `BLOCK` marks as paragraphs."""
    # Most blocks have neither, and a call for each costs half of reading a large text.
    blocks = [
        _tidy(block) if "  " in block or BREAK in block else block
        for block in "".join(pieces).split(BLOCK)
    ]
    return "\n\n".join(filter(None, [block.strip(" ") for block in blocks]))


def without_headline(body: str | None, headline: str | None) -> str | None:
    """The body without a first paragraph that is the headline, as pages within a wire have it.

    A flash whose text is its headline stays whole.
    """
    first, _, rest = (body or "").partition("\n\n")
    is_headline = headline is not None and first.split() == headline.split()
    return rest if is_headline and rest else body


def space(text: str, preformatted: bool) -> str:
    """White space to spaces; where it is preformatted, within lines."""
    # Most text is one clean line, and looking is ten times faster than replacing; double spaces,
    # which take longer to find, are `join_pieces`'s.
    if not ("\n" in text or "\t" in text or "\r" in text or "\f" in text or "\u00a0" in text):
        return text
    if preformatted:
        return BREAK.join(_SPACE.sub(" ", line) for line in text.split("\n"))
    return _SPACE.sub(" ", text)


def _tidy(block: str) -> str:
    """One paragraph: single spaces, lines without spaces around them, no blank lines but one."""
    if "  " in block:
        block = _SPACES.sub(" ", block)
    if BREAK not in block:
        return block
    lines = BREAK.join(line.strip(" ") for line in block.split(BREAK))
    return _BLANK_LINES.sub("\n\n", lines.strip(BREAK))


class _Tokenizer:
    """One pass over the fragment.

    The last positions of `>` and of the quotes are looked up once: a search that cannot succeed is
    never made, which is what keeps thousands of unclosed tags linear.
    """

    def __init__(self, fragment: str) -> None:
        self.text = fragment.replace("\v", " ")
        self.last = {mark: self.text.rfind(mark) for mark in (">", '"', "'", "]]>", "-->")}
        self.out: list[str] = []
        self.preformatted = False

    def pieces(self) -> list[str]:
        """Text, line breaks and block marks in order."""
        position = 0
        while position < len(self.text):
            start = self.text.find("<", position)
            if start < 0:
                start = len(self.text)
            if start > position:
                self._characters(self.text[position:start])
            position = self._markup(start) if start < len(self.text) else start
        return self.out

    def _characters(self, raw: str) -> None:
        text = unescape(raw.replace("\r\n", "\n")).replace("\v", " ")
        self.out.append(space(text, self.preformatted))

    def _markup(self, start: int) -> int:
        text = self.text
        if text.startswith(("<!", "<?"), start):
            return self._declaration(start)
        match = _TAG_NAME.match(text, start + 1)
        end = self._tag_end(match.end()) if match else -1
        if match is None or end < 0:
            self.out.append("<")
            return start + 1
        return self._tag(match[1].lower(), text[start + 1] == "/", end)

    def _declaration(self, start: int) -> int:
        if self.text.startswith("<!--", start):
            return self._skip_to("-->", start + 2)
        if self.text.startswith("<![CDATA[", start):
            return self._cdata(start + 9)
        return self._skip_to(">", start + 2)

    def _tag(self, name: str, closing: bool, end: int) -> int:
        if name in DROPPED and not closing and self.text[end - 2] != "/":
            found = _ENDS[name].search(self.text, end)
            return self._skip_to(">", found.end()) if found else len(self.text)
        if name == "pre":
            self.preformatted = not closing
        if name in BLOCKS:
            self.out.append(BLOCK)
        elif name == "br":
            self.out.append(BREAK)
        elif name in CELLS:
            self.out.append(" ")
        return end

    def _tag_end(self, position: int) -> int:
        if self.text.startswith(">", position):
            return position + 1
        while position <= self.last[">"]:
            end = self.text.find(">", position)
            quote = _QUOTE.search(self.text, position, end)
            if quote is None or quote.end() > self.last[quote[1]]:
                return end + 1
            position = self.text.find(quote[1], quote.end()) + 1
        return -1

    def _skip_to(self, mark: str, position: int) -> int:
        if position > self.last[mark]:
            return len(self.text)
        return self.text.find(mark, position) + len(mark)

    def _cdata(self, position: int) -> int:
        if position > self.last["]]>"]:
            return position
        end = self.text.find("]]>", position)
        self._characters(self.text[position:end])
        return end + 3
