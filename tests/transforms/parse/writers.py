"""Writers of wire formats for the tests of round trips: from fields to bytes.

Each writes what it is given in one plain form of its standard. None is used but in tests.
"""

from __future__ import annotations

import base64
import io
import json
from email.header import Header
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Fields = dict[str, Any]


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _paragraphs(fields: Fields) -> str:
    return "".join(_element("p", one) for one in fields["paragraphs"])


def write_nitf(fields: Fields) -> bytes:
    keywords = "".join(f"<keyword key={quoteattr(one)}/>" for one in fields["keywords"])
    return (
        f"<nitf><head><docdata management-status='usable'>"
        f"<doc-id id-string={quoteattr(fields['guid'])}/><urgency ed-urg='{fields['urgency']}'/>"
        f"<ed-msg info={quoteattr(fields['note'])}/><key-list>{keywords}</key-list>"
        "</docdata></head>"
        f"<body><body.head><hedline>{_element('hl1', fields['headline'])}</hedline>"
        f"{_element('byline', fields['byline'])}</body.head>"
        f"<body.content>{_paragraphs(fields)}</body.content></body></nitf>"
    ).encode()


def write_newsml_g2(fields: Fields) -> bytes:
    keywords = "".join(_element("keyword", one) for one in fields["keywords"])
    return (
        "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' "
        f"guid={quoteattr(fields['guid'])} version='{fields['urgency']}'>"
        f"<itemMeta><itemClass qcode='ninat:text'/>{_element('edNote', fields['note'])}</itemMeta>"
        f"<contentMeta>{_element('headline', fields['headline'])}{_element('by', fields['byline'])}"
        f"{keywords}</contentMeta><contentSet><inlineXML><html xmlns='http://www.w3.org/1999/xhtml'>"
        f"<body>{_paragraphs(fields)}</body></html></inlineXML></contentSet></newsItem>"
    ).encode()


def write_newsml1(fields: Fields) -> bytes:
    keywords = "".join(
        f"<Property FormalName='Keyword' Value={quoteattr(one)}/>" for one in fields["keywords"]
    )
    return (
        "<NewsML><NewsItem><Identification><NewsIdentifier>"
        f"{_element('PublicIdentifier', fields['guid'])}</NewsIdentifier></Identification>"
        f"<NewsManagement><Urgency FormalName='{fields['urgency']}'/></NewsManagement>"
        f"<NewsComponent><NewsLines>{_element('HeadLine', fields['headline'])}"
        f"{_element('ByLine', fields['byline'])}</NewsLines>"
        f"<DescriptiveMetadata>{keywords}</DescriptiveMetadata><ContentItem><DataContent>"
        f"{_paragraphs(fields)}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    ).encode()


def write_agency_xml(fields: Fields) -> bytes:
    return (
        f"<Depeche><Id>{escape(fields['guid'])}</Id><Titre>{escape(fields['headline'])}</Titre>"
        f"<Auteur>{escape(fields['byline'])}</Auteur><Urgence>{fields['urgency']}</Urgence>"
        f"<Note>{escape(fields['note'])}</Note><Texte>{_paragraphs(fields)}</Texte></Depeche>"
    ).encode()


def write_sitemap_news(fields: Fields) -> bytes:
    return (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        f"<url><loc>https://x.example/{fields['urgency']}</loc>"
        f"<n:news>{_element('n:title', fields['headline'])}</n:news></url></urlset>"
    ).encode()


def write_wxr(fields: Fields) -> bytes:
    keywords = "".join(
        f"<category domain='post_tag'>{escape(one)}</category>" for one in fields["keywords"]
    )
    body = escape("".join(_element("p", one) for one in fields["paragraphs"]))
    return (
        "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item>"
        f"{_element('title', fields['headline'])}{_element('guid', fields['guid'])}"
        f"{_element('dc:creator', fields['byline'])}{keywords}"
        f"<content:encoded>{body}</content:encoded><wp:post_type>post</wp:post_type>"
        "</item></channel></rss>"
    ).encode()


def write_ninjs_1(fields: Fields) -> bytes:
    record = {
        "guid": fields["guid"], "type": "text", "headline": fields["headline"],
        "byline": fields["byline"], "urgency": fields["urgency"], "ednote": fields["note"],
        "keyword": fields["keywords"], "body_text": "\n\n".join(fields["paragraphs"]),
    }  # fmt: skip
    return json.dumps(record).encode()


def write_ninjs_3(fields: Fields) -> bytes:
    record = {
        "uri": fields["guid"], "type": "text", "by": fields["byline"], "edNote": fields["note"],
        "headlines": [{"role": "main", "value": fields["headline"]}],
        "urgency": fields["urgency"], "keywords": fields["keywords"],
        "bodies": [{"contentType": "text/html", "value": _paragraphs(fields)}],
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=False).encode()


def write_iptc7901(fields: Fields) -> bytes:
    text = "\r\n\r\n".join(fields["paragraphs"])
    return (
        f"\x01abc0417 {fields['urgency']} i 12  abc 0417\r\n\r\n{fields['slugline']}/\r\n"
        f"\x02{fields['headline']} =\r\n\r\n{text}\r\n\r\n\x03061015 GMT May 24\r\n\x04"
    ).encode()


def write_anpa1312(fields: Fields) -> bytes:
    text = "\n".join(f"\t   {one}" for one in fields["paragraphs"])
    return (
        f"\x16\x16\x01a0417\x1f-----\nr i\x13\x11 BC-{fields['word']} 05-06 0012\n"
        f"\x02^BC-{fields['word']},12<\n^{fields['headline']}<\n{text}\n"
        "\t   \x03AB-WF-05-06-24 1015GMT<\n\x04"
    ).encode()


def write_mail(fields: Fields) -> bytes:
    subject = Header(fields["headline"], "utf-8").encode()
    body = base64.encodebytes("\n\n".join(fields["paragraphs"]).encode()).decode()
    return (
        f"From: desk@x.example\nTo: news@y.example\nDate: Mon, 06 May 2024 10:15:00 +0000\n"
        f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: base64\n\n{body}"
    ).encode()


def write_warc(fields: Fields) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/xml")], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        "https://x.example/a", "response", payload=io.BytesIO(write_nitf(fields)),
        http_headers=headers,
    )  # fmt: skip
    writer.write_record(record)
    return out.getvalue()


def write_opml(fields: Fields) -> bytes:
    inner = "".join(
        f"<outline text={quoteattr(fields['headline'])} xmlUrl={quoteattr(one)}/>"
        for one in fields["keywords"]
    )
    group = f"<outline text={quoteattr(fields['note'])}>{inner}</outline>"
    return f"<opml version='2.0'><body>{group}</body></opml>".encode()
