"""An article stands in one story, whatever its later versions say of its day and language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from lake.check import check
from pipeline.retell import check_stories
from tests.pipeline.desk import Desk
from tests.pipeline.test_stories import START

FERRY = "Ferry Marelda ran aground off Tolvik with passengers aboard"
BUDGET = "Parliament of Ostravia passes budget with fuel taxes raised"
GUID = "the-ferry"


def report(day: int, words: str, **more: Any) -> dict[str, Any]:
    return {
        "outlet": "gazette.example",
        "language": "en",
        "headline": words,
        "body_text": f"{words}. " * 3,
        "published": (START + dt.timedelta(day)).isoformat(),
        **more,
    }


def joins_of(desk: Desk, guid: str = GUID) -> list[tuple[Any, ...]]:
    """Operation and language of each row of `story_members` that an article has."""
    return desk.ask(
        f"""SELECT op, language FROM story_members
            WHERE article_id IN (SELECT article_id FROM articles WHERE guid = '{guid}')
            ORDER BY sequence, op DESC"""
    )


def faults(desk: Desk) -> list[str]:
    damage = [one.message for one in check(desk.pinned.lake) if one.is_damage]
    return damage + [one.message for one in check_stories(desk.pinned.lake)]


def test_a_revision_of_a_later_day_is_not_told_when_that_day_is_told_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take([report(0, FERRY, guid=GUID)])
    desk.take([report(10, f"{FERRY}, lifeboats sent", guid=GUID)])
    desk.take([report(10, BUDGET, guid="other")])
    assert joins_of(desk) == [("join", "en")]
    assert faults(desk) == []


def test_versions_in_two_languages_are_one_article(tmp_path: Path) -> None:
    """That it is not English was seen in a later revision."""
    first = report(0, FERRY, guid=GUID, versioncreated=(START + dt.timedelta(hours=1)).isoformat())
    revised = {**first, "versioncreated": (START + dt.timedelta(hours=2)).isoformat()}
    revised |= {"language": "no", "headline": "Fergen Marelda gikk på grunn utenfor Tolvik"}
    revised["body_text"] = "Fergen Marelda gikk på grunn utenfor Tolvik med passasjerer om bord."
    desk = Desk(tmp_path / "at once")
    desk.take([first, revised])
    languages = desk.ask("SELECT count(DISTINCT language) FROM articles")
    assert (languages, joins_of(desk), faults(desk)) == ([(2,)], [("join", "en")], [])
    desk = Desk(tmp_path / "the first comes late")
    desk.take([revised])
    [(_, language)] = joins_of(desk)
    desk.take([first])
    assert joins_of(desk) == [("join", language), ("leave", language), ("join", "en")]
    assert faults(desk) == []


def test_what_turns_out_to_be_another_article_leaves_its_story(tmp_path: Path) -> None:
    url = "https://gazette.example/ferry"
    desk = Desk(tmp_path)
    desk.take([report(0, FERRY, guid=GUID), report(0, f"{FERRY}, lifeboats sent", url=url)])
    assert len(desk.ask("SELECT * FROM members_now")) == 2
    desk.take([report(8, f"{FERRY}, all of them safe", guid=GUID, url=url)])
    [(alias,)] = desk.ask("SELECT article_id FROM article_aliases")
    stood = desk.ask(f"SELECT op FROM story_members WHERE article_id = '{alias}' ORDER BY sequence")
    assert stood == [("join",), ("leave",)]
    assert faults(desk) == []
