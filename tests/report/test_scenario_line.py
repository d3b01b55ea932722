"""A scenario in one line."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_USER,
    CLIENT_CERTIFICATE,
    add,
    arm,
    connect,
    connect_tls,
    head,
    https,
    list_tables,
    mutual_tls,
    unsecure,
)
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.scenario import Basic, Scenario, Together
from connect_contracts.report.scenario_line import scenario_line


def test_plain() -> None:
    scenario = Scenario((unsecure(),), (connect(), list_tables(), add(("a",), ("b",)), head(n=3)))
    assert scenario_line(scenario) == (
        "On an unsecured target over HTTP: (1) connect to localhost; (2) list tables; (3) add 2 "
        "row(s) to Example; (4) Example.head(3)"
    )


def test_what_is_special() -> None:
    target = https(defect="leaf expired", intermediates=1, names=("localhost",), tls="1.2")
    step = connect_tls(AS_USER, defect="authority file not given", host="127.0.0.1")
    scenario = Scenario((target,), (arm("noop"), step), surroundings=(("A", "b"),))
    assert scenario_line(scenario) == (
        "On a secure target over HTTPS (1 intermediate(s), a certificate for localhost, the "
        "defect 'leaf expired' in its certificate, TLS 1.2 alone), A=b: (1) the owner arms the "
        "fault 'noop'; (2) connect to 127.0.0.1 as user (Basic) with the authority's file but "
        "with the defect 'authority file not given'"
    )


def test_client_certificates_and_threads() -> None:
    branches = ((connect_tls(CLIENT_CERTIFICATE, session="one"),), (connect(session="two"),))
    scenario = Scenario((mutual_tls(),), (Together(branches),), isolation="process")
    assert scenario_line(scenario) == (
        "On a secure target over HTTPS (client certificate required), in a fresh interpreter: (1) "
        "together [connect (one) to localhost as admin (client certificate in two files) with the "
        "authority's file] and [connect (two) to localhost]"
    )


def test_of_every_case() -> None:
    told = [scenario_line(case.scenario) for case in catalogue().cases.values()]
    assert all(line and "\n" not in line and len(line) < 1500 for line in told)


def test_no_password() -> None:
    step = connect(Basic("admin", "a very secret password"))
    assert "secret" not in scenario_line(Scenario((unsecure(),), (step,)))
