"""Every page is there in every form, of a whole lake and of those that have little."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from urllib.parse import quote

import pytest

from lake.tables import create_lake
from schemas.catalog import TABLES
from schemas.quote import Quote
from schemas.run import Count
from tests.lake.builder import LakeBuilder, id_of, link, place, sighting
from tests.tracing.server.asking import Site, site
from tests.tracing.server.lakes import STORY, wire
from tests.tracing.small_lake import credit, member, run
from tracing.server.pages import PAGES

_QUOTE = id_of("quote")
# What the first versions had no tables of.
_LATER = ("links", "story_members", "story_aliases", "facts", "quotes", "tombstones")
# Of `full`: an address of each kind.
ADDRESSES = {
    "": "/index",
    "search": "/search",
    "story": f"/story/{STORY}",
    "article": f"/article/{id_of('b')}",
    "evidence": f"/evidence/{id_of('b 1')}/{id_of('a 1')}",
    "outlet": "/outlet/a.example",
    "outlets": "/outlets",
    "agency": "/agency/a",
    "entity": "/entity/test%3A1",
    "quote": f"/quote/{_QUOTE}",
    "runs": "/runs",
    "run": "/run/run-1",
}
# What stands in the main table of each, in one of its columns.
MAIN_TABLES = {
    "": ("first_article_id", id_of("a")),
    "search": ("article_article_id", id_of("a")),
    "story": ("article_id", id_of("a")),
    "article": ("version_id", id_of("b 1")),
    "evidence": ("side", "later"),
    "outlet": ("article_id", id_of("a")),
    "outlets": ("outlet", "b.example"),
    "agency": ("article_article_id", id_of("c")),
    "entity": ("article_article_id", id_of("a")),
    "quote": ("article_id", id_of("a")),
    "runs": ("run_id", "run-1"),
    "run": ("source", "wire.xml"),
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A story of three, with a copy, a credit, a name, a quotation."""
    builder = LakeBuilder(tmp_path_factory.mktemp("full") / "lake")
    text = "The harbour of Tern will close for three weeks, its master said. “We wait,” he said."
    a, b, c = wire("a", 1, body_text=text), wire("b", 2, body_text=text), wire("c", 3)
    said = Quote(
        article_id=a.article_id, version_id=a.version_id, field="body_text",
        start=text.index("We wait"), end=text.index("We wait") + 7, text="We wait", speaker=None,
        speaker_entity_id=None, quote_key=_QUOTE, date=a.date,
    )  # fmt: skip
    members = (member(one, "S") for one in (a, b, c))
    builder.run(
        a, b, c, *members, *map(sighting, (a, b, c)), link("b", "a"), credit(c, "a"),
        place(a, "Tern"), said, counts=(Count("wire.xml", "new", None, 3),),
    )  # fmt: skip
    return site(builder)


def asked(kind: str, form: str) -> str:
    return f"{ADDRESSES[kind]}{form}" + ("?q=harbour" if kind == "search" else "")


def test_there_is_an_address_of_each_kind() -> None:
    assert ADDRESSES.keys() == PAGES.keys() == MAIN_TABLES.keys()


@pytest.mark.parametrize("kind", PAGES)
def test_each_page_and_its_twins(full: Site, kind: str) -> None:
    """HTML with its own policy, JSON of the model, CSV of its main table; links that lead on."""
    page = full.get("/" if not kind else asked(kind, ""))
    assert page.status == 200, full.log
    assert page.text.startswith("<!doctype html>")
    model = json.loads(full.get(asked(kind, ".json")).text)
    assert model["sequence"] == 1
    table = full.get(asked(kind, ".csv"))
    column, value = MAIN_TABLES[kind]
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert value in [row[column] for row in rows]
    assert full.log == []


@pytest.mark.parametrize("kind", PAGES)
def test_whatever_a_page_leads_to_is_there(full: Site, kind: str) -> None:
    page = full.get("/" if not kind else asked(kind, ""))
    inner = sorted(set(re.findall(r'href="(/[^"#]*)"', page.text)))
    assert {"/", "/outlets", "/runs"} <= set(inner)
    for address in inner:
        assert full.get(address.replace("&amp;", "&")).status == 200, (address, full.log)


@pytest.mark.parametrize("kind", [kind for kind, page in PAGES.items() if page.ids])
def test_what_is_not_there_is_told(full: Site, kind: str) -> None:
    reply = full.get(f"/{kind}" + "/none" * PAGES[kind].ids)
    assert reply.status == 404, full.log
    assert PAGES[kind].absent.partition("’")[0] in reply.text


def test_an_id_or_an_address_leads_to_its_page(full: Site) -> None:
    """Words and names do not, though an outlet has the name."""
    for words, place_ in (
        (id_of("b"), f"/article/{id_of('b')}"), (STORY, f"/story/{STORY}"),
        (id_of("b 1"), f"/article/{id_of('b')}"), (_QUOTE, f"/quote/{_QUOTE}"),
    ):  # fmt: skip
        reply = full.get(f"/search?q={quote(words)}")
        assert (reply.status, reply.headers["location"]) == (303, place_)
        assert full.get(f"/search.json?q={quote(words)}").status == 200
    assert full.get("/search?q=harbour").status == 200
    assert full.get("/search?q=a.example").status == 200


@pytest.mark.parametrize("what", ["nothing", "articles only", "old tables"])
@pytest.mark.parametrize("kind", ["", "search", "outlets", "runs"])
def test_a_lake_that_has_little(
    builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch, kind: str, what: str
) -> None:
    """No run at all; no links and stories; not even their tables, as the first versions left it."""
    if what == "old tables":
        for module in ("lake.tables", "lake.commit", "tests.lake.builder"):
            monkeypatch.setattr(f"{module}.TABLES", [t for t in TABLES if t.name not in _LATER])
    if what == "nothing":
        create_lake(builder.root)
    else:
        run(builder, wire("a", 1))
    served = site(builder)
    for form in ("", ".json", ".csv"):
        address = "/" if not kind and not form else asked(kind, form)
        assert served.get(address).status == 200, served.log


def test_an_article_and_its_outlet_without_stories(builder: LakeBuilder) -> None:
    a = dataclasses.replace(wire("a", 1), published=None)
    run(builder, a)
    served = site(builder)
    for address in (f"/article/{id_of('a')}", "/outlet/a.example"):
        assert served.get(address).status == 200, served.log
    assert served.get(f"/story/{id_of('a')}").status == 404
    assert served.log == []
