from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.wire.http import HEAD_LIMIT, BadResponseError, ResponseHead, ResponseReader, build_request


class Answer:
    """Everything that a reader called back with."""

    def __init__(self) -> None:
        self.heads: list[ResponseHead] = []
        self.body = b""
        self.reader = ResponseReader(self.on_head, self.on_body)

    def on_head(self, head: ResponseHead) -> None:
        assert not self.body
        self.heads.append(head)

    def on_body(self, piece: bytes) -> None:
        assert self.heads
        self.body += piece


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


MULTIPART = "multipart/x-mixed-replace;boundary=B"
BODY = b"--B\r\nContent-Length: 3\r\n\r\nabc\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n" % MULTIPART.encode()
CHUNKED_HEADERS = {"content-type": MULTIPART, "transfer-encoding": "chunked"}

# wire bytes, headers, body, whether the body has an end of its own
CASES = {
    "CameraWebServer, chunked": (
        CHUNKED + b"X-Framerate: 60\r\n\r\n" + chunk(BODY[:5]) + chunk(BODY[5:]),
        (CHUNKED_HEADERS | {"x-framerate": "60"}, BODY, False),
    ),
    "chunked to the end": (CHUNKED + b"\r\n" + chunk(BODY) + b"0\r\n\r\n", (CHUNKED_HEADERS, BODY, True)),
    "chunk sizes with spaces, zeros and extensions": (
        CHUNKED + b"\r\n3 \r\nabc\r\n0003\r\ndef\r\n3;x=y\r\nghi\r\nA\r\n0123456789\r\n",
        (CHUNKED_HEADERS, b"abcdefghi0123456789", False),
    ),
    "chunked with a length besides": (
        CHUNKED + b"Content-Length: 7\r\n\r\n" + chunk(BODY),
        (CHUNKED_HEADERS | {"content-length": "7"}, BODY, False),
    ),
    "ESPHome, raw HTTP/1.0": (
        b"HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: %b\r\n\r\n" % MULTIPART.encode() + BODY,
        ({"connection": "close", "content-type": MULTIPART}, BODY, False),
    ),
    "Tasmota, raw HTTP/1.1 without a length": (
        b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\n" % MULTIPART.encode() + BODY,
        ({"content-type": MULTIPART}, BODY, False),
    ),
    "arkhipenko, the boundary's line end is the blank line": (
        b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n" % MULTIPART.encode() + b"\r\n" + BODY,
        ({"content-type": MULTIPART}, BODY, False),
    ),
    "a length": (b"HTTP/1.1 200 OK\r\nContent-Length:    3\r\n\r\nabc", ({"content-length": "3"}, b"abc", True)),
    "no reason and no headers": (b"HTTP/1.1 200\r\n\r\nabc", ({}, b"abc", False)),
    "bare line feeds": (b"HTTP/1.1 200 OK\nA: b\nC: d\n\nabc", ({"a": "b", "c": "d"}, b"abc", False)),
    "a line end in front": (b"\r\nHTTP/1.1 200 OK\r\n\r\nabc", ({}, b"abc", False)),
    "a header twice": (b"HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n\r\nabc", ({"a": "2"}, b"abc", False)),
    "a header beyond ASCII": (b"HTTP/1.1 200 OK\r\nServer: K\xfcche\r\n\r\nabc", ({"server": "Küche"}, b"abc", False)),
    "an empty header": (b"HTTP/1.1 200 OK\r\nA:\r\n\r\nabc", ({"a": ""}, b"abc", False)),
    "an upgrade that nobody asked for": (
        b"HTTP/1.1 200 OK\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\nabc",
        ({"connection": "upgrade", "upgrade": "h2c"}, b"abc", False),
    ),
    "100 before the answer": (
        b"HTTP/1.1 100 Continue\r\nX-Early: yes\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nabc",
        ({"a": "b"}, b"abc", False),
    ),
}


@pytest.mark.parametrize(("wire", "expected"), CASES.values(), ids=CASES)
def test_every_dialect_of_an_answer_is_read(wire, expected, arrive):
    headers, body, ended = expected
    answer = Answer()
    arrive(answer.reader, wire, tail=b"")
    assert answer.heads == [ResponseHead(200, headers, version_of(wire))]
    assert answer.reader.head == answer.heads[0]
    assert answer.body == body
    assert answer.reader.ended is ended


@pytest.mark.parametrize(
    "wire",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", CHUNKED + b"\r\n3\r\nabc\r\n0\r\n\r\n"],
    ids=["a length", "chunked"],
)
@pytest.mark.parametrize("tail", [b"\r\n", b"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx"], ids=repr)
def test_what_comes_behind_the_end_is_not_part_of_the_answer(wire, tail):
    for size in (len(wire + tail), 1):
        answer = Answer()
        stream = wire + tail
        for at in range(0, len(stream), size):
            answer.reader.feed(stream[at : at + size])
        assert [head.status for head in answer.heads] == [200]
        assert answer.body == b"abc"
        assert answer.reader.ended


def test_the_head_is_told_before_the_body_has_come():
    answer = Answer()
    answer.reader.feed(CHUNKED)
    assert not answer.heads
    answer.reader.feed(b"\r\n")
    assert len(answer.heads) == 1
    assert answer.body == b""


def test_the_body_is_told_as_it_comes():
    answer = Answer()
    answer.reader.feed(CHUNKED + b"\r\n5\r\nab")
    assert answer.body == b"ab"
    answer.reader.feed(b"cd")
    assert answer.body == b"abcd"


@pytest.mark.parametrize("status", [200, 204, 301, 302, 401, 403, 404, 431, 500, 503])
def test_the_status_is_told_whatever_it_is(status, arrive):
    answer = Answer()
    arrive(answer.reader, b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n" % status, tail=b"")
    assert answer.heads[0].status == status
    assert answer.reader.ended


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_kind_of_bytes_is_read(kind):
    answer = Answer()
    answer.reader.feed(kind(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"))
    assert answer.body == b"abc"


CONTENT_TYPES = {
    "multipart/x-mixed-replace;boundary=B1": ("multipart/x-mixed-replace", b"B1"),
    "multipart/x-mixed-replace; boundary=B1": ("multipart/x-mixed-replace", b"B1"),
    'multipart/x-mixed-replace; boundary="B 1"': ("multipart/x-mixed-replace", b"B 1"),
    "multipart/x-mixed-replace; boundary=--B1": ("multipart/x-mixed-replace", b"--B1"),
    "Multipart/X-Mixed-Replace ; BOUNDARY = B1 ; charset=x": ("multipart/x-mixed-replace", b"B1"),
    "multipart/x-mixed-replace;charset=x;boundary=B1;q=1": ("multipart/x-mixed-replace", b"B1"),
    'multipart/x-mixed-replace;boundary="a;b=c"': ("multipart/x-mixed-replace", b"a;b=c"),
    "multipart/x-mixed-replace;boundary=\xe9": ("multipart/x-mixed-replace", b"\xe9"),
    "multipart/x-mixed-replace;boundary=": ("multipart/x-mixed-replace", None),
    'multipart/x-mixed-replace;boundary=""': ("multipart/x-mixed-replace", None),
    "multipart/x-mixed-replace": ("multipart/x-mixed-replace", None),
    "text/html; charset=utf-8": ("text/html", None),
    "": ("", None),
}


@pytest.mark.parametrize(("header", "expected"), CONTENT_TYPES.items(), ids=CONTENT_TYPES)
def test_type_and_boundary_are_found_in_the_header(header, expected):
    head = ResponseHead(200, {"content-type": header})
    assert (head.content_type, head.boundary) == expected


def test_without_a_content_type_there_is_neither_type_nor_boundary():
    head = ResponseHead(200, {})
    assert (head.content_type, head.boundary) == ("", None)


NO_HTTP = {
    "SSH": b"SSH-2.0-dropbear\r\n",
    "HTML alone": b"<!doctype html><title>x</title>",
    "a request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "zeros": bytes(100),
    "a picture's boundary": b"--B\r\nContent-Type: image/jpeg\r\n\r\n",
    "HTTP with a wrong status": b"HTTP/1.1 OK 200\r\n\r\n",
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "a chunk without a size": CHUNKED + b"\r\nxyz\r\n",
    "a chunk longer than its size": CHUNKED + b"\r\n3\r\nabcdef\r\n",
}


@pytest.mark.parametrize("wire", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_not_http_is_refused(wire, arrive):
    answer = Answer()
    with pytest.raises(BadResponseError):
        arrive(answer.reader, wire)


ENDLESS = {
    "header": b"HTTP/1.1 200 OK\r\nX-Endless: " + b"x" * 2 * HEAD_LIMIT,
    "headers": b"HTTP/1.1 200 OK\r\n" + b"X-Endless: x\r\n" * (HEAD_LIMIT // 7),
    "reason": b"HTTP/1.1 200 " + b"x" * 2 * HEAD_LIMIT,
    "line ends": b"\r\n" * HEAD_LIMIT,
}


@pytest.mark.parametrize("wire", ENDLESS.values(), ids=ENDLESS)
def test_a_head_without_an_end_is_refused(wire, arrive):
    answer = Answer()
    with pytest.raises(BadResponseError):
        arrive(answer.reader, wire, tail=b"x")


def test_a_head_below_the_limit_is_taken_however_long_the_body(arrive):
    answer = Answer()
    wire = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * (HEAD_LIMIT - 100) + b"\r\n\r\n"
    body = b"y" * 2 * HEAD_LIMIT
    arrive(answer.reader, wire + body, tail=b"")
    assert answer.body == body


class OurError(Exception):
    pass


@pytest.mark.parametrize("callback", ["on_head", "on_body"])
def test_what_a_callback_raises_goes_through_unchanged(callback, arrive):
    ours = OurError("ours")

    def refuse(_):
        raise ours

    callbacks = {"on_head": lambda _: None, "on_body": lambda _: None, callback: refuse}
    reader = ResponseReader(**callbacks)
    with pytest.raises(OurError) as caught:
        arrive(reader, CHUNKED + b"\r\n" + chunk(BODY))
    assert caught.value is ours


def test_after_a_callback_has_raised_nothing_but_bad_response_is_raised():
    def refuse(_):
        raise OurError

    reader = ResponseReader(refuse, lambda _: None)
    with pytest.raises(OurError):
        reader.feed(CHUNKED + b"\r\n")
    with pytest.raises(BadResponseError):
        reader.feed(chunk(BODY))


def test_a_status_that_is_none_is_an_answer_all_the_same():
    answer = Answer()
    answer.reader.feed(b"HTTP/1.1 020 OK\r\nA: b\r\n\r\nbody")
    assert [head.status for head in answer.heads] == [20]
    assert answer.body == b"body"


# Properties.

TOKENS = st.sampled_from(
    (
        *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 ", b"404 Not Found\r\n", b"\r\n", b"\n", b"\r\n\r\n", b": ", b"\0"),
        *(b"Transfer-Encoding: chunked\r\n", b"Content-Length: 3\r\n", b"Content-Type: text/html\r\n"),
        *(b"3\r\nabc\r\n", b"0\r\n\r\n", b"ffffffffffffffffff\r\n"),
        *(b"Connection: upgrade\r\nUpgrade: x\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    )
)
WIRES = st.one_of(
    st.binary(max_size=60),
    st.lists(st.one_of(TOKENS, st.binary(max_size=8)), max_size=12).map(b"".join),
    st.lists(TOKENS, max_size=8).map(lambda tokens: b"HTTP/1.1 200 OK\r\n" + b"".join(tokens)),
)


def version_of(wire: bytes) -> str:
    return wire.lstrip(b"\r\n")[5:8].decode()


def read(wire: bytes, cuts: Iterable[int] = ()) -> tuple[list[ResponseHead], bytes, bool, bool]:
    """What came of it: heads, body, whether it ended, whether it was refused."""
    answer = Answer()
    places = [0, *sorted(min(cut, len(wire)) for cut in cuts), len(wire)]
    refused = False
    for start, end in pairwise(places):
        try:
            answer.reader.feed(wire[start:end])
        except BadResponseError:
            refused = True
    return answer.heads, answer.body, answer.reader.ended, refused


@settings(max_examples=200, deadline=None)
@given(WIRES, st.lists(st.integers(0, 200), max_size=8))
def test_any_bytes_are_read_or_refused(wire, cuts):
    heads, *_ = read(wire, cuts)
    assert len(heads) <= 1


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(CASES)), st.lists(st.integers(0, 300), max_size=8))
def test_an_answer_does_not_depend_on_its_pieces(case, cuts):
    wire, (headers, body, ended) = CASES[case]
    assert read(wire, cuts) == ([ResponseHead(200, headers, version_of(wire))], body, ended, False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=30), max_size=6), st.lists(st.integers(0, 300), max_size=8))
def test_chunks_join_to_the_body(pieces, cuts):
    wire = CHUNKED + b"\r\n" + b"".join(map(chunk, pieces)) + b"0\r\n\r\n"
    assert read(wire, cuts) == ([ResponseHead(200, CHUNKED_HEADERS)], b"".join(pieces), True, False)


# Requests.


def test_a_request_is_no_longer_than_it_must_be():
    assert build_request("192.168.0.123", 81, "/stream") == b"GET /stream HTTP/1.1\r\nHost: 192.168.0.123:81\r\n\r\n"


@pytest.mark.parametrize(
    ("host", "port", "header"),
    [
        ("board.local", 80, b"board.local"),
        ("board.local", 81, b"board.local:81"),
        ("192.168.0.123", 80, b"192.168.0.123"),
        ("fe80::1", 80, b"[fe80::1]"),
        ("fe80::1", 8081, b"[fe80::1]:8081"),
    ],
)
def test_the_host_header_names_the_port_unless_it_is_80(host, port, header):
    assert build_request(host, port, "/") == b"GET / HTTP/1.1\r\nHost: " + header + b"\r\n\r\n"


def test_the_target_is_sent_as_it_is():
    target = "/sustain?video=1&x=%20+/?"
    assert build_request("b", 80, target).startswith(b"GET " + target.encode() + b" HTTP/1.1\r\n")


def test_an_authorization_is_sent_as_it_is():
    assert build_request("b", 80, "/", "Basic YTpi").endswith(b"\r\nHost: b\r\nAuthorization: Basic YTpi\r\n\r\n")
