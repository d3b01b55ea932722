"""URLs that lead nowhere or are none, and arguments that the signature does not take."""

from __future__ import annotations

from functools import partial

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect

_of_url = partial(call_defect, group="address", check="arguments")
_of_port = partial(call_defect, group="address", check="port", clause="CA-17")
_of_arguments = partial(call_defect, group="arguments", check="arguments")


@_of_url("nothing listens", clause="URL-7")
def nothing_listens(arguments: Arguments, resources: CallResources) -> Arguments:
    """The port of the URL is bound by the harness, which does not listen on it."""
    return arguments.but(replaced_port=str(resources.silent_port()))


@_of_url("name does not resolve", clause="URL-7")
def name_does_not_resolve(arguments: Arguments, _: CallResources) -> Arguments:
    """The host of the URL is a name below ``.invalid``, which never resolves (RFC 6761 6.4)."""
    return arguments.but(host="no-such-host.invalid")


@_of_url("no scheme", clause="URL-8")
def no_scheme(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL begins with its host."""
    return arguments.but(replaced_url=(str(arguments.url).partition("://")[2],))


@_of_url("scheme of another protocol", clause="URL-8")
def scheme_of_another_protocol(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has the scheme ``ftp``."""
    return arguments.but(replaced_url=("ftp://" + str(arguments.url).partition("://")[2],))


@_of_url("no host", clause="URL-8")
def no_host(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has a port and no host."""
    return arguments.but(host="")


@_of_url("port is no port", clause="URL-8")
def port_is_no_port(arguments: Arguments, _: CallResources) -> Arguments:
    """The port of the URL is a word."""
    return arguments.but(replaced_port="port")


@_of_url("port out of range", expectation="observe")
def port_out_of_range(arguments: Arguments, _: CallResources) -> Arguments:
    """The port of the URL is above 65535: the target's own port and 131072 more."""
    # Always six digits: there are clients that say another thing of a number of five.
    return arguments.but(replaced_port=str(arguments.port + 2 * 65536))


@_of_url("space in the host", clause="URL-8")
def space_in_the_host(arguments: Arguments, _: CallResources) -> Arguments:
    """The host of the URL has a space in it."""
    return arguments.but(host="local host")


@_of_url("space in the path", expectation="observe")
def space_in_the_path(arguments: Arguments, _: CallResources) -> Arguments:
    """The path of the URL has a space in it."""
    return arguments.but(replaced_url=(f"{arguments.url}/a b",))


@_of_url("slash at the end of the URL", expectation="observe")
def slash_at_the_end(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL ends with a slash."""
    return arguments.but(replaced_url=(f"{arguments.url}/",))


@_of_url("query", expectation="observe")
def query(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has a query."""
    return arguments.but(replaced_url=(f"{arguments.url}?a=b",))


@_of_url("fragment", expectation="observe")
def fragment(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL has a fragment."""
    return arguments.but(replaced_url=(f"{arguments.url}#a",))


@_of_port("https to a plain port", needs="http")
def https_to_a_plain_port(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is one of HTTPS, and its port speaks plain HTTP."""
    return arguments.but(scheme="https")


@_of_port("http to a TLS port", needs="https")
def http_to_a_tls_port(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is one of plain HTTP, and its port speaks TLS."""
    return arguments.but(scheme="http")


@_of_arguments("authentication by position", clause="SIG-2")
def authentication_by_position(arguments: Arguments, _: CallResources) -> Arguments:
    """``authentication`` is given by position."""
    return arguments.but(positions=("authentication",))


@_of_arguments("certificate_authority by position", clause="SIG-2")
def certificate_authority_by_position(arguments: Arguments, _: CallResources) -> Arguments:
    """``certificate_authority`` is given by position, after ``authentication``."""
    return arguments.but(positions=("authentication", "certificate_authority"))


@_of_arguments("unknown keyword", clause="SIG-5")
def unknown_keyword(arguments: Arguments, _: CallResources) -> Arguments:
    """A keyword is given that no signature has."""
    return arguments.but(keywords=(("no_such_argument_6b0f3f7d2a5c41c8", None),))


@_of_arguments("no url", clause="SIG-6")
def no_url(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is left out."""
    return arguments.but(url_given="absent")


@_of_arguments("url is None", clause="SIG-6")
def url_is_none(arguments: Arguments, _: CallResources) -> Arguments:
    """``None`` is given as the URL."""
    return arguments.but(replaced_url=(None,))


@_of_arguments("url is a number", clause="SIG-6")
def url_is_a_number(arguments: Arguments, _: CallResources) -> Arguments:
    """A number is given as the URL."""
    return arguments.but(replaced_url=(8080,))


@_of_arguments("url is bytes", expectation="observe")
def url_is_bytes(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is given as bytes."""
    return arguments.but(url_as_bytes=True)
