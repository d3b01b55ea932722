"""Implementations of ``connect`` that are broken in one respect each, to prove the suite's teeth.

Each is one small function, named by what is wrong, in the file of its chapter. It is given a copy
of a reference implementation and changes one step of it::

    @broken(fails=("AUTH-3[empty-password]",))
    def refuses_an_empty_password(reference: ReferenceCopy) -> None:
        \"\"\"A password that is empty is taken for one that was forgotten.\"\"\"

        @reference.around("BasicAuthentication.__call__")
        def demanding(call: Any, basic: Any, url: str) -> Any:
            ...

All that it does not pass is pinned in the kill matrix: see ``matrix``.
"""

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import Broken, broken, every_broken_implementation

__all__ = ["Broken", "ReferenceCopy", "broken", "every_broken_implementation"]
