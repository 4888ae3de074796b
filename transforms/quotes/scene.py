"""What the search for a speaker may look at, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.quotes.lexicon import Speech
from transforms.quotes.people import People
from transforms.quotes.words import Name, Word, split_words


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker as written, None if not stated.

    `pronoun`: by a word that stands for somebody named before; `follows`: after the words; `named`:
    by name.
    """

    speaker: str | None
    entity_id: str | None = None
    pronoun: bool = False
    follows: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What the attribution of a span may look at.

    `relays` are where other things than persons are named; those that are `agencies` carry what
    others say, the rest may speak where a verb has them as its subject (`NATO said`).
    """

    text: str
    speech: Speech
    people: People
    mentions: tuple[Name, ...]
    relays: frozenset[int]
    agencies: frozenset[int] = frozenset()
    read: dict[tuple[int, int], list[Word]] = field(default_factory=dict)

    def words_behind(self, begin: int, end: int) -> list[Word]:
        """The words behind a quotation, which is asked for more than once."""
        if (begin, end) not in self.read:
            self.read[begin, end] = split_words(self.text, begin, end, self.speech)
        return self.read[begin, end]
