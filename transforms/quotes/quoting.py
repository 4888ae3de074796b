"""Whether the words that lead to marks quote what stands between them, or bear it as a name."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.quotes.clauses import last_verb, qualifying_verb
from transforms.quotes.lexicon import Speech
from transforms.quotes.scene import Scene
from transforms.quotes.speakers import (
    according,
    according_behind,
    attribution_before,
    leading_name,
)
from transforms.quotes.words import Word

_CARRIER_WORDS, _CARRIER_SIGNS = 6, 10


def qualifies(scene: Scene, lead: Sequence[Word], named: bool) -> bool:
    """Whether the words before the opening mark quote: by a verb close to it, or a `selon`.

    After a `selon` words that look like a name (`named`) are one.
    """
    if named and lead and lead[-1].key == ":" and scene.speech.cased:
        told = last_verb(lead[-4:], scene.speech) is not None
        return told or attribution_before(scene, lead) is not None
    if not scene.speech.spaced:
        return False
    if lead and lead[-1].key in ":：":
        return last_verb(lead[-4:], scene.speech) is not None
    if qualifying_verb(lead, scene.speech) is not None:
        return True
    return not named and according(scene, lead) is not None


def is_told(scene: Scene, lead: Sequence[Word], inside: str) -> bool:
    """Whether the sentence that leads to a few words is one of speech, and they are no name.

    Names begin with a capital: `said that the line would “close soon”`.
    """
    if not scene.speech.verbs or (scene.speech.cased and not inside[0].islower()):
        return False
    if not scene.speech.spaced:
        return attribution_before(scene, lead) is not None
    if scene.speech.verb_final:
        return according_behind(scene, lead) is not None
    if _names_a_thing(lead, inside, scene.speech):
        return False
    if last_verb(lead, scene.speech) is not None or according(scene, lead) is not None:
        return True
    return " " in inside and leading_name(scene, lead, mentioned=True) is not None


def _names_a_thing(lead: Sequence[Word], inside: str, speech: Speech) -> bool:
    """Whether a word or two say which of many things is meant: `el reto del “rompe cráneo”`."""
    if len(lead) < 2 or inside.count(" ") > 1 or lead[-1].key not in speech.articles:
        return False
    if speech.capital_nouns or lead[-1].key in speech.indefinite:
        return False
    contracted = lead[-1].key in speech.genitives and lead[-1].key not in ("de", "d'")
    return contracted or lead[-2].key in speech.genitives


def is_carried(scene: Scene, lead: Sequence[Word]) -> bool:
    """Whether a banner, a title or the like bears the words."""
    if not scene.speech.spaced:
        behind = lead[0].key[-_CARRIER_SIGNS:] if lead else ""
        return any(carrier in behind for carrier in scene.speech.carriers)
    near = lead[-_CARRIER_WORDS:]
    verbs = scene.speech.verbs
    return any(
        word.key in scene.speech.carriers and (word.key not in verbs or word is near[-1])
        for word in near
    ) and not (lead[-1].key == ":" and leading_name(scene, lead, mentioned=True))
