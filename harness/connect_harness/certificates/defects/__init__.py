"""What can be wrong with a chain, one topic a file.

No defect, although it is refused: a chain of an authority that the other side does not trust, for
a server (CA-2, CA-3) as for a client (MTLS-4). It is sound; give it another ``authority``. Nor is
what a sound ``Chain`` says in a field of its own: another key, a wildcard, a second authority.
"""

from connect_harness.certificates.defects import (
    client,
    common_name,
    constraint_forms,
    constraint_scope,
    constraints,
    crossing,
    encodings,
    fields,
    name_constraints,
    names,
    near_names,
    path_building,
    path_length,
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
    "constraint_forms",
    "constraint_scope",
    "constraints",
    "crossing",
    "encodings",
    "fields",
    "name_constraints",
    "named_defect",
    "names",
    "near_names",
    "path_building",
    "path_length",
    "revocation",
    "spelling",
    "strength",
    "strictness",
    "trust",
    "usage",
    "validity",
    "wildcards",
]
