"""Faults of every kind put into the lake, and what is left of it: `make chaos`, docs/chaos.md."""
