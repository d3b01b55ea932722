"""Target sessions of a run: started from their specification, and changed by their owner."""

from __future__ import annotations

import http.client
import ssl
from typing import TYPE_CHECKING, Any, assert_never
from urllib.parse import quote, urlsplit

from connect_contracts.execution.call.resources import CallResources, issuer_name
from connect_contracts.execution.faults import faults_of
from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Ciphers, Own, TableSpec, TargetSpec, User
from connect_contracts.model.target_spec import ANOTHER_RELEASE
from connect_contracts.model.values import to_json, to_python

if TYPE_CHECKING:
    from connect_harness import SessionConfig, TargetSession
    from connect_harness.certificates import Authorities
    from connect_harness.faults import Armed
    from connect_harness.issuer import Issuer
    from connect_harness.owner import OwnerTable
    from connect_harness.releases import Release
    from connect_harness.server import Journal


CIPHERS: dict[Ciphers, str] = {
    # Its key exchange needs an RSA leaf, which a chain does not have unless it is asked for.
    "none in common": "AES128-SHA",
    "nothing encrypted": "eNULL:aNULL:@SECLEVEL=0",
}
"""Cipher suites in OpenSSL's notation, by what a target is to be."""


SINCE = {"user": "0.9.8"}
"""The first release that has a part of a session, where releases before it have none."""


def start_target(
    spec: TargetSpec,
    journal: Journal,
    authorities: Authorities,
    implementation: Implementation,
    profile: Profile,
) -> TargetSession:
    """Start the target session that ``spec`` describes, with its users and tables."""
    from connect_harness import TargetSession
    from connect_harness.releases import of_server, release

    # Always named: what is judged does not depend on the client that happens to be installed.
    expected = of_server(implementation.server_version) or played_release(implementation, profile)
    another = spec.release == ANOTHER_RELEASE
    played = another_than(release(expected)) if another else release(spec.release or expected)
    if spec.application != "Python":
        played = played.in_java(exposed=spec.application == "Java")
    target = TargetSession.start(
        _config(spec),
        name=spec.name,
        release=played,
        journal=journal,
        authorities=authorities,
        enforces_roles=spec.enforces_roles,
    )
    try:
        furnish(target, spec)
    except BaseException:
        # The caller has nothing to close it with.
        target.close()
        raise
    return target


def start_issuer(
    spec: TargetSpec, target: TargetSession, journal: Journal, authorities: Authorities
) -> Issuer:
    """Start the issuer of ``spec``, whose tokens ``target`` accepts."""
    from connect_harness.issuer import Issuer

    assert spec.issuer is not None
    return Issuer.start(
        {user.name: user.password for user in spec.users if user.password is not None},
        target.issue_token,
        name=issuer_name(spec.name),
        path=spec.issuer.path,
        answers=spec.issuer.answers,
        journal=journal,
        authorities=authorities,
    )


def furnish(target: TargetSession, spec: TargetSpec) -> None:
    """Give a target session the tables of ``spec`` and, if it is secure, the users."""
    if spec.secure:
        for user in spec.users:
            if user.password is not None:
                _set_password(target, user)
            if user.roles:
                target.security.individual_roles[user.name] = set(user.roles)
    for table in spec.tables:
        create_table(target, table)


def played_release(implementation: Implementation, profile: Profile) -> str:
    """The release that targets play: that of the declared server version, else the profile's."""
    from connect_harness.releases import NEWEST, RELEASES

    for name, release in RELEASES.items():
        if release.server_version == implementation.server_version:
            return name
    return "0.9.1" if profile is Profile.V0_9_1 else NEWEST


def another_than(expected: Release) -> Release:
    """The newest release of another server version with the same APIs."""
    from connect_harness.releases import RELEASES

    return next(
        known
        for known in reversed([*RELEASES.values()])
        if known.server_version != expected.server_version and known.apis == expected.apis
    )


def has_part(release: str, part: str) -> bool:
    """Whether sessions of ``release`` have ``part``, for instance ``Session.user``."""
    from connect_harness.releases import RELEASES

    names = list(RELEASES)
    since = SINCE.get(part.rpartition(".")[2], names[0])
    return names.index(release) >= names.index(since)


def _config(spec: TargetSpec) -> SessionConfig:
    from connect_harness import ClientCertificateConfig, HttpsConfig, SecurityConfig, SessionConfig

    https = None
    if spec.scheme == "https":
        https = HttpsConfig(
            chain=spec.chain,
            tls_version=spec.tls,
            ciphers=spec.ciphers and CIPHERS[spec.ciphers],
            alpn=spec.alpn,
            server_name_unrecognised=spec.server_name_unrecognised,
        )
    client_certificate = None
    if spec.client_certificate is not None:
        client_certificate = ClientCertificateConfig(
            authority=spec.client_authority,
            required=spec.client_certificate == "required",
            checks_revocation=spec.checks_revocation,
        )
    security = SecurityConfig(https=https, client_certificate=client_certificate)
    return SessionConfig(
        security=security if spec.secure else None, ready=spec.ready, base_path=spec.base_path
    )


PING_LIMIT = 10.0
"""Seconds that the target may take to answer the harness itself."""


class OwnerRefused(Exception):
    """The owner could not do it: no answer to a ping, a table that no session created."""


def execute_own(step: Own, resources: CallResources, releasing: list[tuple[Armed, int]]) -> Any:
    """Do what the owner does; returns what is looked at. ``OwnerRefused`` says what was not there.

    Parameters:
        releasing: Gets the faults that the step releases, with how much they must hold before.
    """
    from connect_harness import TargetClosed

    try:
        return _owned(step, resources, releasing)
    except TargetClosed:
        # What a client shut down stays so, and the next step shows it.
        return None


def _owned(step: Own, resources: CallResources, releasing: list[tuple[Armed, int]]) -> Any:
    target, spec = resources.targets[step.target], resources.specs[step.target]
    match step.action:
        case "rows":
            return to_json(_table(target, step.table).rows)
        case "tables":
            return sorted(target.tables)
        case "add":
            _table(target, step.table).add(*step.rows)
        case "create table":
            create_table(target, step.spec or TableSpec(step.table))
        case "restart":
            target.restart()
        case "replace certificate":
            if step.chain:
                target.replace_certificate(step.chain)
        case "arm":
            to = None if step.to is None else resources.targets[step.to]
            at = resources.issuers[step.target] if step.requests == "tokens" else target
            for fault in faults_of(step, _origin(to) if to else None):
                armed = at.arm(fault)
                if step.releases:
                    releasing.append((armed, step.times or 1))
        case "disarm":
            target.disarm()
        case "close connections":
            target.close_connections()
        case "ping":
            return _ping(target, spec)
        case "set ready":
            target.ready = step.ready
        case "set roles":
            if step.user:
                target.security.individual_roles[step.user.name] = set(step.user.roles)
        case "set password":
            if step.user:
                _set_password(target, step.user)
        case _:
            assert_never(step.action)
    return None


def _table(target: TargetSession, name: str) -> OwnerTable:
    if name not in target.tables:
        raise OwnerRefused(f"the target has no table {name!r}")
    return target.tables[name]


def _ping(target: TargetSession, spec: TargetSpec) -> int:
    """Ask for the versions document on a connection of the harness's own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    # Whether the target lives is asked, not who it is: the harness started it itself.
    context.verify_mode = ssl.CERT_NONE
    if spec.scheme == "https":
        asking: http.client.HTTPConnection = http.client.HTTPSConnection(
            "127.0.0.1", target.port, timeout=PING_LIMIT, context=context
        )
    else:
        asking = http.client.HTTPConnection("127.0.0.1", target.port, timeout=PING_LIMIT)
    try:
        asking.request("GET", f"{quote(spec.base_path)}/versions/rest")
        return asking.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise OwnerRefused(f"the target does not answer: {error}") from error
    finally:
        asking.close()


def _set_password(target: TargetSession, user: User) -> None:
    credentials = target.security.basic_authentication.credentials
    if user.password is None:
        credentials.pop(user.name, None)
    elif ":" in user.name:
        # Basic cannot carry the name (RFC 7617 section 2), so that no target has such a password.
        # Issuers have it, and targets know the user by tokens and by certificates.
        target.journal.keep_secret(user.password)
        target.security.individual_roles.setdefault(user.name, ())
    else:
        credentials[user.name] = user.password


def _origin(target: TargetSession) -> str:
    url = urlsplit(target.url)
    return f"{url.scheme}://{url.netloc}"


def create_table(target: TargetSession, spec: TableSpec) -> None:
    types = dict(spec.data_types)
    defaults = {name: to_python(value, types[name]) for name, value in spec.default_values}
    table = target.create_table(
        spec.name, data_types=types, keys=spec.keys, default_values=defaults
    )
    if spec.rows:
        table.add(*spec.rows)
