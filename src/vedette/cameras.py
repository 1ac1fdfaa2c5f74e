"""Builds cameras from their configuration, and what they share."""

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from vedette.clock import Clock
from vedette.config import CameraConfig
from vedette.hub import BoardLinks, Camera, Checks, ControlPort, Engine
from vedette.hub.macs import MacMemory
from vedette.hub.names import MulticastNames
from vedette.hub.neighbours import Neighbours
from vedette.hub.powercycle import Pacing, PowerCycler
from vedette.hub.whereabouts import Whereabouts
from vedette.sources import Access, FixedWhereabouts, HostMemory, HostSource, HttpSource, Reach, Source, fetch

_MACS = "macs.json"


@dataclass(frozen=True, slots=True)
class Shared:
    """What all cameras have in common.

    Attributes:
        engine: on whose loop they live.
        pool: where frames are checked.
        clock: for all waiting.
        random: for all jitter.
        neighbours: who is on the attached networks.
        macs: the boards' MAC addresses, remembered.
        names: names that boards give themselves.
        pacing: of power cuts.
        reach: where the server may connect to.
    """

    engine: Engine
    pool: Executor
    clock: Clock
    random: Random
    neighbours: Neighbours
    macs: MacMemory
    names: MulticastNames
    pacing: Pacing
    reach: Reach

    @classmethod
    def build(
        cls, engine: Engine, pool: Executor, clock: Clock, random: Random, folder: Path, reach: Reach
    ) -> "Shared":
        """Everything that cameras share; ``folder`` is the data folder."""
        macs = MacMemory(folder / _MACS)
        names = MulticastNames(clock)
        return cls(engine, pool, clock, random, Neighbours(clock), macs, names, Pacing(clock), reach)


def build_camera(camera_id: str, config: CameraConfig, shared: Shared) -> Camera:
    """A camera, not started."""
    return Camera(camera_id, config, build_links(camera_id, config, shared), shared.clock, shared.random)


def build_links(camera_id: str, config: CameraConfig, shared: Shared) -> BoardLinks:
    """How a camera gets at its board, as the configuration has it."""
    clock = shared.clock
    host = config.board
    password = config.password.get_secret_value() if config.password else ""
    credentials = (config.username, password) if config.username else None
    stream_access, control_access = Access(credentials), Access(credentials)
    whereabouts = Whereabouts(camera_id, host, config.mac, shared.neighbours, shared.macs, shared.names)
    ask = partial(fetch, access=control_access, clock=clock, whereabouts=whereabouts, reach=shared.reach)
    memory = HostMemory()
    control_host = urlsplit(config.control_url).hostname if config.control_url else None
    if control_host is None or control_host == host.lower():
        ask_control = ask
    else:  # a control port behind another address, as forwarders have it
        ask_control = partial(ask, whereabouts=FixedWhereabouts(control_host))

    def make_url_source(url: str) -> HttpSource:
        return HttpSource(url, stream_access, clock, whereabouts, config.poll_interval, shared.reach)

    def make_source() -> Source:
        if config.url is not None:
            return make_url_source(config.url)
        return HostSource(host, config.firmware, memory, make_url_source, ask)

    return BoardLinks(
        host=host,
        make_source=make_source,
        make_checks=partial(Checks, shared.engine.post, shared.pool, clock, config.check),
        control=ControlPort(host, config.control_url, ask_control, clock),
        whereabouts=whereabouts,
        power=PowerCycler(camera_id, config.power_cycle, shared.pacing, clock) if config.power_cycle else None,
    )
