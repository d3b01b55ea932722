"""What goes wrong on purpose at a target session, armed by name: a file for each topic.

A ``Fault`` answers requests in the application's place. A ``WireFault`` changes the bytes that go
out: in place of the handshake, or of an answer.

To add one, add a function to the file of its topic; its docstring is its manual. Whatever this
folder holds is found when a fault is first asked for.
"""

from connect_harness.faults.armed import ArmedFaults
from connect_harness.faults.registry import Fault, FaultKind, fault, fault_kinds, named_fault
from connect_harness.faults.wire import WireFault

__all__ = [
    "ArmedFaults",
    "Fault",
    "FaultKind",
    "WireFault",
    "fault",
    "fault_kinds",
    "named_fault",
]
