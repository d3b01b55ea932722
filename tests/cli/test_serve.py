"""``connect-contract serve``: a target for trying a client by hand."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import pytest

from connect_fixtures.cli import main
from connect_harness import DEFECTS, fault_kinds
from forked import Fork, piped
from user_modules import install_client


@dataclass
class Served:
    """The command while it serves: a fork, and what it printed until it was ready."""

    fork: Fork
    lines: IO[str]
    printed: str
    stopped: bool = False

    @property
    def url(self) -> str:
        found = re.search(r"https?://\S+", self.printed)
        assert found is not None
        return found[0]

    def stop(self, kind: signal.Signals = signal.SIGTERM, *, log: str = "") -> str:
        """Stop it; what it printed since it was ready. Standard error must match ``log``."""
        self.stopped = True
        os.kill(self.fork.pid, kind)
        printed = self.lines.read()
        done = self.fork.wait()
        assert done.returncode == 0
        assert re.fullmatch(log, done.stderr), done.stderr
        return printed


@contextmanager
def serving(*arguments: str) -> Iterator[Served]:
    """The command, once it serves."""

    def call() -> int:
        sys.path.append(os.getcwd())
        return main(["serve", *arguments])

    with piped(call) as (fork, lines):
        printed = ""
        for line in lines:
            printed += line
            if line.startswith(("Ctrl-C", "{")):
                break
        served = Served(fork, lines, printed)
        try:
            yield served
        finally:
            if not served.stopped:
                served.stop()


@pytest.mark.parametrize(
    ("kind", "options", "url", "played", "server_version"),
    [
        (
            signal.SIGINT,
            ("--base-path", "/below"),
            r"http://localhost:\d+/below",
            "atoti 0.9.16 (atoti-client 0.9.16 is installed)",
            "6.1.23",
        ),
        (
            signal.SIGTERM,
            ("--release", "0.9.12", "--host", "127.0.0.1"),
            r"http://127.0.0.1:\d+",
            "atoti 0.9.12 (--release)",
            "6.1.16",
        ),
    ],
    ids=["ctrl-c", "sigterm"],
)
def test_serves_what_was_asked_for_until_a_signal(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: signal.Signals,
    options: tuple[str, ...],
    url: str,
    played: str,
    server_version: str,
) -> None:
    install_client(folder, "0.9.16")
    with serving("--unsecure", *options) as served:
        assert re.match(f"An unsecured target session: {url}\n", served.printed)
        assert "session = connect(" in served.printed
        assert f"  it plays {played}\n" in served.printed
        with urllib.request.urlopen(f"{served.url}/versions/rest") as answer:
            assert f'"{server_version}"' in answer.read().decode()
        served.stop(kind)


@pytest.mark.parametrize("named", [True, False], ids=["named-folder", "temporary-folder"])
def test_no_key_stays_after_mutual_tls(
    folder: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("TMPDIR", str(folder))
    arguments = ("--client-certificate", "required", "--host", "127.0.0.1")
    with serving(*arguments, *(("--folder", "files") if named else ())) as served:
        assert served.url.startswith("https://127.0.0.1:")
        (authority,) = folder.rglob("authority.pem")
        files = authority.parent
        assert (files == folder / "files") == named
        key = files / "admin-key.pem"
        assert str(authority) in served.printed
        assert str(key) in served.printed
        assert key.stat().st_mode & 0o777 == 0o600
        context = ssl.create_default_context(cafile=str(authority))
        context.load_cert_chain(files / "admin-certificate.pem", key)
        with urllib.request.urlopen(f"{served.url}/versions/rest", context=context) as answer:
            assert answer.status == 200
        served.stop(signal.SIGHUP)
    assert not list(folder.rglob("*.pem"))
    assert not list(folder.glob("connect-*"))
    assert not named or list(files.iterdir()) == []


def test_under_nohup_it_goes_on_with_its_fault(folder: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    fault = "status 503 on GET */ping"
    try:
        with serving("--unsecure", "--fault", fault) as served:
            assert f"  fault: {fault}\n" in served.printed
            os.kill(served.fork.pid, signal.SIGHUP)
            with urllib.request.urlopen(f"{served.url}/versions/rest") as answer:
                assert answer.status == 200
            with pytest.raises(urllib.error.HTTPError, match="503"):
                urllib.request.urlopen(f"{served.url}/activeviam/pivot/rest/v9/ping")
            served.stop()
    finally:
        signal.signal(signal.SIGHUP, before)


NAMES = ("authority.pem", "admin-key.pem", "admin-certificate.pem", "user-key.pem")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_in_the_folder_is_not_touched(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    files = folder / "files"
    files.mkdir()
    (files / name).write_text("mine")
    assert main(["serve", "--client-certificate", "required", "--folder", "files"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"connect-contract: {files / name} is there already and is not replaced: "
        "remove it, or name another --folder.\n"
    )
    assert [(path.name, path.read_text()) for path in files.iterdir()] == [(name, "mine")]


DOCS = Path(__file__).parents[2] / "docs"
DATA = (DOCS / "examples" / "served.toml").read_text("utf-8")
NAMED = "[[users]]\nname = 'ann'\n"
NO_DEFECT = (
    "There is no defect 'leaf expird'. The nearest are 'leaf expired', 'intermediate expired', "
    "'authority expired'. All are in"
)
NO_FAULT = "There is no fault 'bodi'. All are in"
ANN = {"Authorization": "Basic " + base64.b64encode(b"ann:a password of ann's").decode()}


def ask(url: str, query: str) -> Any:
    body = json.dumps({"query": query}).encode()
    headers = {"Content-Type": "application/json", **ANN}
    request = urllib.request.Request(f"{url}/graphql", body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["data"]


def test_data_of_a_file_and_each_request_as_it_comes(folder: Path) -> None:
    (folder / "data.toml").write_text(DATA.replace('["ROLE_USER"', '["ROLE_USER", "ROLE_ADMN"'))
    with serving("--data=data.toml") as served:
        assert "  ann: ROLE_USER, ROLE_ADMN\n" in served.printed
        query = "{ dataModel { database { tables { name } } } }"
        assert "Cities" in json.dumps(ask(served.url, query))
        log = served.stop(log=r".* data.toml: .* 'ROLE_ADMN': is 'ROLE_ADMIN' meant\?\n")
    assert log == "  target[1] > POST /graphql\n  target[1] < 200 to ann\n"
    assert "a password" not in served.printed


def test_a_user_without_a_password_comes_with_a_certificate(folder: Path) -> None:
    (folder / "data.toml").write_text(NAMED)
    with serving("--data=data.toml", "--client-certificate=optional") as served:
        assert "  ann: no role\n" in served.printed
        assert "ann-certificate.pem" in served.printed


def test_a_redirect_leads_where_it_is_said(folder: Path) -> None:
    fault = "redirected by 307 to http://localhost:81 on GET */ping"
    with serving("--unsecure", "--fault", fault) as served:
        assert f"  fault: {fault}\n" in served.printed
        asked = http.client.HTTPConnection(urlsplit(served.url).netloc)
        asked.request("GET", "/activeviam/pivot/rest/v9/ping")
        with closing(asked), asked.getresponse() as answer:
            to = "http://localhost:81/activeviam/pivot/rest/v9/ping"
            assert (answer.status, answer.headers["Location"]) == (307, to)


def test_one_line_of_json_for_other_languages(folder: Path) -> None:
    options = ("--json", "--verbose", "--client-certificate=optional", "--defect=leaf expired")
    with serving(*options) as served:
        told = json.loads(served.printed)
        assert told["release"] == "0.9.1"
        assert told["users"][0] == {
            "name": "admin",
            "roles": ["ROLE_USER", "ROLE_ADMIN"],
            "password": "passwd",
        }
        assert told["tables"] == ["Example"]
        files = told["files"]
        admin = files["client_certificates"]["admin"]
        said = (DOCS / "fakes.md").read_text("utf-8")
        for names in (told, told["users"][0], files, admin):
            assert [name for name in names if f"`{name}`" not in said] == []
        context = ssl.create_default_context(cafile=files["certificate_authority"])
        context.load_cert_chain(admin["certificate"], admin["keyfile"])
        with pytest.raises(urllib.error.URLError, match="expired"):
            urllib.request.urlopen(told["url"], context=context)
        expired = r"(?s)  target\[1\] connected\n.*handshake failed.*certificate_expired.*"
        assert served.stop(log=expired) == ""


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_program_of_the_docs(folder: Path) -> None:
    program = [sys.executable, DOCS / "examples" / "served.py"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "6.2.2\n"), done.stderr


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("defect", [name for name in DEFECTS if DEFECTS[name].chain.purpose == "server"]),
        ("fault", list(fault_kinds())),
    ],
)
def test_it_lists_what_can_be_wrong(
    capsys: pytest.CaptureFixture[str], option: str, names: list[str]
) -> None:
    assert main(["serve", f"--{option}", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[::2] == names
    assert all(line.startswith("    ") for line in lines[1::2])


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("[[tabls]]", (), "--data data.toml does not describe users and tables: Object contains"),
        ("[[users]]\nnme = 'a'", (), "--data data.toml does not describe users and tables: Object"),
        ("[[tables]", (), "--data data.toml does not describe users and tables: Expected ']]'"),
        (DATA.replace("LocalDate", "Date"), (), "--data data.toml: There is no data type 'Date'."),
        (DATA.replace('"Oslo", ', ""), (), "--data data.toml: Table 'Cities' has 2 columns, and"),
        ("users = []", (), "--data data.toml: A secured target has users: add one, leave `users`"),
        (DATA + NAMED, (), "--data data.toml: There are two users 'ann': take one out."),
        (
            NAMED,
            (),
            "--data data.toml: The user 'ann' has no password: give one, or serve --client",
        ),
        (NAMED, ("--https",), "--data data.toml: The user 'ann' has no password: give one, or"),
        (
            DATA.replace('"ann"', '"a:n"'),
            ("--client-certificate=optional",),
            "--data data.toml: Basic authentication ends a user name at its first colon",
        ),
        (DATA, ("--fault=status 503 to http://localhost",), "'status 503' does not redirect: it"),
        (DATA, ("--fault=redirected by 302 to /a on GET *",), "A redirect leads to a URL without"),
        (DATA, ("--fault=redirected by 30 to http://a",), "There is no fault 'redirected by 30'."),
        (DATA, ("--fault=said to be gzip-codd",), "There is no fault 'said to be gzip-codd'. The"),
        (DATA, ("--unsecure",), "An unsecured target has no users: take them out of data.toml."),
        (None, (), "--data data.toml cannot be read: No such file or directory."),
        (DATA, ("--defect=leaf expird",), f"{NO_DEFECT} `connect-contract serve --defect list`"),
        (DATA, ("--fault=bodi",), f"{NO_FAULT} `connect-contract serve --fault list`"),
        (DATA, ("--defect=client certificate expired",), "'client certificate expired' is a def"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_sentence(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    options: tuple[str, ...],
    said: str,
) -> None:
    if content is not None:
        (folder / "data.toml").write_text(content)
    assert main(["serve", "--data=data.toml", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"connect-contract: {said}")


def test_users_and_a_port_that_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as served:
        assert "user / passwd: ROLE_USER\n" in served.printed
        assert "admin / passwd: ROLE_USER, ROLE_ADMIN\n" in served.printed
        assert "BasicAuthentication('admin', 'passwd')" in served.printed
        port = served.url.rpartition(":")[2]
        files = ["--client-certificate", "required", "--folder", "files"]
        for options in ([], files):
            assert main(["serve", *options, "--port", port]) == 2
            (line,) = capsys.readouterr().err.splitlines()
            assert line.startswith(f"connect-contract: Port {port} of localhost is in use already")
    # A target that does not start leaves no file.
    assert list((folder / "files").iterdir()) == []
