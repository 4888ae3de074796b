"""The whole pipeline on one screen: the road of an article (DESIGN.md §2).

A bounded run goes through it in chunks: `take_in` stages what the sources hold, `spread` sorts it
by the days that are settled together, then `settle` decides, day by day, what is new, tags it and
writes the final files. Rejects are gathered from every step; nothing is committed here
(`pipeline/batch.py` does, once). When all chunks are settled, `link` says which of the new versions
have whose text, and `tell` which report one event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apache_beam as beam

from lake.present import named
from pipeline.commit_windows import CommitWindows
from pipeline.link_tasks import WINDOW
from pipeline.logs import LogBatches
from pipeline.manifest import WriteManifest
from pipeline.options import RunContext, StreamOptions
from pipeline.story_tasks import StoryPlan
from pipeline.stream_sources import MESSAGES
from transforms.arrival import pack
from transforms.bind_stories import BindStories
from transforms.copies.link import Claim
from transforms.identify_outlets import IdentifyContext, IdentifyOutlets, PickArticles
from transforms.link_copies import LinkCopies, LinkTask
from transforms.normalize import NormalizeItems
from transforms.parse.containers import ParseContainers
from transforms.profile_articles import ProfileArticles
from transforms.read.containers import ReadContainers
from transforms.read.segment import Segment
from transforms.receive import ReceiveArrivals
from transforms.recognize import RecognizeTexts
from transforms.spread import Chunk, SpreadDeliveries
from transforms.stage import StageDeliveries, StageRows
from transforms.stories.standing_rows import Telling
from transforms.table_rows import RejectRows, TaggedRows
from transforms.tag_texts import TagTexts, TakeUpTags
from transforms.tell_stories import TellStories
from transforms.write import WritePartitions


def take_in(
    pipeline: beam.Pipeline, batches: Sequence[tuple[Segment, ...]], run: RunContext, manifest: str
) -> None:
    """Bytes to staged deliveries; what cannot be read, parsed or normalized to rejects."""
    read = (
        pipeline
        | "Segments" >> beam.Create(batches)
        | "Log" >> beam.ParDo(LogBatches(run.run_id, run.log_json))
        | "Read" >> ReadContainers(run.seen_at, run.run_id)
    )
    parsed = read.main | "Parse" >> ParseContainers(run.seen_at, run.run_id)
    normalized = parsed.main | "Normalize" >> NormalizeItems(run.seen_at, run.run_id)
    staged = normalized.main | "Stage" >> StageDeliveries(run.staging("deliveries"))
    rejects = (read.rejects, parsed.rejects, normalized.rejects) | beam.Flatten()
    rejected = rejects | "RejectRows" >> RejectRows()
    staged_rejects = rejected.rows | "StageRejects" >> StageRows(run.staging("rejects"))
    _ = {
        "deliveries": staged,
        "rejects": staged_rejects,
        "counts": rejected.counts,
    } | "Manifest" >> WriteManifest(manifest)


def spread(
    pipeline: beam.Pipeline,
    batches: Sequence[tuple[str, ...]],
    chunks: Sequence[Chunk],
    run: RunContext,
    manifest: str,
) -> None:
    """Staged deliveries to files of the chunks in which they are settled."""
    files = (
        pipeline
        | "Batches" >> beam.Create(batches)
        | "Spread" >> SpreadDeliveries(chunks, run.staging("chunks"))
    )
    _ = {"files": files} | "Manifest" >> WriteManifest(manifest)


def settle(
    pipeline: beam.Pipeline,
    staged: Sequence[str],
    context: IdentifyContext,
    run: RunContext,
    manifest: str,
) -> None:
    """Staged deliveries to final data files: known? which language? who is named or quoted?"""
    identified = pipeline | "Staged" >> beam.Create(staged) | "Identify" >> IdentifyOutlets(context)
    picked = identified.decided | "Pick" >> PickArticles()
    taken_up = picked | "TakeUpTags" >> TakeUpTags(run.tags)
    tagged = taken_up.main | "Tag" >> TagTexts(run.entities)
    # Staged before they are flattened: a Flatten would hold every text in memory.
    staged_rows = (
        tagged | "TaggedRows" >> TaggedRows() | "StageTagged" >> StageRows(run.staging("rows")),
        taken_up.tagged | "TakenUp" >> TaggedRows() | "StageOld" >> StageRows(run.staging("rows")),
        identified.rows | "StageRows" >> StageRows(run.staging("rows")),
    )
    files = staged_rows | beam.Flatten() | "Write" >> WritePartitions(run.staging())
    _ = {
        "files": files,
        "state": identified.state,
        "counts": identified.counts,
    } | "Manifest" >> WriteManifest(manifest)


def link(
    pipeline: beam.Pipeline, tasks: Sequence[LinkTask], run: RunContext, manifest: str
) -> None:
    """New versions against each other and the window around: who has whose text?"""
    claim = Claim(run.run_id, run.seen_at)
    files = (
        pipeline
        | "Copies" >> LinkCopies(tasks, str(run.lake.signatures), WINDOW, claim)
        | "StageLinks" >> StageRows(run.staging("rows"))
        | "Write" >> WritePartitions(run.staging())
    )
    _ = {"files": files} | "Manifest" >> WriteManifest(manifest)


def tell(pipeline: beam.Pipeline, plan: StoryPlan, run: RunContext, manifest: str) -> None:
    """New articles among the stories of the days around: what reports one event?"""
    telling = Telling(run.sequence, run.run_id, run.seen_at)
    profiles = str(run.lake.profiles)
    profiled = (
        pipeline | "Files" >> beam.Create(plan.bind.files) | "Profiles" >> ProfileArticles(profiles)
    )
    told = profiled | "Stories" >> TellStories(plan.tasks, profiles, telling)
    bound = told.told | "Languages" >> BindStories(plan.bind, profiles, telling)
    files = (
        (told.rows, bound)
        | beam.Flatten()
        | "StageStories" >> StageRows(run.staging("rows"))
        | "Write" >> WritePartitions(run.staging())
    )
    _ = {"files": files} | "Manifest" >> WriteManifest(manifest)


def stream(
    pipeline: beam.Pipeline, sources: Mapping[str, beam.PTransform], options: StreamOptions
) -> None:
    """Arrivals without end to commits, one for each fixed window of arrival (docs/stream.md)."""
    lake = named(options.lake)
    found = {name: pipeline | name >> source for name, source in sources.items()}
    arrivals = [one["main"] for one in found.values()] | "Arrivals" >> beam.Flatten()
    # From one place to all workers.
    received = arrivals | "Spread" >> beam.Reshuffle() | "Receive" >> ReceiveArrivals()
    tags = (
        received.texts
        | "Recognize" >> RecognizeTexts(lake, options.window)
        | "Tag" >> TagTexts(options.entities)
        | "PackTags" >> beam.Map(lambda tagged: pack([tagged])).with_output_types(bytes)
    )
    # Messages come when they come: only who looks around gives signs of life.
    signs = {name: one["signs"] for name, one in found.items() if name != MESSAGES}
    commit = CommitWindows(lake, options.window, options.entities, options.stories, tuple(signs))
    _ = (received.main, tags, *signs.values()) | "Window" >> beam.Flatten() | "Commit" >> commit
