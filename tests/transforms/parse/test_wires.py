"""Real wires of the shared folder against an independent count, and the seed with variations."""

import json
import re

import pytest

from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext

TITLE = "Coup dur : le port confirme une négociation avec le chantier"
STANDFIRST = (
    "Le port confirme qu’il est en contact avec un chantier que la ville accuse de pollution"
)
FIRST = (
    "Le port confirme la rumeur. Alors que la ville proteste depuis une semaine contre un éventuel "
    "retour du chantier, le directeur confirme une information que nul ne voulait commenter."
)
SECOND = (
    "C’est l’information obtenue ce 25 septembre de l’agence de presse, la source qui a révélé il "
    "y a deux jours que le conseil avait bien demandé de l’aide au chantier pour ses grues."
)


def results(data, name="x"):
    return list(parse_document(data, ParseContext(source_uri=name), None))


def test_real_feeds_account_for_every_entry(shared):
    """As many results as `<item>` and `<entry>` elements, counted by a regular expression."""
    files = sorted((shared / "wires" / "feeds_real").iterdir())
    counted = {p.name: len(re.findall(rb"<(?:item|entry)[\s>]", p.read_bytes())) for p in files}
    found = {p.name: len(results(p.read_bytes())) for p in files}
    assert found == counted
    assert sum(counted.values()) == 470


def test_real_json_feeds_account_for_every_item(shared):
    """As many items as the `items` array has."""
    files = sorted((shared / "wires" / "jsonfeed").glob("*.json"))
    counted = [len(json.loads(path.read_bytes())["items"]) for path in files]
    found = [[type(r) for r in results(path.read_bytes())] for path in files]
    assert found == [[Item] * number for number in counted]


def test_a_feed_that_declares_the_namespace_of_sitemaps_is_a_feed(shared):
    """The root element decides, not what it declares."""
    path = shared / "wires" / "sitemap_news" / "feed-with-sitemap-namespace.xml"
    found = results(path.read_bytes())
    assert {type(one) for one in found} == {Item}
    assert {one.source_format for one in found} == {"rss"}


def test_the_seed(shared):
    """First line headline, second paragraph standfirst, the rest body, nothing invented."""
    text = (shared / "seed" / "lecourrier-du-soir.txt").read_text("utf-8")
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    (item,) = results(text.encode())
    assert (item.headline, item.description_text) == (blocks[0], blocks[1])
    assert item.body_text == "\n\n".join(blocks[2:])
    assert (item.dateline, item.byline, item.language_declared) == (None, None, None)


VARIATIONS = {
    "as the seed": (TITLE, STANDFIRST, FIRST, SECOND),
    "no standfirst": (TITLE, None, FIRST, SECOND),
    "standfirst with full stop": (TITLE, STANDFIRST[:60] + ".", FIRST, SECOND),
    "dateline": (TITLE, STANDFIRST, "BAMAKO (Reuters) - " + FIRST, SECOND),
    "dateline without standfirst": (TITLE, None, "PARIS, 3 mai (AFP) – " + FIRST, SECOND),
    "question": ("Le port a-t-il menti ?", STANDFIRST, FIRST, SECOND),
    "quoted title": ("« Nous n’avons pas menti »", None, FIRST, SECOND),
    "english": (
        "Port confirms talks with shipyard",
        None,
        "The port confirmed on Friday that it was in talks with a shipyard, a week after the city "
        "had accused the yard of pollution and asked for its closure.",
        "The director said that the council had asked for help with its cranes two days before.",
    ),
    "russian": (
        "Порт подтвердил переговоры с верфью",
        "Город обвиняет верфь в загрязнении реки",
        "МОСКВА, 25 сентября. /ТАСС/. Порт подтвердил, что ведёт переговоры с верфью, сообщил "
        "директор порта журналистам в пятницу вечером.",
        "Совет просил о помощи два дня назад, и директор согласился обсудить условия.",
    ),
    "chinese": (
        "港口证实与造船厂谈判",
        None,
        "港口主管周五证实，港口正在与造船厂谈判。一周前，市政府指责造船厂污染河流，并要求关闭。",
        "两天前，市议会曾请求造船厂帮助维修起重机，双方将继续讨论。",
    ),
    "arabic": (
        "الميناء يؤكد التفاوض مع حوض السفن",
        None,
        "القاهرة (رويترز) - أكد الميناء يوم الجمعة أنه يتفاوض مع حوض السفن بعد أسبوع من الاحتجاج.",
        "وقال المدير إن المجلس طلب المساعدة قبل يومين.",
    ),
    "german": (
        "Hafen bestätigt Gespräche mit der Werft",
        "Stadt wirft dem Betrieb Verschmutzung vor",
        "HAMBURG (dpa) - Der Hafen hat am Freitag bestätigt, dass er mit der Werft verhandelt.",
        "Der Rat hatte vor zwei Tagen um Hilfe gebeten, sagte der Direktor.",
    ),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", VARIATIONS)
def test_variation_of_the_seed(name, line_end):
    """The form decides, whatever language and agency; the body keeps its text as written."""
    headline, standfirst, *body = VARIATIONS[name]
    text = "\n\n".join(block for block in (headline, standfirst, *body) if block)
    (item,) = results(text.replace("\n", line_end).encode("utf-8-sig"))
    assert (item.headline, item.description_text) == (headline, standfirst)
    assert item.body_text == "\n\n".join(body)
