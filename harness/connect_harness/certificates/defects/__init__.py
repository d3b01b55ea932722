"""What can be wrong with a chain, one topic a file. Every file of this folder is loaded.

No defect, although it is refused: a chain of an authority that the other side does not trust, for
a server (CA-2, CA-3) as for a client (MTLS-4). It is sound; give it another ``authority``. Nor is
what a sound ``Chain`` says in a field of its own: another key, a wildcard, a second authority.
"""

from importlib import import_module
from pkgutil import iter_modules

from connect_harness.certificates.defects.registry import DEFECTS, Defect, named_defect

__all__ = ["DEFECTS", "Defect", "named_defect"]

for _topic in iter_modules(__path__, f"{__name__}."):
    import_module(_topic.name)
