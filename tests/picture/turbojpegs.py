"""Which versions of libturbojpeg the tests run with: the system's, and those that VEDETTE_TURBOJPEG names.

That is a list of files, separated as PATH is.
"""

import os

import pytest

from vedette.picture.turbojpeg import TurboJpeg, find_turbojpeg

SYSTEM = "system"
NAMED = [path for path in os.environ.get("VEDETTE_TURBOJPEG", "").split(os.pathsep) if path]
ALL = [SYSTEM, *NAMED]


def load(name: str) -> TurboJpeg:
    if name != SYSTEM:
        return TurboJpeg(name)
    found = find_turbojpeg()
    if found is None:
        missing = "libturbojpeg is not there: apt-get install libturbojpeg0"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
