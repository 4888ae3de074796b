"""Which articles report one event: within a language, then across languages."""
