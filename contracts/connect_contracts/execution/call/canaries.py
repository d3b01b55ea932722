"""Secrets that can be known again: what a run puts in the place of the documentation's password.

The cases read like the documentation, where the password is ``passwd``: a word that stands in other
texts by chance, and is the same in every run. While a scenario runs, that word stands for a
password of its own, one for each target. Every other password is taken as it is written, for it is
what the scenario is about. Targets that are started without a scenario take what they are given.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator, Mapping

import msgspec

from connect_contracts.execution.call.arguments import (
    Arguments,
    BasicArgument,
    CallbackArgument,
    CertificateArgument,
    TokenArgument,
)
from connect_contracts.model.observation import NUMBER, Secret
from connect_contracts.model.scenario import (
    PASSWORD,
    Basic,
    Connect,
    Own,
    Scenario,
    Step,
    Together,
    User,
)

_PEM_LINE = re.compile(rb"^[A-Za-z0-9+/=]{40,}\s*$", re.MULTILINE)


def planted(scenario: Scenario) -> Scenario:
    """``scenario`` with a password of this run's own wherever the documentation's stands.

    Two passwords for one target are equal if, and only if, they were.
    """
    unique = {target.name: f"{PASSWORD}-{secrets.token_hex(8)}" for target in scenario.targets}
    return msgspec.structs.replace(
        scenario,
        targets=tuple(
            msgspec.structs.replace(
                target, users=tuple(_user(user, unique[target.name]) for user in target.users)
            )
            for target in scenario.targets
        ),
        steps=tuple(_step(step, unique) for step in scenario.steps),
    )


def _user(user: User, password: str) -> User:
    if user.password != PASSWORD:
        return user
    return msgspec.structs.replace(user, password=password)


def _step(step: Step, unique: Mapping[str, str]) -> Step:
    match step:
        case Connect():
            return _connect(step, unique)
        case Own(user=User() as user):
            return msgspec.structs.replace(step, user=_user(user, unique[step.target]))
        case Together():
            return step.with_each(
                lambda inner: _connect(inner, unique) if isinstance(inner, Connect) else inner
            )
        case _:
            return step


def _connect(step: Connect, unique: Mapping[str, str]) -> Connect:
    call, password = step.call, unique[step.call.target]
    given, userinfo = call.authentication, call.userinfo
    if isinstance(given, Basic) and given.password == PASSWORD:
        given = msgspec.structs.replace(given, password=password)
    if userinfo is not None and userinfo.partition(":")[2] == PASSWORD:
        userinfo = f"{userinfo.partition(':')[0]}:{password}"
    call = msgspec.structs.replace(call, authentication=given, userinfo=userinfo)
    return msgspec.structs.replace(step, call=call)


def handed_out(arguments: Arguments, target: str) -> Iterator[Secret]:
    """The secrets that a call of ``connect`` to ``target`` is given."""
    in_clear = arguments.scheme != "https"
    match arguments.authentication:
        case BasicArgument(_, password) | CallbackArgument(_, password):
            yield Secret(password, "a password", target, in_clear)
        case TokenArgument(token, _):
            yield Secret(token, "a token", target, in_clear)
        case CertificateArgument(password=str() as password):
            yield Secret(password, "a key's password")
    if arguments.userinfo:
        password = arguments.userinfo.partition(":")[2]
        yield Secret(password, "a password", target, in_clear)


def of_key(pem: bytes) -> Iterator[Secret]:
    """A private key, line by line: each is known again without the others."""
    for line in _PEM_LINE.findall(pem):
        yield Secret(line.decode("ascii").strip(), "a private key")


def of_private_number(pem: bytes) -> Iterator[Secret]:
    """What is private in a key that is not encrypted: in every form of the key it stands whole."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    match load_pem_private_key(pem, None):
        case ec.EllipticCurvePrivateKey() as key:
            private = _big_endian(key.private_numbers().private_value)
        case rsa.RSAPrivateKey() as key:
            private = _big_endian(key.private_numbers().d)
        case ed25519.Ed25519PrivateKey() as key:
            private = key.private_bytes_raw()
        case _:
            return
    yield Secret(base64.b64encode(private).decode("ascii"), NUMBER)


def _big_endian(number: int) -> bytes:
    return number.to_bytes(-(-number.bit_length() // 8), "big")
