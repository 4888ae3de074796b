"""Signals: what each place of a message says, and the many sentences that only look like it."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

import transforms.signals
from tests.transforms.cpu_time import least_cpu_seconds
from transforms.parse.item import Item
from transforms.signals import read_signals


def read(source_format: str = "newsml_g2", **fields: Any) -> str:
    """Signals, then the genre, as one line."""
    found = read_signals(Item(source_format=source_format, record=1, **fields))
    return " ".join([*sorted(found.signals), *([found.genre.upper()] if found.genre else [])])


HEADLINES = {
    "UPDATE 2-Grain rises": "update",
    "WRAPUP 3-Ministers meet": "update",
    "REFILE-UPDATE 1-Grain rises": "refile update",
    "CORRECTED-(OFFICIAL)-UPDATE 1-Grain rises": "correction update",
    "RPT-Grain rises": "repeat",
    "STORY WITHDRAWN-Grain rises": "kill",
    "WITHDRAWN-Grain rises": "kill",
    "KILL KILL KILL": "kill",
    "HOLD HOLD HOLD": "withhold",
    "MANDATORY KILL - Grain": "kill",
    "ATTENTION ANNULATION - Le maire": "kill",
    "СООБЩЕНИЕ АННУЛИРУЕТСЯ: мэр": "kill",
    "[전문취소] 시장": "kill",
    "ADVISORY-Grain story": "ADVISORY",
    "Attention editors: no story tonight": "ADVISORY",
    "TEST-Grain story": "TEST",
    "TEST - please ignore": "TEST",
    "TEST": "TEST",
    "Test message, please ignore": "TEST",
    "1ST LEAD: Grain rises": "lead",
    "Grain rises (2nd LD)": "lead",
    "(LEAD) Grain rises": "lead",
    "Berichtigung: Korn teurer": "correction",
    "(Berichtigung: Name) Korn teurer": "correction",
    "Korn teurer (Wdh.)": "repeat",
    "CORRECTION - Le blé monte": "correction",
    "Le blé monte (RÉPÉTITION)": "repeat",
    "(REPETICIÓN) Sube el trigo": "repeat",
    "Corrección: Sube el trigo": "correction",
    "ERRATA CORRIGE: Grano": "correction",
    "RPT: Grano": "repeat",
    "ПОВТОР: Зерно дорожает": "repeat",
    "Зерно дорожает (уточнение)": "correction",
    "更正：粮食涨价": "correction",
    "곡물 가격(종합2보)": "update",
    "URGENT - UPDATE 1 - Grain rises": "update",
}
STORIES = [
    "Test match begins in Lahore",
    "TEST FROM XAWES",
    "TEST: HILLTOWN 300-4 AT STUMPS",
    "1ST TEST: Hilltown 300-4 at stumps",
    "WITHDRAWN: TROOPS LEAVE THE NORTH",
    "Test",
    "Kill Bill returns",
    "KILL: a new film",
    "Withdrawn: the troops of the north",
    "ANNULATION - Concert au parc",
    "Correction facility burns",
    "Correction-officer jailed",
    "Korrektur-Antrag abgelehnt",
    "Release date set",
    "Embargo on grain",
    "Update on the ferry",
    "Update: ferry sinks",
    "Repeat offenders jailed",
    "Lead: poison in the water",
    "Lead poisoning (children)",
    "Take 2: a marriage renewed",
    "Attention: ice on the roads",
    "Advisory board resigns",
    "(Update",
    "2-1",
    "",
]


@pytest.mark.parametrize("headline", HEADLINES)
def test_marks_of_headlines(headline: str) -> None:
    """Marks before and after a headline, each where its wires put it."""
    assert read(headline=headline) == HEADLINES[headline]


@pytest.mark.parametrize("headline", STORIES)
def test_headlines_that_only_use_the_words(headline: str) -> None:
    """A word without the form of a mark is a word."""
    assert read(headline=headline) == ""


@pytest.mark.parametrize("source_format", ["rss", "atom", "html", "jsonfeed"])
def test_on_the_web_only_signs_count(source_format: str) -> None:
    """There TEST is a product's and ADVISORY the weather's; UPDATE 2- and RPT- are the wire's."""
    for headline in (
        "TEST - Racer 8",
        "TEST",
        "ADVISORY: snow",
        "REPEAT: a recipe",
        "WITHDRAWN: a toy",
    ):
        assert read(source_format, headline=headline) == "", headline
    assert read(source_format, headline="RPT-UPDATE 2-Grain") == "repeat update"


KEYS = {
    "1stLd-Writethru": "lead writethru",
    "3rd Ld-Writethru, 1150": "lead writethru",
    "REFILE 1ST LEAD": "lead refile",
    "2nd Add": "take",
    "Take 2": "take",
    "(Achtung)": "ADVISORY",
    "Advisory": "ADVISORY",
    "Correction": "correction",
    "KILL": "kill",
    "Mandatory Kill": "kill",
    "BULLETIN KILL": "kill",
    "ANNULATION": "kill",
    "HOLD": "withhold",
    "Release": "release",
    "Adv25": "embargo",
    "REPEAT": "repeat",
    "Grain prices, 2nd Lead": "lead",
    "Kill Bill": "",
    "Grain, kill": "",
    "taken": "",
    "1150": "",
    "By A. Writer": "",
}


@pytest.mark.parametrize("key", KEYS)
def test_take_keys(key: str) -> None:
    """A part of the key counts if all of it is known; to kill, the whole key has to be."""
    assert read(takekey=key) == KEYS[key]


SLUGLINES = {
    "BC-HL--Heat-Hawks, 1st Ld-Writethru,416": "lead writethru",
    "BC-HL--Grain, KILL": "kill",
    "GLOBAL-GRAIN/ (UPDATE 1)": "update",
    "HL-WEATHER/ (UPDATE 1, PIX, CORRECTED)": "correction update",
    "BC-HL News Digest": "ADVISORY",
    "BC-HL News Coverage Advisory, 2nd Ld": "lead ADVISORY",
    "BC-HL--Readers Digest": "",
    "Chemicals, lead, test": "",
    "Kill": "",
    "Grain/Writethru": "",
}


@pytest.mark.parametrize("slugline", SLUGLINES)
def test_sluglines(slugline: str) -> None:
    """Only the version section says anything: keywords are about the world."""
    assert read(slugline=slugline) == SLUGLINES[slugline]


NOTES = {
    "(Adds quotes, detail)": "update",
    "Eds: Updates throughout. With photos.": "update",
    "ATTENTION - AJOUTE citations ///": "update",
    "(Corrects name in 2nd paragraph)": "correction",
    "(Repeats story first sent on Sunday)": "repeat",
    "MANDATORY KILL. The story is wrong.": "kill",
    "Note: STRICTLY EMBARGOED. Not for release before noon.": "embargo",
    "Embargoed to 0001 Friday": "embargo",
    "Sperrfrist 18.00 Uhr": "embargo",
    "EMBARGO LIFTED": "release",
    "On the arms embargo until May": "",
    "Minor edits. A longer story that adds quotes is on the wire.": "",
    "The mandatory kill of Tuesday is void.": "",
    "Test": "",
}


@pytest.mark.parametrize("note", NOTES)
def test_notes_to_editors(note: str) -> None:
    """How a note opens, and an embargo anywhere; a note makes no story an advisory."""
    assert read(ednote=note) == NOTES[note]


def test_words_are_sorted_single_and_folded() -> None:
    """One entry a word within each class, in order, written as it is compared."""
    data = tomllib.loads(Path(transforms.signals.__file__).with_suffix(".toml").read_text("utf-8"))
    for kind, meanings in data.items():
        for meaning, words in {"": meanings}.items() if kind == "mute" else meanings.items():
            assert list(words) == sorted(words), (kind, meaning)
            for word in words:
                assert word == word.casefold().strip(), word


def test_time_is_linear_whatever_is_written() -> None:
    """Megabytes of marks, brackets and separators cost milliseconds."""
    chance = random.Random(7)
    pieces = ["(UPDATE 1)", "UPDATE 1-", "(", "-", " ", "KILL ", ",", "[", "1st", "Ld ", "x"]
    for piece in (*pieces, "".join(chance.choices(pieces, k=1000))):
        text = piece * (1_000_000 // len(piece))
        fields = {"headline": text, "takekey": text, "slugline": f"BC-{text}", "ednote": text}
        assert least_cpu_seconds(lambda fields=fields: read(**fields)) < 2, piece
