"""Fake boards on real sockets, quirks and faults included.

A product feature: `vedette sim` runs it for anyone, `vedette demo` shows it, and every test that needs a board uses
it. A quirk is reproduced here first, then handled.
"""

from vedette.simulator.board import Board, Counters
from vedette.simulator.faults import Fault
from vedette.simulator.simulator import Simulator

__all__ = ["Board", "Counters", "Fault", "Simulator"]
