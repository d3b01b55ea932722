"""A run without one verdict is not green and says why; laws and capsules in a user's project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pytester"]

BLOCKED = "sockets are blocked here (Blocked)*"

IDS = '"CA-1[authority-given]", "CA-2[without-the-file]"'
TWO_CASES = f"""
from connect_contracts import contracts

test_connect = contracts("client", select=[{IDS}])

def test_of_their_own():
    pass
"""

LAWS = """
from dataclasses import replace
import pytest
from connect_contracts import laws
from connect_contracts.search.budget import SearchSettings

little = SearchSettings("little", 3, parts=1, derandomised=True, ladder=False, runs_to_shrink=9)
test_laws = laws("client", settings=little, select=["no-secret", "as-given"])
"""


@pytest.fixture
def blocked(project: Any) -> Any:
    """The project, with a conftest that takes sockets away from tests, as pytest-socket does."""
    project.conftest(
        """
        import socket

        import pytest

        REAL = socket.create_server

        class Blocked(RuntimeError):
            pass

        def refuse(*_, **__):
            raise Blocked

        def pytest_runtest_setup(item):
            if item.get_closest_marker("open") is None:
                socket.create_server = refuse

        def pytest_runtest_teardown():
            socket.create_server = REAL

        def pytest_configure(config):
            config.addinivalue_line("markers", "open: sockets are left alone")
        """
    )
    return project


@pytest.mark.parametrize("options", [("-n", "1"), ("-x",), ("-p", "no:terminal")], ids=" ".join)
def test_cases_that_cannot_be_tested(blocked: Any, options: tuple[str, ...]) -> None:
    blocked.write(TWO_CASES)
    result = blocked.run(*options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    if "no:terminal" not in options:
        result.assert_outcomes(passed=1, skipped=2)
        result.stdout.fnmatch_lines(
            [
                "client, profile 0.9.1 (default), depth default: 2 not testable",
                f"client: no case was judged, so the run fails; 2 of 2 are not testable: {BLOCKED}",
            ]
        )


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--collect-only",), pytest.ExitCode.OK),
        (("--setup-only",), pytest.ExitCode.OK),
        (("-k", "own"), pytest.ExitCode.OK),
        (("-k", "nothing_of_this_name"), pytest.ExitCode.NO_TESTS_COLLECTED),
    ],
)
def test_a_run_that_judges_nothing_on_purpose(
    blocked: Any, options: tuple[str, ...], status: pytest.ExitCode
) -> None:
    blocked.write(TWO_CASES)
    assert blocked.run(*options).ret == status


def test_one_implementation_of_two(blocked: Any) -> None:
    """Of cases, and of laws."""
    blocked.write(
        LAWS
        + """
from connect_contracts import contracts

CASES = ["CA-1[authority-given]", "CA-2[without-the-file]"]
test_trusting = pytest.mark.open(contracts("client:trusting", select=CASES[:1]))
test_raising = contracts("client:raising", select=CASES)
test_open = pytest.mark.open(laws("client:connect", settings=little, select=["as-given"]))
"""
    )
    result = blocked.run("-v")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=2, skipped=4)
    result.stdout.fnmatch_lines_random(
        [
            f"client:raising: no case was judged, so the run fails; 2 of 2 are *: {BLOCKED}",
            "*test_laws[[]no-secret[]] NOT TESTABLE *",
            "client, profile 0.9.1 (default), search settings little: 2 not testable",
            "client:connect, profile 0.9.1 (default), search settings little: 1 passed",
            f"client: no law was judged, so the run fails; 2 of 2 are not testable: {BLOCKED}",
        ]
    )
    for sound in ("client:trusting: no case", "client:connect: no law"):
        result.stdout.no_fnmatch_line(f"{sound} was judged*")


def test_a_profile_that_has_no_such_case(project: Any) -> None:
    project.write(
        """
        from connect_contracts import contracts

        test_connect = contracts("client", profile="0.9.1", select=["LIVE-12[the-user]"])
        """
    )
    result = project.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["client: no case was judged*1 of 1 is not applicable: it belongs to the profile 6.2"]
    )


def test_laws_whose_scenarios_cannot_be_judged_or_end_the_process(project: Any) -> None:
    project.write(
        without="""
        from connect_contracts import Implementation, PartMissing

        class Without(Implementation):
            subject = staticmethod(lambda url, **_: object())

            def connect(self, *given, **keywords):
                raise PartMissing("session")
        """,
        test_it=LAWS.replace('"client"', '"without:Without"'),
    )
    result = project.run()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["inconclusive: no scenario was judged: * not *"])
    project.write(
        ends="""
        import os
        def connect(url, **_): os._exit(0)
        """,
        test_it=LAWS.replace('"client"', '"ends"'),
    )
    result = project.run()
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*(os._exit(0)) while test_it.py::test_laws*"])


@pytest.mark.parametrize(
    ("ini", "sentence"),
    [
        ("select = LIVE", "are left out: the selection is LIVE, the depth is default."),
        ("depth = core", "left out: the depth is core."),
    ],
)
def test_options_that_leave_no_case(project: Any, ini: str, sentence: str) -> None:
    project.ini(f"connect_contract_{ini}")
    project.write(TWO_CASES.replace(IDS, '"FAULT-1"'))
    result = project.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, failed=1, deselected=None)
    result.stdout.fnmatch_lines([f"All collected cases * {sentence} *"])


@pytest.mark.parametrize(
    ("options", "ini"),
    [
        (("--connect-contract-require-all",), ""),
        ((), "connect_contract_require_all = true"),
        ((), ""),
    ],
    ids=["option", "ini", "without"],
)
def test_require_all(blocked: Any, options: tuple[str, ...], ini: str) -> None:
    blocked.ini(ini)
    blocked.write(
        """
        import pytest
        from connect_contracts import contracts

        test_open = pytest.mark.open(contracts("client", select=["CA-1[authority-given]"]))
        test_blocked = contracts("client", select=["CA-2[without-the-file]"])
        """
    )
    result = blocked.run(*options)
    result.assert_outcomes(passed=1, skipped=1)
    required = bool(options or ini)
    assert result.ret == int(required)
    sentence = (
        "client: 1 case is not testable, which connect_contract_require_all forbids: "
        "CA-2[without-the-file]: sockets are blocked"
    )
    assert any(line.startswith(sentence) for line in result.outlines) == required
    result.stdout.fnmatch_lines(["client, * depth default: 1 passed, 1 not testable"])


@pytest.mark.parametrize("first", ["own", "not_applicable", "not_testable"])
def test_each_skip_in_its_own_words(blocked: Any, first: str) -> None:
    tests = {
        "own": "def test_own():\n    pytest.skip('not today')\n",
        "not_applicable": "test_not_applicable = pytest.mark.open("
        "contracts('client', profile='0.9.1', select=['LIVE-12[the-user]', 'SIG-1[by-position]']))",
        "not_testable": "test_not_testable = contracts('client', select=['SIG-1[by-position]'])",
    }
    order = [first, *(name for name in tests if name != first)]
    head = "import pytest\nfrom connect_contracts import contracts\n"
    blocked.write("\n".join([head, *(tests[name] for name in order)]))
    result = blocked.run("-rs", "-p", "no:randomly")
    summary = [line for line in result.outlines if line.startswith(("SKIPPED", "NOT "))]
    assert len(summary) == 3
    assert all(line.startswith("SKIPPED [1] ") for line in summary)
    text = "\n".join(summary)
    assert ": not today" in text
    assert ": not applicable: it belongs to the profile 6.2" in text
    assert ": not testable: sockets are blocked here" in text


# Laws and capsules that are judged.


def test_one_test_for_each_law_on_a_worker(project: Any) -> None:
    head = LAWS.partition("test_laws")[0]
    project.write(
        head + 'test_reference = laws("connect_contracts.reference.v6_2", settings=little)\n'
        "more = replace(little, scenarios=30)\n"
        'test_trusting = laws("client:trusting", settings=more, select=["no-secret"])\n'
    )
    result = project.run("-n", "1")
    result.assert_outcomes(passed=10, failed=1)
    result.stdout.fnmatch_lines(
        ["CA-*[[]no-secret]: failed", "replay    as the capsule CA-*.json:"]
    )
    told = [line for line in result.outlines if line.startswith(("cause ", "clause "))]
    assert [line.partition(" ")[0] for line in told] == ["cause", "clause"]
    assert not (project.path / ".hypothesis").exists()


MISTAKEN = """
from connect_contracts.execution.loading import load

class Mistaken(type(load("connect_contracts.reference.v6_2"))):
    def list_tables(self, session):
        return self.no_such_method(session)

mistaken = Mistaken(load("connect_contracts.reference.v6_2").connect)
test_mistaken = laws(mistaken, settings=little, select=["no-secret", "unmixed", "parity"])
"""


def test_each_law_tells_that_scenarios_could_not_be_judged(project: Any) -> None:
    head = LAWS.replace('"little", 3', '"little", 20').partition("test_laws")[0]
    project.write(head + MISTAKEN)
    result = project.run()
    result.assert_outcomes(failed=3)
    text = result.stdout.str()
    # A line for each law, and the whole once.
    assert text.count("\ninconclusive: some scenarios could not be judged") == 3
    assert text.count("On a secure target") == 1
    assert "cause 1 of 1: 3 inconclusive\n" in text


CAPSULE = {
    "schema": 1,
    "clause": "CA-2",
    "profile": "0.9.1",
    "signature": {"law": "no-secret", "clause": "CA-2", "step": "connect", "kind": "law"},
    "step": 1,
    "expected": "",
    "observed": "",
    "versions": {"suite": "0.1.0", "implementation": "client:trusting", "python": "3.11"},
    "scenario": {
        "targets": [{"scheme": "https"}],
        "steps": [{"type": "connect", "call": {"authentication": {"type": "basic"}}}],
        "limit": 20,
    },
    "law": "no-secret",
}


def write_capsules(folder: Path, **texts: str) -> None:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"CA-2-{name}.json").write_text(text)


def test_the_folder_is_replayed_before_the_suite(project: Any) -> None:
    known = json.dumps(CAPSULE | {"known": "reported"})
    capsules = {"a": json.dumps(CAPSULE), "b": known, "c": "nonsense"}
    write_capsules(project.path / "capsules", **capsules)
    project.ini("connect_contract_regressions = capsules")
    project.write(
        """
        from connect_contracts import contracts

        test_trusting = contracts("client:trusting", select=["SIG-1"])
        """
    )
    result = project.run("-v")
    result.assert_outcomes(passed=1, failed=2, xfailed=1)
    outcomes = ("CA-2-a.json[]] FAILED", "CA-2-b.json[]] KNOWN", "CA-2-c.json[]] INCONCLUSIVE")
    result.stdout.fnmatch_lines([f"*test_trusting[[]{line}*" for line in (*outcomes, "SIG-1")])
    result.stdout.fnmatch_lines(["*capsules/CA-2-c.json is no JSON*"])


def test_a_capsule_that_cannot_be_tested(blocked: Any) -> None:
    write_capsules(blocked.path / "capsules", a="{}")
    blocked.ini("connect_contract_regressions = capsules")
    blocked.write(TWO_CASES)
    result = blocked.run("-k", "json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=1, deselected=3)
    result.stdout.fnmatch_lines([f"client: no case was judged*1 of 1 is not testable: {BLOCKED}"])
