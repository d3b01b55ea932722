"""URLs that lead nowhere, or are none."""

from __future__ import annotations

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("nothing listens")
def nothing_listens(arguments: Arguments, resources: CallResources) -> Arguments:
    """The port of the URL is bound by the harness, which does not listen on it."""
    return arguments.with_port(resources.silent_port())


@call_defect("name does not resolve")
def name_does_not_resolve(arguments: Arguments, _: CallResources) -> Arguments:
    """The host of the URL is a name below ``.invalid``, which never resolves (RFC 6761 6.4)."""
    return arguments.with_host("no-such-host.invalid")


@call_defect("no scheme")
def no_scheme(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL begins with its host."""
    return arguments.with_url(str(arguments.url).partition("://")[2])


@call_defect("scheme of another protocol")
def scheme_of_another_protocol(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has the scheme ``ftp``."""
    return arguments.with_url("ftp://" + str(arguments.url).partition("://")[2])


@call_defect("no host")
def no_host(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has a port and no host."""
    return arguments.with_host("")


@call_defect("port is no port")
def port_is_no_port(arguments: Arguments, _: CallResources) -> Arguments:
    """The port of the URL is a word."""
    return arguments.with_port("port")


@call_defect("port out of range")
def port_out_of_range(arguments: Arguments, _: CallResources) -> Arguments:
    """The port of the URL is above 65535: the target's own port and 131072 more."""
    # Always six digits: there are clients that say another thing of a number of five.
    return arguments.with_port(arguments.port + 2 * 65536)


@call_defect("space in the host")
def space_in_the_host(arguments: Arguments, _: CallResources) -> Arguments:
    """The host of the URL has a space in it."""
    return arguments.with_host("local host")


@call_defect("space in the path")
def space_in_the_path(arguments: Arguments, _: CallResources) -> Arguments:
    """The path of the URL has a space in it."""
    return arguments.with_url(f"{arguments.url}/a b")


@call_defect("query")
def query(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has a query."""
    return arguments.with_url(f"{arguments.url}?a=b")


@call_defect("fragment")
def fragment(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has a fragment."""
    return arguments.with_url(f"{arguments.url}#a")


@call_defect("https to a plain port")
def https_to_a_plain_port(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is one of HTTPS, and its port speaks plain HTTP."""
    return arguments.with_scheme("https")


@call_defect("http to a TLS port")
def http_to_a_tls_port(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is one of plain HTTP, and its port speaks TLS."""
    return arguments.with_scheme("http")
