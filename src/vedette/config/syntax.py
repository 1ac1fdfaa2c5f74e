"""From the text of the file to plain tables, or to a sentence about why it is not TOML.

This module owns the words for syntax errors. They never repeat the line: it may hold a password.
"""

from tomlkit import exceptions, parse

from vedette.config.lines import Lines, Repeat, locate
from vedette.config.words import dotted
from vedette.errors import ConfigError, Mistake

_NUMBER = "this is neither a number nor a date; text stands in quotes"
_SENTENCES: dict[type[Exception], str] = {
    exceptions.EmptyKeyError: "a key is missing here; expected key = value",
    exceptions.EmptyTableNameError: "expected a name between the brackets, such as [server]",
    exceptions.InvalidNumberError: _NUMBER,
    exceptions.InvalidNumberOrDateError: _NUMBER,
    exceptions.InvalidDateError: _NUMBER,
    exceptions.InvalidDateTimeError: _NUMBER,
    exceptions.InvalidTimeError: _NUMBER,
    exceptions.InvalidCharInStringError: "in double quotes a backslash begins an escape; write \\\\ for a backslash,"
    " or put the text in single quotes",
    exceptions.InvalidControlChar: "a quote is not closed at the end of its line, or there is a control character",
    exceptions.InvalidUnicodeValueError: "the \\u escape stands for no character",
    exceptions.UnexpectedEofError: "the file ends in the middle of a text, a list or a table header",
}


def parse_text(source: str, text: str) -> tuple[dict[str, object], Lines]:
    """The file's tables as plain Python values, and where each key stands.

    Raises:
        ConfigError: the text is not TOML.
    """
    try:
        tables = parse(text).unwrap()
    except (exceptions.TOMLKitError, ValueError) as error:
        raise ConfigError((_mistake(source, text, error),)) from None
    lines = locate(text)
    if lines.repeats:  # a few of them the parser lets pass
        raise ConfigError(tuple(_repeated(source, repeat) for repeat in lines.repeats))
    return tables, lines


def _mistake(source: str, text: str, error: Exception) -> Mistake:
    offset = _offset(text, error) if isinstance(error, exceptions.ParseError) else None
    line = None if offset is None else text.count("\n", 0, offset) + 1
    if type(error) in _SENTENCES:
        return Mistake(source, line, "", _SENTENCES[type(error)])
    if offset is not None and isinstance(error, exceptions.UnexpectedCharError):
        return Mistake(source, line, "", _unexpected(text, offset, str(error)))
    return _without_its_own_type(source, text, error, line)


def _without_its_own_type(source: str, text: str, error: Exception, line: int | None) -> Mistake:
    words = str(error)
    if "already exists" in words or "Redefinition" in words:
        repeats = locate(text).repeats  # they name the line where the parser is vague
        message = "a key or table is defined a second time"
        return _repeated(source, repeats[0]) if repeats else Mistake(source, line, "", message)
    if "nvalid key" in words:
        message = "expected '=' between a key and its value; a key with spaces in it stands in quotes"
        return Mistake(source, line, "", message)
    if "nested" in words:
        return Mistake(source, line, "", "tables or lists are nested too deeply")
    return Mistake(source, line, "", "this is not TOML; see https://toml.io")


def _repeated(source: str, repeat: Repeat) -> Mistake:
    message = f"defined a second time; the first is on line {repeat.first}"
    return Mistake(source, repeat.line, dotted(repeat.path), message)


def _offset(text: str, error: exceptions.ParseError) -> int:
    """Where the parser stopped. It counts lines as str.splitlines does, which is more than editors do."""
    return sum(map(len, text.splitlines(keepends=True)[: error.line - 1])) + error.col


def _unexpected(text: str, offset: int, words: str) -> str:
    before = text[text.rfind("\n", 0, offset) + 1 : offset]
    found = text[offset : offset + 1].strip()
    if not found or "'\\x00'" in words:  # the parser's mark for the end of the file
        return "a value or a closing bracket is missing"
    if "=" not in before and not before.lstrip().startswith("["):
        return f"unexpected {found!r} after a key; expected key = value"
    return "this is not a value; a value is a number, true, false, or text in quotes, and ends its line"
