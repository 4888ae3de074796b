"""The estimate in docs/dataflow.md: prices as Beam has them, products and sums that are right."""

from __future__ import annotations

import re
from pathlib import Path

from apache_beam.testing.load_tests import dataflow_cost_consts as beam

TEXT = (Path(__file__).parents[2] / "docs" / "dataflow.md").read_text("utf-8")
PRICES = {
    "vCPU hours": beam.VCPU_PER_HR_STREAMING,
    "GB hours of memory": beam.MEM_PER_GB_HR_STREAMING,
    "GB hours of disk": beam.PD_PER_GB_HR,
    "GB through Streaming Engine": beam.SHUFFLE_PER_GB_STREAMING,
}


def test_the_prices_are_beams_and_the_sums_are_right() -> None:
    """A new Beam with other prices, or a changed quantity, asks for a new table."""
    rows = re.findall(
        r"^\| ([^,|]+)[^|]*\| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|$", TEXT, re.MULTILINE
    )
    assert {name.strip(): float(price) for name, _, price, _ in rows} == PRICES
    costs = [int(amount.replace(",", "")) * float(price) for _, amount, price, _ in rows]
    assert [f"{cost:.2f}" for cost in costs] == [said for *_, said in rows]
    (total,) = re.findall(r"\*\*Dataflow\*\* \| \| \| \*\*([\d.]+)\*\*", TEXT)
    assert f"{sum(costs):.2f}" == total
    (month,) = re.findall(r"That is (\d+) dollars in 30 days", TEXT)
    assert f"{30 * sum(costs):.0f}" == month
