"""The product's server with a thread in its process that computes in pure Python: for undisturbed.py.

    python benchmarks/disturbed_server.py -c vedette.toml --busy-ms 20

Built and run as `vedette serve` does it. The thread uses that much CPU time at the beginning of each period and sleeps
for the rest of it. It never gives the GIL up of its own accord; the interpreter takes it away every 5 ms. With
`--busy-ms 0` there is no such thread.
"""

from __future__ import annotations

import argparse
import logging
import threading
import time
from pathlib import Path

from vedette import run

STEPS = 1000
"""Between two looks at the clock: some 30 us, so that looking costs nothing."""


def compute(busy_s: float, period_s: float) -> None:
    """Uses `busy_s` of CPU in each period, forever."""
    due = time.monotonic()
    while True:
        end = time.thread_time() + busy_s
        number = 1
        while time.thread_time() < end:
            for _ in range(STEPS):
                number = number * 48271 % 2147483647
        due = max(due + period_s, time.monotonic())
        time.sleep(due - time.monotonic())


def main() -> None:
    """Reads the options and serves."""
    parser = argparse.ArgumentParser(description="The product's server beside a thread that computes.")
    parser.add_argument("-c", "--config", type=Path, required=True, help="the configuration file")
    parser.add_argument("--busy-ms", type=float, default=0, help="CPU time of each period (default %(default)s)")
    parser.add_argument("--period-ms", type=float, default=100, help="(default %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    config, found = run.load_config(options.config)
    if options.busy_ms:
        times = (options.busy_ms / 1000, options.period_ms / 1000)
        threading.Thread(target=compute, args=times, daemon=True, name="disturbance").start()
    run.serve(run.Vedette(config, found), config.server.host, config.server.port, print)


if __name__ == "__main__":
    main()
