"""Whose certificates are believed: the authority of the file, and nobody else."""

from __future__ import annotations

from connect_contracts.case import Story
from connect_contracts.chapters.ca.chapter import (
    CA_1,
    CA_2,
    CA_3,
    CA_5,
    CA_6,
    CHAPTER,
    believed,
    refused,
)
from connect_contracts.clauses import Depth
from connect_contracts.scenario import AuthorityFile, FileLayout
from connect_contracts.story import https


@CHAPTER.case(CA_1, recipe="ok/trustme", rule="page: certificate_authority")
def authority_given() -> Story:
    """The target's certificate is of a private authority, whose file is given."""
    return believed()


@CHAPTER.case(CA_1, recipe="proto/tls12-only", rule="RFC 8446 4.2.1")
def over_tls_1_2() -> Story:
    """As before; the target speaks TLS 1.2 alone."""
    return believed(https(tls="1.2"))


@CHAPTER.case(CA_1, recipe="ok/rsa", rule="RFC 8446 9.1", depth=Depth.FULL)
def rsa_leaf() -> Story:
    """The leaf has an RSA key of 2048 bits."""
    return believed(https(key="rsa-2048"))


@CHAPTER.case(CA_2, recipe="trust/no-ca-given", rule='page: "Required when"')
def without_the_file() -> Story:
    """The target's certificate is of a private authority, and no file is given."""
    return refused(defect="authority file not given")


@CHAPTER.case(CA_3, recipe="trust/wrong-ca", rule="page: certificate_authority")
def another_authority() -> Story:
    """The file given is that of another authority."""
    return refused(defect="file of another authority")


@CHAPTER.case(CA_3, recipe="trust/same-name-ca-aki", rule="RFC 5280 6.1.3 (a)(1)")
def another_authority_of_the_same_name() -> Story:
    """The file given is that of an authority of the same subject, with another key."""
    return refused(defect="file of another authority of the same name")


@CHAPTER.case(CA_3, recipe="cafile/leaf-only", rule="page: certificate_authority")
def leaf_of_another_chain() -> Story:
    """The file given holds no authority: another leaf of the same one."""
    return refused(defect="leaf of another chain")


def _file(*authorities: str, layout: FileLayout = "plain") -> Story:
    return believed(authority_file=AuthorityFile(authorities, layout))


@CHAPTER.case(CA_5)
def the_right_one_first() -> Story:
    """The file holds the target's authority, and after it another."""
    return _file("authority", "another authority")


@CHAPTER.case(CA_5)
def the_right_one_last() -> Story:
    """The file holds two other authorities, and after them the target's."""
    return _file("another authority", "a third authority", "authority")


@CHAPTER.case(CA_5, recipe="cafile/comments", rule="RFC 7468 5.2")
def text_between() -> Story:
    """The file has text before, between and after its certificates."""
    return _file("another authority", "authority", layout="text between")


@CHAPTER.case(CA_5, recipe="trust/both-same-name-cas", rule="RFC 5280 6.1", depth=Depth.DEFAULT)
def both_of_the_same_name() -> Story:
    """The file holds two authorities of one subject with different keys, the target's last."""
    return _file("authority#2", "authority")


@CHAPTER.case(CA_5, recipe="cafile/duplicate", rule="RFC 7468 2", depth=Depth.DEFAULT)
def the_same_one_twice() -> Story:
    """The file holds the target's authority twice."""
    return _file("authority", layout="twice")


@CHAPTER.case(CA_5, recipe="cafile/crlf", rule="RFC 7468 3", depth=Depth.DEFAULT)
def line_ends_of_two_bytes() -> Story:
    """The lines of the file end in CR and LF."""
    return _file("authority", layout="CRLF")


@CHAPTER.case(CA_6, recipe="ok/trustme-intermediate", rule="RFC 5280 6.1")
def intermediate_sent() -> Story:
    """The leaf is below an intermediate, which the target sends."""
    return believed(https(intermediates=1))


@CHAPTER.case(
    CA_6, recipe="trust/two-intermediates", rule="RFC 5280 6.1, RFC 8446 4.4.2", depth=Depth.DEFAULT
)
def two_intermediates_sent() -> Story:
    """The leaf is below two intermediates, which the target sends."""
    return believed(https(intermediates=2))


@CHAPTER.case(
    CA_6, recipe="trust/four-intermediates", rule="RFC 5280 6.1, RFC 8446 4.4.2", depth=Depth.FULL
)
def four_intermediates_sent() -> Story:
    """The leaf is below four intermediates, which the target sends."""
    return believed(https(intermediates=4))
