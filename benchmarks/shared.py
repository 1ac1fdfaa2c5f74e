"""What a recipe costs, and what one more viewer of it costs: CPU of the server, one camera at full rate.

    python -m benchmarks.shared

One and many viewers of the stream as it comes, and of the same stream labelled, in turn. A recipe is made once for all
who ask for it, so the many cost what one costs, and a write for each: as many writes as without a recipe.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.serving import (
    Boards,
    Stage,
    Window,
    make_parser,
    opened,
    perform,
    running_boards,
    running_server,
    seen,
    table,
    watching,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

QUERIES = {"as it comes": "", "labelled": "?label=1"}


@dataclass(frozen=True)
class Round:
    """One window: so many viewers of one form."""

    form: str
    round: int
    viewers: int
    cpu_share: float
    frames_per_s: float
    waited: float
    steal: float


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """Both forms, one viewer and many, in turn."""
    with running_boards(stage, Boards(1, options.fps, options.bytes)) as ports, running_server(stage, ports) as server:
        for number in range(options.rounds):
            for form, query in QUERIES.items():
                for viewers in (1, options.viewers):
                    with watching(
                        stage, server.port, viewers=viewers, seconds=options.seconds, warm_up=3.0, query=query
                    ) as crowd:
                        opened(crowd, 3.0)
                        window = Window(server.program)
                        figures = seen(crowd, options.seconds)
                        spent = window.close()
                    rate = figures["frames"] / spent.seconds
                    yield Round(form, number, viewers, spent.cpu_share, rate, spent.waited, spent.steal)


def tell(rounds: list[Round]) -> str:
    """Medians, and what follows from them."""
    forms, counts = dict.fromkeys(each.form for each in rounds), sorted({each.viewers for each in rounds})
    rows, extra = [], {}
    for form in forms:
        shares = {}
        for viewers in counts:
            here = [each for each in rounds if (each.form, each.viewers) == (form, viewers)]
            if not here:
                return "interrupted before there was anything to tell"
            shares[viewers] = median(each.cpu_share for each in here)
            rate = median(each.frames_per_s for each in here)
            rows.append((form, str(viewers), f"{shares[viewers]:.1%}", f"{rate / viewers:.1f}"))
        frames = rate - rate / counts[-1]
        extra[form] = (shares[counts[-1]] - shares[counts[0]]) / frames * 1e6
    plain, made = extra.values()
    return (
        f"{table(('form', 'viewers', 'of a core', 'frames a second of each'), rows)}\n\n"
        f"One more viewer's frame costs {plain:.1f} us as it comes, {made:.1f} us labelled: {made / plain:.2f} of it."
    )


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__, rounds=5, seconds=6)
    parser.add_argument("--viewers", type=int, default=200, help="how many are many")
    options = parser.parse_args()
    return perform("shared", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())
