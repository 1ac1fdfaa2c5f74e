# ruff: noqa: INP001  # scripts, not a package
"""Prints which share of the core's lines the host tests run, per file and in all, from gcov's own figures."""

import json
import subprocess
import sys
from pathlib import Path

CORE = "vedette_cam/src/core/"


def lines_of(notes: Path) -> dict[str, dict[int, bool]]:
    """By file of the core, by line number: whether it ran, as one object's notes say."""
    command = ["gcov", "--json-format", "--stdout", str(notes)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - gcov, our objects
    return {
        entry["file"].removeprefix(CORE): {line["line_number"]: line["count"] > 0 for line in entry["lines"]}
        for document in answer.splitlines()
        for entry in json.loads(document)["files"]
        if entry["file"].startswith(CORE)
    }


def main() -> None:
    """Reads the folder named first on the command line."""
    files: dict[str, dict[int, bool]] = {}
    for notes in sorted(Path(sys.argv[1]).glob("*.gcda")):
        for name, lines in lines_of(notes).items():
            known = files.setdefault(name, {})
            for number, ran in lines.items():
                known[number] = known.get(number, False) or ran
    total = sum(len(lines) for lines in files.values())
    covered = sum(sum(lines.values()) for lines in files.values())
    for name, lines in sorted(files.items()):
        missing = [str(number) for number, has_run in sorted(lines.items()) if not has_run]
        share = 100 * sum(lines.values()) / len(lines)
        print(f"{name:20} {share:5.1f} %  {'not run: ' + ', '.join(missing) if missing else ''}")  # noqa: T201 - its purpose
    print(f"{'all':20} {100 * covered / total:5.1f} %  {covered} of {total} lines")  # noqa: T201 - its purpose


if __name__ == "__main__":
    main()
