"""Pages about what a lake holds: pure functions from what was read to HTML, for disk and server."""
