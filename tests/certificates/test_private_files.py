"""A private key lies in a file only for as long as somebody reads it, for its owner alone."""

from __future__ import annotations

import os
import ssl
import stat
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from connect_harness.certificates import Authorities, Chain, load_into, private_key_file

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="files in memory are Linux's")


def refuse(*_: object, **__: object) -> int:
    raise OSError("no such thing here")


@pytest.fixture(params=[pytest.param("memory", marks=LINUX), "disk"])
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of temporary files, with and without files in memory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if request.param == "disk":
        monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
    return tmp_path


def test_it_is_its_owners_alone_and_gone_afterwards(folder: Path) -> None:
    with private_key_file(b"secret") as path:
        # Read twice: who opens it anew starts at its beginning.
        assert Path(path).read_bytes() == Path(path).read_bytes() == b"secret"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert not os.path.exists(path)
    assert list(folder.iterdir()) == []


def test_it_is_gone_after_an_exception(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), private_key_file(b"secret") as path:
        raise ZeroDivisionError
    assert not os.path.exists(path)
    assert list(folder.iterdir()) == []


@LINUX
def test_on_linux_nothing_touches_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_into(context, Authorities().issue(Chain()))


@LINUX
def test_where_the_memory_file_has_no_path_the_disk_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with private_key_file(b"secret") as path:
        assert tmp_path in Path(path).parents
    assert len(os.listdir("/proc/self/fd")) == open_before


def test_a_context_takes_chain_and_key_from_it(folder: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_into(context, Authorities().issue(Chain(intermediates=1)))
    assert list(folder.iterdir()) == []


def test_what_the_context_refuses_leaves_no_file(folder: Path) -> None:
    issue = Authorities().issue
    mismatched = replace(issue(Chain()), private_key_pem=issue(Chain()).private_key_pem)
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), mismatched)
    assert list(folder.iterdir()) == []
