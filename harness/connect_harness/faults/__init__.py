"""Wrong answers of a target session, armed by name: one fault a file.

To add one, add a file: whatever this folder holds is found when a fault is first asked for.
"""

from connect_harness.faults.armed import ArmedFaults
from connect_harness.faults.registry import Fault, FaultKind, fault, fault_kinds, named_fault

__all__ = ["ArmedFaults", "Fault", "FaultKind", "fault", "fault_kinds", "named_fault"]
