"""libturbojpeg, the system's: turns and cuts a JPEG without decoding its pixels.

Its older functions alone, which version 2.1 (Debian 12) and 3.x both have, with the same layouts: `turbojpeg.h` of
either. A call gives up the GIL. A handle belongs to one thread at a time, so that each thread has its own. Every limit
of a picture's size is checked by whoever calls, in the picture's header.

A warning of libjpeg's (a scan that ends early, or does not decode) is an error here: a damaged picture is not handed on
as a whole one.
"""

import ctypes
import ctypes.util
import platform
import threading
import weakref
from collections.abc import Callable
from typing import Any

from vedette.picture.recipe import Turn

_NAMES = ("libturbojpeg.so.0", "libturbojpeg.0.dylib")
_FOLDERS = ("/opt/homebrew/opt/jpeg-turbo/lib/", "/usr/local/opt/jpeg-turbo/lib/")  # Homebrew's, which nothing searches

_OPERATIONS = {  # TJXOP_*
    Turn.NONE: 0,
    Turn.MIRROR: 1,
    Turn.MIRROR_VERTICALLY: 2,
    Turn.TRANSPOSE: 3,
    Turn.TRANSVERSE: 4,
    Turn.QUARTER: 5,
    Turn.HALF: 6,
    Turn.THREE_QUARTERS: 7,
}
_TRIM, _CROP, _COPY_NONE = 2, 4, 64  # TJXOPT_*
_STOP_ON_WARNING, _LIMIT_SCANS = 8192, 32768  # TJFLAG_*: of scans, 500

Filter = Callable[[int, int, int, int], None]
"""Called with a row of blocks: where its coefficients stand (int16, 64 to a block, row by row of a block), how many
blocks, the number of the component and the number of the row."""


class TurboJpegError(Exception):
    """What libturbojpeg said of a picture that it refused."""


class _Region(ctypes.Structure):
    _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int), ("w", ctypes.c_int), ("h", ctypes.c_int))


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, _Region, _Region, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
)


class _Transform(ctypes.Structure):
    _fields_ = (
        ("region", _Region),
        ("operation", ctypes.c_int),
        ("options", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("filter", _Callback),
    )


class _Handle:
    """A thread's own; gone with the thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.value = library.tjInitTransform()
        if not self.value:
            raise MemoryError("libturbojpeg has no memory")
        weakref.finalize(self, library.tjDestroy, self.value)


class _Calls:
    """Calls a filter, and keeps what it raised: nothing may be raised through C."""

    def __init__(self, blocks: Filter) -> None:
        self._blocks = blocks
        self.raised: list[BaseException] = []

    def __call__(self, address: int, array: _Region, _plane: _Region, component: int, *_: Any) -> int:
        try:
            self._blocks(address, array.w // 8, component, array.y // 8)
        except BaseException as error:  # noqa: BLE001 - raised again behind the call
            self.raised.append(error)
            return -1
        return 0


class TurboJpeg:
    """The library; for any number of threads.

    Args:
        path: of the library, or its name as the system's loader knows it.

    Raises:
        OSError: it is not there, or cannot be loaded, or is older than 2.0.
    """

    def __init__(self, path: str) -> None:
        library = ctypes.CDLL(path)
        try:
            _declare(library)
        except AttributeError as error:
            raise OSError(f"{path} lacks a function: {error}") from None
        self._library = library
        self._local = threading.local()

    def transform(
        self,
        jpeg: bytes | bytearray,
        turn: Turn = Turn.NONE,
        rows: int | None = None,
        blocks: Filter | None = None,
    ) -> bytes:
        """Turn a picture; what cannot be turned, an incomplete row or column of MCUs, is left out.

        The result is baseline, with the standard Huffman tables, without restart markers, and without whatever else
        the picture's header held (EXIF, comments): which way up that says the picture is would no longer be true.

        Args:
            jpeg: a JPEG whose header was checked, with all of its tables.
            turn: which way.
            rows: of pixels: leaves out, after the turn, what is below.
            blocks: changes the coefficients that come out.

        Raises:
            TurboJpegError: it is damaged, or of a kind that cannot be turned.
        """
        options = _COPY_NONE | _TRIM | (_CROP if rows is not None else 0)
        change = _Calls(blocks) if blocks is not None else None
        callback = _Callback(change) if change is not None else _Callback()
        wanted = _Transform(_Region(0, 0, 0, rows or 0), _OPERATIONS[turn], options, None, callback)
        out, size = ctypes.c_void_p(), ctypes.c_ulong()
        data = jpeg if isinstance(jpeg, bytes) else bytes(jpeg)
        handle = self._handle()
        try:
            failed = self._library.tjTransform(
                handle,
                data,
                len(data),
                1,
                ctypes.byref(out),
                ctypes.byref(size),
                ctypes.byref(wanted),
                _STOP_ON_WARNING | _LIMIT_SCANS,
            )
            if change is not None and change.raised:
                raise change.raised[0]
            if failed:
                said = self._library.tjGetErrorStr2(handle).decode("latin-1")
                del self._local.handle  # 2.1.92 (a beta of 3.0) refuses all that follows a picture of a header alone
                raise TurboJpegError(said)
            return ctypes.string_at(out, size.value)
        finally:
            self._library.tjFree(out)

    def _handle(self) -> int:
        try:
            handle: _Handle = self._local.handle
        except AttributeError:
            handle = self._local.handle = _Handle(self._library)
        return int(handle.value)


def find_turbojpeg() -> TurboJpeg | None:
    """The system's library; None where there is none that can be used."""
    found = ctypes.util.find_library("turbojpeg")
    names = [*([found] if found else []), *_NAMES]
    if platform.system() == "Darwin":
        names += [folder + "libturbojpeg.dylib" for folder in _FOLDERS]
    for name in names:
        try:
            return TurboJpeg(name)
        except OSError:
            continue
    return None


def _declare(library: ctypes.CDLL) -> None:
    library.tjInitTransform.restype = ctypes.c_void_p
    library.tjInitTransform.argtypes = ()
    library.tjDestroy.restype = ctypes.c_int
    library.tjDestroy.argtypes = (ctypes.c_void_p,)
    library.tjGetErrorStr2.restype = ctypes.c_char_p
    library.tjGetErrorStr2.argtypes = (ctypes.c_void_p,)
    library.tjFree.restype = None
    library.tjFree.argtypes = (ctypes.c_void_p,)
    library.tjTransform.restype = ctypes.c_int
    library.tjTransform.argtypes = (
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_ulong,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.POINTER(ctypes.c_ulong),
        ctypes.POINTER(_Transform),
        ctypes.c_int,
    )
