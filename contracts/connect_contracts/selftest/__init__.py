"""Implementations of ``connect`` that are broken in one respect each, to prove the suite's teeth.

Each is one small function, named by what is wrong, in the file of its chapter. It is given a copy
of a reference implementation and changes one step of it::

    @broken(fails=("CA-12",))
    def ignores_dates(reference: ReferenceCopy) -> None:
        ...

All that it does not pass is pinned in the kill matrix: see ``matrix``.
"""

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import Broken, broken, every_broken_implementation

__all__ = ["Broken", "ReferenceCopy", "broken", "every_broken_implementation"]
