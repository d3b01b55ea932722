"""Code of a user: of CA-1 to CA-3 it leaves five cases, three of them at other depths."""

from __future__ import annotations

DEEPER = """
from dataclasses import replace

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth

cases = catalogue().cases
depths = {
    "CA-1[authority-given]": Depth.CORE,
    "CA-1[over-tls-1-2]": Depth.CORE,
    "CA-3[another-authority]": Depth.DEFAULT,
    "CA-3[another-authority-of-the-same-name]": Depth.FULL,
    "CA-2[without-the-file]": Depth.SLOW,
}
for case in [case for case in cases.values() if case.clause.id in ("CA-1", "CA-2", "CA-3")]:
    del cases[case.id]
    if case.id in depths:
        cases[case.id] = replace(case, depth=depths[case.id])
"""
