"""The path and the file that are given as ``certificate_authority``."""

from __future__ import annotations

from connect_contracts.chapters.builder import connect, connect_tls, https, must, story, unsecure
from connect_contracts.chapters.ca.chapter import CA_7, CA_8, CA_9, CHAPTER, believed, observed
from connect_contracts.chapters.case import Story, row
from connect_contracts.checks.expectation import Raises
from connect_contracts.checks.wire_checks import NoHttpByte
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import AuthorityFile, Naming

PAGE = 'page: "Path to the custom certificate authority file"'


def _file_refused(defect: str) -> Story:
    # The machine trusts the target: whoever falls back to the machine's authorities gets through.
    return story(
        https(),
        must(connect_tls(defect=defect), Raises(), NoHttpByte(after_connecting=False)),
        trusted=("authority",),
    )


@CHAPTER.case(CA_7, recipe="cafile/missing", rule=PAGE)
def missing() -> Story:
    """There is no file at the path."""
    return _file_refused("missing file")


@CHAPTER.case(CA_7, recipe="cafile/directory", rule=PAGE)
def directory() -> Story:
    """The path is that of a directory."""
    return _file_refused("directory")


@CHAPTER.case(CA_7, recipe="cafile/empty-path", rule=PAGE)
def empty_path() -> Story:
    """The path is the empty one, which is that of the working folder."""
    return _file_refused("empty path")


@CHAPTER.case(CA_7)
def below_a_file() -> Story:
    """The path goes through a regular file."""
    return _file_refused("below a regular file")


@CHAPTER.case(CA_7)
def loop_of_links() -> Story:
    """The path is a symbolic link to itself."""
    return _file_refused("loop of links")


@CHAPTER.case(CA_7, recipe="cafile/empty", rule=PAGE)
def empty() -> Story:
    """The file is empty."""
    return _file_refused("empty file")


@CHAPTER.case(CA_7, recipe="cafile/text", rule=PAGE)
def no_certificate() -> Story:
    """The file holds text, and no certificate."""
    return _file_refused("no certificate in the file")


@CHAPTER.case(CA_7, recipe="cafile/truncated", rule=PAGE)
def damaged() -> Story:
    """The file holds the first half of the right certificate."""
    return _file_refused("damaged certificate")


@CHAPTER.case(CA_7, recipe="cafile/garbage", rule=PAGE)
def random_bytes() -> Story:
    """The file holds bytes that mean nothing."""
    return _file_refused("file of random bytes")


@CHAPTER.case(CA_7, recipe="cafile/key-only", rule=PAGE)
def private_key_alone() -> Story:
    """The file holds a private key, and no certificate."""
    return _file_refused("private key alone")


@CHAPTER.case(CA_7, recipe="cafile/bad-base64", rule=PAGE, depth=Depth.FULL)
def letters_that_are_no_base64() -> Story:
    """In the right certificate one letter is none of base64."""
    return _file_refused("letters that are no base64")


@CHAPTER.case(CA_7, recipe="cafile/bad-der", rule=PAGE, depth=Depth.FULL)
def base64_that_is_no_certificate() -> Story:
    """Between the lines of a certificate stands base64 of bytes that mean nothing."""
    return _file_refused("base64 that is no certificate")


@CHAPTER.case(CA_7, recipe="cafile/csr", rule=PAGE, depth=Depth.FULL)
def certificate_request() -> Story:
    """The file holds a request for a certificate, and none."""
    return _file_refused("certificate request")


@CHAPTER.case(CA_7, recipe="cafile/crl-only", rule=PAGE, depth=Depth.FULL)
def revocation_list_alone() -> Story:
    """The file holds the authority's revocation list, and no certificate."""
    return _file_refused("revocation list alone")


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
