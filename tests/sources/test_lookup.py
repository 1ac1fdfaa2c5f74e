"""Names that are looked up; the system's own resolver is played where a name server would be needed."""

import asyncio
import socket
import threading

import pytest

from vedette.sources.lookup import look_up


def test_a_number_is_known_at_once_and_a_name_is_asked_for() -> None:
    async def addresses(host: str) -> set[str]:
        return {info[4][0] for info in await look_up(host, 80)}

    assert asyncio.run(addresses("192.0.2.7")) == {"192.0.2.7"}
    assert asyncio.run(addresses("::1")) == {"::1"}
    assert asyncio.run(addresses("localhost")) & {"127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["a" * 300, "..", "-.invalid"])
def test_what_is_no_name_fails(host: str) -> None:
    with pytest.raises((OSError, UnicodeError)):
        asyncio.run(look_up(host, 80))


def test_nobody_waits_for_a_name_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    release, ended = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def hang(host: str, port: int, **more: int) -> list[object]:
        if more.get("flags"):
            return list(real(host, port, **more))
        release.wait(30)
        ended.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(look_up("porch.example", 80), 0.01)

    asyncio.run(give_up())  # which closes the loop: nothing waits, and what comes too late is thrown away
    release.set()
    assert ended.wait(10)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "lookup")
