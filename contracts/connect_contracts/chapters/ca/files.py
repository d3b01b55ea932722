"""The path and the file that are given as ``certificate_authority``."""

from __future__ import annotations

from functools import partial

from connect_contracts.chapters.builder import (
    connect,
    connect_tls,
    defect_row,
    https,
    must,
    story,
    unsecure,
)
from connect_contracts.chapters.ca.chapter import (
    CA_7,
    CA_8,
    CA_9,
    CA_19,
    CHAPTER,
    believed,
    observed,
)
from connect_contracts.chapters.case import CaseRow, Meanings, Story, row
from connect_contracts.checks.expectation import Raises
from connect_contracts.checks.wire_checks import NoHttpByte
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import AuthorityFile, Naming

PAGE = 'page: "Path to the custom certificate authority file"'


def _file_refused(defect: str) -> Story:
    # The machine trusts the target: a client that falls back to its authorities gets through.
    return story(
        https(),
        must(connect_tls(defect=defect), Raises(), NoHttpByte(after_connecting=False)),
        trusted=("authority",),
    )


def _bad_file(name: str, defect: str, recipe: str, depth: Depth = Depth.DEFAULT) -> CaseRow:
    return defect_row(name, defect, recipe=f"cafile/{recipe}", rule=PAGE, depth=depth)


CHAPTER.table(
    CA_7,
    _file_refused,
    _bad_file("missing", "missing file", "missing"),
    _bad_file("directory", "directory", "directory"),
    _bad_file("empty-path", "empty path", "empty-path"),
    defect_row("below-a-file", "below a regular file"),
    defect_row("loop-of-links", "loop of links"),
    _bad_file("empty", "empty file", "empty"),
    _bad_file("no-certificate", "no certificate in the file", "text"),
    _bad_file("damaged", "damaged certificate", "truncated"),
    _bad_file("random-bytes", "file of random bytes", "garbage"),
    _bad_file("private-key-alone", "private key alone", "key-only"),
    _bad_file(
        *("letters-that-are-no-base64", "letters that are no base64", "bad-base64"), Depth.FULL
    ),
    _bad_file(
        *("base64-that-is-no-certificate", "base64 that is no certificate", "bad-der"), Depth.FULL
    ),
    _bad_file("certificate-request", "certificate request", "csr", Depth.FULL),
    _bad_file("revocation-list-alone", "revocation list alone", "crl-only", Depth.FULL),
)


@CHAPTER.case(CA_7, level=Level.OBSERVE, recipe="cafile/good-then-bad")
def good_and_damaged() -> Story:
    """The file holds the right certificate, and after it half a certificate."""
    return observed(defect="one good certificate and one damaged")


@CHAPTER.case(CA_7, level=Level.OBSERVE, recipe="cafile/bad-then-good", depth=Depth.FULL)
def damaged_and_good() -> Story:
    """The file holds half a certificate, and after it the right one."""
    return observed(defect="one damaged certificate and one good")


@CHAPTER.case(CA_8)
def for_plain_http() -> Story:
    """An authority's file is given, and the URL is one of plain HTTP."""
    return story(unsecure(), connect(authority_file=AuthorityFile()))


def _named(naming: Naming) -> Story:
    return believed(authority_file=AuthorityFile(naming=naming))


CHAPTER.table(
    CA_9,
    _named,
    row(
        "spaces-and-accents",
        "The file's name has spaces and letters beyond ASCII.",
        "spaces and accents",
    ),
    row("relative-path", "The path is relative to the working folder.", "relative"),
    row("symbolic-link", "The path is a symbolic link to the file.", "symbolic link"),
)


# Forms of the file about which no rule speaks.

_MEANINGS = {
    "private key before the certificate": Meanings(
        "a file with a private key in it is taken for one of authorities"
    ),
    "flipped bit in the signature": Meanings(
        "the signature of an authority on its own certificate is not looked at, which is "
        "no part of the path that RFC 5280 section 6.1 judges"
    ),
}

for _defect in CALL_DEFECTS.values():
    if _defect.recipe is None:
        continue
    CHAPTER.add(
        CA_19,
        f"file-{_defect.name.replace(' ', '-').lower()}",
        _defect.description,
        partial(observed, defect=_defect.name),
        depth=_defect.depth,
        recipe=_defect.recipe,
        meanings=_MEANINGS.get(_defect.name, Meanings("it is read", "it is not read")),
    )
