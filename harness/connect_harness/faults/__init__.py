"""What goes wrong on purpose at a target session: a file for each topic.

A fault has a name and can be armed by it, or is one of your own::

    target.arm("body cut short", on=Requests(changes=True, first=2, times=1))
    target.arm(AnswerFault(lambda request, honest: Answer(418)), on=Requests("GET"))
"""

from connect_harness.exchange import Answer
from connect_harness.faults.armed import Armed, ArmedFaults, UnmetFault
from connect_harness.faults.fault import Fault, Requests
from connect_harness.faults.registry import AnswerFault, Effect, FaultKind, WireFault, fault_kinds
from connect_harness.misbehaviour import Act, Layer, Phase

__all__ = [
    "Act",
    "Answer",
    "AnswerFault",
    "Armed",
    "ArmedFaults",
    "Effect",
    "Fault",
    "FaultKind",
    "Layer",
    "Phase",
    "Requests",
    "UnmetFault",
    "WireFault",
    "fault_kinds",
]
