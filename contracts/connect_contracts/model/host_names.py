"""Hosts as they are written: which need redirection, and which are spellings of one name."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata

_DOTS = re.compile("[.\u3002\uff0e\uff61]")
"""What separates labels (RFC 3490 3.1)."""


def is_redirected(host: str) -> bool:
    """Whether ``host`` must be redirected: all but ``localhost`` and addresses of loopback."""
    if not host or host.lower() == "localhost":
        return False
    address = address_of(host)
    return address is None or not address.is_loopback


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that ``host`` spells, in any spelling that systems take, or ``None``."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _old_spelling(host)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _old_spelling(host: str) -> ipaddress.IPv4Address | None:
    # ``127.1`` and ``0x7f000001`` are addresses too; what follows a space would be passed over.
    if not host.isascii() or not host.isprintable() or " " in host:
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def spellings(host: str | bytes) -> frozenset[str]:
    """All ways to write ``host``: with it, each is the same name.

    In lower case, without the dot at the end, with U-labels and with A-labels, the latter by IDNA
    2003 (RFC 3490) and by IDNA 2008 (RFC 5891), which differ for a few letters.
    """
    text = host.decode("latin-1") if isinstance(host, bytes) else host
    labels = _labels(text)
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    ways = (lambda label: label, _a_label, _a_label_of_2003, _u_label)
    return frozenset(".".join(way(label) for label in labels) for way in ways)


def as_a_labels(host: str) -> str:
    """``host`` as a certificate names it: in lower case, and with A-labels (RFC 5891)."""
    return ".".join(_a_label(label) for label in _labels(host))


def same_host(one: str | bytes, other: str | bytes) -> bool:
    """Whether both are spellings of one name."""
    return not spellings(one).isdisjoint(spellings(other))


def _labels(host: str) -> list[str]:
    return _DOTS.split(unicodedata.normalize("NFC", host.lower()))


def _a_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _a_label_of_2003(label: str) -> str:
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return label


def _u_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
