"""What a camera costs without the product: OpenCV's `VideoCapture.read` in a loop, a thread for each board.

    python benchmarks/opencv_reader.py --seconds 5 http://127.0.0.1:7001/stream http://127.0.0.1:7002/stream

When every board has given its first frame it warms up, prints one JSON line, reads for a window, and prints another
with the frames of that window. `read` is C that gives up the GIL, so threads cost it next to nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time

import cv2

FIRST_FRAME_S = 30.0
LINGER_S = 0.3
"""After the last line: whoever started us reads our CPU clock before everything is torn down."""


class Reader(threading.Thread):
    """Reads one board.

    Attributes:
        frames: read so far.
    """

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.frames = 0
        self._url = url

    def run(self) -> None:
        """Until the program ends."""
        capture = cv2.VideoCapture(self._url)
        while capture.read()[0]:
            self.frames += 1


def main() -> None:
    """Reads the options and runs."""
    parser = argparse.ArgumentParser(description="Reads boards with OpenCV and counts the frames.")
    parser.add_argument("urls", nargs="+", help="of the boards' streams")
    parser.add_argument("--warm-up", type=float, default=1, help="seconds (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=5, help="length of the window (default %(default)s)")
    arguments = parser.parse_args()
    readers = [Reader(url) for url in arguments.urls]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + FIRST_FRAME_S
    while not all(reader.frames for reader in readers):
        if time.monotonic() > deadline or not all(reader.is_alive() for reader in readers):
            without = sum(not reader.frames for reader in readers)
            sys.exit(f"{without} of {len(readers)} boards gave OpenCV no frame")
        time.sleep(0.05)
    time.sleep(arguments.warm_up)
    before = [reader.frames for reader in readers]
    began = time.monotonic()
    print(json.dumps({"window": "open"}), flush=True)
    time.sleep(arguments.seconds)
    took = time.monotonic() - began
    print(json.dumps({"seconds": took, "frames": sum(reader.frames for reader in readers) - sum(before)}), flush=True)
    if not all(reader.is_alive() for reader in readers):
        sys.exit("a board's stream ended")
    time.sleep(LINGER_S)
    sys.stdout.flush()
    os._exit(0)  # the readers are in C, and would have to be waited for


if __name__ == "__main__":
    main()
