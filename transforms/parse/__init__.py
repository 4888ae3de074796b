"""Wire readers, one file per format, and the bounded child that runs them."""
