"""Archives: every trick of a hostile one is that member's reject, and the others live."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.parse import archive, packing
from transforms.parse.archive import MAX_MEMBERS, Member, find_kind, read_members, to_printable
from transforms.parse.document import parse_document, parse_parts
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.packing import MAX_MEMBER, MAX_TOTAL

GOOD = b'{"headline": "good"}'
MIB = 1 << 20


def to_zip(*members, method=zipfile.ZIP_DEFLATED):
    """A ZIP archive of (name, bytes) pairs or (ZipInfo, bytes) pairs."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, data in members:
            target.writestr(name, data, compress_type=method)
    return buffer.getvalue()


def to_tar(*members, form=tarfile.PAX_FORMAT):
    """A tar archive of (name or TarInfo, bytes) pairs."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as target:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            target.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def results(data, forced=None, **context):
    return list(parse_document(data, ParseContext(source_uri="a", **context), forced))


def outcome(data, forced=None, **context):
    """(member, headline or reason) of each result."""
    return [
        (r.member, r.headline if isinstance(r, Item) else r.reason)
        for r in results(data, forced, **context)
    ]


def patched(data, signature, offset, value):
    """The archive with bytes changed in the last header that has the signature."""
    start = data.rindex(signature) + offset
    return data[:start] + value + data[start + len(value) :]


BESIDE = (("a.json", GOOD), ("b.json", GOOD))
CENTRAL = b"PK\x01\x02"
LIVES = ("a.json", "good")


@pytest.mark.parametrize("pack", [to_zip, to_tar], ids=["zip", "tar"])
@pytest.mark.parametrize("gzipped", [False, True], ids=["bare", "gzipped"])
def test_members_are_read_like_containers(pack, gzipped):
    """Each by its content, gzipped or not; a bad record is its own reject."""
    data = pack(
        ("feed", b"<rss><channel><item><title>t</title></item></channel></rss>"),
        ("lines", GOOD + b"\nnot JSON\n"),
        ("packed", gzip.compress(GOOD)),
    )
    assert outcome(gzip.compress(data) if gzipped else data) == [
        ("feed", "t"), ("lines", "good"), ("lines", "malformed"), ("packed", "good"),
    ]  # fmt: skip


def test_spans_are_of_the_member():
    """Where a record lies in its member, not in the archive."""
    (_, second) = results(to_zip(("lines", GOOD + b"\n" + GOOD)))
    assert (second.member, second.record, second.raw_span) == ("lines", 2, (21, 41))


ZIP_FAULTS = {
    "encrypted": (patched(to_zip(*BESIDE), CENTRAL, 8, b"\x01\x00"), "encrypted"),
    "strongly encrypted": (patched(to_zip(*BESIDE), CENTRAL, 8, b"\x41\x00"), "encrypted"),
    "bzip2": (
        patched(to_zip(*BESIDE), CENTRAL, 10, b"\x0c\x00"),
        "decompression_failed",
    ),
    "wrong checksum": (patched(to_zip(*BESIDE), CENTRAL, 16, b"abcd"), "decompression_failed"),
    "declared too large": (
        patched(to_zip(*BESIDE), CENTRAL, 24, struct.pack("<L", MAX_MEMBER + 1)),
        "too_large",
    ),
    "ZIP64 form": (patched(to_zip(*BESIDE), CENTRAL, 20, b"\xff\xff\xff\xff"), "malformed"),
    "local header elsewhere": (
        patched(to_zip(*BESIDE), CENTRAL, 42, bytes([to_zip(*BESIDE).rindex(b"PK\3\4") + 1])),
        "malformed",
    ),
    "bytes of its neighbour": (
        patched(to_zip(*BESIDE), CENTRAL, 42, struct.pack("<L", 0)),
        "overlapping_member",
    ),
    "a symbolic link": (
        patched(to_zip(*BESIDE), CENTRAL, 38, struct.pack("<L", 0o120777 << 16)),
        "not_regular",
    ),
    "damaged": (
        patched(to_zip(*BESIDE, method=zipfile.ZIP_DEFLATED), b"PK\x03\x04", 36, b"\xff\xff"),
        "decompression_failed",
    ),
}


@pytest.mark.parametrize("fault", ZIP_FAULTS)
def test_a_bad_member_of_a_zip_spares_its_neighbour(fault):
    """The second of two members is bad, and named."""
    data, reason = ZIP_FAULTS[fault]
    assert outcome(data) == [LIVES, ("b.json", reason)]


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a", "a/../../b", "..\\a", "C:\\a", "\\a", "n" * 1025]
)
@pytest.mark.parametrize("pack", [to_zip, to_tar], ids=["zip", "tar"])
def test_unsafe_names_are_rejects(pack, name):
    """A name that could leave a folder is the mark of an attack, though nothing is unpacked."""
    data = pack((name, GOOD), BESIDE[0])
    assert [o[1] for o in outcome(data)] == ["unsafe_name", "good"]


@pytest.mark.parametrize("name", ["a..b.json", "a.json..", "C.json", "x/..y/z.json"])
def test_names_that_only_look_unsafe_are_read(name):
    """Dots within a name lead nowhere."""
    assert outcome(to_zip((name, GOOD))) == [(name, "good")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack", [to_zip, to_tar], ids=["zip", "tar"])
def test_the_second_of_one_name_is_a_reject(pack):
    """Two records at one address could not be told apart."""
    data = pack(("a.json", GOOD), ("a.json", b'{"headline": "other"}'))
    assert outcome(data) == [LIVES, ("a.json", "duplicate_name")]


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"Q"],
)
def test_links_and_devices_are_rejects(kind):
    """Nothing outside of the archive is looked at."""
    data = to_tar(special("x", kind, "/etc/passwd"), BESIDE[0])
    assert outcome(data) == [("x", "not_regular"), LIVES]


@pytest.mark.parametrize("pack", [to_zip, to_tar], ids=["zip", "tar"])
def test_what_desktops_leave_behind_counts_as_nothing(pack):
    """Folders and hidden companions are no deliveries."""
    names = ["__MACOSX/._a.json", "f/.DS_Store", "Thumbs.db", "f/._b", "desktop.ini"]
    data = pack(*((name, b"\0\5\x16\7") for name in names), BESIDE[0])
    assert outcome(data) == [LIVES]
    folder = to_tar(special("folder", tarfile.DIRTYPE), BESIDE[0])
    assert outcome(folder) == outcome(to_zip(("folder/", b""), BESIDE[0])) == [LIVES]


@pytest.mark.parametrize(
    ("name", "printable"),
    [
        ("паром.json".encode(), "паром.json"),
        (b"caf\x82.json", "caf\\x82.json"),
        (b"./a.json", "a.json"),
        (b"a\n\x1b[2Jb", "a\\x0a\\x1b[2Jb"),
        (b"nul\x00.json", "nul\\x00.json"),
    ],
)
def test_names_are_printable(name, printable):
    """Whatever bytes a name is made of, it can be shown and stored; the member lives."""
    assert to_printable(name) == printable


def test_a_name_that_is_no_utf8_spares_all():
    """`zipfile` would refuse the whole archive for it."""
    data = to_zip(("caf\u00e9.json", GOOD), BESIDE[0]).replace(b"caf\xc3\xa9", b"caf\x82\xa9")
    assert outcome(data) == [("caf\\x82\\xa9.json", "good"), LIVES]


@pytest.mark.parametrize("inner", [to_zip, to_tar], ids=["zip", "tar"])
@pytest.mark.parametrize("outer", [to_zip, to_tar], ids=["zip", "tar"])
def test_an_archive_within_an_archive_is_not_opened(outer, inner):
    """One level, so no quine unfolds; packed by gzip or not."""
    nested = inner(("c.json", GOOD))
    data = outer(("in", nested), ("in.gz", gzip.compress(nested)), BESIDE[0])
    assert outcome(data) == [("in", "too_deep"), ("in.gz", "too_deep"), LIVES]


def test_a_member_that_a_replay_brings_is_not_opened_either():
    """Alone it is still a member, of whatever kind; its results bear its name."""
    assert outcome(to_zip(BESIDE[0]), member="in") == [("in", "too_deep")]
    assert outcome(GOOD, member="in") == [("in", "good")]


def test_a_bomb_is_stopped_at_its_ratio():
    """1,000 times what it was packed to: no more than the limit is ever unpacked."""
    data = to_zip(("bomb", bytes(8 * MIB)), BESIDE[0])
    assert outcome(data) == [("bomb", "decompression_failed"), LIVES]


def test_a_bomb_that_lies_about_its_size_is_stopped():
    """The header says 5 bytes."""
    data = patched(to_zip(BESIDE[0], ("b", bytes(8 * MIB))), CENTRAL, 24, struct.pack("<L", 5))
    assert outcome(data) == [LIVES, ("b", "decompression_failed")]


def bomb_of_one_kernel(copies):
    """Members whose headers all point to one stretch of packed bytes (as 42.zip's successors)."""
    packed = zlib.compress(bytes(100_000), 9)[2:-4]
    crc = zlib.crc32(bytes(100_000))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 100_000, 1, 0)
    body = local + b"k" + packed
    headers = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            CENTRAL,
            20,
            20,
            0,
            8,
            0,
            0,
            crc,
            len(packed),
            100_000,
            5,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"%05d" % number
        for number in range(copies)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(headers), len(body), 0)
    return body + headers + end


def test_bytes_that_many_members_share_are_unpacked_once():
    """5,000 members of 100 kB from 60 kB of archive: one is read, the others are rejects."""
    found = outcome(bomb_of_one_kernel(5_000))
    assert [reason for _, reason in found[1:]] == ["overlapping_member"] * 4_999
    assert found[0] == ("00000", "binary")


def test_more_members_than_allowed_end_the_archive():
    """Those before live; one reject without a member says what became of the rest."""
    data = to_tar(*((f"{n}.json", GOOD) for n in range(MAX_MEMBERS + 5)), form=tarfile.USTAR_FORMAT)
    *before, last = outcome(data)
    assert before == [(f"{n}.json", "good") for n in range(MAX_MEMBERS)]
    assert last == (None, "too_large")


@pytest.mark.parametrize("pack", [to_zip, to_tar], ids=["zip", "tar"])
def test_more_bytes_than_allowed_are_not_unpacked(pack, monkeypatch):
    """What no longer fits is rejected by name, without being tried."""
    monkeypatch.setattr(archive, "MAX_TOTAL", 50)
    data = pack(*((f"{n}.json", GOOD) for n in range(5)))
    assert [o[1] for o in outcome(data)] == ["good", "good", "too_large", "too_large", "too_large"]
    assert MAX_TOTAL == packing.MAX_TOTAL == 64 * MIB


def test_a_member_larger_than_allowed_spares_the_others():
    """A tar says sizes honestly."""
    data = to_tar(("big", bytes(MAX_MEMBER + 1)), BESIDE[0])
    assert outcome(data) == [("big", "too_large"), LIVES]


@pytest.mark.parametrize("cut", range(0, 300, 7))
def test_a_zip_cut_anywhere_is_a_reject(cut):
    """Without its directory nothing is known of an archive."""
    data = to_zip(*BESIDE)
    found = results(data[: len(data) - 1 - cut])
    assert found
    assert all(isinstance(r, ItemReject) for r in found)


def test_a_tar_cut_short_keeps_what_is_whole():
    """The first member lives; the second is a reject."""
    data = to_tar(BESIDE[0], ("b.json", GOOD * 100), form=tarfile.USTAR_FORMAT)
    assert outcome(data[: 512 * 3 + 700]) == [LIVES, ("b.json", "malformed")]


def test_a_damaged_tar_header_is_no_silent_end():
    """`tarfile` stops there without a word; the rest is lost, and somebody must know."""
    data = bytearray(to_tar(*BESIDE, form=tarfile.USTAR_FORMAT))
    data[1024:1030] = b"xxxxxx"
    assert outcome(bytes(data)) == [LIVES, (None, "malformed")]


def test_directory_that_contradicts_itself_is_named():
    """Fewer members than announced: what is listed is read, the rest is not passed over."""
    data = to_zip(*BESIDE)
    broken = patched(data, b"PK\x05\x06", 10, struct.pack("<H", 3))
    assert outcome(broken) == [LIVES, ("b.json", "good"), (None, "malformed")]


@pytest.mark.parametrize("name", ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"])
def test_an_office_document_is_not_opened(name):
    """It is one reject, and not one for each of its parts."""
    assert outcome(to_zip((name, b"x"), ("word/document.xml", b"<x/>"))) == [
        (None, "unknown_format")
    ]


def test_a_text_that_says_ustar_is_no_tar():
    """The checksum decides."""
    text = b"x" * 257 + b"ustar\x0000" + b"x" * 300
    assert find_kind(text) is None
    assert find_kind(to_tar(BESIDE[0], form=tarfile.USTAR_FORMAT)) == "tar"


@pytest.mark.parametrize(
    ("forced", "expected"),
    [("zip", LIVES), ("text", ("a.json", '{"headline": "good"}')), ("rss", ("a.json", "no_items"))],
)
def test_a_forced_format_is_that_of_the_members(forced, expected):
    """`--format zip` asks for the archive alone."""
    assert outcome(to_zip(BESIDE[0]), forced) == [expected]


def test_what_is_told_to_be_an_archive_and_is_none_is_a_reject():
    """A forced format is never guessed around."""
    assert outcome(GOOD, "zip") == outcome(GOOD, "tar") == [(None, "malformed")]


def test_members_can_be_skipped():
    """A worker goes on behind the member that killed the one before; numbers stay."""
    data = to_zip(*((f"{n}.json", GOOD) for n in range(4)))
    found = list(read_members(data, "zip", 2))
    assert found == [(2, Member("2.json", GOOD)), (3, Member("3.json", GOOD))]
    parts = parse_parts(data, ParseContext(source_uri="a", first_member=3), None)
    assert [(part.number, len(list(part.results))) for part in parts] == [(3, 1)]
    assert results(GOOD, first_member=1) == []


def test_listing_is_linear():
    """Eight times the members take at most about eight times as long (20: noise)."""

    def cost(count):
        data = to_zip(*((f"{n}.json", b"x") for n in range(count)), method=zipfile.ZIP_STORED)
        assert len(list(read_members(data, "zip"))) == count
        return least_cpu_seconds(lambda: list(read_members(data, "zip")))

    assert cost(4_000) < max(20 * cost(500), 0.2)
