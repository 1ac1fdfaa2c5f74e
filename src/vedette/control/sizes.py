"""Resolutions as people write them."""

import re

Size = tuple[int, int]

_SIZE = re.compile(r"\s*(\d{1,5})\s*[xX×*]\s*(\d{1,5})\s*")  # noqa: RUF001 - as people write it


def read_size(text: str) -> Size | None:
    """Width and height in pixels; None where the text is no resolution."""
    match = _SIZE.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def write_size(size: Size) -> str:
    """As the contract has it: ``800x600``."""
    return f"{size[0]}x{size[1]}"
