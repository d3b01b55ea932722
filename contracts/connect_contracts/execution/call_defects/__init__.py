"""What can be wrong with a call of ``connect``: importing this package registers every defect."""

from connect_contracts.execution.call_defects import arguments, authority, credentials
from connect_contracts.execution.call_defects.registry import CALL_DEFECTS, met_by, resolve

__all__ = ["CALL_DEFECTS", "arguments", "authority", "credentials", "met_by", "resolve"]
