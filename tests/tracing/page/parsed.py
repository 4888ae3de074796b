"""A page as its readers have it: parsed, with what may act on them found."""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import html

_SAFE_LINK = re.compile(r"(/|#|https?://)")


class Parsed:
    """A page's tree, and its text with white space collapsed."""

    def __init__(self, page: str) -> None:
        self.tree = html.document_fromstring(page)
        for node in self.tree.xpath("//style | //body/script"):
            node.drop_tree()

    def texts(self, xpath: str) -> list[str]:
        """The texts of the nodes that are found, in order."""
        return [_flat(node.text_content()) for node in self.tree.xpath(xpath)]

    def text(self, xpath: str = "//main") -> str:
        """The text of the only node that is found."""
        [text] = self.texts(xpath)
        return text

    def links(self, xpath: str = "//main//a/@href") -> list[str]:
        """Where links lead, in order."""
        return [str(href) for href in self.tree.xpath(xpath)]

    def table(self, label: str) -> list[list[str]]:
        """The cells of the body of the table in the region so called."""
        rows = self.tree.xpath("//*[@aria-label=$label]//tbody/tr", label=label)
        return [[_flat(cell.text_content()) for cell in row.xpath("th | td")] for row in rows]


def check_inert(page: str) -> None:
    """Nothing of a stranger's text may act: one style and script of ours, no handlers, safe links.

    Also what every page owes its readers: one `h1`, ids that are unique, headers with a scope, and
    links within the page that lead somewhere.
    """
    tree = html.document_fromstring(page)
    assert [len(tree.xpath(f"//{tag}")) for tag in ("script", "style", "h1")] == [1, 1, 1]
    assert tree.xpath("//img | //iframe | //object | //embed | //base") == []
    attributes = tree.xpath("//@*[starts-with(name(), 'on')] | //@style")
    assert attributes == []
    hrefs = [str(href) for href in tree.xpath("//body//@href | //@action | //@src")]
    assert [href for href in hrefs if not _SAFE_LINK.match(href)] == []
    shown = tree.text_content()
    assert [character for character in "\u202e\x00\x1b" if character in shown] == []
    ids = tree.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))
    assert [href for href in hrefs if href.startswith("#") and href[1:] not in ids] == []
    assert tree.xpath("//th[not(@scope)]") == []
    levels = [int(node.tag[1]) for node in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def _flat(text: str) -> str:
    return " ".join(text.split())
