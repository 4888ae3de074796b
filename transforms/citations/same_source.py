"""Whether the name of a source, as a citation has it, means an outlet."""

from __future__ import annotations

import re
import unicodedata

from transforms.entities.fold import fold_name

_LEAST_CONTAINED = 5
_LEAST_SKELETON = 4
# "Le Témoin" is called "du Témoin", and the Guardian its name without an article.
_ARTICLE = re.compile("^(?:the|le|la|les|el|il|der|die|das)")
# Letters of other scripts, and Latin letters that stand for one sound. Only to propose: what is
# proposed must share rare names with the citing article.
_SOUNDS = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэй", "abvgdeziklmnoprstufiei", strict=True))
    | {"ж": "zh", "х": "h", "ц": "ts", "ч": "kh", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia"}
    | {"ъ": "", "ь": ""}
    | dict(zip("ابتجدرزسفقكلمنهوي", "abtgdrzsfkklmnhui", strict=True))
    | {"ث": "th", "ح": "h", "خ": "h", "ذ": "z", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z"}
    | {"ع": "", "غ": "g", "ء": "", "ى": "a", "ة": "a", "پ": "p", "چ": "ch", "گ": "g"}
    | {"c": "k", "q": "k", "w": "v", "y": "i"}
)
# Arabic writes no vowels that could be relied on, and has neither p nor v.
_BONES = str.maketrans({"p": "b", "v": "f"} | dict.fromkeys("aeiouh"))


def same_source(agency: str, outlet: str, outlet_name: str | None) -> bool:
    """Whether `agency` (`tass`, `le-monde`, `ростелеграф`) is the outlet by its id, host or name.

    A name of five letters and more may be a part of the host: `cormoran` of `agence-cormoran.fr`.
    A name in another script is compared by its sounds, from Arabic by the consonants.
    """
    asked = _letters(agency)
    written = {_letters(outlet), _letters(outlet.split(".")[0]), _letters(outlet_name or "")} - {""}
    if not asked or not written:
        return False
    if _holds(asked, written, _LEAST_CONTAINED):
        return True
    if asked.isascii():
        return False
    sounds = {name.translate(_SOUNDS) for name in written}
    if _holds(asked.translate(_SOUNDS), sounds, _LEAST_CONTAINED):
        return True
    bones = {name.translate(_BONES) for name in sounds} - {""}
    return _holds(asked.translate(_SOUNDS).translate(_BONES), bones, _LEAST_SKELETON)


def is_exactly(agency: str, outlet: str, outlet_name: str | None) -> bool:
    """Whether `agency` is the outlet's whole id or name, or the first label of its host."""
    written = {_letters(outlet), _letters(outlet.split(".")[0]), _letters(outlet_name or "")}
    return _letters(agency) in written - {""}


def _holds(asked: str, names: set[str], least: int) -> bool:
    return asked in names or (len(asked) >= least and any(asked in name for name in names))


def _letters(name: str) -> str:
    folded = fold_name(unicodedata.normalize("NFKC", name))
    return "".join(c for c in folded if c.isalnum())


def is_named(text: str, outlet: str, outlet_name: str | None) -> bool:
    """Whether a text names the outlet anywhere: its name, its host's first label, or their sounds.

    Case, accents, spaces and points make no difference, so that a short name is found within other
    words, too: to be asked where a name that is overlooked is worse.
    """
    written = {_letters(outlet), _letters(outlet.split(".")[0]), _letters(outlet_name or "")} - {""}
    written |= {bare for name in written if len(bare := _ARTICLE.sub("", name)) >= _LEAST_CONTAINED}
    said = _letters(text)
    sounds, bones = said.translate(_SOUNDS), said.translate(_SOUNDS).translate(_BONES)
    return any(
        name in said
        or name.translate(_SOUNDS) in sounds
        or (
            not said.isascii()
            and len(bare := name.translate(_SOUNDS).translate(_BONES)) >= _LEAST_CONTAINED
            and bare in bones
        )
        for name in written
    )
