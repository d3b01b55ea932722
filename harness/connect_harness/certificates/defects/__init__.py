"""What can be wrong with a chain, one topic a file.

No defect, although it is refused: a chain of an authority that the other side does not trust, for
a server (CA-2, CA-3) as for a client (MTLS-4). It is sound; give it another ``authority``.
"""

from connect_harness.certificates.defects import (
    client,
    common_name,
    constraints,
    crossing,
    fields,
    name_constraints,
    names,
    revocation,
    spelling,
    strength,
    strictness,
    trust,
    usage,
    validity,
    wildcards,
)
from connect_harness.certificates.defects.registry import DEFECTS, Defect, named_defect

__all__ = [
    "DEFECTS",
    "Defect",
    "client",
    "common_name",
    "constraints",
    "crossing",
    "fields",
    "name_constraints",
    "named_defect",
    "names",
    "revocation",
    "spelling",
    "strength",
    "strictness",
    "trust",
    "usage",
    "validity",
    "wildcards",
]
