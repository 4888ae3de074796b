"""Which mentions other steps may build on."""

from __future__ import annotations

from transforms.entities.gazetteer import Mention
from transforms.entities.trust import sure


def test_what_only_its_shape_makes_a_name_is_not_sure():
    """A title is proof, a capital is none; a place within a name is not who speaks."""
    found = [
        Mention(0, 1, "A", "person", None, method, 0.5)
        for method in ("rule:title", "rule:shape", "gazetteer:within", "gazetteer:place")
    ]
    assert [one.method for one in sure(found)] == ["rule:title", "gazetteer:place"]
