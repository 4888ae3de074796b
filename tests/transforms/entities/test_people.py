"""Every row of `people.tsv` and `organizations.toml` says where its names were seen.

`test_agency_sources.py` has the same for agencies.
"""

from __future__ import annotations

import datetime as dt
import re

from transforms.entities.lexicon import read_named, read_people, read_rows
from transforms.entities.script import script_of

_ADDRESS = re.compile(r"https?://[^\s/]+/\S+|\.\./shared/\S+")
_LINE = re.compile(r"[1-9][0-9]*")


def test_every_person_has_a_source():
    """A known key, and a line in whatever is no page of its own."""
    keys = {key for key, *_ in read_rows("name_sources.tsv")}
    for person, _names, _alone, sources in read_rows("people.tsv"):
        for source in sources.split("|"):
            key, _, line = source.partition(" ")
            assert key in keys, person
            assert _LINE.fullmatch(line) or key == "rigour" or key.startswith("page-"), person


def test_every_organization_has_a_source():
    """The same, before the words on the forms that no source shows."""
    keys = {key for key, *_ in read_rows("name_sources.tsv")}
    for row in read_named("organizations.toml", "organization"):
        for source in row["source"].partition(";")[0].split("|"):
            key, _, line = source.partition(" ")
            assert key in keys, row["id"]
            assert _LINE.fullmatch(line) or key.startswith("page-"), row["id"]


def test_every_source_has_an_address_and_a_date():
    """Each once, sorted, used, with a day that exists and a word on what it is."""
    rows = list(read_rows("name_sources.tsv"))
    keys = [key for key, *_ in rows]
    assert keys == sorted(set(keys))
    for key, address, date, what in rows:
        assert _ADDRESS.fullmatch(address), key
        assert dt.date.fromisoformat(date) <= dt.date(2026, 12, 31), key
        assert what, key
    sources = [row[3] for row in read_rows("people.tsv")]
    sources += [row["source"] for row in read_named("organizations.toml", "organization")]
    sources += [row["source"] for row in read_named("agencies.toml", "agency")]
    seen = {one.partition(" ")[0] for text in sources for one in text.partition(";")[0].split("|")}
    assert seen - {"none"} == set(keys)


def test_a_name_alone_is_the_end_of_a_full_name():
    """So what stands for the sourced full name stands for the short one."""
    for person, full, alone in read_people():
        for name in alone:
            ends = {one.lower().replace("ё", "е") for one in full}
            assert any(end.endswith(name.lower().replace("ё", "е")) for end in ends) or any(
                script_of(one) == script_of(name) for one in full
            ), person
