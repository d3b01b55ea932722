"""How a reproduction script sees that it fails in the same way: the body of its ``fails()``."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from connect_contracts.capsules.capsule import Capsule
from connect_contracts.capsules.script_parts import NoScript
from connect_contracts.expectation import Gives, GivesRows, Raises
from connect_contracts.oracle import oracle
from connect_contracts.scenario import Basic, Call, Connect, Use
from connect_contracts.wire import HostNamed, KnownAs

INDENT = "    "


def check_of(capsule: Capsule) -> str:
    """The lines by which the script sees the failure of ``capsule`` again.

    Raises:
        NoScript: This kind of failure needs the suite to be seen.
    """
    return "\n".join(INDENT + line for line in _lines(capsule, capsule.step))


def _lines(capsule: Capsule, step: int) -> list[str]:
    match capsule.signature.kind:
        case "hang":
            return [f"return {step} in hung"]
        case "raised" | "another exception":
            name = (capsule.signature.exception or "").rpartition(".")[2]
            return [f"return type(raised.get({step})).__name__ == {name!r}"]
        case "returned":
            return [f"return {step} in returned"]
        case "another value":
            return _another_value(capsule, step)
        case "on the wire":
            return _on_the_wire(capsule, step, capsule.signature.demand or "")
        case "law":
            return _of_law(capsule, step)


def _expectation(capsule: Capsule, step: int) -> tuple[Any, ...]:
    said = oracle(capsule.scenario, capsule.profile)
    return next((one.alternatives for one in said if one.step == step - 1), ())


def _another_value(capsule: Capsule, step: int) -> list[str]:
    outcomes = [one.outcome for one in _expectation(capsule, step)]
    allowed = [one for one in outcomes if not isinstance(one, Raises)]
    if len(allowed) != 1:
        raise NoScript("of several values that are allowed only the suite can say which is wrong")
    (outcome,) = allowed
    match outcome:
        case Gives(value):
            return [f"return {step} in returned and plain(returned[{step}]) != {_plain(value)!r}"]
        case GivesRows():
            return _other_rows(outcome, step)
        case _:
            raise NoScript("what is wrong with what was returned needs the suite")


def _other_rows(outcome: GivesRows, step: int) -> list[str]:
    limit = "" if outcome.at_most is None else f"[:{outcome.at_most}]"
    wanted = [_plain(list(row)) for row in outcome.rows]
    lines = []
    if not outcome.of_owner:
        shape = [list(outcome.index), list(outcome.columns)]
        lines = [f"if {step} in returned and shape_of(returned[{step}]) != {shape!r}:"]
        lines += [f"{INDENT}return True"]
    lines += [
        f"expected = sorted(repr(plain(row)) for row in {wanted!r})",
        f"seen = rows_of(returned[{step}]) if {step} in returned else []",
    ]
    if outcome.at_most is not None and outcome.at_most < len(outcome.rows):
        return [
            *lines,
            f"return not set(seen) <= set(expected) or len(seen) != len(expected{limit})",
        ]
    return [*lines, "return seen != expected"]


def _plain(value: Any) -> Any:
    """As the script's ``plain`` has it."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return "NaN" if value is None else value


def _call(capsule: Capsule, step: int) -> Call:
    taken = capsule.scenario.steps[step - 1]
    session = taken.session if isinstance(taken, Connect | Use) else "session"
    opened = [one for one in capsule.scenario.steps[:step] if isinstance(one, Connect)]
    return next((one.call for one in reversed(opened) if one.session == session), Call())


def _on_the_wire(capsule: Capsule, step: int, demand: str) -> list[str]:
    demands = {type(one).__name__: one for each in _expectation(capsule, step) for one in each.wire}
    call = _call(capsule, step)
    spec = next(one for one in capsule.scenario.targets if one.name == call.target)
    base_path = quote(spec.base_path)
    match demand:
        case "NothingArrived":
            return [f"return bool(arrived({step}))"]
        case "NoHttpByte":
            return [f"return bool(requests({step}))"]
        case "FirstRequest":
            first = f"{base_path}/versions/rest"
            return [f"return [one.target for one in requests({step})][:1] != [{first!r}]"]
        case "BelowBasePath":
            return _astray(base_path, step)
        case "HostNamed" if isinstance(named := demands[demand], HostNamed):
            host = f"{named.host}:".lower()
            return [
                f'hosts = [header(one, "host").lower() for one in requests({step})]',
                f"return any(not one.startswith({host!r}) for one in hosts)",
            ]
        case "NoAuthorization":
            return [f'return any(header(one, "authorization") for one in requests({step}))']
        case "KnownAs" if isinstance(named := demands[demand], KnownAs):
            known = [None, named.username]
            return [
                f"known = [one.user for one in answers({step}) if one.status != 401]",
                f"return any(one != {known[1]!r} for one in known)",
            ]
        case "BasicPair" if isinstance(call.authentication, Basic):
            return _pairs(call.authentication, step)
        case "BearerToken":
            return [
                f'return any(header(one, "authorization").partition(" ")[2] not in tokens'
                f" for one in requests({step}))"
            ]
        case "NoChange":
            return [f"return any(one.change for one in answers({step}))"]
        case "RefusedWith":
            return [f"return any(one.status < 400 for one in answers({step}))"]
        case "Presents":
            return [f"return set(presented({step})) != {{certificates[-1]}}"]
        case "PresentsNothing":
            return [f"return bool(presented({step}))"]
        case _:
            raise NoScript(f"whether the demand {demand} holds needs the suite to be seen")


def _astray(base_path: str, step: int) -> list[str]:
    start = f"{base_path}/"
    return [f"return any(not one.target.startswith({start!r}) for one in requests({step}))"]


def _pairs(given: Basic, step: int) -> list[str]:
    wanted = f"{given.username}:{given.password}".encode()
    return [
        f"pairs = [pair(one) for one in requests({step})]",
        f"return any(one not in (None, {wanted!r}) for one in pairs)",
    ]


def _of_law(capsule: Capsule, step: int) -> list[str]:
    call = _call(capsule, step)
    spec = next(one for one in capsule.scenario.targets if one.name == call.target)
    match capsule.law, capsule.clause:
        case "no-secret", clause if clause != "AUTH-11":
            return [f"return bool(requests({step}))"]
        case "as-given", "URL-2":
            return _astray(quote(spec.base_path), step)
        case "as-given", "AUTH-3" if isinstance(call.authentication, Basic):
            return _pairs(call.authentication, step)
        case "as-given", "AUTH-9":
            return _on_the_wire(capsule, step, "BearerToken")
        case "as-given", "MTLS-2":
            return _on_the_wire(capsule, step, "Presents")
        case (("reads-what-was-written" | "refused-change"), _) if _expectation(capsule, step):
            return _another_value(capsule, step)
        case _:
            raise NoScript(f"whether the law {capsule.law} holds needs the suite to be seen")
