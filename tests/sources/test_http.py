import asyncio
import base64
import contextlib
import gc
import json
import socket
import struct
import threading

import pytest

from vedette.boards import FIRMWARES
from vedette.errors import BoardError, Reason
from vedette.simulator import Fault
from vedette.sources import Access, HttpSource, Phase
from vedette.wire.multipart import Part

JPEG = b"\xff\xd8 one picture \xff\xd9"
OTHER = b"\xff\xd8 another picture \xff\xd9"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=B\r\n\r\n"
CHUNKED = HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"


def redirect(location: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"


def told(status: int, code: str, message: str) -> bytes:
    """An error as vedette_cam has it."""
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


def busy(viewer: str) -> bytes:
    return told(503, "slot_busy", f"{viewer} has been streaming for 12 s; this board serves one viewer at a time")


def part(jpeg: bytes) -> bytes:
    return b"\r\n--B\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg) + jpeg


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def bodies(parts: list[Part]) -> list[bytes]:
    return [part.body for part in parts]


# Simulated boards.


@pytest.mark.parametrize("firmware", FIRMWARES.values(), ids=FIRMWARES)
def test_every_firmwares_pictures_arrive_as_they_were_sent(firmware, simulate, attempt):
    simulator = simulate(firmware)
    tried = attempt(simulator.stream_url(), parts=20)
    assert tried.error is None
    assert bodies(tried.parts) == simulator.call(lambda: list(simulator.boards[0].sent))[: len(tried.parts)]
    assert len(tried.parts) >= 20


def test_pictures_longer_than_the_buffer_arrive(simulate, attempt):
    simulator = simulate(size=(1600, 1200), fps=1.0)
    simulator.call(lambda: simulator.boards[0].settings.control("quality", "4"))
    tried = attempt(simulator.stream_url(), parts=1)
    assert bodies(tried.parts) == simulator.call(lambda: list(simulator.boards[0].sent))[:1]
    assert len(tried.parts[0].body) > 64 * 1024


STREAMING = {name: firmware for name, firmware in FIRMWARES.items() if not firmware.stills_only}


@pytest.mark.parametrize("fault", [Fault.NO_LENGTH, Fault.WRONG_LENGTH])
@pytest.mark.parametrize("firmware", STREAMING.values(), ids=STREAMING)
def test_no_picture_is_lost_to_what_is_wrong_with_its_length(fault, firmware, simulate, attempt):
    simulator = simulate(firmware, faults=[fault])
    tried = attempt(simulator.stream_url(), parts=20)
    assert bodies(tried.parts) == simulator.call(lambda: list(simulator.boards[0].sent))[: len(tried.parts)]


@pytest.mark.parametrize(
    ("fault", "reason", "detail"),
    [
        (Fault.WRONG_TYPE, Reason.NOT_MJPEG, "text/html"),
        (Fault.UNAUTHORIZED, Reason.AUTH_REQUIRED, ""),
        (Fault.NOT_FOUND, Reason.HTTP_ERROR, "404"),
        (Fault.ERROR, Reason.HTTP_ERROR, "500"),
    ],
)
def test_an_unwelcome_answer_has_its_reason(fault, reason, detail, simulate, attempt):
    tried = attempt(simulate(faults=[fault]).stream_url())
    assert (tried.error.reason, tried.error.detail) == (reason, detail)
    assert tried.parts == []


def test_nobody_there_is_refused(simulate, attempt):
    simulator = simulate()
    simulator.set_faults(0, Fault.REFUSE)
    tried = attempt(simulator.stream_url())
    assert tried.error.reason is Reason.REFUSED
    assert tried.source.phase is Phase.CONNECTING


def test_a_cut_in_a_picture_is_stalled_and_the_half_is_not_delivered(simulate, attempt, monkeypatch):
    monkeypatch.setattr("vedette.simulator.board._FAULT_DELAY", 0.1)
    simulator = simulate(faults=[Fault.DROP])
    tried = attempt(simulator.stream_url())
    assert tried.error.reason is Reason.STALLED
    assert bodies(tried.parts) == simulator.call(lambda: list(simulator.boards[0].sent))[:-1]


def test_an_attempt_that_is_cancelled_frees_the_slot(simulate, attempt):
    simulator = simulate()
    for number in range(1, 4):
        attempt(simulator.stream_url(), parts=1)
        assert simulator.boards[0].counters.streams_served == number


def test_a_second_viewer_of_vedette_cam_is_told_who_has_the_place(simulate, attempt):
    simulator = simulate(FIRMWARES["vedette_cam"])
    with socket.create_connection(("127.0.0.1", int(simulator.stream_url().split(":")[2].split("/")[0]))) as first:
        first.sendall(b"GET /stream HTTP/1.1\r\n\r\n")
        assert first.recv(1)
        tried = attempt(simulator.stream_url())
    assert (tried.error.reason, tried.error.detail) == (Reason.SLOT_BUSY, "127.0.0.1 has its only place")
    assert tried.source.observed is None


# Odd answers.


def test_a_closed_connection_without_an_answer_is_refused(board, attempt):
    tried = attempt(board(b"").url())
    assert tried.error.reason is Reason.REFUSED
    assert tried.source.phase is Phase.WAITING


ANSWERS = {
    "a web page": (PAGE, Reason.NOT_MJPEG, "text/html"),
    "another kind of picture": (PAGE.replace(b"text/html", b"image/png"), Reason.NOT_MJPEG, "image/png"),
    "no content type": (b"HTTP/1.1 200 OK\r\n\r\nhello", Reason.NOT_MJPEG, "no content type"),
    "an SSH server": (b"SSH-2.0-dropbear\r\n", Reason.NOT_MJPEG, "HTTP"),
    "bare HTML": (b"<!doctype html><title>Hello</title>", Reason.NOT_MJPEG, "HTTP"),
    "a bare picture": (JPEG, Reason.NOT_MJPEG, "HTTP"),
    "zeros": (bytes(1000), Reason.NOT_MJPEG, "HTTP"),
    "endless headers": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000, Reason.NOT_MJPEG, "headers"),
    "a redirection in a circle": (redirect(b"/stream"), Reason.HTTP_ERROR, "without end"),
    "a redirection to another host": (redirect(b"http://192.0.2.1/"), Reason.HTTP_ERROR, "another host"),
    "a redirection to TLS": (redirect(b"https://127.0.0.1/"), Reason.HTTP_ERROR, "https"),
    "a redirection to nowhere": (redirect(b"http://[/"), Reason.HTTP_ERROR, "nowhere"),
    "a redirection with a line end": (redirect(b"/a b"), Reason.HTTP_ERROR, "nowhere"),
    "a redirection without a place": (b"HTTP/1.1 302 Found\r\n\r\n", Reason.HTTP_ERROR, "302"),
    "a taken board": (busy("192.168.0.9"), Reason.SLOT_BUSY, "192.168.0.9 has its only place"),
    "a taken board that does not say by whom": (
        busy("somebody"),
        Reason.SLOT_BUSY,
        "another viewer has its only place",
    ),
    "a sensor that is told to be silent": (told(503, "sensor_silent", "no frames"), Reason.SENSOR_SILENT, ""),
    "another trouble in words": (told(503, "not_now", "an update"), Reason.HTTP_ERROR, "503: an update"),
    "words that cannot be shown": (told(500, "odd", "a\nb"), Reason.HTTP_ERROR, "500"),
    "json that says nothing": (
        b"HTTP/1.1 404 X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        Reason.HTTP_ERROR,
        "404",
    ),
    "words cut off": (busy("192.168.0.9")[:-20], Reason.HTTP_ERROR, "503"),
    "words without end": (
        b"HTTP/1.1 503 X\r\nContent-Type: application/json\r\n\r\n" + b" " * 2000,
        Reason.HTTP_ERROR,
        "503",
    ),
    "no free task": (b"HTTP/1.1 500 No free task\r\nContent-Length: 0\r\n\r\n", Reason.SLOT_BUSY, "no room"),
    "a fault of its own": (b"HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\noops", Reason.HTTP_ERROR, "500"),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", Reason.HTTP_ERROR, "204"),
    "forbidden": (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", Reason.HTTP_ERROR, "403"),
    "too many headers": (b"HTTP/1.1 431 Too Long\r\n\r\n", Reason.HTTP_ERROR, "431"),
    "unavailable": (b"HTTP/1.0 503 Busy\r\n\r\n", Reason.HTTP_ERROR, "503"),
    "a password": (b'HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n', Reason.AUTH_REQUIRED, ""),
    "half a head": (HEAD[:-10], Reason.STALLED, "closed"),
    "a head alone": (HEAD, Reason.STALLED, "closed"),
    "a chunk that is none": (CHUNKED + b"what?\r\n", Reason.STALLED, "HTTP"),
    "the end by its own account": (CHUNKED + chunk(part(JPEG)) + b"0\r\n\r\n", Reason.STALLED, "closed"),
}


@pytest.mark.parametrize(("answer", "reason", "detail"), ANSWERS.values(), ids=ANSWERS)
def test_an_odd_answer_has_its_reason(answer, reason, detail, board, attempt):
    tried = attempt(board(answer).url())
    assert tried.error.reason is reason
    assert detail in tried.error.detail
    assert bodies(tried.parts) == ([JPEG] if JPEG in answer and reason is Reason.STALLED else [])


@pytest.mark.parametrize(
    "name", ["a web page", "an SSH server", "a redirection to TLS", "the end by its own account", "a taken board"]
)
def test_the_attempt_does_not_wait_for_the_board_to_close(name, board, attempt):
    answer, reason, _ = ANSWERS[name]
    made = board(answer, waits=True)
    assert attempt(made.url()).error.reason is reason
    assert made.left.wait(20)


@pytest.mark.parametrize("name", ["a web page", "an SSH server", "a password", "a redirection to TLS"])
def test_what_comes_behind_an_unwelcome_answer_is_not_looked_at(name, board, attempt):
    answer, reason, _ = ANSWERS[name]

    def go_on(connection):
        for piece in (answer, *[b"x" * 1000] * 1000):
            connection.sendall(piece)

    assert attempt(board(go_on).url()).error.reason is reason


STREAMS = {
    "raw HTTP/1.1": HEAD + part(JPEG) + part(OTHER),
    "raw HTTP/1.0": HEAD.replace(b"1.1", b"1.0") + part(JPEG) + part(OTHER),
    "chunked": CHUNKED + chunk(part(JPEG)[:9]) + chunk(part(JPEG)[9:]) + chunk(part(OTHER)),
    "the boundary's line end is the blank line": HEAD[:-2] + part(JPEG) + part(OTHER),
    "words in place of a picture": HEAD
    + b"--B\r\nContent-Type: text/plain\r\n\r\nNo frames send.\r\n"
    + part(JPEG)
    + part(OTHER),
    "another boundary than declared": HEAD.replace(b"=B", b"=C") + part(JPEG) + part(OTHER),
    "no boundary declared": HEAD.replace(b";boundary=B", b"") + part(JPEG) + part(OTHER),
}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("size", [1, 100_000], ids=["one byte at a time", "whole"])
def test_every_dialect_is_understood(stream, size, board, attempt):
    def trickle(connection):
        for at in range(0, len(stream), size):
            connection.sendall(stream[at : at + size])

    tried = attempt(board(trickle).url())
    assert bodies(tried.parts) == [JPEG, OTHER]
    assert tried.error.reason is Reason.STALLED


def test_a_timestamp_comes_with_its_part(board, attempt):
    stamped = part(JPEG).replace(b"Content-Type", b"X-Timestamp: 12.5\r\nContent-Type")
    assert attempt(board(HEAD + stamped).url()).parts == [Part(JPEG, "12.5")]


def test_a_part_is_delivered_while_the_board_says_nothing_more(board, attempt):
    made = board(HEAD + part(JPEG), waits=True)
    tried = attempt(made.url(), parts=1)
    assert bodies(tried.parts) == [JPEG]
    assert tried.error is None


def test_a_part_that_waits_for_its_boundary_is_delivered_at_the_end(board, attempt):
    tried = attempt(board(HEAD + b"--B\r\nContent-Type: image/jpeg\r\n\r\n" + JPEG).url())
    assert bodies(tried.parts) == [JPEG]
    assert tried.error.reason is Reason.STALLED


# Silence, on a clock that is moved by hand.


@pytest.mark.parametrize(
    ("sent", "seconds", "reason"),
    [
        (b"", 4.0, Reason.SENSOR_SILENT),
        (b"", 2.9, Reason.REFUSED),
        (HEAD, 4.0, Reason.SENSOR_SILENT),
        (HEAD, 2.9, Reason.STALLED),
        (HEAD + part(JPEG), 4.0, Reason.SENSOR_SILENT),
        (HEAD + part(JPEG), 2.9, Reason.STALLED),
    ],
    ids=lambda value: str(value) if isinstance(value, float) else None,
)
def test_a_close_after_three_silent_seconds_is_the_sensors(sent, seconds, reason, board, clock, run_async):
    delivered = threading.Event()

    def fall_silent(connection):
        connection.sendall(sent)
        if JPEG in sent:
            assert delivered.wait(20)
        clock.move(seconds)

    made = board(fall_silent)

    async def fail() -> None:
        source = HttpSource(made.url(), Access(None), clock)
        with pytest.raises(Exception, match=f"^{reason.value}"):
            await source.run(lambda _: delivered.set())

    run_async(fail())


def test_an_error_that_took_the_sensors_time_is_the_sensors(board, clock, run_async):
    def wait_in_vain(connection):
        clock.move(5.0)
        connection.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")

    async def fail() -> None:
        with pytest.raises(BoardError, match=r"^sensor_silent"):
            await HttpSource(board(wait_in_vain).url(), Access(None), clock).run(lambda _: None)

    run_async(fail())


@pytest.mark.parametrize("sent", [HEAD, HEAD + part(JPEG), CHUNKED + b"5"], ids=["head", "part", "chunk"])
def test_a_reset_is_stalled(sent, board, attempt):
    def reset(connection):
        connection.sendall(sent)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert attempt(board(reset).url()).error.reason is Reason.STALLED


# The road to the board.


def test_a_name_that_nobody_knows_has_its_reason(attempt):
    tried = attempt("http://no-such-host.invalid:81/stream")
    assert (tried.error.reason, tried.error.detail) == (Reason.NAME_UNKNOWN, "no-such-host.invalid")
    assert tried.source.phase is Phase.RESOLVING


def test_a_road_that_does_not_exist_is_unreachable(attempt):
    tried = attempt("http://255.255.255.255:81/stream")
    assert tried.error.reason is Reason.UNREACHABLE
    assert tried.error.detail


def test_a_refusal_names_the_port(attempt):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and never listens
        port = bound.getsockname()[1]
        tried = attempt(f"http://127.0.0.1:{port}/stream")
    assert (tried.error.reason, tried.error.detail) == (Reason.REFUSED, f"port {port}")


def test_every_address_of_a_name_is_tried(board, attempt):
    made = board(HEAD + part(JPEG))
    assert bodies(attempt(made.url(host="localhost")).parts) == [JPEG]


@pytest.fixture
def _ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 on this machine")


@pytest.mark.usefixtures("_ipv6")
def test_an_ipv6_board_is_reached_and_named_in_brackets(board, attempt):
    made = board(HEAD + part(JPEG), host="::1")
    assert bodies(attempt(made.url(host="[::1]")).parts) == [JPEG]
    assert made.requests == [f"GET /stream HTTP/1.1\r\nHost: [::1]:{made.port}\r\n\r\n".encode()]


# The request.


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/stream", "/stream"),
        ("", "/"),
        ("/", "/"),
        ("/sustain?video=1", "/sustain?video=1"),
        ("?stream=0", "/?stream=0"),
        ("/a%20b/%C3%A9?x=%26", "/a%20b/%C3%A9?x=%26"),
    ],
)
def test_the_request_is_no_longer_than_it_must_be(path, target, board, attempt):
    made = board(HEAD)
    attempt(made.url(path))
    assert made.requests == [f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{made.port}\r\n\r\n".encode()]


def test_credentials_go_out_as_basic_authentication(board, attempt):
    made = board(HEAD)
    attempt(made.url(), ("admin", "pässwörd:x"))
    lines = made.requests[0].decode().split("\r\n")
    assert lines[:2] == ["GET /stream HTTP/1.1", f"Host: 127.0.0.1:{made.port}"]
    scheme, token = lines[2].removeprefix("Authorization: ").split(" ")
    assert scheme == "Basic"
    assert base64.b64decode(token).decode() == "admin:pässwörd:x"
    assert lines[3:] == ["", ""]


# Letting in, and being sent elsewhere.


DIGEST = b'HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm="r", nonce="%b", qop="auth"\r\nContent-Length: 0\r\n\r\n'


def test_a_digest_challenge_is_answered_and_remembered(board, attempt):
    def guard(connection):
        answered = b'Digest username="u", realm="r", nonce="n1"' in made.requests[-1]
        connection.sendall(HEAD + part(JPEG) if answered else DIGEST % b"n1")

    made = board(guard)
    access = Access(("u", "p"))
    assert bodies(attempt(made.url(), access=access).parts) == [JPEG]
    assert b"Authorization: Basic" in made.requests[0]
    assert b"nc=00000001" in made.requests[1]
    assert bodies(attempt(made.url(), access=access).parts) == [JPEG]
    assert len(made.requests) == 3, "the second attempt asks once: the board has one slot"
    assert b"nc=00000002" in made.requests[2]


def test_a_nonce_that_has_grown_old_is_replaced(board, attempt):
    nonces = iter((b"n1", b"n2", b"n3"))
    made = board(lambda connection: connection.sendall(DIGEST % next(nonces, b"n3")))
    tried = attempt(made.url(), ("u", "p"))
    assert tried.error.reason is Reason.AUTH_REQUIRED
    assert len(made.requests) == 4, "the same question is not answered twice"


def test_a_wrong_password_is_said_after_one_answer(board, attempt):
    made = board(DIGEST % b"n1")
    assert attempt(made.url(), ("u", "wrong")).error.reason is Reason.AUTH_REQUIRED
    assert len(made.requests) == 2


def test_a_redirect_within_the_board_is_followed(board, attempt):
    def point(connection):
        connection.sendall(HEAD + part(JPEG) if b"GET /cam?x=1 " in made.requests[-1] else redirect(b"/cam?x=1"))

    made = board(point)
    tried = attempt(made.url())
    assert bodies(tried.parts) == [JPEG]
    assert tried.source.observed.target.path == "/cam?x=1"


class Stranger:
    """Whereabouts of a board whose address another device has."""

    async def address(self) -> str:
        return "127.0.0.1"

    async def verify(self, address: str) -> None:
        assert address == "127.0.0.1"
        await asyncio.sleep(0)
        raise BoardError(Reason.UNREACHABLE, "another device has its address now")


def test_a_stranger_is_asked_for_nothing_and_nothing_complains(board, clock, run_async):
    made = board(HEAD, waits=True)

    async def meet() -> None:
        with pytest.raises(BoardError, match="another device"):
            await HttpSource(made.url(), Access(("u", "p")), clock, Stranger()).run(lambda _: None)
        gc.collect()
        await asyncio.sleep(0)

    run_async(meet())
    assert made.requests == []


# Single pictures.


def still(jpeg: bytes, length: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nX-Timestamp: 7.5\r\n" + length + b"\r\n" + jpeg


def test_single_pictures_are_asked_for_one_by_one_at_their_pace(board, clock, run_async):
    async def poll() -> None:
        parts: list[Part] = []
        arrived = asyncio.Event()

        def take(part: Part) -> None:
            parts.append(part)
            arrived.set()

        made = board(still(JPEG, b"Content-Length: %d\r\n" % len(JPEG)))
        source = HttpSource(made.url("/capture"), Access(None), clock, interval=2.0)
        task = asyncio.create_task(source.run(take))
        for count in range(1, 4):
            await arrived.wait()
            arrived.clear()
            assert len(made.requests) == count
            while not clock.pending():  # noqa: ASYNC110 - nobody tells when it has begun to wait
                await asyncio.sleep(0)
            assert clock.next_due() == pytest.approx(2.0)
            await clock.advance(2.0)
        assert source.interval == 2.0
        assert parts[0] == Part(JPEG, "7.5")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    run_async(poll())


def test_a_picture_without_a_length_ends_with_its_connection(board, attempt):
    assert bodies(attempt(board(still(JPEG)).url(), parts=1).parts) == [JPEG]


def test_a_cut_off_picture_is_delivered_for_the_check_to_refuse(board, attempt):
    made = board(still(JPEG[:9], b"Content-Length: %d\r\n" % len(JPEG)))
    assert bodies(attempt(made.url(), parts=1).parts) == [JPEG[:9]]


def test_what_comes_behind_the_end_of_a_picture_is_nobodys(board, attempt):
    made = board(still(JPEG, b"Content-Length: %d\r\n" % len(JPEG)) + b"and more")
    assert bodies(attempt(made.url(), parts=2).parts) == [JPEG, JPEG]


def test_a_picture_of_no_bytes_is_no_picture_and_the_next_one_is_asked_for(board, attempt):
    answers = iter((still(b"", b"Content-Length: 0\r\n") + JPEG, still(JPEG)))
    tried = attempt(board(lambda connection: connection.sendall(next(answers, b""))).url(), parts=1)
    assert bodies(tried.parts) == [JPEG]
    assert tried.source.words == 1


def test_an_endless_picture_is_over_the_limit(board, attempt):
    def flood(connection):
        connection.sendall(still(JPEG))
        for _ in range(40):
            connection.sendall(bytes(64 * 1024))

    assert attempt(board(flood).url(), parts=1).parts == [Part(b"", oversize=True)]


# Phases and cancellation.


def test_the_phase_says_how_far_it_has_come(board, clock, run_async):
    answer = threading.Event()

    def hesitate(connection):
        assert answer.wait(20)
        connection.sendall(HEAD + part(JPEG))

    made = board(hesitate, waits=True)

    async def watch() -> None:
        source = HttpSource(made.url(), Access(None), clock)
        phases = [source.phase]
        delivered = asyncio.Event()
        task = asyncio.create_task(source.run(lambda _: delivered.set()))
        assert await asyncio.to_thread(made.asked.wait, 20)
        phases.append(source.phase)
        answer.set()
        await delivered.wait()
        phases.append(source.phase)
        assert phases == [Phase.RESOLVING, Phase.WAITING, Phase.RECEIVING]
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    run_async(watch())


@pytest.mark.parametrize(
    "sent", [b"", HEAD[:20], HEAD, HEAD + part(JPEG)[:50]], ids=["nothing", "half", "head", "part"]
)
def test_cancelling_closes_the_connection(sent, board, clock, run_async):
    made = board(sent, waits=True)

    async def cancel() -> None:
        task = asyncio.create_task(HttpSource(made.url(), Access(None), clock).run(lambda _: None))
        assert await asyncio.to_thread(made.asked.wait, 20)
        assert not made.left.is_set()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(made.left.wait, 20)

    run_async(cancel())


@pytest.mark.parametrize("steps", range(8))
def test_cancelling_at_any_step_of_the_way_leaves_nothing_behind(steps, board, clock, run_async):
    made = board(HEAD, waits=True)

    async def cancel() -> None:
        task = asyncio.create_task(HttpSource(made.url(), Access(None), clock).run(lambda _: None))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_async(cancel())


def test_a_failed_attempt_closes_the_connection(board, attempt):
    made = board(PAGE, waits=True)
    attempt(made.url())
    assert made.left.wait(20)


def test_a_connection_that_is_lost_while_its_attempt_is_cancelled_is_nobodys_complaint(run_async, clock, monkeypatch):
    async def connect(_addresses, _port, make_protocol):
        make_protocol().connection_lost(None)
        raise asyncio.CancelledError

    monkeypatch.setattr("vedette.sources.http.connect", connect)

    async def story() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await HttpSource("http://127.0.0.1/", Access(None), clock).run(print)
        gc.collect()

    run_async(story())
