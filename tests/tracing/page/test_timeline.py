"""The picture's layout: lanes, marks that do not cover each other, uncertainty, edges."""

from __future__ import annotations

import re

import pytest

from tests.tracing.page.told_story import citing, copying, hour, line, told_story
from tracing.page.edges import edges_of
from tracing.page.findings import roles_of
from tracing.page.timeline import Timeline, timeline_of
from tracing.story_model import Story

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def laid_out(story: Story) -> Timeline:
    edges = edges_of(story)
    names = {one.outlet: one.outlet_name or one.outlet for one in story.lines}
    return timeline_of(story, edges, roles_of(story, edges), names)


def ends(path: str) -> tuple[float, float]:
    """x where a path begins, and where it ends."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return numbers[0], numbers[-1] if "H" in path else numbers[-2]


def test_a_lane_for_each_outlet_in_order_of_its_first_article() -> None:
    story = told_story(lines=(line("b", 0), line("a", 1), line("c", 2, outlet="b.example")))
    found = laid_out(told_story(lines=story.lines, derives=(), copies=(), missing_credit=()))
    assert [(lane.outlet, [mark.number for mark in lane.marks]) for lane in found.lanes] == [
        ("b.example", [1, 3]),
        ("a.example", [2]),
    ]
    assert found.lanes[0].y < found.lanes[1].y < found.height


def test_who_claims_no_date_stands_apart() -> None:
    found = laid_out(told_story())
    [plain] = found.lanes[-1].marks
    dated = [mark.x for lane in found.lanes[:-1] for mark in lane.marks]
    assert found.undated_x == plain.x
    assert plain.x > found.right > max(dated)
    assert laid_out(told_story(lines=(line("tass", 0),), derives=(), copies=())).undated_x is None


def test_a_story_without_any_date_has_marks_and_no_axis() -> None:
    found = laid_out(told_story(lines=(line("a", None), line("b", None)), derives=(), copies=()))
    assert (found.ticks, found.cuts) == ((), ())
    assert len({mark.x for lane in found.lanes for mark in lane.marks}) == 1


def test_marks_of_one_lane_and_time_do_not_cover_each_other() -> None:
    same = tuple(line(name, 0, outlet="one.example") for name in "abc")
    far = line("far", 9)
    [lane, _] = laid_out(told_story(lines=(*same, far), derives=(), copies=())).lanes
    assert len({(mark.x, mark.y) for mark in lane.marks}) == 3


def test_a_claim_without_zone_may_be_fourteen_hours_off() -> None:
    lines = (line("a", 0), line("b", 20, published_tz_known=False), line("c", 100))
    _, lane, _ = laid_out(told_story(lines=lines, derives=(), copies=())).lanes
    [mark] = lane.marks
    assert mark.whisker is not None
    low, high = mark.whisker
    assert low < mark.x < high
    # To scale: of 100 hours, 14 to each side.
    assert high - mark.x == pytest.approx(mark.x - low, abs=0.2)


def test_when_it_was_seen_is_drawn_only_where_the_axis_is() -> None:
    lines = (
        line("a", 0, first_seen=hour(3)),
        line("b", 6, first_seen=hour(900)),
        line("c", 5, first_seen=hour(2)),
    )
    seen = [
        lane.marks[0].seen
        for lane in laid_out(told_story(lines=lines, derives=(), copies=())).lanes
    ]
    # Lanes stand in the order given: far off, and before the claim, nothing is drawn.
    assert seen[0] is not None
    assert seen[1:] == [None, None]


def test_an_edge_leads_from_the_source_to_the_taker() -> None:
    found = laid_out(told_story())
    marks = {mark.article_id: mark for lane in found.lanes for mark in lane.marks}
    for curve in found.curves:
        source, taker = marks[curve.edge.source_id], marks[curve.edge.taker_id]
        start, end = ends(curve.path)
        assert abs(start - source.x) <= 11, curve.edge
        assert source.x < end < taker.x, curve.edge


def test_edges_of_all_kinds_of_one_pair_are_drawn_apart_also_backwards() -> None:
    """A taker may stand left of its source; within a lane an edge is an arch."""
    lines = (line("a", 0), line("b", 5), line("c", 6, outlet="b.example"))
    story = told_story(
        lines=lines,
        cites=(citing("b", "a"), citing("a", "b")),
        derives=(citing("b", "a"),),
        copies=(copying("b", "a"),),
        updates=(copying("c", "b"),),
        missing_credit=(),
    )
    curves = laid_out(story).curves
    assert len({curve.path for curve in curves}) == len(curves) == 5
    backwards = next(curve for curve in curves if curve.edge.taker_id == "a")
    start, end = ends(backwards.path)
    marks = {mark.article_id: mark for lane in laid_out(story).lanes for mark in lane.marks}
    assert marks["a"].x < end < start
    arch = next(curve for curve in curves if curve.edge.kind == "updates")
    assert "C" in arch.path
