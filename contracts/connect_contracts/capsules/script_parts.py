"""The parts of a reproduction script: targets and steps, as lines of Python."""

from __future__ import annotations

import dataclasses
import math
from typing import Any
from urllib.parse import quote

from connect_contracts.running.targets import CIPHERS
from connect_contracts.scenario import (
    Authentication,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    Row,
    Scenario,
    TableSpec,
    TargetSpec,
    Token,
    Use,
)
from connect_contracts.values import to_python
from connect_harness.certificates import Chain

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NoScript(Exception):
    """There can be no plain script; the text says what it would need."""


class Parts:
    """The lines for one scenario.

    Parameters:
        release: The release that targets play that name none.
    """

    def __init__(self, scenario: Scenario, release: str) -> None:
        if scenario.isolation == "process" or scenario.surroundings or scenario.trusted:
            raise NoScript("its surroundings or its fresh interpreter need the suite")
        self.scenario = scenario
        self.release = release
        self.imports: set[str] = set()
        self.types = {
            table.name: [kind for _, kind in table.data_types]
            for target in scenario.targets
            for table in target.tables
        }

    # Targets.

    def target(self, spec: TargetSpec) -> str:
        """The lines that start a target, with its users and tables."""
        name = self.variable(spec.name)
        lines = [
            f"{name} = TargetSession.start(",
            f"    {self._config(spec)},",
            f"    name={spec.name!r},",
            f"    release={spec.release or self.release!r},",
            "    journal=journal,",
            "    authorities=authorities,",
            *([] if spec.enforces_roles else ["    enforces_roles=False,"]),
            ")",
        ]
        if spec.secure:
            for user in spec.users:
                if user.password is not None:
                    credentials = f"{name}.security.basic_authentication.credentials"
                    lines.append(f"{credentials}[{user.name!r}] = {user.password!r}")
                if user.roles:
                    roles = f"{name}.security.individual_roles[{user.name!r}]"
                    lines.append(f"{roles} = {{{', '.join(map(repr, user.roles))}}}")
        for table in spec.tables:
            lines += self._table(name, table)
        return "\n".join(lines)

    def variable(self, target: str) -> str:
        """The variable of a target."""
        names = [one.name for one in self.scenario.targets]
        return "target" if len(names) == 1 else f"target_{names.index(target) + 1}"

    def _config(self, spec: TargetSpec) -> str:
        https = None
        if spec.scheme == "https":
            https = _call(
                "HttpsConfig",
                chain=_Code(self.chain(spec.chain)),
                tls_version=spec.tls,
                ciphers=CIPHERS[spec.ciphers] if spec.ciphers else None,
                alpn=None if spec.alpn == TargetSpec().alpn else spec.alpn,
                server_name_unrecognised=spec.server_name_unrecognised or None,
            )
        asks = None
        if spec.client_certificate is not None:
            asks = _call(
                "ClientCertificateConfig",
                authority=spec.client_authority,
                required=spec.client_certificate == "required",
                checks_revocation=spec.checks_revocation or None,
            )
        security = _call(
            "SecurityConfig",
            https=https and _Code(https),
            client_certificate=asks and _Code(asks),
        )
        return _call(
            "SessionConfig",
            security=_Code(security) if spec.secure else None,
            ready=None if spec.ready else False,
            base_path=spec.base_path or None,
        )

    def chain(self, chain: Chain) -> str:
        """A chain with what is special about it."""
        special = {
            one.name: getattr(chain, one.name)
            for one in dataclasses.fields(Chain)
            if getattr(chain, one.name) != one.default
        }
        return f"Chain({', '.join(f'{name}={value!r}' for name, value in special.items())})"

    def _table(self, target: str, table: TableSpec) -> list[str]:
        types = dict(table.data_types)
        keys = f", keys={table.keys!r}" if table.keys else ""
        defaults = ""
        if table.default_values:
            given = {name: to_python(one, types[name]) for name, one in table.default_values}
            defaults = f", default_values={_dict(given)}"
        lines = [f"{target}.create_table({table.name!r}, data_types={types!r}{keys}{defaults})"]
        if table.rows:
            rows = ", ".join(repr(tuple(row)) for row in table.rows)
            lines.append(f"{target}.tables[{table.name!r}].add({rows})")
        return lines

    # Steps.

    def step(self, index: int) -> str:
        """The line that takes the step with this index."""
        step = self.scenario.steps[index]
        match step:
            case Connect():
                what, action = f"connect ({step.session})", self._connect(step)
            case Use():
                what, action = f"{step.action} ({step.session})", self._use(step)
            case Own():
                what, action = f"the owner: {step.action}", self._own(step)
            case _:
                raise NoScript("steps that are taken together need the suite")
        limit = f"{self.scenario.limit:g}"
        return f"take({index + 1}, {what!r}, lambda: {action}, {limit})"

    def _connect(self, step: Connect) -> str:
        call = step.call
        if call.subclass or call.host.lower() not in LOOPBACK:
            raise NoScript("a subclass, or a host that is not loopback's, needs the suite")
        keywords: dict[str, str] = {}
        authentication = self._authentication(call)
        file = self._file(call)
        if authentication is not None or call.explicit_none:
            keywords["authentication"] = authentication or "None"
        if file is not None or call.explicit_none:
            keywords["certificate_authority"] = file or "None"
        arguments = [repr(step.session)]
        url = self._url(call)
        if call.defect == "unknown keyword":
            keywords["no_such_argument"] = "None"
        if call.defect == "authentication by position":
            arguments += [url, keywords.pop("authentication", "None")]
        elif call.url_by_keyword:
            keywords["url"] = url
        elif call.defect != "no url":
            arguments.append(url)
        arguments += [f"{name}={value}" for name, value in keywords.items()]
        return f"connected({', '.join(arguments)})"

    def _url(self, call: Call) -> str:
        match call.defect:
            case "url is None":
                return "None"
            case "url is a number":
                return "8080"
        spec = next(one for one in self.scenario.targets if one.name == call.target)
        name = self.variable(spec.name)
        host = f"[{call.host}]" if ":" in call.host else call.host
        host = {"no host": "", "space in the host": "local host"}.get(call.defect or "", host)
        schemes = {"https to a plain port": "https", "http to a TLS port": "http"}
        schemes["scheme of another protocol"] = "ftp"
        scheme = schemes.get(call.defect or "", spec.scheme)
        start = "" if call.defect == "no scheme" else f"{scheme}://"
        user = f"{call.userinfo}@" if call.userinfo else ""
        port = "port" if call.defect == "port is no port" else f"{{{name}.port}}"
        text = f"{start}{user}{host}:{port}{quote(spec.base_path)}"
        return f"f{text!r}"

    def _authentication(self, call: Call) -> str | None:
        match call.defect:
            case "no authentication" | "client certificate not given":
                return None
            case "wrong password":
                given = call.authentication
                username = given.username if isinstance(given, Basic | Callback) else "admin"
                return f"BasicAuthentication({username!r}, 'wrong-password')"
            case "unknown user":
                return "BasicAuthentication('nobody', 'unknown-password')"
            case "unknown token":
                return "TokenAuthentication('unknown-token')"
            case defect if defect not in _WRITTEN:
                raise NoScript(f"the defect {defect!r} of the call needs the suite")
        return None if call.authentication is None else self._given(call.authentication, call)

    def _given(self, given: Authentication, call: Call) -> str:
        name = self.variable(call.target)
        match given:
            case Basic(username, password):
                return f"BasicAuthentication({username!r}, {password!r})"
            case Token(username, token_type):
                kind = "" if token_type is None else f", token_type={token_type!r}"
                issued = f"tokens.append({name}.issue_token({username!r})) or tokens[-1]"
                return f"TokenAuthentication({issued}{kind})"
            case Callback(username):
                spec = next(one for one in self.scenario.targets if one.name == call.target)
                known = next((one.password for one in spec.users if one.name == username), None)
                return f"asked_each_time({username!r}, {known or ''!r})"
            case Certificate(chain, layout, key_format):
                if (layout, key_format) != (Certificate().layout, Certificate().key_format):
                    raise NoScript("the form of the client certificate's files needs the suite")
                return f"client_certificate({self.chain(chain)}, certificates)"

    def _file(self, call: Call) -> str | None:
        match call.defect:
            case "authority file not given":
                return None
            case "file of another authority":
                return self._authorities(("another authority",))
            case "file of another authority of the same name":
                pem = 'authorities.namesake("authority").certificate_pem'
                return f'written("authority.pem", {pem})'
        given = call.authority_file
        if given is None:
            return None
        if given != AuthorityFile(given.authorities) or "the " in " ".join(given.authorities):
            raise NoScript("the form of the authority's file needs the suite")
        return self._authorities(given.authorities)

    def _authorities(self, names: tuple[str, ...]) -> str:
        pems = " + ".join(f"authorities.authority({one!r}).certificate_pem" for one in names)
        return f'written("authority.pem", {pems})'

    def _use(self, step: Use) -> str:
        session = f"sessions[{step.session!r}]"
        table = f"{session}.tables[{step.table!r}]"
        match step.action:
            case "list tables":
                return f"sorted({session}.tables)"
            case "get table":
                return f"({table}, None)[1]"
            case "columns":
                return f"list({table})"
            case "keys":
                return f"list({table}.keys)"
            case "add":
                return f"add({table}, {', '.join(self._row(step.table, row) for row in step.rows)})"
            case "head":
                return f"{table}.head({'' if step.n is None else step.n})"
            case "user":
                return f'{{"name": {session}.user.name, "roles": sorted({session}.user.roles)}}'
            case "url":
                return f"{session}.url"
            case "close":
                return f"{session}.close()"
            case "drop":
                return f"(sessions.pop({step.session!r}), None)[1]"
            case _:
                raise NoScript(f"the step {step.action!r} needs the suite")

    def _row(self, table: str, row: Row) -> str:
        types = [*self.types.get(table, []), *["String"] * len(row)]
        values = (_literal(to_python(one, kind)) for one, kind in zip(row, types, strict=False))
        return f"({', '.join(values)},)"

    def _own(self, step: Own) -> str:
        name = self.variable(step.target)
        match step.action:
            case "rows":
                return f"{name}.tables[{step.table!r}].rows"
            case "tables":
                return f"sorted({name}.tables)"
            case "add":
                rows = ", ".join(repr(tuple(row)) for row in step.rows)
                return f"{name}.tables[{step.table!r}].add({rows})"
            case "create table":
                spec = step.spec or TableSpec(step.table)
                return f"({', '.join(self._table(name, spec))}, None)[-1]"
            case "restart":
                return f"{name}.restart()"
            case "arm":
                return f"{name}.arm({step.fault or 'noop'!r})"
            case "set ready":
                return f'setattr({name}, "ready", {step.ready})'
            case "replace certificate" if step.chain:
                return f"{name}.replace_certificate({self.chain(step.chain)})"
            case "set roles" if step.user:
                roles = (
                    f"{{{', '.join(map(repr, step.user.roles))}}}" if step.user.roles else "set()"
                )
                return f"{name}.security.individual_roles.__setitem__({step.user.name!r}, {roles})"
            case "set password" if step.user:
                credentials = f"{name}.security.basic_authentication.credentials"
                return f"{credentials}.__setitem__({step.user.name!r}, {step.user.password!r})"
            case _:
                raise NoScript(f"the owner's step {step.action!r} needs the suite")


_WRITTEN = (
    *(None, "authority file not given", "file of another authority"),
    *("file of another authority of the same name", "unknown keyword", "no url", "url is None"),
    *("url is a number", "no host", "space in the host", "https to a plain port", "no scheme"),
    *("http to a TLS port", "scheme of another protocol", "port is no port"),
    "authentication by position",
)
"""Defects of a call that are written out in a script."""


class _Code(str):
    """Python, not a text."""

    def __repr__(self) -> str:
        return str(self)


def _call(name: str, **given: Any) -> str:
    special = {key: value for key, value in given.items() if value is not None}
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in special.items())})"


def _dict(values: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{key!r}: {_literal(one)}" for key, one in values.items()) + "}"


def _literal(value: Any) -> str:
    """``value`` as Python has it; moments by their text."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if hasattr(value, "isoformat"):
        return f"{type(value).__name__}.fromisoformat({value.isoformat()!r})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(one) for one in value)}]"
    return repr(value)
