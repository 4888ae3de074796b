"""Agencies by name and host, and the order and completeness of the hand-written data."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from transforms.entities.agencies import agency_by_domain, agency_by_name
from transforms.entities.fold import fold_name
from transforms.entities.lexicon import RULES, SCRIPTS, all_aliases, read_named, read_rows
from transforms.entities.script import script_of

FILES = [("agencies.toml", "agency"), ("organizations.toml", "organization")]
# DESIGN.md §3, `citations`.
DESIGN_IDS = frozenset(
    """
    tass afp reuters ap dpa efe europa-press ansa xinhua ria-novosti interfax anadolu kyodo jiji
    yonhap lusa belga apa keystone-sda ritzau ntb tt stt pap mti ctk ukrinform belta irna isna
    sana wafa
    spa mena aps map tap pti ani bernama antara
    """.split()  # noqa: SIM905 (a list of 41 lines says no more)
)


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("(AFP)", "afp"),
        ("Agence France-Presse", "afp"),
        ("– REUTERS", "reuters"),
        ("тасс", "tass"),
        ("新华社", "xinhua"),
        ("وكالة رويترز", "reuters"),
        ("ria novosti", "ria-novosti"),
        ("Le Monde", None),
        ("", None),
    ],
)
def test_an_agency_is_known_by_any_credit_form(name, agency):
    """Case, brackets and dashes do not matter; other names are no agency."""
    assert agency_by_name(name) == agency


@pytest.mark.parametrize(
    ("host", "agency"),
    [
        ("tass.ru", "tass"),
        ("WWW.TASS.COM", "tass"),
        ("fr.news.cn.", "xinhua"),
        ("nottass.ru", None),
        ("tass.ru.example.org", None),
        ("com.br", None),
        ("", None),
    ],
)
def test_an_agency_is_known_by_its_hosts(host, agency):
    """Hosts below an agency's host are its own; look-alikes are not."""
    assert agency_by_domain(host) == agency


@pytest.mark.parametrize(("file", "table"), FILES)
def test_named_bodies_are_sorted_and_unique(file, table):
    """Order by id, no id twice, no acronym or name claimed by two bodies."""
    rows = read_named(file, table)
    ids = [row["id"] for row in rows]
    assert len(ids) >= 60
    assert ids == sorted(set(ids))
    claims = Counter(
        fold_name(a) for row in rows for a in {fold_name(x): x for x in all_aliases(row)}
    )
    assert [alias for alias, times in claims.items() if times > 1] == []
    assert all(row["source"] and row["name"] for row in rows)


@pytest.mark.parametrize(("file", "table"), FILES)
def test_aliases_stand_under_their_script(file, table):
    """A Cyrillic alias is not listed as Latin, and so on."""
    wrong = [
        (row["id"], alias)
        for row in read_named(file, table)
        for script in SCRIPTS
        for alias in row.get(script, ())
        if script_of(alias) not in (script, None)
    ]
    assert wrong == []


def test_design_agencies_are_all_there_in_four_scripts():
    """Each agency that DESIGN.md names has Latin, Cyrillic, Arabic and Chinese names."""
    rows = {row["id"]: row for row in read_named("agencies.toml", "agency")}
    lacking = {
        agency: [script for script in SCRIPTS if not rows.get(agency, {}).get(script)]
        for agency in DESIGN_IDS
    }
    assert {agency: scripts for agency, scripts in lacking.items() if scripts} == {}


def test_at_least_sixty_organizations_have_four_scripts():
    """The same for organizations."""
    rows = read_named("organizations.toml", "organization")
    assert sum(all(row.get(script) for script in SCRIPTS) for row in rows) >= 60


def test_the_page_on_entities_counts_as_the_table_does():
    """Rows, names that were seen, and names in all."""
    rows = read_named("agencies.toml", "agency")
    names = [list(all_aliases(row)) for row in rows]
    page = (Path(__file__).parents[3] / "docs" / "entities.md").read_text("utf-8")
    said = re.search(r"`agencies\.toml`; (\d+) rows, .*: (\d+) of (\d+) names", page)
    assert said is not None
    seen = sum(len(row["seen"]) for row in rows)
    assert [int(one) for one in said.groups()] == [len(rows), seen, sum(map(len, names))]


def test_hosts_are_hosts_and_belong_to_one_agency():
    """Lower case, no `www.`, never two agencies on one host."""
    rows = read_named("agencies.toml", "agency")
    hosts = [host for row in rows for host in row["domains"]]
    assert len(hosts) == len(set(hosts))
    assert all(re.fullmatch(r"(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in hosts)


@pytest.mark.parametrize("file", ["ambiguous.tsv", "country_names.tsv", "cldr_names.tsv"])
def test_tables_of_names_are_sorted_without_doubles(file):
    """One row an entry, in order."""
    rows = list(read_rows(file))
    assert rows == sorted(rows)
    assert len({tuple(row[:3]) for row in rows}) == len(rows)


def test_rules_are_known_and_have_a_reason():
    """Every line of `ambiguous.tsv` has one of the rules that its head explains."""
    assert [row for row in read_rows("ambiguous.tsv") if row[2] not in RULES or not row[3]] == []


def test_demonyms_have_one_country_a_line_in_order():
    """Sorted by country, each once, the same number of cells everywhere."""
    header, *rows = read_rows("demonyms.tsv")
    countries = [row[0] for row in rows]
    assert countries == sorted(set(countries))
    assert {len(row) for row in rows} == {len(header)}
