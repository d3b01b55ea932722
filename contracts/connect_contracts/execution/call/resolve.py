"""From the words of a call to the arguments of ``connect``, its defect included."""

from __future__ import annotations

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.canaries import handed_out
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.scenario import Call


def resolve(call: Call, resources: CallResources, place: str) -> Arguments:
    """The arguments that ``call`` stands for.

    Parameters:
        place: The place of the step, by which the client certificate that is given is noted.

    Raises:
        KeyError: There is no such target, or no such defect.
    """
    arguments = resources.arguments(call, place)
    if call.defect is not None:
        arguments = CALL_DEFECTS[call.defect].apply(arguments, resources)
    resources.secrets += handed_out(arguments, call.target)
    return arguments
