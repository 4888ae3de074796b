"""The citations of an article: its headline, standfirst, body, credit fields and provenance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemas.article import Article, Station
from schemas.citation import Citation
from schemas.entity import FIELDS, Entity
from transforms.citations.anaphora import find_anaphora
from transforms.citations.find import Crediting, find_crediting
from transforms.citations.lexicon import lexicon
from transforms.citations.names import find_names, outlet_by_domain
from transforms.citations.sources import (
    AGENCY,
    OTHER_NAME,
    Source,
    find_sources,
    longest,
    source_slug,
)
from transforms.entities.agencies import AROUND_A_CREDIT, agency_by_domain, agency_by_name
from transforms.entities.gazetteer import find_mentions
from transforms.entities.trust import sure
from transforms.urls import registrable_domain

# What these hold is a credit by its place; whoever writes there names no topic.
CREDIT_FIELDS = ("byline", "dateline", "creditline")
_IN_CREDIT_FIELD = 0.95
# The wire says so itself, in a field made for it; what is unsure is who the name is.
_STATED, _STATED_UNKNOWN = 0.95, 0.8
_LEAST_OF_HOST = 5
# Names joined in one field.
_JOINED = re.compile(r"[^\s/,;+–](?:[^/,;+–]*[^\s/,;+–])?")
# At the start of a field, after a sign, or after a word that joins or leads.
_STANDS_APART = re.compile(
    r"(?:^|[,/|&;:–—-]|\b(?:avec|et|mit|und|with|and|com|con|e|y|by|par|por)) ?(?:the )?$", re.I
)
_BETWEEN_FIELDS = "\n\n"


def cite(article: Article, entities: Sequence[Entity]) -> tuple[Citation, ...]:
    """The citations of `article`, by field and offset; `entities` are those of the article.

    An article does not cite its own outlet, nor the agency that it comes from.
    """
    own = own_names(article)
    found = (
        *_in_texts(article, entities),
        *_in_credit_fields(article),
        *_in_provenance(article),
    )
    return tuple(citation for citation in found if not _is_own(citation.agency, own))


def own_names(article: Article) -> frozenset[str]:
    """Ids under which `article` would cite itself: outlet, its name, its host, its provider."""
    names = [article.outlet_name, article.provider]
    host = article.outlet
    ids = {host, agency_by_domain(host), outlet_by_domain(host), host.split(".")[0]}
    ids.update(agency_by_name(name) for name in names if name)
    ids.update(source_slug(name) for name in names if name)
    return frozenset(filter(None, ids))


def _is_own(agency: str, own: frozenset[str]) -> bool:
    """Whether one of `own` is the agency or holds its name: `agence-cormoran`, `lefigaro`."""
    name = agency.replace("-", "")
    return agency in own or (
        len(name) >= _LEAST_OF_HOST and any(name in one.replace("-", "") for one in own)
    )


def _in_texts(article: Article, entities: Sequence[Entity]) -> Iterator[Citation]:
    """The fields are read as one text: a name introduced in the body is known in the headline."""
    texts = [(field, getattr(article, field) or "") for field in FIELDS]
    joined = _BETWEEN_FIELDS.join(text for _, text in texts)
    begins, begin = {}, 0
    for field, text in texts:
        begins[field] = begin
        begin += len(text) + len(_BETWEEN_FIELDS)
    known, others, places = [], [], []
    for entity in sure(entities):
        start, end = begins[entity.field] + entity.start, begins[entity.field] + entity.end
        entity_id = entity.entity_id or ""
        if entity_id.startswith(AGENCY):
            agency = entity_id[len(AGENCY) :]
            known.append(Source(start, end, agency, entity.score, is_agency=True))
        elif entity.kind == "place":
            others.append((start, end))
            places.append((start, entity_id))
    words = lexicon(article.language)
    named = find_crediting(joined, find_sources(joined, known, others, words), words)
    referred = find_anaphora(joined, named, places, words)
    for one in sorted((*named, *referred), key=lambda one: one.source.start):
        field = next(field for field in reversed(FIELDS) if begins[field] <= one.source.start)
        yield _citation(article, field, joined, begins[field], one)


def _in_credit_fields(article: Article) -> Iterator[Citation]:
    for field in CREDIT_FIELDS:
        text = getattr(article, field) or ""
        for source in _credited_in(text, article.language) if text else ():
            score = round(_IN_CREDIT_FIELD * source.score, 3)
            crediting = Crediting(source, "credit", 0, len(text), score)
            yield _citation(article, field, text, 0, crediting)


def _credited_in(text: str, language: str) -> list[Source]:
    """Agencies; outlets too where no person can have the name (not the one of `Eva Spiegel`).

    A field that is nothing but an agency's name may write it in any way (`/ritzau/`).
    """
    agencies = [
        Source(one.start, one.end, one.entity_id[len(AGENCY) :], one.score)
        for one in find_mentions(text, language)
        if one.entity_id and one.entity_id.startswith(AGENCY)
    ]
    outlets = [
        Source(one.start, one.end, one.agency, OTHER_NAME)
        for one in find_names(text, language)
        if one.certain and _STANDS_APART.search(text[: one.start])
    ]
    alone = agency_by_name(text)
    if alone and not agencies:
        start = len(text) - len(text.lstrip(AROUND_A_CREDIT))
        agencies = [Source(start, len(text.rstrip(AROUND_A_CREDIT)), alone, OTHER_NAME)]
    return longest((*agencies, *outlets))


def _in_provenance(article: Article) -> Iterator[Citation]:
    """A row for each source of each station, offsets into the stations' names, a line for each."""
    begin = 0
    for station in article.provenance:
        for start, end, agency, score in _stated_by(station):
            source = Source(begin + start, begin + end, agency, 1.0)
            crediting = Crediting(source, station.role, begin + start, begin + end, score)
            yield _citation(article, "provenance", provenance_text(article), 0, crediting)
        begin += len(written_name(station)) + 1


def _stated_by(station: Station) -> Iterator[tuple[int, int, str, float]]:
    """Start, end, source and score: a known agency, several joined (`ANP/BELGA`), or a name."""
    written, known = written_name(station), known_agency(station)
    parts = [(one.start(), one.end(), agency_by_name(one[0])) for one in _JOINED.finditer(written)]
    if known is None and len(parts) > 1 and all(agency for _, _, agency in parts):
        yield from ((start, end, agency, _STATED) for start, end, agency in parts if agency)
        return
    agency = known or _unknown_agency(station)
    if agency:
        yield 0, len(written), agency, _STATED if known else _STATED_UNKNOWN


def provenance_text(article: Article) -> str:
    """What offsets of the field `provenance` point into: the stations' names, a line each."""
    return "\n".join(map(written_name, article.provenance))


def written_name(station: Station) -> str:
    """The station's name, or its code or address where that is all."""
    return station.name or station.uri or ""


def known_agency(station: Station) -> str | None:
    """The agency that a station is, by its name, its code or its host."""
    names = (station.name, _code(station))
    found = (agency_by_name(name) for name in names if name)
    return next(filter(None, found), None) or agency_by_domain(_domain(station))


def _unknown_agency(station: Station) -> str:
    return source_slug(station.name or "") or _domain(station) or source_slug(_code(station))


def _domain(station: Station) -> str:
    uri = station.uri or ""
    return (registrable_domain(uri) or "") if uri.startswith(("http://", "https://")) else ""


def _code(station: Station) -> str:
    """`TR` of `comp:TR`; nothing of an address."""
    uri = station.uri or ""
    return "" if "/" in uri else uri.rpartition(":")[2]


def _citation(
    article: Article, field: str, text: str, begin: int, crediting: Crediting
) -> Citation:
    """The row; the field starts at `begin` of `text`, where the offsets of `crediting` point."""
    source = crediting.source
    return Citation(
        article_id=article.article_id,
        version_id=article.version_id,
        agency=source.agency,
        surface=text[source.start : source.end],
        phrase=text[max(begin, crediting.begin) : crediting.end],
        field=field,
        start=source.start - begin,
        end=source.end - begin,
        kind=crediting.kind,
        score=crediting.score,
        date=article.date,
    )
