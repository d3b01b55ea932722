"""What can be wrong with a chain, one topic a file.

No defect, although it is refused: a chain of an authority that the other side does not trust, for
a server (CA-2, CA-3) as for a client (MTLS-4). It is sound; give it another ``authority``.
"""

from connect_harness.certificates.defects import names, trust, validity
from connect_harness.certificates.defects.registry import DEFECTS, Defect, named_defect

__all__ = ["DEFECTS", "Defect", "named_defect", "names", "trust", "validity"]
