"""`ReceiveArrivals`: the bytes of arrivals to deliveries and rejects, kept together by arrival.

The same functions read, parse and normalize as in a bounded run. Here they share one step, since
what came of one arrival must be committed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.reject import Reject
from transforms.arrival import Arrival, Received, pack
from transforms.delivery import Delivery
from transforms.normalize import normalize_parsed
from transforms.parse.child import ParserChild
from transforms.parse.containers import ParsedItem, to_parsed
from transforms.read.containers import read_batch

TEXTS = "texts"
# The run that commits them is not known yet; it puts its own name in.
NO_RUN = ""


def receive(arrivals: Sequence[Arrival], child: ParserChild) -> Iterator[Received]:
    """Read, parse and normalize; containers are parsed together, in one message to the child."""
    read = [read_batch((one.segment,), one.at, NO_RUN) for one in arrivals]
    containers = [container for found, _ in read for container in found]
    answers = iter(child.parse([container.bytes for container in containers]))
    for arrival, (found, unread) in zip(arrivals, read, strict=True):
        deliveries: list[Delivery] = []
        rejects: list[Reject] = list(unread)
        for container in found:
            for parsed in to_parsed(container, next(answers), arrival.at, NO_RUN):
                result = (
                    normalize_parsed(parsed, arrival.at, NO_RUN)
                    if isinstance(parsed, ParsedItem)
                    else parsed
                )
                if isinstance(result, Delivery):
                    deliveries.append(result)
                else:
                    rejects.append(result)
        counts = int(arrival.segment.counts)
        yield Received(arrival.mark, counts, tuple(deliveries), tuple(rejects), arrival.cut)


class _Receive(beam.DoFn):
    def __init__(self) -> None:
        self.child: ParserChild | None = None

    def setup(self) -> None:
        self.child = ParserChild()

    def teardown(self) -> None:
        if self.child is not None:
            self.child.close()
            self.child = None

    def process(self, arrivals: tuple[Arrival, ...]) -> Iterator[Any]:
        received = tuple(receive(arrivals, self.child or ParserChild()))
        yield pack(received)
        for one in received:
            for delivery in one.deliveries:
                if not delivery.control:
                    yield beam.pvalue.TaggedOutput(TEXTS, delivery)


@dataclass
class ReceiveArrivals(beam.PTransform):
    """Batches of arrivals to batches of `Received`, packed (`transforms.arrival.pack`).

    Gives a tuple with `main` and with `texts`: the `Delivery` of every article among them.
    """

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, arrivals: beam.PCollection) -> Any:
        """Receive each batch."""
        return arrivals | "ReceiveBatch" >> beam.ParDo(_Receive()).with_outputs(TEXTS, main="main")
