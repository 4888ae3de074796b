"""Which texts of a stream are tagged on their way: those that are not known, nor on their way."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue

from lake.keys import KeyEntry, KeyState, VersionEntry, pack_keys, pack_versions, write_state
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, create_lake
from schemas.ids import hash_id
from tests.transforms.articles import NOON, article
from transforms.delivery import Delivery, find_keys
from transforms.fingerprint import content_hash, fingerprint
from transforms.recognize import RecognizeTexts, is_known, still_waiting, text_id

WINDOW = 10.0
FULL = "One two three four five six. Seven eight nine ten eleven. Twelve thirteen fourteen fifteen."
CUT = "One two three four five six. Seven eight …"


def deliver(guid: str, body: str = FULL, *, control_hash: str = "00" * 16, **more: Any) -> Delivery:
    """An item without ids, as it comes from `normalize`."""
    row = article(
        "", version_id="", guid=guid, headline="Ferry sails", body_text=body,
        content_hash=content_hash("Ferry sails", None, body), **more,
    )  # fmt: skip
    return Delivery(
        article=row, keys=find_keys(row), control_hash=control_hash,
        fingerprint=fingerprint("Ferry sails", None, body), source="a.xml", feed="a.xml",
    )  # fmt: skip


def state_of(lake: Lake, *known: Delivery) -> KeyState:
    """The key state after a run that took these in, each as an article of its own."""
    keys, versions = [], []
    for one in known:
        id_ = hash_id("article", one.keys[0].hash)
        # The last key, of the content, leads nowhere where there is another.
        keys += [(key.hash, KeyEntry(id_, 1, NOON.toordinal())) for key in one.keys[:-1]]
        entry = VersionEntry(
            hash_id("version", id_), one.article.content_hash, one.control_hash,
            **dataclasses.asdict(one.fingerprint),
        )  # fmt: skip
        versions.append((id_, entry))
    return KeyState(write_state(lake, [pack_keys(keys)], [pack_versions(versions, 1)]))


@pytest.fixture
def lake(tmp_path: Any) -> Lake:
    return create_lake(tmp_path / "lake")


def test_a_text_is_its_key_content_and_control() -> None:
    """Whatever else two deliveries differ in, as where they came from."""
    one = deliver("g")
    again = dataclasses.replace(deliver("g", source_uri="elsewhere"), source="b.xml")
    assert text_id(again) == text_id(one)
    others = (deliver("h"), deliver("g", CUT), deliver("g", control_hash="11" * 16))
    assert len({text_id(other) for other in (one, *others)}) == 4


def test_what_the_lake_has_is_known(lake: Lake) -> None:
    """By key, content and control: a new text, a new status, another article are not."""
    state = state_of(lake, deliver("g"), deliver("h", "Another text."))
    assert is_known(deliver("g"), state)
    assert not is_known(deliver("g", "Another text."), state)
    assert not is_known(deliver("g", control_hash="11" * 16), state)
    assert not is_known(deliver("new"), state)


def test_a_cut_of_what_the_lake_has_is_known(lake: Lake) -> None:
    """It will be a sighting of the whole, not a version; not so where its control is another."""
    state = state_of(lake, deliver("g"))
    assert is_known(deliver("g", CUT), state)
    assert not is_known(deliver("g", CUT, control_hash="11" * 16), state)
    assert not is_known(deliver("g"), state_of(lake, deliver("g", CUT)))


def test_one_is_known_by_any_of_its_keys(lake: Lake) -> None:
    """The feed has given it another guid since, and its address is what it was."""
    url = "https://example.org/a"
    state = state_of(lake, deliver("g", normalized_url=url))
    assert is_known(deliver("other", normalized_url=url), state)


def test_what_is_certainly_committed_is_waited_for_no_more() -> None:
    until = {"a": 9.0, "b": 10.0, "c": 10.5}
    assert still_waiting(until, 10.0) == {"c": 10.5}
    assert until == {"a": 9.0, "b": 10.0, "c": 10.5}


def passed_on(events: Sequence[Any], lake: Lake) -> tuple[beam.Pipeline, beam.PCollection]:
    """A pipeline whose clock is the test's, and (guid, when) of what it passes on to be tagged."""
    stream = TestStream().advance_watermark_to(0)
    for at, given in events:
        stream = stream.advance_watermark_to(at)
        if given is not None:
            stream = stream.add_elements([TimestampedValue(given, at)])
    options = PipelineOptions(flags=[], streaming=True)
    pipeline = beam.Pipeline(runner=BundleBasedDirectRunner(), options=options)
    found = (
        pipeline
        | stream.advance_watermark_to_infinity()
        | RecognizeTexts(str(lake.root), WINDOW)
        | beam.Map(lambda found, at=beam.DoFn.TimestampParam: (found.guid, float(at)))
    )
    return pipeline, found


def test_a_text_is_passed_on_once_while_it_is_on_its_way(lake: Lake) -> None:
    """Three windows long, of each outlet by itself; then its commit is certain, or never came."""
    other = deliver("g", outlet="post.example")
    events = [
        (1, deliver("g")), (2, deliver("g")), (3, other), (4, deliver("g", "Another text.")),
        (30, deliver("g")), (32, deliver("g")), (33, deliver("g")),
    ]  # fmt: skip
    pipeline, found = passed_on(events, lake)
    assert_that(found, equal_to([("g", 1.0), ("g", 3.0), ("g", 4.0), ("g", 32.0)]))
    pipeline.run().wait_until_finish()


def test_the_timer_forgets_an_outlet_of_which_nothing_is_on_its_way(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the state would grow with every outlet that ever said something."""
    monkeypatch.setattr("transforms.recognize.still_waiting", lambda until, now: dict(until))
    events = [(1, deliver("g")), (25, deliver("h")), (54, deliver("g")), (56, deliver("g"))]
    pipeline, found = passed_on(events, lake)
    assert_that(found, equal_to([("g", 1.0), ("h", 25.0), ("g", 56.0)]))
    pipeline.run().wait_until_finish()


def test_what_the_lake_has_is_not_passed_on(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_of(lake, deliver("g"))
    monkeypatch.setattr("transforms.recognize.newest_keys", lambda lake: state)
    pipeline, found = passed_on([(1, deliver("g")), (2, deliver("new"))], lake)
    assert_that(found, equal_to([("new", 2.0)]))
    pipeline.run().wait_until_finish()


def test_a_lake_that_cannot_be_read_now_stops_nothing(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it may have is tagged once more than needed."""
    looks = []

    def damaged(lake: Lake) -> KeyState:
        looks.append(lake.root)
        raise StateDamaged(lake.keys, "is cut")

    monkeypatch.setattr("transforms.recognize.newest_keys", damaged)
    pipeline, found = passed_on([(1, deliver("g"))], lake)
    assert_that(found, equal_to([("g", 1.0)]))
    pipeline.run().wait_until_finish()
    assert looks == [lake.root]
