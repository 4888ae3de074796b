"""XML that lies, is cut short or attacks: what tree comes of it, and what text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.parse.xml_tree import BadXml, attribute, find, find_line, line, parse_xml, to_text

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def tree(text: str | bytes):
    return parse_xml(text if isinstance(text, bytes) else text.encode(), None)


def test_names_are_local():
    """A namespace or a prefix changes nothing."""
    for text in (
        "<a><b>x</b></a>",
        '<a xmlns="urn:1"><b>x</b></a>',
        "<p:a xmlns:p='u'><p:b>x</p:b></p:a>",
    ):
        assert find_line(tree(text).root, "b") == "x"


def test_a_missing_element_is_none_all_the_way():
    root = tree('<a><b c=" "/></a>').root
    assert (find(root, "x/y"), find_line(root, "x/y"), line(find(root, "b"))) == (None, None, None)
    assert attribute(find(root, "b"), "c") is None
    assert to_text(None) is None


def test_a_declaration_that_lies_is_repaired():
    """Latin-1 is declared (WHATWG: windows-1252), UTF-8 is there, as in afp20.xml."""
    found = tree('<?xml version="1.0" encoding="iso-8859-1"?><a>Décès</a>')
    assert found.root.text == "Décès"
    assert found.warnings == ("encoding_repaired:cp1252>utf-8",)


def test_utf16_is_read():
    assert tree('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16")).root.text == "é"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a><b>one</b><b>two", ["one", "two"]),
        ("<a><b>one &wrong <i>x</b></a>", ["one x"]),
        ("<a><b>one\x01</b></a>", ["one"]),
        ("<a><b>one & two</b></a>", ["one two"]),
    ],
    ids=["cut", "overlap", "control", "ampersand"],
)
def test_ill_formed_is_read_as_far_as_it_goes(text, expected):
    found = tree(text)
    assert [line(one)[:5] for one in found.root] == [one[:5] for one in expected]
    assert found.warnings == ("xml_ill_formed",)


@pytest.mark.parametrize("data", [b"no markup", b"<", b"<?xml version='1.0'?>", b"\xff\xfe\x00"])
def test_nothing_to_read_is_said(data):
    with pytest.raises(BadXml) as caught:
        parse_xml(data, None)
    assert caught.value.reason in ("malformed", "undecodable")


def test_paragraphs():
    """Blocks of HTML and NITF are paragraphs, `br` a line, cells stand apart, the rest runs on."""
    text = (
        "<body.content><hl2>Head</hl2><p>One <em>two</em>\n  three</p><p>a<br/>b</p>"
        "<table><tr><td>1</td><td>2</td></tr></table><script>no</script>tail</body.content>"
    )
    assert to_text(tree(text).root) == "Head\n\nOne two three\n\na\nb\n\n1 2\n\ntail"
    assert to_text(tree(text).root, frozenset(("hl2", "table"))) == "One two three\n\na\nb\n\ntail"


def test_preformatted_lines_stay():
    assert to_text(tree("<x><pre>a  b\nc</pre></x>").root) == "a b\nc"


def test_named_entities_of_html_are_known():
    """NITF's DTD defines them; it is never loaded."""
    text = '<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><p>caf&eacute; &mdash; &unknown;x</p></nitf>'
    assert to_text(tree(text).root) == "café — x"


def test_a_bomb_of_entities_does_not_expand():
    found = tree(f'<!DOCTYPE a [<!ENTITY l0 "lol">{BOMB}]><a><b c="x">&l9;</b></a>')
    assert to_text(found.root) is None
    assert line(found.root) is None


def test_a_bomb_in_an_attribute_ends():
    """Attributes are expanded by libxml2, within its bound."""
    text = f'<!DOCTYPE a [<!ENTITY l0 "lol">{BOMB}]><a><b c="&l9;">x</b></a>'
    try:
        found = tree(text)
    except BadXml:
        return
    assert len(attribute(find(found.root, "b"), "c") or "") < 20_000_000


def test_no_file_is_read(tmp_path: Path):
    (tmp_path / "secret").write_text("CANARY")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><a>&x;</a>'
    assert "CANARY" not in (line(tree(text).root) or "")


def test_depth_is_bounded():
    """20,000 levels end in a tree that can be walked."""
    found = tree("<a>" * 20_000 + "x" + "</a>" * 20_000)
    to_text(found.root)
    line(found.root)


@pytest.mark.parametrize("piece", ["<p>a", "<p a='", "&a", "<p>x</p>", "<!--", "<![CDATA["])
def test_time_is_linear(piece):
    def cost(times: int) -> float:
        text = f"<a>{piece * times}"
        return least_cpu_seconds(lambda: to_text(tree(text).root))

    assert cost(80_000) < max(20 * cost(10_000), 0.05)
