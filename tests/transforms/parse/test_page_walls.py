"""Walls of fetched pages: said for machines, by the address, by words; and what is no wall."""

from __future__ import annotations

import pytest

from tests.transforms.parse.pages import FIRST, SECOND, STATED, news, page
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ParseContext
from transforms.parse.page_walls import CONSENT, MAX_CLOSED, MAX_NOTICE, MAX_TEASER, PAYWALL

URL = "https://harbour-post.example/1"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


def found(body: str, head: str = STATED, url: str = URL, source: str = URL) -> str | None:
    """The reason of the reject, None for an article."""
    context = ParseContext(source_uri=source, url=url)
    (result,) = parse_document(page(body, head).encode(), context, "html")
    return None if isinstance(result, Item) else result.reason


@pytest.mark.parametrize("value", [False, "False", "false", "http://schema.org/False"])
def test_what_the_publisher_states_for_machines(value: object) -> None:
    """https://schema.org/isAccessibleForFree"""
    assert found(TEXT, news(headline="Ferry", isAccessibleForFree=value)) == "paywalled"


def test_a_part_that_is_not_free_closes_what_says_nothing_else() -> None:
    """https://developers.google.com/search/docs/appearance/structured-data/paywalled-content"""
    part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".rest"}
    assert found(TEXT, news(headline="Ferry", hasPart=part)) == "paywalled"
    assert found(TEXT, news(headline="Ferry", hasPart=[part, part])) == "paywalled"
    assert found(TEXT, news(headline="Ferry", isAccessibleForFree=True, hasPart=part)) is None


@pytest.mark.parametrize("value", [True, "True", None, "http://schema.org/True"])
def test_what_is_free_is_an_article(value: object) -> None:
    assert found(TEXT, news(headline="Ferry", isAccessibleForFree=value)) is None


@pytest.mark.parametrize(("tier", "reason"), [("locked", "paywalled"), ("metered", None)])
def test_open_graphs_tiers(tier: str, reason: str | None) -> None:
    """A metered page shows its text to whoever comes by."""
    head = f'{STATED}<meta property="article:content_tier" content="{tier}">'
    assert found(TEXT, head) == reason


@pytest.mark.parametrize("phrase", PAYWALL)
def test_every_phrase_of_a_paywall(phrase: str) -> None:
    """At the end of the text, in any case, with either apostrophe."""
    said = phrase.capitalize().replace("'", "’")
    assert found(f"{TEXT}<p>Ferry: {said}</p>") == "paywalled"
    assert found(f"{TEXT}<div class='x-paywall__box'>{said}</div>") == "paywalled"


@pytest.mark.parametrize(
    "body",
    [
        f"{TEXT}<aside><a class='badge'>Article réservé aux abonnés</a> Other news</aside>",
        f"<header><a href='/login'>Subscribe to continue reading</a></header>{TEXT}",
        f"<p>Readers see &quot;subscribe to continue reading&quot; ever more often.</p>"
        f"<p>{FIRST}</p>" + f"<p>{SECOND}</p>" * (MAX_TEASER // len(SECOND) + 1),
        f"<div class='paywall-off'>{TEXT}</div>",
        f"{TEXT}<div class='primo-piano'><a href='/2'>Contenuto per abbonati</a></div>",
        f"<div class='paywall'><p>Subscribe to continue reading, it says.</p>{TEXT * 10}</div>",
        f"{TEXT}<div style='display: none'><div id='paywall-x'>Subscribe to continue</div></div>",
    ],
    ids=[
        "badge of a teaser",
        "log-in at the top",
        "about paywalls",
        "wall around nothing",
        "front section",
        "wall around the whole",
        "a meter's wall, hidden",
    ],
)
def test_what_looks_like_a_paywall_and_is_none(body: str) -> None:
    assert found(body) is None


@pytest.mark.parametrize("phrase", CONSENT)
def test_every_phrase_of_a_notice(phrase: str) -> None:
    """In a title one is enough."""
    notice = "<p>" + "We use data of your device to show advertising. " * 8 + "</p>"
    assert found(notice, f"<title>{phrase.title()}</title>") == "consent_page"


@pytest.mark.parametrize(
    "url",
    [
        "https://consent.harbour-post.example/?to=x",
        "https://harbour-post.example/consent?to=/1",
        "https://harbour-post.example/Login/?next=/1",
        "https://accounts.harbour-post.example/",
    ],
)
def test_an_address_of_a_notice(url: str) -> None:
    long = "<p>" + "You can choose which of our partners may know what you read. " * 40 + "</p>"
    assert found(long, "", url) == "consent_page"
    assert found(TEXT, STATED, url) is None, "an article there is one"


def test_an_article_about_consent_is_one() -> None:
    """It says that it is an article, or is longer than a notice, or says but one of the phrases."""
    title = "<title>Your privacy choices, explained</title>"
    head = "<h1>Your privacy choices, explained</h1>"
    assert found(f"{head}<p>{FIRST}</p><p>{SECOND}</p>", STATED + title) is None
    paragraphs = "".join(f"<p>{n}. {SECOND} {FIRST}</p>" for n in range(MAX_NOTICE // 150))
    assert found(head + paragraphs, title) is None
    once = f"<p>{FIRST} Готовы принять все меры. Access denied, it said.</p><p>{SECOND}</p>"
    assert found(f"<h1>Ferry resumes</h1>{once}{TEXT}", "<title>Ferry resumes</title>") is None


def test_two_phrases_in_a_short_text_are_a_notice() -> None:
    notice = "<p>" + "We use data of your device to show advertising. " * 8 + "</p>"
    body = f"<h1>Harbour Post</h1>{notice}<p>We use cookies. Accept all cookies.</p>"
    assert found(body, "<title>Harbour Post</title>") == "consent_page"


def test_a_text_that_is_all_there_is_no_teaser() -> None:
    """Some publishers say it of all their articles and show some readers all of the text."""
    head = news(headline="Ferry", isAccessibleForFree=False)
    body = "".join(f"<p>{n}. {SECOND} {FIRST}</p>" for n in range(MAX_CLOSED // 160 + 1))
    assert found(body, head) is None


def test_a_dropped_page_is_never_a_wall() -> None:
    """Whoever saved it may have a subscription."""
    head = news(headline="Ferry", isAccessibleForFree=False)
    assert found(TEXT, head, source="inbox/saved.html") is None
