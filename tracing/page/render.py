"""Templates to HTML: every value is escaped, and no character of it may act on the page."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tracing.harmless import harmless
from tracing.page.phrases import (
    counted,
    day,
    day_and_minute,
    hours,
    lasting,
    minute_of_day,
    share,
    shortened,
)
from tracing.web_address import web_address

_HERE: Final = Path(__file__).parent
# Of BCP 47 what a news article can be in: a language, perhaps a script and a region.
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_UNKNOWN_LANGUAGES: Final = ("und", "mul", "zxx")


def render(template: str, **values: Any) -> str:
    """A page of `templates/` as HTML text.

    Raises:
        jinja2.UndefinedError: the template asks for a value that was not given.
    """
    return _environment().get_template(template).render(values)


def content_security_policy() -> str:
    """What a page may load and run: nothing but its own style and script, told by their digests."""
    style, script = (_digest(_asset(name)) for name in ("style.css", "script.js"))
    return "; ".join(
        (
            "default-src 'none'", f"style-src '{style}'", f"script-src '{script}'",
            "img-src data:", "form-action 'self'", "base-uri 'none'",
        )
    )  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "style": Markup(_asset("style.css")),
        "script": Markup(_asset("script.js")),
        "content_security_policy": content_security_policy(),
    }
    environment.filters |= {
        "language": language_tag, "web_address": web_address, "counted": counted, "day": day,
        "day_and_minute": day_and_minute, "minute_of_day": minute_of_day, "hours": hours,
        "lasting": lasting, "share": share, "iso": _iso, "shortened": shortened,
        "language_name": language_name,
    }  # fmt: skip
    return environment


def language_tag(language: str | None) -> str | None:
    """A language for the attribute `lang`; None if it is unknown or no tag."""
    if language is None or language in _UNKNOWN_LANGUAGES:
        return None
    return language if _LANGUAGE.fullmatch(language) else None


def language_name(code: str) -> str | None:
    """What a language is called in English; None if it is not known."""
    tag = language_tag(code)
    return Locale.parse("en").languages.get(tag) if tag else None


def _finalize(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _iso(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="seconds")


@cache
def _asset(name: str) -> str:
    text = (_HERE / name).read_text("utf-8")
    if "</" in text:
        raise ValueError(f"{name} holds '</', which would end its element")
    return text


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
