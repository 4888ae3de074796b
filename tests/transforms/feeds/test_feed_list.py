"""Lists of feeds: what is written is read back, what cannot be meant is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.feed_list import (
    BadFeedList,
    Feed,
    FeedList,
    Polling,
    read_list,
    read_toml,
    write_opml,
    write_toml,
)

URL = "https://harbour-post.example/rss"
_names = st.text("abcü <&\"'", min_size=1, max_size=12).map(str.strip).filter(bool)
_feeds = st.lists(
    st.builds(
        Feed,
        url=st.text("abc?&=/%~", max_size=12).map(lambda path: f"https://herald.example/{path}"),
        outlet=st.none() | st.just("herald.example"),
        title=st.none() | _names,
        categories=st.lists(st.text("abc ü/", min_size=1, max_size=8), max_size=3).map(tuple),
        credential=st.none() | st.just("desk_1"),
    ),
    max_size=5,
    unique_by=lambda feed: feed.url,
)


@given(_feeds)
def test_toml_gives_back_what_was_written(feeds):
    assert read_toml(write_toml(FeedList(tuple(feeds))), "list").feeds == tuple(feeds)


@given(_feeds)
def test_opml_gives_back_the_addresses_and_titles(feeds):
    found = read_list(write_opml(feeds), "list")
    assert [feed.url for feed in found.feeds] == [feed.url for feed in feeds]
    titles = [feed.title or feed.outlet or feed.url for feed in feeds]
    assert [" ".join((feed.title or "").split()) for feed in found.feeds] == [
        " ".join(title.split()) for title in titles
    ]


def test_every_key_is_read():
    text = f"""
    [polling]
    contact = "desk@herald.example"
    allow_hosts = ["intranet.example:8080"]
    min_interval = 120
    max_interval = 7200
    delay = 0.5
    parallel = 4
    [[feed]]
    url = "{URL}"
    outlet = "harbour-post.example"
    title = "Harbour Post"
    categories = ["Coast/North"]
    credential = "desk"
    """
    found = read_toml(text, "list")
    assert found.polling == Polling(
        contact="desk@herald.example",
        allow_hosts=("intranet.example:8080",),
        min_interval=120,
        max_interval=7200,
        delay=0.5,
        parallel=4,
    )
    assert found.feeds == (
        Feed(
            url=URL,
            outlet="harbour-post.example",
            title="Harbour Post",
            categories=("Coast/North",),
            credential="desk",
        ),
    )


BAD = {
    "no TOML": ("[[feed", "list"),
    "an unknown table": ("[feeds]", "'feeds' is unknown"),
    "an unknown key": (f'[[feed]]\nurl = "{URL}"\nfull = 1', "list, feed 1: 'full' is unknown"),
    "a table for many": ('[feed]\nurl = "x"', "[[feed]]"),
    "no address": ('[[feed]]\ntitle = "x"', "url is missing"),
    "another scheme": ('[[feed]]\nurl = "ftp://herald.example/"', "no address of a feed"),
    "brackets": ('[[feed]]\nurl = "http://[/"', "no address of a feed"),
    "a password": ('[[feed]]\nurl = "https://u:secret@herald.example/"', "credential"),
    "white space": (f'[[feed]]\nurl = "{URL}/a b"', "white space"),
    "an address too long": (f'[[feed]]\nurl = "{URL}/{"a" * 9000}"', "too long"),
    "an address twice": (f'[[feed]]\nurl = "{URL}"\n' * 2, "twice"),
    "a number for a text": (f'[[feed]]\nurl = "{URL}"\ntitle = 1', "title must be a text"),
    "a line break in a title": (f'[[feed]]\nurl = "{URL}"\ntitle = "a\\nb"', "title must be"),
    "an outlet of nothing": (f'[[feed]]\nurl = "{URL}"\noutlet = " / "', "outlet"),
    "a secret for its name": (f'[[feed]]\nurl = "{URL}"\ncredential = "u:p"', "is a name"),
    "bounds upside down": ("[polling]\nmin_interval = 600\nmax_interval = 60", "min_interval"),
    "bounds that are not a number": ("[polling]\nmax_interval = nan", "min_interval"),
    "no wait at all": ("[polling]\nmin_interval = 0", "min_interval"),
    "true for a number": ("[polling]\nparallel = true", "parallel must be a number"),
    "a delay below nothing": ("[polling]\ndelay = -1", "delay"),
    "a contact for no header": ('[polling]\ncontact = "bü"', "ASCII"),
    "a header in a contact": ('[polling]\ncontact = "a\\r\\nX: y"', "contact must be"),
    "a host that is none": ('[polling]\nallow_hosts = ["a:b:c"]', "allow_hosts"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_refused_with_a_reason(case):
    text, told = BAD[case]
    with pytest.raises(BadFeedList) as refused:
        read_toml(text, "list")
    assert told in str(refused.value)
    assert "secret" not in str(refused.value)


def test_bytes_that_are_neither_form():
    with pytest.raises(BadFeedList, match="neither OPML nor TOML"):
        read_list(b"\xff\xff\xff", "list")
    with pytest.raises(BadFeedList, match="list:"):
        read_list(b"<", "list")


def test_adding_keeps_what_is_there():
    known = FeedList((Feed(url=URL, title="Ours"),), Polling(delay=3))
    more = known.plus([Feed(url=URL, title="Theirs"), Feed(url=URL + "2")])
    assert more.feeds == (Feed(url=URL, title="Ours"), Feed(url=URL + "2"))
    assert more.polling.delay == 3
