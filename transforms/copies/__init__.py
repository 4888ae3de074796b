"""Copies: who carries whose text. Pure functions; the tables and the graph come with `links`."""
