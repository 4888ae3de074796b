"""Deliveries of all kinds, in any order, from many sources: a lake says what the model says.

The model is DESIGN.md §4 told a second time (`model.py`); the roads are the code under test
(`roads.py`). WIRETRACE_PROPERTY_EXAMPLES sets how many histories are tried, at random instead of
the same ones each time; `make test` tries few.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import random
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from tests.properties.model import Desk, Sent
from tests.properties.roads import Road, Standing, Steps, Whole

SOURCES = ("a.jsonl", "b.jsonl", "c.jsonl")
OUTLETS = ("herald.example", "courier.example")
HEADLINES = ("harbour opens", "bridge closes")
# Of each subject a standfirst, and sentences; no two stretches of a text have equally many words.
SUBJECTS = (
    ("ferries sail", "one two three four five.", "six seven eight nine ten eleven.", "twelve end."),
    ("no cars today", "alpha beta gamma delta epsilon zeta eta.", "theta iota kappa.", "last one."),
)
DAWN = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
MOMENTS = [DAWN + dt.timedelta(days=day, hours=hour) for day in range(3) for hour in (0, 12)]
EXAMPLES = os.environ.get("WIRETRACE_PROPERTY_EXAMPLES")


def text(subject: int, sentences: int, *, cut: bool = False) -> str:
    """The first sentences of a subject, and where it is cut the beginning of the next."""
    _, *parts = SUBJECTS[subject]
    more = f" {' '.join(parts[sentences].split()[:2])} ..." if cut else ""
    return " ".join(parts[:sentences]) + more


maybe = st.booleans()
texts = st.one_of(
    st.builds(
        lambda subject, sentences: {
            "synopsis": SUBJECTS[subject][0], "body": text(subject, sentences)
        },
        st.integers(0, 1), st.integers(1, 3),
    ),
    st.builds(
        lambda subject, sentences: {"synopsis": "", "body": text(subject, sentences, cut=True)},
        st.integers(0, 1), st.integers(1, 2),
    ),
    st.builds(lambda subject: {"synopsis": SUBJECTS[subject][0], "body": ""}, st.integers(0, 1)),
    st.just({"synopsis": "", "body": ""}),
)  # fmt: skip
names = st.fixed_dictionaries(
    {
        "uri": st.sampled_from([None, None, "urn:newsml:herald.example:20240501:1", "urn:wire:2"]),
        "guid": st.sampled_from(["1", "2", "3", None]),
        "url": st.sampled_from(["https://news.example/1", "https://news.example/2", None]),
    }
)
sources, outlets = st.sampled_from(SOURCES), st.sampled_from(OUTLETS)
moments = st.sampled_from([None, *MOMENTS])
times = st.builds(
    lambda published, hours: {
        "published": published,
        "created": published + dt.timedelta(hours=hours) if published and hours else None,
    },
    moments, st.sampled_from([None, 3, 6]),
)  # fmt: skip
versions = st.sampled_from([None, None, "1", "2", "10"])
articles = st.builds(
    lambda source, outlet, headline, version, names, text, times: Sent(
        source=source, outlet=outlet, headline=headline, version=version,
        **names, **text, **times,
    ),
    sources, outlets, st.sampled_from(HEADLINES), versions, names, texts, times,
)  # fmt: skip
MESSAGES = {
    "release": {"signals": ("release",)},
    "withhold": {"pubstatus": "withheld"},
    "embargo": {"signals": ("embargo",)},
    "correction": {"signals": ("correction",)},
    "kill": {"pubstatus": "canceled"},
}


# Signals that say the status too, which is then not stated.
STATUS_OF = {"kill": "canceled", "withhold": "withheld"}


def written(sent: Sent, *, loud: bool, tracked: bool) -> bytes:
    """A delivery as a line; capitals, spaces, ligatures and tracking change nothing that it is."""

    def as_written(words: str) -> str | None:
        return (words.upper().replace(" ", " \t ").replace("...", "…") if loud else words) or None

    def at(moment: dt.datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    record = {
        "outlet": sent.outlet, "uri": sent.uri, "guid": sent.guid, "version": sent.version,
        "url": f"{sent.url}?utm_source=x#top" if sent.url and tracked else sent.url,
        "headline": as_written(sent.headline), "description_text": as_written(sent.synopsis),
        "body_text": as_written(sent.body), "published": at(sent.published),
        "versioncreated": at(sent.created), "embargoed": at(sent.embargoed),
        "pubstatus": None if STATUS_OF.keys() & set(sent.signals) else sent.pubstatus,
        "signals": list(sent.signals),
    }  # fmt: skip
    return json.dumps({key: value for key, value in record.items() if value}).encode()


class Identity(RuleBasedStateMachine):
    """Deliveries wait until a run takes them in; then lake and model are held together."""

    road: Road
    make_road: ClassVar[type[Steps] | type[Whole]] = Steps
    known = Bundle("known")

    @initialize(target=known, articles=st.lists(articles, min_size=3, max_size=8))
    def open(self, articles: list[Sent]) -> Any:
        self.folder = tempfile.TemporaryDirectory(prefix="identity-")
        self.road = self.make_road(Path(self.folder.name))
        self.desk = Desk()
        self.agree = True
        self.waiting: list[Sent] = []
        self.junk: list[tuple[str, bytes]] = []
        return self.create_all(articles)

    def create_all(self, articles: list[Sent]) -> Any:
        return multiple(*map(self.send, articles))

    def send(self, sent: Sent, *, loud: bool = False, tracked: bool = False) -> Sent:
        raw = written(sent, loud=loud, tracked=tracked)
        self.waiting.append(dataclasses.replace(sent, raw=raw))
        return sent

    @rule(target=known, articles=st.lists(articles, min_size=1, max_size=4))
    def create(self, articles: list[Sent]) -> Any:
        """Articles, or other ones by the same names."""
        return self.create_all(articles)

    @rule(of=known, source=sources, loud=maybe, tracked=maybe)
    def resend(self, of: Sent, source: str, loud: bool, tracked: bool) -> None:
        """The same again, perhaps elsewhere, perhaps written otherwise."""
        self.send(dataclasses.replace(of, source=source), loud=loud, tracked=tracked)

    @rule(target=known, of=known, source=sources, text=texts, times=times, version=versions)
    def revise(self, of: Sent, source: str, text: Any, times: Any, version: str | None) -> Sent:
        """Another text under the same names: an update, a cut, a full text after its summary."""
        fields = {**text, **times}
        return self.send(dataclasses.replace(of, source=source, version=version, **fields))

    @rule(target=known, of=known, source=sources, names=names)
    def rename(self, of: Sent, source: str, names: Any) -> Sent:
        """The same text under other names: it may join two articles, or be a third."""
        return self.send(dataclasses.replace(of, source=source, **names))

    @rule(of=known, source=sources, times=times)
    def redate(self, of: Sent, source: str, times: Any) -> None:
        """The same again, said to be of another day: what a sighting claims counts."""
        self.send(dataclasses.replace(of, source=source, **times))

    @rule(target=known, of=known, source=sources, version=versions)
    def renumber(self, of: Sent, source: str, version: str | None) -> Sent:
        """The same again as another version, with nothing but its number to say which is newer."""
        return self.send(dataclasses.replace(of, source=source, version=version))

    @rule(target=known, of=known, number=st.sampled_from(["7", "8"]), text=texts)
    def reuse(self, of: Sent, number: str, text: Any) -> Sent:
        """One source gives a name to two texts under two addresses: it is trusted no more."""
        self.send(of)
        return self.send(
            dataclasses.replace(of, url=f"https://news.example/{number}", headline="other", **text)
        )

    @rule(
        target=known, of=known, source=sources, times=times, embargoed=moments,
        signals=st.sampled_from([(), ("correction",), ("release",), ("withhold",), ("kill",)]),
        pubstatus=st.sampled_from(["usable", "usable", "withheld", "withheld", "canceled"]),
    )  # fmt: skip
    def restate(
        self, of: Sent, source: str, times: Any, embargoed: dt.datetime | None,
        signals: tuple[str, ...], pubstatus: str,
    ) -> Sent:  # fmt: skip
        """The same text with another standing: corrected, released, withheld, killed, embargoed."""
        pubstatus = next((STATUS_OF[one] for one in signals if one in STATUS_OF), pubstatus)
        fields = {"embargoed": embargoed, "signals": signals, "pubstatus": pubstatus, **times}
        return self.send(dataclasses.replace(of, source=source, **fields))

    @rule(
        outlet=outlets, names=names, source=sources, times=times, embargoed=moments,
        kind=st.sampled_from(list(MESSAGES)),
    )  # fmt: skip
    def tell(
        self, outlet: str, names: Any, source: str, times: Any, embargoed: dt.datetime | None,
        kind: str,
    ) -> None:  # fmt: skip
        """A message about what these names lead to, known or not."""
        names = names if any(names.values()) else {"guid": "1"}
        until = embargoed if kind == "embargo" else None
        fields: dict[str, Any] = {**MESSAGES[kind], **times, **names, "embargoed": until}
        self.send(Sent(source=source, outlet=outlet, message=kind, **fields))

    @rule(source=sources, line=st.sampled_from([b"{", b"{}", b'"text"', b'{"guid": "1"}']))
    def spoil(self, source: str, line: bytes) -> None:
        """Something that is no delivery."""
        self.junk.append((source, line))

    @rule(shuffled=st.randoms(use_true_random=False), chunk=st.sampled_from([1, 3, 5_000]))
    def run(self, shuffled: Any, chunk: int) -> None:
        """Take in what waits, in any order, a little or much of it at once."""
        if self.waiting or self.junk:
            self.take_in(shuffled, chunk)

    def take_in(self, shuffled: Any, chunk: int) -> None:
        lines = [(sent.source, sent.raw) for sent in self.waiting] + self.junk
        shuffled.shuffle(lines)
        files: dict[str, list[bytes]] = defaultdict(list)
        for source, line in lines:
            # A file of a single line that is no object is no JSONL.
            files.setdefault(source, [b'{"spoiled": 1}']).append(line)
        dropped = {source: b"\n".join(lines) + b"\n" for source, lines in sorted(files.items())}
        outcomes = self.desk.run(self.waiting, self.road.today())
        outcomes["rejected"] += len(self.junk) + len(files)
        outcomes["seen"] = outcomes.total()
        for outcome in outcomes:
            event(outcome)
        self.waiting, self.junk = [], []
        self.agree = False
        assert self.road.run(dropped, chunk) == outcomes
        assert self.road.standing() == standing(self.desk)
        self.agree = True

    def teardown(self) -> None:
        """What waits still is taken in, unless a run has already shown a difference."""
        if hasattr(self, "folder"):
            with self.folder:
                if self.agree:
                    self.take_in(random.Random(0), chunk=3)


def standing(desk: Desk) -> Standing:
    """What the model says, as the roads say it."""
    articles = desk.standing()
    found = {}
    for article in articles:
        newest = max(article.versions, key=lambda version: version.order(), default=None)
        for version in article.versions:
            found[version.id] = (
                article.id,
                version is newest,
                desk.pubstatus(article, version),
                desk.embargo(article, version),
            )
    messages = Counter(
        (article.id, sent.message, sent.embargoed if sent.message == "embargo" else sent.stated)
        for article, sent, _ in desk.messages
    )
    aliases = {}
    for alias in desk.aliases:
        end = alias
        while end in desk.aliases:
            end = desk.aliases[end]
        aliases[alias] = end
    return Standing(found, desk.sightings, messages, aliases)


class WholeRuns(Identity):
    """The same through `wiretrace run`."""

    make_road = Whole


_COMMON = settings(
    deadline=None,
    derandomize=EXAMPLES is None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestIdentity = Identity.TestCase
TestIdentity.settings = settings(_COMMON, max_examples=int(EXAMPLES or 30), stateful_step_count=25)
TestWholeRuns = WholeRuns.TestCase
TestWholeRuns.settings = settings(
    _COMMON, max_examples=int(EXAMPLES or 30) // 15, stateful_step_count=8
)
