"""A client leaks each secret of a scenario in every way: no report shows it, in no form."""

from __future__ import annotations

import base64
import html
import json
import linecache
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import pytest

from connect_contracts.chapters.builder import AUTHORITY_FILE, https, secure, with_issuer
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import indented
from connect_contracts.model.scenario import (
    Authentication,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    PasswordGrant,
    Scenario,
    Token,
    User,
)
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.report.case_report import case_report, short_text
from connect_contracts.report.causes import causes_of
from connect_contracts.report.formats import FORMATS
from connect_contracts.report.github import workflow_commands
from connect_contracts.report.output import output
from connect_contracts.report.terminal import show_report
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.upgrades.steps import behaviour_of
from connect_harness.redaction import Secret
from connect_harness.redaction.detector import Detector
from hand_written_reports import run_of

PLANTED = 'Planted-secret+4711~/&<"\\'
IN_URL = "planted-secret+4711~"
USERS = (User("admin", PLANTED, ("ROLE_USER", "ROLE_ADMIN")),)

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "repr": repr,
    "JSON": json.dumps,
    "URL-encoded": lambda value: quote(value, safe=""),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "Basic": lambda value: base64.b64encode(f"admin:{value}".encode()).decode(),
    "HTML": html.escape,
    "HTML, numeric references": lambda value: "".join(f"&#{ord(each)};" for each in value),
    "HTML, hexadecimal references": lambda value: "".join(f"&#x{ord(each):X};" for each in value),
    "UTF-16": lambda value: value.encode("utf-16").decode("latin-1"),
    "bytes in hexadecimal": lambda value: value.encode().hex(),
    "numbers of bytes": lambda value: str(list(value.encode())),
    "at the end of what is kept": lambda value: "x" * 1990 + value + "x" * 9000,
    "beside halves of pairs": lambda value: f"\udcff{value}\ud800",
    "folded": lambda value: "\n".join(value[at : at + 5] for at in range(0, len(value), 5)),
}


def file_left(text: str) -> None:
    handle, _ = tempfile.mkstemp()
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)


def noted(text: str) -> None:
    error = ValueError("see the notes")
    error.add_note(text)
    raise error


def chained(text: str) -> None:
    raise ValueError("of a cause") from LookupError(text)


def named_exception(text: str) -> None:
    raise type(text.replace("\0", " "), (Exception,), {})("named")


def frames(text: str) -> None:
    """The names of a file, of a function, and the line that raises, all of the client's own."""
    file = str(Path(sys.modules["connect_contracts.reference"].__path__[0], f"{text}.py"))

    def raising() -> None:
        raise ValueError("here")

    name = text.replace("\0", " ")
    code = raising.__code__.replace(
        co_filename=file.replace("\0", " "), co_name=name, co_qualname=name
    )
    line = f"raise ValueError({text!r})\n"
    linecache.cache[code.co_filename] = (0, None, [line] * 1000, code.co_filename)
    raising.__code__ = code
    raising()


def raised(kind: type[BaseException]) -> Callable[[str], None]:
    def leak(text: str) -> None:
        raise kind(text)

    return leak


LEAKS: dict[str, Callable[[str], object] | None] = {
    "an exception": raised(ValueError),
    "an exception that ends a program": raised(SystemExit),
    "a generator's exit": raised(GeneratorExit),
    "a note": noted,
    "a cause": chained,
    "the name of an exception": named_exception,
    "frames": frames,
    "a warning": lambda text: warnings.warn(text, stacklevel=2),
    "a log record": lambda text: logging.getLogger(__name__).error("%s", text),
    "standard output": sys.stdout.write,
    "a descriptor": lambda text: os.write(1, text.encode()),
    "a file": file_left,
    "repr": None,  # of the session
}


def secrets_given(url: str, authentication: Any) -> Iterator[str]:
    """What a client is given, and must not tell."""
    yield urlsplit(url).password or ""
    for name in ("password", "token", "client_secret"):
        yield getattr(authentication, name, None) or ""
    if (file := getattr(authentication, "keyfile", None)) is not None:
        yield file.read_text().splitlines()[2]
    if callable(authentication):
        yield next(iter(authentication(url).values())).partition(" ")[2]
    netrc = Path("~/.netrc").expanduser()
    if netrc.exists():
        yield netrc.read_text().split()[5]


def leaking(
    leaks: tuple[Callable[[str], object] | None, ...], form: Callable[[str], str], found: list[str]
) -> Implementation:
    """The reference, which leaks all that it is given as it connects, and notes it in ``found``."""
    reference = ReferenceCopy(Profile.V6_2)

    @reference.around("Session.connect")
    def connecting(connect: Any, cls: Any, url: str, **named: Any) -> Any:
        given = [each for each in secrets_given(url, named.get("authentication")) if each]
        found.extend(given)
        session = connect(cls, url, **named)
        for leak in leaks:
            for secret in given:
                if leak is None:
                    type(session).__repr__ = lambda _: " ".join(map(form, given))
                else:
                    leak(form(secret))
        return session

    return Implementation(reference.module.Session, module=reference.module)


def every_report(
    scenario: Scenario, implementation: Implementation, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[str, str]]:
    subject = UnderTest(implementation, Profile.V6_2, "asked for")
    examined = examine(scenario, subject, LAWS)
    verified = examined.verified
    assert not verified.observation.harness_error, verified.observation.harness_error
    report = case_report(verified, verified.judgement, replay="", seconds=0.0)
    report = msgspec.structs.replace(report, law="oracle-holds")
    run = run_of(report)
    for name, form in FORMATS.items():
        text = form(run).decode()
        yield name, text
        yield f"{name}, unescaped", html.unescape(text)
    if causes := causes_of(report):
        yield "text", short_text(causes, where=True)
    yield "annotations", "\n".join(workflow_commands(run, Path.cwd()))
    for breach in examined.breaches:
        capsule = capsule_of(examined, breach, subject)
        # Its scenario has the passwords that its author made up.
        yield "capsule", "\n".join((capsule.expected, capsule.observed, str(capsule.signature)))
    behaviour = behaviour_of(verified.observation)
    yield "behaviour", indented((behaviour.steps, behaviour.asked)).decode()
    capsys.readouterr()
    show_report(output(80), run, catalogue())
    yield "terminal", capsys.readouterr().out


def scenario_of(
    authentication: Authentication | None = None, *, target: Any = None, **more: Any
) -> Scenario:
    """One connect, which is listened to."""
    target = target or secure(users=USERS)
    userinfo = more.pop("userinfo", None)
    file = AUTHORITY_FILE if target.scheme == "https" else None
    call = Call(authentication=authentication, authority_file=file, userinfo=userinfo)
    return Scenario((target,), (Connect(call),), listens=True, **more)


def shown(found: list[str], reports: Iterator[tuple[str, str]]) -> list[str]:
    """The reports in which a secret that the client was given can be found."""
    texts = list(reports)
    assert found, "the client was given no secret"
    detector = Detector(Secret(value, "a password") for value in found)
    return [name for name, text in texts if detector.find(text)]


@pytest.mark.parametrize("leak", LEAKS)
def test_whichever_way(leak: str, capsys: pytest.CaptureFixture[str]) -> None:
    found: list[str] = []
    implementation = leaking((LEAKS[leak],), str, found)
    reports = every_report(scenario_of(Basic("admin", PLANTED)), implementation, capsys)
    assert shown(found, reports) == []


@pytest.mark.parametrize("form", FORMS)
def test_whichever_form(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    implementation = leaking((logging.error, raised(ValueError)), FORMS[form], found)
    # Heard all the same. pytest would keep it, and a worker can send no half of a pair.
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    reports = every_report(scenario_of(Basic("admin", PLANTED)), implementation, capsys)
    assert shown(found, reports) == []


PLACES = {
    "userinfo": scenario_of(
        userinfo=f"admin:{IN_URL}", target=secure(users=(User("admin", IN_URL),))
    ),
    "password": scenario_of(Basic("admin", PLANTED)),
    "a short password": scenario_of(Basic()),
    "token": scenario_of(Token("admin")),
    "callable": scenario_of(Callback("admin"), target=secure(users=USERS)),
    "key and its password": scenario_of(
        Certificate(layout="encrypted key"), target=https(client_certificate="required")
    ),
    "issuer": scenario_of(
        PasswordGrant("admin", PLANTED), target=with_issuer(users=USERS), trusted=("authority",)
    ),
    ".netrc": scenario_of(Basic("admin", PLANTED), target=secure(users=USERS), netrc="admin"),
}


@pytest.mark.parametrize("place", PLACES)
def test_whichever_place(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found: list[str] = []
    leaks = (
        *(LEAKS[name] for name in ("a log record", "standard output", "a file", "repr")),
        raised(ValueError),
    )
    implementation = leaking(leaks, str, found)
    assert shown(found, every_report(PLACES[place], implementation, capsys)) == []
