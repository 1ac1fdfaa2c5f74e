"""How a TOML text is laid out: which keys stand in which scope, and from where to where in the text.

`lines.py` knows on which line a key stands, which is enough for a message. To change a text without touching
anything else in it, each key's exact extent has to be known, and the table that it was written in. This module
owns those places. It is given valid TOML only; on any other text it still ends. Tables in arrays are passed over:
nothing of ours is written in one.
"""

from dataclasses import dataclass, field

from vedette.config.lines import Token, tokens, unquoted
from vedette.config.words import KeyPath


@dataclass(slots=True, eq=False)
class Scope:
    """Where keys can stand: the top of the file, what is below a header, or the inside of an inline table.

    Attributes:
        table: the table whose keys stand here; () is the top of the file.
        inline: whether it is the inside of ``{ … }``.
        start: of the header, or of the opening brace.
        end: behind the header's line, or before the closing brace.
        entries: in their order.
    """

    table: KeyPath
    inline: bool
    start: int
    end: int
    entries: list["Entry"]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One ``key = value``.

    Attributes:
        path: from the top of the file.
        scope: where it was written.
        start: of the key.
        value: where the value begins.
        end: behind the value.
        comma: behind the comma that follows in an inline table; None where there is none.
    """

    path: KeyPath
    scope: Scope
    start: int
    value: int
    end: int
    comma: int | None


def laid_out(text: str) -> list[Scope]:
    """Every scope, in the order in which they begin; the first is the top of the file."""
    walk = _Walk(text, list(tokens(text)))
    walk.run()
    return walk.scopes


@dataclass(slots=True)
class _Walk:
    """One pass over the tokens. Every method leaves ``at`` behind what it has read."""

    text: str
    tokens: list[Token]
    at: int = 0
    scopes: list[Scope] = field(default_factory=list)

    def run(self) -> None:
        scope = self.opened((), 0, 0)
        while self.has_more():
            if self.tokens[self.at].text == "[":
                scope = self.header()
            elif self.tokens[self.at].is_key:
                self.entry(scope)
            else:
                self.at += 1

    def opened(self, table: KeyPath, start: int, end: int, *, inline: bool = False) -> Scope:
        self.scopes.append(Scope(table, inline, start, end, []))
        return self.scopes[-1]

    def has_more(self) -> bool:
        return self.at < len(self.tokens)

    def reads(self, *texts: str) -> bool:
        return self.has_more() and self.tokens[self.at].text in texts

    def behind(self) -> int:
        """Where the token that was read last ends."""
        last = self.tokens[self.at - 1]
        return last.start + len(last.text)

    def header(self) -> Scope:
        start = self.tokens[self.at].start
        brackets = 0
        while self.reads("["):
            brackets += 1
            self.at += 1
        table: KeyPath = self.key()
        while self.has_more() and self.tokens[self.at].kind != "newline":
            self.at += 1
        return self.opened(table if brackets == 1 else (*table, 0), start, line_end(self.text, self.behind()))

    def key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while self.has_more() and self.tokens[self.at].is_key:
            parts.append(unquoted(self.tokens[self.at]))
            self.at += 1
            if not self.reads("."):
                break
            self.at += 1
        return tuple(parts)

    def entry(self, scope: Scope) -> None:
        start = self.tokens[self.at].start
        path = (*scope.table, *self.key())
        if self.reads("="):
            self.at += 1
        value = self.tokens[self.at].start if self.has_more() else len(self.text)
        if self.reads("{"):
            self.inline_table(path)
        elif self.reads("["):
            self.balanced()
        else:
            while self.has_more() and self.tokens[self.at].kind != "newline" and not self.reads(",", "}", "]"):
                self.at += 1
        end = self.behind()
        while scope.inline and self.has_more() and self.tokens[self.at].kind == "newline":
            self.at += 1
        comma = self.tokens[self.at].start + 1 if scope.inline and self.reads(",") else None
        scope.entries.append(Entry(path, scope, start, value, end, comma))

    def inline_table(self, table: KeyPath) -> None:
        inside = self.opened(table, self.tokens[self.at].start, len(self.text), inline=True)
        self.at += 1
        while self.has_more() and not self.reads("}"):
            if self.tokens[self.at].is_key:
                self.entry(inside)
            else:
                self.at += 1
        if self.has_more():
            inside.end = self.tokens[self.at].start
            self.at += 1

    def balanced(self) -> None:
        depth = 0
        while self.has_more():
            depth += self.reads("[", "{") - self.reads("]", "}")
            self.at += 1
            if depth == 0:
                return


def line_end(text: str, at: int) -> int:
    """Behind the end of the line that ``at`` is on, its newline included."""
    newline = text.find("\n", at)
    return len(text) if newline < 0 else newline + 1


def line_start(text: str, at: int) -> int:
    """The beginning of the line that ``at`` is on."""
    return text.rfind("\n", 0, at) + 1
