"""A text is cut into segments that say all marks that hold there, whatever the spans are like."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracing.page.marked import MARKS, Segment, Span, cut

SPANS = st.lists(
    st.builds(
        Span, st.integers(-3, 30), st.integers(-3, 30), st.sampled_from(MARKS),
        number=st.integers(0, 2),
    )
)  # fmt: skip


def test_spans_that_overlap_and_nest() -> None:
    spans = [
        Span(0, 6, "quote"), Span(4, 9, "credit"), Span(5, 6, "name", "one"),
        Span(4, 8, "name", "wide"),
    ]  # fmt: skip
    assert list(cut("0123456789", spans)) == [
        Segment("0123", ("quote",)),
        Segment("4", ("quote", "credit", "name"), "wide"),
        Segment("5", ("quote", "credit", "name"), "one"),
        Segment("67", ("credit", "name"), "wide"),
        Segment("8", ("credit",)),
        Segment("9"),
    ]


def test_what_was_rewritten_in_a_passage_is_not_the_same() -> None:
    spans = [Span(0, 4, "same", number=3), Span(1, 2, "changed", number=3)]
    assert [(one.text, one.marks, one.number) for one in cut("0123", spans)] == [
        ("0", ("same",), 3),
        ("1", ("changed",), 3),
        ("23", ("same",), 3),
    ]


@given(st.text(max_size=25), SPANS)
def test_nothing_of_a_text_is_lost_and_every_mark_is_where_it_was_said(
    text: str, spans: list[Span]
) -> None:
    segments = list(cut(text, spans))
    assert "".join(one.text for one in segments) == text
    at = 0
    for one in segments:
        here = [s for s in spans if 0 <= s.start <= at < s.end <= len(text)]
        marks = {s.mark for s in here}
        assert set(one.marks) == (marks - {"same"} if "changed" in marks else marks)
        at += len(one.text)
