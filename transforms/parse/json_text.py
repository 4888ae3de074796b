"""JSON as it comes from strangers: nothing but a value or a reason why not.

orjson first (strict, and no recursion); the standard library reads what orjson refuses but can be
saved (lone surrogates), without NaN and Infinity, which RFC 8259 §6 does not know.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson

from transforms.parse.decoding import Undecodable, decode


class BadJson(ValueError):
    """No JSON value; `reason` is malformed, too_deep or undecodable."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message


def load_json(data: bytes, charset: str | None = None) -> tuple[Any, str, tuple[str, ...]]:
    """The value, the encoding and warnings.

    Raises:
        BadJson: with the reason and what stands where.
    """
    try:
        return orjson.loads(data), "utf-8", ()
    except orjson.JSONDecodeError:
        pass
    try:
        decoded = decode(data, charset)
    except Undecodable as error:
        raise BadJson("undecodable", str(error)) from None
    value = _load_leniently(decoded.text)
    return value, decoded.encoding, decoded.warnings


def _load_leniently(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise BadJson("too_deep", "nested deeper than about 1,000 levels") from None
    except json.JSONDecodeError as error:
        raise BadJson(
            "malformed", f"{error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except ValueError as error:
        raise BadJson("malformed", str(error)[:200]) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number (RFC 8259 §6)")
