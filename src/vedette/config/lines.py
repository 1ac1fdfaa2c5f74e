"""On which line of a TOML file each key stands.

The parser keeps no positions, so this module walks the text a second time. It owns only places: it knows just
enough of TOML's grammar (strings, brackets, dots, commas) to tell a key from a value. On valid TOML it is exact.
On any other text it still ends, and what it found before the fault is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import tomlkit
from tomlkit.exceptions import TOMLKitError

from vedette.config.words import KeyPath

_DEEPEST = 100  # the parser refuses deeper nesting; past it this walk loses its way, but not its stack

_TOKEN = re.compile(
    r"""
      (?P<skip>     [ \t\r]+ | \#[^\n]* )
    | (?P<newline>  \n )
    | (?P<quoted>   \"{3} (?: \\. | [^\\] )*? \"{3,5}       # up to two quotes may stand before the closing three
                  | '{3} .*? '{3,5}
                  | \" (?: \\. | [^"\\\n] )* \"
                  | ' [^'\n]* ' )
    | (?P<mark>     [\[\]{}=,.] )
    | (?P<bare>     [^\s\[\]{}=,.\#"']+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key or table that the file defines a second time, which TOML forbids."""

    path: KeyPath
    line: int
    first: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the keys of one file stand, counted from 1.

    Attributes:
        of: the line of each key path: of the table's header or the key's own assignment, else of the first
            key that mentions the path on its way (``a.b = 1`` mentions ``a``). Items of lists are there too.
        repeats: what is defined more than once, in the file's order.
    """

    of: dict[KeyPath, int]
    repeats: tuple[Repeat, ...]


def locate(text: str) -> Lines:
    """The line of every key in a TOML text."""
    walk = _Walk(list(tokens(text)))
    walk.run()
    return Lines({**walk.mentioned, **walk.defined}, tuple(walk.repeats))


class Token(NamedTuple):
    """A piece of the text that means something: white space and comments are left out.

    Attributes:
        kind: newline, quoted, mark or bare; end where there is none.
        text: as it was written.
        line: on which it begins, from 1.
        start: where in the text it begins.
    """

    kind: str
    text: str
    line: int
    start: int

    @property
    def is_key(self) -> bool:
        """Whether it may be a key, where one is expected."""
        return self.kind in {"bare", "quoted"}


_END = Token("end", "", 0, 0)


def tokens(text: str) -> Iterator[Token]:
    """What a TOML text consists of, in its order."""
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield Token(match.lastgroup or "", match[0], line, match.start())
        line += match[0].count("\n")


@dataclass(slots=True)
class _Walk:
    """One pass over the tokens. Every method leaves ``at`` behind what it has read.

    What TOML forbids to define twice is decided in the methods from ``add_item`` on.
    """

    tokens: list[Token]
    at: int = 0
    defined: dict[KeyPath, int] = field(default_factory=dict)
    mentioned: dict[KeyPath, int] = field(default_factory=dict)
    assigned: set[KeyPath] = field(default_factory=set)  # those defined by ``key = value``, not by a header
    dotted: set[KeyPath] = field(default_factory=set)  # those mentioned by ``a.b = value``, not by a header
    array_sizes: dict[KeyPath, int] = field(default_factory=dict)  # of arrays of tables, so far
    repeats: list[Repeat] = field(default_factory=list)

    def run(self) -> None:
        table: KeyPath = ()
        while (token := self.peek()) is not _END:
            if token.text == "[":
                table = self.header()
            elif token.is_key:
                self.pair(table)
            else:
                self.at += 1

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self, text: str) -> bool:
        """Step over the next token if it reads like this."""
        if self.peek().text != text:
            return False
        self.at += 1
        return True

    def header(self) -> KeyPath:
        """``[a.b]`` or ``[[a.b]]``: the path of the table that it opens."""
        line = self.peek().line
        self.take("[")
        is_array = self.take("[")
        path: KeyPath = ()
        for part in self.key():
            if path:
                self.pass_table(path, line)
            path = (*self.newest_item(path), part)
        if is_array:
            self.add_item(path, line)
            path = self.newest_item(path)
        self.define_table(path, line)
        while self.peek().kind not in {"newline", "end"}:
            self.at += 1
        return path

    def newest_item(self, path: KeyPath) -> KeyPath:
        """Headers below an array of tables speak of its last table."""
        size = self.array_sizes.get(path)
        return path if size is None else (*path, size - 1)

    def pair(self, table: KeyPath) -> None:
        """``a.b = value``, in a table or an inline table."""
        line = self.peek().line
        parts = self.key()
        for end in range(1, len(parts)):
            self.pass_dotted((*table, *parts[:end]), line)
        path = (*table, *parts)
        self.assign(path, line)
        if self.take("="):
            self.value(path)

    def key(self) -> list[str]:
        parts: list[str] = []
        while self.peek().is_key and len(parts) < _DEEPEST:
            parts.append(unquoted(self.peek()))
            self.at += 1
            if not self.take("."):
                break
        return parts

    def value(self, path: KeyPath) -> None:
        if len(path) < _DEEPEST and self.take("{"):
            self.inline_table(path)
        elif len(path) < _DEEPEST and self.take("["):
            self.array(path)
        else:
            while self.peek().kind not in {"newline", "end"} and self.peek().text not in {",", "]", "}"}:
                self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        while (token := self.peek()) is not _END and not self.take("}"):
            if token.is_key:
                self.pair(path)
            else:
                self.at += 1

    def array(self, path: KeyPath) -> None:
        index = 0
        while (token := self.peek()) is not _END and not self.take("]"):
            if token.kind == "newline" or token.text in {",", "}"}:
                index += token.text == ","
                self.at += 1
            else:
                self.assign((*path, index), token.line)
                self.value((*path, index))

    def add_item(self, path: KeyPath, line: int) -> None:
        if path not in self.array_sizes and (path in self.defined or path in self.mentioned):
            self.repeat(path, line)
        self.mentioned.setdefault(path, line)
        self.array_sizes[path] = self.array_sizes.get(path, 0) + 1

    def define_table(self, path: KeyPath, line: int) -> None:
        if path in self.defined or path in self.dotted or path in self.array_sizes:
            self.repeat(path, line)
        self.defined.setdefault(path, line)

    def pass_table(self, path: KeyPath, line: int) -> None:
        if path in self.assigned:
            self.repeat(path, line)
        self.mentioned.setdefault(path, line)

    def assign(self, path: KeyPath, line: int) -> None:
        if path in self.defined or path in self.mentioned:
            self.repeat(path, line)
        self.defined.setdefault(path, line)
        self.assigned.add(path)

    def pass_dotted(self, path: KeyPath, line: int) -> None:
        if path in self.defined:
            self.repeat(path, line)
        self.mentioned.setdefault(path, line)
        self.dotted.add(path)

    def repeat(self, path: KeyPath, line: int) -> None:
        first = self.defined[path] if path in self.defined else self.mentioned[path]
        self.repeats.append(Repeat(path, line, first))


def unquoted(token: Token) -> str:
    """The key that the token stands for."""
    if token.kind == "bare":
        return token.text
    try:
        return str(tomlkit.value(token.text).unwrap())
    except (TOMLKitError, ValueError):
        return token.text[1:-1]
