"""What is answered, how, and what every answer says beside it."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
import json
from dataclasses import asdict
from typing import Any

import pytest
from lxml import etree

from lake.compact import compact
from lake.feeds import list_path
from lake.forget import Selection, forget
from tests.lake.builder import LakeBuilder, at, id_of
from tests.tracing.server.asking import Site, ask, site
from tests.tracing.server.lakes import STORY, one_story, wire
from tests.tracing.small_lake import member, run
from tracing.json_text import json_text
from tracing.server import desk
from tracing.server.pages import PAGES, Page
from tracing.story import read_story


@pytest.fixture
def served(builder: LakeBuilder) -> Site:
    return site(one_story(builder))


def test_a_storys_page_and_its_twins(served: Site) -> None:
    """The same story in each form; JSON is what the command prints."""
    page = served.get(f"/story/{STORY}")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Headline of a 1" in page.text
    said = served.get(f"/story/{STORY}.json")
    pinned = served.get(f"/story/{id_of('b')}").text
    assert "Headline of a 1" in pinned
    assert said.headers["content-type"] == "application/json"
    assert [line["outlet"] for line in json.loads(said.text)["lines"]] == [
        "a.example", "b.example", "c.example",
    ]  # fmt: skip
    table = served.get(f"/story/{STORY}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert [row["row"] for row in rows][:3] == ["article"] * 3
    for form, root in (("graphml", "graphml"), ("rss", "rss")):
        reply = served.get(f"/story/{STORY}.{form}")
        assert etree.QName(etree.fromstring(reply.body)).localname == root
        assert reply.headers["content-type"].endswith("+xml; charset=utf-8")
    linked = served.get(f"/story/{STORY}.jsonld")
    assert linked.headers["content-type"] == "application/ld+json"
    assert "@context" in json.loads(linked.text)
    assert f"http://127.0.0.1:8642/story/{STORY}.rss" in served.get(f"/story/{STORY}.rss").text


def test_json_is_the_text_that_the_command_prints(builder: LakeBuilder) -> None:
    served = site(one_story(builder))
    found = read_story(builder.snapshot, STORY, embargo_at=served.now)
    assert served.get(f"/story/{STORY}.json").text == json_text(asdict(found)) + "\n"


def test_every_answer_says_the_same_to_browsers(served: Site) -> None:
    """Errors too: strict CSP, no frames, no sniffing, no referrer, no store for others."""
    for address, method in (
        (f"/story/{STORY}", "GET"), (f"/story/{STORY}.csv", "GET"), ("/none", "GET"),
        (f"/story/{id_of('none')}", "GET"), ("/" + "x" * 9_000, "GET"), ("/", "DELETE"),
    ):  # fmt: skip
        headers = served.get(address, method).headers
        policy = headers["content-security-policy"].split("; ")
        assert policy[0] == "default-src 'none'"
        assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy)
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["cache-control"] == "private, no-cache"
        assert "set-cookie" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"])
def test_only_reading(served: Site, method: str) -> None:
    reply = served.get(f"/story/{STORY}", method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_head_is_get_without_its_body(served: Site) -> None:
    whole, head = served.get(f"/story/{STORY}"), served.get(f"/story/{STORY}", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers == whole.headers
    assert head.headers["content-length"] == str(len(whole.body))


def test_what_a_client_has_already_is_not_sent_again(builder: LakeBuilder) -> None:
    """Until it changes."""
    served = site(one_story(builder))
    tag = served.get(f"/story/{STORY}").headers["etag"]
    again = served.get(f"/story/{STORY}", If_None_Match=f'"other", W/{tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    late = wire("late", 4)
    run(builder, late, member(late, "S", sequence=2))
    changed = served.get(f"/story/{STORY}", If_None_Match=tag)
    assert changed.status == 200
    assert changed.headers["etag"] != tag


def test_a_lake_that_grows_is_read_anew(builder: LakeBuilder) -> None:
    """The next request after a commit has it."""
    served = site(one_story(builder))
    assert "Headline of late 1" not in served.get(f"/story/{STORY}").text
    late = wire("late", 4)
    run(builder, late, member(late, "S", sequence=2))
    assert "Headline of late 1" in served.get(f"/story/{STORY}").text


def test_compacting_and_forgetting_take_files_away_and_no_page(builder: LakeBuilder) -> None:
    """Files of the pinned snapshot are gone; the next answer is of the newer one."""
    served = site(one_story(builder))
    late = wire("late", 4)
    run(builder, late, member(late, "S", sequence=2))
    assert served.get(f"/story/{STORY}").status == 200
    compact(builder.root, purge=True)
    assert served.get(f"/story/{STORY}.csv").status == 200
    forget(builder.root, Selection(article_ids=(id_of("b"),)))
    reply = served.get(f"/story/{STORY}")
    assert reply.status == 200
    assert "Headline of b 1" not in reply.text
    assert served.log == []


def test_a_reading_that_is_overtaken_is_done_again(builder: LakeBuilder) -> None:
    """Files go while it reads: it fails, is told that the run is old, and reads the newest."""
    read: list[int] = []

    def slow(asked: Any) -> Any:
        read.append(asked.pinned.sequence)
        if len(read) == 1:
            forget(builder.root, Selection(article_ids=(id_of("b"),)))
        return PAGES["story"].read(asked)

    page = Page(1, slow, PAGES["story"].html, PAGES["story"].csv)
    served = site(one_story(builder), pages={"story": page})
    reply = served.get(f"/story/{STORY}")
    assert reply.status == 200
    assert "Headline of b 1" not in reply.text
    assert read[-1] > read[0]
    assert served.log == []


def test_a_commit_while_it_reads_is_not_missed(builder: LakeBuilder) -> None:
    """The answer is of what is newest when it is given."""
    sequences: list[int] = []

    def read(asked: Any) -> Any:
        sequences.append(asked.pinned.sequence)
        found = PAGES["story"].read(asked)
        if len(sequences) == 1:
            late = wire("late", 4)
            run(builder, late, member(late, "S", sequence=2))
        return found

    page = Page(1, read, PAGES["story"].html, PAGES["story"].csv)
    served = site(one_story(builder), pages={"story": page})
    assert "Headline of late 1" in served.get(f"/story/{STORY}").text
    assert sequences == [1, 2]


@pytest.mark.parametrize(("hour", "shown"), [(11, False), (12, True), (13, True)])
def test_an_embargo_ends_while_it_is_served(builder: LakeBuilder, hour: int, shown: bool) -> None:
    """At its moment, without a new run, though the page was made before."""
    served = site(one_story(builder, embargoed=at(25)))
    served.now = at(25, 10)
    assert "Headline of b 1" not in served.get(f"/story/{STORY}").text
    served.now = at(25, hour)
    assert ("Headline of b 1" in served.get(f"/story/{STORY}").text) is shown


def test_who_asks_for_what_is_under_embargo_is_not_told_that_it_is_there(
    builder: LakeBuilder,
) -> None:
    served = site(one_story(builder, embargoed=at(25)))
    served.now = at(25, 10)
    hidden, nothing = (
        [served.get(f"/{kind}/{id_}").text for kind in ("story", "article")]
        for id_ in (id_of("b"), id_of("none"))
    )
    assert hidden == nothing
    assert served.get(f"/story/{id_of('b')}").status == 404


def test_a_page_that_was_kept_does_not_outlive_an_embargo(builder: LakeBuilder) -> None:
    """It was made seconds before."""
    served = site(one_story(builder, embargoed=at(25)))
    served.now = at(25) - dt.timedelta(seconds=2)
    assert "Headline of b 1" not in served.get(f"/story/{STORY}").text
    served.now = at(25)
    assert "Headline of b 1" in served.get(f"/story/{STORY}").text


def test_what_is_under_embargo_is_shown_if_that_is_asked_for(builder: LakeBuilder) -> None:
    served = site(one_story(builder, embargoed=at(25)), embargoed=True)
    assert "Headline of b 1" in served.get(f"/story/{STORY}").text


def test_a_page_is_made_once_a_run(builder: LakeBuilder) -> None:
    """And again when the list of feeds has changed, which is no part of a run."""
    made: list[str] = []

    def read(asked: Any) -> Any:
        made.append(asked.address.form)
        return PAGES["story"].read(asked)

    page = Page(1, read, PAGES["story"].html, PAGES["story"].csv)
    served = site(one_story(builder), pages={"story": page})
    for _ in range(3):
        served.get(f"/story/{STORY}?q=words&x={len(made)}")
        served.now += dt.timedelta(hours=1)
    assert made == ["html"]
    list_path(builder.lake).write_text("# none yet\n")
    served.get(f"/story/{STORY}")
    assert made == ["html", "html"]


def test_what_is_asked_for_at_once_is_made_once(builder: LakeBuilder) -> None:
    made: list[str] = []

    def read(asked: Any) -> Any:
        made.append(asked.address.form)
        return PAGES["story"].read(asked)

    served = site(
        one_story(builder), pages={"story": Page(1, read, PAGES["story"].html, PAGES["story"].csv)}
    )

    async def all_at_once() -> list[int]:
        asked = [ask(served.app, f"/story/{STORY}") for _ in range(20)]
        return [reply.status for reply in await asyncio.gather(*asked)]

    assert asyncio.run(all_at_once()) == [200] * 20
    assert made == ["html"]


def test_too_much_at_once_is_refused_and_the_rest_is_answered(
    builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_MOST", 3)
    served = site(one_story(builder))

    async def all_at_once() -> list[Any]:
        asked = [ask(served.app, f"/story/{id_of(str(n))}") for n in range(8)]
        return list(await asyncio.gather(*asked))

    replies = asyncio.run(all_at_once())
    assert [reply.status for reply in replies] == [404] * 3 + [503] * 5
    assert replies[-1].headers["retry-after"] == "2"
    assert served.get(f"/story/{STORY}").status == 200


def test_what_is_kept_has_a_bound(builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that was not asked for longest goes."""
    made: list[str] = []

    def read(asked: Any) -> Any:
        made.append(asked.address.ids[0])
        return "x" * 1_000

    page = Page(1, read, lambda asked, model: model, lambda model: model)
    monkeypatch.setattr(desk, "_KEPT_BYTES", 2_500)
    served = site(one_story(builder), pages={"story": page})
    for name in ("a", "b", "a", "c", "a", "b"):
        served.get(f"/story/{name}")
    assert made == ["a", "b", "c", "b"]


def test_a_fault_of_ours_is_told_without_its_words(builder: LakeBuilder) -> None:
    """To the client: that it is one; to whoever runs the server: what and where, in one line."""

    def broken(asked: Any) -> Any:
        raise ValueError("secret \x1b[31m<script>\n second line")

    page = Page(1, broken, PAGES["story"].html, PAGES["story"].csv)
    served = site(one_story(builder), pages={"story": page})
    for form in ("", ".json", ".csv"):
        reply = served.get(f"/story/x{form}")
        assert reply.status == 500
        assert "Traceback" not in reply.text
        assert "secret" not in reply.text
    assert json.loads(served.get("/story/x.json").text)["status"] == 500
    assert len(served.log) == 4
    line = served.log[0]
    assert "ValueError" in line
    assert "/story/x" in line
    assert "test_app.py:" in line
    assert "\n" not in line
    assert "\x1b" not in line


def test_a_damaged_lake_is_told_with_what_mends_it(builder: LakeBuilder) -> None:
    """And goes on being served where it is whole."""
    served = site(one_story(builder))
    [file] = list((builder.root / "story_members").rglob("*.parquet"))[:1]
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + bytes(len(whole) - 100))
    for _ in range(2):
        reply = served.get(f"/story/{STORY}")
        assert reply.status == 500
        assert "wiretrace doctor" in reply.text
        assert str(builder.root) not in reply.text
    assert len(served.log) == 2
    assert "story_members" in served.log[0]
    assert all("\n" not in line for line in served.log)
    file.write_bytes(whole)
    assert served.get(f"/story/{STORY}").status == 200


def test_a_lake_that_is_gone_is_told(builder: LakeBuilder) -> None:
    served = site(one_story(builder))
    assert served.get(f"/story/{STORY}").status == 200
    builder.root.rename(builder.root.with_name("elsewhere"))
    assert served.get(f"/story/{STORY}").status == 500
    assert len(served.log) == 1
    builder.root.with_name("elsewhere").rename(builder.root)
    assert served.get(f"/story/{STORY}").status == 200


def test_an_id_that_nothing_has(served: Site) -> None:
    """Is no fault: nothing is logged, nothing of it is shown, nor where the lake is."""
    reply = served.get("/story/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert reply.status == 404
    assert "No story has this id" in reply.text
    assert "alert(1)" not in reply.text
    assert str(served.lake.root) not in reply.text
    assert served.log == []


def test_another_protocol_is_not_spoken(served: Site) -> None:
    async def websocket() -> None:
        await served.app({"type": "websocket"}, None, None)  # type: ignore[arg-type]

    with pytest.raises(NotImplementedError):
        asyncio.run(websocket())
