"""ninjs 2 and 3 to the flat keys of ninjs 1 (https://www.iptc.org/std/ninjs/).

From 2.0 on names are camelCase, and headlines, bodies and descriptions are lists of objects with a
role and a content type. Before, a role could be part of the name (`headline_main`, `body_html5`).
"""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]
_LISTS: Final = {"headlines": "headline", "descriptions": "description_text"}
_BODIES: Final = ("body_html", "body_text", "body_xhtml")
# Names that hold a role begin so; what states the same without one goes before them.
_ROLES: Final = {
    "headline_": ("headline",),
    "description_": ("description_text",),
    "body_": _BODIES,
}
# Names of ninjs 1 that only look like a role.
_FIXED: Final = (*_BODIES, "description_html", "description_text", "description_usage")
_MARKUP: Final = ("application/xhtml+xml", "text/html")
_PLAIN: Final = ("", "text/plain")


def flatten(record: Json) -> Json:
    """The record with flat keys; what was flat already goes before what was not."""
    flat: Json = {}
    for key, value in record.items():
        folded = key.casefold()
        if folded in _LISTS and isinstance(value, list):
            flat.setdefault(_LISTS[folded], find_main(value))
        elif folded == "bodies" and isinstance(value, list):
            # Plain text of ninjs is often one paragraph, and its markup says where they end.
            flat.setdefault("body_html", find_main(value, _MARKUP))
            flat.setdefault("body_text", None if flat["body_html"] else find_main(value, _PLAIN))
        else:
            flat[key if key == folded else _flat_key(key, folded, record)] = value
    for prefix, stated in _ROLES.items():
        _take_role(flat, prefix, stated)
    return flat


def _take_role(flat: Json, prefix: str, stated: tuple[str, ...]) -> None:
    """Put the main role's value, else the first, where nothing is stated; no role stays."""
    names = [name for name in flat if name.startswith(prefix) and name not in _FIXED]
    named = {name: flat.pop(name) for name in names if isinstance(flat[name], str)}
    main = named.get(f"{prefix}main", "")
    found = next((value for value in (main, *named.values()) if value.strip()), None)
    if found and not any(flat.get(name) for name in stated):
        is_plain_body = stated is _BODIES and "</" not in found
        flat["body_text" if is_plain_body else stated[0]] = found


def _flat_key(key: str, folded: str, record: Json) -> str:
    return key if folded in record else folded


def find_main(values: list[Any], types: tuple[str, ...] | None = None) -> str | None:
    """The value of role `main`, else the first, among those of the content types."""
    found = [
        (str(one.get("role") or "").casefold(), value)
        for one in values
        if isinstance(one, dict) and isinstance(value := one.get("value"), str) and value.strip()
        if types is None or _content_type(one) in types
    ]
    main = (value for role, value in found if role == "main")
    return next(main, found[0][1] if found else None)


def _content_type(one: Json) -> str:
    stated = one.get("contentType") or one.get("contenttype") or ""
    return stated.partition(";")[0].strip().casefold() if isinstance(stated, str) else "?"
