"""The demo corpus, taken in once for all tests of a process: as it is, and renamed."""

from __future__ import annotations

import pytest

from tests.examples.corpus import Corpus, take_in


@pytest.fixture(scope="session", params=["as it is", "renamed"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A lake of the corpus, read only."""
    return take_in(tmp_path_factory.mktemp("corpus"), renamed=request.param == "renamed")
