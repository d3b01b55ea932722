"""The table of recipes, in its three forms."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from rich.console import Console

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.recipe import (
    CRYPTOGRAPHY,
    OPENSSL_LENIENT,
    OPENSSL_STRICT,
    Answer,
    recipe,
)
from connect_contracts.report.tls_table.table import (
    WIDEST,
    Did,
    Implementation,
    Row,
    Table,
    json_text,
    markdown,
    show_recipes,
)

EXPIRED = replace(
    recipe(catalogue().cases["CA-12[leaf-expired]"]),
    description="The leaf | of *.example.test expired [long ago].",
)
HELLO = replace(recipe(catalogue().cases["CA-19[hello-for-a-name]"]), description="word " * 100)
ANSWERS = {
    OPENSSL_LENIENT: Answer(False, "certificate has expired", 10),
    OPENSSL_STRICT: Answer(True),
    CRYPTOGRAPHY: Answer(False, "cert is not valid at validation time"),
}
CLIENT = Implementation(
    "client (6.2)",
    "full",
    {"CA-12[leaf-expired]": Did("passed", "raised ssl.SSLError", "unknown_ca by client", False)},
)
TABLE = Table((Row(HELLO, {}), Row(EXPIRED, ANSWERS)), (CLIENT,))
COUNTED = (
    "client (6.2): 1 refused recipes, alert as expected in 0, different in 1: "
    "time/expired (unknown_ca by client, not certificate_expired by client)"
)


def shown(width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_recipes(console, TABLE)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_table_in_a_file_is_not_cut() -> None:
    head, *rows, last = shown(WIDEST).splitlines()
    assert head.split()[:6] == ["recipe", "case", "what", "it", "is", "rule"]
    assert len(rows) == 2
    assert HELLO.description.strip() in rows[0]
    assert all(part in rows[1] for part in (EXPIRED.description, "refused: V10 certificate has"))
    assert "raised ssl.SSLError; alert unknown_ca by client, and not certificate_exp" in rows[1]
    assert last == COUNTED


def test_a_narrow_terminal_loses_no_letter() -> None:
    narrow = shown(100)
    assert "…" not in narrow
    assert narrow.count("word") == 100
    assert COUNTED in narrow.splitlines()


def test_markdown() -> None:
    lines = markdown(TABLE).splitlines()
    assert lines[0] == (
        "| recipe | case | what it is | rule | expected | depth | OpenSSL lenient | OpenSSL strict "
        "| cryptography | client (6.2) |"
    )
    assert lines[1] == "|" + " --- |" * 10
    assert lines[2].endswith("| - | observe | default | - | - | - | - |")
    assert lines[3] == (
        "| time/expired | CA-12[leaf-expired] | The leaf \\| of \\*.example.test expired "
        "[long ago]. | RFC 5280 6.1.3 (a)(2) | refused, certificate\\_expired by client | default "
        "| refused: V10 certificate has expired | accepted "
        "| refused: cert is not valid at validation time "
        "| raised ssl.SSLError; alert unknown\\_ca by client, and not certificate\\_expired by "
        "client |"
    )
    assert lines[4:] == ["", COUNTED.replace("_", "\\_")]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("for ``*.other|test``, a_b", "for ``*.other\\|test``, a\\_b"),
        ("<b>`x`", "\\<b>\\`x\\`"),
        ("a\\b\nc", "a\\\\b c"),
    ],
)
def test_markdown_keeps_code_and_escapes_the_rest(text: str, marked: str) -> None:
    row = Row(replace(EXPIRED, description=text), {})
    [_, _, line] = markdown(Table((row,), ())).splitlines()
    assert f" | {marked} | " in line


def test_json() -> None:
    whole = json.loads(json_text(TABLE))
    hello, expired = whole["recipes"]
    assert [hello[key] for key in ("id", "expected", "answers")] == [
        "proto/hello-for-a-name",
        "observe",
        {},
    ]
    assert expired["alerts"] == ["certificate_expired by client"]
    assert expired["answers"]["OpenSSL lenient"] == {
        "accepted": False,
        "reason": "certificate has expired",
        "verify_code": 10,
    }
    [client] = whole["implementations"]
    assert client["did"]["CA-12[leaf-expired]"]["as_expected"] is False
    different = ["time/expired (unknown_ca by client, not certificate_expired by client)"]
    assert client["alerts"] == {"refused": 1, "as_expected": 0, "different": different}


@pytest.mark.parametrize("form", [markdown, json_text])
def test_no_recipe_at_all(form: Callable[[Table], str]) -> None:
    empty = form(Table((), ()))
    assert "recipe" in empty
    assert "CA-12" not in empty
