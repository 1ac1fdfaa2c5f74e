# ruff: noqa: INP001  # scripts, not a package
"""Runs pages.py before PlatformIO builds; PlatformIO calls this from inside SCons, which brings `Import` and `env`."""

import subprocess
import sys
from pathlib import Path

Import("env")  # type: ignore[name-defined]  # noqa: F821 - SCons puts it there
project = Path(env["PROJECT_DIR"])  # type: ignore[name-defined]  # noqa: F821 - so does this
subprocess.run([sys.executable, str(project / "scripts" / "pages.py")], check=True)  # noqa: S603 - our own script
