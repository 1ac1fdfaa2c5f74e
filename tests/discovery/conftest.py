"""Boards on addresses of their own: all of 127/8 is this machine on Linux. Ports below 1024 are not relied on."""

import asyncio
import contextlib
import os
from dataclasses import replace
from typing import Any

import pytest

from vedette.boards import ESPHOME, FIRMWARES
from vedette.simulator import Simulator

WITHIN = 30.0  # seconds that anything may take before a test gives up


@pytest.fixture
def net():
    """The first three numbers of a network that is this process' alone: the ports of boards are always the same."""
    number = os.getpid() % (128 * 250)
    return f"127.{100 + number // 250}.{1 + number % 250}"


@pytest.fixture
def run_async():
    """Run one coroutine; whatever the loop complains of is a failure."""

    def run(coroutine):
        complaints = []
        with asyncio.Runner() as runner:
            runner.get_loop().set_exception_handler(lambda _, context: complaints.append(context))
            result = runner.run(asyncio.wait_for(coroutine, WITHIN))
        assert not complaints
        return result

    return run


@pytest.fixture
def simulate():
    """Start a board; its control port is 8080 and, where it has two, its stream port 8081."""
    with contextlib.ExitStack() as stack:

        def start(host, firmware=ESPHOME, port=8080, **options):
            changed: dict[str, Any] = {"size": (400, 300), "fps": 30.0} | options
            return stack.enter_context(Simulator(firmware, host=host, port=port, **changed))

        yield start


@pytest.fixture
def unprivileged(monkeypatch):
    """Boards have 8080 and 8081 in place of 80 and 81, since those are root's."""
    elsewhere = {80: 8080, 81: 8081, 8080: 8082, 8081: 8083}
    boards = {
        name: replace(each, control_port=elsewhere[each.control_port], stream_port=elsewhere[each.stream_port])
        for name, each in FIRMWARES.items()
    }
    monkeypatch.setattr("vedette.sources.host.FIRMWARES", boards)
    monkeypatch.setattr("vedette.discovery.visit.PORTS", (8080, 8081))
    monkeypatch.setattr("vedette.discovery.visit._PAGE_PORT", 8080)
