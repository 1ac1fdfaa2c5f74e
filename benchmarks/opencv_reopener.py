"""How OpenCV's `VideoCapture` reads boards that fail: a loop that opens it anew when `read` says that it failed.

    python benchmarks/opencv_reopener.py http://127.0.0.1:7001/stream http://127.0.0.1:7002/stream

One line for each frame: the number of its board, from 0, and monotonic seconds.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time

import cv2

PAUSE_S = 1.0
"""After a failure, as in everybody's loop."""


def read(number: int, url: str) -> None:
    """For ever."""
    while True:
        capture = cv2.VideoCapture(url)
        while capture.read()[0]:
            sys.stdout.write(f"{number} {time.monotonic()}\n")
        capture.release()
        time.sleep(PAUSE_S)


def main() -> None:
    """Reads the options and runs."""
    parser = argparse.ArgumentParser(description="Reads boards with OpenCV, again and again.")
    parser.add_argument("urls", nargs="+", help="of the boards' streams")
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is a TextIOWrapper
    threads = [threading.Thread(target=read, args=entry) for entry in enumerate(parser.parse_args().urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
