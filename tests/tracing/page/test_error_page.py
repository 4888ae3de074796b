"""The page of an error: what is wrong, and what to do."""

from __future__ import annotations

import pytest

from tests.tracing.page.models import HOSTILE
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.page.error_page import error_page


def page_of(*of: object) -> Parsed:
    text = error_page(*of)  # type: ignore[arg-type]
    check_inert(text)
    return Parsed(text)


@pytest.mark.parametrize(("status", "title"), [(404, "Not here"), (418, "Something is wrong")])
def test_it_says_what_is_wrong_and_what_to_do(status: int, title: str) -> None:
    page = page_of(status, "No article `abc`.", "`wiretrace sql` lists articles.")
    assert page.text("//h1") == title
    assert page.text("//p[@class='kicker']") == f"Error {status}"
    assert page.texts("//main//code") == ["abc", "wiretrace sql"]
    assert "No article abc. wiretrace sql lists articles." in page.text()


def test_hostile_texts_are_texts() -> None:
    page = page_of(404, f"No article {HOSTILE!s}`{HOSTILE}", "")
    assert page.text("//p[@class='deck']").count("<script>alert(1)</script>") == 2
