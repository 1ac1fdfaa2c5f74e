"""Searches on an engine's loop, asked for from other threads."""

import asyncio
import threading

import pytest

from vedette.clock import SystemClock
from vedette.discovery import Discoveries, Search, SearchState
from vedette.errors import RequestError, ServerError
from vedette.hub import Engine
from vedette.sources import LOCAL_REACH, USUAL_REACH

WITHIN = 30.0


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Nobody announces anything."""

    async def nobody(_clock, _reach, *_):
        return ()

    monkeypatch.setattr("vedette.discovery.search.Search.__init__.__defaults__", (None, nobody, lambda: ()))


@pytest.fixture
def discoveries(engine):
    return Discoveries(engine, SystemClock())


@pytest.fixture
def gate(monkeypatch):
    """Visits that wait until it is opened."""
    opened = threading.Event()
    begun = threading.Event()

    class Waiting:
        def __init__(self, *_):
            pass

        async def run(self):
            begun.set()
            await asyncio.get_running_loop().run_in_executor(None, opened.wait, WITHIN)

    monkeypatch.setattr("vedette.discovery.search.Visit", Waiting)
    yield opened, begun
    opened.set()


def until_over(search: Search) -> None:
    over = threading.Event()

    def notice() -> None:
        if search.asked == search.total:
            over.set()

    search.on_change = notice
    if search.asked < search.total:
        assert over.wait(WITHIN)


def test_a_search_runs_by_itself_and_is_read_by_its_id(net, simulate, discoveries):
    simulate(f"{net}.3")
    search_id = discoveries.start(f"{net}.0/29", LOCAL_REACH, {f"{net}.4": "porch"})
    search = discoveries.get(search_id)
    until_over(search)
    assert sorted((each.address, each.camera) for each in search.found) == [(f"{net}.3", None), (f"{net}.4", "porch")]


@pytest.mark.usefixtures("gate")
def test_there_is_one_at_a_time(net, discoveries):
    discoveries.start(f"{net}.0/29", LOCAL_REACH, {})
    with pytest.raises(RequestError) as caught:
        discoveries.start(None, LOCAL_REACH, {})
    assert (caught.value.status, caught.value.code) == (409, "discovery_running")


def test_a_stopped_one_makes_room_for_the_next_and_is_kept(net, discoveries, gate):
    first = discoveries.start(f"{net}.0/29", LOCAL_REACH, {})
    assert gate[1].wait(WITHIN)
    discoveries.stop(first)
    discoveries.stop(first)
    assert discoveries.get(first).state is SearchState.STOPPED
    second = discoveries.start(f"{net}.0/29", LOCAL_REACH, {})
    assert second != first
    assert discoveries.get(first).state is SearchState.STOPPED


@pytest.mark.usefixtures("gate")
def test_only_the_last_few_are_kept(net, discoveries):
    made = []
    for _ in range(6):
        made.append(discoveries.start(f"{net}.0/29", LOCAL_REACH, {}))
        discoveries.stop(made[-1])
    for search_id in made[2:]:
        discoveries.get(search_id)
    for search_id in made[:2]:
        with pytest.raises(RequestError) as caught:
            discoveries.get(search_id)
        assert (caught.value.status, caught.value.code) == (404, "discovery_unknown")


@pytest.mark.parametrize("network", ["8.8.8.0/24", "127.0.0.0/29", "10.0.0.0/8", "home", "169.254.169.254"])
def test_a_network_that_is_not_searched_is_refused_in_a_sentence(network, discoveries):
    with pytest.raises(RequestError) as caught:
        discoveries.start(network, USUAL_REACH, {})
    assert (caught.value.status, caught.value.code) == (422, "network_refused")
    assert caught.value.message.endswith(".")


def test_what_goes_wrong_in_it_ends_it_and_is_logged(net, discoveries, monkeypatch):
    class Broken:
        def __init__(self, *_):
            pass

        async def run(self):
            raise ZeroDivisionError

    monkeypatch.setattr("vedette.discovery.search.Visit", Broken)
    said = threading.Event()
    monkeypatch.setattr("vedette.discovery.discoveries._log.error", lambda *_, **__: said.set())
    search = discoveries.get(discoveries.start(f"{net}.0/29", LOCAL_REACH, {}))
    assert said.wait(WITHIN)
    assert search.state is SearchState.STOPPED


def test_closing_ends_the_search(net, engine, discoveries, gate):
    search = discoveries.get(discoveries.start(f"{net}.0/29", LOCAL_REACH, {}))
    assert gate[1].wait(WITHIN)
    engine.stop(discoveries.close)
    assert search.state is SearchState.STOPPED


def test_without_an_engine_it_says_so():
    with pytest.raises(ServerError, match="not running"):
        Discoveries(Engine(), SystemClock()).start(None, LOCAL_REACH, {})
