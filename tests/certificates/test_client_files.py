"""The files that ``serve`` and the fixture write for clients: each name has its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_harness.client_files import ClientFiles

NAMES = ("j.doe", "j-doe", "j doe", "J.Doe", "j/doe", "j%2ddoe", "jé", "je\u0301")


def test_each_name_has_its_own_files(tmp_path: Path) -> None:
    files = ClientFiles(tmp_path)
    paths: list[Path] = []
    for name in NAMES:
        given = files.client_certificate(name)
        paths += [given.certificate, given.keyfile]
        paths.append(files.client_certificate(name, authority="of another").keyfile)
    # Names that could run into each other, and an authority that is called as a key's file is.
    paths.append(files.client_certificate("admin@of").keyfile)
    paths.append(files.client_certificate("admin", authority="of").keyfile)
    paths.append(files.client_certificate("admin").keyfile)
    paths += [files.authority(name) for name in ("admin-key", "admin@of-key", *NAMES)]

    assert {path.parent for path in paths} == {tmp_path}
    # Some file systems do not tell capital letters from small ones.
    assert len({path.name.lower() for path in paths}) == len(paths)


def test_what_was_asked_for_twice_is_the_same_file(tmp_path: Path) -> None:
    files = ClientFiles(tmp_path)
    first = files.client_certificate("admin")
    key = first.keyfile.read_bytes()

    assert files.client_certificate("admin") == first
    assert files.certificate_authority == files.certificate_authority == tmp_path / "authority.pem"
    assert first.keyfile.read_bytes() == key
    assert first.keyfile.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder"])
def test_what_was_there_is_neither_replaced_nor_removed(tmp_path: Path, kind: str) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    path = tmp_path / "admin-key.pem"
    match kind:
        case "file":
            path.write_text("mine")
        case "link":
            path.symlink_to(mine)
        case "dangling link":
            path.symlink_to(tmp_path / "nothing")
        case "folder":
            path.mkdir()
    files = ClientFiles(tmp_path)

    with pytest.raises(FileExistsError):
        files.client_certificate("admin")
    files.remove()

    assert mine.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "admin-key.pem"}
    assert kind != "file" or path.read_text() == "mine"


def test_all_files_go(tmp_path: Path) -> None:
    files = ClientFiles(tmp_path)
    files.client_certificate("admin")
    assert files.certificate_authority.exists()

    files.remove()
    assert list(tmp_path.iterdir()) == []
