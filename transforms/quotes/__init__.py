"""Quotes: words in quotation marks that somebody said, and who, where the text states it."""
