import contextlib
import socket

import pytest

from vedette.clock import SystemClock
from vedette.errors import BoardError, Reason
from vedette.sources import Access, NoAnswerError, fetch
from vedette.sources.fetch import BODY_LIMIT


@pytest.fixture
def ask(run_async):
    def ask_it(url, credentials=None, limit=20.0, patience=None):
        return run_async(fetch(url, Access(credentials), SystemClock(), limit=limit, patience=patience))

    return ask_it


def test_an_answer_has_its_status_and_body(simulate, ask):
    answer = ask(simulate().control_url() + "status")
    assert answer.head.status == 200
    assert answer.body.startswith(b"{")


def test_a_body_that_ends_with_its_connection_is_whole(board, ask):
    assert ask(board(b"HTTP/1.0 200 OK\r\n\r\nhello").url()).body == b"hello"


def test_an_endless_body_is_cut(board, ask):
    def flood(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                connection.sendall(bytes(8192))

    assert len(ask(board(flood).url()).body) == BODY_LIMIT


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"", Reason.REFUSED), (b"SSH-2.0-x\r\n", Reason.HTTP_ERROR), (b"HTTP/1.1 200 OK\r\nX", Reason.REFUSED)],
)
def test_what_is_no_answer_has_its_reason(answer, reason, board, ask):
    with pytest.raises(BoardError) as caught:
        ask(board(answer).url())
    assert caught.value.reason is reason


def test_nobody_there_is_refused(ask):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(BoardError) as caught:
            ask(f"http://127.0.0.1:{bound.getsockname()[1]}/status")
    assert caught.value.reason is Reason.REFUSED


def test_silence_ends_at_the_limit(board, ask):
    with pytest.raises(BoardError) as caught:
        ask(board(b"", waits=True).url(), limit=0.05)
    assert caught.value.reason is Reason.UNREACHABLE


def test_silence_after_the_request_ends_with_its_own_patience(board, ask):
    with pytest.raises(NoAnswerError) as caught:
        ask(board(b"", waits=True).url(), patience=0.05)
    assert caught.value.reason is Reason.UNREACHABLE


def test_nobody_there_has_not_heard_the_request(ask):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(BoardError) as caught:
            ask(f"http://127.0.0.1:{bound.getsockname()[1]}/status", patience=0.05)
    assert not isinstance(caught.value, NoAnswerError)


def test_an_end_without_an_answer_may_mean_that_it_was_heard(board, ask):
    with pytest.raises(NoAnswerError):
        ask(board(b"").url())


def test_a_challenge_is_answered(board, ask):
    def guard(connection):
        answered = b"Digest username" in made.requests[-1]
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nin"
            if answered
            else b'HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\nContent-Length: 0\r\n\r\n'
        )

    made = board(guard)
    assert ask(made.url(), ("u", "p")).body == b"in"
