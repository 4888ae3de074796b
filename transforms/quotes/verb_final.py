"""Who says the words between two marks where the verb stands at the end (Turkish).

`X, “…” dedi`, `“…” diye konuştu`, `“…” diyen X`: the verb or its noun (`ifadelerini kullandı`)
follows the words; the subject is the first name of the sentence, or stands behind a participle.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.quotes.lexicon import Speech
from transforms.quotes.words import Word

_NEAR = 3
_LOCAL = ("da", "de", "ta", "te", "dan", "den", "tan", "ten")
_PARTICIPLES = ("diyen", "konuşan", "söyleyen", "soran", "yazan", "belirten", "ifade eden")


def verb_behind(words: Sequence[Word], speech: Speech) -> int | None:
    """Where the verb stands among the words that follow the closing mark, None if not near."""
    for i, word in enumerate(words[: _NEAR + 1]):
        if word.key in speech.verbs:
            return i
        if word.is_sign and word.key not in ",":
            return None
    return None


def is_participle(word: Word) -> bool:
    """Whether the subject follows this verb (`diyen X`)."""
    return word.key in _PARTICIPLES


def is_local(word: Word) -> bool:
    """Whether a word stands in a case of place: `açıklamada` is where, not who."""
    return word.key.endswith(_LOCAL)


def is_oblique(text: str, end: int) -> bool:
    """Whether an apostrophe hangs a case on a name: its bearer is not the subject."""
    return text[end : end + 1] in ("'", "’")
