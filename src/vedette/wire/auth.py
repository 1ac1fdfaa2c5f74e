"""HTTP authentication towards a board: Basic (RFC 7617) and Digest (RFC 7616), as answers to its challenge.

Basic is what firmware for these boards has; Digest is what other cameras ask for. A challenge comes from the board,
which may be hostile: whatever cannot be answered is refused here, and never answered in a weaker way than was asked.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

Credentials = tuple[str, str]

_DIGEST = re.compile(r"(?:^|[\s,])digest\s+", re.IGNORECASE)
_PARAMETER = re.compile(r'\s*([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))\s*(?:,|$)', re.IGNORECASE)
_HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


def encode_basic(credentials: Credentials) -> str:
    """The value of an Authorization header."""
    return f"Basic {base64.b64encode(':'.join(credentials).encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A Digest challenge.

    Attributes:
        realm: what the password is for, as the board has it.
        nonce: to be hashed with the password.
        opaque: to be given back.
        algorithm: ``MD5`` or ``SHA-256``, with or without ``-sess``.
        quality: ``auth`` where the board knows qualities of protection, else empty, as in RFC 2069.
    """

    realm: str
    nonce: str
    opaque: str | None
    algorithm: str
    quality: str

    @property
    def _hash(self) -> Callable[[bytes], str]:
        return _HASHES[self.algorithm.upper().removesuffix("-SESS")]

    def answer(self, credentials: Credentials, target: str, count: int = 1, client_nonce: str | None = None) -> str:
        """The value of an Authorization header for a GET of ``target``.

        Args:
            credentials: user name and password.
            target: path and query, as in the request line.
            count: requests with this nonce so far, this one among them.
            client_nonce: random where None.
        """
        name, password = credentials
        own = client_nonce or secrets.token_hex(8)
        secret = self._hash(f"{name}:{self.realm}:{password}".encode())
        if self.algorithm.upper().endswith("-SESS"):
            secret = self._hash(f"{secret}:{self.nonce}:{own}".encode())
        asked = self._hash(f"GET:{target}".encode())
        middle = f"{self.nonce}:{count:08x}:{own}:{self.quality}" if self.quality else self.nonce
        response = self._hash(f"{secret}:{middle}:{asked}".encode())
        fields = [
            f'username="{_quoted(name)}"',
            f'realm="{_quoted(self.realm)}"',
            f'nonce="{_quoted(self.nonce)}"',
            f'uri="{target}"',
            f'response="{response}"',
            f"algorithm={self.algorithm}",
        ]
        if self.quality:
            fields += [f"qop={self.quality}", f"nc={count:08x}", f'cnonce="{own}"']
        if self.opaque is not None:
            fields.append(f'opaque="{_quoted(self.opaque)}"')
        return "Digest " + ", ".join(fields)


def read_challenge(header: str) -> Challenge | None:
    """The first Digest challenge in a WWW-Authenticate header that can be answered; None where there is none."""
    for found in _DIGEST.finditer(header):
        if challenge := _challenge(_parameters(header, found.end())):
            return challenge
    return None


def _parameters(header: str, position: int) -> dict[str, str]:
    parameters: dict[str, str] = {}
    while match := _PARAMETER.match(header, position):
        value = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        parameters.setdefault(match[1].lower(), value)
        position = match.end()
    return parameters


def _challenge(parameters: dict[str, str]) -> Challenge | None:
    algorithm = parameters.get("algorithm", "MD5")
    qualities = [quality.strip().lower() for quality in parameters.get("qop", "").split(",") if quality.strip()]
    if algorithm.upper().removesuffix("-SESS") not in _HASHES or (qualities and "auth" not in qualities):
        return None
    if "nonce" not in parameters or not all(value.isprintable() for value in parameters.values()):
        return None
    return Challenge(
        parameters.get("realm", ""),
        parameters["nonce"],
        parameters.get("opaque"),
        algorithm,
        "auth" if qualities else "",
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
