"""``search``, ``replay`` and ``run --regressions`` as a user has them."""

from __future__ import annotations

import html
import json
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from connect_contracts.execution.loading import load
from connect_contracts.execution.processes import ImplementationEnded
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec, User
from connect_contracts.regressions.capsule import Capsule, capsule_of
from connect_contracts.regressions.folder import SCRIPT, SCRIPT_NAME, write_capsule
from connect_contracts.regressions.replay import Replayed, shows_again
from connect_contracts.regressions.replay import replay as real
from connect_contracts.search.budget import SEARCH_SETTINGS, SearchSettings
from connect_contracts.search.laws.every_law import LAWS, laws_named
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.strategies.building import Drawn
from connect_fixtures.cli import OURS, main
from connect_harness.redaction import REDACTED, Secret
from connect_harness.redaction.detector import Detector
from run_reports import Command

TRUSTING = Scenario(
    (TargetSpec(scheme="https"),), (Connect(Call(authentication=Basic())),), limit=20.0
)


@pytest.fixture
def capsule(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A capsule of the client that verifies nothing, in a folder of the user's."""
    monkeypatch.syspath_prepend(folder)
    subject = UnderTest(load("client:trusting"), Profile.V0_9_1, "default")
    examined = examine(TRUSTING, subject, LAWS)
    return write_capsule(folder / "capsules", capsule_of(examined, examined.breaches[0], subject))


def test_a_capsule_is_replayed_on_whatever_implementation(command: Command, capsule: Path) -> None:
    still = command("replay", capsule, "--connect", "client:trusting", "--script")
    assert still.returncode == 1
    assert f"{capsule.name}: still failing" in still.stdout
    assert "clause    CA-2 (documented)" in still.stdout
    assert "replay    connect-contract replay" in still.stdout
    assert capsule.with_name(SCRIPT_NAME).read_text() == SCRIPT
    fixed = command("replay", "capsules", "--connect", "client")
    assert (fixed.returncode, fixed.stdout) == (0, f"{capsule.name}: fixed\n")


REMEMBERING = """
from client import *
from client import connect as faithful, trusting

calls = []

def connect(url, **given):
    calls.append(url)
    return (trusting if len(calls) > 9 else faithful)(url, **given)
"""


def test_what_depends_on_what_ran_before_is_no_capsule(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    (folder / "remembering.py").write_text(REMEMBERING)

    def capsule_of_failure(name: str) -> tuple[Capsule, UnderTest]:
        subject = UnderTest(load(name), Profile.V0_9_1, "default")
        for _ in range(9):
            examined = examine(TRUSTING, subject, LAWS)
        return capsule_of(examined, examined.breaches[0], subject), subject

    assert shows_again(*capsule_of_failure("client:trusting"))
    assert not shows_again(*capsule_of_failure("remembering"))


def test_one_that_cannot_be_read_does_not_stop_the_others(command: Command, capsule: Path) -> None:
    capsule.with_name("a.json").write_text("nonsense")
    newer = json.loads(capsule.read_text()) | {"schema": 2}
    capsule.with_name("z.json").write_text(json.dumps(newer))
    done = command("replay", "capsules", "--connect", "client")
    results = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert done.returncode == 2
    assert list(results) == sorted(results)
    assert results["a.json"].startswith("not judged: ")
    assert "capsules/a.json is no JSON" in results["a.json"]
    assert results[capsule.name] == "fixed"
    assert "is of the schema 2" in results["z.json"]
    assert command("replay", "capsules", "--connect", "client:trusting").returncode == 1


def test_run_replays_the_folder_first(command: Command, capsule: Path) -> None:
    run = ("run", "--connect", "client:trusting", "--select", "SIG-1", "--regressions", "capsules")
    done = command(*run, "--json", "report.json")
    assert done.returncode == 1
    assert f"capsule {capsule.name}: failed" in done.stdout
    assert f"key       {CAUSE}" in done.stdout
    report = json.loads(Path("report.json").read_text())
    assert [replayed["id"] for replayed in report["regressions"]] == [capsule.name]


FEW = SearchSettings(
    "ci", scenarios=120, parts=2, derandomised=True, ladder=False, runs_to_shrink=10
)


def test_a_search_writes_what_it_found(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SEARCH_SETTINGS, "ci", FEW)
    search = ("search", "--connect", "client:trusting", "--law", "no-secret")
    files = ("--json", "report.json", "--junit", "r.xml", "--markdown", "r.md", "--html", "r.html")
    done = command(*search, "--regressions", "capsules", "-n", "2", *files)
    assert done.returncode == 1, done.stderr
    report = json.loads(Path("report.json").read_text())
    summary = report["search"]
    assert 0 < summary["pairs_met"] < summary["pairs_possible"]
    (law,) = summary["laws"]
    found = [case["id"] for clause in report["clauses"] for case in clause["cases"]]
    assert (law["verdict"], sorted(law["failures"])) == ("failed", sorted(found))
    for form in ("r.xml", "r.md", "r.html"):
        assert all(name in Path(form).read_text() for name in found)
    written = sorted(Path("capsules").absolute().glob("*.json"))
    assert sorted(summary["capsules"]) == [str(file) for file in written]
    replayed = command("replay", "capsules", "--connect", "client:trusting")
    assert replayed.stdout.count(": still failing\n") == len(written)


CAUSE = "NoHttpByte | violated"
RUN = ("run", "--connect", "client:trusting", "--select", "SIG-1", "CA-2", "--search", "ci")


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of one scenario, for the law that this client breaks with it."""
    search_one(monkeypatch, TRUSTING, "no-secret")


def search_one(monkeypatch: pytest.MonkeyPatch, scenario: Scenario, law: str) -> None:
    laws = laws_named([law])
    monkeypatch.setattr("connect_contracts.regressions.search_report.laws_named", lambda _: laws)
    monkeypatch.setattr(
        "connect_contracts.search.search.scenarios_of_part", lambda *_: [Drawn(scenario)]
    )
    monkeypatch.setitem(SEARCH_SETTINGS, "ci", replace(FEW, parts=1))


@pytest.mark.usefixtures("little")
def test_run_adds_the_laws(command: Command, capsule: Path) -> None:
    """One cause of a case, of a law and of a capsule is told once."""
    assert command(*RUN[:-2], "--json", "before.json").returncode == 1
    more = ("--regressions", "capsules", "--compare-with", "before.json")
    done = command(*RUN, *more, "--json", "report.json", "--junit", "r.xml")
    assert done.returncode == 1, done.stderr
    report = json.loads(Path("report.json").read_text())
    assert "depth default, search settings ci" in done.stdout.splitlines()[0]
    (cause,) = (each for each in report["causes"] if each["key"] == CAUSE)
    assert {"CA-2[without-the-file]", "CA-2[no-secret]", capsule.name} <= set(cause["cases"])
    assert done.stdout.count(f"key       {CAUSE}") == 1
    *_, last = done.stdout.splitlines()
    assert "; 1 law: 1 failed; the contract is broken in " in last
    assert report["search"]["laws"][0]["failures"][0] in Path("r.xml").read_text()
    # Cases are compared, and nothing else: a search may draw others.
    assert "laws are in this run alone" in done.stdout
    assert report["comparison"]["new"] == []


@pytest.mark.usefixtures("little")
def test_what_a_search_finds_is_declared_in_one_command(command: Command, folder: Path) -> None:
    options = ("--connect", "client:trusting", "--select", "SIG-1", "--search", "ci")
    assert command("expected", "known.toml", *options, "--update").returncode == 0
    assert (folder / "known.toml").read_text().count(f'cause = "{CAUSE}"') == 1
    same = command("expected", "known.toml", *options)
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "known.toml is as it must be")
    run = command("run", *options, "--expected-failures", "known.toml")
    assert run.returncode == 0, run.stdout


PLANTED = 'Planted-secret+4711~/&<"'
LEAKING = """
import logging, warnings
from client import *
from client import connect as faithful

def connect(url, *, authentication=None, certificate_authority=None):
    faithful(url, authentication=authentication, certificate_authority=certificate_authority)
    for say in (print, warnings.warn, logging.error):
        say(authentication.pair.decode())
    raise ValueError(authentication(url), authentication.pair)
"""


def test_no_report_of_a_search_shows_a_secret(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "leaking.py").write_text(LEAKING)
    target = TargetSpec(users=(User("admin", PLANTED, ("ROLE_USER", "ROLE_ADMIN")),))
    planted = Scenario((target,), (Connect(Call(authentication=Basic("admin", PLANTED))),))
    search_one(monkeypatch, planted, "oracle-holds")
    files = {"json": "r.json", "junit": "r.xml", "markdown": "r.md", "html": "r.html"}
    options = [word for form, name in files.items() for word in (f"--{form}", name)]
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    for name, value in github.items():
        monkeypatch.setenv(name, value)
    done = command("search", "--connect", "leaking", "--regressions", "capsules", *options)
    assert done.returncode == 1, done.stderr
    (capsule,) = Path("capsules").glob("*.json")
    # Its scenario has the password that its author made up.
    seen = json.loads(capsule.read_text()) | {"scenario": None}
    texts = {name: (folder / name).read_text() for name in (*files.values(), "summary.md")}
    replayed = command("replay", capsule, "--connect", "leaking").stdout
    texts |= {
        "replay": replayed,
        "capsule": json.dumps(seen),
        "standard output": done.stdout,
        "": done.stderr,
    }
    assert all(REDACTED in text.replace("\\", "") for name, text in texts.items() if name)
    detector = Detector([Secret(PLANTED, "a password")])
    assert [name for name, text in texts.items() if detector.find(html.unescape(text))] == []


WARNING = """
import warnings
from client import *
from client import trusting

def connect(url, **given):
    warnings.warn("certificates are not verified")
    return trusting(url, **given)
"""


def test_warnings_of_the_client_are_not_printed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    (folder / "warning.py").write_text(WARNING)
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        subject = UnderTest(load("warning"), Profile.V0_9_1, "default")
        examined = examine(TRUSTING, subject, LAWS)
    assert examined.breaches
    assert shown == []


def test_a_search_that_the_implementation_ends_leaves_the_cases(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object, **__: object) -> None:
        raise ImplementationEnded("A process ended.")

    monkeypatch.setattr("connect_contracts.regressions.search_report.search", ended)
    run = ("run", "--connect", "client", "--select", "SIG-1", "--search", "ci")
    done = command(*run, "--json", "report.json")
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(Path("report.json").read_text())
    assert report["notes"] == ["A process ended."]
    assert [clause["verdict"] for clause in report["clauses"]] == ["passed"]


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize(
    ("options", "verdict"),
    [(("--since", "0.0.1"), "observed"), (("--expected-failures", "known.toml"), "known")],
    ids=["newer", "known by its cause"],
)
def test_what_is_excused_excuses_laws_and_capsules(
    command: Command, capsule: Path, options: tuple[str, ...], verdict: str
) -> None:
    Path("known.toml").write_text(f"[[expected-failure]]\ncause = '{CAUSE}'\nreason = 'why'\n")
    before = sorted(capsule.parent.iterdir())
    files = ("--regressions", "capsules", "--json", "report.json")
    done = command(*RUN, *options, *files)
    assert done.returncode == 0, done.stdout
    report = json.loads(Path("report.json").read_text())
    cases = [case for clause in report["clauses"] for case in clause["cases"]]
    of_laws = [case["verdict"] for case in cases if case["law"]]
    assert {*of_laws, *(each["verdict"] for each in report["regressions"])} == {verdict}
    # What is excused needs no capsule.
    assert sorted(capsule.parent.iterdir()) == before


def test_a_mistake_of_ours_leaves_the_other_capsules_their_results(
    capsule: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.json", "z.json"):
        capsule.with_name(name).write_bytes(capsule.read_bytes())
    printed: list[tuple[str, str]] = []

    def mistaken(path: Path, subject: UnderTest) -> Replayed:
        printed.append(capsys.readouterr())
        if path.name == "a.json":
            raise LookupError("nobody expected this")
        return real(path, subject)

    monkeypatch.setattr("connect_contracts.regressions.replay.replay", mistaken)
    reference = "connect_contracts.reference.v0_9_1"
    assert main(["replay", "capsules", "--connect", reference]) == 2
    # Each result is printed before the next capsule is replayed.
    results = [out for out, _ in printed[1:]] + [capsys.readouterr().out]
    assert results == [f"{capsule.name}: fixed\n", "", "z.json: fixed\n"]
    assert "a.json:\nTraceback" in printed[2][1]
    assert "nobody expected this" in printed[2][1]
    assert OURS in printed[2][1]
