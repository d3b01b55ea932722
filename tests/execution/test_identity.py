"""What the session that connect returned says: profile, release, and documented names."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from connect_contracts.execution import identify, unjudged
from connect_contracts.execution.adapter_checks import WrongAdapter
from connect_contracts.execution.distributions import distributions
from connect_contracts.execution.identify import remarks
from connect_contracts.execution.identity import identity_of
from connect_contracts.execution.implementation import (
    BadImplementation,
    Implementation,
    PartMissing,
)
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.execution.targets import played_release
from connect_contracts.judging.settings import under_test
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Connect, Scenario, TargetSpec, Use
from connect_contracts.reference import v0_9_1
from connect_harness.releases import NEWEST

CLIENT = """
class BasicAuthentication:
    def __init__(self, username, password): ...
class ClientCertificate:
    def __init__(self, certificate, *, keyfile=None, password=None): ...
class TokenAuthentication:
    def __init__(self, token, *, token_type="Bearer"): ...
from atoti.session import Session
"""

SESSION = """
class Session:
    @classmethod
    def connect(cls, url, *, authentication=None, certificate_authority=None):
        return cls()
"""

WRAPPERS = {
    "function": """
import atoti
calls = []
def connect(url, **keywords):
    calls.append(url)
    return atoti.Session.connect(url, **keywords)
""",
    "class_method": """
import atoti
class Client:
    @classmethod
    def connect(cls, url, **keywords):
        return atoti.Session.connect(url, **keywords)
connect = Client.connect
""",
    "subclass": """
import atoti
class Mine(atoti.Session): ...
def connect(url, **keywords):
    return Mine.connect(url, **keywords)
""",
    "holder": """
import atoti
class Mine:
    def __init__(self, session):
        self._session = session
def connect(url, **keywords):
    return Mine(atoti.Session.connect(url, **keywords))
""",
    "adapter": """
import atoti
from connect_contracts import Implementation
class Adapter(Implementation):
    @staticmethod
    def subject(url, **keywords):
        return atoti.Session.connect(url, **keywords)
    def url(self, session):
        return "http://localhost"
connect = Adapter
""",
}

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Writes the distribution of a public client of a version, with modules beside it."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def write(version: str = "0.9.16", **modules: str) -> None:
        (tmp_path / "atoti").mkdir()
        (tmp_path / "atoti" / "__init__.py").write_text(CLIENT)
        (tmp_path / "atoti" / "session.py").write_text(SESSION)
        described = tmp_path / f"atoti_client-{version}.dist-info"
        described.mkdir()
        (described / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: atoti-client\nVersion: {version}\n"
        )
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text)

    yield write
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("atoti", "made", "demanding", *WRAPPERS):
            del sys.modules[name]


def module(name: str) -> ModuleType:
    return sys.modules[name]


@pytest.mark.parametrize("kind", WRAPPERS)
def test_a_wrapper_that_declares_nothing(install: Install, kind: str) -> None:
    install(**{kind: WRAPPERS[kind]})
    loaded = load(f"{kind}:connect")
    for _ in range(2):
        subject = under_test(loaded, None)
    # It is connected to once, for all runs.
    assert kind != "function" or len(module(kind).calls) == 1
    assert (subject.profile, subject.because) == (Profile.V6_2, "returned")
    implementation = subject.implementation
    assert played_release(implementation, subject.profile) == "0.9.16"
    for name in ("BasicAuthentication", "ClientCertificate", "TokenAuthentication"):
        assert implementation.find(name) is getattr(module("atoti"), name)
    (said,) = [remark for remark in remarks(implementation, Profile.V6_2) if "returned" in remark]
    assert said.startswith(
        "its connect returned a session of atoti-client 0.9.16, which gives profile 6.2, "
        "server version 6.1.23, BasicAuthentication"
    )
    if kind == "class_method":
        # The class that offers connect is no session.
        _, fresh = implementation.connect_of_subclass()
        assert issubclass(fresh, module("atoti").Session)
    if kind == "holder":
        with pytest.raises(PartMissing, match="Session"):
            implementation.session_type()
        names = "OAuth2ResourceOwnerPasswordAuthentication, Session"
        lost = f"not found, so that its cases are not testable: {names}"
        assert lost in remarks(implementation, Profile.V6_2)


@pytest.mark.parametrize(
    ("version", "profile", "release"),
    [
        ("0.9.1", "0.9.1", "0.9.1"),
        ("0.9.3", "0.9.1", "0.9.3"),
        ("0.9.4", "6.2", "0.9.4"),
        ("6.2.2", "6.2", "6.2.2"),
        ("99.0.0", "6.2", NEWEST),
    ],
)
def test_releases(install: Install, version: str, profile: str, release: str) -> None:
    install(version, function=WRAPPERS["function"])
    subject = under_test(load("function"), None)
    assert subject.profile == profile
    assert played_release(subject.implementation, subject.profile) == release


def test_what_is_declared_asked_for_or_said_by_an_adapter_wins(install: Install) -> None:
    declared = '__connect_contract__ = {"profile": "0.9.1", "trust_store": "certifi"}\n'
    install(function=WRAPPERS["function"] + declared)
    subject = under_test(load("function"), None)
    assert (subject.profile, subject.because) == (Profile.V0_9_1, "declared")
    assert subject.implementation.trust_store == "certifi"
    # It was not declared.
    assert subject.implementation.server_version == "6.1.23"
    subject = under_test(load("function"), Profile.V0_9_1)
    assert (subject.profile, subject.because) == (Profile.V0_9_1, "asked for")

    class Adapter(Implementation):
        subject = module("function").connect
        profile = "0.9.1"
        server_version = "6.1.1"

    adapter = under_test(Adapter(), None)
    assert (adapter.profile, adapter.because) == (Profile.V0_9_1, "declared")
    assert adapter.implementation.server_version == "6.1.1"


def test_names_of_its_own_module_win(install: Install) -> None:
    install(function=WRAPPERS["function"] + CLIENT.partition("from")[0])
    implementation = under_test(load("function"), None).implementation
    assert implementation.find("ClientCertificate") is module("function").ClientCertificate


@pytest.mark.parametrize(
    "demanding",
    ["authentication, certificate_authority=None", "certificate_authority, **authentication"],
)
def test_a_wrapper_that_demands_credentials_or_https_is_known(
    install: Install, demanding: str
) -> None:
    install(
        demanding=f"""
import atoti
def connect(url, *, {demanding}):
    return atoti.Session.connect(url)
"""
    )
    subject = under_test(load("demanding"), None)
    assert (subject.profile, subject.because) == (Profile.V6_2, "returned")
    assert subject.implementation.find("ClientCertificate") is not None


def raising(url: str, **_: object) -> None:
    raise PermissionError(f"a text with {url}")


class Strange:
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise RuntimeError("not today")


class Frames(Implementation):
    subject = v0_9_1.Session
    profile = "0.9.1"

    def frame(self, value: Any) -> Any:
        return value.to_dict()


def test_an_adapter_that_gives_no_frame_is_refused() -> None:
    with pytest.raises(WrongAdapter, match=r"Frames.frame, .*frame returned a dict: return a conn"):
        under_test(Frames(), None)


def head(_: Any, table: Any, n: int | None) -> Any:
    return table.preview(n)


def connect(self: Implementation, *given: Any, **keywords: Any) -> Any:
    return self.opened(*given, **keywords)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ({"head": lambda _, table, n: table.head().to_dict()}, "Heads.head returned dict, .*: let"),
        (
            {"head": head},
            r": head raised AttributeError: .* 'preview' at .*test_identity\.py:",
        ),
        (
            {"head": lambda _, table, n: table.head(n)},
            "head raised TypeError.* n is None, and tabl",
        ),
        (
            {"connect": connect},
            r"Heads.connect raised AttributeError at .*test_identity.py:\d+ in co",
        ),
    ],
)
def test_an_adapter_that_is_wrong_in_each_case_is_refused(
    methods: dict[str, Any], said: str
) -> None:
    """Each case that reads rows, or each, would fail as the client's mistake."""
    kind = type("Heads", (Implementation,), {"profile": "0.9.1", **methods})
    with pytest.raises(WrongAdapter, match=said):
        under_test(kind(v0_9_1.Session), None)


NO_CLIENT = "its connect returned {}, which says nothing of a client"


@pytest.mark.parametrize(
    ("connect", "said"),
    [
        (
            raising,
            "its connect to an unsecured target raised PermissionError and to a secure target over "
            "HTTPS raised PermissionError: say in its module what it follows, as in "
            '__connect_contract__ = {"profile": "6.2", "server_version": "6.2.2"}',
        ),
        (lambda url, **_: Strange(), "its connect returned what raises RuntimeError"),
        (lambda url, **_: (Strange(), 1), NO_CLIENT.format("a tuple")),
        (lambda url, **_: None, NO_CLIENT.format("None")),
    ],
)
def test_where_nothing_is_found_the_defaults_stay_and_it_says_why(
    connect: Callable[..., object], said: str
) -> None:
    subject = under_test(Implementation(connect), None)
    assert (subject.profile, subject.because) == (Profile.V0_9_1, "default")
    assert subject.implementation.server_version is None
    (remark, *_) = remarks(subject.implementation, subject.profile)
    assert remark == said


def test_another_distribution_gives_its_names_and_what_it_declares(
    install: Install, tmp_path: Path
) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "__init__.py").write_text(
        '__connect_contract__ = {"profile": "6.2"}\nclass ClientCertificate: ...\n'
    )
    (tmp_path / "made" / "inner.py").write_text("class Opened: ...\n")
    sys.modules.pop("made", None)
    from made.inner import Opened  # type: ignore[import-not-found]

    with pytest.raises(BadImplementation, match="ClientCertificate"):
        # Its names are looked at as those of a module are.
        under_test(Implementation(lambda url, **_: Opened()), None)
    identity = identity_of(Opened())
    assert (identity.client, identity.declared) == (None, {"profile": "6.2"})
    assert identity.modules == ("made.inner",)


def test_a_base_that_declares_nothing_gives_no_names() -> None:
    class Opened(Scenario):
        """A base of another package, as ``requests.Session`` might be one."""

    assert identity_of(Opened((), ())).modules == (__name__,)
    assert identity_of(object()).modules == ("builtins",)


USER = Scenario((TargetSpec(secure=False),), (Connect(), Use("user")))


@pytest.mark.parametrize(
    ("server_version", "profile", "undocumented"),
    [
        ("6.1.4", Profile.V6_2, True),
        ("6.1.11", Profile.V6_2, False),
        (None, Profile.V6_2, False),
        (None, Profile.V0_9_1, True),
    ],
)
def test_a_part_that_the_release_lacks_is_undocumented(
    server_version: str | None, profile: Profile, undocumented: bool
) -> None:
    implementation = Implementation(lambda url, **_: object())
    implementation.server_version = server_version
    result = run(USER, implementation, profile).results[-1]
    assert (result.part, result.undocumented) == ("object.user", undocumented)


def test_a_module_in_development_belongs_to_the_distribution_of_its_project() -> None:
    found = distributions(load("connect_contracts.reference.v6_2"))
    assert [name for name, _ in found] == ["pytest-connect-contract"]


def test_a_connect_that_never_returns_does_not_choose_the_documentation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unjudged, "WARM_UP_LIMIT", 0.2)
    hanging = Implementation(lambda _url, **_: threading.Event().wait())
    with pytest.raises(BadImplementation, match=r"did not return within 0\.2 s\. Mend that, or"):
        under_test(hanging, None)
    assert under_test(hanging, Profile.V6_2).because == "asked for"


def test_a_target_that_fails_by_itself_is_not_taken_for_a_connect_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start(*_: object) -> None:
        raise RuntimeError("no socket is left")

    monkeypatch.setattr("connect_contracts.execution.run.start_target", start)
    implementation = Implementation(lambda _url, **_: None)
    identify.identify(implementation, Profile.V0_9_1)
    found = implementation.identity
    assert found is not None
    assert not found.hung
    said = "the target of its first connect failed by itself: RuntimeError: no socket is left"
    assert found.failed == said
