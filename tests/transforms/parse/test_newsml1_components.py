"""Components of NewsML 1 as nobody means them: deep, many, without a role."""

from __future__ import annotations

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.parse.document import parse_document
from transforms.parse.item import ParseContext

DEPTH = 240


def deep(texts: int) -> bytes:
    """`texts` texts below a chain of components, none of which has a role."""
    held = b"<ContentItem><DataContent>x</DataContent></ContentItem>" * texts
    chain = b"<NewsComponent>" * DEPTH + held + b"</NewsComponent>" * DEPTH
    return b"<NewsML><NewsItem>" + chain + b"</NewsItem></NewsML>"


def test_time_is_linear_in_the_texts_of_a_deep_component() -> None:
    """Each asks for its role, which is looked for above it once: 16,000 took 13 s."""

    def cost(texts: int) -> float:
        data = deep(texts)
        return least_cpu_seconds(
            lambda: list(parse_document(data, ParseContext(source_uri="x"), None))
        )

    assert cost(8_000) < max(16 * cost(1_000), 0.1)
    assert cost(8_000) < 3


def test_time_does_not_grow_with_depth_times_components() -> None:
    """Whose metadata it has is asked of what is around a story: 40,000 beside it took 2.5 s."""
    story = b"<ContentItem><DataContent>x</DataContent></ContentItem>"
    beside = story * 40 + b"<NewsComponent/>" * 40_000
    chain = b"<NewsComponent>" * DEPTH + beside + b"</NewsComponent>" * DEPTH
    data = b"<NewsML><NewsItem>" + chain + b"</NewsItem></NewsML>"
    context = ParseContext(source_uri="x")
    assert least_cpu_seconds(lambda: list(parse_document(data, context, None))) < 1
