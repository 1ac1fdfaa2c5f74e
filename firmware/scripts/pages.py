# ruff: noqa: INP001  # scripts, not a package
"""Turns the set-up page into a header of the sketch, so that it is written as a page and not as bytes.

Run by `make pages`, by PlatformIO before each build (`platformio_pages.py`), and by hand before the Arduino IDE builds.
The header is not kept in the repository: the page is.
"""

from pathlib import Path

SKETCH = Path(__file__).resolve().parents[1] / "vedette_cam"
PAGE = SKETCH / "pages" / "setup.html"
HEADER = SKETCH / "src" / "device" / "setup_page.h"
PIECE = 8000  # bytes; a string literal may be limited to 16,380 in some compilers, and the pieces are joined


def header_for(page: str) -> str:
    """The header's text for a page's text. Raises ValueError for a page that holds the end mark of the literals."""
    if ')page"' in page:
        raise ValueError('the page holds the characters )page", which end the literal it is put into')
    pieces = [page[start : start + PIECE] for start in range(0, len(page), PIECE)]
    literals = "\n".join(f'R"page({piece})page"' for piece in pieces)
    return (
        "// Made from pages/setup.html by scripts/pages.py: change the page, not this.\n"
        "#pragma once\n\n"
        "namespace vedette {\n\n"
        f"constexpr char kSetupPage[] =\n{literals};\n\n"
        "}  // namespace vedette\n"
    )


def main() -> None:
    """Writes the header, when it is not already what it should be."""
    text = header_for(PAGE.read_text(encoding="utf-8"))
    if not HEADER.exists() or HEADER.read_text(encoding="utf-8") != text:
        HEADER.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
