"""A story for people: its head, lanes by outlet, and who has it from whom, with the words."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tracing.harmless import minute
from tracing.line_marks import marks_of

if TYPE_CHECKING:
    from tracing.story_model import Arrival, Citing, Copying, Dangling, First, Lag, Story
    from tracing.story_rows import Tie
    from tracing.trace_model import Line

_MOST_SIGNS = 5
_LONGEST_PASSAGE = 200
Names = Mapping[str, str]


def story_text(story: Story, now: dt.datetime) -> Iterator[str]:
    """The lines of a `tracing.story_model.Story` for who reads it `now`; controls still in them."""
    names = _names(story.lines)
    languages = {line.article_id: line.language for line in story.lines}
    parts = {part.part_id: part.language for part in story.parts}
    yield from _head(story, names)
    yield from _lanes(story.lines, now)
    for title, lines in (
        ("cites, within a language", (_citing(one, names) for one in story.cites)),
        ("derives, across languages", (_citing(one, names) for one in story.derives)),
        ("copies", (_copying(one, names) for one in story.copies)),
        ("updates", (_copying(one, names) for one in story.updates)),
        ("credits that dangle", (_dangling(one, names) for one in story.dangling)),
        ("names nobody", _missing(story, names)),
        ("by language", (_arrival(one, names, languages) for one in story.languages)),
        ("by outlet", map(_lag, story.lags)),
        ("why these are one story", (_tie(one, parts) for one in story.ties)),
    ):
        yield from _section(title, lines)


def _names(lines: Sequence[Line]) -> Names:
    """By article its outlet, with the beginning of its id where the outlet has several."""
    counts = Counter(line.outlet for line in lines)
    return {
        line.article_id: line.outlet
        if counts[line.outlet] == 1
        else f"{line.outlet} {line.article_id[:8]}"
        for line in lines
    }


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title and its lines, nothing where there are none."""
    for number, line in enumerate(lines):
        if not number:
            yield ""
            yield f"{title}:"
        yield f"    {line}"


def _head(story: Story, names: Names) -> Iterator[str]:
    languages = sorted({line.language for line in story.lines})
    outlets = {line.outlet for line in story.lines}
    claims = [line.published for line in story.lines if line.published is not None]
    yield f"story {story.story_id}"
    yield f"{minute(min(claims))} to {minute(max(claims))}" if claims else "no date claimed"
    yield (
        f"{_count(len(story.lines), 'article')} of {_count(len(outlets), 'outlet')}"
        f" in {', '.join(languages)}"
    )
    yield f"first by claim  {_first(story.first_claimed, names)}"
    yield f"first by sight  {_first(story.first_seen, names)}"


def _first(first: First | None, names: Names) -> str:
    if first is None:
        return "not known: no date claimed"
    ahead = ""
    if first.next_id is not None and first.hours is not None:
        how = f"{_hours(first.hours)} before" if first.hours else "at once with"
        ahead = f", {how} {names[first.next_id]}"
    doubts = f" (in doubt: {', '.join(first.doubts)})" if first.doubts else ""
    return f"{minute(first.time)}  {names[first.article_id]}{ahead}{doubts}"


def _lanes(lines: Sequence[Line], now: dt.datetime) -> Iterator[str]:
    """Outlets in order of their first articles, each with its articles by time."""
    lanes: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        lanes[line.outlet].append(line)
    for outlet, mine in lanes.items():
        yield ""
        yield outlet
        for line in mine:
            claimed = "no date claimed     " if line.published is None else minute(line.published)
            title = "  ".join((line.language, *marks_of(line, now), line.headline or ""))
            yield f"    {claimed}  seen {minute(line.first_seen)}  {line.article_id}  {title}"
            for one in line.unreached:
                yield f"        still has text that {one.outlet} has {one.what}"


def _citing(one: Citing, names: Names) -> str:
    doubts = [] if one.is_exact else ["by a part or the sound of its name"]
    doubts += [one.doubt] if one.doubt else []
    doubt = f" (in doubt: {', '.join(doubts)})" if doubts else ""
    return (
        f"{names[one.article_id]} → {names[one.cited_id]}  {one.kind}: {one.agency}"
        f" “{one.phrase}”{doubt}"
    )


def _copying(one: Copying, names: Names) -> str:
    credit = f"credits it: “{one.credit}”" if one.credited else "no credit of it found"
    return (
        f"{names[one.from_article_id]} → {names[one.to_article_id]}  {one.kind}:"
        f" {one.containment_from:.0%} of its words ({one.direction}, {one.direction_reason});"
        f" {credit}"
    )


def _dangling(one: Dangling, names: Names) -> str:
    later = f"; {names[one.later_original]} claims to be younger" if one.later_original else ""
    return f"{names[one.article_id]}  {one.kind}: {one.agency} “{one.phrase}”{later}"


def _missing(story: Story, names: Names) -> Iterator[str]:
    for one in story.missing_credit:
        passage = one.passage[:_LONGEST_PASSAGE]
        rest = "…" if len(one.passage) > _LONGEST_PASSAGE else ""
        yield (
            f"{names[one.article_id]}  {one.share_of_it:.0%} of its words stood in {one.source}"
            f" {_hours(one.hours_later)} before: “{passage}{rest}”"
        )


def _arrival(one: Arrival, names: Names, languages: Names) -> str:
    if one.article_id is None or one.published is None:
        return f"{one.language}  no date claimed"
    how = "the first" if one.is_origin else "whence is not known"
    if one.from_ids:
        whence = (f"{names[id_]} ({languages[id_]})" for id_ in one.from_ids)
        how = f"from {', '.join(whence)}"
    return f"{one.language}  {minute(one.published)}  {names[one.article_id]}, {how}"


def _lag(lag: Lag) -> str:
    if lag.hours is None:
        return f"{lag.outlet}  no date claimed"
    doubt = f" (in doubt: {lag.doubt})" if lag.doubt else ""
    after = f"{_hours(lag.hours)} after the first claim" if lag.hours else "the first claim"
    return f"{lag.outlet}  {after}{doubt}"


def _tie(tie: Tie, parts: Names) -> str:
    signs = ", ".join(f"{sign.kind} {sign.what}" for sign in tie.evidence[:_MOST_SIGNS])
    languages = f"{parts[tie.story_id]} and {parts[tie.alias_of]}"
    return f"{languages}  {tie.reason}, score {tie.score:.2f}: {signs}"


def _hours(hours: float) -> str:
    return f"{hours * 60:.0f} min" if hours < 1 else f"{hours:.1f} h"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
