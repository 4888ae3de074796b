"""The page of a quotation: its carriers by time, how its words changed, other languages."""

from __future__ import annotations

from tests.tracing.page.models import HOSTILE, NOW, occurrence
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.page.links import Served
from tracing.page.quote_page import quote_page
from tracing.quote_model import QuotePage
from tracing.quote_occurrences import Credited
from tracing.quote_travels import Changed, Elsewhere, Travel
from transforms.quotes.variants import Piece, Variant


def page_of(*travels: Travel, missing: tuple[str, ...] = ()) -> Parsed:
    model = QuotePage(
        sequence=1, quote_key="key-wire", travels=travels, missing=missing, left_out=0
    )
    text = quote_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def travel(**fields: object) -> Travel:
    near = Credited("wire", "attribution", "Wire said", "body_text", 0, 4, is_near=True)
    far = Credited("afp", "credit", "AFP", "body_text", 90, 93, is_near=False)
    places = (
        occurrence("wire", "we will sail", speaker="The captain", speaker_entity_id="name:captain"),
        occurrence("paper", "we will sail", published=None, credits=(near, far)),
    )
    given: dict[str, object] = {
        "quote_key": "key-wire", "language": "en", "text": "we will sail",
        "story_ids": ("story-1",), "occurrences": places, "variants": (), "translated": (),
    }  # fmt: skip
    return Travel(**{**given, **fields})  # type: ignore[arg-type]


def test_carriers_by_time_with_speaker_and_the_credit_beside_it() -> None:
    page = page_of(travel())
    assert page.text("//h1") == "“we will sail”"
    first, second = page.table("Carriers in English")
    assert first == [
        "1 May 2024, 12:00 UTC",
        "wire.example",
        "Headline of wire",
        "The captain",
        "none",
    ]
    assert second[0] == "no date; seen 1 May 2024, 12:00 UTC"
    assert second[3:] == ["not stated", "wire “Wire said”"]
    assert {"/story/story-1", "/article/id-wire", "/entity/name%3Acaptain", "/agency/wire"} <= set(
        page.links()
    )


def test_how_its_words_changed() -> None:
    pieces = (Piece("same", "we will"), Piece("removed", "sail"), Piece("added", "wait"))
    changed = Changed(
        "key-late", "we will wait", Variant("changed", 0.66, pieces),
        (occurrence("late", "we will wait"),),
    )  # fmt: skip
    page = page_of(travel(variants=(changed,)))
    assert page.text("//blockquote") == "we will sail wait"
    assert (page.text("//blockquote/del"), page.text("//blockquote/ins")) == ("sail", "wait")
    assert "Changed; 66 % of the words are common; in late.example." in page.text()
    assert "/quote/key-late" in page.links()


def test_what_the_speaker_says_in_other_languages_may_be_the_same() -> None:
    other = Elsewhere(
        "key-fr", "fr", "nous partirons", "name:captain", (occurrence("matin", "nous partirons"),)
    )
    page = page_of(travel(translated=(other,)))
    assert page.text("//blockquote[@lang='fr']") == "nous partirons"
    assert "May be the same words; nothing but speaker and story says so." in page.text()


def test_a_quotation_that_no_article_has_now() -> None:
    page = page_of(missing=("quotes",))
    assert page.text("//h1") == "A quotation that no article has now"
    assert "No quotations are known in this lake." in page.text()


def test_hostile_texts_are_texts() -> None:
    place = occurrence(
        "evil", HOSTILE, language=HOSTILE, outlet=HOSTILE, headline=HOSTILE, speaker=HOSTILE,
        speaker_entity_id=HOSTILE, article_id=HOSTILE,
        credits=(Credited(HOSTILE, HOSTILE, HOSTILE, "body_text", 0, 1, is_near=True),),
    )  # fmt: skip
    changed = Changed(HOSTILE, HOSTILE, Variant(HOSTILE, 0.5, (Piece("added", HOSTILE),)), (place,))
    other = Elsewhere(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (place,))
    page = page_of(
        travel(
            quote_key=HOSTILE, language=HOSTILE, text=HOSTILE, story_ids=(HOSTILE,),
            occurrences=(place,), variants=(changed,), translated=(other,),
        )
    )  # fmt: skip
    assert "<script>alert(1)</script>" in page.text("//h1")
