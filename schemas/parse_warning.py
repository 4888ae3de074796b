"""What `articles.parse_warnings` may hold: a closed list, some with a detail after a colon."""

from __future__ import annotations

WARNINGS = {
    "citations_failed": "Tagging of citations failed: there are none.",
    "date_absurd": "A year before 1900 or after 2100; null, `published_raw` keeps it.",
    "date_in_future": "A date more than two days ahead of the run; null, `published_raw` keeps it.",
    "date_unparseable": "A date that no rule can read; null, `published_raw` keeps it.",
    "date_zone_unknown": "The zone's name is unknown or means several; UTC was taken.",
    "encoding_damaged": "Some bytes are no text in the encoding named; they read as U+FFFD.",
    "encoding_guessed": "No encoding was declared and it is not UTF-8; the one named was guessed.",
    "encoding_refused": "The declared encoding is not on our list; it counts as undeclared.",
    "encoding_repaired": "The bytes contradict the declared encoding; `declared>used`.",
    "entities_failed": "Tagging of entities failed: there are none.",
    "entity_model_failed": "The model of `--entities best` failed on the text: rules alone.",
    "facts_failed": "Finding of numbers and dates failed: there are none.",
    "feed_ill_formed": "The feed is not well-formed XML; it was read as far as it goes.",
    "language_failed": "Language detection failed: `und`.",
    "language_not_read": "The item has the story in the language named too; the first is read.",
    "lone_surrogate_replaced": "Half a surrogate pair became U+FFFD (RFC 8259 §8.2).",
    "mojibake": "The field named looks like UTF-8 read as windows-1252; kept as it is.",
    "mojibake_repaired": "The field named was UTF-8 read as windows-1252, certainly; mended.",
    "oversize_name_dropped": "An author's name of absurd length was left out.",
    "published_missing": "No date of publication was stated; `first_seen` stands in.",
    "pubstatus_unknown": "The stated `pubstatus` is none of ours; taken for usable.",
    "quotes_failed": "Finding of quotes failed: there are none.",
    "unknown_key": "A key of a JSON record that means nothing to us.",
    "urgency_unknown": "The stated urgency is not 1 to 9; null.",
    "xml_ill_formed": "The document is not well-formed XML; it was read as far as it goes.",
    "wrong_type": "A key of a JSON record whose value has the wrong type; left out.",
}


def is_known(warning: str) -> bool:
    """Whether a warning, but for its detail, is on the list."""
    return warning.partition(":")[0] in WARNINGS
