"""Which files a target session reads for a client of its gateway."""

from __future__ import annotations

import base64
import json
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connect_harness import SecurityConfig, SessionConfig, TargetSession
from connect_harness.releases import DEFAULT, release
from connect_harness.server import FileRefused, HarnessError

pyarrow = pytest.importorskip("pyarrow")
py4j = pytest.importorskip("py4j.java_gateway")
Py4JJavaError = pytest.importorskip("py4j.protocol").Py4JJavaError


@contextmanager
def target(**options: Any) -> Iterator[TargetSession]:
    """A secure target session with one administrator and one table."""
    with TargetSession.start(SessionConfig(security=SecurityConfig()), **options) as session:
        session.create_table("Prices", data_types={"Value": "int"})
        session.security.basic_authentication.credentials["admin"] = "passwd"
        session.security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
        yield session


def load(session: TargetSession, path: Path) -> None:
    """Write one row to ``path``, and load it as the public client does."""
    table = pyarrow.table({"Value": pyarrow.array([7], pyarrow.int32())})
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, table.schema) as w:
        w.write_table(table)
    address = release(DEFAULT).rest_paths("atoti")[0]
    request = urllib.request.Request(f"{session.url}{address}/py4j/configuration")
    credentials = base64.b64encode(b"admin:passwd").decode()
    request.add_header("Authorization", f"Basic {credentials}")
    with urllib.request.urlopen(request) as answer:
        told = json.loads(answer.read())
    parameters = py4j.GatewayParameters(
        port=told["port"],
        auth_token=told["token"],
        auto_convert=True,
        # Else it asks for its objects' release when they are collected, after the target's end.
        enable_memory_management=False,
    )
    client = py4j.JavaGateway(gateway_parameters=parameters)
    try:
        options = {"absolutePath": str(path)}
        client.entry_point.api().loadDataSourceIntoStore("Prices", "ARROW", None, options, None)
    finally:
        client.close()


@pytest.mark.parametrize("folder", ["the file's", "another", "a link to the file's"])
def test_files_of_one_folder_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """By default that is the temporary folder; a refusal stands in the journal."""
    path = tmp_path / "rows.arrow"
    (tmp_path / "temporary").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    own = tmp_path if folder == "the file's" else tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    given = {"arrow_folder": tmp_path / "link"} if folder.startswith("a link") else {}
    with target(**given) as session:
        if folder != "another":
            load(session, path)
            assert session.tables["Prices"].rows == [(7,)]
            assert not session.journal.of(FileRefused)
            return
        with pytest.raises(Py4JJavaError):
            load(session, path)
        assert session.tables["Prices"].rows == []
        (refused,) = session.journal.of(FileRefused)
        assert (refused.target, str(path) in refused.reason) == ("target", True)
        assert not session.journal.of(HarnessError)
