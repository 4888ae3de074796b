"""The words of speech of each language, from `data/<language>.toml`.

`verbs` of saying, in the forms that stand beside a quotation; `qualifying` ones, which quote a word
or two ("qualifie de « … »"); phrases `according` to whom; `pronouns`; `articles`; `auxiliaries` and
adverbs between a subject and its verb; `honorifics` before a name; `genitives` that bind a name to
the noun before it; `stops` that end a speaker's description; `carriers` of words that nobody said
(banners, titles, what is but called so); `addressees` between a verb and its subject (`заявил
журналистам`); `figures`: nouns that stand for the person just named (`the minister`), unless an
`indefinite` leads them; phrases of `according` with their pronoun (`selon lui`);
words that put the verb before its subject, `inverting` (`comme l'explique X`);
articles that are no subject's, `datives` (`à revista`); auxiliaries of the passive, `passives`, but
behind `reflexives` (`s'est dit`), and the prepositions of its `agents` (`by X`); `complementizers`,
behind which a clause of its own begins (`said that`); `datives_of_names`: the endings of first name
and surname in which somebody is told something; `bodies` `within` which people say something, in
the plural (`plural_endings`: в полиции сообщили); `nominal`: verbs of Chinese that are nouns too;
`definite` articles, which make a noun stand for a person named before unless it is one for one of
the `institutions` or has one of the `plural_articles`; `companies` of these may stand for one named
before; `generic_roles`, that one with another role may have (глава); `times`: days between a verb
and its subject; `participles` that are verbs behind an auxiliary only (`ha acusado`). All lower
case.
`capital_nouns`: a capital does not tell a name (German); `bare_nouns`: a subject may do without an
article (English plurals); `drops_pronouns`: a verb without a subject goes on with the last one
(Spanish); `verb_final`: the speaker stands before the words, the verb behind them (Turkish);
not `spaced`: words are not parted (Chinese), so that verbs are looked for inside. `cased`: capitals
can tell names.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_HEAD = re.compile(r"[^\W_]+'?")
_NOT_LANGUAGES = {"marks"}


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One language's lists; `titles` to `breaking` are made of the others, once."""

    verbs: frozenset[str] = frozenset()
    qualifying: frozenset[str] = frozenset()
    according: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    honorifics: frozenset[str] = frozenset()
    genitives: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    addressees: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    indefinite: frozenset[str] = frozenset()
    according_pronouns: frozenset[str] = frozenset()
    inverting: frozenset[str] = frozenset()
    datives: frozenset[str] = frozenset()
    passives: frozenset[str] = frozenset()
    reflexives: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    complementizers: frozenset[str] = frozenset()
    datives_of_names: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    plural_endings: frozenset[str] = frozenset()
    nominal: frozenset[str] = frozenset()
    definite: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    generic_roles: frozenset[str] = frozenset()
    participles: frozenset[str] = frozenset()
    plural_articles: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    capital_nouns: bool = False
    drops_pronouns: bool = False
    bare_nouns: bool = False
    verb_final: bool = False
    spaced: bool = True
    cased: bool = False
    according_heads: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    adverbs: frozenset[str] = frozenset()
    breaking: frozenset[str] = frozenset()


@functools.cache
def speech(language: str | None) -> Speech:
    """The lists of a primary subtag; empty ones for a language without a file."""
    if language not in languages():
        return Speech()
    table = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    values: dict[str, Any] = {
        key: frozenset(value) if isinstance(value, list) else value for key, value in table.items()
    }
    # Who qualifies words speaks: `described it as “…”`.
    values["verbs"] |= values["qualifying"]
    phrases = values["according"] | values.get("according_pronouns", frozenset())
    heads = frozenset(_HEAD.findall(phrase)[0] for phrase in phrases)
    cased = any(verb.upper() != verb for verb in values["verbs"])
    lists = Speech(**values, cased=cased, according_heads=heads)
    return replace(
        lists,
        titles=lists.honorifics | lists.figures,
        bound=lists.stops | lists.genitives,
        adverbs=lists.auxiliaries - lists.articles,
        breaking=(lists.verbs | lists.stops) - lists.articles,
    )


@functools.cache
def languages() -> frozenset[str]:
    """The languages that have a file."""
    return frozenset(path.stem for path in DATA.glob("*.toml")) - _NOT_LANGUAGES
