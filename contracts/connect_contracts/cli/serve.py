"""``connect-contract serve``: a target session of its own, to try a client on by hand."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from connect_contracts.calling.client_files import ClientFiles
from connect_contracts.cli.trouble import CommandError
from connect_contracts.example import USERS, furnish
from connect_contracts.reports.output import echo
from connect_harness.temporary import temporary_folder

if TYPE_CHECKING:
    from connect_harness import SessionConfig, TargetSession
    from connect_harness.played import PlayedRelease
    from connect_harness.releases import Release

PolicyName = Literal["optional", "required"]


@dataclass(frozen=True)
class Asked:
    """What target is asked for."""

    secure: bool
    https: bool
    client_certificate: PolicyName | None
    host: str
    port: int
    base_path: str

    def config(self) -> SessionConfig:
        """The same in the documented words.

        Raises:
            CommandError: It cannot be had together.
        """
        from connect_harness import (
            ClientCertificateConfig,
            HttpsConfig,
            SecurityConfig,
            SessionConfig,
        )

        if not self.secure and (self.https or self.client_certificate):
            raise CommandError("An unsecured target speaks plain HTTP: leave --unsecure out.")
        clients = None
        if self.client_certificate is not None:
            clients = ClientCertificateConfig(required=self.client_certificate == "required")
        https = HttpsConfig(domain=self.host) if self.https or clients else None
        security = SecurityConfig(https=https, client_certificate=clients)
        try:
            return SessionConfig(
                security=security if self.secure else None,
                port=self.port,
                base_path=self.base_path,
            )
        except ValueError as error:
            raise CommandError(str(error)) from error


@click.command("serve")
@click.option("--secure/--unsecure", default=True, help="With users, or open to everybody.")
@click.option("--https", is_flag=True, help="With a certificate of a private authority.")
@click.option(
    "--client-certificate",
    type=click.Choice(["optional", "required"]),
    help="Ask clients for a certificate (implies --https).",
)
@click.option("--port", default=0, help="Its TCP port; a free one by default.")
@click.option("--host", default="localhost", show_default=True, help="Where it listens.")
@click.option("--base-path", default="", help="Serve everything below this path.")
@click.option(
    "--release",
    help="The public release that it plays; that of the atoti-client installed by default.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the files that a client needs are until it stops; a temporary one by default.",
)
def serve(
    secure: bool,
    https: bool,
    client_certificate: PolicyName | None,
    port: int,
    host: str,
    base_path: str,
    release: str | None,
    folder: Path | None,
) -> None:
    """Start a target session, and stop it on Ctrl-C."""
    asked = Asked(secure, https, client_certificate, host, port, base_path)
    config = asked.config()
    stopped = threading.Event()
    with ExitStack() as stack:
        stack.enter_context(_stopped_by_signals(stopped))
        played = _played(release)
        given, arguments = None, _arguments(asked, None)
        if config.security is not None and config.security.https is not None:
            given, arguments = stack.enter_context(_files(asked, folder))
        session = stack.enter_context(_started(config, host, played.release))
        furnish(session, secure=secure)
        echo(f"{'A secure' if secure else 'An unsecured'} target session: {session.url}")
        echo(f"  it plays {played}")
        if secure:
            _tell_users()
        if given is not None:
            echo(f"  files for clients: {given}")
        _tell_call(session.url, arguments)
        echo("Ctrl-C stops it.")
        stopped.wait()


def _tell_users() -> None:
    for user in USERS:
        echo(f"  {user.name} / {user.password}: {', '.join(user.roles)}")


def _tell_call(url: str, arguments: list[str]) -> None:
    lines = "".join(f"    {one},\n" for one in [repr(url), *arguments])
    paths = "  from pathlib import Path\n\n" if "Path(" in lines else ""
    echo(f"\n{paths}  session = connect(\n{lines}  )\n")


def _arguments(asked: Asked, files: ClientFiles | None) -> list[str]:
    """What a client has to give besides the URL, as it is written; files are written for it."""
    if not asked.secure:
        return []
    found = ["authentication=BasicAuthentication('admin', 'passwd')"]
    if files is None:
        return found
    if asked.client_certificate is not None:
        for user in USERS:
            given = files.client_certificate(user.name)
            found = [
                f"authentication=ClientCertificate(Path({str(given.certificate)!r}), "
                f"keyfile=Path({str(given.keyfile)!r}))"
            ]
    return [*found, f"certificate_authority=Path({str(files.certificate_authority)!r})"]


@contextmanager
def _files(asked: Asked, folder: Path | None) -> Iterator[tuple[Path, list[str]]]:
    """The files of clients, and the arguments that name them; they go when the target stops.

    Raises:
        CommandError: They cannot be written, or something of their names is there already.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = stack.enter_context(temporary_folder())
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"--folder {folder} cannot be made: {error.strerror}.") from error
        folder = folder.absolute()
        files = ClientFiles(folder)
        stack.callback(files.remove)
        try:
            arguments = _arguments(asked, files)
        except FileExistsError as error:
            raise CommandError(
                f"{error.filename} is there already and is not replaced: remove it, or name "
                f"another --folder."
            ) from error
        except OSError as error:
            raise CommandError(
                f"--folder {folder} cannot be written to: {error.strerror}."
            ) from error
        yield folder, arguments


@contextmanager
def _stopped_by_signals(stopped: threading.Event) -> Iterator[None]:
    """Signals that ask for the end end the wait, so that everything is put away in order."""
    # SIGHUP says that the terminal is gone; under nohup it is ignored, and stays so.
    kinds = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        kinds.append(signal.SIGHUP)
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _played(name: str | None) -> PlayedRelease:
    from connect_harness.played import choose_release
    from connect_harness.releases import UnknownRelease

    try:
        return choose_release(name, "--release")
    except UnknownRelease as error:
        raise CommandError(str(error)) from error


@contextmanager
def _started(config: SessionConfig, host: str, release: Release) -> Iterator[TargetSession]:
    from connect_harness import TargetSession

    try:
        session = TargetSession.start(config, host=host, release=release)
    except OSError as error:
        raise CommandError(error.strerror or str(error)) from error
    except (ValueError, OverflowError) as error:
        # A host that is not on loopback, or a port that is none.
        raise CommandError(f"{str(error).rstrip('.')}.") from error
    with session:
        yield session
