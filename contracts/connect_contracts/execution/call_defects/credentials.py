"""Credentials that the target does not take."""

from __future__ import annotations

import msgspec

from connect_contracts.execution.call.arguments import (
    Arguments,
    BasicArgument,
    CallbackArgument,
    TokenArgument,
)
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("wrong password")
def wrong_password(arguments: Arguments, resources: CallResources) -> Arguments:
    """The password is another one than the user's."""
    username = resources.username(arguments)
    return arguments.with_authentication(BasicArgument(username, resources.unique("wrong")))


@call_defect("unknown user")
def unknown_user(arguments: Arguments, resources: CallResources) -> Arguments:
    """The user is one that the target does not know."""
    return arguments.with_authentication(BasicArgument("nobody", resources.unique("unknown")))


@call_defect("unknown token")
def unknown_token(arguments: Arguments, resources: CallResources) -> Arguments:
    """The token is one that the target never issued."""
    return arguments.with_authentication(TokenArgument(resources.unique("token"), None))


@call_defect("no authentication")
def no_authentication(arguments: Arguments, _: CallResources) -> Arguments:
    """``authentication`` is left out, although the target is secure."""
    return arguments.with_authentication(None)


@call_defect("callable raises")
def callable_raises(arguments: Arguments, resources: CallResources) -> Arguments:
    """The callable ``Authenticate`` raises an exception of its own."""
    given = arguments.authentication
    if not isinstance(given, CallbackArgument):
        raise TypeError("the defect 'callable raises' needs a callable to break")
    return arguments.with_authentication(
        msgspec.structs.replace(given, raises=resources.unique("raised"))
    )
