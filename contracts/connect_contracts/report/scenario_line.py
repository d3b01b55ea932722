"""A scenario in one line, for a reader who has never seen its code; it tells no password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from connect_contracts.execution.call_defects.registry import CALL_DEFECTS
from connect_contracts.model.actions import ACTIONS, OWNER_ACTIONS
from connect_contracts.model.scenario import (
    ADMIN,
    Authentication,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    PasswordGrant,
    Row,
    Scenario,
    Step,
    TargetSpec,
    Together,
    Token,
    Use,
)
from connect_contracts.model.target_spec import ANOTHER_RELEASE
from connect_harness.certificates import Chain

_NAMED = {
    "{stranger}": "the file of another authority",
    "{authority}": "the authority's file",
    "{proxy}": "the target proxy",
}


def scenario_line(scenario: Scenario) -> str:
    """What is done in ``scenario``, targets first, then the steps in order."""
    targets = ", ".join(_target(target) + _called(target.name) for target in scenario.targets)
    types = {table.name: table.data_types for spec in scenario.targets for table in spec.tables}
    numbered = enumerate(scenario.steps, 1)
    steps = "; ".join(f"({number}) {_step(step, types)}" for number, step in numbered)
    around = "".join(
        f", {name} naming {_NAMED[value]}" if value in _NAMED else f", {name}={value}"
        for name, value in scenario.surroundings
    )
    if scenario.netrc is not None:
        around += f", .netrc having {scenario.netrc} for the host"
    if scenario.trusted:
        around += f", the implementation's own store trusting {' and '.join(scenario.trusted)}"
    fresh = ", in a fresh interpreter" if scenario.isolation == "process" else ""
    fresh += " that is looked at around each step" if scenario.inspects else ""
    return f"On {targets}{around}{fresh}: {steps}"


def _called(name: str) -> str:
    return "" if name == TargetSpec().name else f" called {name!r}"


def _target(spec: TargetSpec) -> str:
    parts = [f"{'a secure' if spec.secure else 'an unsecured'} target over {spec.scheme.upper()}"]
    if spec.scheme == "https":
        parts += _chain(spec.chain)
        if spec.tls is not None:
            parts.append(f"TLS {spec.tls} alone")
        if spec.ciphers is not None:
            parts.append(f"cipher suites with {spec.ciphers} alone")
        if spec.alpn != TargetSpec().alpn:
            parts.append(f"application protocols {', '.join(spec.alpn)}")
        if spec.server_name_unrecognised:
            parts.append("no server name recognised")
    if spec.client_certificate is not None:
        parts.append(f"client certificate {spec.client_certificate}")
    if spec.checks_revocation:
        parts.append("revoked client certificates refused")
    if spec.base_path:
        parts.append(f"the base path {spec.base_path}")
    if spec.release is not None:
        another = spec.release == ANOTHER_RELEASE
        parts.append(spec.release if another else f"release {spec.release}")
    if spec.application != "Python":
        parts.append(f"started in {spec.application}")
    if spec.issuer is not None:
        path = f" at {spec.issuer.path}" if spec.issuer.path else ""
        wrong = "" if spec.issuer.answers == "tokens" else f" that answers {spec.issuer.answers}"
        parts.append(f"an issuer of tokens{path}{wrong}")
    if not spec.ready:
        parts.append("not ready")
    return f"{parts[0]} ({', '.join(parts[1:])})" if parts[1:] else parts[0]


LONGEST_LIST = 4
"""Names of a certificate that are listed one by one."""


def _chain(chain: Chain) -> list[str]:
    parts = []
    if chain.authority != Chain().authority:
        parts.append(f"a certificate of {chain.authority}")
    if chain.cross_signed_by is not None:
        parts.append(f"its authority cross-signed by {chain.cross_signed_by}")
    if chain.intermediates:
        parts.append(f"{chain.intermediates} intermediate(s)")
    if chain.names != Chain().names:
        parts.append(f"a certificate for {_names(chain.names)}")
    if chain.key != Chain().key:
        parts.append(f"a key of {chain.key}")
    if chain.defect is not None:
        parts.append(f"the defect {chain.defect!r} in its certificate")
    return parts


def _names(names: tuple[str, ...]) -> str:
    if len(names) > LONGEST_LIST:
        return f"{len(names)} names, the last of them {names[-1]}"
    return ", ".join(names) or "no name"


Types = Mapping[str, Sequence[tuple[str, str]]]
"""The columns of each table, with their data types."""


def _step(step: Step, types: Types) -> str:
    match step:
        case Connect():
            return _connect(step)
        case Use():
            return _use(step, types)
        case Own():
            return _own(step)
        case Together(branches):
            texts = (" then ".join(_step(inner, types) for inner in branch) for branch in branches)
            return "together " + " and ".join(f"[{branch}]" for branch in texts)


def _connect(step: Connect) -> str:
    call = step.call
    parts = [f"connect{_of(step.session)}", *_call(call)]
    parts += [f"{step.times} times"] if step.times > 1 else []
    parts += ["interrupted while a target holds an answer"] if step.interrupted else []
    return " ".join(parts)


def _call(call: Call) -> list[str]:
    who, file = call.authentication, call.authority_file
    words = {"url": f"to {call.host}"}
    if who is not None:
        words["authentication"] = f"as {_who(who)}"
    if file is not None:
        words["certificate_authority"] = f"with {_file(file)}"
    if defect := CALL_DEFECTS.get(call.defect or ""):
        user = _who(who if isinstance(who, PasswordGrant) else Basic(_name(who)))
        given = defect.text.format(host=call.host, who=who and _who(who), user=user)
        words[defect.argument] = given
        if defect.argument == "authentication" and file is not None:
            words["certificate_authority"] = f"and {words['certificate_authority']}"
    arguments = ("url", "authentication", "certificate_authority", "keywords")
    parts = [words[name] for name in arguments if name in words]
    if call.userinfo:
        parts.append("with credentials in the URL")
    if call.subclass:
        parts.append("on a subclass")
    if call.event_loop:
        parts.append("within a running event loop")
    if call.defect is not None and defect is None:
        parts.append(f"but with the defect {call.defect!r}")
    return parts


def _name(authentication: Authentication | None) -> str:
    return getattr(authentication, "username", ADMIN.name)


def _who(authentication: Authentication) -> str:
    match authentication:
        case Basic(username):
            return f"{username} (Basic)"
        case Token(username):
            return f"{username} (token)"
        case Callback(username):
            return f"{username} (callable)"
        case PasswordGrant(username, _, scopes):
            asked = f" for {', '.join(scopes)}" if scopes else ""
            return f"{username} (password grant{asked})"
        case Certificate(chain, layout, key_format):
            written = f", the key in {key_format}" if key_format != Certificate().key_format else ""
            below = f" below {chain.intermediates} intermediate(s)" if chain.intermediates else ""
            defect = f" with the defect {chain.defect!r}" if chain.defect else ""
            return f"{chain.subject} (client certificate{below} in {layout}{written}{defect})"


def _file(file: AuthorityFile) -> str:
    if file == AuthorityFile():
        return "the authority's file"
    special: list[str] = [word for word in (file.layout, file.naming) if word != "plain"]
    if file.place is not None:
        special.append(f"at {file.place}")
    return f"the file of {', '.join(file.authorities)}" + "".join(f" ({what})" for what in special)


def _use(step: Use, types: Types) -> str:
    n = "" if step.n is None else step.n
    rows = _rows(step.rows, types.get(step.table, ()))
    text = ACTIONS[step.action].text.format(table=step.table, rows=rows, n=n)
    return text + _of(step.session)


MOST_ROWS, MOST_COLUMNS, LONGEST_VALUE = 2, 4, 40
"""Rows that are written out, columns of each, and characters of a value."""


def _rows(rows: Sequence[Row], columns: Sequence[tuple[str, str]]) -> str:
    """The first rows, each value with the name and the data type of its column."""
    texts = [_row(row, columns) for row in rows[:MOST_ROWS]]
    left = len(rows) - MOST_ROWS
    more = f" and {left} more" if left > 0 else ""
    return f"{'the row' if len(rows) == 1 else 'the rows'} {' and '.join(texts)}{more}"


def _row(row: Row, columns: Sequence[tuple[str, str]]) -> str:
    values = []
    for value, column in zip_longest(row[:MOST_COLUMNS], columns[: len(row)][:MOST_COLUMNS]):
        text = repr(value)
        short = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."
        values.append(short if column is None else f"{column[0]}={short} ({column[1]})")
    left = len(row) - MOST_COLUMNS
    return ", ".join([*values, *([f"{left} more columns"] if left > 0 else [])])


def _own(step: Own) -> str:
    kind = OWNER_ACTIONS[step.action]
    if kind.needs is not None and getattr(step, kind.needs) is None:
        return f"the owner: {step.action}"
    presented = _chain(step.chain) if step.chain else []
    return kind.text.format(
        table=step.table,
        fault=step.fault,
        schedule=_schedule(step),
        user=step.user and step.user.name,
        roles=", ".join(step.user.roles if step.user else ()) or "none",
        chain=", ".join(presented) or "a certificate of the same authority",
    )


_REQUESTS = {
    "versions": "",
    "later": " on every request but that for the versions document",
    "changes": " on every request that asks for a change",
    "any": " on every request",
    "tokens": " on every request for a token",
}


def _schedule(step: Own) -> str:
    """On which requests a fault is armed, and how often."""
    parts = [_REQUESTS[step.requests]]
    if step.first > 1:
        parts.append(f", from number {step.first} on")
    if step.times is not None:
        parts.append(", once" if step.times == 1 else f", {step.times} times")
    if step.to is not None:
        parts.append(f", to the target {step.to!r}")
    if step.releases:
        parts.append(f", to be released when it holds {step.times or 1} answer(s)")
    return "".join(parts)


def _of(session: str) -> str:
    return "" if session == "session" else f" ({session})"
