"""Each case in a process of its own, in which no other case was judged before."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from importlib import import_module

from judged import Judged, judged

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.identify import warm_up
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import under_test
from connect_contracts.judging.verify import verify
from connect_contracts.report.case_report import case_report

IMPORTED_BEFORE = (
    "httpx",
    "graphql",
    "trustme",
    "connect_contracts.execution.run",
    "connect_harness.protocols.application",
)
"""What takes long to import, judges nothing and starts no thread."""


def judge_alone(reference: str, cases: Sequence[str]) -> dict[str, Judged]:
    """Judge each of ``cases`` in a process that is forked for it.

    The process that forks has imported what is needed, has one thread, and judges nothing.

    Parameters:
        reference: The implementation, as ``module[:attribute]``.
        cases: Ids. A case whose process dies is missing from what is returned.
    """
    for name in IMPORTED_BEFORE:
        import_module(name)
    load(reference)
    found = {case: _forked(reference, case) for case in cases}
    return {case: one for case, one in found.items() if one is not None}


def _forked(reference: str, case_id: str) -> Judged | None:
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        # Whatever happens, the forked process must not go on with what the first one does.
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump(_judge(reference, case_id), pipe)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    _, status = os.waitpid(process, 0)
    return Judged(*json.loads(told)) if status == 0 else None


def _judge(reference: str, case_id: str) -> Judged:
    case = catalogue().cases[case_id]
    subject = under_test(load(reference), None)
    warm_up(subject.implementation, subject.profile)
    verified = verify(case, subject.implementation, subject.profile)
    return judged(case_report(verified, verified.judgement, replay="", seconds=0.0))
