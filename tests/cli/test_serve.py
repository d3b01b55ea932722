"""``connect-contract serve``: a target for trying a client by hand."""

from __future__ import annotations

import re
import signal
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connect_fixtures.cli import main


@contextmanager
def serving(script: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command while it serves, and what it printed until it was ready."""
    with subprocess.Popen(
        [script, "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            printed = ""
            assert process.stdout is not None
            for line in process.stdout:
                printed += line
                if line.startswith("Ctrl-C"):
                    break
            yield process, printed
        finally:
            process.kill()


def url_in(printed: str) -> str:
    found = re.search(r"https?://\S+", printed)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    "kind",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP],
    ids=["ctrl-c", "sigterm", "sighup"],
)
def test_serves_until_told_to_stop(script: Path, folder: Path, kind: signal.Signals) -> None:
    with serving(script, "--unsecure", "--base-path", "/below") as (process, printed):
        with urllib.request.urlopen(f"{url_in(printed)}/versions/rest") as answer:
            assert answer.status == 200
        assert printed.startswith("An unsecured target session: http://localhost:")
        assert "session = connect(" in printed
        process.send_signal(kind)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert errors == ""


def test_mutual_tls_with_the_files_that_it_names(script: Path, folder: Path) -> None:
    arguments = ("--client-certificate", "required", "--folder", "files")
    with serving(script, *arguments) as (process, printed):
        files = folder / "files"
        assert str(files / "authority.pem") in printed
        key = files / "admin-key.pem"
        assert str(key) in printed
        assert key.stat().st_mode & 0o777 == 0o600
        context = ssl.create_default_context(cafile=str(files / "authority.pem"))
        context.load_cert_chain(files / "admin-certificate.pem", key)
        with urllib.request.urlopen(f"{url_in(printed)}/versions/rest", context=context) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert list(files.iterdir()) == []


def test_no_key_stays_in_the_temporary_folder(
    script: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(folder))
    with serving(script, "--client-certificate", "required") as (process, _):
        assert list(folder.rglob("admin-key.pem"))
        process.send_signal(signal.SIGHUP)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert not list(folder.rglob("*.pem"))
    assert not list(folder.glob("connect-*"))


def test_under_nohup_it_goes_on(script: Path, folder: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with serving(script, "--unsecure") as (process, printed):
            process.send_signal(signal.SIGHUP)
            with urllib.request.urlopen(f"{url_in(printed)}/versions/rest") as answer:
                assert answer.status == 200
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.returncode == 0


NAMES = ("authority.pem", "admin-key.pem", "admin-certificate.pem", "user-key.pem")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_in_the_folder_is_not_touched(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    files = folder / "files"
    files.mkdir()
    (files / name).write_text("mine")

    arguments = ["serve", "--client-certificate", "required", "--folder", "files"]
    assert main(arguments) == 2

    printed = capsys.readouterr()
    assert printed.err == (
        f"connect-contract: {files / name} is there already and is not replaced: "
        "remove it, or name another --folder.\n"
    )
    assert printed.out == ""
    assert [(path.name, path.read_text()) for path in files.iterdir()] == [(name, "mine")]


def test_users_and_a_port_that_is_taken(
    script: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(script) as (_, printed):
        assert "user / passwd: ROLE_USER\n" in printed
        assert "admin / passwd: ROLE_USER, ROLE_ADMIN\n" in printed
        assert "BasicAuthentication('admin', 'passwd')" in printed
        port = url_in(printed).rpartition(":")[2]
        assert main(["serve", "--port", port]) == 2
        sentence = capsys.readouterr().err
        files = ["--client-certificate", "required", "--folder", "files", "--port", port]
        assert main(["serve", *files]) == 2
    assert sentence.startswith(f"connect-contract: Port {port} of localhost is in use already")
    assert len(sentence.splitlines()) == 1
    # A target that does not start leaves no file.
    assert list((folder / "files").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--host", "0.0.0.0"), "A target listens on localhost, 127.0.0.1 or ::1, not on 0.0.0.0."),
        (("--port", "70000"), "70000 is no TCP port."),
        (("--base-path", "x"), "The base path is empty, or like /one/two."),
        (
            ("--release", "0.9.17"),
            "There is no release '0.9.17' (the nearest is 0.9.16); there are: ",
        ),
    ],
    ids=["host", "port", "path", "release"],
)
def test_what_cannot_be_served(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"connect-contract: {sentence}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_url_names_the_host_that_was_asked_for(script: Path, folder: Path, host: str) -> None:
    with serving(script, "--https", "--host", host) as (_, printed):
        assert url_in(printed).startswith(f"https://{host}:")


@pytest.mark.parametrize(
    ("arguments", "played", "server_version"),
    [
        ((), "atoti 0.9.16 (atoti-client 0.9.16 is installed)", "6.1.23"),
        (("--release", "0.9.12"), "atoti 0.9.12 (--release)", "6.1.16"),
    ],
    ids=["installed", "named"],
)
def test_the_release_of_the_installed_client_or_the_one_that_is_named(
    script: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    played: str,
    server_version: str,
) -> None:
    client = folder / "atoti_client-0.9.16.dist-info"
    client.mkdir()
    client.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\nName: atoti-client\nVersion: 0.9.16\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with serving(script, "--unsecure", *arguments) as (_, printed):
        assert f"  it plays {played}\n" in printed
        with urllib.request.urlopen(f"{url_in(printed)}/versions/rest") as answer:
            assert f'"{server_version}"' in answer.read().decode()
