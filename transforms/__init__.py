"""The steps of an article's road: pure functions, each beside the PTransform that wires it."""
