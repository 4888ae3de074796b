"""What is a copy, what is a form filled in again, and which kind a copy is."""

from __future__ import annotations

import pytest

from transforms.copies.verify import is_copy, verify

WIRE = (
    "Mariners of the Aurora said on Monday that the harbour of Port Lazare would stay closed until "
    "the wreck of the Halcyon is lifted. The company, Quay Lines, expects the crane from Rotterdam "
    "on Thursday. It lost 4.2 million euros in March, its director Ada Merrin told reporters, and "
    "will ask the ministry for help. The union wants 38 jobs saved, and a hearing in the summer. "
    "Divers had found no leak in the hull, which lies in eleven metres of water with its cargo of "
    "timber, but nobody could yet say who had opened the gates of the dock that night."
)
PART = WIRE[: WIRE.index(" The union")]
LOCAL = (
    "Our readers in the old town have waited for weeks. The baker of the fish market, who sells to "
    "sailors, has closed two of his three shops, and the school boat does not run. On the quay the "
    "nets dry in the sun as if it were August, and nobody buys a ticket to the islands any more."
)
DAILY = (
    "The central bank sold {sold} million crowns at an auction on {day}, it said in a statement. "
    "Bids came to {bids} million, and the average yield was {rate} per cent against {before} per "
    "cent at the last auction. The {bank} said it would hold the next one in two weeks, as planned."
)
TODAY = DAILY.format(sold=250, day="Monday", bids=612, rate="3.41", before="3.38", bank="Treasury")
LATER = DAILY.format(sold=310, day="Friday", bids=540, rate="3.52", before="3.41", bank="Treasury")


def kind(one: str, other: str, hours: float | None = 2.0) -> str | None:
    found = verify(one, other, hours)
    return found.kind if found and is_copy(found, 0, hours) else None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (WIRE, "same"),
        (WIRE.replace("’", "'").replace("Monday", "Tuesday").upper(), "same"),
        (WIRE[: WIRE.index(" It lost")], "embedded"),
        (f"{LOCAL}\n\n{WIRE}\n\n{LOCAL}", "embedded"),
        (f"{LOCAL} {PART}", "excerpt"),
        (LOCAL, None),
        ("", None),
    ],
    ids=["itself", "restyled", "cut", "in a longer one", "a part in another", "another", "nothing"],
)
@pytest.mark.parametrize("hours", [2.0, 500.0, None], ids=["near", "far", "no time"])
def test_kinds(other: str, expected: str | None, hours: float | None) -> None:
    """Whichever of the two is asked for, and however far apart they are."""
    assert kind(WIRE, other, hours) == expected
    assert kind(other, WIRE, hours) == expected


@pytest.mark.parametrize("hours", [0.5, 96.0, None])
def test_a_form_filled_in_again_is_no_copy(hours: float | None) -> None:
    """It shares runs of words, and neither its numbers nor its names."""
    assert kind(TODAY, LATER, hours) is None


@pytest.mark.parametrize("hours", [0.5, 96.0, None])
def test_a_long_run_is_no_copy_where_the_data_are_others(hours: float | None) -> None:
    """What surrounds the data may be longer than many a copy."""
    form = (
        "{who} was awarded {sum} million dollars for {what}. It said work on the contract, which "
        "was awarded as part of a programme of several contracts, is expected to be completed by "
        "the end of the coming year if all permits are there, and that no other bid was in."
    )
    one = form.format(who="Chevalier Oil of Houston", sum="50.3", what="Jet Fuel JP-8")
    other = form.format(who="Puerto Sol Refining Inc", sum="42.4", what="Diesel Grade 2")
    assert kind(one, other, hours) is None


def test_a_short_form_with_the_same_data_is_a_copy_only_if_it_is_near() -> None:
    """Sent again within the day; after a week the same rate was reported again."""
    today = (
        "The bank left its rate at 3.41 per cent on a review and sees no need for any change soon."
    )
    again = today.replace("any change", "a move")
    assert kind(today, again, 1.0) == "same"
    assert kind(today, again, 168.0) is None


@pytest.mark.parametrize(
    ("days", "hours", "expected"),
    [(2, 96.0, True), (3, 96.0, False), (3, None, False), (3, 12.0, True), (30, 1.0, True)],
)
def test_what_is_a_form_on_other_days_is_copied_only_within_hours(
    days: int, hours: float | None, expected: bool
) -> None:
    found = verify(WIRE, WIRE, hours)
    assert found is not None
    assert is_copy(found, days, hours) is expected


def test_a_form_is_told_from_what_shares_nothing() -> None:
    """It is what makes the words of a text a form."""
    long = TODAY.replace(".", " and nothing else was said of it by anybody who had been there.")
    other = LATER.replace(".", " and nothing else was said of it by anybody who had been there.")
    found = verify(long, other, 96.0)
    assert found is not None
    assert (found.kind, is_copy(found, 0, 1.0)) == ("form", False)
    assert verify(long, LOCAL, 96.0) is None


def test_a_corrected_number_does_not_make_it_another_text() -> None:
    found = verify(WIRE, WIRE.replace("4.2 million", "2.4 million"), 1.0)
    assert found is not None
    assert (found.kind, found.numbers) == ("same", 0.5)


def test_one_number_put_right_is_no_other_text_if_it_is_near() -> None:
    """Of a short text with one number, that is all of its numbers."""
    text = (
        "Quay Lines of Port Lazare will lay up the Aurora and two smaller ferries. The company "
        "lost {} million euros, and sees no better year before the new pier is built, its owner "
        "Ada Merrin said on the quay, where the crews had waited for an hour."
    )
    assert kind(text.format("4.2"), text.format("2.4"), 1.0) == "same"
    assert kind(text.format("4.2"), text.format("2.4"), 96.0) is None


def test_a_paragraph_of_background_is_no_form() -> None:
    """It comes again in other stories, and is a small part of each."""
    background = (
        "The strait was closed in March when a tanker ran aground, and pilots have refused to work "
        "at night since then"
    )
    one = f"{LOCAL} {LOCAL.upper()} {background}, said Osric Tamm of Tamm and Sons in Port Lazare."
    other = f"{WIRE} {background}, wrote Edda Holm of the Northern Union on Friday 13 June 2025."
    assert verify(one, other, 96.0) is None


def test_names_are_compared_where_the_texts_are_shared() -> None:
    """Those of the rest of an excerpt say nothing of it."""
    other = f"{LOCAL.replace('baker', 'Baker Osric Tamm of Tamm and Sons')} {PART}"
    assert kind(WIRE, other) == "excerpt"


def test_without_capitals_only_long_runs_and_whole_texts_are_copies() -> None:
    """Names are not seen there: two banks with two governors share all but those."""
    text = (
        "俄罗斯外交部长当天在莫斯科证实马里军队正在与私营军事公司接触，并表示俄罗斯政府与这些谈判无关。"
        "法国和欧洲联盟对此表示严重关切，称任何此类合作都会损害该地区的稳定与安全，并要求马里当局作出解释。"
        "联合国特派团发言人在巴马科对记者说，目前没有得到任何正式通知。"
    )
    assert kind(f"本报综合报道。{text}", f"{text}莫斯科方面说。") == "same"
    assert kind(text[:48], f"{text[:48]}据悉会议将改在下周举行，地点与议程均未确定。") is None
    form = (
        "央行行长{who}星期{day}宣布将基准利率维持不变，理由是通货膨胀率仍高于百分之二的目标水平。"
    )
    one, other = form.format(who="王建国", day="一"), form.format(who="李卫东", day="五")
    assert kind(one, other, 96.0) is None


def test_letters_count_less_than_words() -> None:
    """Forty words are sixty-four letters of Chinese."""
    letters = "".join(chr(0x4E00 + 7 * n) for n in range(200))
    mine, other = letters[:65], f"本报。{letters[:65]}，莫斯科方面说会议将改在下周举行。"
    assert kind(mine, other) == "embedded"
    assert kind(letters[:63], f"本报。{letters[:63]}，莫斯科方面说会议将改在下周举行。") is None


def test_two_that_quote_one_speech_copy_nothing_from_each_other() -> None:
    """The words are the speaker's; with as much of one desk's own words it is an excerpt."""
    speech = (
        "We will not sell one metre of this quay, not to a friend and not to a stranger, for our "
        "fathers built it with their hands and our children shall land their boats at it when all "
        "of us are gone, and whoever tells you otherwise has not asked a single fisherman here"
    )
    own = "the mayor of Tern told the crowd that had come to the old market hall at noon today"
    one, other = (
        f"{LOCAL} {LOCAL.upper()} “{speech}”, {{}}.",
        f"{WIRE} “{speech}”, {{}}. {WIRE.upper()}",
    )
    assert kind(one.format("he said"), other.format("Osric Tamm said")) is None
    assert kind(one.format(own), other.format(own)) == "excerpt"
    brief = f"The mayor: “{speech}.”"
    assert kind(brief, other.format("said Osric Tamm")) is None
    assert kind(f"“{speech}”, {own}.", other.format(own)) == "embedded"
    assert kind(brief, brief) == "same"


LONG = (
    "The dam above Port Marlin holds {} million litres more than last year, its warden Ines Carrow "
    "told the council of Tern on Monday, and the gates will be opened for {} days in April so that "
    "the river may carry the silt of the winter down to the sea before the herring come to spawn"
)


def test_of_a_long_run_days_apart_one_number_may_be_another() -> None:
    """Shares of numbers say little of a text that has two."""
    one = LONG.format(40, 9)
    assert kind(one, LONG.format(70, 9), 96.0) == "same"
    assert kind(one, LONG.format(70, 3), 96.0) is None
    opened = (
        "On the coast {} of {} sluices of the dam were opened on Monday, its warden Ines Carrow "
        "told the Mayor of Port Marlin and Tern, so that the river may carry the winter silt "
        "down to the sea before the herring come to spawn, as they do each year when ice is gone"
    )
    assert kind(opened.format(5, 8), opened.format(5, 7), 96.0) == "same"
    assert kind(opened.format(5, 8), opened.format(4, 7), 96.0) is None
    # Not of a part: the rest of both tells of other things.
    assert kind(f"{one} {LOCAL} {TODAY}", f"{WIRE} {LONG.format(70, 9)}", 96.0) is None
