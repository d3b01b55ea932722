"""The table of recipes: what implementations did, from their reports, and its three forms."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.recipe import (
    CRYPTOGRAPHY,
    OPENSSL_LENIENT,
    OPENSSL_STRICT,
    Answer,
    Recipe,
    cases_with_recipe,
    recipe,
)
from connect_contracts.report.tls_table.table import (
    WIDEST,
    Alerts,
    Did,
    Implementation,
    Row,
    Table,
    UnreadableReport,
    implementations,
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


ALERT_EXPIRED, ALERT_OTHER = "certificate_expired by client", "unknown_ca by client"
RAISED = "raised ssl.SSLError"


@pytest.fixture(scope="module")
def rows() -> list[Recipe]:
    return [recipe(case) for case in cases_with_recipe(catalogue())]


def report(path: Path, *profiles: str, **cases: dict[str, Any]) -> Path:
    """A report of a run for each profile, as ``run --json`` writes it, with these cases."""
    clause = {"id": "CA-12", "level": "implied", "verdict": "passed", "statement": "", "source": ""}
    same = {"clause": "CA-12", "level": "implied", "description": "", "verdict": "passed"}
    runs = [
        {
            "implementation": "client",
            "profile": profile,
            "because": "default",
            "depth": "full",
            "version": "0",
            "exit_status": 0,
            "summary": {"verdicts": {}, "levels": {}, "cases": {}, "evidence": {}},
            "clauses": [
                {**clause, "cases": [{"id": name, **same, **case} for name, case in cases.items()]}
            ],
        }
        for profile in profiles
    ]
    path.write_text(json.dumps(runs[0] if len(runs) == 1 else {"runs": runs}), encoding="utf-8")
    return path


def test_alerts_are_compared_and_counted(rows: list[Recipe], tmp_path: Path) -> None:
    cases = {
        "CA-1[authority-given]": ("returned a client.Session", None),
        "SIG-1[by-position]": ("returned a client.Session", None),
        "CA-12[leaf-expired]": (RAISED, ALERT_EXPIRED),
        "CA-12[intermediate-expired]": (RAISED, ALERT_OTHER),
        "CA-19[leaf-given-alone]": (RAISED, ALERT_OTHER),
        "MTLS-4[expired]": (RAISED, None),
    }
    did = {name: {"outcome": outcome, "alert": alert} for name, (outcome, alert) in cases.items()}
    [client] = implementations([report(tmp_path / "one.json", "6.2", **did)], rows)
    assert (client.name, client.depth) == ("client (6.2)", "full")
    assert client.did == {
        "CA-1[authority-given]": Did("passed", "returned a client.Session", None, None),
        "CA-12[leaf-expired]": Did("passed", RAISED, ALERT_EXPIRED, True),
        "CA-12[intermediate-expired]": Did("passed", RAISED, ALERT_OTHER, False),
        "CA-19[leaf-given-alone]": Did("passed", RAISED, ALERT_OTHER, None),
        "MTLS-4[expired]": Did("passed", RAISED, None, False),
    }
    alerts = client.alerts(rows)
    assert (alerts.refused, alerts.as_expected, len(alerts.different)) == (3, 1, 2)
    assert alerts.describe() == (
        "3 refused recipes, alert as expected in 1, different in 2: "
        "mtls13/expired (no alert, not certificate_expired by target), "
        "time/expired-intermediate (unknown_ca by client, not certificate_expired by client)"
    )


@pytest.mark.parametrize(
    ("did", "text"),
    [
        (Did("passed", RAISED, "a", True), f"{RAISED}; alert a, as expected"),
        (Did("passed", RAISED, "b", False), f"{RAISED}; alert b, and not a or c"),
        (Did("failed", "returned", None, False), "returned; no alert, and not a or c"),
        (Did("observed", RAISED, "b", None), f"{RAISED}; alert b"),
        (Did("passed", "returned", None, None), "returned"),
        (Did("not applicable", "", None, None), "not applicable"),
    ],
)
def test_in_words(did: Did, text: str) -> None:
    assert did.describe(["a", "c"]) == text


def test_several_runs_and_files(rows: list[Recipe], tmp_path: Path) -> None:
    both = report(tmp_path / "both.json", "0.9.1", "6.2")
    single = report(tmp_path / "one.json", "6.2")
    assert implementations([both, single], rows) == [
        Implementation("client (0.9.1)", "full", {}),
        Implementation("client (6.2), both.json", "full", {}),
        Implementation("client (6.2), one.json", "full", {}),
    ]


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"runs": [{}]}', b"\xff\xfe"])
def test_what_cannot_be_read(tmp_path: Path, rows: list[Recipe], content: bytes | None) -> None:
    path = tmp_path / "report.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableReport) as raised:
        implementations([path], rows)
    assert str(raised.value).startswith(f"{path} ")
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)


def test_an_old_report_without_outcomes_counts_no_alert(tmp_path: Path, rows: list[Recipe]) -> None:
    old = report(tmp_path / "old.json", "6.2", **{"CA-12[leaf-expired]": {}})
    [client] = implementations([old], rows)
    assert client.did == {"CA-12[leaf-expired]": Did("passed", "", None, None)}
    assert client.alerts(rows) == Alerts(0, 0, ())
