"""Every firmware with every fault, on real sockets: the state, the reason and the counters that `fault_table` asks for.

All pairs of a batch run at once, on one server: first every board is well, then each has its fault, then all are well
again. Every camera has a viewer, which must keep its connection and get whole pictures only.
"""

import resource
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.end_to_end.crowd import Crowd
from tests.end_to_end.fault_table import (
    BUSY_ONES,
    DECIDED,
    HARMLESS_WARNINGS,
    PATIENT,
    TABLE,
    Expected,
    Pair,
    played,
)
from tests.end_to_end.harness import Server, wait_until

from vedette.boards import FIRMWARES, Dialect
from vedette.simulator import Fault, Simulator, Timings

WITHIN = 60.0  # seconds for everything that must come true: the longest, huge-frames, takes 40
FPS = 2.0
TIMINGS = Timings(
    boot=6.0,  # a boot that moves by less than five seconds may be a picture that was long on its way
    reboot_every=120.0,
    brownout_every=3.0,  # long enough for a slow machine to find it up
    blip=4.0,
    blip_every=8.0,
    size_every=8.0,  # long enough for a slow machine to see several pictures of each
    growth=16.0,  # so that some pictures fall between 80 and 100 % of the buffer, whatever chance says
)
NEEDS_A_PERSON = frozenset(("auth_required", "not_mjpeg"))  # a minute until the next attempt

Answers = dict[str, Any]


class Watched:
    """One camera and its fault: what it has shown since that began."""

    def __init__(self, pair: Pair, before: Answers) -> None:
        self.pair = pair
        expected = TABLE[pair.fault].of(pair.firmware)
        assert expected is not None
        self.expected: Expected = expected
        self._before = before
        self._now = before
        self._shown: set[tuple[str, str | None]] = set()
        self._sizes: set[tuple[int, int]] = set()
        self._controls: set[str | None] = set()
        self._warnings: set[str] = set()
        self._frames_when_away: int | None = None

    def look(self, answers: Answers) -> None:
        """Take what the API says of the camera now."""
        self._now = answers
        self._shown.add((answers["state"], answers["reason"]))
        self._sizes.add((answers["width"], answers["height"]))
        self._controls.add(answers["control"])
        self._warnings |= {warning["code"] for warning in answers["warnings"]}
        if answers["reason"] == self.expected.away is not None and self._frames_when_away is None:
            self._frames_when_away = answers["frames"]

    def missing(self) -> list[str]:
        """What must still come."""
        expected = self.expected
        reasons = [("stale", expected.stale), ("offline", expected.away)]
        found = [f"{state}, {reason}" for state, reason in reasons if reason and (state, reason) not in self._shown]
        least = {"frames": expected.frames, "reboots": expected.reboots or 0}
        if not expected.steady:
            least["reconnects"] = expected.reconnects
        found += [f"{count} {counter}" for counter, count in least.items() if self._gained(counter) < count]
        if expected.rejected and not any(self._rejected()[cause] for cause in expected.rejected):
            found.append(f"frames refused as {' or '.join(sorted(expected.rejected))}")
        if expected.control and expected.control not in self._controls:
            found.append(f"control {expected.control}")
        if len(self._sizes) < expected.sizes:
            found.append(f"{expected.sizes} sizes")
        found += [f"warning {code}" for code in sorted(expected.warnings - self._warnings)]
        return [f"missing: {each}" for each in found]

    def wrong(self) -> list[str]:
        """What must not be."""
        expected = self.expected
        allowed = {("online", None), ("stale", expected.stale), ("offline", expected.away)}
        allowed |= {("offline", reason) for reason in expected.passing}
        if not expected.steady:
            allowed |= {("stale", reason) for reason in expected.passing}
        found = [f"{state}, {reason}" for state, reason in sorted(self._shown - allowed, key=str)]
        refused = set(+self._rejected()) - expected.rejected - expected.tolerated
        found += [f"frames refused as {cause}" for cause in sorted(refused)]
        if expected.steady and self._gained("reconnects") > expected.reconnects:
            found.append("too many reconnects")
        if not expected.reboots and self._gained("reboots"):
            found.append("reboots")
        if expected.dark and self._frames_when_away is not None and self._now["frames"] > self._frames_when_away:
            found.append("frames from a camera that has none")
        warnings = self._warnings - expected.warnings - expected.may_warn - HARMLESS_WARNINGS
        if expected.rejected | expected.tolerated:
            warnings -= {"damaged_frames"}
        found += [f"warning {code}" for code in sorted(warnings)]
        return [f"wrong: {each}" for each in found]

    def told(self, differences: list[str]) -> str:
        """A line for a person."""
        shown = ", ".join(f"{state} {reason or ''}".strip() for state, reason in sorted(self._shown, key=str))
        return (
            f"{self.pair.fault.value:>18} on {self.pair.firmware:<16}: {'; '.join(differences)}"
            f"\n{'':>22}has shown: {shown}; now: {self._now['explanation']}"
        )

    def _gained(self, counter: str) -> int:
        return int((self._now[counter] or 0) - (self._before[counter] or 0))

    def _rejected(self) -> Counter[str]:
        return Counter(self._now["rejected"]) - Counter(self._before["rejected"])


class Batch:
    """Boards, each with a fault of its own to come, and the server that looks at them."""

    def __init__(self, pairs: list[Pair], boards: Simulator, serve: Callable[..., Server]) -> None:
        self.pairs = pairs
        self.boards = boards
        self.ids = [f"{fault.value}-on-{firmware.replace('.', '-')}" for firmware, fault in pairs]
        self._firmwares = {camera: FIRMWARES[pair.firmware] for camera, pair in zip(self.ids, pairs, strict=True)}
        lines = (
            f'[cameras.{camera}]\nurl = "{boards.stream_url(number)}"\n'
            f'control_url = "{boards.control_url(number)}"\npoll_interval = {1 / FPS}'
            for number, camera in enumerate(self.ids)
        )
        self._change_settings()
        self.server = serve({}, "\n".join(lines))

    def cameras(self) -> dict[str, Answers]:
        return {camera["id"]: camera for camera in self.server.get("/api/cameras").json}

    def wait_until_all(self, are: Callable[[Answers], bool], cameras: list[str], what: str) -> None:
        def rest() -> list[str]:
            now = self.cameras()
            return [f"{camera}: {now[camera]['explanation']}" for camera in cameras if not are(now[camera])]

        deadline = time.monotonic() + WITHIN
        while late := rest():
            assert time.monotonic() < deadline, "\n".join([f"not {what} within {WITHIN:g} s:", *late])
            time.sleep(0.2)

    def is_well(self, camera: Answers) -> bool:
        """It is online, known for what it is, and where there is something to ask, it has been asked."""
        firmware = self._firmwares[camera["id"]]
        asked = camera["control"] == "online" or firmware.status_path is None
        return camera["state"] == "online" and camera["firmware"] == firmware.family and asked

    def misbehave(self) -> None:
        for number, (firmware, fault) in enumerate(self.pairs):
            self.boards.set_faults(number, fault)
            if TABLE[fault].cut and not FIRMWARES[firmware].stills_only:
                self.boards.cut(number)

    def behave(self) -> None:
        for number in range(len(self.pairs)):
            self.boards.set_faults(number)

    def _change_settings(self) -> None:
        """Away from their defaults on every board that has some: so a reboot shows in them."""
        for number, (firmware, fault) in enumerate(self.pairs):
            dialect = FIRMWARES[firmware].control
            if dialect is not None and fault in {Fault.REBOOT, Fault.BROWNOUT_LOOP}:
                for name in ("contrast", "brightness"):
                    query = f"var={name}&val=1" if dialect is Dialect.VAR_VAL else f"{name}=1"
                    url = f"{self.boards.control_url(number)}control?{query}"
                    urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - our own board


def judge(batch: Batch, before: dict[str, Answers]) -> dict[str, Watched]:
    """Watch all cameras until each has shown what the table asks for, and say where one has not."""
    watched = {camera: Watched(pair, before[camera]) for camera, pair in zip(batch.ids, batch.pairs, strict=True)}
    deadline = time.monotonic() + WITHIN
    while True:
        now = batch.cameras()
        for camera, one in watched.items():
            one.look(now[camera])
        if time.monotonic() > deadline or not any(one.missing() for one in watched.values()):
            break
        time.sleep(0.1)
    lines = [one.told(differences) for one in watched.values() if (differences := one.missing() + one.wrong())]
    assert not lines, "\n".join([f"{len(lines)} of {len(watched)} pairs differ from the table:", *lines])
    return watched


@pytest.fixture
def many_files() -> Iterator[None]:
    """Some hundred boards with a viewer each are more sockets than a process is usually allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_every_pair_stands_in_exactly_one_place_of_the_table() -> None:
    assert set(TABLE) == set(Fault), "decide about every fault"
    assert sorted(DECIDED) == sorted(FIRMWARES), "decide about every firmware"
    for fault, row in TABLE.items():
        named = Counter(row.named())
        assert set(named) <= set(DECIDED), f"{fault.value} names firmware that is none"
        assert not [name for name, count in named.items() if count > 1], f"{fault.value} names one firmware twice"
        assert (row.usual is None) == (len(named) == len(DECIDED)), f"{fault.value}: what of the others?"


@pytest.mark.once
@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("faults", [PATIENT, BUSY_ONES], ids=["patient", "busy"])
def test_every_firmware_with_every_fault_shows_what_the_table_asks_for_and_heals(
    faults: frozenset[Fault], make_boards: Callable[..., Simulator], serve: Callable[..., Server]
) -> None:
    pairs = played(faults)
    firmwares = [FIRMWARES[pair.firmware] for pair in pairs]
    boards = make_boards(len(pairs), firmwares, size=(160, 120), fps=FPS, timings=TIMINGS)
    batch = Batch(pairs, boards, serve)
    batch.wait_until_all(batch.is_well, batch.ids, "well")
    with Crowd(batch.server, batch.ids) as crowd:
        wait_until(lambda: all(onlooker.live for onlooker in crowd.onlookers), WITHIN, "every viewer sees a picture")
        before = batch.cameras()
        batch.misbehave()
        watched = judge(batch, before)
        batch.behave()
        # The others' minute is played with the fake clock.
        healing = [camera for camera, one in watched.items() if one.expected.away not in NEEDS_A_PERSON]
        batch.wait_until_all(lambda camera: camera["state"] == "online", healing, "online again")
        onlookers = [onlooker for onlooker in crowd.onlookers if onlooker.camera in healing]
        seen = [onlooker.live for onlooker in onlookers]
        wait_until(
            lambda: all(onlooker.live > live for onlooker, live in zip(onlookers, seen, strict=True)),
            WITHIN,
            "every viewer sees live pictures again",
        )
    complaints = [f"{onlooker.camera}: {onlooker.complaint}" for onlooker in crowd.onlookers if onlooker.complaint]
    assert not complaints, "\n".join(complaints)
