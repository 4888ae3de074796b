"""Identity as DESIGN.md §4 tells it, a second time: plain Python over what was sent, no more.

Nothing of the code under test is used, not even its hashes: an id is BLAKE2b over parts with their
lengths, so that a change of how ids are made is seen here too. What is left out: what polled feeds
add to the rules (docs/decisions/0010), tombstones, words that look like signals, texts in need of
cleaning; `Sent` holds folded texts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

DAWN = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
KINDS = ("uri", "guid", "url", "content")
Key = tuple[str, str]  # kind, hash


def digest(*parts: str) -> str:
    """An id over parts."""
    sized = b"".join(len(p.encode()).to_bytes(8, "big") + p.encode() for p in parts)
    return hashlib.blake2b(sized, digest_size=16).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One delivery as its sender means it; `raw` is how it was written, `message` its kind."""

    source: str
    outlet: str
    uri: str | None = None
    guid: str | None = None
    url: str | None = None
    headline: str = ""
    synopsis: str = ""
    body: str = ""
    published: dt.datetime | None = None
    created: dt.datetime | None = None
    version: str | None = None
    pubstatus: str = "usable"
    signals: tuple[str, ...] = ()
    embargoed: dt.datetime | None = None
    message: str | None = None
    raw: bytes = b""

    @property
    def text(self) -> str:
        return self.body or self.synopsis

    @property
    def content(self) -> str:
        return digest(self.headline, self.text)

    @property
    def control(self) -> str:
        embargoed = self.embargoed.isoformat() if self.embargoed else ""
        return digest("control", self.pubstatus, *self.signals, embargoed, self.version or "")

    @property
    def stated(self) -> dt.datetime | None:
        return self.created or self.published

    @property
    def name(self) -> str:
        return self.uri or self.guid or self.url or ""

    @property
    def keys(self) -> list[Key]:
        date = self.published.isoformat() if self.published else ""
        values = (self.uri, self.guid, self.url, f"{self.content}\n{date}")
        pairs = zip(KINDS, values, strict=True)
        return [(kind, digest("key", self.outlet, kind, value)) for kind, value in pairs if value]


def is_truncation(short: Sent, full: Sent) -> bool:
    """A summary, a cut that shows itself, whole sentences from the start, or no text at all."""
    words, others = short.text.removesuffix(" ...").split(), full.text.removesuffix(" ...").split()
    if short.headline != full.headline or len(words) >= len(others):
        return False
    is_start = len(words) >= 4 and others[: len(words)] == words
    shows_it = short.text.endswith((".", "..."))
    return not words or short.text == full.synopsis or (is_start and shows_it)


@dataclass(eq=False)
class Version:
    """A state of an article; `sent` is the delivery that became its row."""

    id: str
    sent: Sent
    claims: list[dt.datetime] = field(default_factory=list)
    last_run: int = 0

    def order(self) -> tuple[object, ...]:
        """What was stated, then what was seen last; never arrival within a run."""
        stated = max([t for t in (self.sent.stated, *self.claims) if t], default=DAWN)
        published = max([t for t in (self.sent.published, *self.claims) if t], default=DAWN)
        number = int(self.sent.version or -1)
        return (stated, published, number, self.last_run, len(self.sent.body.split()), self.id)


@dataclass(eq=False)
class Article:
    """All that shares its keys, within an outlet; of two that turn out to be one, the older."""

    id: str
    founded: tuple[int, dt.date]
    versions: list[Version] = field(default_factory=list)


class Desk:
    """What was seen so far, run after run."""

    def __init__(self) -> None:
        self.runs = 0
        self.articles: dict[Key, Article] = {}
        self.aliases: dict[str, str] = {}
        self.distrusted: set[tuple[str, Key]] = set()
        self.messages: list[tuple[Article, Sent, int]] = []
        self.sightings: Counter[tuple[str, str, int]] = Counter()

    def run(self, deliveries: Iterable[Sent], today: dt.date) -> Counter[str]:
        """Take in a run's deliveries; items by outcome."""
        self.runs += 1
        days: dict[dt.date, list[Sent]] = defaultdict(list)
        for sent in deliveries:
            days[sent.published.date() if sent.published else today].append(sent)
        self._distrust([sent for sents in days.values() for sent in sents])
        outcomes: Counter[str] = Counter()
        for day in sorted(days):
            for group in self._groups(days[day]):
                outcomes.update(self._identify(group, day))
        return outcomes

    def _distrust(self, deliveries: list[Sent]) -> None:
        """§4.2: a key with different texts, and different addresses (or guids), in one source."""
        uses: dict[tuple[str, Key], list[tuple[str, str | None]]] = defaultdict(list)
        for sent in deliveries:
            for key in sent.keys:
                witness = sent.guid if key[0] == "url" else sent.url
                if not sent.message and key[0] != "content":
                    uses[sent.source, key].append((sent.content, witness))
        for use, pairs in uses.items():
            texts, witnesses = {text for text, _ in pairs}, {w for _, w in pairs if w}
            if len(texts) > 1 and len(witnesses) > 1:
                self.distrusted.add(use)

    def _trusted(self, sent: Sent) -> list[Key]:
        kept = [key for key in sent.keys if (sent.source, key) not in self.distrusted]
        return [key for key in kept if key[0] != "content"] or kept

    def _groups(self, deliveries: list[Sent]) -> list[list[Sent]]:
        """Deliveries of a day that share a key, or an article that a key leads to."""
        groups: list[tuple[set[object], list[Sent]]] = []
        for sent in deliveries:
            ties: set[object] = {self.articles.get(key, key) for key in self._trusted(sent)}
            joined = [group for group in groups if group[0] & ties]
            groups = [group for group in groups if not group[0] & ties]
            sents = [one for _, others in joined for one in others]
            groups.append((ties.union(*(tied for tied, _ in joined)), [*sents, sent]))
        return [sents for _, sents in groups]

    def _identify(self, group: list[Sent], day: dt.date) -> Iterator[str]:
        article = self._article(group, day)
        for sent in group:
            if sent.message:
                self.messages.append((article, sent, self.runs))
                yield "control"
        texts = [sent for sent in group if not sent.message]
        was_known = bool(article.versions)
        # The fullest first, then the order that they state; equal ones by their bytes.
        for sent in sorted(texts, key=lambda s: (-_words(s), s.stated or DAWN, _sha256(s))):
            version = self._version(article, sent)
            is_new = version is None
            if version is None:
                id = digest("version", article.id, sent.content, sent.control)
                version = Version(id, sent)
                article.versions.append(version)
            version.claims += [sent.published] if sent.published else []
            version.last_run = self.runs
            self.sightings[version.id, sent.source, self.runs] += 1
            yield "duplicate" if not is_new else "revised" if was_known else "new"
            was_known = was_known or is_new

    def _article(self, group: list[Sent], day: dt.date) -> Article:
        """The oldest that a key leads to; what else one leads to becomes an alias of it."""
        keys = {key for sent in group for key in self._trusted(sent)}
        led = {self.articles[key] for key in keys if key in self.articles}
        if not led:
            kind, hash_ = min(keys, key=lambda key: (KINDS.index(key[0]), key[1]))
            id = digest("article", group[0].outlet, kind, hash_)
            led = {Article(id, (self.runs, day))}
        oldest, *newer = sorted(led, key=lambda article: (article.founded, article.id))
        for other in newer:
            self.aliases[other.id] = oldest.id
            oldest.versions += other.versions
            self.messages = [(oldest if a is other else a, m, n) for a, m, n in self.messages]
            self.articles = {k: oldest if a is other else a for k, a in self.articles.items()}
        self.articles.update(dict.fromkeys(keys, oldest))
        return oldest

    def _version(self, article: Article, sent: Sent) -> Version | None:
        """§4.3: the same content and control, or the fullest version that this is a cut of."""
        alike = [v for v in article.versions if v.sent.control == sent.control]
        same = [v for v in alike if v.sent.content == sent.content]
        if same:  # of articles that were joined, each may have one
            return min(same, key=lambda v: v.id)
        cut = [v for v in alike if is_truncation(sent, v.sent)]
        return max(cut, key=lambda v: (_words(v.sent), v.id), default=None)

    def standing(self) -> list[Article]:
        """Articles that have a version, each once."""
        return list({article.id: article for article in self.articles.values()}.values())

    def _said(self, article: Article, kind: str) -> list[dt.datetime | None]:
        """When messages of a kind about an article say that they were sent, None if they do not.

        One about a URI that its outlet minted reaches whoever has it (docs/control.md).
        """
        rows = [version.sent for version in article.versions]
        names = {name for row in rows for name in (row.uri, row.guid) if name and ":" in name}
        said = [
            m
            for a, m, _ in self.messages
            if a is article or (m.name in names and m.outlet in m.name)
        ]
        said += [row for row in rows if kind == "release" and "release" in row.signals]
        return [
            m.embargoed if m.message == "embargo" else m.stated
            for m in said
            if (m.message or "release") == kind
        ]

    def pubstatus(self, article: Article, version: Version) -> str:
        """A kill holds for ever; of withhold and release the newest word, at once: withheld."""
        canceled = any(v.sent.pubstatus == "canceled" for v in article.versions)
        if canceled or self._said(article, "kill"):
            return "canceled"
        own = [version.sent.stated] if version.sent.pubstatus == "withheld" else []
        withheld = [at or DAWN for at in (*self._said(article, "withhold"), *own)]
        released = [at or DAWN for at in self._said(article, "release")]
        return "withheld" if withheld and max(withheld) >= max([DAWN, *released]) else "usable"

    def embargo(self, article: Article, version: Version) -> dt.datetime | None:
        """Until when; a release ends what was stated before it, one without a time all of it."""
        told = [at for at in self._said(article, "embargo") if at]
        until = max(told) if told else version.sent.embargoed
        since = DAWN if told else version.sent.stated or DAWN
        released = self._said(article, "release")
        if until is None or None in released:
            return None
        return min([until, *(at for at in released if at and at >= since)])


def _words(sent: Sent) -> int:
    return len(sent.text.removesuffix(" ...").split())


def _sha256(sent: Sent) -> str:
    return hashlib.sha256(sent.raw).hexdigest()
