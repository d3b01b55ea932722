"""What a fake target session speaks: endpoints, GraphQL, the Py4J gateway, values of columns."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connect_harness import protocols
from connect_harness.protocols import application, py4j
from connect_harness.protocols.py4j.objects import Bean, Constant, Remote
from connect_harness.protocols.routing import Handler, segments
from connect_harness.releases import NEWEST, RELEASES, Release
from connect_harness.state import DATA_TYPES
from from_code.exchanges import FILE
from from_code.markdown import block, code, rst, table, text

_WIDTH = 100
VALUES: Mapping[str, tuple[Any, ...]] = {
    "boolean": (True,),
    "double": (1.5, 2, "NaN", "Infinity", "-Infinity"),
    "double[]": ([1.5, "NaN"],),
    "float": (1.5, "NaN"),
    "float[]": ([1.5],),
    "int": (-7,),
    "int[]": ([1, 2],),
    "LocalDate": ("2026-01-31",),
    "LocalDateTime": ("2026-01-31T12:30:00", "2026-01-31T12:30:00.123"),
    "LocalTime": ("12:30:00",),
    "long": (9007199254740993,),
    "long[]": ([1, 2],),
    "Object": (),
    "String": ("foo",),
    "ZonedDateTime": ("2026-01-31T12:30:00+01:00[Europe/Paris]",),
}
"""Values of each data type as JSON. A session takes each, or the page is not built."""


def apis() -> str:
    """Every version of every API, where it is, and which releases have it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for release in RELEASES.values():
        for name, versions in release.apis.items():
            for version in versions:
                key = (code(name), code(version.id), code(version.rest_path))
                found.setdefault(key, []).append(release.name)
    rows = [(*key, _releases(names)) for key, names in found.items()]
    return table(["API", "id", "restPath", "releases"], rows)


def server_versions() -> str:
    """The server version of each release."""
    rows = [(release.name, release.server_version) for release in RELEASES.values()]
    return table(["release", "serverVersion"], rows)


def _releases(names: list[str]) -> str:
    known = list(RELEASES)
    if names == known:
        return "all"
    first, last = known.index(names[0]), known.index(names[-1])
    assert names == known[first : last + 1], "A release in between has it not."
    return f"from {names[0]}" if names[-1] == known[-1] else f"{names[0]} to {names[-1]}"


def endpoints() -> str:
    """Every endpoint of every release, with recorded exchanges."""
    return "".join(endpoint(handler, forms) for handler, forms in endpoints_by_handler().items())


Forms = dict[tuple[str, str], list[str]]
"""Methods and paths of an endpoint, with the releases that have them."""


def endpoints_by_handler() -> dict[Handler, Forms]:
    """The endpoints of all releases, by the function that answers them."""
    found: dict[Handler, Forms] = {}
    for release in RELEASES.values():
        for route in application.routes(release):
            forms = found.setdefault(route.handler, {})
            releases = forms.setdefault((route.method, _form(route.template, release)), [])
            if release.name not in releases:
                releases.append(release.name)
    return found


def _form(template: str, release: Release) -> str:
    """A path with the name of the API in place of its ``restPath``."""
    for name in release.apis:
        for path in release.rest_paths(name):
            if template == path or template.startswith(f"{path}/"):
                return f"<{name}>{template.removeprefix(path)}"
    return template


def endpoint(handler: Handler, forms: Forms) -> str:
    """An endpoint: what it is for, where it is, who may, and what was answered."""
    heading = " or ".join(dict.fromkeys(method for method, _ in forms))
    paths = list(dict.fromkeys(path for _, path in forms))
    change = any(
        route.change for route in application.routes(RELEASES[NEWEST]) if route.handler is handler
    )
    who = "those who may change the session" if change else "every user who is let in"
    also = "".join(f", also at {code(path)}" for path in paths[1:])
    releases = "; ".join(dict.fromkeys(map(_releases, forms.values())))
    facts = f"Releases: {releases}{also}. For {who}.\n"
    shown = "".join(block("text", told(one)) for one in exchanges_of(handler))
    return f"### {heading} {text(paths[0])}\n\n{rst(described(handler))}\n{facts}\n{shown}\n"


def described(what: object) -> str:
    """Its own docstring, or nothing."""
    return inspect.cleandoc(getattr(what, "__doc__", None) or "")


def exchanges_of(handler: Handler) -> Iterator[Mapping[str, Any]]:
    """The recorded exchanges with an endpoint."""
    for exchange in _recorded()["endpoints"]:
        method, target = exchange["request"].split(" ")
        router = application.router(RELEASES[exchange["release"]])
        route, _ = router.find(method, segments(target.partition("?")[0]))
        if route.handler is handler:
            yield exchange


def _recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def told(exchange: Mapping[str, Any]) -> str:
    """An exchange as text."""
    user = exchange["user"] or "nobody"
    # An issuer is of no release.
    release = f"release {exchange['release']}, " if "release" in exchange else ""
    sent = [f"{exchange['request']}    ({release}by {user})"]
    headers = exchange["headers"]
    others = [f"{name}: {value}" for name, value in headers.items() if name != "content-type"]
    answered = [f"{exchange['status']} {headers.get('content-type', 'without a body')}", *others]
    answer = exchange["answer"]
    return "\n".join([*sent, *_body(exchange["body"]), "", *answered, *_body(answer)])


def _body(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict) and "query" in body:
        yield from (f"{name}: {_inline(given)}" for name, given in body.items() if given)
    elif body is not None:
        short = _inline(body)
        yield short if len(short) <= _WIDTH else json.dumps(body, ensure_ascii=False, indent=1)


def _inline(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def refusals() -> str:
    """What every endpoint answers to who may not ask, and to what is not there."""
    return "".join(block("text", told(one)) for one in _recorded()["refusals"])


def issuer() -> str:
    """What an issuer of tokens answers."""
    return "".join(block("text", told(one)) for one in _recorded()["issuer"])


def graphql_schema() -> str:
    """The schema, as it stands in the file that targets execute."""
    schema = Path(str(protocols.__file__)).with_name("schema.graphql")
    # The highlighter of GraphQL does not know descriptions.
    return block("text", schema.read_text("utf-8"))


def conversation() -> str:
    """The recorded conversation with a Py4J gateway."""
    lines = (f"> {command}\n< {reply}" for command, reply in _recorded()["commands"])
    return block("text", "\n".join(lines))


def gateway_objects() -> str:
    """Every object that a Py4J client finds on the session, with its methods."""
    return "".join(_object(kind) for kind in remotes())


def remotes() -> list[type[Remote]]:
    """The classes of those objects."""
    # What is imported with the gateway is what it serves; a test may have objects of its own.
    served = [kind for kind in Remote.__subclasses__() if kind.__module__.startswith(py4j.__name__)]
    return [kind for kind in served if kind not in (Bean, Constant)]


def methods_of(kind: type[Remote]) -> dict[str, Any]:
    """The methods that a client may call, by their names in Java."""
    found = {
        name: each
        for name, each in vars(kind).items()
        if not name.startswith("_") and inspect.isfunction(each)
    }
    return {_java_name(name): each for name, each in found.items()}


def _java_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _object(kind: type[Remote]) -> str:
    methods = "".join(
        f"* {code(f'{name}({_parameters(method)})')} {_first(described(method))}\n"
        for name, method in methods_of(kind).items()
    )
    return f"### {kind.__name__}\n\n{rst(described(kind))}\n{methods}\n"


def _parameters(method: Any) -> str:
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return ", ".join(
        "..." if each.kind is each.VAR_POSITIONAL else _java_name(each.name.strip("_"))
        for each in parameters
    )


def _first(description: str) -> str:
    return text(description.partition("\n\n")[0])


def data_types() -> str:
    """Every data type of columns with values as JSON, and its own default."""
    rows = []
    for kind in DATA_TYPES.values():
        examples = VALUES[kind.name]
        for value in examples:
            kind.check(value)
        default = code(json.dumps(kind.check(None) if kind.default is None else kind.default))
        shown = ", ".join(code(json.dumps(value)) for value in examples)
        rows.append((code(kind.name), code(kind.graphql_name), shown, default))
    return table(["data type", "in GraphQL", "values", "default"], rows)
