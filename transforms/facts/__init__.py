"""Numbers with units and dates that a text states, in one form for all languages."""
