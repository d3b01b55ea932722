"""The caller, as the oracle has it, held against the arguments of the real call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from connect_contracts.chapters.builder import AS_USER, client_certificate, mutual_tls, unsecure
from connect_contracts.execution.call.arguments import (
    Arguments,
    BasicArgument,
    CallbackArgument,
    CertificateArgument,
    PasswordGrantArgument,
    TokenArgument,
)
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects import CALL_DEFECTS, resolve
from connect_contracts.model.scenario import (
    Authentication,
    AuthorityFile,
    Call,
    Callback,
    Certificate,
    PasswordGrant,
    TargetSpec,
    Token,
    User,
)
from connect_contracts.oracle.caller import Caller, caller
from connect_contracts.oracle.trust import authorities_given
from connect_contracts.oracle.world import TargetModel
from connect_harness.certificates import default_authorities

OF_TOKEN = "token of "
USERS = (User("first", "1"), User("user", "2"), User("zoë", "3"), User("without"))


class Issuing:
    """In place of a running target: what the arguments of a call are made with."""

    port = 1
    presented_chain = None
    client_id, client_secret, url = "client", "secret", "https://localhost"

    def issue_token(self, username: str) -> str:
        return f"{OF_TOKEN}{username}"


def really_given(call: Call, folder: Path, spec: TargetSpec) -> Arguments:
    targets: Any = {spec.name: Issuing()}
    specs = {spec.name: spec}
    return resolve(call, CallResources(folder, default_authorities(), targets, specs, targets), "0")


def as_given(arguments: Arguments) -> Caller:
    """The caller whom the arguments make, but for the chain of a certificate."""
    match arguments.authentication:
        case BasicArgument(username, password):
            return Caller("basic", username, password)
        case CallbackArgument(username, password, raises):
            return Caller("callable" if raises is None else "raising", username, password)
        case TokenArgument(token, token_type):
            known = token.startswith(OF_TOKEN)
            username = token.removeprefix(OF_TOKEN) if known else None
            return Caller("token", username, token_type=token_type)
        case PasswordGrantArgument(username, password, scopes=scopes):
            return Caller("grant", username, password, scopes=scopes)
        case CertificateArgument():
            return Caller("certificate")
        case None:
            return Caller("nobody")


CALLABLE, GRANT = Callback("user"), PasswordGrant("user", "2", ("openid",))


@pytest.mark.parametrize(
    ("authentication", "defect"),
    [
        (None, None),
        (AS_USER, None),
        (Token("user"), None),
        (Token("user", "DPoP"), None),
        (CALLABLE, None),
        (Callback("without"), None),
        (Certificate(), None),
        (GRANT, None),
        *((each, "wrong password") for each in (AS_USER, CALLABLE, GRANT, Token("zoë"))),
        (Certificate(), "wrong password"),
        (AS_USER, "unknown user"),
        (Token("user"), "unknown token"),
        (AS_USER, "no authentication"),
        (CALLABLE, "callable raises"),
        (Certificate(), "client certificate not given"),
        (Certificate(), "client certificate of an unknown authority"),
    ],
)
def test_the_oracle_s_caller_is_who_really_calls(
    authentication: Authentication | None, defect: str | None, tmp_path: Path
) -> None:
    spec = mutual_tls(users=USERS)
    call = Call(authentication=authentication, defect=defect)
    decided, seen = caller(call, TargetModel(spec)), as_given(really_given(call, tmp_path, spec))
    for part in ("kind", "username", "token_type", "scopes"):
        assert getattr(decided, part) == getattr(seen, part)
    # A wrong password is not known before the run.
    assert decided.password == (seen.password if defect in (None, "callable raises") else None)


@pytest.mark.parametrize("defect", [None, "client certificate of an unknown authority"])
def test_the_oracle_s_client_certificate_is_of_the_authority_that_signed_it(
    defect: str | None, tmp_path: Path
) -> None:
    call = Call(authentication=client_certificate(subject="user"), defect=defect)
    given = really_given(call, tmp_path, mutual_tls()).authentication
    chain = caller(call, TargetModel(mutual_tls())).chain
    assert isinstance(given, CertificateArgument)
    assert chain is not None
    leaf = x509.load_pem_x509_certificate(Path(given.certificate).read_bytes())
    assert leaf.issuer == default_authorities().authority(chain.authority).subject


# Files of authorities: whose certificates they hold.


@pytest.mark.parametrize(
    ("file", "defect"),
    [
        (AuthorityFile(), None),
        (AuthorityFile(("another authority", "authority")), None),
        (AuthorityFile(), "file of another authority"),
        (AuthorityFile(), "file of another authority of the same name"),
        (AuthorityFile(("another authority",)), "str instead of Path"),
        (AuthorityFile(), "authority file not given"),
        (None, None),
        (None, "str instead of Path"),
    ],
)
def test_the_oracle_s_authorities_are_those_in_the_file(
    file: AuthorityFile | None, defect: str | None, tmp_path: Path
) -> None:
    call = Call(authority_file=file, defect=defect)
    given = really_given(call, tmp_path, unsecure()).certificate_authority
    names = authorities_given(call)
    assert (names is None) == (given is None)
    if given is not None and names is not None:
        made = [default_authorities().authority(name).certificate_pem for name in names]
        assert Path(given).read_bytes() == b"".join(made)


@pytest.mark.parametrize(
    "defect", [one.name for one in CALL_DEFECTS.values() if one.authorities == ("authority",)]
)
def test_a_form_of_the_right_authority_takes_the_place_of_any_file(defect: str) -> None:
    call = Call(authority_file=AuthorityFile(("another authority",)), defect=defect)
    assert authorities_given(call) == ("authority",)
