"""Fake boards on real sockets, quirks and faults included.

A product feature: `vedette sim` runs it for anyone, `vedette demo` shows it, and every test that needs a board uses
it. A quirk is reproduced here first, then handled.
"""

from vedette.simulator.board import Board, Counters
from vedette.simulator.faults import Fault
from vedette.simulator.schedule import Entry, read_schedule
from vedette.simulator.simulator import Simulator
from vedette.simulator.storm import Squall, storm, weather
from vedette.simulator.timings import Timings

__all__ = ["Board", "Counters", "Entry", "Fault", "Simulator", "Squall", "Timings", "read_schedule", "storm", "weather"]
