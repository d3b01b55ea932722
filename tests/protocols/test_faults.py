"""Armed faults: which there are, what they answer, how often they fired."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from connect_harness.faults.answer_instead import AnswerInstead

from connect_harness.exchange import Request
from connect_harness.faults import ArmedFaults, WireFault, fault, fault_kinds, named_fault
from connect_harness.server import Act, Layer, Named, Outgoing, Phase

VERSIONS = "/versions/rest"


@pytest.fixture
def faults() -> ArmedFaults:
    return ArmedFaults()


@pytest.fixture
def asker(build, faults: ArmedFaults):
    return build(faults=faults.answer)


def test_the_faults_that_can_be_armed() -> None:
    assert sorted(fault_kinds()) == [
        "banner before the client hello",
        "body cut short",
        "body cut short with close_notify",
        "body longer than announced",
        "body without a length",
        "body without a length cut short",
        "chunk cut short",
        "closed after the client hello",
        "closed before the answer",
        "closed when accepted",
        "closed within the headers",
        "closed within the status line",
        "garbage in place of the server hello",
        "internal error in place of the server hello",
        "noop",
        "plain HTTP in place of the server hello",
        "plain bytes within the stream",
        "reset after the client hello",
        "reset within the body",
        "stalled after the client hello",
        "stalled before the answer",
        "stalled within the body",
        "versions 403",
        "versions 429",
        "versions 500",
        "versions 502",
        "versions 503",
        "versions a login page",
        "versions a text",
        "versions an array",
        "versions empty",
        "versions extended",
        "versions missing",
        "versions not JSON",
        "versions with a word as id",
        "versions with apis not an object",
        "versions with no apis",
        "wrong chunk size",
    ]
    assert all(kind.description for kind in fault_kinds().values())


def _answers(name: str) -> bool:
    return not isinstance(named_fault(name).make(), WireFault)


@pytest.mark.parametrize("name", [name for name in fault_kinds() if _answers(name)])
def test_a_fault_answers_for_the_versions_document_alone(asker, faults, name: str) -> None:
    honest, ping = asker.get(VERSIONS), "/activeviam/pivot/rest/v9/ping"
    faults.arm(name)
    answer = asker.get(VERSIONS)
    if name == "noop":
        assert answer == honest
        assert faults.fired == {}
    else:
        assert answer.fault == name
        assert answer.user == "admin"
        assert (answer.status, answer.body) != (honest.status, honest.body)
        assert faults.fired == {name: 1}
    assert asker.get(ping).fault is None
    faults.disarm()
    assert asker.get(VERSIONS) == honest


def _is_versions_document(body: bytes) -> bool:
    try:
        document = json.loads(body)
    except ValueError:
        return False
    return isinstance(document, dict) and isinstance(document.get("apis"), dict)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("versions missing", 404),
        ("versions not JSON", 200),
        ("versions an array", 200),
        ("versions a text", 200),
        ("versions with apis not an object", 200),
        ("versions empty", 200),
        ("versions a login page", 200),
        ("versions 403", 403),
        ("versions 429", 429),
        ("versions 500", 500),
        ("versions 502", 502),
        ("versions 503", 503),
    ],
)
def test_what_cannot_be_a_versions_document(asker, faults, name: str, status: int) -> None:
    faults.arm(name)
    for _ in range(3):
        answer = asker.get(VERSIONS)
        assert answer.status == status
        assert not _is_versions_document(answer.body)
    if status != 200:
        assert json.loads(answer.body)["status"] == status
    assert faults.fired == {name: 3}


def test_a_versions_document_without_apis(asker, faults) -> None:
    faults.arm("versions with no apis")
    document = json.loads(asker.get(VERSIONS).body)
    assert document == {"version": 1, "serverVersion": "6.1.1", "apis": {}}


@pytest.mark.parametrize(
    ("name", "before"), [("versions extended", "0"), ("versions with a word as id", "ancient")]
)
def test_an_extended_versions_document_still_says_all(asker, faults, name, before) -> None:
    honest = json.loads(asker.get(VERSIONS).body)
    faults.arm(name)
    extended = json.loads(asker.get(VERSIONS).body)
    assert set(extended) > set(honest)
    assert set(extended["apis"]) > set(honest["apis"])
    for name, api in honest["apis"].items():
        shown = extended["apis"][name]
        paths = {version["id"]: version["restPath"] for version in shown["versions"]}
        assert set(paths) == {before, "99999", *(version["id"] for version in api["versions"])}
        for version in api["versions"]:
            assert paths[version["id"]] == version["restPath"]


def test_a_changed_document_is_not_for_those_who_are_refused(asker, faults) -> None:
    faults.arm("versions extended")
    answer = asker.as_(None).get(VERSIONS)
    assert (answer.status, answer.user) == (401, None)


def test_a_fault_of_ones_own_for_a_while(asker, faults) -> None:
    own = AnswerInstead(
        lambda request: request.method == "GET",
        status=301,
        body=b"gone",
        content_type="text/plain",
        headers=(("Location", "/elsewhere"),),
        times=2,
    )
    faults.arm(own, name="moved")
    assert faults.armed == ("moved",)
    statuses = [asker.get(VERSIONS).status for _ in range(3)]
    assert statuses == [301, 301, 200]
    assert faults.armed == ()
    assert faults.fired == {"moved": 2}
    assert asker.post("/graphql", {"query": "{ readiness }"}).status == 200


def test_what_is_answered_instead_never_reaches_the_application(asker, faults) -> None:
    faults.arm(AnswerInstead("/data/branches/master", status=500))
    body = {"actions": [{"baseTable": "Example", "lines": [["foo"]]}]}
    path = "/activeviam/database/rest/v10/data/branches/master"
    assert asker.post(path, body).status == 500
    assert asker.application.target.database.size("Example") == 0


def test_the_first_armed_fires(asker, faults) -> None:
    faults.arm("noop")
    faults.arm("versions 503")
    faults.arm("versions 500")
    assert asker.get(VERSIONS).status == 503
    faults.disarm("versions 503")
    assert asker.get(VERSIONS).status == 500
    assert faults.armed == ("noop", "versions 500")
    assert faults.fired == {"versions 503": 1, "versions 500": 1}


def test_an_unknown_fault_is_told_with_those_there_are(faults) -> None:
    with pytest.raises(ValueError, match=r"no fault 'nope'; there are: .*noop, .*versions 403"):
        faults.arm("nope")


def test_a_fault_needs_a_name_of_its_own_and_a_docstring() -> None:
    def undocumented() -> AnswerInstead:
        return AnswerInstead("/")

    with pytest.raises(ValueError, match="no docstring"):
        fault("undocumented")(undocumented)
    with pytest.raises(ValueError, match="two faults 'noop'"):
        fault("noop")(named_fault("noop").make)


def test_noop_does_nothing_even_if_asked() -> None:
    made = named_fault("noop").make()
    assert not isinstance(made, WireFault)
    assert not made.matches(Request("GET", VERSIONS))


def _outgoing(phase: Phase, layer: Layer, request: Request | None = None) -> Outgoing:
    return Outgoing(1, phase, layer, b"HTTP/1.1 200 \r\n\r\n{}", request)


def test_a_fault_of_the_wire_leaves_the_answer_to_the_application(asker, faults) -> None:
    assert faults.misbehaviour is None
    faults.arm("closed before the answer")
    faults.arm("versions 503")
    assert asker.get(VERSIONS).status == 200
    assert faults.fired == {}
    faults.disarm("closed before the answer")
    assert faults.misbehaviour is None
    assert asker.get(VERSIONS).status == 503


def test_a_fault_of_the_wire_is_counted_where_it_fires(faults) -> None:
    faults.arm("closed before the answer")
    misbehaviour, name = faults.misbehaviour, Named("closed before the answer")
    asked = Request("GET", "/prefix/versions/rest?a=b")
    answer = _outgoing(Phase.ANSWER, Layer.APPLICATION, asked)
    for _ in range(2):
        assert list(misbehaviour(answer)) == [name, Act.CLOSE]
    for other in (
        _outgoing(Phase.ANSWER, Layer.WIRE, asked),
        _outgoing(Phase.REQUEST, Layer.APPLICATION, asked),
        _outgoing(Phase.ANSWER, Layer.APPLICATION, Request("POST", VERSIONS)),
        _outgoing(Phase.ANSWER, Layer.APPLICATION, Request("GET", "/ping")),
        _outgoing(Phase.ACCEPTED, Layer.WIRE),
        replace(answer, fault="versions 503"),
    ):
        assert list(misbehaviour(other)) == [other.data]
    assert faults.fired == {"closed before the answer": 2}


def test_one_disarmed_changes_nothing_more(faults) -> None:
    faults.arm("closed when accepted")
    misbehaviour = faults.misbehaviour
    faults.disarm()
    outgoing = _outgoing(Phase.ACCEPTED, Layer.WIRE)
    assert list(misbehaviour(outgoing)) == [outgoing.data]
