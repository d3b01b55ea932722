"""What goes wrong on purpose at a target session, armed by name: a file for each topic."""

from connect_harness.faults.armed import ArmedFaults
from connect_harness.faults.registry import AnswerFault, Effect, FaultKind, WireFault, fault_kinds

__all__ = ["AnswerFault", "ArmedFaults", "Effect", "FaultKind", "WireFault", "fault_kinds"]
