"""What a plug is asked, and what its answers mean: on real sockets, against a server of the standard library."""

import asyncio
import hashlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.fake_clock import FakeClock

from vedette.clock import SystemClock
from vedette.config import PowerCycleConfig
from vedette.hub.plugs import Answer, Plug


class Server(ThreadingHTTPServer):
    """Keeps what it was asked, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.respond: Callable[[Handler], None] = lambda handler: handler.answer(200)
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _take(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        server.asked.append((self.requestline, dict(self.headers), body))
        server.respond(self)

    do_GET = do_POST = do_PUT = _take  # noqa: N815 - the library's names

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(url: str, **config: object) -> Answer:
    plug = Plug(PowerCycleConfig.model_validate({"url": url, **config}), SystemClock())
    return asyncio.run(plug.ask(url))


def test_a_plug_is_asked_for_what_stands_in_the_configuration_and_nothing_more(server: Server) -> None:
    answer = ask(f"{server.url}/cm?cmnd=Backlog%20Power%20Off%3BDelay%2050%3BPower%20On")
    assert answer == Answer(ok=True, detail="it answered 200")
    line, headers, body = server.asked[0]
    assert line == "GET /cm?cmnd=Backlog%20Power%20Off%3BDelay%2050%3BPower%20On HTTP/1.1"
    assert headers == {"Host": server.url.removeprefix("http://"), "Connection": "close"}
    assert body == b""


def test_method_body_and_headers_are_the_users(server: Server) -> None:
    body = '{"name": "Küche"}'
    ask(server.url, method="POST", body=body, headers={"Content-Type": "application/json", "Authorization": "Bearer x"})
    line, headers, sent = server.asked[0]
    assert line == "POST / HTTP/1.1"
    assert sent == body.encode()
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Bearer x"
    ask(server.url, method="PUT")
    assert server.asked[1][1]["Content-Length"] == "0"


@pytest.mark.parametrize(("status", "ok"), [(200, True), (204, True), (400, False), (404, False), (500, False)])
def test_only_success_is_success(server: Server, status: int, ok: bool) -> None:  # noqa: FBT001 - a table's column
    server.respond = lambda handler: handler.answer(status)
    assert ask(server.url) == Answer(ok=ok, detail=f"it answered {status}")


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.respond = lambda handler: handler.answer(302, Location=f"{server.url}/elsewhere")
    answer = ask(server.url)
    assert not answer.ok
    assert answer.detail == "it answered 302, a redirect, which is not followed: check the address"
    assert len(server.asked) == 1


def test_no_proxy_of_the_environment_is_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert ask(server.url).ok


def test_a_password_is_sent_only_when_the_plug_asks_for_it(server: Server) -> None:
    def respond(handler: Handler) -> None:
        allowed = handler.headers.get("Authorization") == "Basic YWRtaW46c2VjcmV0"
        handler.answer(200) if allowed else handler.answer(401, WWW_Authenticate='Basic realm="plug"')

    server.respond = respond
    assert ask(server.url, username="admin", password="secret").ok
    assert "Authorization" not in server.asked[0][1]
    assert ask(server.url).detail == "it answered 401: set username and password"
    assert ask(server.url, username="admin", password="wrong").detail == "it answered 401: check username and password"


def test_digest_as_shelly_plugs_want_it_is_answered(server: Server) -> None:
    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def respond(handler: Handler) -> None:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', handler.headers.get("Authorization", "")))
        middle = f"abc:{given.get('nc')}:{given.get('cnonce')}:auth"
        wanted = sha(f"{sha('admin:shelly:secret')}:{middle}:{sha('GET:/rpc/x?id=0')}")
        if given.get("response") == wanted:
            handler.answer(200)
        else:
            challenge = 'Digest qop="auth", realm="shelly", nonce="abc", algorithm=SHA-256'
            handler.answer(401, WWW_Authenticate=challenge)

    server.respond = respond
    url = f"{server.url}/rpc/x?id=0"
    assert ask(url, username="admin", password="secret").ok
    assert not ask(url, username="admin", password="wrong").ok
    answer = ask(url, username="admin", password="secret", method="POST")
    assert answer == Answer(
        ok=False, detail="it answered 401: it wants Digest authentication, which is answered for GET only"
    )


def test_no_connection_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = ask(f"http://127.0.0.1:{port}/")
    assert not answer.ok
    assert answer.detail.startswith("no connection (")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n\r\n"], ids=["nothing", "something else"])
def test_what_is_not_http_is_said_in_words(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            connection, _ = listening.accept()
            connection.recv(4096)
            connection.sendall(said)
            connection.close()

        thread = threading.Thread(target=take)
        thread.start()
        answer = ask(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        thread.join()
    assert answer == Answer(ok=False, detail="what it answers is not HTTP")


def test_https_to_a_plug_that_nobody_vouches_for_is_refused_in_words(server: Server) -> None:
    answer = ask(server.url.replace("http:", "https:"))
    assert not answer.ok
    assert answer.detail.startswith("no secure connection (")


def test_a_plug_that_says_nothing_is_given_up_after_ten_seconds(clock: FakeClock) -> None:
    async def story(url: str) -> Answer:
        asking = asyncio.create_task(Plug(PowerCycleConfig(url=url), clock).ask(url))
        await clock.advance(9.9)
        assert not asking.done()
        await clock.advance(0.2)
        return await asking

    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = asyncio.run(story(f"http://127.0.0.1:{silent.getsockname()[1]}/"))
    assert answer == Answer(ok=False, detail="no answer within 10 s")
