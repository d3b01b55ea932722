"""Host names: which names of a certificate speak of the host of a URL (RFC 9525 6.3, 6.4)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from connect_harness.certificates import Chain

Matched = Literal["believed", "refused", "open"]

MANY = 100
"""From more names on, a limit of the platform may decide, about which no rule speaks."""


def matched(chain: Chain, host: str) -> Matched:
    """Whether a name of ``chain`` is the host; ``open`` where no rule says how to compare."""
    wanted = _normal(host)
    if len(chain.names) > MANY:
        return "open"
    if any(_is(name, wanted) for name in chain.names):
        return "believed"
    dns_names = [name for name in chain.names if not is_address(name)]
    # A name in the common name alone is observed (CA-19).
    if not is_address(host) and not dns_names and (chain.subject or "").lower() == wanted:
        return "open"
    return "refused" if _written_plainly(host) and not _odd(chain) else "open"


def is_address(host: str) -> bool:
    """Whether ``host`` is the literal of an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _normal(host: str) -> str:
    return str(ip_address(host)) if is_address(host) else host.lower()


def _is(name: str, host: str) -> bool:
    if is_address(name) or is_address(host):
        return is_address(name) and is_address(host) and _normal(name) == host
    first, _, rest = name.partition(".")
    label, _, domain = host.partition(".")
    wild = first == "*" and rest != "" and label != "" and rest == domain
    return (wild or name == host) and _written_plainly(host)


def _written_plainly(host: str) -> bool:
    """Whether it is a host name as URLs and certificates have it: in ASCII, no dot at its end."""
    return host.isascii() and not host.endswith(".") and "_" not in host


def _odd(chain: Chain) -> bool:
    """Whether it has a name whose comparison is nobody's rule."""
    return any(name == "*" or not _written_plainly(name) for name in chain.names)
