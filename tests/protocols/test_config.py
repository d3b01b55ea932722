"""The documented configuration: what it refuses."""

from __future__ import annotations

import warnings
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any, cast

import pytest

from connect_harness import (
    DEFECTS,
    RELEASES,
    AnswerFault,
    ClientFiles,
    Issuer,
    TargetSession,
    User,
    WireFault,
    WrongTable,
    fault_kinds,
)
from connect_harness.certificates import Chain
from connect_harness.config import (
    BasicAuthenticationConfig,
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
)
from connect_harness.faults import Fault, Requests


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BasicAuthenticationConfig(realm="é"), "printable ASCII"),
        (lambda: BasicAuthenticationConfig(realm="a\r\nb"), "printable ASCII"),
        (lambda: HttpsConfig(certificate=Path("x"), chain=Chain()), "not both"),
        (lambda: HttpsConfig(certificate=Path("/nowhere/x.pem")), "no file '/nowhere/x.pem'"),
        (lambda: HttpsConfig(tls_version=cast(Any, "1.4")), "no TLS version '1.4'. The nearest"),
        (lambda: HttpsConfig(ciphers="nonsense"), "no cipher suite 'nonsense'"),
        (lambda: HttpsConfig(ciphers="TLS_AES_128_GCM_SHA256"), "no cipher suite"),
        (lambda: HttpsConfig(ciphers="a\0b"), "no cipher suite"),
        (lambda: HttpsConfig(alpn=("h2", "")), "1 to 255 of ASCII, not ''"),
        (lambda: HttpsConfig(alpn=("x" * 256,)), "1 to 255"),
        (lambda: HttpsConfig(alpn=("é",)), "1 to 255"),
        (lambda: ClientCertificateConfig(trust_store=Path("/nowhere")), "no file"),
        (
            lambda: ClientCertificateConfig(trust_store=Path(__file__), checks_revocation=True),
            "no revocation list",
        ),
        (lambda: ClientCertificateConfig(username_regex="("), "no regular expression"),
        (lambda: ClientCertificateConfig(username_regex="CN=.*"), "no group"),
        (lambda: SecurityConfig(client_certificate=ClientCertificateConfig()), "need HTTPS"),
        (lambda: SessionConfig(port=65536), "no TCP port"),
        (lambda: SessionConfig(base_path="pre"), "like /one/two, not 'pre'"),
        (lambda: SessionConfig(base_path="/pre/"), "base path"),
        (lambda: SessionConfig(base_path="/a//b"), "base path"),
        (lambda: SessionConfig(base_path="/a/../b"), r"like /one/two, not '/a/../b': clients take"),
        (lambda: SessionConfig(base_path="/."), "take the segments . and .. out of a URL"),
        (lambda: HttpsConfig(key_log=Path(__file__).parent), "is a folder: name a file in it"),
        (lambda: HttpsConfig(domain="https://localhost"), "not 'https://localhost'"),
        (lambda: HttpsConfig(domain="localhost:443"), "a host such as localhost"),
        (lambda: HttpsConfig(domain=""), "a host such as localhost"),
        (lambda: HttpsConfig(key_log=Path("/nowhere/keys.log")), "no folder '/nowhere' for the"),
        (lambda: Requests("GET", changes=True), "No GET is among the requests of changes=True"),
    ],
)
def test_what_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: SecurityConfig(basic_authentication=cast(Any, {"admin": "passwd"})),
            r"takes BasicAuthenticationConfig, not dict\. Users .*credentials\.update",
        ),
        (lambda: SecurityConfig(https=cast(Any, True)), "takes HttpsConfig or None, not bool"),
        (lambda: SecurityConfig(client_certificate=cast(Any, Chain())), "not Chain"),
        (lambda: SessionConfig(security=cast(Any, HttpsConfig())), "takes SecurityConfig or None"),
        (lambda: SessionConfig(port=cast(Any, "80")), "takes int, not str"),
        (lambda: SessionConfig(port=True), "takes int, not bool"),
        (lambda: HttpsConfig(certificate=cast(Any, "x.pem")), "Path or None, not str. A file is"),
        (lambda: HttpsConfig(chain=cast(Any, 3)), "takes Chain or None, not int.$"),
        (
            lambda: HttpsConfig(chain=cast(Any, "leaf expired")),
            r"takes a Chain: Chain\(defect='leaf expired'\)",
        ),
        (lambda: User("x", cast(Any, "ROLE_USER")), "takes frozenset, not str. As frozenset"),
        (lambda: HttpsConfig(alpn=cast(Any, "h2")), r"Write one protocol as \('h2',\)"),
        (lambda: ClientCertificateConfig(required=cast(Any, "optional")), "takes bool, not str"),
        (lambda: Chain(names=cast(Any, "localhost")), r"Write one name as \('localhost',\)"),
        (lambda: Chain(names=cast(Any, (1,))), r"Chain\(names=...\) takes str, not int. Write one"),
        (lambda: Chain(intermediates=cast(Any, "1")), "takes int, not str"),
        (lambda: Requests(times=cast(Any, "2")), "takes int or None, not str"),
        (lambda: Requests(changes=cast(Any, "yes")), r"Requests\(changes=...\) takes bool"),
        (lambda: AnswerFault(cast(Any, "status 503")), r"2 arguments, not 'status 503'. For inst"),
        (lambda: WireFault(cast(Any, "answer"), lambda data: [data]), "takes Phase, not str"),
        (lambda: ClientFiles(cast(Any, "folder")), r"ClientFiles\(folder=...\) takes Path"),
        (lambda: TargetSession.start(name=cast(Any, 3)), r"start\(name=...\) takes str, not int"),
        (lambda: TargetSession.start(journal=cast(Any, [])), "takes Journal or None, not list"),
        (lambda: TargetSession.start(enforces_roles=cast(Any, "no")), "takes bool, not str"),
        (lambda: TargetSession.start(arrow_folder=cast(Any, "x")), "takes Path or None, not str"),
        (lambda: Issuer.start(cast(Any, ["a"]), str), "takes Mapping, not list. As {"),
        (lambda: Issuer.start(cast(Any, {"a": 3}), str), "takes str, not int"),
        (lambda: Issuer.start(cast(Any, {1: "b"}), str), "takes str, not int. As {"),
        (lambda: Issuer.start({}, cast(Any, "token")), r"start\(issue=...\) .* not 'token'. For"),
        (lambda: Issuer.start({}, cast(Any, None)), "a callable of 1 argument, not None"),
        (lambda: Issuer.start({}, cast(Any, lambda: "x")), r"not one of \(\)"),
        (lambda: Issuer.start({}, str, name=cast(Any, 5)), r"start\(name=...\) takes str, not int"),
        (lambda: Issuer.start({}, str, path=cast(Any, 5)), r"start\(path=...\) takes str, not int"),
        (lambda: Issuer.start({}, str, journal=cast(Any, "x")), "takes Journal or None, not str"),
        (lambda: Issuer.start({}, str, authorities=cast(Any, "x")), "takes Authorities or None"),
        (lambda: TargetSession.start(authorities=cast(Any, 3)), "takes Authorities, not int"),
        (lambda: Fault("noop", cast(Any, "POST /rows")), r"on=Requests\(changes=True"),
        (lambda: Fault(cast(Any, 503)), "takes str or AnswerFault or WireFault, not int"),
        (lambda: TargetSession.start(release=cast(Any, 0.9)), "a text such as '0.9.12', not 0.9"),
        (lambda: TargetSession.start(cast(Any, SecurityConfig())), "a SessionConfig, not Sec"),
    ],
)
def test_a_wrong_type_is_refused_where_it_is_written(make: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Chain(purpose=cast(Any, "sever")), "no purpose 'sever'. The nearest are 'server'"),
        (lambda: Chain(key=cast(Any, "rsa2048")), "no key 'rsa2048'. The nearest are 'rsa-2048'"),
        (lambda: Chain(defect="expired"), "no defect 'expired'. The nearest are 'leaf expired'"),
        *(
            (lambda name=name: Chain(names=(name,)), rf"^'{name}' is no name of a host, such as")
            for name in ("exa mple", "localhost:8080", "https://localhost", "", "a..b", "-a", "a-")
        ),
        (lambda: Chain(names=("a" * 64,)), "is no name of a host"),
        (lambda: Chain(names=(".".join(["a" * 63] * 4),)), "is no name of a host"),
        (lambda: Chain(cross_signed_by=""), "an authority has a name"),
        (lambda: HttpsConfig(password="x"), "give the certificate"),
        (lambda: ClientCertificateConfig(trust_store_password="x"), "give the trust_store"),
        (lambda: Issuer.start({}, str, name=""), "An issuer has a name"),
        (lambda: Issuer.start({}, str, answers=cast(Any, "token")), "no answer 'token'. The near"),
        (lambda: Fault("status 50"), "no fault 'status 50'. The nearest are 'status 50"),
    ],
)
def test_a_wrong_name_or_a_contradiction_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (fault_kinds(), "^There is no fault 'status 53'. The nearest are 'status 503'"),
        (DEFECTS, "^There is no defect 'status 53'. All are in connect_harness.DEFECTS"),
        (RELEASES, "^There is no release 'status 53'. All are in connect_harness.RELEASES"),
    ],
    ids=["fault", "defect", "release"],
)
def test_a_name_that_is_looked_up_and_not_there(names: Any, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        _ = names["status 53"]
    assert "status 53" not in names


@pytest.mark.parametrize(
    ("role", "meant"),
    [
        ("ROLE_USR", "ROLE_USER"),
        ("ROLE_ADMN", "ROLE_ADMIN"),
        ("role_admin", "ROLE_ADMIN"),
        ("ROLE-USER", "ROLE_USER"),
        ("USER", "ROLE_USER"),
        ("ROLE_MEASURE_LINAGE", "ROLE_MEASURE_LINEAGE"),
        # Of these, documentation shows the first two: any other name is the user's own.
        *((own, None) for own in ("ROLE_PILOT", "ROLE_USA", "ROLE_USER_2", "ROLE_SUPERUSER")),
        ("ROLE_USER", None),
    ],
)
def test_a_role_that_is_nearly_a_documented_one(role: str, meant: str | None) -> None:
    with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            target.security.individual_roles.update({"a": {role}})
        said = [str(warning.message) for warning in caught]
        assert all(warning.filename == __file__ for warning in caught)
        text = f"The user 'a' has the role '{role}': is '{meant}' meant?"
        assert said == ([] if meant is None else [text])
        assert target.security.individual_roles["a"] == {role}


def test_the_owner_is_told_of_a_wrong_name_or_type() -> None:
    with TargetSession.start() as target:
        target.create_table("Example", data_types={"Id": "String"})
        with pytest.raises(KeyError, match=r"^There is no table 'Exampel'. The nearest are 'Exam"):
            _ = target.tables["Exampel"]
        with pytest.raises(WrongTable, match="A table has a name"):
            target.create_table("", data_types={"Id": "String"})
        with pytest.raises(WrongTable, match="A table has a column"):
            target.create_table("Other", data_types={})
        with pytest.raises(TypeError, match=r"create_table\(data_types=...\) takes Mapping"):
            target.create_table("Other", data_types=cast(Any, ["Id"]))
        with pytest.raises(TypeError, match=r"create_table\(keys=...\) takes Iterable, not int"):
            target.create_table("Other", data_types={"Id": "String"}, keys=cast(Any, 3))
        with pytest.raises(TypeError, match=r"\(default_values=...\) takes Mapping, not int"):
            target.create_table("Other", data_types={"Id": "String"}, default_values=cast(Any, 3))
        with pytest.raises(TypeError, match=r"create_cube\(measures=...\) takes Iterable, not int"):
            target.create_cube("Other", measures=cast(Any, 3))
        with pytest.raises(TypeError, match=r"create_cube\(levels=...\) takes Iterable, not int"):
            target.create_cube("Other", measures=["M"], levels=cast(Any, 3))
        with pytest.raises(TypeError, match=r"ready=...\) takes bool, not str"):
            target.ready = cast(Any, "no")
        with pytest.raises(TypeError, match=r"issue_token\(username=...\) takes str, not int"):
            target.issue_token(cast(Any, 3))
        with pytest.raises(
            AttributeError, match=r"of TargetSession 'redy'. The nearest are 'ready'"
        ):
            target.redy = False  # type: ignore[attr-defined]
        with pytest.raises(AttributeError, match=r"of OwnerTable 'rowz'. The nearest are 'rows'"):
            target.tables["Example"].rowz = []  # type: ignore[attr-defined]
        cube = target.create_cube("Cube", measures=["M"])
        with pytest.raises(TypeError, match=r"register\(mdx=...\) takes str, not int. Or a call"):
            cube.register(cast(Any, 3), {"M": [1]})
        with pytest.raises(TypeError, match=r"register\(result=...\) takes Mapping, not list. As"):
            cube.register("SELECT", cast(Any, [1]))
        with pytest.raises(KeyError, match=r"^There is no user 'ann'. There is none.$"):
            del target.security.basic_authentication.credentials["ann"]
        with pytest.raises(KeyError, match=r"^There is no user 'ann'. There is none.$"):
            _ = target.security.individual_roles["ann"]
        with pytest.raises(FrozenInstanceError):
            target.security.individual_role = {}  # type: ignore[attr-defined]


def test_a_user_name_with_a_colon_has_no_password() -> None:
    """A client of Basic can never authenticate by it."""
    with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
        with pytest.raises(ValueError, match=r"'a:b' can have roles, and .* but no password"):
            target.security.basic_authentication.credentials.update({"a:b": "passwd"})
        target.security.individual_roles["a:b"] = {"ROLE_USER"}
        assert target.issue_token("a:b")


def test_a_token_is_issued_to_a_user_that_the_target_has() -> None:
    with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
        target.security.basic_authentication.credentials["nora"] = "passwd"
        target.security.individual_roles["ben"] = {"ROLE_USER"}
        assert target.issue_token("nora") != target.issue_token("ben")
        with pytest.raises(ValueError, match=r"no user 'norah'. The nearest are 'nora'"):
            target.issue_token("norah")


class Mine(TargetSession):
    """A subclass of a user's own may have attributes of its own."""


def test_a_subclass_may_have_more() -> None:
    with Mine.start() as target:
        target.noted = 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("domain", ["LOCALHOST", "127.0.0.1", "::1", "a_b.localhost", "bücher.de"])
def test_a_host_is_a_domain(domain: str) -> None:
    assert HttpsConfig(domain=domain).domain == domain
