"""The base URL of a target session (RFC 3986 3, RFC 9110 4.2)."""

from __future__ import annotations

import re
from urllib.parse import quote

_BASE_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:[^/?#]*@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]]+)"
    r"(?::(?P<port>[0-9]*))?"
    r"(?P<path>/[^?#]*)?",
    re.IGNORECASE | re.ASCII,
)
_LARGEST_PORT = 65535


def base_url(url: object) -> str:
    """The base URL without userinfo and without slashes at its end.

    Userinfo is left out because credentials are given as ``authentication`` (RFC 9110 4.2.4); a
    query and a fragment are refused, for nothing could be joined below them.

    Raises:
        TypeError: ``url`` is no text.
        ValueError: It is no such URL. The text does not repeat it, for it may hold a password.
    """
    if not isinstance(url, str):
        raise TypeError(f"The URL of a target session is a str, not {type(url).__name__}.")
    found = _BASE_URL.fullmatch(url)
    port = int(found["port"]) if found and found["port"] else None
    if (
        not found
        or not all(character.isprintable() and character != " " for character in url)
        or (port is not None and not 0 < port <= _LARGEST_PORT)
    ):
        raise ValueError(
            "The URL of a target session is http:// or https://, a host, maybe a port from 1 to "
            "65535 and a path, without spaces, query or fragment; what was given is not."
        )
    authority = found["host"] if port is None else f"{found['host']}:{port}"
    return f"{found['scheme'].lower()}://{authority}{found['path'] or ''}".rstrip("/")


def segment(name: str) -> str:
    """``name`` as one segment of a path; a name of dots alone must not climb (RFC 3986 5.2.4)."""
    return quote(name, safe="").replace(".", "%2E")
