"""Pages whose text comes from the code: ``<!-- from code: NAME ARGUMENT... -->`` is a line of one.

The line is replaced by the Markdown that the function of this name returns. Nothing that it says is
kept in a file, so no page can say what the code does not.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sphinx.application import Sphinx

from from_code.commands import commands, document, plugin_options, printed, wrong
from from_code.contract import cases_of, clauses_of, evidence, laws, parts, sentences, verdicts
from from_code.fakes import defects, faults, fixtures
from from_code.protocol import (
    apis,
    conversation,
    data_types,
    endpoints,
    gateway_objects,
    graphql_schema,
    issuer,
    refusals,
    server_versions,
)
from from_code.schemas import schema

SOURCES: dict[str, Callable[..., str]] = {
    each.__name__: each
    for each in (
        *(cases_of, clauses_of, evidence, laws, parts, sentences, verdicts),
        *(defects, faults, fixtures),
        *(commands, document, plugin_options, printed, wrong),
        *(apis, conversation, data_types, endpoints, gateway_objects, graphql_schema),
        *(issuer, refusals, server_versions),
        schema,
    )
}
_LINE = re.compile(r"^<!-- from code: (.+) -->$", re.MULTILINE)


def replaced(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Put what the code says in the place of the lines that ask for it."""
    asked = [shlex.split(words) for words in _LINE.findall(source[0])]
    # Some start the command, which takes a second or two each.
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda words: SOURCES[words[0]](*words[1:]), asked))
    following = iter(texts)
    source[0] = _LINE.sub(lambda _: next(following), source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls to install the extension."""
    app.connect("source-read", replaced)
    return {"parallel_read_safe": True}
