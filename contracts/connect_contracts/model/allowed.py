"""What a scenario that was read may do: a few environment variables, and addresses on loopback.

A scenario may come in a file that someone else wrote. Its variables are set in this process, and
its host and userinfo become a part of the URL to which the client sends its credentials.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator

from connect_contracts.model.scenario import Call, Scenario, Together, calls_of

LONGEST = 86_400.0
"""Seconds that a step may be given: a day."""

MOST_PARTS = 500
"""Targets, steps and branches of a scenario: each target has sockets, each branch a thread."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
NO_PROXY = ("NO_PROXY", "no_proxy")
AUTHORITY_FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Their value can only be ``{authority}`` or ``{stranger}``, which stand for files of the run."""

TARGET_ADDRESSES = (ipaddress.IPv4Address("127.0.0.1"), ipaddress.IPv6Address("::1"))
"""Where targets listen: another address of loopback may lead to a server of someone else."""

_PROXY = re.compile(r"(?:https?://)?(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:/\[\]]+))(?::\d{1,5})?/?")
_NAME = re.compile(r"(?:[\w-]+\.)*(?:localhost|test)\.?", re.IGNORECASE)
"""A name that no name server knows (RFC 6761 6.2, 6.3): a client that resolves it without the
suite's redirection reaches no server."""
_USERINFO = re.compile(r"[A-Za-z0-9_~!$&'()*+,;=:-]*")
"""RFC 3986 3.2.1 without the dot and without percent-encoding, so that no parser of URLs, however
careless, takes it for another host."""


def disallowed(scenario: Scenario) -> Iterator[str]:
    """What a scenario from a file may not do, as ends of sentences that begin with its name."""
    if not 0 < scenario.limit <= LONGEST:
        yield f"gives a step {scenario.limit} seconds: correct it."
    together = [step for step in scenario.steps if isinstance(step, Together)]
    parts = len(scenario.targets) + len(scenario.steps)
    parts += sum(len(step.branches) + len(step.steps()) for step in together)
    if parts > MOST_PARTS:
        yield f"has {parts} targets, steps and branches, and may have {MOST_PARTS}: correct it."
    for name, value in scenario.surroundings:
        if not _may_be_set(name, value):
            yield (
                f"sets {name!r} to {value!r} in its surroundings, and only proxies on loopback "
                f"and {{authority}} or {{stranger}} for {', '.join(AUTHORITY_FILES)} are allowed "
                "there: correct it."
            )
    for _, call in calls_of(scenario):
        yield from _of_call(call)


def _of_call(call: Call) -> Iterator[str]:
    if not _is_near(call.host):
        yield (
            f"calls the host {call.host!r}, and only localhost, 127.0.0.1, ::1 and names "
            "below .test and .localhost are allowed: correct it."
        )
    if call.userinfo is not None and not _USERINFO.fullmatch(call.userinfo):
        yield (
            f"has the userinfo {call.userinfo!r} in a URL, and only letters, digits and "
            "_~!$&'()*+,;=:- are allowed there: correct it."
        )


def _may_be_set(name: str, value: str) -> bool:
    if name in PROXIES and value == "{proxy}":
        return True
    if name in PROXIES:
        proxy = _PROXY.fullmatch(value)
        return proxy is not None and _is_loopback(proxy["six"] or proxy["host"])
    if name in NO_PROXY:
        return value == "*" or all(_is_loopback(host) for host in value.split(","))
    return name in AUTHORITY_FILES and value in ("{authority}", "{stranger}")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    # What follows a percent sign may be anything, also the end of the host in a URL.
    if "%" in host:
        return None
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def _is_near(host: str) -> bool:
    # A client may normalise a name before it looks at it (RFC 5895).
    forms = host, unicodedata.normalize("NFKC", host)
    return _address(host) in TARGET_ADDRESSES or all(_NAME.fullmatch(form) for form in forms)
