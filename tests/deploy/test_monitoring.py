"""Dashboard and alert rules: whole expressions, over metrics that the code exports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from pipeline.metric_names import COUNTERS, PREFIX, STREAM, WATCH
from schemas.run import OUTCOMES

ROOT = Path(__file__).resolve().parents[2]
EXPORTED = {f"{PREFIX}{name}" for name in (*WATCH, *STREAM, *COUNTERS)}
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text("utf-8"))
GROUPS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text("utf-8"))["groups"]
RULES: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
ASKED = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = [*ASKED, *(rule["expr"] for rule in RULES)]
# Which counters only grow; of everything else a rate would be nonsense.
_GROWS = {f"{PREFIX}{name}" for name in COUNTERS}


def selectors(node: Any) -> Iterator[Any]:
    """Every selector of a parsed expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        inner = getattr(node, name, None)
        if isinstance(inner, promql_parser.Expr):
            yield from selectors(inner)
    for argument in getattr(node, "args", None) or ():
        yield from selectors(argument)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_is_promql_over_our_metrics(expression: str) -> None:
    """It parses, and asks for nothing that no file of ours holds."""
    found = list(selectors(promql_parser.parse(expression)))
    names = {one.name for one in found}
    assert names
    assert names == set(re.findall(rf"{PREFIX}\w+", expression))
    assert names <= EXPORTED
    for one in found:
        outcomes = [match.value for match in one.matchers.matchers if match.name == "outcome"]
        assert set(outcomes) <= set(OUTCOMES)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_only_counters_are_said_to_increase(expression: str) -> None:
    """`increase` of a gauge would take every fall for a restart."""
    grown = re.findall(r"\b(?:increase|rate|irate)\((\w+)", expression)
    assert set(grown) <= _GROWS


def test_every_metric_is_shown() -> None:
    """A metric that nobody looks at is one too many."""
    assert set(re.findall(rf"{PREFIX}\w+", "\n".join(ASKED))) == EXPORTED


def test_panels_do_not_lie_over_each_other() -> None:
    """Each has its own place, within 24 columns, and its own number."""
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_every_alert_is_explained() -> None:
    """docs/monitoring.md has a row for each, and none that there is not."""
    page = (ROOT / "docs/monitoring.md").read_text("utf-8")
    named = re.findall(r"^\| `(Wiretrace\w+)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(rule["alert"] for rule in RULES)
    for rule in RULES:
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
