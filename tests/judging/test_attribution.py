"""Who is to blame for a step that is taken for granted: of a twin, or one that sets up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    CLIENT_CERTIFICATE,
    arm,
    connect,
    connect_tls,
    https,
    list_tables,
    must,
    mutual_tls,
    owner_rows,
    secure,
    story,
    with_issuer,
)
from connect_contracts.chapters.case import Case, Story
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import Alternative, Expectation, Gives, Raises
from connect_contracts.judging.judge import judge, with_twin
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Profile
from connect_contracts.model.evidence import Evidence, Strength
from connect_contracts.model.observation import Observation, TargetSeen
from connect_contracts.model.scenario import PasswordGrant, Together, Use
from connect_contracts.model.verdict import Verdict
from connect_harness.server.events import Cause, Ending
from hand_written_cases import REFUSAL, case_of
from wire_rows import Run, play
from written_run import WrittenRun

LISTS = must(list_tables(), Gives(["Example"]))
OVER_TLS = story(https(), connect_tls(), LISTS)
NAMED = story(https(names=("other.test", "localhost")), connect_tls(), LISTS)
IN_CLEAR = story(secure(), connect(AS_ADMIN), LISTS)
MUTUAL = story(mutual_tls(), connect_tls(CLIENT_CERTIFICATE), LISTS)
TRUSTING = {"trusted": ("authority",), "isolation": "process"}
BY_GRANT = story(with_issuer(), connect_tls(PasswordGrant()), LISTS, **TRUSTING)
LATER = story(secure(), connect(AS_ADMIN), list_tables(), LISTS)

VERSIONS = "accepted 1; request GET /versions/rest host=localhost:80"
TAKEN = f"{VERSIONS}; answer 200 user=admin"
ALERT = "accepted 1; failed 1 alert=unknown_ca alert_by=client"


def failed(cause: Cause) -> Run:
    return lambda run: run.accepted().failed(cause=cause)


def ended(ending: Ending) -> Run:
    return lambda run: run.accepted().completed().closed(ending=ending)


def run_of(told: Story, run: Run, how: str = "raised", **raised: Any) -> Observation:
    """The run of ``told`` whose first connect ends ``how`` after ``run``, others before it."""
    written = WrittenRun()
    before = len(told.scenario.steps) - 2 if told is LATER else 0
    for _ in range(before):
        play(written.begin(), TAKEN).end()
    written.begin()
    if callable(run):
        run(written)
    else:
        play(written, run)
    error = {"type": "ValueError", "names": ("ValueError",), "text": "no", **raised}
    what = "list tables" if before else "connect"
    written.end(how, what=what, **({"raised": error} if how == "raised" else {}))
    seen = tuple(
        TargetSeen(name, "http://localhost:80", 80, issuer_of=issuer_of)
        for spec in told.scenario.targets
        for name, issuer_of in (("target", None), *([("issuer", "target")] if spec.issuer else []))
    )
    return replace(written.view().observation, scenario=told.scenario, targets=seen)


BLAMED: dict[str, tuple[Story, Run, str, str]] = {
    "the alert by which it refused": (OVER_TLS, ALERT, "CA-1", "client alert unknown_ca"),
    "one of its names is not honoured": (NAMED, ALERT, "CA-10", "client alert unknown_ca"),
    "of mutual TLS it refuses the target": (MUTUAL, ALERT, "CA-1", "client alert unknown_ca"),
    "of mutual TLS it presents nothing": (
        *(MUTUAL, failed(Cause.CLIENT_CERTIFICATE_MISSING), "MTLS-1"),
        "the handshake failed: client presented no certificate",
    ),
    "it does not ask the issuer": (BY_GRANT, "", "AUTH-14", "it sent nothing to any target"),
    "it closes within the handshake": (
        *(OVER_TLS, failed(Cause.CLIENT_CLOSED), "CA-1"),
        "client closed without a word",
    ),
    "it closes after the handshake": (
        *(OVER_TLS, "accepted 1; completed 1; closed 1", "CA-1"),
        "it ended the connection before any request",
    ),
    "its alert after the handshake": (
        *(OVER_TLS, "accepted 1; completed 1; closed 1 alert=bad_certificate", "CA-1"),
        "before any request, with the alert bad_certificate",
    ),
    "its offer suits no target": (
        *(OVER_TLS, failed(Cause.NO_COMMON_VERSION), "CA-1"),
        "the handshake failed: no common version",
    ),
    "it sends nothing": (OVER_TLS, "", "CA-1", "it sent nothing to any target"),
    "it does not take the answer": (
        *(IN_CLEAR, TAKEN, "AUTH-2"),
        "the target answered GET /versions/rest with 200, which it did not take",
    ),
    "its credentials are refused": (
        *(IN_CLEAR, f"{VERSIONS}; answer 401", "AUTH-2"),
        "the target answered GET /versions/rest with 401",
    ),
    "a path that is not as it was given": (
        *(IN_CLEAR, "accepted 1; request GET /rest/versions host=localhost:80; answer 404"),
        *("URL-1", "with 404: "),
    ),
    "a later step without credentials": (
        *(LATER, "request GET /tables; answer 401", "LIVE-1"),
        "the target answered GET /tables with 401",
    ),
    "what it tried last counts": (
        *(OVER_TLS, f"{VERSIONS}; accepted 2; failed 2 alert=unknown_ca alert_by=client", "CA-1"),
        "client alert unknown_ca",
    ),
}


def set_up(told: Story, observation: Observation) -> Judgement:
    return judge(case_of(told), observation, Profile.V0_9_1)


@pytest.mark.parametrize("name", BLAMED)
def test_a_set_up_that_it_refuses_is_failed_by_the_clause_that_demands_it(name: str) -> None:
    told, run, clause, shown = BLAMED[name]
    judged = set_up(told, run_of(told, run))
    assert (judged.verdict, judged.broken) == (Verdict.FAILED, clause)
    assert judged.expected.endswith(f"which only sets up, succeeds ({clause})")
    assert "which only sets up, raised ValueError: no: " in judged.seen
    assert shown in judged.seen
    assert judged.findings == ()
    assert not judged.of_twin


UNSENT = Evidence(Strength.TARGET, "the target saw no connection")
PASSED = Judgement(Verdict.PASSED, "it raises", evidence=UNSENT)


def by_twin(told: Story, observation: Observation, judgement: Judgement = PASSED) -> Judgement:
    case = replace(REFUSAL, twin=told.scenario)
    return with_twin(judgement, observation, case, Profile.V0_9_1)


@pytest.mark.parametrize("name", BLAMED)
def test_a_twin_that_it_refuses_is_failed_by_the_clause_that_demands_it(name: str) -> None:
    told, run, clause, shown = BLAMED[name]
    judged = by_twin(told, run_of(told, run))
    assert (judged.verdict, judged.broken) == (Verdict.FAILED, clause)
    assert judged.expected.endswith(f"of the twin succeeds ({clause})")
    assert "so was the twin, the same without its defect: step" in judged.seen
    assert shown in judged.seen
    assert judged.evidence is None
    assert judged.of_twin


def test_a_twin_that_returns_without_a_request_is_failed() -> None:
    judged = by_twin(IN_CLEAR, run_of(IN_CLEAR, "", "returned"))
    assert (judged.verdict, judged.broken) == (Verdict.FAILED, "URL-1")
    assert judged.seen.endswith("without asking the target anything: it sent no request")


def test_of_the_clause_of_the_case_itself_no_other_is_named() -> None:
    case = replace(case_of(NAMED), clause=catalogue().clauses["CA-10"])
    judged = judge(case, run_of(NAMED, ALERT), Profile.V0_9_1)
    assert (judged.verdict, judged.broken) == (Verdict.FAILED, None)


# What stays undecided.

TIMED_OUT = {"type": "httpx.ConnectTimeout", "names": ("ConnectTimeout", "OSError"), "text": ""}
ALTERED = story(secure(), arm("status 503"), connect(AS_ADMIN), LISTS)
OF_OWNER = story(secure(), owner_rows(), connect(AS_ADMIN), LISTS)
AT_ONCE = story(secure(), Together(((connect(AS_ADMIN),),)), LISTS)
INTERRUPTED = replace(
    IN_CLEAR,
    scenario=msgspec.structs.replace(
        IN_CLEAR.scenario,
        steps=(msgspec.structs.replace(connect(AS_ADMIN), interrupted=True), list_tables()),
        isolation="process",
    ),
)

UNDECIDED: dict[str, tuple[Story, Run, dict[str, Any]]] = {
    "it ran out of time": (OVER_TLS, ALERT, TIMED_OUT),
    "it says so in its chain": (
        *(OVER_TLS, ""),
        {"chain": (("builtins.OSError", "the read timed out"),)},
    ),
    "the target gave no answer": (IN_CLEAR, VERSIONS, {}),
    "a later step got no answer": (LATER, "request GET /tables host=localhost:80", {}),
    "the target had an error": (IN_CLEAR, f"{VERSIONS}; answer 500", {}),
    "the target may lack what was asked for": (
        *(
            IN_CLEAR,
            f"{TAKEN}; request GET /other host=localhost:80; answer 404 user=admin",
        ),
        {},
    ),
    "the target was cut within the handshake": (OVER_TLS, failed(Cause.TARGET_CUT), {}),
    "a fault ended the handshake": (OVER_TLS, failed(Cause.FAULT), {}),
    "the target was cut after it": (OVER_TLS, ended(Ending.TARGET_CUT), {}),
    "the connection was never recorded as closed": (OVER_TLS, "accepted 1; completed 1", {}),
    "bytes came that are no request": (IN_CLEAR, "accepted 1; closed 1 9", {}),
    "it met the gateway last": (
        *(IN_CLEAR, f"{TAKEN}; accepted 2 service=gateway; closed 2"),
        {},
    ),
    "it met the issuer alone": (BY_GRANT, "accepted 7 target=issuer", {}),
    "the step belongs to the owner": (OF_OWNER, "", {}),
    "the step is several at once": (AT_ONCE, "", {}),
    "the step was interrupted": (INTERRUPTED, "", {}),
}


@pytest.mark.parametrize("name", UNDECIDED)
@pytest.mark.parametrize("which", ["set up", "twin"])
def test_where_nothing_shows_who_refused_the_verdict_is_inconclusive(name: str, which: str) -> None:
    told, run, raised = UNDECIDED[name]
    observation = run_of(told, run, **raised)
    judged = (set_up if which == "set up" else by_twin)(told, observation)
    assert (judged.verdict, judged.broken, judged.of_twin) == (Verdict.INCONCLUSIVE, None, False)


def test_a_step_that_need_not_succeed_is_nobodys_fault() -> None:
    assert set_up(ALTERED, run_of(ALTERED, "")).verdict is Verdict.INCONCLUSIVE
    case = replace(REFUSAL, of_twin=(Expectation(1, (Alternative(Raises()),)),))
    altered = replace(run_of(ALTERED, "", "returned"), scenario=ALTERED.scenario)
    judged = with_twin(PASSED, altered, case, Profile.V0_9_1)
    assert judged.verdict is Verdict.INCONCLUSIVE


def test_another_step_of_the_twin_that_this_made_impossible_is_not_blamed() -> None:
    """The first that does not end as it must decides, though a later one sent nothing."""
    first = run_of(IN_CLEAR, VERSIONS)
    later = msgspec.structs.replace(first.results[0], place=(1,), what="list tables")
    twin = replace(first, results=(*first.results, later))
    assert by_twin(IN_CLEAR, twin).verdict is Verdict.INCONCLUSIVE


def test_a_twin_settles_what_evidence_does_not() -> None:
    """A client that refuses everything is failed where its refusal itself shows nothing."""
    lacking = Judgement(Verdict.INCONCLUSIVE, "it raises", "no connection reached the target")
    assert by_twin(OVER_TLS, run_of(OVER_TLS, ALERT), lacking).verdict is Verdict.FAILED
    for twin in (run_of(OVER_TLS, VERSIONS), run_of(OVER_TLS, "", "hung")):
        assert by_twin(OVER_TLS, twin, lacking) is lacking


# Parts that are missing.

READS: Case = case_of(story(secure(), connect(AS_ADMIN), LISTS, must(Use("keys"), Gives([]))))


@pytest.mark.parametrize(
    ("listed", "verdict"), [(["Example"], Verdict.NOT_TESTABLE), ([], Verdict.FAILED)]
)
def test_a_part_that_is_missing_hides_nothing_that_came_before(
    listed: list[str], verdict: Verdict
) -> None:
    written = WrittenRun().begin().end().begin().end(what="list tables", value=listed)
    written.begin().end("part missing", what="keys", part="Table.keys")
    observation = replace(written.view().observation, scenario=READS.scenario)
    judged = judge(READS, observation, Profile.V0_9_1)
    assert (judged.verdict, judged.findings) == (verdict, ())
    undemanded = replace(READS, expectations=READS.expectations[:1])
    assert judge(undemanded, observation, Profile.V0_9_1).verdict is verdict


def test_a_twin_whose_part_is_missing_is_not_testable() -> None:
    written = WrittenRun().begin().end("part missing", part="Session")
    twin = replace(written.view().observation, scenario=IN_CLEAR.scenario)
    assert by_twin(IN_CLEAR, twin).verdict is Verdict.NOT_TESTABLE
