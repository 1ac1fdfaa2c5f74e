"""One key put into a TOML text, or taken out of it; every other character stays as it was.

This module owns where a new key is written: beside its neighbours and in their manner, whether they stand below
a header, in braces or behind dots. tomlkit's own edits are not used for that, because in 0.15 they write a new
table between the dotted keys of another one, put a key behind the comment of the next table, delete that comment
with the table before, and end a line of a CRLF file with LF.

What is taken away goes with the comment on its line, a table with the comments inside of it. Comments above a
header stay.
"""

import re
from collections.abc import Mapping

import tomlkit

from vedette.config.layout import Entry, Scope, laid_out, line_end, line_start
from vedette.config.words import KeyPath

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)+")


def put(text: str, path: KeyPath, value: object) -> str:
    """The text with this value at ``path``; a table in place of what was there, and none where it is empty."""
    if isinstance(value, Mapping):
        text = take_away(text, path)
        for key, item in value.items():
            text = put(text, (*path, str(key)), item)
        return text
    for scope in laid_out(text):
        for entry in scope.entries:
            if entry.path == path:
                return text[: entry.value] + _written(value) + text[entry.end :]
    return _added(take_away(text, path), path, value)


def take_away(text: str, path: KeyPath) -> str:
    """The text without what stands at ``path`` and below it, however often that is mentioned."""
    ended = text.endswith("\n")
    while (shorter := _without_one(text, path)) is not None:
        text = shorter
    return text if ended else text.rstrip("\r\n")


def _written(value: object) -> str:
    return tomlkit.item(value).as_string()


def _key(path: KeyPath) -> str:
    return ".".join(str(part) if _BARE_KEY.fullmatch(str(part)) else _written(str(part)) for part in path)


def _newline(text: str) -> str:
    return "\r\n" if text[: line_end(text, 0)].endswith("\r\n") else "\n"


# Adding


def _added(text: str, path: KeyPath, value: object) -> str:
    """Into the nearest table above it that exists, or as its own section."""
    scopes = laid_out(text)
    for depth in range(len(path) - 1, -1, -1):
        table = path[:depth]
        home = next((scope for scope in scopes if scope.table == table), None)
        if home is not None and home.inline:
            return _into_braces(text, home, path[depth:], value)
        if home is not None and depth == len(path) - 1:
            return _below_header(text, home, f"{_key(path[depth:])} = {_written(value)}")
        dotted = _last_dotted(scopes, table)
        if dotted is not None:
            return _beside(text, dotted, f"{_key(path[len(dotted.scope.table) :])} = {_written(value)}")
        sections = [scope for scope in scopes if not scope.inline and scope.table[:depth] == table]
        if sections and home is None and depth == len(path) - 1:
            at = line_start(text, sections[0].start)
            return _with_lines(text, at, [f"[{_key(table)}]", f"{_key(path[depth:])} = {_written(value)}", ""])
        if sections:
            is_last = sections[-1] is [scope for scope in scopes if not scope.inline][-1]
            at = len(text) if is_last and depth < 2 else _section_end(text, sections[-1])
            return _new_section(text, at, path, value)
    raise AssertionError("the top of a file is a scope")


def _last_dotted(scopes: list[Scope], table: KeyPath) -> Entry | None:
    """The last key that mentions the table as ``table.key = value``, from above it."""
    depth = len(table)
    found = [
        entry
        for scope in scopes
        if len(scope.table) < depth
        for entry in scope.entries
        if len(entry.path) > depth and entry.path[:depth] == table
    ]
    return found[-1] if found else None


def _into_braces(text: str, scope: Scope, path: KeyPath, value: object) -> str:
    pair = f"{_key(path[-1:])} = {_written(value)}"
    for part in reversed(path[:-1]):
        pair = f"{_key((part,))} = {{ {pair} }}"
    if scope.entries:
        return _beside(text, scope.entries[-1], pair)
    inside = text[scope.start + 1 : scope.end]
    gap = _newline(text) if "#" in inside else " "  # behind a comment the pair would be part of it
    return text[: scope.start + 1] + f"{inside.rstrip()}{gap}{pair}{gap}" + text[scope.end :]


def _beside(text: str, entry: Entry, pair: str) -> str:
    if entry.scope.inline:
        return f"{text[: entry.end]}, {pair}{text[entry.end :]}"
    indent = _indent(text, entry.start)
    return _with_lines(text, line_end(text, entry.end), [indent + pair])


def _below_header(text: str, scope: Scope, pair: str) -> str:
    if scope.entries:
        return _beside(text, scope.entries[-1], pair)
    return _with_lines(text, scope.end, [_indent(text, scope.start) + pair])


def _indent(text: str, at: int) -> str:
    return text[line_start(text, at) : at]


def _new_section(text: str, at: int, path: KeyPath, value: object) -> str:
    lines = [f"[{_key(path[:-1])}]", f"{_key(path[-1:])} = {_written(value)}"]
    before = text[line_start(text, at - 1) : at] if at else ""
    if before.strip():
        lines.insert(0, "")
    if text[at : line_end(text, at)].strip():
        lines.append("")
    return _with_lines(text, at, lines)


def _with_lines(text: str, at: int, lines: list[str]) -> str:
    """The lines put in before ``at``, a line's beginning or the end of the file; a missing last newline stays so."""
    newline = _newline(text)
    if at == len(text) and text and not text.endswith("\n"):
        return text + newline + newline.join(lines)
    return text[:at] + "".join(line + newline for line in lines) + text[at:]


# Taking away


def _without_one(text: str, path: KeyPath) -> str | None:
    """The text without the first thing that defines ``path`` or something below it; None where nothing does."""
    scopes = laid_out(text)
    depth = len(path)
    for scope in scopes:
        if not scope.inline and scope.table[:depth] == path:
            return _without_section(text, scope)
    for scope in scopes:
        for number, entry in enumerate(scope.entries):
            if entry.path[:depth] == path:
                return _without_pair(text, scope, number) if scope.inline else _without_line(text, entry)
    return None


def _without_line(text: str, entry: Entry) -> str:
    return text[: line_start(text, entry.start)] + text[line_end(text, entry.end) :]


def _without_pair(text: str, scope: Scope, number: int) -> str:
    entry = scope.entries[number]
    start, end = entry.start, entry.end
    before = scope.entries[number - 1] if number else None
    if entry.comma is not None:
        end = entry.comma
        while text[end : end + 1] in {" ", "\t"}:
            end += 1
    elif before is not None and before.comma is not None and not text[before.comma : start].strip():
        start = before.end
    return text[:start] + text[end:]


def _without_section(text: str, scope: Scope) -> str:
    before = text[: line_start(text, scope.start)]
    after = text[_section_end(text, scope) :]
    if not after.strip():
        newline = _newline(text)
        return before.rstrip() + newline if before.strip() else ""
    gap = _BLANK_LINES.match(after)
    if gap and not before[line_start(before, len(before) - 1) :].strip():
        after = after[gap.end() :]
    return before + after


def _section_end(text: str, scope: Scope) -> int:
    """Behind the section's last line, and the comments right below it, unless they stand right above a header."""
    end = line_end(text, scope.entries[-1].end) if scope.entries else scope.end
    behind = end
    while text[behind : line_end(text, behind)].lstrip().startswith("#"):
        behind = line_end(text, behind)
    following = text[behind : line_end(text, behind)]
    return end if following.strip() else behind
