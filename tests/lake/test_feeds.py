"""What is remembered of feeds: never ahead of the lake, and no damage costs more than a request."""

import pytest

from lake.feeds import KEPT, prune_health, read_health, write_health
from lake.tables import Lake, create_lake


@pytest.fixture
def lake(tmp_path) -> Lake:
    return create_lake(tmp_path / "lake")


def files(lake: Lake) -> list[str]:
    return sorted(path.name for path in (lake.state / "feeds").iterdir())


def test_nothing_is_known_of_a_fresh_lake(lake):
    assert read_health(lake, 0) == {}


def test_the_newest_committed_one_is_read(lake):
    write_health(lake, 1, 1, {"a": {"etag": "1"}})
    write_health(lake, 2, 2, {"a": {"etag": "2"}})
    assert read_health(lake, 2) == {"a": {"etag": "2"}}
    assert read_health(lake, 1) == {"a": {"etag": "1"}}, "run 2 was not committed"
    write_health(lake, 3, 2, {"a": {"etag": "3"}})
    assert read_health(lake, 2) == {"a": {"etag": "3"}}, "nothing was there to commit"


def test_what_was_never_committed_is_swept_and_two_are_kept(lake):
    for sequence in range(1, 6):
        write_health(lake, sequence, sequence, {"a": {}})
    (lake.state / "feeds" / ".000000000005.json.x.tmp").write_bytes(b"{")
    prune_health(lake, 4)
    assert files(lake) == ["000000000003.json", "000000000004.json"]
    assert len(files(lake)) == KEPT


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"\0" * 40, b"[]", b"[" * 100_000, b'{"requires": 2}', b'{"requires": 2, "feeds": []}',
        b'{"requires": "2", "feeds": {}}', b'{"requires": 2, "feeds": {"a": 1}}',
    ],
)  # fmt: skip
def test_the_one_before_stands_in_for_a_damaged_one(lake, damage):
    write_health(lake, 1, 1, {"a": {"etag": "1"}})
    (lake.state / "feeds" / "000000000002.json").write_bytes(damage)
    assert read_health(lake, 2) == {"a": {"etag": "1"}}
    prune_health(lake, 2)
    assert files(lake) == ["000000000001.json"]
