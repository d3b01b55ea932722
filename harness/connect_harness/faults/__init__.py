"""What goes wrong on purpose at a target session, armed by name: a file for each topic."""

from connect_harness.faults.armed import ArmedFaults
from connect_harness.faults.registry import Effect, fault_kinds

__all__ = ["ArmedFaults", "Effect", "fault_kinds"]
