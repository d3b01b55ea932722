"""A wrapper of two lines that offers ``connect`` alone, and says so."""

from __future__ import annotations

import json
from pathlib import Path

from run_reports import Judge

WRAPPER = """from connect_contracts.reference.v0_9_1 import connect as _connect
__connect_contract__ = {{"without": {without}}}
def connect(url, **given):
    _connect(url, **given).close()
    return object()
"""

CASES = {
    "CA-1[authority-given]": "passed",
    "CA-2[without-the-file]": "passed",
    "LIVE-1[names-of-the-tables]": "not applicable",
    "MTLS-1[two-files]": "not applicable",
    "SIG-4[a-session]": "not applicable",
}
DOCS = Path(__file__).parents[2] / "docs"
NOTHING = ["session", "client_certificate", "password_grant"]


def wrap(folder: Path, without: list[str]) -> None:
    (folder / "wrapper.py").write_text(WRAPPER.format(without=without))


def test_it_is_conformant_in_what_it_offers(judge: Judge, folder: Path) -> None:
    assert json.dumps(NOTHING) in (DOCS / "connect.md").read_text("utf-8")
    wrap(folder, NOTHING)
    done = judge("wrapper", *CASES, options=("--require-all",))
    assert (done.status, done.verdicts) == (0, CASES), done
    capabilities = done.report["capabilities"]
    assert capabilities["offered"] == ["authentication", "callable", "certificate_authority"]
    # In their place a callable is given.
    assert capabilities["found_missing"] == ["basic", "token"]
    assert {*NOTHING, "tables", "list_tables", "session_type"} <= {
        *capabilities["declared_missing"]
    }


def test_what_is_found_missing_is_in_the_report(judge: Judge, folder: Path) -> None:
    wrap(folder, ["client_certificate"])
    done = judge("wrapper", "CA-1[authority-given]", "LIVE-1[names-of-the-tables]")
    capabilities = done.report["capabilities"]
    assert capabilities["declared_missing"] == ["client_certificate"]
    assert {"tables", "head", "session_type"} <= {*capabilities["found_missing"]}
    assert "tables" not in capabilities["offered"]
    declaring = '__connect_contract__ = {"without": ["tables"]}'
    assert declaring in " ".join(done.out.split())


ADAPTER = """from connect_contracts import Implementation, PartMissing
from wrapper import connect

class Adapter(Implementation):
    subject = connect

    def list_tables(self, session):
        raise PartMissing("list_tables")
"""


def test_what_an_adapter_says_is_in_the_report(judge: Judge, folder: Path) -> None:
    wrap(folder, [])
    (folder / "adapter.py").write_text(ADAPTER)
    done = judge("adapter:Adapter", "CA-1[authority-given]", "LIVE-1[names-of-the-tables]")
    capabilities = done.report["capabilities"]
    assert capabilities["declared_missing"] == ["list_tables"]
    assert "tables" in capabilities["offered"]
