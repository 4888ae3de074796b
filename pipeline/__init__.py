"""The whole pipeline: its graph, its batch and streaming drivers, and the command line."""
