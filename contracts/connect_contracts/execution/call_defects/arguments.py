"""URLs that lead nowhere or are none, and arguments that the signature does not take."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect, changing, register

_url = partial(changing, argument="url", group="address", check="arguments", clause="URL-8")
_port = partial(changing, argument="url", group="address", check="port", clause="CA-17")
_arguments = partial(changing, argument="url", group="arguments", check="arguments")


def _rewritten(
    name: str, text: str, description: str, change: Callable[[str], str], **further: Any
) -> None:
    """Register a defect that gives another text as the URL."""

    def apply(arguments: Arguments, _: CallResources) -> Arguments:
        return arguments.but(replaced_url=(change(arguments.url),))

    further |= {"argument": "url", "group": "address", "check": "arguments"}
    register(name, text, description, apply, **further)


@call_defect(
    "nothing listens",
    "to {host} on a port where no server listens",
    argument="url",
    group="address",
    check="arguments",
    clause="URL-7",
)
def nothing_listens(arguments: Arguments, resources: CallResources) -> Arguments:
    """The URL names a port that is bound, and on which no server listens."""
    return arguments.but(replaced_port=str(resources.silent_port()))


# A name below ``.invalid`` never resolves (RFC 6761 6.4).
_url(
    "name does not resolve",
    "to a host whose name does not resolve",
    "The URL names a host that does not resolve.",
    {"host": "no-such-host.invalid"},
    clause="URL-7",
)
_rewritten(
    "no scheme",
    "to {host} by a URL without a scheme",
    "The URL begins with its host.",
    lambda url: url.partition("://")[2],
    clause="URL-8",
)
_rewritten(
    "scheme of another protocol",
    "to {host} by a URL with the scheme ftp",
    "The URL has the scheme ``ftp``.",
    lambda url: "ftp://" + url.partition("://")[2],
    clause="URL-8",
)
_url("no host", "by a URL without a host", "The URL has no host.", {"host": ""})
_url(
    "port is no port",
    "to {host} by a URL with a word for the port",
    "The port of the URL is a word.",
    {"replaced_port": "port"},
)


@call_defect(
    "port out of range",
    "to {host} by a URL with a port above 65535",
    argument="url",
    group="address",
    check="arguments",
    expectation="observe",
)
def port_out_of_range(arguments: Arguments, _: CallResources) -> Arguments:
    """The port of the URL is above 65535, which RFC 3986 allows and no host has."""
    # Always six digits: there are clients that say another thing of a number of five.
    return arguments.but(replaced_port=str(arguments.port + 2 * 65536))


_url(
    "space in the host",
    "by a URL with a space in the host",
    "The host of the URL has a space in it.",
    {"host": "local host"},
)
_rewritten(
    "space in the path",
    "to {host} by a URL with a space in the path",
    "The path of the URL has a space in it.",
    lambda url: f"{url}/a b",
    expectation="observe",
)
_rewritten(
    "slash at the end of the URL",
    "to {host} by a URL with a slash at its end",
    "The URL ends with a slash.",
    lambda url: f"{url}/",
    expectation="observe",
)
_rewritten(
    "query",
    "to {host} by a URL with a query",
    "The URL has a query.",
    lambda url: f"{url}?a=b",
    expectation="observe",
)
_rewritten(
    "fragment",
    "to {host} by a URL with a fragment",
    "The URL has a fragment.",
    lambda url: f"{url}#a",
    expectation="observe",
)

_port(
    "https to a plain port",
    "to {host} by a URL of HTTPS with a port of plain HTTP",
    "The URL is one of HTTPS, and its port speaks plain HTTP.",
    {"scheme": "https"},
    needs="http",
)
_port(
    "http to a TLS port",
    "to {host} by a URL of plain HTTP with a port of TLS",
    "The URL is one of plain HTTP, and its port speaks TLS.",
    {"scheme": "http"},
    needs="https",
)

_arguments(
    "authentication by position",
    "and with authentication given by position",
    "``authentication`` is given by position.",
    {"positions": ("authentication",)},
    argument="keywords",
    clause="SIG-2",
)
_arguments(
    "certificate_authority by position",
    "and with authentication and certificate_authority given by position",
    "``certificate_authority`` is given by position, after ``authentication``.",
    {"positions": ("authentication", "certificate_authority")},
    argument="keywords",
    clause="SIG-2",
)
_arguments(
    "unknown keyword",
    "and with a keyword that no signature has",
    "A keyword that no signature has.",
    {"keywords": (("no_such_argument_6b0f3f7d2a5c41c8", None),)},
    argument="keywords",
    clause="SIG-5",
)
_arguments(
    "no url", "without a URL", "The URL is left out.", {"url_given": "absent"}, clause="SIG-6"
)
_arguments(
    "url is None",
    "with None for the URL",
    "``None`` as the URL.",
    {"replaced_url": (None,)},
    clause="SIG-6",
)
_arguments(
    "url is a number",
    "with a number for the URL",
    "A number as the URL.",
    {"replaced_url": (8080,)},
    clause="SIG-6",
)
_arguments(
    "url is bytes",
    "to {host} by a URL given as bytes",
    "The right URL, as bytes.",
    {"url_as_bytes": True},
    expectation="observe",
)
