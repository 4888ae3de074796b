"""What an engine keeps of a window until its commit."""

from __future__ import annotations

from tests.transforms.articles import article
from transforms.arrival import Heard, Received, pack, unpack
from transforms.tagged import TaggedArticle


def test_what_is_unpacked_is_what_was_packed() -> None:
    """Of several kinds, in order; nothing at all is nothing."""
    values = (
        Heard("drops", stopped=False),
        Received("mark", 1, (), ()),
        TaggedArticle(article(body_text="Ferry \ud800 sails")),
    )
    assert unpack(pack(values)) == values
    assert unpack(pack(list(values))) == values
    assert unpack(pack(())) == ()


def test_texts_are_kept_small() -> None:
    """An engine holds every text of a window in its state, and so in each checkpoint."""
    said = TaggedArticle(article(body_text="The ferry left the harbour on time. " * 1_000))
    assert len(pack([said])) < 5_000
