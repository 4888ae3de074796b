"""`docs/configuration.md`, `exit_codes.md` and `metrics.md`, from the code that they are about."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from pipeline.cli.exit_codes import EXIT_CODES
from pipeline.metric_names import COUNTERS, PREFIX, STREAM, WATCH
from schemas.run import OUTCOMES
from transforms.feeds import feed_list
from transforms.feeds.feed_list import Feed, Polling

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = Path(__file__).with_name("environment.toml")
PACKAGES = ("schemas", "transforms", "lake", "tracing", "pipeline")
_CONFIGURATION = """\
# Configuration

<!-- Written by `make docs` from transforms/feeds/feed_list.py and docs/environment.toml.
     Do not edit: `make lint` compares. -->

What a command does is said by its options ([cli.md](cli.md)). What it remembers is in the lake. Two
more places are read: the list of feeds, and the environment.

## The list of feeds

`LAKE/feeds.toml`, or the file that `--feeds` names ([feeds.md](feeds.md)). An unknown key is an
error.
"""
_EXIT_CODES = """\
# Exit codes

<!-- Written by `make docs` from pipeline/cli/exit_codes.py. Do not edit: `make lint` compares. -->

What a scheduler should make of them: [scheduling.md](scheduling.md). Every other code is that of a
signal.
"""
_METRICS = """\
# Metrics

<!-- Written by `make docs` from pipeline/metric_names.py. Do not edit: `make lint` compares. -->

`wiretrace watch --metrics FILE.prom` and `wiretrace stream --metrics FILE.prom` write them for the
textfile collector of Prometheus' node_exporter, `watch` after each round. Times are seconds since
1970, 0 for never. `deploy/grafana/dashboard.json` shows them, `deploy/prometheus/alerts.yaml` says
when to call somebody ([monitoring.md](monitoring.md)).
"""


def write_configuration_page() -> str:
    """The keys of a list of feeds with their defaults, and the environment."""
    example = inspect.cleandoc(feed_list.__doc__ or "").split("\n\n")
    block = "\n\n".join(one for one in example if one.startswith("    "))
    return "\n".join(
        [
            _CONFIGURATION,
            "```toml",
            inspect.cleandoc(block),
            "```",
            "",
            "| key | default |",
            "|---|---|",
            *(_describe_key("polling", one) for one in fields(Polling)),
            *(_describe_key("feed", one) for one in fields(Feed)),
            "",
            "## The environment",
            "",
            "| variable | |",
            "|---|---|",
            *(f"| `{name}` | {row['doc']} |" for name, row in read_environment().items()),
            "",
            "Object stores are asked with the credentials that their own tools use "
            "([object-stores.md](object-stores.md)).",
            "",
        ]
    )


def read_environment() -> dict[str, dict[str, str]]:
    """Variables by name, with their sentence."""
    return tomllib.loads(ENVIRONMENT.read_text("utf-8"))


def _describe_key(table: str, one: Any) -> str:
    if one.default is MISSING:
        default = "needed"
    else:
        default = "none" if one.default in (None, ()) else f"`{one.default}`"
    return f"| `{table}.{one.name}` | {default} |"


def write_exit_codes_page() -> str:
    """Each code with its meaning, and which errors leave with it."""
    raised = defaultdict(list)
    for code, name, sentence in sorted(find_coded_errors()):
        raised[code].append(f"| {code} | `{name}` | {sentence} |")
    return "\n".join(
        [
            _EXIT_CODES,
            "| code | meaning |",
            "|--:|---|",
            *(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()),
            "",
            "## Errors that have a code of their own",
            "",
            "| code | error | when |",
            "|--:|---|---|",
            *(row for code in EXIT_CODES for row in raised[code]),
            "",
        ]
    )


def find_coded_errors() -> Iterator[tuple[int, str, str]]:
    """(code, class, first sentence) of every class with an `exit_code`; nothing is imported."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    for code in _codes_of(node):
                        doc = (ast.get_docstring(node) or "").split("\n\n")[0]
                        yield code, node.name, " ".join(doc.split()).replace("|", "\\|")


def _codes_of(node: ast.ClassDef) -> Iterator[int]:
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
            names = [one.id for one in line.targets if isinstance(one, ast.Name)]
            if names == ["exit_code"] and isinstance(line.value.value, int):
                yield line.value.value


def write_metrics_page() -> str:
    """Every metric by who writes it."""
    return "\n".join(
        [
            _METRICS,
            *_table("Of a watch", WATCH),
            *_table("Of a stream", STREAM),
            *_table("Counters, of the lake's ledger over all runs", COUNTERS),
            f"`wiretrace_items_total` has the label `outcome`: {', '.join(OUTCOMES)}. Counters go "
            "on over restarts, and count what other commands ran.",
            "",
        ]
    )


def _table(title: str, listed: dict[str, str]) -> Iterator[str]:
    yield from (f"## {title}", "", "| metric | |", "|---|---|")
    yield from (f"| `{PREFIX}{name}` | {sentence} |" for name, sentence in listed.items())
    yield ""
