"""Client certificates that the target does not take, or that are not given."""

from __future__ import annotations

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("client certificate not given")
def not_given(arguments: Arguments, _: CallResources) -> Arguments:
    """``authentication`` is left out, although the target wants a client certificate."""
    return arguments.with_authentication(None)


@call_defect("client certificate of an unknown authority")
def of_an_unknown_authority(arguments: Arguments, resources: CallResources) -> Arguments:
    """The client certificate is of an authority that the target does not trust."""
    return arguments.with_authentication(resources.stranger())
