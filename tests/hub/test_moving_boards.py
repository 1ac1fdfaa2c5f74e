"""Boards that move on a real network of virtual cables: own MAC addresses, the kernel's own neighbour table, mDNS."""

import subprocess
import sys
from pathlib import Path

import pytest

STORY = Path(__file__).parent / "lan" / "story.py"
PORCH, GATE = "24:0a:c4:00:00:50", "24:0a:c4:00:00:51"
NOTE = (
    f"It was found at 10.77.0.12 by its MAC address ({PORCH}): "
    "put that into the configuration, or give it a fixed address in the router."
)
IN_A_NEW_NETWORK = ("unshare", "--user", "--map-root-user", "--net")
WITH_CABLES = "ip link add cable type veth peer name end && ip link add bridge type bridge"


def allowed() -> bool:
    """It takes Linux, iproute2, and a kernel that lets users have namespaces of their own."""
    try:
        tried = subprocess.run([*IN_A_NEW_NETWORK, "sh", "-c", WITH_CABLES], capture_output=True, check=False)
    except OSError:
        return False
    return tried.returncode == 0


def test_boards_that_swap_addresses_or_move_are_found_again_and_not_confused() -> None:
    if not allowed():
        pytest.skip("this system permits no network namespaces with virtual cables")
    command = [*IN_A_NEW_NETWORK, sys.executable, str(STORY)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    lines = done.stdout.splitlines()
    assert [line for line in lines if " refused: " not in line] == [
        f"porch at 10.77.0.3 {PORCH}",
        f"gate at 10.77.0.4 {GATE}",
        "named at 10.77.0.3 None",
        "they swap addresses",
        f"porch at 10.77.0.4 {PORCH}",
        f"gate at 10.77.0.3 {GATE}",
        "the porch moves to where nobody has been",
        f"porch at 10.77.0.12 {PORCH}",
        "named at 10.77.0.12 None",
        NOTE,
    ], done.stderr
    refusals = {line for line in lines if " refused: " in line}
    assert refusals >= {f"{name} refused: another device has its address now" for name in ("porch", "gate")}
