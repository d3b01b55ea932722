"""Wire checks of callables that are asked, and how every wire check describes itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks import wire_checks
from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    CallableAsked,
    FirstRequest,
    HandshakeRefusedByTarget,
    HostNamed,
    KnownAs,
    NowhereInAddress,
    RefusedWith,
    WireCheck,
)
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Asked
from connect_contracts.oracle import oracle
from wire_rows import checked, text_of
from written_run import WrittenRun

URL = "http://localhost:80/base/a"
BARE = "GET /base/b went out without the callable's headers"
REUSED = "GET /base/b went out with the headers of another request"
OTHER = f"for {URL} the callable was given "
NO_REQUEST = "missing: no request reached the target"

SAME_URLS = [
    *(URL, f"{URL}?query", f"{URL}#fragment", URL.replace(":80", "")),
    *(URL.replace("localhost", "LOCALHOST"), URL.replace("http", "HTTP")),
]
OTHER_URLS = [
    *(URL.replace("/base", "/BASE"), URL.replace(":80", ":443"), URL.replace(":80", ":8080")),
    *(URL.replace("http", "https"), URL.replace("localhost", "localhost.example")),
    *(URL.replace("//", "//me@"), URL.removesuffix("/a"), f"{URL}/", f"{URL}/b", ""),
]


@pytest.mark.parametrize(
    ("urls", "requests", "at_all", "each"),
    [
        *(([url], "1", "holds", "holds") for url in SAME_URLS),
        *(([url], "1", f"{OTHER}{url}", f"{OTHER}{url}") for url in OTHER_URLS),
        ([URL], "", NO_REQUEST, NO_REQUEST),
        ([URL], "1-", BARE, BARE),
        ([URL], "12", BARE, BARE),
        ([URL], "11", "holds", REUSED),
        (
            [URL, f"{URL}/other"],
            "12",
            "holds",
            f"for {URL[:-1]}b the callable was given {URL}/other",
        ),
        ([b"http://localhost"], "1", *["the callable was given a bytes"] * 2),
    ],
)
def test_a_callable(urls: list[Any], requests: str, at_all: str, each: str) -> None:
    """Each request carries the number of an answer of the callable, or ``-`` for none."""

    def write(written: WrittenRun) -> WrittenRun:
        written.more["asked"] = tuple(
            Asked("session", url, (("X-Other", "0"), ("X-Asked", str(number))))
            for number, url in enumerate(urls, 1)
        )
        for path, number in zip("ab", requests, strict=False):
            given = {} if number == "-" else {"x-asked": number}
            written.request(f"GET /base/{path}", headers={"host": "localhost:80", **given})
        return written

    assert text_of(checked(CallableAsked(), write)) == at_all
    assert text_of(checked(CallableAsked(each=True), write)) == each


@pytest.mark.parametrize("each", [False, True])
def test_only_requests_of_the_step_and_answers_of_the_session_count(each: bool) -> None:
    def write(written: WrittenRun, session: str) -> WrittenRun:
        written.more["asked"] = (Asked(session, URL, (("X-Asked", "1"),)),)
        return written.request("GET /base/a", headers={"host": "localhost:80", "x-asked": "1"})

    before = checked(CallableAsked(each), lambda w: write(w, "session").end().begin())
    assert text_of(before) == "holds"
    assert checked(CallableAsked(each), lambda w: write(w, "other")).violation is not None


# How wire checks describe themselves.

REFUSED = HandshakeRefusedByTarget(("unknown_ca", "bad_certificate"))


@pytest.mark.parametrize(
    ("check", "value", "within"),
    [
        (FirstRequest("/some/path"), "/some/path", True),
        (HostNamed("a.example.test"), "a.example.test", True),
        (KnownAs("zoë"), "zoë", True),
        (BearerToken("DPoP"), "DPoP", True),
        (BearerToken("DPoP", any_form=True), "DPoP", False),
        (RefusedWith(418), "418", True),
        (REFUSED, "unknown_ca or bad_certificate", True),
        (CallableAsked(each=True), "each", True),
        (CallableAsked(), "each", False),
        # Secrets stay untold.
        (BasicPair("zoë", "pässwörd"), "pässwörd", False),
        (NowhereInAddress("zoë:pässwörd"), "pässwörd", False),
    ],
)
def test_a_description(check: WireCheck, value: str, within: bool) -> None:
    assert (value in check.describe()) == within


CLASSES = {kind.__name__: kind for kind in WireCheck.__subclasses__()}


@cache
def demanded() -> set[str]:
    """The wire checks that the cases or the oracle demand."""
    return {
        type(check).__name__
        for case in catalogue().cases.values()
        for expectations in (case.expectations, oracle(case.scenario, Profile.V0_9_1))
        for expectation in expectations
        for alternative in expectation.alternatives
        for check in alternative.wire
    }


@pytest.mark.parametrize("name", CLASSES)
def test_each_wire_check_is_exported_and_demanded(name: str) -> None:
    assert getattr(wire_checks, name, None) is CLASSES[name], f"{name} is not exported"
    assert name in demanded(), f"no case demands {name}"
