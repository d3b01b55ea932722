"""Arguments that the signature of ``connect`` does not take."""

from __future__ import annotations

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("authentication by position")
def authentication_by_position(arguments: Arguments, _: CallResources) -> Arguments:
    """``authentication`` is given by position."""
    return arguments.by_position("authentication")


@call_defect("certificate_authority by position")
def certificate_authority_by_position(arguments: Arguments, _: CallResources) -> Arguments:
    """``certificate_authority`` is given by position, after ``authentication``."""
    return arguments.by_position("authentication", "certificate_authority")


@call_defect("unknown keyword")
def unknown_keyword(arguments: Arguments, _: CallResources) -> Arguments:
    """A keyword is given that no signature has."""
    return arguments.with_keyword("no_such_argument_6b0f3f7d2a5c41c8", None)


@call_defect("no url")
def no_url(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is left out."""
    return arguments.with_url(None, given=False)


@call_defect("url is None")
def url_is_none(arguments: Arguments, _: CallResources) -> Arguments:
    """``None`` is given as the URL."""
    return arguments.with_url(None)


@call_defect("url is a number")
def url_is_a_number(arguments: Arguments, _: CallResources) -> Arguments:
    """A number is given as the URL."""
    return arguments.with_url(8080)


@call_defect("url is bytes")
def url_is_bytes(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL is given as bytes."""
    return arguments.with_url(str(arguments.url).encode())
