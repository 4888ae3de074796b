"""The labelled pairs and stories of ../shared as `Item`s, through the taggers that the product has.

Tagged items are kept under the temporary folder, by the digest of the taggers' files and of the
rows: `WIRETRACE_SHARED` says where the sets lie. Nothing of the texts goes into the repository.

A text of SemEval opens with its headline, often with nothing to tell where it ends: two spaces or a
line end do where they are, else a stop; where nothing does, the text has no headline.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import pickle
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from eval.shared import SHARED
from schemas.article import Article
from schemas.citation import CREDITING
from transforms.citations.cite import cite
from transforms.entities.tag import tag_article
from transforms.facts.state import state_facts
from transforms.language import with_language
from transforms.quotes.quote import quote
from transforms.stories.item import Item, Named, Quoted, Stated

ROOT = Path(__file__).resolve().parents[1]
# A day for those whose set states none; `published` stays empty, so nothing is told by it.
NO_DAY = dt.date(2020, 1, 1)
SAME_STORY = 2.0
_HEADLINE_END = re.compile(r" {2,}|\n|(?<=[.!?…。！？])\s")
_SHORTEST, _LONGEST = 20, 160
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items and whether they report one event; `overall` as in SemEval: 1 same … 4 unrelated.

    `translated`: whether one of the texts is a machine translation.
    """

    one: Item
    other: Item
    same: bool
    overall: float | None = None
    translated: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """Items with the name of the story that each belongs to, by article id."""

    items: tuple[Item, ...]
    story_of: Mapping[str, str]


def make_item(
    article_id: str,
    *,
    headline: str = "",
    description_text: str = "",
    body_text: str = "",
    language: str | None = None,
    outlet: str = "example.org",
    published: dt.datetime | None = None,
    url: str | None = None,
) -> Item:
    """An item tagged as the product tags; the language is found where none is given."""
    at = published.astimezone(dt.UTC) if published else None
    day = at.date() if at else NO_DAY
    article = Article(
        article_id=article_id,
        version_id=article_id,
        outlet=outlet,
        outlet_rule="option",
        headline=headline or None,
        description_text=description_text or None,
        body_text=body_text or None,
        language=language or "und",
        published=at,
        url=url,
        first_seen=dt.datetime.combine(day, dt.time(), dt.UTC),
        content_hash="",
        source_uri="",
        source_format="text",
        raw_sha256="",
        run_id="",
        date=day,
    )
    return item_of(article if language else with_language(article))


def item_of(article: Article) -> Item:
    """What the taggers find in an article, at level `fast`."""
    entities = tag_article(article).entities
    sources = {one.agency for one in cite(article, entities) if one.kind in CREDITING}
    return Item(
        article_id=article.article_id,
        version_id=article.version_id,
        language=article.language,
        outlet=article.outlet,
        day=article.date,
        published=article.published,
        headline=article.headline or "",
        description_text=article.description_text or "",
        body_text=article.body_text or "",
        url=article.url,
        entities=tuple(
            Named(one.entity_id, one.kind, one.surface, one.field, one.method) for one in entities
        ),
        facts=tuple(
            Stated(one.kind, one.value, one.unit, one.date_value, one.field)
            for one in state_facts(article)
        ),
        quotes=tuple(
            Quoted(one.text, one.speaker, one.speaker_entity_id, one.quote_key)
            for one in quote(article, entities)
        ),
        sources=tuple(sorted(sources)),
    )


def split_headline(text: str) -> tuple[str, str]:
    """Headline and body of a text that opens with its headline; no headline where none is told."""
    for sign in _HEADLINE_END.finditer(text, _SHORTEST, _LONGEST):
        return text[: sign.start()].strip(), text[sign.end() :].strip()
    return "", text.strip()


def semeval_pairs() -> list[Pair]:
    """SemEval-2022 task 8, within a language and across; the same story is overall ≤ 2."""
    return [
        Pair(
            _semeval_item(f"semeval-{number}-1", row["text1"], row["lang1"]),
            _semeval_item(f"semeval-{number}-2", row["text2"], row["lang2"]),
            same=row["overall"] <= SAME_STORY,
            overall=row["overall"],
            translated=any(row["translated"]),
        )
        for number, row in enumerate(_rows("pairs/semeval_pairs.jsonl"))
    ]


def semeval_within() -> list[Pair]:
    """Those of SemEval whose sides are of one language."""
    return [pair for pair in kept(semeval_pairs) if pair.one.language == pair.other.language]


def headline_pairs() -> list[Pair]:
    """The headlines alone, tagged anew, of pairs within a language whose sides both have one."""
    return [
        Pair(_headline(pair.one), _headline(pair.other), pair.same, pair.overall, pair.translated)
        for pair in [*semeval_within(), *kept(telegram_pairs)]
        if pair.one.headline and pair.other.headline
    ]


def _headline(item: Item) -> Item:
    return make_item(f"{item.article_id}-h", headline=item.headline, language=item.language)


def _semeval_item(name: str, text: str, language: str) -> Item:
    headline, body = split_headline(text)
    return make_item(name, headline=headline, body_text=body, language=language)


def telegram_pairs() -> list[Pair]:
    """Telegram's contest: Russian, some English."""
    return [
        Pair(
            _telegram_item(f"telegram-{number}-1", row, 1),
            _telegram_item(f"telegram-{number}-2", row, 2),
            same=row["same_story"],
        )
        for number, row in enumerate(_rows("pairs/telegram_pairs.jsonl"))
    ]


def _telegram_item(name: str, row: Mapping[str, Any], side: int) -> Item:
    return make_item(
        name,
        headline=row[f"title{side}"],
        body_text=row[f"text{side}"],
        language=row["lang"],
        url=row[f"url{side}"],
    )


def uci_headlines() -> Labelled:
    """Headlines on technology, nothing but headlines; the stories are Google News'."""
    rows = _rows("stories/uci_headlines_technology.jsonl")
    items = tuple(
        make_item(row["id"], headline=row["headline"], outlet=row["outlet"], language="en")
        for row in rows
    )
    return Labelled(items, {row["id"]: row["story"] for row in rows})


def openclaw() -> Labelled:
    """English and Chinese headlines with summaries; labelled by a model: silver."""
    rows = _rows("stories/openclaw_en_zh/clustering_eval_dataset_v1.jsonl")
    items, story_of = [], {}
    for row in rows:
        link, name = row["link"], row["sample_id"]
        at = link.get("published_at")
        items.append(
            make_item(
                name,
                headline=link["title"] or "",
                description_text=link["description"] or "",
                outlet=link["domain"],
                published=dt.datetime.fromisoformat(at) if at else None,
            )
        )
        labels = row["labels"]
        if labels["event_id_or_new_event"] != "new_event":
            story_of[name] = str(labels["event_id_or_new_event"])
        elif labels["correctness"] == "correct":
            # A new event is named by the number that it was given, under which later ones join it.
            story_of[name] = str(link["final_event_id"])
        else:
            story_of[name] = name
    return Labelled(tuple(items), story_of)


def crosslingual() -> Labelled:
    """About 90 articles in 8 languages, written for this project."""
    golds = _rows("crosslingual/gold.jsonl")
    items = tuple(
        make_item(
            row["guid"],
            headline=row["headline"] or "",
            body_text=row["body_text"] or "",
            language=row["language"],
            outlet=row["outlet"],
            published=dt.datetime.fromisoformat(row["published"]) if row["published"] else None,
        )
        for row in _rows("crosslingual/articles.jsonl")
    )
    return Labelled(items, {row["guid"]: row["story"] for row in golds})


def kept(make: Callable[[], T]) -> T:
    """What `make`, a function of this file, returns; from the temporary folder if it was made."""
    folder = Path(tempfile.gettempdir()) / f"wiretrace-story-items-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{make.__name__}-{_taggers_digest()}.pickle"
    if path.exists():
        found: T = pickle.loads(path.read_bytes())
        return found
    made = make()
    path.with_suffix(f".{os.getpid()}").write_bytes(pickle.dumps(made))
    path.with_suffix(f".{os.getpid()}").replace(path)
    return made


@cache
def _taggers_digest() -> str:
    """Digest of all that an item depends on but the sets, which never change."""
    digest = hashlib.sha256()
    files = [Path(__file__), ROOT / "transforms" / "stories" / "item.py"]
    files += _files_of(ROOT / "transforms", ("entities", "facts", "quotes", "citations"))
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files_of(folder: Path, parts: Iterable[str]) -> list[Path]:
    return [
        path
        for part in parts
        for path in (folder / part).rglob("*")
        if path.suffix in {".py", ".toml", ".tsv", ".txt"}
    ]


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (SHARED / "eval" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line]
