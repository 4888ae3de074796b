"""Pages for the tests of HTML: a body, a head, and the only item that comes of them."""

import json

from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

FIRST = "The ferry between Almina and Port Cervan resumed on Monday, the harbour master said."
SECOND = "Crews had repaired the ramp over the weekend, and two crossings a day are planned."
STATED = '<meta property="og:type" content="article">'


def results(data, forced=None):
    text = data.encode() if isinstance(data, str) else data
    return list(parse_document(text, ParseContext(source_uri="page"), forced))


def page(body, head=STATED):
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def only(data):
    (found,) = results(data)
    return found


def article(head="", body=f"<p>{FIRST}</p><p>{SECOND}</p>"):
    found = only(page(body, STATED + head))
    assert isinstance(found, Item)
    return found


def ld(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def news(**fields):
    return ld({"@context": "https://schema.org", "@type": "NewsArticle", **fields})
