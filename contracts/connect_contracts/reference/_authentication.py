"""Who is asking: from credentials to the headers of a request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 5.6.2
_FIELD_VALUE = re.compile(r"(?:[!-~]+(?:[ \t]+[!-~]+)*)?")  # RFC 9110 5.5, without obs-text
_NOT_IN_BASIC = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # RFC 7617 2; no UTF-8 of a surrogate


class Authenticate(Protocol):
    """Called with the URL of a request, returns the HTTP headers that authenticate it."""

    def __call__(self, url: str, /) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class BasicAuthentication:
    """A user name and a password, sent as UTF-8, byte for byte as given (RFC 7617 2.1).

    What Basic cannot carry is refused when a request is about to be made, before anything is sent:
    control characters, and a colon in the user name, which would make it another user's.
    """

    username: str
    password: str = field(repr=False)

    def __call__(self, _url: str, /) -> Mapping[str, str]:
        """The header of any request.

        Raises:
            ValueError: The user name or the password holds what Basic cannot carry.
        """
        if ":" in self.username:
            raise ValueError("A user name with a colon cannot be sent by Basic authentication.")
        pair = f"{self.username}:{self.password}"
        if _NOT_IN_BASIC.search(pair):
            raise ValueError(
                "The user name or the password holds a control character or half of a surrogate "
                "pair, which cannot be sent by Basic authentication."
            )
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


@dataclass(frozen=True)
class TokenAuthentication:
    """A token, sent in the ``Authorization`` header (RFC 6750 2.1), its type in front of it."""

    token: str = field(repr=False)
    token_type: str = "Bearer"

    def __call__(self, _url: str, /) -> Mapping[str, str]:
        """The header of any request."""
        return {"Authorization": f"{self.token_type} {self.token}"}


def headers_for(url: str, authenticate: Callable[[str], object]) -> dict[str, str]:
    """The headers that ``authenticate`` gives for a request to ``url``, found fit to be sent.

    Raises:
        TypeError: They are no mapping of texts to texts.
        ValueError: One of them could not be sent, or would end its line and begin another (RFC 9110
            5.5). The text names it, and does not repeat its value.
    """
    given = authenticate(url)
    if not isinstance(given, Mapping):
        raise TypeError(f"Authenticate returned {type(given).__name__}, not a mapping of headers.")
    headers: dict[str, str] = {}
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError("Authenticate returned a header whose name or value is no str.")
        if not _TOKEN.fullmatch(name):
            raise ValueError("Authenticate returned a header whose name is no header's name.")
        if not _FIELD_VALUE.fullmatch(value):
            raise ValueError(
                f"The value of the header {name} cannot be sent: it may hold printable ASCII, and "
                "white space within, and nothing else."
            )
        headers[name] = value
    return headers
