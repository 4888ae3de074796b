"""Before Beam is imported by a command."""

import logging


def silence_beam_import() -> None:
    """Beam warns on stderr that Google's clients are absent; nothing here needs them."""
    logging.root.setLevel(logging.ERROR)
