import random
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.wire.jpeg import EOI, SOI
from vedette.wire.multipart import (
    ADVANCE_HEAD,
    FRAME_LIMIT,
    HEAD_LIMIT,
    VIEWER_BOUNDARY,
    VIEWER_CONTENT_TYPE,
    MultipartReader,
    Part,
    encode_advance_part,
    encode_part,
)

BOUNDARY = b"123456789000000000000987654321"
LINE = b"\r\n--" + BOUNDARY + b"\r\n"


def head(length: int | bytes | None = None, *extra: bytes) -> bytes:
    lines = [b"Content-Type: image/jpeg"]
    if length is not None:
        lines.append(b"Content-Length: " + (length if isinstance(length, bytes) else b"%d" % length))
    return b"\r\n".join([*lines, *extra]) + b"\r\n\r\n"


def bodies(parts: list[Part]) -> list[bytes]:
    return [part.body for part in parts]


def pictures(parts: list[Part]) -> list[bytes]:
    """Bodies without the line ends that a board's length may count, or that stand before a boundary."""
    return [part.body.rstrip(b"\r\n") for part in parts]


def held(reader: MultipartReader) -> int:
    """Bytes that a reader keeps."""
    return len(reader._buffer) + sum(map(len, reader._pieces))


# What boards send, in every combination of: where the boundary stands, what the header declared, what the length says.

FRAMINGS = {
    "a boundary before each part": (b"", b"%(line)s", b"", b"%(line)s"),
    "a boundary before the first and after each part": (b"--%(boundary)s\r\n", b"", b"%(line)s", b""),
    "no boundary before the first part": (b"", b"", b"%(line)s", b""),
    "each boundary twice": (b"", b"%(line)s%(line)s", b"", b"%(line)s%(line)s"),
    "each boundary twice without a blank line": (b"", b"%(line)s--%(boundary)s\r\n", b"", b"%(line)s"),
    "a boundary before and after each part": (b"", b"%(line)s", b"%(line)s", b""),
    "more line ends than belong there": (b"\r\n", b"\r\n%(line)s", b"\r\n\r\n", b"\r\n%(line)s"),
    "a closing boundary": (b"", b"%(line)s", b"", b"\r\n--%(boundary)s--\r\n"),
    "a boundary with spaces behind it": (b"", b"\r\n--%(boundary)s \t\r\n", b"", b"\r\n--%(boundary)s \t\r\n"),
}
LENGTHS: dict[str, bytes | int | None] = {
    "right": b"%d",
    "padded with spaces": b"%10d",
    "with leading zeros": b"%08d",
    "absent": None,
    "0": b"0%.0d",
    "too small": -7,
    "too big": 7,
    "far too big": 100,
    "negative": b"-%d",
    "no number": b"about %d",
    "2 GB": b"2147483648%.0d",
    "400 digits": b"9" * 400 + b"%.0d",
}
TRUE_LENGTHS = ("right", "padded with spaces", "with leading zeros")
DECLARATIONS = {
    "declared": lambda boundary: boundary,
    "declared with its dashes": lambda boundary: b"--" + boundary,
    "another declared": lambda _: b"frame",
    "the beginning declared": lambda boundary: boundary[:9],
    "none declared": lambda _: None,
}


def write(jpegs: list[bytes], framing: str, length: str, boundary: bytes = BOUNDARY) -> bytes:
    names = {b"boundary": boundary, b"line": b"\r\n--" + boundary + b"\r\n"}
    start, before, after, end = (template % names for template in FRAMINGS[framing])
    stream = bytearray(start)
    for jpeg in jpegs:
        said = LENGTHS[length]
        if isinstance(said, int):
            said = b"%d" % (len(jpeg) + said)
        elif said is not None:
            said = said % len(jpeg) if not said.endswith(b"%.0d") else said[:-4]
        stream += before + head(said) + jpeg + after
    return bytes(stream + end)


# Whatever a wrong length counts too much is there: the beginning of a part that never ends.
GOING_ON = b"Content-Type: image/jpeg\r\nX-Next: part\r\n\r\n" + SOI + b"x" * 100


@pytest.mark.parametrize("declare", DECLARATIONS.values(), ids=DECLARATIONS)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("framing", FRAMINGS)
def test_every_picture_of_every_framing_is_handed_out(framing, length, declare, jpegs, arrive):
    reader = MultipartReader(declare(BOUNDARY))
    assert pictures(arrive(reader, write(jpegs, framing, length) + GOING_ON)) == jpegs


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("framing", FRAMINGS)
def test_every_framing_survives_bare_line_feeds(framing, length, jpegs, arrive):
    jpegs = [jpeg.replace(b"\r\n", b"\r.") for jpeg in jpegs]
    stream = (write(jpegs, framing, length) + GOING_ON).replace(b"\r\n", b"\n")
    assert pictures(arrive(MultipartReader(BOUNDARY), stream, tail=b"\n")) == jpegs


@pytest.mark.parametrize("length", TRUE_LENGTHS)
@pytest.mark.parametrize("framing", FRAMINGS)
def test_framing_as_declared_is_no_fault(framing, length, jpegs, arrive):
    reader = MultipartReader(BOUNDARY)
    arrive(reader, write(jpegs, framing, length))
    assert reader.faults == 0


@pytest.mark.parametrize("length", set(LENGTHS) - {*TRUE_LENGTHS, "absent"})
def test_a_wrong_length_is_a_fault_for_each_part(length, jpegs, arrive):
    reader = MultipartReader(BOUNDARY)
    arrive(reader, write(jpegs, "a boundary before each part", length) + LINE + GOING_ON)
    assert reader.faults == len(jpegs)


def test_no_boundary_at_all_is_no_matter_where_lengths_are_right(jpegs, arrive):
    stream = b"".join(head(len(jpeg)) + jpeg for jpeg in jpegs)
    for boundary in (BOUNDARY, None):
        assert bodies(arrive(MultipartReader(boundary), stream)) == jpegs


def test_line_ends_alone_part_counted_pictures(jpegs, arrive):
    stream = b"\r\n\r\n".join(head(len(jpeg)) + jpeg for jpeg in jpegs)
    assert bodies(arrive(MultipartReader(None), stream)) == jpegs


def test_parts_without_any_header_are_taken(jpegs, arrive):
    stream = b"".join(LINE + b"\r\n" + jpeg for jpeg in jpegs) + LINE
    assert bodies(arrive(MultipartReader(BOUNDARY), stream)) == jpegs


def test_line_ends_before_a_picture_do_not_become_its_beginning(jpegs, arrive):
    stream = b"".join(LINE + head(len(jpeg)) + b"\r\n" + jpeg for jpeg in jpegs) + LINE
    assert bodies(arrive(MultipartReader(BOUNDARY), stream)) == jpegs


def test_the_names_of_headers_have_no_case_and_values_no_margin(jpeg, arrive):
    stream = LINE + b"CONTENT-TYPE:IMAGE/JPEG\r\ncontent-length :\t %d \t\r\nx-TIMESTAMP:  1.5 \r\n\r\n" % len(jpeg)
    assert arrive(MultipartReader(BOUNDARY), stream + jpeg) == [Part(jpeg, "1.5")]


@pytest.mark.parametrize("length", ["right", "absent"])
def test_the_timestamp_belongs_to_its_own_part(length, jpegs, arrive):
    first, second, third = jpegs
    stream = b"".join(
        LINE + head(b"%d" % len(jpeg) if length == "right" else None, *extra) + jpeg
        for jpeg, *extra in ((first, b"X-Timestamp: 12.000345"), (second,), (third, b"X-Timestamp: 13.5"))
    )
    parts = arrive(MultipartReader(BOUNDARY), stream + LINE)
    assert parts == [Part(first, "12.000345"), Part(second, None), Part(third, "13.5")]


# The law: handed out in the moment when Content-Length bytes have arrived with EOI at their end.


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_counted_part_is_handed_out_with_its_last_byte_and_not_before(framing, jpegs):
    stream = write(jpegs, framing, "right")
    ends = [stream.index(jpeg) + len(jpeg) for jpeg in jpegs]
    reader = MultipartReader(BOUNDARY)
    given = [at for at, byte in enumerate(stream, 1) if reader.feed(bytes([byte]))]
    assert given == ends


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 3, b"\0" * 15, b"\r\n", b"\0\0\r\n"], ids=repr)
def test_padding_counted_after_the_end_marker_delays_nothing(padding, jpeg):
    reader = MultipartReader(BOUNDARY)
    body = jpeg + padding
    assert reader.feed(LINE + head(len(body)) + body[:-1]) == []
    assert bodies(reader.feed(body[-1:])) == [body]
    assert reader.faults == 0


def test_padding_not_counted_costs_no_picture(jpegs, arrive):
    stream = b"".join(LINE + head(len(jpeg)) + jpeg + b"\0" * 7 for jpeg in jpegs)
    assert bodies(arrive(MultipartReader(BOUNDARY), stream)) == jpegs


def test_what_is_missing_is_counted_down(jpeg):
    reader = MultipartReader(BOUNDARY)
    assert reader.missing == 0
    reader.feed(LINE + head(len(jpeg)))
    assert reader.missing == len(jpeg)
    reader.feed(jpeg[:100])
    assert reader.missing == len(jpeg) - 100
    reader.feed(jpeg[100:])
    assert reader.missing == 0


def test_nothing_is_known_to_be_missing_where_nothing_is_counted(jpeg):
    reader = MultipartReader(BOUNDARY)
    reader.feed(LINE + head() + jpeg[:100])
    assert reader.missing == 0


def test_a_part_without_a_length_is_handed_out_at_the_next_boundary(jpeg):
    reader = MultipartReader(BOUNDARY)
    assert reader.feed(LINE + head() + jpeg + b"\r\n-") == []
    assert bodies(reader.feed(LINE[3:])) == [jpeg]


def test_nothing_that_arrived_earlier_waits_for_the_rest_of_a_piece(jpegs):
    reader = MultipartReader(BOUNDARY)
    stream = write(jpegs, "a boundary before each part", "right")
    cut = stream.index(jpegs[2])
    assert bodies(reader.feed(stream[:cut])) == jpegs[:2]
    assert bodies(reader.feed(stream[cut:])) == jpegs[2:]


# Broken pictures and what is no picture.


@pytest.mark.parametrize("length", LENGTHS)
def test_a_picture_without_its_end_is_handed_out_and_the_next_is_not_lost(length, jpegs, arrive):
    broken = jpegs[1][:-2]
    sent = [jpegs[0], broken, jpegs[2]]
    stream = write(sent, "a boundary before each part", length) + GOING_ON
    assert pictures(arrive(MultipartReader(BOUNDARY), stream)) == sent


def test_a_short_write_under_a_full_length_does_not_swallow_the_next_picture(jpegs, arrive):
    half = jpegs[0][: len(jpegs[0]) // 2]
    stream = LINE + head(len(jpegs[0])) + half + write(jpegs[1:], "a boundary before each part", "right")
    assert pictures(arrive(MultipartReader(BOUNDARY), stream)) == [half, *jpegs[1:]]


@pytest.mark.parametrize("length", [None, b"15", b"17"], ids=["no length", "right length", "wrong length"])
def test_a_text_part_is_not_a_picture(length, jpegs, arrive):
    words = b"Content-Type: text/plain\r\n" + (b"Content-Length: " + length + b"\r\n" if length else b"") + b"\r\n"
    stream = b"--" + BOUNDARY + b"\r\n" + words + b"No frames send.\r\n--" + BOUNDARY + b"\r\n"
    stream += head(len(jpegs[0])) + jpegs[0] + LINE + words + b"No frames send." + LINE
    stream += head(len(jpegs[1])) + jpegs[1] + LINE
    assert bodies(arrive(MultipartReader(BOUNDARY), stream)) == jpegs[:2]


@pytest.mark.parametrize("body", [b"", b"\r\n"], ids=["nothing", "a line end"])
@pytest.mark.parametrize("length", [b"0", None], ids=["length 0", "no length"])
def test_a_body_of_length_zero_costs_no_picture(length, body, jpegs, arrive):
    empty = LINE + head(length) + body
    stream = empty + LINE + head(len(jpegs[0])) + jpegs[0] + empty + write(jpegs[1:], "a closing boundary", "absent")
    parts = arrive(MultipartReader(BOUNDARY), stream)
    assert [part.body for part in parts if part.body.startswith(SOI)] == jpegs
    assert not any(part.oversize for part in parts)


GARBAGE = {
    "a word": b"garbage",
    "lines": b"one\r\ntwo\r\nthree",
    "a blank line": b"one\r\n\r\ntwo",
    "zeros": bytes(300),
    "noise": random.Random(5).randbytes(500).replace(SOI, b"").replace(b"\n", b""),
    "dashes": b"--",
    "a line that begins like a boundary": b"--nonsense",
    "a line that looks like a header": b"X-Nonsense: 1",
    "an end marker": EOI,
    "a boundary cut short": LINE[2:20],
    "a megabyte": b"x" * 1_000_000,
    "a megabyte of lines": b"abcdefg\r\n" * 125_000,
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_garbage_between_counted_parts_costs_no_picture(garbage, jpegs):
    stream = b"".join(garbage + LINE + head(len(jpeg)) + jpeg for jpeg in jpegs)
    for size in (len(stream), 1000, 1):
        if size == 1 and len(stream) > 100_000:
            continue  # three million feeds
        reader = MultipartReader(BOUNDARY)
        parts = [part for at in range(0, len(stream), size) for part in reader.feed(stream[at : at + size])]
        assert bodies(parts) == jpegs


@pytest.mark.parametrize("name", ["a word", "zeros", "noise", "an end marker", "a megabyte"])
def test_garbage_between_parts_is_a_fault(name, jpegs, arrive):
    stream = b"".join(GARBAGE[name][:2000] + LINE + head(len(jpeg)) + jpeg for jpeg in jpegs)
    reader = MultipartReader(BOUNDARY)
    arrive(reader, stream)
    assert reader.faults == len(jpegs)


@pytest.mark.parametrize("dashes", [b"--nonsense", b"--", b"--12345", b"-----------"], ids=repr)
@pytest.mark.parametrize("declare", DECLARATIONS.values(), ids=DECLARATIONS)
def test_a_line_of_dashes_among_the_headers_does_not_become_the_boundary(declare, dashes, jpegs, arrive):
    stream = write(jpegs[:1], "a boundary before each part", "absent")
    stream += dashes + b"\r\n" + head() + jpegs[1] + LINE + head() + jpegs[2] + LINE
    assert bodies(arrive(MultipartReader(declare(BOUNDARY)), stream)) == jpegs


# Bounds.


def oversize_stream(jpeg: bytes, body: bytes, length: int | None = None) -> bytes:
    return LINE + head(length) + body + LINE + head(len(jpeg)) + jpeg


@pytest.mark.parametrize("length", ["absent", "declared"])
@pytest.mark.parametrize("beyond", [1, 40, 3000])
def test_a_part_over_the_limit_is_named_and_the_next_is_not_lost(beyond, length, jpeg, arrive):
    limit = 2 * len(jpeg)
    body = SOI + b"x" * (limit + beyond - 4) + EOI
    stream = oversize_stream(jpeg, body, len(body) if length == "declared" else None)
    assert arrive(MultipartReader(BOUNDARY, limit), stream) == [Part(b"", None, oversize=True), Part(jpeg)]


@pytest.mark.parametrize("length", ["absent", "declared"])
def test_a_part_of_just_the_limit_is_taken(length, jpeg, arrive):
    limit = 2 * len(jpeg)
    body = SOI + b"x" * (limit - 4) + EOI
    stream = oversize_stream(jpeg, body, len(body) if length == "declared" else None)
    assert arrive(MultipartReader(BOUNDARY, limit), stream) == [Part(body), Part(jpeg)]


@pytest.mark.parametrize("declare", DECLARATIONS.values(), ids=DECLARATIONS)
def test_a_picture_over_the_limit_costs_no_other_before_any_boundary_was_seen(declare, jpegs, arrive):
    limit = 2 * len(jpegs[0])
    body = SOI + b"x" * (2 * limit) + EOI
    stream = head() + body + LINE + b"".join(head(len(jpeg)) + jpeg + LINE for jpeg in jpegs)
    parts = arrive(MultipartReader(declare(BOUNDARY), limit), stream)
    assert parts == [Part(b"", None, oversize=True), *map(Part, jpegs)]


def test_an_oversize_part_keeps_its_timestamp(jpeg, arrive):
    limit = 2 * len(jpeg)
    stream = LINE + head(None, b"X-Timestamp: 7.25") + SOI + b"x" * 3 * limit + LINE
    assert arrive(MultipartReader(BOUNDARY, limit), stream) == [Part(b"", "7.25", oversize=True)]


PIECE = 64 * 1024
ENDLESS_STARTS = {
    "nothing before": b"",
    "a part without a length": LINE + head(),
    "a part of 2 GB": LINE + head(b"2147483648"),
    "a part of the limit": LINE + head(FRAME_LIMIT),
    "a text part": LINE + b"Content-Type: text/plain\r\n\r\n",
    "a head without an end": LINE + b"X: ",
    "a picture without headers": SOI,
}
ENDLESS_PIECES = {
    "one byte": b"\xa5" * PIECE,
    "noise": random.Random(3).randbytes(PIECE),
    "line ends": b"\r\n" * (PIECE // 2),
    "lines": b"0123456789abcd\r\n" * (PIECE // 16),
    "start markers": SOI * (PIECE // 2),
    "dashes behind end markers": b"\xff\xd9--" * (PIECE // 4),
}


@pytest.mark.parametrize("piece", ENDLESS_PIECES.values(), ids=ENDLESS_PIECES)
@pytest.mark.parametrize("start", ENDLESS_STARTS.values(), ids=ENDLESS_STARTS)
def test_fifty_megabytes_without_a_boundary_are_not_kept(start, piece):
    check_bounds(MultipartReader(BOUNDARY), start, piece)


@pytest.mark.parametrize("piece", ENDLESS_PIECES.values(), ids=ENDLESS_PIECES)
def test_fifty_megabytes_are_not_kept_where_no_boundary_was_ever_named(piece):
    check_bounds(MultipartReader(None), head(), piece)


def check_bounds(reader: MultipartReader, start: bytes, piece: bytes) -> None:
    reader.feed(start)
    most = 0
    for _ in range(50 * 1024 * 1024 // PIECE):
        reader.feed(piece)
        most = max(most, held(reader))
    assert most <= FRAME_LIMIT + HEAD_LIMIT + PIECE


def test_a_picture_is_found_behind_more_noise_than_a_head_may_have(jpeg, arrive):
    stream = b"x" * (2 * HEAD_LIMIT) + LINE + head(len(jpeg)) + jpeg
    reader = MultipartReader(BOUNDARY)
    assert bodies(arrive(reader, stream)) == [jpeg]
    assert reader.faults >= 1


@pytest.mark.parametrize("boundary", [BOUNDARY, b"B"], ids=["a long boundary", "a short boundary"])
@pytest.mark.parametrize("noise", range(HEAD_LIMIT - 120, HEAD_LIMIT + 1, 5))
def test_a_head_across_the_limit_of_noise_costs_no_picture(noise, boundary, jpeg):
    line = b"\r\n--" + boundary + b"\r\n"
    stream = b"x" * noise + line + head(len(jpeg), b"X-Timestamp: 1700.000001") + jpeg + line
    reader = MultipartReader(boundary)
    reader.feed(stream[:noise])
    parts = [part for at in range(noise, len(stream)) for part in reader.feed(stream[at : at + 1])]
    assert bodies(parts) == [jpeg]


def test_noise_longer_than_a_head_gives_the_same_parts_in_any_pieces(jpeg):
    stream = b"x" * 100 + SOI + b"y" * HEAD_LIMIT + LINE + head(len(jpeg)) + jpeg
    whole = MultipartReader(BOUNDARY).feed(stream)
    reader = MultipartReader(BOUNDARY)
    assert [part for at in range(len(stream)) for part in reader.feed(stream[at : at + 1])] == whole
    assert jpeg in bodies(whole)


# The end of the connection.


@pytest.mark.parametrize("ending", [b"", LINE, LINE + head()], ids=["at once", "behind a boundary", "behind a head"])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_whole_picture_that_only_waited_for_more_is_given_at_the_end(length, ending, jpegs, arrive):
    stream = write(jpegs, "a boundary before the first and after each part", length).removesuffix(LINE) + ending
    reader = MultipartReader(BOUNDARY)
    assert bodies([*arrive(reader, stream, tail=b""), *reader.finish()]) == jpegs


def test_a_cut_picture_is_not_given_at_the_end(jpeg, arrive):
    for length in (None, len(jpeg)):
        reader = MultipartReader(BOUNDARY)
        assert arrive(reader, LINE + head(length) + jpeg[:-1], tail=b"") == []
        assert reader.finish() == []


def test_the_end_gives_nothing_twice(jpegs, arrive):
    reader = MultipartReader(BOUNDARY)
    arrive(reader, write(jpegs, "a boundary before each part", "right"))
    assert reader.finish() == []
    assert reader.finish() == []


# Properties.

TOKENS = st.sampled_from(
    (
        *(b"--B\r\n", b"\r\n", b"\n", b"\r\n\r\n", b"--", b"B", b"--other\r\n", b"\r\n--B--", SOI, EOI, b"\xff", b"-"),
        *(b"Content-Type: image/jpeg\r\n", b"Content-Type: text/plain\r\n", b"X-Timestamp: 1.5\r\n", b"Content-Length"),
        *(b": 4\r\n\r\n", b"Content-Length: 6\r\n", b"Content-Length: 40\r\n", b"\xff\xd8ab\xff\xd9"),
    )
)
LINES = st.sampled_from([b"\r\n--B\r\n", b"--B\n", b"\r\n--C\r\n", b"\r\n", b""])
HEADS = st.one_of(st.just(head()), st.builds(head, st.integers(0, 60)), st.just(b"\r\n"))
BODIES = st.one_of(st.binary(max_size=40).map(lambda middle: SOI + middle + EOI), st.binary(max_size=40))
PARTS = st.tuples(LINES, HEADS, BODIES, LINES).map(b"".join)
STREAMS = st.lists(st.one_of(PARTS, TOKENS, st.binary(max_size=12)), max_size=12).map(b"".join)
BOUNDARIES = st.sampled_from([b"B", b"--B", b"C", None])
CUTS = st.lists(st.integers(0, 400), max_size=12)


def feed_in_pieces(reader: MultipartReader, stream: bytes, cuts: Iterable[int]) -> list[Part]:
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    parts = [part for start, end in pairwise(places) for part in reader.feed(stream[start:end])]
    return parts + reader.finish()


@settings(max_examples=200, deadline=None)
@given(STREAMS, BOUNDARIES, CUTS)
def test_the_parts_do_not_depend_on_the_pieces(stream, boundary, cuts):
    whole = feed_in_pieces(MultipartReader(boundary), stream, [])
    assert feed_in_pieces(MultipartReader(boundary), stream, cuts) == whole
    assert feed_in_pieces(MultipartReader(boundary), stream, range(len(stream))) == whole


@settings(max_examples=200, deadline=None)
@given(STREAMS, BOUNDARIES, CUTS, st.integers(1, 60))
def test_the_parts_do_not_depend_on_the_pieces_near_the_limit(stream, boundary, cuts, limit):
    whole = feed_in_pieces(MultipartReader(boundary, limit), stream, [])
    assert feed_in_pieces(MultipartReader(boundary, limit), stream, cuts) == whole
    assert feed_in_pieces(MultipartReader(boundary, limit), stream, range(len(stream))) == whole


@settings(max_examples=100, deadline=None)
@given(STREAMS, BOUNDARIES, CUTS, st.integers(1, 60))
def test_no_part_is_longer_than_the_limit(stream, boundary, cuts, limit):
    parts = feed_in_pieces(MultipartReader(boundary, limit), stream, cuts)
    assert all(len(part.body) <= limit for part in parts)


PICTURES = st.binary(max_size=200).map(lambda middle: SOI + middle + EOI)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(PICTURES, st.floats(0, 4e9), st.sampled_from(["online", "stale", "offline"])), max_size=4), CUTS
)
def test_what_is_written_for_viewers_reads_back(frames, cuts):
    stream = b"".join(encode_part(*frame) for frame in frames)
    reader = MultipartReader(VIEWER_BOUNDARY)
    parts = feed_in_pieces(reader, stream, cuts)
    assert parts == [Part(jpeg, f"{timestamp:.6f}") for jpeg, timestamp, _ in frames]
    assert reader.faults == 0


# The writer.


def test_a_viewers_part_is_the_contracts_to_the_byte():
    assert encode_part(b"\xff\xd8x\xff\xd9", 1_700_000_000.25, "online") == (
        b"--vedette\r\n"
        b"Content-Type: image/jpeg\r\n"
        b"Content-Length: 5\r\n"
        b"X-Timestamp: 1700000000.250000\r\n"
        b"X-Vedette-State: online\r\n"
        b"\r\n"
        b"\xff\xd8x\xff\xd9\r\n"
    )
    assert VIEWER_CONTENT_TYPE == "multipart/x-mixed-replace;boundary=vedette"


def test_a_browsers_picture_brings_the_next_head_with_it(jpegs, arrive):
    assert encode_advance_part(b"jpeg") == b"jpeg\r\n--vedette\r\nContent-Type: image/jpeg\r\n\r\n"
    stream = ADVANCE_HEAD + b"".join(map(encode_advance_part, jpegs))
    assert bodies(arrive(MultipartReader(VIEWER_BOUNDARY), stream)) == jpegs
