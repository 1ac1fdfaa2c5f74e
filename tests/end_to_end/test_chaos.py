"""The benchmark's storm, two minutes of it: every firmware, every fault, one server; and that it would notice damage.

Nothing here is about speed. Faults after which the server waits a minute for a person are left out, for the time.
"""

import sys
from pathlib import Path

import pytest
from benchmarks.chaos import APART, Account, Plan, Round, Sample, rage
from benchmarks.ledger import keep_ledgers
from benchmarks.part_viewers import GOOD, ONLINE, Seen, digest_of
from benchmarks.serving import Spent, Stage

from vedette.boards import CAMERASERVER
from vedette.simulator import Fault, Simulator

NEEDS_A_PERSON = {Fault.UNAUTHORIZED, Fault.WRONG_TYPE, Fault.SWAP_DEVICE, Fault.ENDLESS_HEAD}
OFTEN_LEGAL = {"noise", *APART}  # one bit or 64 bytes may give a picture that nothing in it gives away
HEALED_WITHIN = 60.0  # four times the goal: this machine may be busy
GROWN = {"threads": 1, "files": 4, "kb": 48 * 1024}  # refused frames are kept, of more and more cameras and causes

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Round:
    stage = Stage(tmp_path_factory.mktemp("chaos"), Path(sys.executable).with_name("vedette"), None, None)
    faults = tuple(fault for fault in Fault if fault not in NEEDS_A_PERSON)
    return rage(stage, Plan(boards=10, seconds=80, seed=4, fps=5, faults=faults, good=9, bad=5))


def test_every_board_is_live_again_after_its_last_fault(storm: Round) -> None:
    last = [trouble for trouble, _ in storm.last_ones()]
    assert len(last) == storm.boards
    late = {trouble.fault for trouble in last if not trouble.healed or trouble.healed - trouble.ended > HEALED_WITHIN}
    assert not late


def test_no_damaged_frame_reaches_a_stream_or_the_wall(storm: Round) -> None:
    assert sum(storm.spoilt.values()) > 20, "there was damage to be stopped"
    assert min(storm.frames, storm.wall_frames) > 1000
    assert not storm.strange.keys() - OFTEN_LEGAL
    assert not storm.refused


def test_nothing_of_the_server_grows(storm: Round) -> None:
    before, after = storm.samples[len(storm.samples) // 4], storm.samples[-1]
    grown = {kind: getattr(after, kind) - getattr(before, kind) for kind in GROWN}
    assert all(grown[kind] <= most for kind, most in GROWN.items()), grown


def test_the_account_knows_a_whole_picture_from_a_damaged_one() -> None:
    with Simulator(CAMERASERVER, fps=5, size=(320, 240)) as simulator:
        ledgers = keep_ledgers(simulator)
        board = simulator.boards[0]

        async def send() -> list[bytes]:
            whole = await board.take_picture(0, (320, 240))
            return [whole, whole[:-500], whole + bytes(7)]

        whole, cut, padded = simulator._wait(send())
        for jpeg in (whole, cut, padded):
            simulator.call(lambda jpeg=jpeg: board.sent.append(jpeg))  # type: ignore[misc]
    seen = [Seen("stream", "c0", 1e9, ONLINE, 0.0, digest_of(jpeg), GOOD) for jpeg in (whole, cut, whole)]
    seen.append(Seen("wall", "c0", 1e9, ONLINE, 0.0, digest_of(b"never sent"), GOOD))
    spent = Spent(1.0, 0.0, 0.0, 0.0)
    account = Account(Plan(boards=1), ledgers, [], 0.0)
    result = account.close(seen, [Sample(0.0, 1, 1, 1, overloaded=False)], spent, spent)
    assert (result.damaged, result.strange) == (2, {"unknown": 2})
