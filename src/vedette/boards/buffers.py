"""How large a picture a board can hold.

The driver makes its frame buffers once, for the size that the firmware asks for at start-up: a fifth of its pixels in
bytes (esp32-camera, `cam_hal.c`: 384,000 for UXGA, 96,000 for SVGA). A picture beyond that is dropped, or cut off by
old drivers (esp32-camera#162, #514; esp32-cam-webserver#290).
"""

Size = tuple[int, int]

WARNING_SHARE = 0.8  # of the buffer; beyond, a brighter day is enough to lose pictures


def buffer_limit(init_size: Size) -> int:
    """Bytes of the largest JPEG that fits, where the buffers were made for this width and height."""
    width, height = init_size
    return width * height // 5


def is_near_limit(length: int, init_size: Size) -> bool:
    """Whether a JPEG of so many bytes is beyond 80 % of what fits."""
    return length > WARNING_SHARE * buffer_limit(init_size)
