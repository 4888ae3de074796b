"""The Flex Template: what describes it is what Dataflow knows, and its images hold what we pin.

No image is built here; there is no Docker on the machines that run these tests.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
import yaml
from apache_beam.options.pipeline_options import GoogleCloudOptions
from google.cloud.dataflow_v1beta3 import ParameterType, TemplateMetadata
from google.protobuf.json_format import ParseError

from pipeline.cli.stream import command
from pipeline.engines import make_options

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "dataflow"
METADATA = json.loads((FOLDER / "metadata.json").read_text("utf-8"))
PARAMETERS: dict[str, dict[str, Any]] = {p["name"]: p for p in METADATA["parameters"]}


def launcher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("launch", FOLDER / "launch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_metadata_is_what_dataflow_knows() -> None:
    """Google's own message takes it, and refuses every key that it does not have."""
    parsed = TemplateMetadata.from_json(json.dumps(METADATA))
    assert parsed.streaming
    assert parsed.supports_exactly_once
    assert not parsed.supports_at_least_once
    assert [parameter.name for parameter in parsed.parameters] == list(PARAMETERS)
    for parameter in parsed.parameters:
        # https://cloud.google.com/dataflow/docs/reference/rest/v1b3/TemplateMetadata: required.
        assert parameter.name
        assert parameter.label
        assert parameter.help_text
        assert parameter.param_type != ParameterType.DEFAULT


def test_a_key_that_dataflow_does_not_know_is_found() -> None:
    """The check above can fail."""
    with pytest.raises(ParseError, match="helptext"):
        TemplateMetadata.from_json(json.dumps({**METADATA, "helptext": "?"}))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "lake",
            ["gs://newsroom/lake", "gs://newsroom", "gs://news.example.org/a/b/"],
            ["/lake", "s3://newsroom/lake", "gs://newsroom/*", "gs://A/lake", "gs://n/a lake"],
        ),
        (
            "subscription",
            ["projects/newsroom/subscriptions/wires", "projects/e.org:n/subscriptions/a.b~c"],
            ["wires", "projects/newsroom/topics/wires", "projects/newsroom/subscriptions/ab"],
        ),
        ("feeds", ["gs://newsroom/feeds.toml", "gs://newsroom/a/b.opml"], ["feeds.toml", "gs://x"]),
        ("window", ["1", "60", "86400"], ["0", "-1", "1.5", "1m", "1000000"]),
        ("entities", ["fast", "best"], ["", "fastest"]),
    ],
)
def test_a_parameter_takes_what_it_should_and_nothing_else(
    name: str, good: list[str], bad: list[str]
) -> None:
    """A wrong one is refused in the console, before a machine is started."""
    (pattern,) = PARAMETERS[name]["regexes"]
    assert [value for value in good if not re.search(pattern, value)] == []
    assert [value for value in bad if re.search(pattern, value)] == []


def test_every_parameter_has_such_a_list() -> None:
    """None is left out of the table above."""
    (mark,) = test_a_parameter_takes_what_it_should_and_nothing_else.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in mark.args[1]} == set(PARAMETERS)


def test_a_default_and_an_enum_are_values_that_the_parameter_takes() -> None:
    """What the console fills in must not be refused by it."""
    for parameter in PARAMETERS.values():
        values = [option["value"] for option in parameter.get("enumOptions", ())]
        if "defaultValue" in parameter:
            assert parameter["isOptional"]
            values.append(parameter["defaultValue"])
        for value in values:
            assert re.search(parameter["regexes"][0], value)


def test_every_parameter_is_an_option_of_stream() -> None:
    """What Dataflow passes is understood, and Beam's flags reach Beam, also one that is a list."""
    assert set(PARAMETERS) <= {
        option.removeprefix("--") for parameter in command.params for option in parameter.opts
    }
    given = [
        "--lake=gs://newsroom/lake",
        "--window=60",
        "--runner=DataflowRunner",
        "--project=newsroom-1",
        "--dataflow_service_options=a=1",
        "--dataflow_service_options=b=2",
        "--enable_streaming_engine",
    ]
    words = launcher().to_command(given, {"runner", *PARAMETERS})
    taken, left, _ = command.make_parser(click.Context(command)).parse_args(words[1:])
    assert left == []
    assert (taken["window"], taken["runner"]) == ("60", "DataflowRunner")
    options = make_options(1, taken["runner"], taken["runner_options"], streaming=True)
    beams = options.view_as(GoogleCloudOptions)
    assert beams.project == "newsroom-1"
    assert beams.dataflow_service_options == ["a=1", "b=2"]
    assert beams.enable_streaming_engine


def test_the_launcher_parts_our_options_from_beams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameters and the runner are options of `stream`; the rest is its runner's, in order."""
    given = [
        "--runner=DataflowRunner",
        "--lake=gs://newsroom/lake",
        "--project=newsroom",
        "--subscription=projects/newsroom/subscriptions/wires",
        '--labels={"a": "--lake=x"}',
        "--lakes=no",
    ]
    expected = [
        "stream", given[0], given[1], "--runner-option", "project=newsroom", given[3],
        "--runner-option", 'labels={"a": "--lake=x"}', "--runner-option", "lakes=no",
    ]  # fmt: skip
    said: list[list[str]] = []
    monkeypatch.setattr("pipeline.cli.main", lambda: said.append(sys.argv[1:]))
    monkeypatch.setattr(sys, "argv", ["launch.py", *given])
    launcher().main()
    assert said == [expected]


def instructions(file: Path) -> list[list[str]]:
    """The instructions of a Dockerfile, as words."""
    text = file.read_text("utf-8").replace("\\\n", " ")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def pinned(lock: Path) -> dict[str, str]:
    """Versions by package."""
    found = re.findall(r"^([a-z0-9.-]+)==([^ \\;]+)", lock.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def test_the_workers_image_is_that_of_our_beam() -> None:
    """The SDK in the base image, the lock and pyproject.toml agree; every image has a fixed tag."""
    words = instructions(FOLDER / "Dockerfile")
    images = [line[1] for line in words if line[0] == "FROM"]
    images += [word[len("--from=") :] for line in words for word in line if "--from=" in word]
    assert (
        images[0]
        == f"apache/beam_python3.11_sdk:{pinned(ROOT / 'requirements.lock')['apache-beam']}"
    )
    assert images[1] == "worker"  # what makes the graph is what runs it
    assert [image for image in images if image.endswith(":latest")] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (bound,) = [d for d in project["dependencies"] if d.startswith("apache-beam")]
    (gcp,) = project["optional-dependencies"]["gcp"]
    assert gcp.replace("[gcp]", "") == bound


def test_whatever_is_copied_is_there_and_is_sent() -> None:
    """From the repository's root; `dist/` is what `make wheel` makes."""
    sent = [
        line[1:].strip("/")
        for line in (FOLDER / "gcloudignore").read_text().splitlines()
        if line.startswith("!")
    ]
    copies = [line for line in instructions(FOLDER / "Dockerfile") if line[0] == "COPY"]
    sources = [
        source for line in copies if not line[1].startswith("--from=") for source in line[1:-1]
    ]
    assert "dist/*.whl" in sources
    for source in sources:
        assert source.split("/")[0] in sent
        assert source == "dist/*.whl" or (ROOT / source).is_file(), source
    assert "--wheel-dir dist" in (ROOT / "Makefile").read_text("utf-8")


def test_the_images_have_the_versions_that_are_tested() -> None:
    """Their lock is a part of requirements.lock, with Google's libraries and without the tests'."""
    all_pins, theirs = pinned(ROOT / "requirements.lock"), pinned(ROOT / "deploy/requirements.lock")
    assert theirs.items() <= all_pins.items()
    assert {"google-cloud-pubsub", "google-cloud-storage", "apache-beam"} <= theirs.keys()
    assert {"pytest", "playwright", "ruff"} & theirs.keys() == set()


def test_cloud_build_builds_both_images_and_then_the_template() -> None:
    """Every image that is pushed was built, from targets that the Dockerfile has."""
    build = yaml.safe_load((FOLDER / "cloudbuild.yaml").read_text("utf-8"))
    stages = {line[3] for line in instructions(FOLDER / "Dockerfile") if line[0] == "FROM"}
    built: dict[str, str] = {}
    pushed = set()
    for step in build["steps"]:
        arguments = dict(a.lstrip("-").split("=", 1) for a in step["args"] if a.startswith("--"))
        if step["args"][0] == "build":
            assert (ROOT / arguments["file"]).is_file()
            assert arguments["target"] in stages
            built[arguments["tag"]] = arguments["target"]
        if step["args"][0] == "push":
            assert step["args"][1] in built
            pushed.add(step["args"][1])
        if "flex-template" in step["args"]:
            assert built[arguments["image"]] == "launcher"
            assert pushed == set(built)
            assert (ROOT / arguments["metadata-file"]).is_file()
    assert set(built.values()) == stages
    used = set(re.findall(r"\$\{(_\w+)\}", json.dumps(build["steps"])))
    assert used == set(build["substitutions"])
