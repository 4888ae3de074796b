"""Identity rules of DESIGN.md §4, one promise per test, without Beam."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

import pytest

from schemas.ids import content_tombstone, key_id
from transforms.delivery import Key, Sighted
from transforms.fingerprint import content_hash, fingerprint, is_truncation
from transforms.identify import Known, identify

DAY = dt.date(2024, 3, 1)
SEEN = dt.datetime(2024, 3, 20, tzinfo=dt.UTC)
FULL = "One two three four five six. Seven eight nine ten eleven. Twelve thirteen fourteen fifteen."
_numbers = itertools.count()


def deliver(
    guid: str | None = None,
    url: str | None = None,
    body: str = FULL,
    headline: str = "Headline",
    *,
    uri: str | None = None,
    day: dt.date = DAY,
    order: int = 0,
    source: str = "a.jsonl",
    control: str | None = None,
    control_hash: str = "plain",
    outlet: str = "herald.example",
    feed: str | None = None,
    standfirst: str | None = None,
) -> Sighted:
    values = {"uri": uri, "guid": guid, "url": url}
    keys = [Key(kind, key_id(outlet, kind, value)) for kind, value in values.items() if value]
    content = content_hash(headline, None, body)
    keys.append(Key("content", key_id(outlet, "content", content)))
    row = next(_numbers)
    return Sighted(
        staged="s", row=row, outlet=outlet, keys=tuple(keys), content_hash=content,
        control_hash=control_hash, fingerprint=fingerprint(headline, standfirst, body),
        source=source, source_uri=f"{source}#{row}", feed=feed, uri=uri or guid or url or "",
        outlet_rule="option", control=control,
        control_at=None, control_reason=None, day=day, order=order,
        published=dt.datetime.combine(day, dt.time(), dt.UTC) if feed else None, seen_at=SEEN,
        raw_sha256=content,
    )  # fmt: skip


def outcomes(deliveries: list[Sighted], known: Known | None = None) -> list[str]:
    found = identify(deliveries, known or Known(), 1, "r", "2024-03")
    return sorted(decision.outcome for decision in found.decisions)


def test_same_delivery_again_is_a_duplicate_with_its_sighting_counted() -> None:
    """Every delivery of a known version counts in one sighting."""
    found = identify([deliver("g"), deliver("g"), deliver("g")], Known(), 1, "r", "2024-03")
    assert sorted(d.outcome for d in found.decisions) == ["duplicate", "duplicate", "new"]
    assert [s.deliveries for s in found.sightings] == [3]


def test_other_text_under_the_same_key_is_a_revision() -> None:
    """One article, two versions; the earlier stated one founded it."""
    found = identify(
        [deliver("g", body="Later text.", order=2), deliver("g", body="Early text.", order=1)],
        Known(), 1, "r", "2024-03",
    )  # fmt: skip
    by_row = sorted(found.decisions, key=lambda d: d.row)
    assert [d.outcome for d in by_row] == ["revised", "new"]
    assert len({d.article_id for d in by_row}) == 1
    assert len({d.version_id for d in by_row}) == 2


def test_same_key_of_another_outlet_is_another_article() -> None:
    """Keys are scoped by outlet."""
    ids = set()
    for outlet in ("a.example", "b.example"):
        found = identify([deliver("g", outlet=outlet)], Known(), 1, "r", "2024-03")
        ids.add(found.decisions[0].article_id)
    assert len(ids) == 2


def test_content_key_counts_only_without_any_other() -> None:
    """Two addresses with one text are two articles (a copy, not a duplicate)."""
    assert outcomes([deliver(url="u1"), deliver(url="u2")]) == ["new", "new"]
    assert outcomes([deliver(), deliver()]) == ["duplicate", "new"]


def test_a_delivery_that_joins_two_articles_makes_the_newer_an_alias() -> None:
    """The older id stays; the alias row says which kind of key joined them."""
    known = Known()
    first = identify([deliver("g")], known, 1, "r1", "2024-03").decisions[0].article_id
    other = (
        identify([deliver(url="u", body="Other.")], known, 2, "r2", "2024-03")
        .decisions[0]
        .article_id
    )
    found = identify([deliver("g", "u", body="Third.")], known, 3, "r3", "2024-03")
    assert [(a.article_id, a.alias_of, a.reason) for a in found.aliases] == [(other, first, "url")]
    assert found.decisions[0].article_id == first
    again = identify([deliver(url="u", body="Other.")], known, 4, "r4", "2024-03")
    assert [(d.outcome, d.article_id) for d in again.decisions] == [("duplicate", first)]


@pytest.mark.parametrize("is_turned", [False, True])
def test_of_versions_that_two_articles_shared_one_is_met_again(is_turned: bool) -> None:
    """The same one, whichever was registered first: chunks of a run register in other orders."""
    known = Known()
    for guid in ("g", "h"):
        identify([deliver(guid)], known, 1, "r1", "2024-03")
    joined = deliver("g", uri="u", body="Joins."), deliver("h", uri="u", body="Joins.")
    article = identify(joined, known, 2, "r2", "2024-03").decisions[0].article_id
    twins = [v for v in known.versions[article] if v.content_hash == deliver().content_hash]
    if is_turned:
        known.versions[article].reverse()
    (decision,) = identify([deliver("g")], known, 3, "r3", "2024-03").decisions
    assert len(twins) == 2
    assert decision.version_id == min(twin.version_id for twin in twins)


def test_summary_of_a_full_text_is_a_sighting_in_any_order() -> None:
    """A feed's cut of a known version is no revision, wherever it stands in the day."""
    cut = "One two three four five six. Seven eight …"
    for order in ([FULL, cut], [cut, FULL]):
        assert outcomes([deliver("g", body=body) for body in order]) == ["duplicate", "new"]


def test_kill_before_its_article_leads_to_the_same_article() -> None:
    """A control message founds the id that its article will have."""
    known = Known()
    kill = identify([deliver(uri="u", body="", headline="", control="kill")], known, 1, "r", "m")
    article = identify([deliver(uri="u")], known, 2, "r", "m")
    assert [d.outcome for d in kill.decisions + article.decisions] == ["control", "new"]
    assert kill.controls[0].article_id == article.decisions[0].article_id


def test_change_of_control_alone_is_a_version() -> None:
    """The version id covers pubstatus, signals, embargo and stated version."""
    assert outcomes([deliver("g"), deliver("g", control_hash="canceled")]) == ["new", "revised"]


def test_distrusted_key_steps_down_to_the_next() -> None:
    """A guid that its source uses for different articles does not join them."""
    bad = key_id("herald.example", "guid", "g")
    known = Known(untrusted=frozenset({("a.jsonl", bad)}))
    assert outcomes([deliver("g", "u1"), deliver("g", "u2", body="B.")], known) == ["new", "new"]


def test_tombstone_keeps_an_article_out_under_any_address() -> None:
    """Key or content of a forgotten article: rejected, never stored."""
    text = content_tombstone("herald.example", content_hash("Headline", None, FULL))
    guid = key_id("herald.example", "guid", "g")
    for tombstone in (text, guid):
        known = Known(forgotten=frozenset({tombstone}))
        assert outcomes([deliver("g", "u9")], known) == ["rejected"]


def test_order_of_deliveries_decides_nothing() -> None:
    """DESIGN §4.8: a day is one set, days go in order."""
    day2 = DAY + dt.timedelta(days=1)
    deliveries = [
        deliver("g1", "u1", body="A. " * n, day=day, order=n)
        for n, day in ((1, DAY), (2, day2), (3, DAY), (4, day2))
    ] + [deliver("g2", "u1", body="Joined by url.", day=day2), deliver(url="u7"), deliver()]
    expected = None
    for seed in range(10):
        random.Random(seed).shuffle(deliveries)
        found = identify(deliveries, Known(), 1, "r", "2024-03")
        seen = sorted((d.row, d.outcome, d.article_id, d.version_id) for d in found.decisions)
        expected = expected or seen
        assert seen == expected


FEED = {"source": "rss", "feed": "rss"}
LATER = DAY + dt.timedelta(days=3)
OTHER = {"url": "u2", "body": "Another story of other words.", "headline": "Other", "day": LATER}


def test_a_guid_that_a_feed_uses_again_is_another_article() -> None:
    """And stays one when it is shown once more, beside an edit of the first by its address."""
    known = Known()
    first = identify([deliver("g", "u1", **FEED)], known, 1, "r", "2024-03")
    second = identify([deliver("g", **OTHER, **FEED)], known, 2, "r", "2024-03")
    assert [d.outcome for d in first.decisions + second.decisions] == ["new", "new"]
    assert second.distrusted == {("rss", key_id("herald.example", "guid", "g"))}
    edited = deliver("g", "u1", body=FULL + " Sixteen.", day=LATER, **FEED)
    third = identify([deliver("g", **OTHER, **FEED), edited], known, 3, "r", "2024-03")
    outcomes = {d.article_id: d.outcome for d in third.decisions}
    assert outcomes == {
        second.decisions[0].article_id: "duplicate", first.decisions[0].article_id: "revised"
    }  # fmt: skip
    assert not third.aliases


@pytest.mark.parametrize(
    "common",
    [
        {"url": "u1"},
        {"headline": "Headline"},
        {"body": "One two three four and then all is new."},
        {"day": DAY},
        {"feed": None},
        {"url": None},
        {"body": "Standfirst of the first."},
    ],
    ids=["address", "headline", "first words", "day", "no feed", "no address", "standfirst"],
)
def test_what_has_anything_in_common_is_a_revision(common: dict[str, Any]) -> None:
    """Where all but one differ, it is the same article still."""
    known = Known()
    first = deliver("g", "u1", **FEED, standfirst="Standfirst of the first.")
    identify([first], known, 1, "r", "2024-03")
    found = identify([deliver("g", **{**OTHER, **FEED, **common})], known, 2, "r", "2024-03")
    assert [d.outcome for d in found.decisions] == ["revised"]
    assert not found.distrusted


@pytest.mark.parametrize(
    ("short", "promise"),
    [
        ("", True),
        ("One two three four five six.", True),
        ("One two three four five six. Seven eight nine ten eleven.", True),
        ("One two three four five six. Sev…", True),
        ("One two three four five [...]", True),
        ("One two three four", False),
        ("One two changed four five six.", False),
        ("One two changed four five …", False),
        (FULL, False),
        (FULL + " Sixteen.", False),
    ],
)
def test_truncation(short: str, promise: bool) -> None:
    """Whole sentences from the start, or a marked cut; a changed word is a revision."""
    full = fingerprint("Headline", "Standfirst", FULL)
    assert is_truncation(fingerprint("Headline", None, short), full) is promise


@pytest.mark.parametrize(
    "summary",
    [
        "The ferry crews go back to work",
        "The ferry crews go back […]",
        "渡轮船员星期一恢复工作。",
        "渡轮船员星期一恢复……",
        "フェリーの乗組員は月曜日に",
    ],
)
def test_a_summary_that_is_the_standfirst_is_a_truncation(summary: str) -> None:
    """In scripts without spaces too, and where the feed cut it; not where a word differs."""
    full = fingerprint("Headline", summary, FULL)
    assert is_truncation(fingerprint("Headline", summary, None), full)
    assert not is_truncation(fingerprint("Headline", f"not {summary}", None), full)
