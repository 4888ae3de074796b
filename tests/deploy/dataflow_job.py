"""A pipeline as `DataflowRunner` would submit it: no network, no credentials, nothing staged.

`dry_run=True` ends the runner where it would begin to upload: by then it has checked side inputs
and key coders, replaced transforms by those of the service, written the pipeline as a proto and
validated that. The description of workers, which it adds while uploading, is added here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns, python_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.dataflow.dataflow_runner import DataflowRunner
from apache_beam.runners.dataflow.internal import apiclient

IMAGE = "europe-docker.pkg.dev/wiretrace/wiretrace/worker:test"
BUCKET = "gs://wiretrace-dry-run"
# https://cloud.google.com/dataflow/quotas: a job request of more than 10 MB is refused.
MAX_JOB_BYTES = 10_000_000
PUBSUB_READ = common_urns.composites.PUBSUB_READ.urn
_PAR_DO = common_urns.primitives.PAR_DO.urn


@dataclass(frozen=True)
class DataflowJob:
    """`description` is the job as the REST API takes it, `pipeline` the proto that is staged."""

    description: dict[str, Any]
    pipeline: beam_runner_api_pb2.Pipeline

    @property
    def urns(self) -> Counter[str]:
        """How many transforms there are of each kind."""
        return Counter(
            transform.spec.urn
            for transform in self.pipeline.components.transforms.values()
            if transform.spec.urn
        )

    @property
    def images(self) -> set[str]:
        """The containers that run our code."""
        return {
            beam_runner_api_pb2.DockerPayload.FromString(environment.payload).container_image
            for environment in self.pipeline.components.environments.values()
        }

    def pardos(self) -> list[beam_runner_api_pb2.ParDoPayload]:
        """What is said of each ParDo: its states, its timers."""
        return [
            _pardo(transform)
            for transform in self.pipeline.components.transforms.values()
            if transform.spec.urn == _PAR_DO
        ]

    def pickled_keys(self) -> list[str]:
        """What is grouped, or has state, by keys that are pickled: equal keys may then be two."""
        components = self.pipeline.components
        found = []
        for transform in components.transforms.values():
            if not _is_keyed(transform):
                continue
            source = components.pcollections[_main_input(transform)]
            key_coder, _ = components.coders[source.coder_id].component_coder_ids
            if components.coders[key_coder].spec.urn == python_urns.PICKLED_CODER:
                found.append(transform.unique_name)
        return found


def _is_keyed(transform: beam_runner_api_pb2.PTransform) -> bool:
    if transform.spec.urn == common_urns.primitives.GROUP_BY_KEY.urn:
        return True
    return transform.spec.urn == _PAR_DO and bool(_pardo(transform).state_specs)


def _main_input(transform: beam_runner_api_pb2.PTransform) -> str:
    sides = _pardo(transform).side_inputs if transform.spec.urn == _PAR_DO else {}
    (name,) = (name for tag, name in transform.inputs.items() if tag not in sides)
    return name


def _pardo(transform: beam_runner_api_pb2.PTransform) -> beam_runner_api_pb2.ParDoPayload:
    return beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)


def dry_run(build: Callable[[beam.Pipeline], object], **options: Any) -> DataflowJob:
    """The streaming job of the pipeline that `build` makes; `options` are Beam's.

    Raises whatever `DataflowRunner` has against it.
    """
    given = PipelineOptions(
        flags=[],
        **{
            "project": "wiretrace-dry-run",
            "region": "europe-west1",
            "job_name": "wiretrace",
            "temp_location": f"{BUCKET}/temp",
            "staging_location": f"{BUCKET}/staging",
            "sdk_container_image": IMAGE,
            "streaming": True,
            "save_main_session": False,
            "dry_run": True,
            **options,
        },
    )
    pipeline = beam.Pipeline(DataflowRunner(), options=given)
    build(pipeline)
    job = pipeline.run().job
    job.proto.environment = apiclient.Environment(
        packages=[],
        options=job.options,
        environment_version="0",
        proto_pipeline_staged_url=f"{BUCKET}/staging/pipeline.pb",
        proto_pipeline=job.proto_pipeline,
        pipeline_proto_hash="0",
    ).proto
    return DataflowJob(json.loads(job.json()), job.proto_pipeline)
